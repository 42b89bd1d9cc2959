"""What a file is, told by its content and never by its name: PDF, JPEG, PNG, DOCX, XLSX and OFD are taken, all else refused.

OFD is the layout format of GB/T 33190-2016. The name's extension must agree with the content; archives, programs, files
with macros, encrypted and broken files are refused, each with its own code.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from yizhantong.kernel.files.errors import FileError

MAX_PIXELS = 80_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 5_000
MAX_PAGES = 2_000
TAKEN = "PDF、JPG、PNG、DOCX、XLSX、OFD"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken."""

    code: str
    media_type: str
    extensions: tuple[str, ...]


OPEN_XML = "application/vnd.openxmlformats-officedocument."
PDF = Kind("pdf", "application/pdf", ("pdf",))
JPEG = Kind("jpeg", "image/jpeg", ("jpg", "jpeg"))
PNG = Kind("png", "image/png", ("png",))
DOCX = Kind("docx", f"{OPEN_XML}wordprocessingml.document", ("docx",))
XLSX = Kind("xlsx", f"{OPEN_XML}spreadsheetml.sheet", ("xlsx",))
OFD = Kind("ofd", "application/ofd", ("ofd",))
IMAGES = (JPEG.media_type, PNG.media_type)

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!", b"dex\n")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf'\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognise(content: bytes, name: str) -> Kind:
    """Return the kind of a file after opening it; raise :class:`FileError` for what is not taken or not whole."""
    if not content:
        raise FileError("empty", "文件是空的,请重新选择")
    kind = _by_content(content)
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if extension not in kind.extensions:
        told = f"扩展名“.{extension}”" if extension else "没有扩展名"
        text = f"文件名{told}与内容不符,内容是 {kind.code.upper()};请改用扩展名 .{kind.extensions[0]},或重新导出"
        raise FileError("extension", text)
    _OPENERS[kind.code](content)
    return kind


def _by_content(content: bytes) -> Kind:
    if content.startswith(_PROGRAMS):
        raise FileError("executable", f"这是可执行程序,不能上传;可以上传:{TAKEN}")
    if content.startswith(_ARCHIVES):
        raise FileError("archive", f"不能上传压缩包,请解压后逐个上传;可以上传:{TAKEN}")
    if content.startswith(_OLD_OFFICE):
        raise FileError("type", "这是旧版 Office 文件(doc、xls)或加密的文件,请另存为 DOCX、XLSX 或 PDF 后上传")
    if content.startswith(b"PK\x03\x04"):
        return _by_parts(content)
    for start, kind in ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG)):
        if content.startswith(start):
            return kind
    raise FileError("type", f"不支持这种文件;可以上传:{TAKEN}")


def _by_parts(content: bytes) -> Kind:
    with _opened_zip(content) as package:
        names = {item.filename for item in package.infolist()}
        if any(name.endswith("vbaProject.bin") for name in names):
            raise FileError("macro", "文件含有宏,不能上传;请另存为不含宏的 DOCX 或 XLSX")
        for part, kind in _PARTS.items():
            if part in names:
                return kind
    raise FileError("archive", f"不能上传压缩包,请解压后逐个上传;可以上传:{TAKEN}")


def _opened_zip(content: bytes) -> zipfile.ZipFile:
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise broken("文件") from error
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FileError("bomb", "文件解压后过大(超过 200 MB 或 5000 个部分),已拒绝;请精简后再传")
    if any(part.flag_bits & 1 for part in parts):
        raise FileError("encrypted", "文件有密码保护,请解除后再传")
    return package


def _check_package(content: bytes) -> None:
    with _opened_zip(content) as package:
        try:
            damaged = package.testzip()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise broken("文件") from error
    if damaged is not None:
        raise broken("文件")


def _check_pdf(content: bytes) -> None:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise FileError("encrypted", "PDF 有密码保护,请解除后再传") from error
        raise broken("PDF") from error
    try:
        if not 0 < len(document) <= MAX_PAGES:
            raise FileError("pages", f"PDF 有 {len(document)} 页,应为 1 至 {MAX_PAGES} 页")
        if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
            raise FileError("script", "PDF 含有脚本,不能上传;请打印为 PDF 后再传")
        document[0].close()
    except pypdfium2.PdfiumError as error:
        raise broken("PDF") from error
    finally:
        document.close()


def _check_image(content: bytes) -> None:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise FileError("pixels", f"图片有 {image.width}×{image.height} 像素,超过 8000 万;请缩小后再传")
                image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise broken("图片") from error


def broken(what: str) -> FileError:
    return FileError("broken", f"{what}已损坏,无法打开;请重新导出或拍摄后再传")


_OPENERS: dict[str, Callable[[bytes], None]] = {
    "pdf": _check_pdf,
    "jpeg": _check_image,
    "png": _check_image,
    "docx": _check_package,
    "xlsx": _check_package,
    "ofd": _check_package,
}
