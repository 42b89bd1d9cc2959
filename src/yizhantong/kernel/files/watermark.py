"""Copies with a watermark (仅用于办理…) for preview and download, so that a copy of a licence serves for nothing else.

What is kept is never changed; the copy is made when it is asked for. Images are drawn upon, PDFs get a layer over each page.
"""

from __future__ import annotations

import io
from typing import Any

from yizhantong.kernel.files import kinds, typesetting, vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored

ANGLE = 30
INK = (90, 90, 90)
OPACITY = 96
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
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
    picture = Image.new("RGB", turned.size, "white")
    picture.paste(turned, mask=turned.getchannel("A"))
    stamp = _stamp_of(text, max(14, min(picture.size) // 22))
    across, down = stamp.width, stamp.height * 3 // 4
    for row, top in enumerate(range(-stamp.height // 2, picture.height, down)):
        for left in range(-(row % 2) * across // 2, picture.width, across):
            picture.paste(INK, (left, top), stamp)
    made = io.BytesIO()
    if media_type == kinds.JPEG.media_type:
        picture.save(made, "JPEG", quality=88)
    else:
        picture.save(made, "PNG", compress_level=3)
    return made.getvalue()


def _stamp_of(text: str, letters: int) -> Any:
    """Return the text, ``letters`` pixels high and ``ANGLE`` degrees steep, as a mask through which ink is laid."""
    from PIL import Image, ImageDraw, ImageFont

    found = typesetting.fonts()
    font = ImageFont.truetype(found.path, letters, index=found.index)
    line = Image.new("L", (int(font.getlength(text)) + 4 * letters, 2 * letters), 0)
    ImageDraw.Draw(line).text((2 * letters, letters // 3), text, font=font, fill=OPACITY)
    return line.rotate(ANGLE, resample=Image.Resampling.BICUBIC, expand=True)


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
