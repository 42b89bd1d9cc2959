"""What is wrong with a declaration is told at start-up, and names the figure."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.figures import checks
from yizhantong.kernel.figures.declare import Count, Distinct, Ratio, Sum, figures
from yizhantong.kernel.figures.tests.trial import FIGURES, declare

pytestmark = pytest.mark.django_db

WRONG: dict[str, tuple[str, Any]] = {
    "unknown part": ("E001", declare("bad", Ratio("trial.count", "trial.none"), "%")),
    "ratio of a ratio": ("E001", declare("bad", Ratio("trial.mean", "trial.count"), "%")),
    "share without %": ("E002", declare("bad", Ratio("trial.year", "trial.count"), "个")),
    "money as length": ("E002", declare("bad", Sum("amount_fen"), "公里")),
    "share as money": ("E002", declare("bad", Sum("share"), "万元")),
    "unknown parent": ("E003", declare("bad", Count(), parent="trial.none")),
    "its own parent": ("E003", declare("bad", Count(), parent="trial.bad")),
    "unknown ledger": ("E004", declare("bad", Count(), ledger="trial.none")),
    "unknown column": ("E005", declare("bad", Sum("amount"), "元")),
    "text summed": ("E005", declare("bad", Sum("project"), "元")),
    "text as date": ("E005", declare("bad", Count(), date="project")),
    "moments told apart": ("E005", declare("bad", Distinct("met_at"))),
    "unknown dimension": ("E006", declare("bad", Count(), dimensions=("乡镇",))),
    "hidden dimension": ("E006", declare("bad", Count(), dimensions=("洽谈时间",))),
    "dimension of no part": (
        "E006",
        declare("bad", Ratio("trial.met", "trial.count"), "%", dimensions=("篇章",)),
    ),
    "unknown field": ("E007", declare("bad", Count(), where="合同金额 > 0")),
    "no FEEL": ("E007", declare("bad", Count(), where="合同额 >")),
    "no condition": ("E007", declare("bad", Count(), where="合同额 + 1")),
    "not compilable": ("E007", declare("bad", Count(), where="合同额 ** 2 > 4")),
    "the same phrase": ("E008", declare("bad", Count(), phrases=("试 “year”",))),
}


def test_good_figures_pass(deals: None) -> None:
    assert checks.validate(FIGURES) == []


@pytest.mark.parametrize("what", list(WRONG))
def test_a_wrong_figure_is_named(deals: None, what: str) -> None:
    number, bad = WRONG[what]
    found = checks.validate([*FIGURES, bad])
    assert [(item.id, "trial.bad" in str(item.msg)) for item in found] == [(f"figures.{number}", True)]


def test_every_figure_of_the_zones_can_be_answered() -> None:
    assert list(figures())
    assert checks.validate_all_figures() == []
