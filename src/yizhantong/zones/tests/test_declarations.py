"""What every zone declares can be asked of every engine, split as it says, and told apart in an article."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

from yizhantong.kernel.figures import Distinct, Figure, Ratio, Sum, figure, figures
from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.ledger import ledger, ledgers

ALL = [found for found in figures() if found.zone in settings.ZONES]
OVER_LEDGERS = [found for found in ALL if not isinstance(found.measure, Ratio)]


def _code(found: Figure) -> str:
    return found.code


@pytest.mark.parametrize("declared", OVER_LEDGERS, ids=_code)
def test_a_condition_compiles_for_every_engine(declared: Figure) -> None:
    for dialect in ("sqlite", "postgres", "duckdb", "spark", "clickhouse"):
        compiled = compiler.where(declared, dialect)
        assert (compiled is None) == (declared.where == "")


@pytest.mark.parametrize("declared", OVER_LEDGERS, ids=_code)
def test_what_is_measured_and_split_by_are_fields_of_the_ledger(declared: Figure) -> None:
    fields = ledger(declared.ledger)
    assert set(declared.dimensions) <= fields.by_name.keys()
    if isinstance(declared.measure, (Sum, Distinct)):
        assert declared.measure.column in fields.by_column
    assert fields.type_of(declared.date) in ("date", "datetime")


@pytest.mark.parametrize("declared", ALL, ids=_code)
def test_a_figure_is_defined_in_words_and_its_relatives_exist(declared: Figure) -> None:
    assert str(declared.definition).strip()
    assert str(declared.label).strip()
    assert not declared.parent or figure(declared.parent).zone == declared.zone
    if isinstance(declared.measure, Ratio):
        assert figure(declared.measure.numerator)
        assert figure(declared.measure.denominator)


def test_no_phrase_calls_two_figures() -> None:
    called = defaultdict(set)
    for declared in ALL:
        for phrase in declared.phrases:
            called[phrase].add(declared.code)
    assert {phrase: codes for phrase, codes in called.items() if len(codes) > 1} == {}


def test_every_zone_declares_ledgers_that_say_what_they_hold() -> None:
    described = {declared.zone for declared in ledgers() if str(declared.description).strip()}
    assert described >= set(settings.ZONES)


def test_codes_of_people_are_not_public() -> None:
    names = ("党员代码", "人才代码", "管家代码")
    hidden = [item for declared in ledgers() for item in declared.fields if item.name in names]
    assert len(hidden) == 7
    assert not any(item.public for item in hidden)


def test_the_figures_that_the_documentation_names_exist() -> None:
    text = (Path(__file__).parents[4] / "docs" / "figures.md").read_text(encoding="utf-8")
    zones = "|".join(settings.ZONES)
    named = set(re.findall(rf"`((?:{zones})\.[a-z_]+)`", text))
    known = {declared.code for declared in ALL} | {declared.code for declared in ledgers()}
    assert len(named) > 80
    assert named <= known
