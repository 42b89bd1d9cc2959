"""Reading a draft: TXT, DOCX and PDF with text become plain text, and whatever else is refused in a clear sentence.

The kind is told by content, never by the name. Paragraphs are separated by line breaks; a table of a DOCX becomes lines
with cells separated by tabs, in its place in the text; pages of a PDF follow each other.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["txt", "docx", "pdf"]

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_UNPACKED = 200 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")


class DocumentError(Exception):
    """The draft cannot be read; ``code`` is stable, the message says what is wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = f"articles.{code}"
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Document:
    """A draft as text; offsets of all findings refer to ``text``."""

    text: str
    kind: Kind


def read_document(content: bytes) -> Document:
    """Return the text of a draft; raise :class:`DocumentError` when it is empty, too large, or of no readable kind."""
    if len(content) > MAX_BYTES:
        raise DocumentError("too_large", "文件超过 20 MB 上限,请拆分后再核对")
    if content.startswith(b"%PDF-"):
        document = Document(_pdf(content), "pdf")
    elif content.startswith(b"PK\x03\x04"):
        document = Document(_docx(content), "docx")
    else:
        document = Document(_plain(content), "txt")
    return checked(document)


def checked(document: Document) -> Document:
    """Return the document when it has text within the limits; raise :class:`DocumentError` otherwise."""
    if not document.text.strip():
        empty = {
            "pdf": "PDF 中没有文字(可能是扫描件),请提供带文字的 PDF、DOCX 或 TXT",
            "docx": "DOCX 中没有文字,请检查文件",
            "txt": "文件是空的,请选择有内容的稿件",
        }
        raise DocumentError("empty", empty[document.kind])
    if len(document.text) > MAX_CHARACTERS:
        raise DocumentError("too_long", f"稿件有 {len(document.text)} 字,超过 {MAX_CHARACTERS} 字上限,请拆分后再核对")
    return document


def _plain(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _tidy(content.decode("utf-16", errors="replace"))
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return _tidy(text)
    raise DocumentError("not_text", "文件不是文字稿(识别为二进制内容),请提供 TXT、DOCX 或带文字的 PDF")


def _is_text(text: str) -> bool:
    sample = text[:65536]
    strange = sum(1 for c in sample if (c < " " and c not in "\n\r\t\f\v") or "\ue000" <= c <= "\uf8ff")
    return strange <= len(sample) // 200


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\x00", "")


def _docx(content: bytes) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise DocumentError("broken", "文件已损坏,无法打开,请重新保存后再试") from error
    if unpacked > MAX_UNPACKED:
        raise DocumentError("zip_bomb", "文件解压后超过 200 MB,已拒绝打开")
    if "word/document.xml" not in names:
        raise DocumentError("not_text", "压缩包不是 DOCX 稿件,请提供 TXT、DOCX 或带文字的 PDF")
    try:
        return "\n".join(_docx_lines(docx.Document(io.BytesIO(content))))
    except (KeyError, ValueError, PackageNotFoundError, SyntaxError) as error:
        raise DocumentError("broken", "DOCX 内容已损坏,无法读取,请用 Word 或 WPS 另存后再试") from error


def _docx_lines(document: Any) -> Iterator[str]:
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells)
        else:
            yield block.text


def _pdf(content: bytes) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "PDF 有密码保护,请解除后再试" if locked else "PDF 已损坏,无法打开,请重新导出后再试"
        raise DocumentError("broken", reason) from error
    try:
        pages = []
        for page in document:
            pages.append(page.get_textpage().get_text_range())
            if sum(map(len, pages)) > MAX_CHARACTERS:
                break
        return _unwrap(_tidy("\n".join(pages)))
    finally:
        document.close()


def _unwrap(text: str) -> str:
    """Join the lines of a PDF's paragraphs: a full line that ends without punctuation goes on in the next one."""
    lines = [line.rstrip() for line in text.split("\n")]
    longest = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line and line.strip():
            joined[-1] += line.strip()
        else:
            joined.append(line)
        full = len(line) >= 0.8 * longest > 12
        open_line = bool(line.strip()) and full and line[-1] not in "。!?;:”》)"
    return "\n".join(joined)
