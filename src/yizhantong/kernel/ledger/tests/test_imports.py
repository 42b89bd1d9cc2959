"""Files into a ledger: everything or nothing, and every fault by its place."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.ledger import actions, cells, exports, imports, sheets
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.imports import commit, preview, template
from yizhantong.kernel.ledger.models import AuditEvent, ImportBatch
from yizhantong.kernel.ledger.tests.trial import Trial, signing

pytestmark = pytest.mark.django_db

HEAD = ["区划", "发生日期", "项目编号", "项目名称", "合同额(万元)", "篇章", "外资"]
ROW = ["210702", "2021-03-01", "P1", "光伏", "100", "数字辽宁", "是"]


def sheet_file(*rows: list[Any], title: str = "签约台账", change: Callable[[Any], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def csv_file(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def row(**changed: Any) -> list[Any]:
    return [changed.get(name.partition("(")[0], cell) for name, cell in zip(HEAD, ROW, strict=True)]


def test_a_filled_template_becomes_facts(trial: Ledger, official: Callable[..., User]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(trial)))
    sheet = book.worksheets[0]
    assert "合同额(万元)" in [cell.value for cell in sheet[1]]
    assert sheet.data_validations.dataValidation
    assert book.sheetnames[1] == "代码与说明"
    given = {
        "区划": "凌海市/石山镇",
        "发生日期": dt.date(2021, 3, 1),
        "项目编号": "P1",
        "合同额(万元)": 1234.5,
        "篇章": "数字辽宁",
        "占比": 0.25,
    }
    sheet.append([given.get(cell.value) for cell in sheet[1]])
    buffer = io.BytesIO()
    book.save(buffer)
    clerk = official("clerk", "ledger.import")
    found = preview(trial, buffer.getvalue(), "签约.xlsx", clerk)
    assert found.ok, [str(error) for error in found.errors]
    assert (len(found.new), Trial.objects.count()) == (1, 0)
    assert commit(found, clerk).recorded == 1
    fact = Trial.objects.get()
    assert (fact.division_id, fact.contract_fen, fact.chapter, fact.recorded_by) == (
        "210781100",
        1_234_500_000,
        "digital",
        clerk,
    )
    batch = ImportBatch.objects.get()
    assert fact.source == f"import:{batch.pk}#2"
    assert AuditEvent.objects.filter(event="import").count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_the_trade(trial: Ledger, encoding: str) -> None:
    found = preview(trial, csv_file(HEAD, ROW, encoding=encoding), "x.csv", None)
    assert found.ok, [str(error) for error in found.errors]
    assert found.new[0].values["name"] == "光伏"


def test_the_same_file_twice_changes_nothing(trial: Ledger) -> None:
    content = sheet_file(HEAD, ROW, row(项目编号="P2"))
    assert commit(preview(trial, content, "a.xlsx", None), None).recorded == 2
    again = preview(trial, content, "b.xlsx", None)
    assert (again.already, again.ok, again.unchanged, again.new) == (True, True, 2, [])
    assert commit(again, None) == imports.Imported(0, 2, already=True)
    assert Trial.objects.count() == 2


def test_rows_that_are_there_already_are_unchanged_and_others_differ(trial: Ledger) -> None:
    commit(preview(trial, sheet_file(HEAD, ROW), "a.xlsx", None), None)
    more = preview(trial, sheet_file(HEAD, ROW, row(项目编号="P2")), "b.xlsx", None)
    assert (more.ok, more.unchanged, len(more.new)) == (True, 1, 1)
    assert commit(more, None).recorded == 1
    other = preview(trial, sheet_file(HEAD, row(**{"合同额": "101"})), "c.xlsx", None)
    assert [error.code for error in other.errors] == ["imports.differs"]
    assert "合同额" in other.errors[0].sentence
    with pytest.raises(LedgerError):
        commit(other, None)
    actions.reverse(Trial.objects.get(project="P1"), account=None, reason="错", source="test")
    assert preview(trial, sheet_file(HEAD, row(**{"合同额": "101"})), "c.xlsx", None).ok


def test_what_changed_after_the_preview_is_not_overlooked(trial: Ledger) -> None:
    found = preview(trial, sheet_file(HEAD, ROW), "a.xlsx", None)
    actions.record(trial, signing(1), account=None, source="test")
    with pytest.raises(LedgerError) as error:
        commit(found, None)
    assert error.value.code == "imports.changed_meanwhile"
    assert (Trial.objects.count(), ImportBatch.objects.count()) == (1, 0)


CELLS = [
    ("区划", "石山镇", "imports.division_ambiguous", "A"),
    ("区划", "无此镇", "imports.division_unknown", "A"),
    ("发生日期", "2021-02-30", "imports.date", "B"),
    ("发生日期", "去年", "imports.date", "B"),
    ("合同额", "一百", "imports.number", "E"),
    ("合同额", "12万元", "imports.number", "E"),
    ("合同额", "1,23", "imports.number", "E"),
    ("合同额", "0.0000001", "imports.too_fine", "E"),
    ("合同额", "9" * 60, "imports.number", "E"),
    ("篇章", "别的", "imports.choice", "F"),
    ("外资", "也许", "imports.boolean", "G"),
]


@pytest.mark.parametrize(("name", "cell", "code", "letter"), CELLS)
def test_a_bad_cell_is_named_by_sheet_row_and_column(
    trial: Ledger, name: str, cell: str, code: str, letter: str
) -> None:
    found = preview(
        trial, sheet_file(["某市签约情况表"], HEAD, ROW, row(**{"项目编号": "P2", name: cell})), "a.xlsx", None
    )
    (error,) = found.errors
    assert (error.sheet, error.row, error.column, error.code) == ("签约台账", 4, letter, code)
    assert str(error).startswith(f"签约台账 第4行 {letter}列“")
    assert found.new == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"发生日期": "2999-01-01"}, "ledger.future"),
        ({"发生日期": "2019-12-31"}, "ledger.before_earliest"),
        ({"项目编号": "X9"}, "ledger.invalid"),
        ({"项目编号": ""}, "ledger.missing"),
        ({"项目编号": "P1"}, "imports.key_twice"),
        ({"项目名称": "长" * 50}, "ledger.too_long"),
    ],
)
def test_a_bad_row_is_named(trial: Ledger, changed: dict[str, str], code: str) -> None:
    found = preview(trial, sheet_file(HEAD, ROW, row(**({"项目编号": "P2"} | changed))), "a.xlsx", None)
    assert [(error.row, error.code) for error in found.errors] == [(3, code)]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["区划", "发生日期", "项目编号", "合同额(吨)"], "imports.unit_wrong"),
        (["区划", "发生日期", "项目编号", "合同额"], "imports.unit_missing"),
        (["区划", "发生日期", "项目编号", "项目名称(万元)"], "imports.unit_wrong"),
        (["区划", "发生日期", "项目编号", "项目编码"], "imports.heading_unknown"),
        (["区划", "发生日期", "项目编号", "项目编号"], "imports.heading_twice"),
        (["区划", "发生日期", "项目名称"], "imports.heading_missing"),
        (["甲", "乙", "丙"], "imports.no_heading"),
    ],
)
def test_headings_must_be_those_of_the_ledger(trial: Ledger, head: list[str], code: str) -> None:
    found = preview(trial, sheet_file(head, ["210702", "2021-03-01", "P1", "1"]), "a.xlsx", None)
    assert [error.code for error in found.errors] == [code]


@pytest.mark.parametrize(
    ("heading", "written", "fen"),
    [
        ("合同额(亿元)", 359.04, 3_590_400_000_000 // 100),
        ("合同额（元）", "１，２３４．５６", 123_456),
        ("合同额/万元", 0.1 + 0.2, 300_000),
    ],
)
def test_units_of_one_kind_are_converted_exactly(trial: Ledger, heading: str, written: Any, fen: int) -> None:
    found = preview(
        trial,
        sheet_file(["区划", "发生日期", "项目编号", heading], ["210702", "2021-03-01", "P1", written]),
        "a.xlsx",
        None,
    )
    assert found.ok, [str(error) for error in found.errors]
    assert found.new[0].values["contract_fen"] == (35_904_000_000 * 100 if "亿" in heading else fen)


def test_headings_over_again_are_named(trial: Ledger) -> None:
    found = preview(trial, sheet_file(HEAD, ROW, HEAD, row(项目编号="P2")), "a.xlsx", None)
    assert [(error.row, error.code) for error in found.errors] == [(3, "imports.heading_again")]


def test_merged_cells_are_refused_with_their_place(trial: Ledger) -> None:
    content = sheet_file(HEAD, ROW, row(项目编号="P2"), change=lambda sheet: sheet.merge_cells("A2:A3"))
    (error,) = preview(trial, content, "a.xlsx", None).errors
    assert error.code == "imports.merged"
    assert "A2:A3" in str(error)
    titled = sheet_file(["签约情况"], HEAD, ROW, change=lambda sheet: sheet.merge_cells("A1:G1"))
    assert preview(trial, titled, "a.xlsx", None).ok


def with_xml(content: bytes, edit: Callable[[str], str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            data = old.read(item)
            new.writestr(item, edit(data.decode()).encode() if item.endswith("sheet1.xml") else data)
    return buffer.getvalue()


def test_formulas_count_by_their_value_and_are_flagged_without_one(trial: Ledger) -> None:
    content = sheet_file(HEAD, row(**{"合同额": "=50+50"}))
    (error,) = preview(trial, content, "a.xlsx", None).errors
    assert (error.code, error.row, error.column) == ("imports.formula", 2, "E")
    valued = with_xml(content, lambda xml: xml.replace("<v />", "<v>100</v>").replace("<v></v>", "<v>100</v>"))
    found = preview(trial, valued, "a.xlsx", None)
    assert found.ok, [str(error) for error in found.errors]
    assert found.new[0].values["contract_fen"] == 100_000_000


def test_a_million_empty_rows_are_borne(trial: Ledger) -> None:
    content = with_xml(
        sheet_file(HEAD, ROW),
        lambda xml: xml.replace(
            "</sheetData>", "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(3, 1_000_000)) + "</sheetData>"
        ),
    )
    found = preview(trial, content, "a.xlsx", None)
    assert found.ok, [str(error) for error in found.errors]
    assert len(found.new) == 1


def test_a_cell_at_the_far_corner_is_refused_before_it_takes_all_memory(trial: Ledger) -> None:
    far = with_xml(
        sheet_file(HEAD, ROW),
        lambda xml: xml.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert [error.code for error in preview(trial, far, "a.xlsx", None).errors] == ["imports.too_wide"]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "imports.empty_file"),
        (lambda: b" \r\n", "imports.empty_file"),
        (lambda: b"PK\x03\x04" + b"\x00" * 50, "imports.not_a_table"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "imports.old_format"),
        (lambda: b"%PDF-1.4\x00\x01\x02", "imports.not_a_table"),
        (lambda: b"\xff\xff\xff,\xff", "imports.encoding"),
        (lambda: sheet_file(), "imports.no_rows"),
        (lambda: sheet_file(HEAD), "imports.no_rows"),
        (lambda: csv_file(HEAD, ROW).replace(b"P1", b'"P1'), "imports.no_rows"),
        (bomb, "imports.zip_bomb"),
    ],
)
def test_what_is_no_table_is_refused(trial: Ledger, content: Callable[[], bytes], code: str) -> None:
    found = preview(trial, content(), "a.xlsx", None)
    assert len(found.errors) == 1
    assert found.errors[0].code == code or code == "imports.no_rows"
    assert not found.ok


def test_truncated_and_mutilated_workbooks_never_crash(trial: Ledger) -> None:
    whole = sheet_file(HEAD, ROW)
    for cut in range(0, len(whole), 97):
        assert not preview(trial, whole[:cut], "a.xlsx", None).ok
        spoiled = whole[:cut] + bytes([whole[cut] ^ 0xFF]) + whole[cut + 1 :]
        preview(trial, spoiled, "a.xlsx", None)


def test_a_file_above_the_limit_is_refused(trial: Ledger, settings: Any) -> None:
    settings.YZT_IMPORT_MAX_BYTES = 10
    assert [error.code for error in preview(trial, csv_file(HEAD, ROW), "a.csv", None).errors] == ["imports.too_large"]


def test_errors_are_counted_beyond_what_anyone_reads(trial: Ledger) -> None:
    rows = [row(项目编号="X") for _ in range(300)]
    found = preview(trial, sheet_file(HEAD, *rows), "a.xlsx", None)
    assert (len(found.errors), found.more_errors) == (200, 100)
    assert found.as_json()["errors"][0]["text"].startswith("签约台账 第2行")


def test_importing_takes_permission_for_every_division(trial: Ledger, official: Callable[..., User]) -> None:
    clerk = official("clerk", "ledger.import", division="210781")
    found = preview(trial, sheet_file(HEAD, ROW, row(项目编号="P2", 区划="210781100")), "a.xlsx", clerk)
    assert [(error.row, error.code) for error in found.errors] == [(2, "imports.refused")]
    with pytest.raises(Refused):
        preview(trial, sheet_file(HEAD, ROW), "a.xlsx", official("reader", "ledger.view"))


@pytest.mark.parametrize(
    "written",
    ["凌海市/石山镇", "凌海市石山镇", "锦州市>凌海市>石山镇", "210781100", 210781100.0, "辽宁省锦州市凌海市石山镇"],
)
def test_a_division_goes_by_code_or_path(trial: Ledger, written: Any) -> None:
    assert cells.Divisions()(written) == "210781100"


def test_an_ambiguous_division_lists_its_candidates(trial: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        cells.Divisions()("石山镇")
    assert "凌海市/石山镇(210781100)" in error.value.sentence
    assert "古塔区/石山镇(210702100)" in error.value.sentence


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-08-16", dt.date(2021, 8, 16)),
        ("2021/8/16", dt.date(2021, 8, 16)),
        ("２０２１年８月１６日", dt.date(2021, 8, 16)),
        ("20210816", dt.date(2021, 8, 16)),
        (44424, dt.date(2021, 8, 16)),
        (44424.0, dt.date(2021, 8, 16)),
        ("44424", dt.date(2021, 8, 16)),
        (20210816.0, dt.date(2021, 8, 16)),
        (dt.datetime(2021, 8, 16, 9), dt.date(2021, 8, 16)),
        ("2021.8.16", dt.date(2021, 8, 16)),
    ],
)
def test_days_are_read_in_every_common_form(cell: Any, day: dt.date) -> None:
    assert cells.day(cell) == day


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()))
def test_no_cell_crashes_a_reader(cell: Any) -> None:
    for read in (
        cells.number,
        cells.day,
        cells.moment,
        cells.yes_or_no,
        cells.text,
        cells.integer_of(cells.Decimal(100)),
    ):
        with suppress(LedgerError):
            read(cell)


@given(st.integers(0, 16_383))
def test_letters_of_columns_are_those_of_spreadsheets(position: int) -> None:
    assert sheets.column_letter(position) == openpyxl.utils.get_column_letter(position + 1)


def test_exports_are_what_the_viewer_sees_and_no_formula(
    trial: Ledger, official: Callable[..., User], settings: Any
) -> None:
    actions.record_many(
        trial, [signing(1, name="=1+1", contact="王小明", note="内部"), signing(2, name="@x")], source="test"
    )
    chief = official("chief", "ledger.view", "ledger.export")
    text = exports.export(trial, chief, "csv").decode("utf-8-sig")
    assert "'=1+1" in text
    assert "'@x" in text
    assert "王**" in text
    assert "王小明" not in text
    assert text.splitlines()[-1].startswith("# chief 于 ")
    book = openpyxl.load_workbook(io.BytesIO(exports.export(trial, chief, "xlsx")))
    cells_of = [cell for line in book.worksheets[0].iter_rows() for cell in line]
    assert {cell.value for cell in cells_of} >= {"=1+1", "内部"}
    assert all(cell.data_type != "f" for cell in cells_of)
    assert AuditEvent.objects.filter(event="export", actor="chief").count() == 2
    settings.YZT_EXPORT_MAX_ROWS = 1
    with pytest.raises(LedgerError) as error:
        exports.export(trial, chief, "csv")
    assert error.value.code == "exports.too_many"
    with pytest.raises(Refused):
        exports.export(trial, official("reader", "ledger.view"), "csv")
