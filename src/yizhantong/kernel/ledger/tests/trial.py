"""A ledger for tests alone: every type of column, a key, a reference. Its table is made by the fixture ``trial``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Industry


class Trial(Fact):
    """A signing as a zone might declare it."""

    class Chapter(models.TextChoices):
        DIGITAL = "digital", "数字辽宁"
        STRONG = "strong", "老字号"

    project = models.CharField("项目编号", max_length=20, validators=[RegexValidator(r"^P\d+$", "应为 P 加数字")])
    name = models.CharField("项目名称", max_length=40, blank=True)
    contract_fen = models.BigIntegerField("合同额", default=0)
    chapter = models.CharField("篇章", max_length=8, choices=Chapter.choices, null=True, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行业")
    foreign = models.BooleanField("外资", default=False)
    share = models.DecimalField("占比", max_digits=8, decimal_places=4, null=True, blank=True)
    started_on = models.DateField("开工日期", null=True, blank=True)
    met_at = models.DateTimeField("洽谈时间", null=True, blank=True)
    contact = models.CharField("联系人", max_length=20, blank=True)

    class Meta(Fact.Meta):
        app_label = "ledger_trial"


TRIAL = Ledger(
    code="investment.trial",
    label="签约试台账",
    model=Trial,
    fields=(
        Field("项目编号", "project"),
        Field("项目名称", "name"),
        Field("合同额", "contract_fen", unit="万元"),
        Field("篇章", "chapter"),
        Field("行业", "industry_id"),
        Field("外资", "foreign"),
        Field("占比", "share"),
        Field("开工日期", "started_on"),
        Field("洽谈时间", "met_at", public=False),
        Field("联系人", "contact", personal=True),
    ),
    key=("project",),
    earliest="2020-01-01",
)


def signing(number: int, **values: Any) -> dict[str, Any]:
    """Return the values of one valid fact."""
    return {
        "division_id": "210702",
        "occurred_on": dt.date(2021, 3, 1),
        "project": f"P{number}",
        "contract_fen": 1_000_000 * number,
    } | values
