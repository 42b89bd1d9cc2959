"""What is said once holds for every figure declared after it, unless the figure says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, declare, figure, figures
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.figures.tests.trial import DEALS

THIS_YEAR = Declaring("trial", period=Period.THIS_YEAR, norm="规")
LARGE = THIS_YEAR.over(DEALS, where="合同额 >= 1 * 亿元", dimensions=("篇章",))


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    before = dict(declare._FIGURES)
    declare._FIGURES.clear()
    yield
    declare._FIGURES.clear()
    declare._FIGURES.update(before)


def test_a_declared_figure_is_the_one_written_out() -> None:
    found = LARGE.sum("amount", "金额", ("大额",), "合计。", of="amount_fen", unit="亿元", decimals=2, parent="all")
    written = Figure(
        code="trial.amount", label="金额", ledger="trial.deal", measure=Sum("amount_fen"), unit="亿元", decimals=2,
        where="合同额 >= 1 * 亿元", period=Period.THIS_YEAR, phrases=("大额",), definition="合计。", dimensions=("篇章",),
        parent="trial.all", norm="规",
    )  # fmt: skip
    assert found == written
    assert found.version == written.version
    assert figure("trial.amount") is found


def test_each_way_of_counting_has_its_measure() -> None:
    LARGE.count("deals", "项目", (), "个数。", unit="个")
    LARGE.distinct("chapters", "篇", (), "篇数。", of="chapter", unit="篇")
    LARGE.ratio("each", "每篇", (), "平均。", of=("deals", "chapters"), unit="个")
    LARGE.ratio("share", "占比", (), "百分比。", of=("chapters", "deals"), unit="%")
    measures = {found.code: found.measure for found in figures()}
    assert list(measures.items()) == [
        ("trial.deals", Count()),
        ("trial.chapters", Distinct("chapter")),
        ("trial.each", Ratio("trial.deals", "trial.chapters", percent=False)),
        ("trial.share", Ratio("trial.chapters", "trial.deals", percent=True)),
    ]


def test_a_figure_may_say_otherwise() -> None:
    found = LARGE.count(
        "deals", "项目", (), "个数。", unit="个", period=Period.ALL, dimensions=(), norm="", date="signed_on"
    )
    assert (found.period, found.dimensions, found.norm, found.date) == (Period.ALL, (), "", "signed_on")


def test_conditions_add_up_and_alternatives_keep_together() -> None:
    old = LARGE.count("old", "老字号", (), "个数。", unit="个", where='篇章 = "old"')
    either = LARGE.count("either", "两者", (), "个数。", unit="个", where='篇章 = "old" or 外资 = true')
    assert old.where == '合同额 >= 1 * 亿元 and 篇章 = "old"'
    assert either.where == '合同额 >= 1 * 亿元 and (篇章 = "old" or 外资 = true)'
    plain = THIS_YEAR.over(DEALS).count("plain", "两者", (), "个数。", unit="个", where='篇章 = "old" or 外资 = true')
    assert plain.where == '篇章 = "old" or 外资 = true'


def test_what_is_said_later_leaves_what_was_said_before_alone() -> None:
    LARGE.over(DEALS, where="外资 = true", period=Period.ALL)
    found = LARGE.count("deals", "项目", (), "个数。", unit="个")
    assert (found.where, found.period) == ("合同额 >= 1 * 亿元", Period.THIS_YEAR)


def test_a_ratio_has_the_period_of_its_first_part_and_no_condition_of_its_own() -> None:
    LARGE.count("half", "项目", (), "个数。", unit="个", period=Period.FIRST_HALF)
    LARGE.count("year", "项目", (), "个数。", unit="个")
    ratio = LARGE.ratio("share", "占比", (), "百分比。", of=("half", "year"), unit="%", decimals=1)
    assert (ratio.period, ratio.where, ratio.ledger, ratio.dimensions) == (Period.FIRST_HALF, "", "", ())
    assert (ratio.norm, ratio.decimals) == ("规", 1)
    assert LARGE.ratio("all", "占比", (), "", of=("half", "year"), unit="%", period=Period.ALL).period is Period.ALL


def test_what_cannot_be_declared_is_a_configuration_error() -> None:
    with pytest.raises(ImproperlyConfigured, match="any other figure has one"):
        THIS_YEAR.count("nowhere", "项目", (), "个数。", unit="个")
    LARGE.count("deals", "项目", (), "个数。", unit="个")
    with pytest.raises(ImproperlyConfigured, match="declared twice"):
        LARGE.count("deals", "项目", (), "个数。", unit="个")
    with pytest.raises(KeyError):
        LARGE.ratio("share", "占比", (), "百分比。", of=("unknown", "deals"), unit="%")
