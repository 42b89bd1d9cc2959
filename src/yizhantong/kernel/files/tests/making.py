"""Files of all kinds, whole and broken, made in memory."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pypdfium2
from PIL import Image

GPS = 0x8825
PLACE = b"41/1"


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (160, 120), orientation: int = 0, gps: bool = True) -> bytes:
    """A photo that tells where and by what it was taken."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    made, given = io.BytesIO(), {}
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    if orientation:
        exif[0x0112] = orientation
    if gps:
        exif.get_ifd(GPS).update({1: "N", 2: (41.0, 7.0, 43.0), 3: "E", 4: (121.0, 8.0, 59.0)})
    given["exif"] = exif
    if kind == "JPEG":
        given |= {"comment": b"SecretComment", "quality": 90, "restart_marker_blocks": 2}  # type: ignore[dict-item]
    image.save(made, kind, **given)
    return made.getvalue()


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(*size)
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()


def pdf_with_script() -> bytes:
    """A PDF that runs a script when it is opened, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript << /Names [(a) 4 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
    ]
    made = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n" + table
    return made + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def package(*parts: str, **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, "<x/>" * 50)
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def sheet() -> bytes:
    import openpyxl

    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


def letter() -> bytes:
    import docx

    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


def pixels(content: bytes) -> Any:
    """The picture as it is seen, turned by its orientation."""
    from PIL import ImageOps

    with Image.open(io.BytesIO(content)) as image:
        return ImageOps.exif_transpose(image).convert("RGB").tobytes()
