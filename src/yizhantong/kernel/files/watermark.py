"""Copies with a watermark (仅用于办理…) for preview and download, so that a copy of a licence serves for nothing else.

What is kept is never changed; the copy is made when it is asked for. Images are drawn upon, PDFs get a layer over each page.
"""

from __future__ import annotations

import io
import math
from typing import Any

from yizhantong.kernel.files import kinds, typesetting, vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored

ANGLE = 30
GREY = (90, 90, 90, 88)
MAX_TEXT = 60


def watermarked(stored: Stored, text: str) -> bytes:
    """Return a copy of an image or a PDF with ``text`` (at most 60 characters) across it, as the same kind of file.

    Other kinds of files cannot bear one: ``files.no_watermark``. Whoever asks has checked that the copy may be seen.
    """
    text = " ".join(text.split())[:MAX_TEXT]
    content = vault.read(stored.sha256)
    if stored.media_type in kinds.IMAGES:
        return _image(content, stored.media_type, text)
    if stored.media_type == kinds.PDF.media_type:
        return _pdf(content, text)
    raise FileError("no_watermark", "只有图片和 PDF 可以加水印预览,请下载原件查看")


def _image(content: bytes, media_type: str, text: str) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.alpha_composite(_layer(picture.size, text))
    made = io.BytesIO()
    if media_type == kinds.JPEG.media_type:
        picture.convert("RGB").save(made, "JPEG", quality=88)
    else:
        picture.save(made, "PNG")
    return made.getvalue()


def _layer(size: tuple[int, int], text: str) -> Any:
    """Return a transparent picture of that size with the text in rows across it, ``ANGLE`` degrees steep."""
    from PIL import Image, ImageDraw, ImageFont

    found = typesetting.fonts()
    letters = max(14, min(size) // 22)
    font = ImageFont.truetype(found.path, letters, index=found.index)
    width = int(font.getlength(text)) + 4 * letters
    side = int(math.hypot(*size)) + width
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    for row, top in enumerate(range(0, side, letters * 6)):
        for left in range(-(row % 2) * width // 2, side, width):
            draw.text((left, top), text, font=font, fill=GREY)
    turned = sheet.rotate(ANGLE, resample=Image.Resampling.BILINEAR)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


def _pdf(content: bytes, text: str) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    overlays: dict[tuple[int, int], Any] = {}
    try:
        for index in range(len(document)):
            page = document[index]
            left, bottom, right, top = page.get_mediabox()
            size = (max(1, round(right - left)), max(1, round(top - bottom)))
            if size not in overlays:
                overlays[size] = pypdfium2.PdfDocument(typesetting.overlay(text, *size))
            _stamp(page, overlays[size].page_as_xobject(0, document), left, bottom)
            page.close()
        made = io.BytesIO()
        document.save(made)
        return made.getvalue()
    finally:
        document.close()
        for overlay in overlays.values():
            overlay.close()


def _stamp(page: Any, layer: Any, left: float, bottom: float) -> None:
    """Lay ``layer`` over a page whose media box begins at ``left`` and ``bottom`` (points)."""
    import pypdfium2

    drawn = layer.as_pageobject()
    drawn.set_matrix(pypdfium2.PdfMatrix().translate(left, bottom))
    page.insert_obj(drawn)
    page.gen_content()
    layer.close()
