"""Values of figures, on whatever database the tests run."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from yizhantong.kernel.figures import queries
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.tests.trial import deal, take_back, write

pytestmark = pytest.mark.django_db
ENGINES = ("files", "database")


@pytest.mark.parametrize("engine", ENGINES)
def test_reversals_are_taken_off_counts_sums_and_distinct_values(deals: None, engine: str) -> None:
    first = write(**deal(1))
    write(**deal(1, amount_fen=50_000_000))
    second = write(**deal(2))
    take_back(second)
    assert queries.value("trial.count", engine=engine).raw == 2
    assert queries.value("trial.amount", engine=engine).raw == 10_050_000_000
    assert queries.value("trial.amount", engine=engine).text == "1.00"
    assert queries.value("trial.large", engine=engine).raw == 10_000_000_000
    assert queries.value("trial.projects", engine=engine).raw == 1
    take_back(first)
    assert queries.value("trial.projects", engine=engine).raw == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_no_fact_gives_nothing_and_over_nothing_there_is_no_value(deals: None, engine: str) -> None:
    found = queries.values("all", engine=engine)
    assert found["trial.count"].raw == 0
    assert found["trial.amount"].text == "0.00"
    assert (found["trial.mean"].raw, found["trial.mean"].shown, found["trial.mean"].text) == (None, None, "—")


@pytest.mark.parametrize("engine", ENGINES)
def test_as_of_a_day_only_what_was_recorded_by_its_end_counts(deals: None, engine: str) -> None:
    late = dt.datetime(2021, 3, 2, 16, 0, tzinfo=dt.UTC)  # the first moment of 3 March in the city
    write(**deal(1), recorded_at=late)
    write(**deal(2), recorded_at=late - dt.timedelta(microseconds=1))
    assert queries.value("trial.count", dt.date(2021, 3, 2), engine=engine).raw == 1
    assert queries.value("trial.count", dt.date(2021, 3, 3), engine=engine).raw == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_division_counts_what_it_manages(deals: None, engine: str) -> None:
    write(**deal(1, division_id="210702"))
    write(**deal(2, division_id="210703"))
    write(**deal(3, division_id="2107"))
    assert queries.value("trial.count", division="210702", engine=engine).raw == 1
    assert queries.value("trial.count", division="2107", engine=engine).raw == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_ratios_are_exact_and_decimal_columns_too(deals: None, engine: str) -> None:
    for number in (1, 2, 3):
        write(**deal(number, share=Decimal("0.105"), occurred_on=dt.date(2021 - number // 3, 3, 1)))
    found = queries.values("all", engine=engine)
    assert found["trial.share_of_year"].raw == Fraction(2, 3)
    assert found["trial.share_of_year"].text == "66.7"
    assert found["trial.shares"].raw == Fraction(315, 1000)
    assert found["trial.mean"].text == "1.500"


def test_half_is_rounded_to_the_even_digit() -> None:
    from yizhantong.kernel.figures.tests.trial import FIGURES
    from yizhantong.kernel.figures.values import rounded

    amount = next(item for item in FIGURES if item.code == "trial.amount")
    assert [str(rounded(fen, amount)) for fen in (50_000_000, 150_000_000, 150_000_001, -50_000_000)] == [
        "0.00", "0.02", "0.02", "0.00",
    ]  # fmt: skip


def test_wrong_questions_are_refused_by_code(deals: None) -> None:
    asked = {
        "figures.unknown_figure": lambda: queries.value("trial.none"),
        "figures.unknown_division": lambda: queries.value("trial.count", division="999999"),
        "figures.future": lambda: queries.value("trial.count", dt.date(2021, 8, 17)),
        "figures.unknown_dimension": lambda: queries.by_dimension("trial.count", "合同额"),
        "figures.unknown_bucket": lambda: queries.series("trial.count", "year"),  # type: ignore[arg-type]
        "figures.unknown_level": lambda: queries.by_division("trial.count", "street"),  # type: ignore[arg-type]
        "figures.unknown_engine": lambda: queries.value("trial.count", engine="abacus"),  # type: ignore[arg-type]
    }
    for code, question in asked.items():
        with pytest.raises(FigureError) as refused:
            question()
        assert refused.value.code == code
        assert refused.value.sentence
