"""Rows and FEEL: what one writes the other reads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.rules import compile_expression
from yizhantong.kernel.items.condition_rows import Group, Row, Rows, as_feel, as_rows, normal, text_of, value_of
from yizhantong.kernel.parties.vocabulary import NAMES

NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
VALUES = st.one_of(NUMBERS, TEXTS, st.booleans(), st.dates())
NAME = st.sampled_from(sorted(NAMES))
ROW = st.one_of(
    st.builds(Row, NAME, st.sampled_from([">=", ">", "<=", "<", "=", "!="]), st.tuples(VALUES)),
    st.builds(Row, NAME, st.sampled_from(["in", "not in"]), st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(Row, NAME, st.sampled_from(["known", "missing"]), st.just(())),
)
JOINER = st.sampled_from(["and", "or"])
GROUP = st.builds(Group, JOINER, st.lists(ROW, max_size=3).map(tuple))
ROWS = st.builds(Rows, JOINER, st.lists(GROUP, max_size=4).map(tuple))


@settings(max_examples=300, deadline=None)
@given(ROWS)
def test_rows_written_as_feel_are_read_back(rows: Rows) -> None:
    text = as_feel(rows)
    assert as_rows(text, NAMES) == normal(rows)
    if text:
        compile_expression(text, NAMES)
        assert as_feel(as_rows(text, NAMES) or rows) == text


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_the_normal_form_stays(rows: Rows) -> None:
    assert normal(normal(rows)) == normal(rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", Rows("and", ())),
        ("年营业收入 >= 4000000", Rows("and", (Group("and", (Row("年营业收入", ">=", (Decimal(4000000),)),)),))),
        (
            '行业大类 in ("C38", "C39")',
            Rows("and", (Group("and", (Row("行业大类", "in", ("C38", "C39")),)),)),
        ),
        (
            '成立日期 <= date("2020-01-01") and (从业人员 > 5 or 规模以上 = true)',
            Rows(
                "and",
                (
                    Group("and", (Row("成立日期", "<=", (dt.date(2020, 1, 1),)),)),
                    Group("or", (Row("从业人员", ">", (Decimal(5),)), Row("规模以上", "=", (True,)))),
                ),
            ),
        ),
        ("研发费用 != null", Rows("and", (Group("and", (Row("研发费用", "known"),)),))),
    ],
)
def test_what_rows_show(text: str, rows: Rows) -> None:
    assert as_rows(text, NAMES) == rows


@pytest.mark.parametrize(
    "text",
    [
        "研发费用 / 年营业收入 > 0.03", "if 从业人员 > 5 then true else false", "年营业收入 >=", 'person("现场")', "高新技术企业",
        "从业人员 in [1..5]", "从业人员 > 参保人数", "(从业人员 > 1 and (参保人数 > 1 or 从业人员 > 9)) or 规模以上 = true", "研发费用 > null",
        'starts with(行业, "C")', "not(从业人员 > 5)", 'date("x") = 成立日期',
    ],
)  # fmt: skip
def test_what_stays_text(text: str) -> None:
    assert as_rows(text, NAMES) is None


@given(VALUES)
def test_values_typed_are_values_read(value: Decimal | str | bool | dt.date) -> None:
    kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, Decimal) else "date"
    if isinstance(value, str):
        assert value_of("string", value) == value.strip()
    else:
        assert value_of(kind, text_of(value)) == value


@pytest.mark.parametrize(("kind", "text"), [("number", "多"), ("number", "NaN"), ("boolean", "也许"), ("date", "昨天")])
def test_what_is_no_value_is_none(kind: str, text: str) -> None:
    assert value_of(kind, text) is None
