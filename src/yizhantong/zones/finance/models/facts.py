"""What is recorded of needs, credit and drawdowns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

BASIS_POINTS = 10_000
"""How many basis points one whole is."""


def interest_of(amount_fen: int, rate_bp: int) -> int:
    """Return the simple interest of one year in 分, half a 分 rounded up."""
    return (2 * amount_fen * rate_bp + BASIS_POINTS) // (2 * BASIS_POINTS)


class Need(Fact):
    """A financing need that an enterprise publishes."""

    class Purpose(models.TextChoices):
        WORKING = "working", _("流动资金")
        FIXED = "fixed", _("固定资产投资")
        UPGRADE = "upgrade", _("技术改造")
        TRADE = "trade", _("贸易")

    class Guarantee(models.TextChoices):
        CREDIT = "credit", _("信用")
        SURETY = "surety", _("保证")
        MORTGAGE = "mortgage", _("抵押")
        PLEDGE = "pledge", _("质押")
        PATENT = "patent", _("知识产权质押")
        FARM = "farm", _("农业担保")

    number = models.CharField(_("需求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    amount_fen = models.BigIntegerField(_("需求金额"), validators=[MinValueValidator(1)])
    term_months = models.PositiveSmallIntegerField(_("期限月数"), validators=[MinValueValidator(1)])
    purpose = models.CharField(_("资金用途"), max_length=8, choices=Purpose.choices)
    guarantee = models.CharField(_("担保方式"), max_length=8, choices=Guarantee.choices)
    first_loan = models.BooleanField(_("首贷"), default=False)

    class Meta(Fact.Meta):
        verbose_name = _("融资需求")
        verbose_name_plural = _("融资需求")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="finance_need_amount", condition=models.Q(amount_fen__gt=0, term_months__gt=0)),
        ]


class Credit(Fact):
    """Credit that a bank grants against a need."""

    number = models.CharField(_("授信编号"), max_length=24)
    need_number = models.CharField(_("需求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    bank = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("银行"))
    amount_fen = models.BigIntegerField(_("授信金额"), validators=[MinValueValidator(1)])
    rate_bp = models.PositiveSmallIntegerField(_("年利率"), help_text=_("基点,435 即 4.35%"))
    term_months = models.PositiveSmallIntegerField(_("期限月数"), validators=[MinValueValidator(1)])

    class Meta(Fact.Meta):
        verbose_name = _("授信")
        verbose_name_plural = _("授信")
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["need_number"], name="finance_credit_need"),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="finance_credit_amount",
                condition=models.Q(amount_fen__gt=0, term_months__gt=0, rate_bp__lt=BASIS_POINTS),
            ),
        ]


class Drawdown(Fact):
    """Money that a bank pays out under a credit; ``reference`` is the bank's own and unique within the bank.

    ``interest_fen`` is the interest of one year on the amount, rounded to a 分.
    """

    reference = models.CharField(_("放款凭证号"), max_length=32)
    credit_number = models.CharField(_("授信编号"), max_length=24)
    need_number = models.CharField(_("需求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    bank = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("银行"))
    amount_fen = models.BigIntegerField(_("放款金额"), validators=[MinValueValidator(1)])
    rate_bp = models.PositiveSmallIntegerField(_("年利率"), help_text=_("基点,435 即 4.35%"))
    interest_fen = models.BigIntegerField(_("年利息"))
    guarantee = models.CharField(_("担保方式"), max_length=8, choices=Need.Guarantee.choices)
    first_loan = models.BooleanField(_("首贷"), default=False)

    class Meta(Fact.Meta):
        verbose_name = _("放款")
        verbose_name_plural = _("放款")
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["credit_number"], name="finance_drawdown_credit"),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="finance_drawdown_amount", condition=models.Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="finance_drawdown_interest",
                condition=models.Q(
                    GreaterThanOrEqual(
                        F("interest_fen") * BASIS_POINTS, F("amount_fen") * F("rate_bp") - BASIS_POINTS // 2
                    )
                )
                & models.Q(
                    LessThanOrEqual(
                        F("interest_fen") * BASIS_POINTS, F("amount_fen") * F("rate_bp") + BASIS_POINTS // 2
                    )
                ),
            ),
        ]

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse an interest that is not the amount at its rate."""
        wanted = interest_of(values["amount_fen"], values["rate_bp"])
        if values["interest_fen"] != wanted:
            raise LedgerError("finance.interest", f"年利息应为放款金额 × 年利率,即 {wanted / 100:.2f} 元", "年利息")
