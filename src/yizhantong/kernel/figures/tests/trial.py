"""A ledger and figures for tests alone. The table is made by the fixture ``trial_table``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.figures.declare import Count, Distinct, Figure, Period, Ratio, Sum
from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.models import Fact

TODAY = dt.date(2021, 8, 16)


class Deal(Fact):
    """A signing, with every type of column that a figure may meet."""

    class Chapter(models.TextChoices):
        OLD = "old", "改造升级老字号"
        NEW = "new", "培育壮大新字号"

    project = models.CharField("项目编号", max_length=20)
    amount_fen = models.BigIntegerField("合同额", null=True)
    share = models.DecimalField("占比", max_digits=8, decimal_places=3, null=True)
    chapter = models.CharField("篇章", max_length=4, choices=Chapter.choices, null=True)
    foreign = models.BooleanField("外资", null=True)
    signed_on = models.DateField("签约日期", null=True)
    met_at = models.DateTimeField("洽谈时间", null=True)
    unit = models.ForeignKey(
        Division, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="管理单位"
    )

    class Meta(Fact.Meta):
        app_label = "figures_trial"


DEALS = Ledger(
    code="trial.deal",
    label="签约试台账",
    model=Deal,
    fields=(
        Field("项目编号", "project"),
        Field("合同额", "amount_fen", unit="万元"),
        Field("占比", "share"),
        Field("篇章", "chapter"),
        Field("外资", "foreign"),
        Field("签约日期", "signed_on"),
        Field("洽谈时间", "met_at", public=False),
        Field("管理单位", "unit_id"),
    ),
)


def declare(name: str, measure: Any, unit: str = "个", **more: Any) -> Figure:
    """Return a figure over the trial ledger (a ratio over none)."""
    more.setdefault("ledger", "" if isinstance(measure, Ratio) else "trial.deal")
    if not isinstance(measure, Ratio):
        more.setdefault("dimensions", ("篇章", "外资", "管理单位"))
    more.setdefault("phrases", (f"试{name}",))
    return Figure(code=f"trial.{name}", label=f"试{name}", measure=measure, unit=unit, definition="试", **more)


FIGURES = (
    declare("count", Count()),
    declare("year", Count(), period=Period.THIS_YEAR),
    declare("half", Count(), period=Period.FIRST_HALF, where="外资 = true"),
    declare("last", Count(), period=Period.LAST_YEAR, where="not(外资 = true)"),
    declare("three", Count(), period=Period.THREE_YEARS, where='篇章 in ("old", "new") or 合同额 = null'),
    declare("campaign", Count(), period=Period.CAMPAIGN),
    declare("signed", Count(), date="signed_on", period=Period.THIS_YEAR),
    declare("met", Count(), date="met_at", period=Period.THIS_YEAR, dimensions=()),
    declare("amount", Sum("amount_fen"), "亿元", decimals=2, period=Period.THIS_YEAR),
    declare("large", Sum("amount_fen"), "亿元", decimals=2, where="合同额 >= 1 * 亿元"),
    declare("shares", Sum("share"), "天", decimals=1, where="占比 != null"),
    declare("projects", Distinct("project")),
    declare("projects_year", Distinct("project"), period=Period.THIS_YEAR, where='篇章 = "old"'),
    declare("places", Distinct("division_id"), period=Period.THIS_YEAR),
    declare("share_of_year", Ratio("trial.year", "trial.count"), "%", decimals=1),
    declare("mean", Ratio("trial.amount", "trial.year", percent=False), "亿元", decimals=3),
    declare("per_project", Ratio("trial.count", "trial.projects", percent=False), "个", decimals=2),
)


def deal(number: int, **values: Any) -> dict[str, Any]:
    """Return the columns of one fact."""
    return {
        "division_id": "210702",
        "occurred_on": dt.date(2021, 3, 1),
        "project": f"P{number}",
        "amount_fen": 10_000_000_000 * number,
        "chapter": "old",
        "foreign": False,
        "signed_on": dt.date(2021, 2, 1),
    } | values


def write(**values: Any) -> Deal:
    """Write one fact as it is given, without asking the ledger's actions."""
    day = values.get("occurred_on", dt.date(2021, 3, 1))
    values.setdefault("recorded_at", dt.datetime.combine(day, dt.time(4), dt.UTC))
    values.setdefault("source", "test")
    return Deal.objects.create(**values)


def take_back(fact: Deal, **values: Any) -> Deal:
    """Write the reversal of a fact."""
    names = ("division_id", "project", "amount_fen", "share", "chapter", "foreign", "signed_on", "met_at", "unit_id")
    same = {name: getattr(fact, name) for name in names}
    return write(**same | {"occurred_on": fact.occurred_on, "sign": -1, "reverses": fact} | values)
