"""What is recorded of policies and payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

DOCUMENT_NUMBER = RegexValidator(
    r"^[\u4e00-\u9fa5]{2,12}〔[12]\d{3}〕\d+号$", _("应如“某政发〔2021〕5号”,年份用六角括号〔〕")
)


class PolicyClass(models.TextChoices):
    """How an enterprise comes to the benefit."""

    APPLY = "apply", _("申报类")
    AUTOMATIC = "automatic", _("免申即享类")
    NOTICE = "notice", _("普惠告知类")


class Policy(Fact):
    """A policy in the register, from the day of its publication until it is withdrawn."""

    class Level(models.TextChoices):
        NATION = "nation", _("国家级")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")

    class Area(models.TextChoices):
        SUBSIDY = "subsidy", _("财政补贴")
        TAX = "tax", _("税费减免")
        FINANCE = "finance", _("融资支持")
        TALENT = "talent", _("人才支持")
        LAND = "land", _("用地保障")
        JOBS = "jobs", _("稳岗就业")
        SCIENCE = "science", _("科技创新")
        MARKET = "market", _("开拓市场")

    number = models.CharField(_("政策编号"), max_length=24)
    title = models.CharField(_("政策名称"), max_length=120)
    document = models.CharField(_("发文字号"), max_length=40, validators=[DOCUMENT_NUMBER])
    issuer = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("发文机关")
    )
    level = models.CharField(_("政策层级"), max_length=8, choices=Level.choices)
    area = models.CharField(_("政策领域"), max_length=8, choices=Area.choices)
    policy_class = models.CharField(_("类别"), max_length=12, choices=PolicyClass.choices)
    online_apply = models.BooleanField(_("在线申报"), default=False)
    online_approve = models.BooleanField(_("在线审批"), default=False)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("政策")
        verbose_name_plural = _("政策")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="policies_policy_online_only_if_applied_for",
                condition=models.Q(policy_class="apply") | models.Q(online_apply=False, online_approve=False),
            ),
        ]

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse online flags for what is not applied for, and a validity that ends before it begins."""
        online = values["online_apply"] or values["online_approve"]
        if online and values["policy_class"] != PolicyClass.APPLY:
            raise LedgerError("policies.not_applied_for", "只有申报类政策才有在线申报、在线审批,请核对类别", "类别")
        if values["valid_until"] is not None and values["valid_until"] < values["occurred_on"]:
            raise LedgerError("policies.validity", "有效期早于发布日期,请核对日期", "有效期至")


class Payment(Fact):
    """Money paid to an enterprise under a policy for one year."""

    policy_number = models.CharField(_("政策编号"), max_length=24)
    policy_class = models.CharField(_("类别"), max_length=12, choices=PolicyClass.choices)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    year = models.PositiveSmallIntegerField(_("兑现年度"))
    amount_fen = models.BigIntegerField(_("兑现金额"), validators=[MinValueValidator(1)])

    class Meta(Fact.Meta):
        verbose_name = _("政策兑现")
        verbose_name_plural = _("政策兑现")
        indexes = [*Fact.Meta.indexes, models.Index(fields=["enterprise"], name="policies_payment_firm")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="policies_payment_amount", condition=models.Q(amount_fen__gt=0)),
        ]
