"""Money that policies are paid from, and places that are limited: nothing here can be overdrawn, the database refuses."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.documents import PolicyCard


class Budget(models.Model):
    """One year's money for some cards, in 分. ``reserved`` is promised by approval, ``committed`` since the public notice
    ended, ``paid`` has left; the three together never exceed ``total``. What is recovered goes to the treasury and is not
    spent again. It cannot be carried over into another year (预算法第四条、第四十二条, 待核)."""

    code = models.SlugField(_("资金代码"), max_length=32, unique=True)
    name = models.CharField(_("资金名称"), max_length=80)
    year = models.PositiveSmallIntegerField(_("预算年度"))
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    total_fen = models.BigIntegerField(_("下达额度"), default=0)
    reserved_fen = models.BigIntegerField(_("已预留"), default=0)
    committed_fen = models.BigIntegerField(_("已承诺"), default=0)
    paid_fen = models.BigIntegerField(_("已支付"), default=0)
    recovered_fen = models.BigIntegerField(_("已追回"), default=0)

    class Meta:
        verbose_name = _("政策资金")
        verbose_name_plural = _("政策资金")
        ordering = ["-year", "code"]
        constraints = [
            models.CheckConstraint(
                name="policies_budget_never_exceeded",
                condition=Q(total_fen__gte=F("reserved_fen") + F("committed_fen") + F("paid_fen")),
            ),
            models.CheckConstraint(
                name="policies_budget_never_negative",
                condition=Q(total_fen__gte=0, reserved_fen__gte=0, committed_fen__gte=0, paid_fen__gte=0)
                & Q(recovered_fen__gte=0, recovered_fen__lte=F("paid_fen")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}({self.year})"

    @property
    def free_fen(self) -> int:
        """Return what may still be reserved."""
        return self.total_fen - self.reserved_fen - self.committed_fen - self.paid_fen

    def share(self, part: str) -> float:
        """Return ``reserved``, ``committed``, ``paid`` or ``free`` as a share of the total, in percent with one decimal."""
        return round(100 * getattr(self, f"{part}_fen") / self.total_fen, 1) if self.total_fen else 0.0


class BudgetEntry(Fact):
    """One movement of a budget. The totals of :class:`Budget` can be recomputed from these facts at any time."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("额度下达")
        RESERVE = "reserve", _("预留")
        RELEASE = "release", _("释放预留")
        COMMIT = "commit", _("承诺")
        CANCEL = "cancel", _("撤销承诺")
        PAY = "pay", _("支付")
        RECOVER = "recover", _("追回")

    budget_code = models.CharField(_("资金代码"), max_length=32)
    year = models.PositiveSmallIntegerField(_("预算年度"))
    kind = models.CharField(_("变动"), max_length=8, choices=Kind.choices)
    amount_fen = models.BigIntegerField(_("金额"), validators=[MinValueValidator(1)])
    policy_number = models.CharField(_("政策编号"), max_length=24, blank=True)
    case_number = models.CharField(_("办件编号"), max_length=32, blank=True)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("企业")
    )

    class Meta(Fact.Meta):
        verbose_name = _("资金变动")
        verbose_name_plural = _("资金变动")
        indexes = [*Fact.Meta.indexes, models.Index(fields=["budget_code"], name="policies_entry_budget")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="policies_entry_amount", condition=Q(amount_fen__gt=0)),
        ]


class Quota(models.Model):
    """How many may have a card in one year, and how many have it."""

    card = models.ForeignKey(PolicyCard, models.PROTECT, related_name="quotas", verbose_name=_("政策卡"))
    year = models.PositiveSmallIntegerField(_("年度"))
    total = models.PositiveIntegerField(_("名额"))
    taken = models.PositiveIntegerField(_("已用"), default=0)

    class Meta:
        verbose_name = _("名额")
        verbose_name_plural = _("名额")
        constraints = [
            models.UniqueConstraint(fields=["card", "year"], name="policies_quota_of_year"),
            models.CheckConstraint(name="policies_quota_never_exceeded", condition=Q(taken__lte=F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.year}"
