"""The file to the bank is the same bytes each time; its return is read line by line or refused by line."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from openpyxl import Workbook, load_workbook

from yizhantong.zones.policies import bankfiles
from yizhantong.zones.policies.bankfiles import RETURN_HEADINGS, Out, read_return, write_csv, write_xlsx
from yizhantong.zones.policies.errors import PolicyError

PAYMENTS = [
    Out(1, "演示光伏有限公司", "6222000000001234", "演示银行", 12_345_678, "研发投入后补助"),
    Out(2, "演示精化有限公司", "6222000000005678", "演示银行", 5, "技改补助"),
]


def returned(*rows: tuple[object, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([RETURN_HEADINGS, *rows])
    return text.getvalue().encode()


def test_the_csv_names_every_payment_and_the_sum() -> None:
    rows = list(csv.reader(io.StringIO(write_csv("P1", PAYMENTS).decode("utf-8-sig"))))
    assert rows[1] == ["P1", "1", "演示光伏有限公司", "6222000000001234", "演示银行", "123456.78", "研发投入后补助"]
    assert rows[2][5] == "0.05"
    assert rows[3][:2] == ["合计", "2"]
    assert rows[3][5] == "123456.83"


def test_the_workbook_keeps_account_numbers_whole_and_is_the_same_each_time() -> None:
    content = write_xlsx("P1", PAYMENTS)
    assert content == write_xlsx("P1", PAYMENTS)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet.cell(2, 4).value == "6222000000001234"


@pytest.mark.parametrize("name", ["=1+1", "+86", "@cmd", "-5", "=HYPERLINK(1)"])
def test_a_name_that_a_spreadsheet_would_compute_is_refused(name: str) -> None:
    with pytest.raises(PolicyError) as refused:
        write_csv("P1", [Out(1, name, "6222", "行", 1, "x")])
    assert refused.value.code == "policies.formula"


def test_a_return_is_read_from_csv_and_from_a_workbook_alike() -> None:
    rows = [
        ("P1", 1, "6222000000001234", "123,456.78", "成功", "L-1", "2021-08-16", ""),
        ("P1", 2, "5678", "0.05", "失败", "", "2021-08-16", "户名不符"),
    ]
    book = Workbook()
    assert book.active is not None
    for row in [RETURN_HEADINGS, *rows]:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    found = read_return(returned(*rows), "r.csv", "P1")
    assert found == read_return(made.getvalue(), "r.xlsx", "P1")
    assert (found[0].amount_fen, found[0].result, found[0].day, found[0].tail) == (
        12_345_678,
        "paid",
        dt.date(2021, 8, 16),
        "1234",
    )
    assert (found[1].result, found[1].reason) == ("failed", "户名不符")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("P2", 1, "1", "1", "成功", "", "2021-08-16", ""), "不是本批次"),
        (("P1", "x", "1", "1", "成功", "", "2021-08-16", ""), "不是数字"),
        (("P1", 1, "1", "1.234", "成功", "", "2021-08-16", ""), "两位小数"),
        (("P1", 1, "1", "NaN", "成功", "", "2021-08-16", ""), "两位小数"),
        (("P1", 1, "1", "1", "好", "", "2021-08-16", ""), "成功或失败"),
        (("P1", 1, "1", "1", "失败", "", "2021-08-16", ""), "原因"),
        (("P1", 1, "1", "1", "成功", "", "昨天", ""), "日期"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_refused_by_its_number(row: tuple[object, ...], said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_return(returned(row), "r.csv", "P1")
    assert refused.value.code == "policies.return_file"
    assert "第 2 行" in refused.value.sentence
    assert said in refused.value.sentence


def test_a_line_that_is_there_twice_or_another_file_is_refused() -> None:
    row = ("P1", 1, "1", "1", "成功", "", "2021-08-16", "")
    for content in (returned(row, row), b"a,b\n1,2\n", b""):
        with pytest.raises(PolicyError):
            read_return(content, "r.csv", "P1")


def test_equal_content_has_an_equal_digest() -> None:
    assert bankfiles.digest(write_csv("P1", PAYMENTS)) == bankfiles.digest(write_csv("P1", PAYMENTS))
    assert bankfiles.digest(b"") != bankfiles.digest(write_csv("P1", PAYMENTS))
