"""What is recorded of the insurance of rural houses; ``division`` is the household's village; amounts in 分."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

PSEUDONYM = RegexValidator(r"^H[0-9A-F]{12}$", _("户代码应为 H 加 12 位十六进制字符,不得填写姓名或证件号"))
PAYMENT_DAYS = 10
"""Days from agreement to payment: Insurance Law art. 23."""


class Cause(models.TextChoices):
    """What a disaster was."""

    FLOOD = "flood", _("洪涝")
    WIND = "wind", _("风灾")
    HAIL = "hail", _("冰雹")
    FIRE = "fire", _("火灾")
    EARTHQUAKE = "earthquake", _("地震")
    OTHER = "other", _("其他")


class Cover(Fact):
    """A cover of a year's policy and its limit for each household."""

    class Kind(models.TextChoices):
        HOUSE = "house", _("农村房屋保险")
        EARTHQUAKE = "earthquake", _("地震财产损失保险")
        CONTENTS = "contents", _("家庭财产损失保险")

    year = models.IntegerField(_("保险年度"))
    kind = models.CharField(_("险种"), max_length=10, choices=Kind.choices)
    limit_fen = models.BigIntegerField(_("分项限额(分)"))

    class Meta(Fact.Meta):
        verbose_name = _("承保险种")
        verbose_name_plural = _("承保险种登记")


class Policy(Fact):
    """A household is insured for a year; the government pays what the household does not."""

    class Group(models.TextChoices):
        ALLOWANCE = "allowance", _("农村低保户")
        SUPPORTED = "supported", _("分散供养特困人员")

    household = models.CharField(_("户代码"), max_length=13, validators=[PSEUDONYM])
    year = models.IntegerField(_("保险年度"))
    group = models.CharField(_("保障类型"), max_length=9, choices=Group.choices)
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("承保机构")
    )
    premium_fen = models.IntegerField(_("保费(分)"))
    farmer_fen = models.IntegerField(_("农户自缴(分)"))
    subsidy_fen = models.IntegerField(_("财政承担(分)"))
    insured_fen = models.BigIntegerField(_("保额(分)"))
    ends_on = models.DateField(_("到期日"))

    class Meta(Fact.Meta):
        verbose_name = _("参保农户")
        verbose_name_plural = _("参保农户登记")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a premium that is not paid in full by somebody, and a policy that ends before it begins."""
        if min(values["farmer_fen"], values["subsidy_fen"]) < 0 or values["insured_fen"] <= 0:
            raise LedgerError("insurance.amount", "保额应大于零,自缴和财政承担不能为负", "保额")
        if values["farmer_fen"] + values["subsidy_fen"] != values["premium_fen"]:
            raise LedgerError("insurance.premium", "农户自缴与财政承担之和应等于保费", "保费")
        if values["ends_on"] <= values["occurred_on"]:
            raise LedgerError("insurance.period", "到期日应晚于起保日期", "到期日")


class Disaster(Fact):
    """A disaster, by the day on which it began; ``division`` is the area concerned."""

    disaster = models.CharField(_("灾害编号"), max_length=16)
    name = models.CharField(_("灾害名称"), max_length=60)
    cause = models.CharField(_("灾因"), max_length=10, choices=Cause.choices)

    class Meta(Fact.Meta):
        verbose_name = _("灾害事件")
        verbose_name_plural = _("灾害事件登记")


class Claim(Fact):
    """A household reported a loss on ``occurred_on``, suffered on ``lost_on``."""

    claim = models.CharField(_("报案号"), max_length=32)
    household = models.CharField(_("户代码"), max_length=13, validators=[PSEUDONYM])
    year = models.IntegerField(_("保险年度"))
    disaster = models.CharField(_("灾害编号"), max_length=16)
    cover = models.CharField(_("险种"), max_length=10, choices=Cover.Kind.choices)
    lost_on = models.DateField(_("出险日期"))

    class Meta(Fact.Meta):
        verbose_name = _("报案")
        verbose_name_plural = _("报案台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a loss that was reported before it happened."""
        if values["occurred_on"] < values["lost_on"]:
            raise LedgerError("insurance.reported_before_loss", "报案日期早于出险日期,请核对", "发生日期")


class Assessment(Fact):
    """A claim was assessed: what the loss comes to, or why nothing is due."""

    class Verdict(models.TextChoices):
        DUE = "due", _("予以赔付")
        REFUSED = "refused", _("不予赔付")

    claim = models.CharField(_("报案号"), max_length=32)
    verdict = models.CharField(_("核定结论"), max_length=8, choices=Verdict.choices)
    assessed_fen = models.BigIntegerField(_("定损额(分)"))
    reason = models.CharField(_("拒赔理由"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("定损")
        verbose_name_plural = _("定损台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a refusal without a reason (Insurance Law art. 24), and a verdict at odds with its amount."""
        refused = values["verdict"] == cls.Verdict.REFUSED
        if refused and not values["reason"]:
            raise LedgerError("insurance.reason_missing", "不予赔付须写明理由(保险法第二十四条)", "拒赔理由")
        if refused != (values["assessed_fen"] == 0) or values["assessed_fen"] < 0:
            raise LedgerError("insurance.assessed", "予以赔付的定损额应大于零,不予赔付的为零", "定损额")


class Payment(Fact):
    """Money was paid for a claim; ``days`` counts from the report of the loss to the payment."""

    payment = models.CharField(_("赔付号"), max_length=32)
    claim = models.CharField(_("报案号"), max_length=32)
    household = models.CharField(_("户代码"), max_length=13, validators=[PSEUDONYM])
    year = models.IntegerField(_("保险年度"))
    disaster = models.CharField(_("灾害编号"), max_length=16)
    cause = models.CharField(_("灾因"), max_length=10, choices=Cause.choices)
    paid_fen = models.BigIntegerField(_("赔付额(分)"))
    days = models.IntegerField(_("报案到赔付天数"))

    class Meta(Fact.Meta):
        verbose_name = _("赔付")
        verbose_name_plural = _("赔付台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a payment of nothing."""
        if values["paid_fen"] <= 0 or values["days"] < 0:
            raise LedgerError("insurance.paid", "赔付额应大于零,天数不能为负", "赔付额")
