"""The evaluator and every SQL engine at hand say the same of the same rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.foundation.rules import ast, compile_expression
from yizhantong.foundation.rules.sql import NotCompilable, compile_sql, split
from yizhantong.foundation.rules.tests.relational import COLUMNS, KINDS, conditions, rows
from yizhantong.foundation.rules.unparse import to_text
from yizhantong.testing.engines import DIALECTS, Ask, available, open_engine

ROWS = rows()
RECORDS = [dict(zip(KINDS, row, strict=True)) for row in ROWS]
EXAMPLES = {"sqlite": 40, "duckdb": 15, "postgres": 15, "clickhouse": 4, "spark": 2}
"""Batches of ten conditions each; the slow engines are asked less."""


@pytest.fixture(scope="module", params=DIALECTS)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    dialect = request.param
    if not available(dialect):
        pytest.skip(f"{dialect} is not installed here")
    if dialect == "spark" and not os.environ.get("YZT_SPARK"):
        pytest.skip("Spark takes minutes: set YZT_SPARK=1 to ask it too")
    with open_engine(dialect, KINDS, ROWS) as ask:
        yield dialect, ask


def _truth(value: object) -> bool | None:
    return None if value is None else bool(value)


def _expected(node: ast.Node) -> list[bool | None]:
    rule = compile_expression(node)
    found = (rule(record) for record in RECORDS)
    return [value if isinstance(value, bool) else None for value in found]


def _check(dialect: str, ask: Ask, nodes: list[ast.Node]) -> None:
    able: list[tuple[ast.Node, str, str]] = []
    for node in nodes:
        try:
            exact = compile_sql(node, COLUMNS, dialect)
        except NotCompilable:
            continue
        if exact.kind in ("boolean", "null"):
            able.append((node, exact.text(), compile_sql(node, COLUMNS, dialect, filter_only=True).text()))
    if not able:
        return
    answers = list(zip(*ask([sql for _, exact, loose in able for sql in (exact, loose)]), strict=True))
    for place, (node, exact_sql, loose_sql) in enumerate(able):
        expected = _expected(node)
        got = [_truth(value) for value in answers[2 * place]]
        wrong = [(RECORDS[i], got[i], want) for i, want in enumerate(expected) if got[i] is not want]
        assert not wrong, f"{to_text(node)}\n{exact_sql}\n(record, SQL, FEEL): {wrong[:2]}"
        filtered = [_truth(value) is True for value in answers[2 * place + 1]]
        assert filtered == [want is True for want in expected], f"{to_text(node)}\n{loose_sql}"


def test_random_conditions_agree_on_random_rows(engine: tuple[str, Ask]) -> None:
    dialect, ask = engine

    @settings(
        max_examples=EXAMPLES[dialect],
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(conditions, min_size=10, max_size=10))
    def agree(nodes: list[ast.Node]) -> None:
        _check(dialect, ask, nodes)

    agree()


@cache
def _fixed() -> list[ast.Node]:
    texts = [
        "n / m = 0.5 or n / 2 = 3.5",
        "n / 0 = null",
        'not(s = null) and not(s = "a")',
        's < "a" or s >= "行"',
        'contains(s, "%") or starts with(s, "A") or ends with(t, "")',
        's in ["a", null]',
        'n in [1, "a"]',
        "n in ([1..3], < 0, 7)",
        "n in [m..金额]",
        "金额 between n and 100",
        'd + @"P15D" > e and d - @"P1D" != e',
        '(d - e).days >= 30 or d - e < @"-P300D"',
        "d.year = 2021 and d.weekday in [1, 2]",
        "(if 金额 = null then 0 else 金额) >= 0",
        "b and not(c)",
        "b = true or c != false",
        "n or b",
        '时 = @"2021-08-16T10:00:00" or 时 > @"2021-08-16T10:00:00"',
        "n * 3 > m * 2 + 1",
        "n + m > n",
        "-n > 0",
        "abs(n) > 5 and floor(金额) != 金额",
        "every x in [1, 2] satisfies n != x",
        's = n or s < n or b = "a"',
    ]
    return [compile_expression(text, KINDS).node for text in texts]


def test_conditions_with_known_traps_agree(engine: tuple[str, Ask]) -> None:
    dialect, ask = engine
    for node in _fixed():
        compile_sql(node, COLUMNS, dialect)
    _check(dialect, ask, _fixed())


@pytest.mark.parametrize("dialect", DIALECTS[:3])
def test_no_whole_number_overflows(dialect: str) -> None:
    if not available(dialect):
        pytest.skip(f"{dialect} is not installed here")
    ends = [-(2**63), 2**63 - 1, 0]
    texts = (
        "n * m * n * m > 0",
        "n + m + n > 0",
        "n - m < 0",
        "-n >= 0",
        "abs(n) = abs(m)",
        "n / 2 < m * 3",
        "n > 0.00000000000000000001",
    )
    rules = [compile_expression(text, ("n", "m")) for text in texts]
    with open_engine(dialect, {"n": "whole", "m": "whole"}, [(n, m) for n in ends for m in ends]) as ask:
        answers = ask([compile_sql(rule.node, COLUMNS, dialect).text() for rule in rules])
    expected = [tuple(rule({"n": n, "m": m}) for rule in rules) for n in ends for m in ends]
    assert [tuple(map(_truth, row)) for row in answers] == expected


def test_decimal_sums_are_exact_where_the_engine_has_decimals(engine: tuple[str, Ask]) -> None:
    dialect, ask = engine
    if dialect == "sqlite":
        pytest.skip("SQLite has no decimals")
    for node in (compile_expression(text, KINDS).node for text in ("n * 0.1 = 0.3", "金额 + 0.1 + 0.2 = 金额 + 0.3")):
        _check(dialect, ask, [node])


@settings(max_examples=100, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=4), st.integers(0, 3))
def test_engine_and_rest_together_are_the_whole(nodes: list[ast.Node], place: int) -> None:
    power = ast.Compare(">", ast.Arithmetic("**", ast.Name("n"), ast.Number(Decimal(2))), ast.Number(Decimal(3)))
    nodes = [*nodes[:place], power, *nodes[place:]]
    whole = nodes[0]
    for node in nodes[1:]:
        whole = ast.Logic("and", whole, node)
    parts = split(whole, COLUMNS, "sqlite")
    assert parts.rest is not None
    assert len(parts.refusals) >= 1
    rest = compile_expression(parts.rest)
    with open_engine("sqlite", KINDS, ROWS) as ask:
        inside = [_truth(row[0]) for row in ask([parts.engine.text()])] if parts.engine else [True] * len(ROWS)
    together = [a is True and rest(record) is True for a, record in zip(inside, RECORDS, strict=True)]
    assert together == [value is True for value in _expected(whole)]
