"""What is compiled to SQL, in which words, and what is refused with which reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlglot
from hypothesis import given, settings

from yizhantong.foundation.rules import FeelError, ast
from yizhantong.foundation.rules.sql import Column, NotCompilable, compile_sql, split
from yizhantong.foundation.rules.tests.relational import COLUMNS, conditions
from yizhantong.testing.engines import open_engine

DIALECTS = ("sqlite", "postgres", "duckdb", "spark", "clickhouse")
YI = {"亿元": Decimal(10**8)}


def _sql(text: str, dialect: str = "duckdb", *, filter_only: bool = False, **columns: Column) -> str:
    return compile_sql(text, {**COLUMNS, **columns}, dialect, YI, filter_only=filter_only).text()


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=20, deadline=None)
@given(node=conditions)
def test_every_dialect_reads_what_is_written_for_it(dialect: str, node: ast.Node) -> None:
    try:
        text = compile_sql(node, COLUMNS, dialect).text()
    except NotCompilable:
        return
    sqlglot.parse_one(f"SELECT {text} FROM t", dialect=dialect)


def test_units_are_folded_into_literals() -> None:
    assert _sql("n >= 1.5 * 亿元", filter_only=True) == '"n" >= 150000000.0'
    assert _sql("n >= -2 * (3 - 亿元 / 亿元)") == '"n" >= (-4)'


def test_a_filter_leaves_equality_bare_for_indexes() -> None:
    assert _sql('s = "a" and n in [1, 2]', filter_only=True) == '"s" = \'a\' AND "n" IN (1, 2)'


def test_equality_with_null_is_never_null() -> None:
    assert _sql("s = null") == '"s" IS NULL'
    assert _sql('not(s = "a")') == 'NOT ("s" = \'a\' AND NOT "s" IS NULL)'


def test_a_column_without_nulls_needs_no_check() -> None:
    sure = Column("s", "string", nullable=False)
    assert _sql('s != "a"', s=sure) == "NOT (\"s\" = 'a')"
    assert _sql("s = null", s=sure) == "FALSE"


def test_values_cannot_leave_their_literal() -> None:
    with open_engine("sqlite", {"s": "text"}, [("'; DROP TABLE t; --",), ("a",)]) as ask:
        sql = compile_sql('''s = "'; DROP TABLE t; --"''', COLUMNS, "sqlite").text()
        assert [bool(row[0]) for row in ask([sql])] == [True, False]


def test_identifiers_cannot_leave_their_quotes() -> None:
    odd = {"x": Column('a" = 1 OR "b', "number")}
    assert compile_sql("x > 1", odd, "postgres").text() == '"a"" = 1 OR ""b" > 1'


def test_text_orders_by_code_point_on_postgresql() -> None:
    assert 'COLLATE "C"' in _sql("s < t", "postgres")


def test_whole_numbers_divide_as_numbers() -> None:
    for dialect in DIALECTS:
        assert "NULLIF" in _sql("n / m", dialect).upper()
    assert _sql("n / 0 = 1") == "FALSE"


def test_names_read_are_told() -> None:
    compiled = compile_sql("n > 1 and (s = t or 金额 > 亿元)", COLUMNS, "duckdb", YI)
    assert compiled.names == {"n", "s", "t", "金额"}
    assert compiled.kind == "boolean"


def test_qualified_columns_keep_their_table() -> None:
    assert _sql("x > 1", x=Column("x", "number", table="事实")) == '"事实"."x" > 1'


def test_case_is_changed_only_in_codes() -> None:
    code = Column("s", "string", ascii=True)
    assert _sql('lower case(s) = "c26"', filter_only=True, s=code) == "LOWER(\"s\") = 'c26'"
    with pytest.raises(NotCompilable) as refused:
        _sql('lower case(s) = "c26"')
    assert refused.value.part == "lower case(s)"


def test_instants_compare_in_utc() -> None:
    at = Column("at", "datetime", aware=True)
    assert "2021-08-16 02:00:00+00" in _sql('at >= @"2021-08-16T10:00:00+08:00"', "postgres", at=at)
    with pytest.raises(NotCompilable, match="时区"):
        _sql('at >= @"2021-08-16T10:00:00"', at=at)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("n > 1 and 别的 = 2", "unknown_name", "别的"),
        ("n ** 2 > 4", "power", "n ** 2"),
        ('matches(s, "^a")', "function", 'matches(s, "^a")'),
        ("count([n, m]) > 1", "function", "count([n, m])"),
        ('d > @"P1Y"', "literal", '@"P1Y"'),
        ("(if b then n else s) = 1", "mixed_kinds", "if b then n else s"),
        ("some x in [n] satisfies x > 1", "quantifier", "n"),
        ("some x in [1], y in [2] satisfies x > y", "quantifier", "some x in [1], y in [2] satisfies x > y"),
        ("substring(s, n) = t", "function", "substring(s, n)"),
        ("floor(n, 1) > 2", "arguments", "floor(n, 1)"),
        ("n.year > 2", "property", "n.year"),
        ("d + d = d", "dates", "d + d"),
        ("[1, n] = [1]", "construct", "[1, n]"),
        ("n in (m > 3)", "test", "m > 3"),
        ("today() > d", "function", "today()"),
    ],
)
def test_refusals_name_the_part_and_the_reason(text: str, code: str, part: str) -> None:
    with pytest.raises(NotCompilable) as refused:
        _sql(text)
    assert refused.value.code == f"rules.sql.{code}"
    assert refused.value.part == part
    assert refused.value.reason in str(refused.value)
    assert isinstance(refused.value, FeelError)


@pytest.mark.parametrize(
    "text",
    [
        "abs(" * 80 + "金额" + ")" * 80 + " > 1",
        "(" * 80 + "b in (c, true)" + ") in (c, b)" * 80,
        "(" * 80 + "n" + " between n and m)" * 80,
        "some x in [1, 2, 3, 4, 5, 6, 7, 8, 9] satisfies " * 8 + "n = 1",
    ],
)
def test_rules_that_would_explode_are_refused_in_time(text: str) -> None:
    with pytest.raises(NotCompilable) as refused:
        _sql(text)
    assert refused.value.code == "rules.sql.too_large"


def test_long_rules_compile() -> None:
    assert _sql(" and ".join(f"n > {i}" for i in range(90))).count("AND") == 89
    listed = ", ".join(str(i) for i in range(2500))
    assert "2499" in _sql(f"n in [{listed}]")


def test_split_keeps_every_conjunct_once() -> None:
    parts = split('n > 1 and matches(s, "a") and 金额 < 亿元 and m ** 2 > 4', COLUMNS, "duckdb", YI)
    assert parts.engine is not None
    assert parts.engine.text() == '"n" > 1 AND "金额" < 100000000'
    assert [refusal.code for refusal in parts.refusals] == ["rules.sql.function", "rules.sql.power"]
    assert split("n > 1", COLUMNS).rest is None
    assert split("n ** 2 > 1", COLUMNS).engine is None


def test_other_dialects_are_refused() -> None:
    with pytest.raises(KeyError):
        compile_sql("n > 1", COLUMNS, "oracle")


def test_constants_of_every_kind_have_a_literal() -> None:
    values = {"v": dt.date(2021, 8, 16), "w": dt.datetime(2021, 8, 16, 10, tzinfo=dt.UTC), "x": True, "y": "a'b"}
    for dialect in DIALECTS:
        for name in values:
            text = compile_sql(name, {}, dialect, values).text()
            sqlglot.parse_one(f"SELECT {text}", dialect=dialect)
