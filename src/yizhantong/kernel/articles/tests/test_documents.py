"""Drafts of every kind are read, and whatever is no draft is refused in a clear sentence."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.articles.documents import DocumentError, read_document


def docx_bytes(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                grid.cell(r, c).text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_the_encodings_that_chinese_offices_use(encoding: str) -> None:
    document = read_document("今年共签约90个项目。\r\n第二段".encode(encoding))
    assert document.text == "今年共签约90个项目。\n第二段"
    assert document.kind == "txt"


def test_docx_keeps_paragraphs_and_tables_in_their_order() -> None:
    document = read_document(docx_bytes("第一段", "第二段", table=[["项目", "个数"], ["工业", "56"]]))
    assert document.text.split("\n")[:4] == ["第一段", "第二段", "项目\t个数", "工业\t56"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "articles.empty"),
        (b"  \n\t ", "articles.empty"),
        (bytes(range(256)) * 50, "articles.not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "articles.not_text"),
        (b"%PDF-1.4 this is no pdf", "articles.broken"),
        (b"PK\x03\x04 cut short", "articles.broken"),
        (b"a" * (21 * 1024 * 1024), "articles.too_large"),
        ("数".encode() * 2_000_001, "articles.too_long"),
    ],
)
def test_what_is_no_draft_is_refused_with_a_code(content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(content)
    assert caught.value.code == code
    assert any("\u4e00" <= c <= "\u9fff" for c in str(caught.value))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(210 * 1024 * 1024))
    with pytest.raises(DocumentError) as caught:
        read_document(out.getvalue())
    assert caught.value.code == "articles.zip_bomb"


def test_a_zip_that_is_no_docx_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(DocumentError) as caught:
        read_document(out.getvalue())
    assert caught.value.code == "articles.not_text"


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    try:
        text, code = read_document(content).text, "articles."
    except DocumentError as error:
        text, code = str(error), error.code
    assert text.strip()
    assert code.startswith("articles.")
