"""One definition, five engines: what a figure becomes in each SQL, and where it is computed."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures import engine, queries, sources, statements
from yizhantong.kernel.figures.statements import Scope
from yizhantong.kernel.figures.tests.trial import DEALS, FIGURES, TODAY, deal, write

pytestmark = pytest.mark.django_db
COUNTED = [item for item in FIGURES if item.ledger]


@pytest.mark.parametrize("dialect", compiler.DIALECTS)
def test_every_engine_gets_statements_that_it_can_read(deals: None, dialect: str) -> None:
    scope = Scope(DEALS, dialect, TODAY, frozenset({"210702"}), exp.to_table("facts"))
    answered = []
    for part, statement in engine.questions(COUNTED, scope):
        text = statement.sql(dialect=dialect)
        parsed = sqlglot.parse_one(text, dialect=dialect)
        assert [column.alias_or_name for column in parsed.selects] == [f"f{i}" for i in range(len(part))]
        answered += part
    assert sorted(item.code for item in answered) == sorted(item.code for item in COUNTED)


def test_many_figures_of_a_ledger_take_one_scan(deals: None) -> None:
    scope = Scope(DEALS, "duckdb", TODAY, None, exp.to_table("facts"))
    parts = list(engine.questions(COUNTED, scope))
    assert len(parts) == 1 + len({item.measure for item in COUNTED if isinstance(item.measure, statements.Distinct)})


def test_texts_are_literals_never_pasted(deals: None) -> None:
    from yizhantong.kernel.figures.tests.trial import Count, declare

    nasty = declare("nasty", Count(), where='项目编号 = "x\' OR 1=1 --"')
    text = str(compiler.where(nasty, "sqlite").text())  # type: ignore[union-attr]
    assert "'x'' OR 1=1 --'" in text


def test_units_are_constants_of_conditions(deals: None) -> None:
    large = next(item for item in FIGURES if item.code == "trial.large")
    text = compiler.where(large, "duckdb").text()  # type: ignore[union-attr]
    assert "10000000000" in text


def test_a_tail_too_large_for_memory_is_answered_by_the_database(deals: None, monkeypatch: Any) -> None:
    for number in range(5):
        write(**deal(number))
    expected = {code: item.raw for code, item in queries.values("all").items()}
    monkeypatch.setattr(sources, "LIVE_LIMIT", 2)
    monkeypatch.setattr(sources, "tail", lambda state: pytest.fail("the tail was read into memory"))
    assert {code: item.raw for code, item in queries.values("all").items()} == expected
    assert sum(part.raw or 0 for part in queries.by_division("trial.count")) == 5
