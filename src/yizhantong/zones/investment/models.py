"""What is recorded of investment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Industry, Organisation
from yizhantong.zones.investment.rules import is_industrial, is_month


class Origin(models.TextChoices):
    """Where an investor's money comes from."""

    ABROAD = "abroad", _("境外")
    PROVINCES = "provinces", _("省外")
    CITIES = "cities", _("省内市外")
    LOCAL = "local", _("市内")


class Rank(models.TextChoices):
    """The rank of the leader at the head of an activity."""

    CITY = "city", _("市级正职")
    DEPUTY_CITY = "deputy_city", _("副市级")
    COUNTY = "county", _("县处级")
    OTHER = "other", _("其他")


class Signing(Fact):
    """A project was agreed on; amounts in 分. ``industrial`` follows from the industry (GB/T 4754 sections B, C, D)."""

    class Chapter(models.TextChoices):
        OLD = "old", _("改造升级老字号")
        RAW = "raw", _("深度开发原字号")
        NEW = "new", _("培育壮大新字号")

    class Agreement(models.TextChoices):
        FORMAL = "formal", _("正式合同")
        FRAMEWORK = "framework", _("框架协议")

    project = models.CharField(_("项目编号"), max_length=32)
    name = models.CharField(_("项目名称"), max_length=120)
    investor = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("投资方")
    )
    contract_fen = models.BigIntegerField(_("合同额(分)"))
    investment_fen = models.BigIntegerField(_("总投资(分)"))
    chapter = models.CharField(_("三篇大文章"), max_length=4, choices=Chapter.choices)
    industry = models.ForeignKey(Industry, models.PROTECT, db_index=False, related_name="+", verbose_name=_("行业代码"))
    industrial = models.BooleanField(_("工业项目"))
    agreement = models.CharField(_("协议类型"), max_length=10, choices=Agreement.choices)
    origin = models.CharField(_("资金来源地"), max_length=10, choices=Origin.choices)

    class Meta(Fact.Meta):
        verbose_name = _("签约")
        verbose_name_plural = _("签约台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse an amount that is no amount, and an industrial mark that the industry does not bear out."""
        if values["contract_fen"] <= 0 or values["investment_fen"] <= 0:
            raise LedgerError("investment.amount", "合同额和总投资都必须大于零", "合同额")
        if values["industrial"] != is_industrial(values["industry_id"]):
            text = f"行业 {values['industry_id']} 与“工业项目”一栏不符(工业为 GB/T 4754 门类 B、C、D)"
            raise LedgerError("investment.industrial", text, "工业项目")


class Stage(Fact):
    """A project reached a stage; ``proof`` numbers the paper that the stage's gate asks for."""

    class Name(models.TextChoices):
        REGISTERED = "registered", _("注册")
        STARTED = "started", _("开工")
        PRODUCING = "producing", _("投产")
        ENDED = "ended", _("终止")

    project = models.CharField(_("项目编号"), max_length=32)
    stage = models.CharField(_("阶段"), max_length=10, choices=Name.choices)
    signed_on = models.DateField(_("签约日期"))
    proof = models.CharField(_("佐证编号"), max_length=64, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("项目阶段")
        verbose_name_plural = _("项目阶段台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a stage before the signing, and one without the paper of its gate (only an end needs none)."""
        if values["occurred_on"] < values["signed_on"]:
            raise LedgerError("investment.stage_before_signing", "到达日期早于签约日期,请核对", "发生日期")
        if not values["proof"] and values["stage"] != cls.Name.ENDED:
            raise LedgerError("investment.proof_missing", "注册、开工、投产都要登记佐证编号", "佐证编号")


class FundReceipt(Fact):
    """Money of a project that has arrived, by one proof: what was claimed and what was recognised of it, in 分."""

    class Proof(models.TextChoices):
        BANK = "bank", _("银行进账单")
        CAPITAL = "capital", _("验资报告")
        ASSETS = "assets", _("固定资产投资凭证")
        CUSTOMS = "customs", _("设备进口报关单")
        LAND = "land", _("土地出让金票据")

    project = models.CharField(_("项目编号"), max_length=32)
    month = models.CharField(_("认定月份"), max_length=7)
    claimed_fen = models.BigIntegerField(_("申报额(分)"))
    recognised_fen = models.BigIntegerField(_("认定额(分)"))
    proof_kind = models.CharField(_("凭证类型"), max_length=8, choices=Proof.choices)
    proof = models.CharField(_("凭证号"), max_length=64)
    origin = models.CharField(_("资金来源地"), max_length=10, choices=Origin.choices)

    class Meta(Fact.Meta):
        verbose_name = _("到位资金")
        verbose_name_plural = _("到位资金台账")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="investment_receipt_within_claim",
                condition=models.Q(recognised_fen__gte=0, recognised_fen__lte=models.F("claimed_fen")),
            ),
        ]

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse to recognise more than was claimed, local money, and a month that is not that of the arrival."""
        if not 0 <= values["recognised_fen"] <= values["claimed_fen"]:
            raise LedgerError("investment.recognised_too_much", "认定额不能为负,也不能超过申报额", "认定额")
        if values["origin"] == Origin.LOCAL and values["recognised_fen"]:
            raise LedgerError("investment.local_money", "市内资金不认定为到位资金,认定额应为 0", "认定额")
        if not is_month(values["month"]) or values["month"] < f"{values['occurred_on']:%Y-%m}":
            raise LedgerError("investment.month", "认定月份应写作 2021-06,且不早于资金到位的月份", "认定月份")


class Activity(Fact):
    """One activity to win investors (one 批次): a journey, a reception, a video meeting or a fair."""

    class Mode(models.TextChoices):
        OUTBOUND = "outbound", _("走出去")
        INBOUND = "inbound", _("请进来")
        VIDEO = "video", _("视频洽谈")
        FAIR = "fair", _("展会")

    activity = models.CharField(_("活动编号"), max_length=32)
    title = models.CharField(_("活动名称"), max_length=120)
    mode = models.CharField(_("活动方式"), max_length=8, choices=Mode.choices)
    rank = models.CharField(_("领导级别"), max_length=12, choices=Rank.choices)

    class Meta(Fact.Meta):
        verbose_name = _("招商活动")
        verbose_name_plural = _("招商活动台账")


class Contact(Fact):
    """An enterprise was met in an activity; ``rank`` repeats that of the activity so that one ledger answers."""

    class Result(models.TextChoices):
        LEAD = "lead", _("线索")
        TALKS = "talks", _("在谈")
        INTENT = "intent", _("达成意向")
        NONE = "none", _("暂无意向")

    activity = models.CharField(_("活动编号"), max_length=32)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("对接企业")
    )
    rank = models.CharField(_("领导级别"), max_length=12, choices=Rank.choices)
    result = models.CharField(_("对接结果"), max_length=8, choices=Result.choices)

    class Meta(Fact.Meta):
        verbose_name = _("企业对接")
        verbose_name_plural = _("企业对接台账")


class Duty(Fact):
    """Which of a unit's two leaders travels in a week (its Monday is ``occurred_on``); the other stays at home."""

    class Role(models.TextChoices):
        A = "a", _("A角")
        B = "b", _("B角")

    week = models.CharField(_("周次"), max_length=8)
    away = models.CharField(_("外出角色"), max_length=1, choices=Role.choices)

    class Meta(Fact.Meta):
        verbose_name = _("AB制排班")
        verbose_name_plural = _("AB制排班台账")
