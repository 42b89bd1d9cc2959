"""Random conditions of the relational part of FEEL, and rows with nulls for them to meet."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from hypothesis import strategies as st

from yizhantong.foundation.rules import ast
from yizhantong.foundation.rules.sql import Column

KINDS = {
    "n": "whole",
    "m": "whole",
    "金额": "decimal",
    "s": "text",
    "t": "text",
    "b": "flag",
    "c": "flag",
    "d": "day",
    "e": "day",
    "时": "moment",
}
COLUMNS = {
    "n": Column("n", "number", scale=0),
    "m": Column("m", "number", scale=0),
    "金额": Column("金额", "number", scale=2, digits=18),
    "s": Column("s", "string"),
    "t": Column("t", "string"),
    "b": Column("b", "boolean"),
    "c": Column("c", "boolean"),
    "d": Column("d", "date"),
    "e": Column("e", "date"),
    "时": Column("时", "datetime"),
}
_WHOLE = [0, 1, -1, 2, 3, 7, -8, 2**40 + 1, -(2**40)]
_DECIMAL = [Decimal(text) for text in ("0", "0.25", "-0.25", "0.5", "1", "1.75", "-3.5", "100.00", "1000000.75")]
_TEXTS = ["", "a", "A", "ab", "aB", "b", "行业", "行", "业", "%", "_", "a%", "é", "\U00020000", "C26", "c26"]
_DAYS = [dt.date(2021, 8, 16), dt.date(2021, 8, 17), dt.date(2020, 2, 29), dt.date(1999, 12, 31), dt.date(2021, 1, 1)]
_MOMENTS = [
    dt.datetime(2021, 8, 16, 10),
    dt.datetime(2021, 8, 16, 10, 0, 0, 500_000),
    dt.datetime(2021, 8, 16, 10, 0, 1),
    dt.datetime(1999, 12, 31, 23, 59, 59),
]
_POOLS = {"whole": _WHOLE, "decimal": _DECIMAL, "text": _TEXTS, "flag": [True, False], "day": _DAYS, "moment": _MOMENTS}


def rows(count: int = 60) -> list[tuple[object, ...]]:
    """The same rows every time; the first is all null, a fifth of all values is."""
    chance = random.Random(20210816)
    made: list[tuple[object, ...]] = [(None,) * len(KINDS)]
    for _ in range(count):
        made.append(tuple(None if chance.random() < 0.2 else chance.choice(_POOLS[kind]) for kind in KINDS.values()))
    return made


def _number(value: Decimal | int) -> ast.Node:
    number = ast.Number(abs(Decimal(value)))
    return ast.Negate(number) if value < 0 else number


def _call(name: str, *arguments: ast.Node) -> ast.Node:
    return ast.Call(ast.Name(name), arguments)


def _names(*names: str) -> st.SearchStrategy[ast.Node]:
    return st.sampled_from(names).map(ast.Name)


_small = st.sampled_from([Decimal(text) for text in ("0", "1", "2", "-1", "0.5", "0.25", "3", "100", "4000000000")])
_number_literals = _small.map(_number)
_text_literals = st.sampled_from(_TEXTS).map(ast.String)
_day_literals = st.sampled_from(_DAYS).map(lambda day: _call("date", ast.String(day.isoformat())))
_moment_literals = st.sampled_from(_MOMENTS).map(lambda value: ast.At(value.isoformat()))
_durations = st.integers(-40, 400).map(lambda days: ast.At(f"{'-' if days < 0 else ''}P{abs(days)}D"))

_divisors = st.sampled_from([Decimal(text) for text in ("0", "1", "2", "-4", "0.5")]).map(_number)
_numeric_columns = _names("n", "m", "金额")
_parts = st.builds(ast.Path, _names("d", "e", "时"), st.sampled_from(("year", "month", "day", "weekday")))
_lengths = _names("s", "t").map(lambda name: _call("string length", name))
_plain_numbers = st.one_of(_numeric_columns, _numeric_columns, _number_literals, _parts, _lengths)
_shallow = st.builds(ast.Arithmetic, st.sampled_from("+-"), _names("n", "m", "金额"), _plain_numbers)
_times = st.builds(ast.Arithmetic, st.just("*"), _numeric_columns, _number_literals)
_quotients = st.builds(ast.Arithmetic, st.just("/"), _names("金额"), _divisors)
_column_quotients = st.builds(ast.Arithmetic, st.just("/"), _parts, _names("金额"))
_rounded = st.builds(
    lambda name, value: _call(name, value), st.sampled_from(("abs", "floor", "ceiling")), _plain_numbers
)
numbers = st.one_of(
    _plain_numbers,
    _plain_numbers,
    _shallow,
    _times,
    _quotients,
    _column_quotients,
    _rounded,
    _names("金额").map(ast.Negate),
)
_substrings = st.builds(
    lambda text, start, length: _call("substring", text, _number(start), *([_number(length)] if length else [])),
    _names("s", "t"),
    st.integers(1, 3),
    st.integers(0, 3),
)
texts = st.one_of(
    _names("s", "t"), _text_literals, _substrings, st.builds(ast.Arithmetic, st.just("+"), _names("s"), _text_literals)
)
_moved = st.builds(ast.Arithmetic, st.sampled_from("+-"), _names("d", "e"), _durations)
days = st.one_of(_names("d", "e"), _names("d", "e"), _day_literals, _moved)
moments = st.one_of(_names("时"), _moment_literals)
spans = st.builds(ast.Arithmetic, st.just("-"), _names("d", "e"), st.one_of(_names("d", "e"), _day_literals))
_nulls = st.just(ast.Null())
_orders = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
_same = st.one_of(*(st.tuples(kind, kind) for kind in (numbers, texts, days, moments)), st.tuples(spans, _durations))
_mixed = st.tuples(
    st.one_of(numbers, texts, days, _names("b")), st.one_of(numbers, texts, days, moments, _nulls, _names("c"))
)
_compared = st.builds(lambda op, pair: ast.Compare(op, *pair), _orders, st.one_of(_same, _same, _mixed))
_null_checks = st.builds(ast.Compare, st.sampled_from(("=", "!=")), _names(*KINDS), _nulls)
_between = st.one_of(*(st.builds(ast.Between, kind, kind, kind) for kind in (numbers, texts, days)))


def _membership(
    kind: st.SearchStrategy[ast.Node], literals: st.SearchStrategy[ast.Node]
) -> st.SearchStrategy[ast.Node]:
    ranges = st.builds(ast.Range, literals, kind, st.booleans(), st.booleans())
    tests = st.one_of(literals, literals, ranges, st.builds(ast.Test, _orders, kind), _nulls)
    several = st.lists(tests, min_size=1, max_size=4).map(lambda items: ast.UnaryTests(tuple(items)))
    listed = st.lists(st.one_of(literals, literals, literals, ranges, _nulls), min_size=0, max_size=4)
    as_list = listed.map(lambda items: ast.UnaryTests((ast.ListLiteral(tuple(items)),)))
    return st.builds(ast.In, kind, st.one_of(several, as_list))


_within = st.one_of(
    _membership(numbers, _number_literals), _membership(texts, _text_literals), _membership(days, _day_literals)
)
_contained = st.builds(
    lambda items, item: _call("list contains", ast.ListLiteral(tuple(items)), item),
    st.lists(st.one_of(_number_literals, _text_literals, _nulls), max_size=4),
    st.one_of(_numeric_columns, _names("s", "t")),
)
_text_tests = st.builds(
    lambda name, text, part: _call(name, text, part),
    st.sampled_from(("contains", "starts with", "ends with")),
    texts,
    st.one_of(texts, texts, _number_literals),
)
_quantified = st.builds(
    lambda kind, op, items, name: ast.Quantified(
        kind, (ast.Iterator("x", ast.ListLiteral(tuple(items))),), ast.Compare(op, ast.Name(name), ast.Name("x"))
    ),
    st.sampled_from(("some", "every")),
    _orders,
    st.lists(st.one_of(_number_literals, _text_literals, _nulls), max_size=3),
    st.sampled_from(("n", "s")),
)
leaves = st.one_of(
    _compared,
    _compared,
    _compared,
    _between,
    _within,
    _within,
    _contained,
    _text_tests,
    _null_checks,
    _quantified,
    _names("b", "c"),
    st.one_of(_names("n", "s"), _nulls, st.booleans().map(ast.Boolean)),
)


def _larger(inner: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    choice = st.builds(ast.If, inner, inner, inner)
    pick = st.builds(ast.If, inner, _names("金额"), st.one_of(_numeric_columns, _number_literals, _nulls))
    return st.one_of(
        st.builds(ast.Logic, st.sampled_from(("and", "or")), inner, inner),
        inner.map(lambda node: _call("not", node)),
        choice,
        st.builds(ast.Compare, _orders, pick, _number_literals),
        st.builds(ast.Compare, st.sampled_from(("=", "!=")), inner, st.booleans().map(ast.Boolean)),
    )


conditions = st.recursive(leaves, _larger, max_leaves=5)
