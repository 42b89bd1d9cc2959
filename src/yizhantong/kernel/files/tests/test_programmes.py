"""Programmes as PDF: the grid, a sheet for each participant, and nothing read as markup."""

from __future__ import annotations

import datetime as dt

import pypdfium2

from yizhantong.kernel.files.programmes import Programme, Sheet, Slot, typeset

NOON = dt.datetime(2021, 8, 16, 12, tzinfo=dt.UTC)
SHEETS = (
    Sheet("示例银行", (("09:00–09:20", "示例企业 #1", "一号厅 1 号桌"),), "客户经理"),
    Sheet("示例企业 #1", (), ""),
)


def made(**changed: object) -> Programme:
    values = {
        "title": "示例对接会 *星*", "about": "2021-08-24", "host": "示例局", "sheets": SHEETS, "tables": ("一号厅 1 号桌",),
        "rows": (Slot("09:00–09:20", (("示例企业 #1", "示例银行"),)), Slot("09:25–09:45", (None,))),
    }  # fmt: skip
    return Programme(**(values | changed))  # type: ignore[arg-type]


def pages(content: bytes) -> list[str]:
    book = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in book]


def test_the_grid_comes_first_and_every_participant_has_a_page() -> None:
    grid, bank, firm = pages(typeset(made(), NOON))
    assert "09:25–09:45" in grid
    assert "示例银行" in grid
    assert "客户经理" in bank
    assert "示例企业 #1" in bank
    assert "没有洽谈安排" in firm


def test_without_tables_there_is_no_grid() -> None:
    assert len(pages(typeset(made(tables=(), rows=()), NOON))) == len(SHEETS)


def test_names_are_text_and_never_markup() -> None:
    assert "*星*" in pages(typeset(made(), NOON))[0]


def test_the_same_programme_gives_the_same_bytes() -> None:
    assert typeset(made(demonstration=True), NOON) == typeset(made(demonstration=True), NOON)
