"""Money for talents: a year's fund, what was granted, its instalments, the batches by which they are paid, what is asked back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.files import batches
from yizhantong.kernel.parties.fields import SealedField
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.models.facts import Category, Subsidy
from yizhantong.zones.talent.models.people import Talent


class Fund(models.Model):
    """One year's money for subsidies, in 分. ``held`` belongs to instalments that passed their check, ``paid`` has left; both
    together never exceed ``total``. What comes back goes to the treasury and is not spent again (预算法第四十二条, 待核)."""

    year = models.PositiveSmallIntegerField(_("预算年度"), unique=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    total_fen = models.BigIntegerField(_("下达额度"), default=0)
    held_fen = models.BigIntegerField(_("已预留"), default=0)
    paid_fen = models.BigIntegerField(_("已支付"), default=0)
    returned_fen = models.BigIntegerField(_("已追回"), default=0)

    class Meta:
        verbose_name = _("人才资金")
        verbose_name_plural = _("人才资金")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="talent_fund_never_exceeded",
                condition=Q(total_fen__gte=F("held_fen") + F("paid_fen"), held_fen__gte=0, paid_fen__gte=0)
                & Q(returned_fen__gte=0, returned_fen__lte=F("paid_fen")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def free_fen(self) -> int:
        """Return what instalments may still hold."""
        return self.total_fen - self.held_fen - self.paid_fen


class Award(models.Model):
    """A subsidy granted to a talent: the class of that day, the whole amount, the account that receives it (sealed)."""

    class State(models.TextChoices):
        ASKED = "asked", _("申请中")
        RUNNING = "running", _("发放中")
        FINISHED = "finished", _("已发完")
        STOPPED = "stopped", _("已停发")
        REFUSED = "refused", _("未获批")

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_award", verbose_name=_("办件"))
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="awards", verbose_name=_("人才"))
    kind = models.CharField(_("补贴种类"), max_length=8, choices=Subsidy.Kind.choices)
    category = models.CharField(_("人才类别"), max_length=1, choices=Category.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    total_fen = models.BigIntegerField(_("总额"), default=0)
    holder = models.CharField(_("户名"), max_length=120, blank=True)
    bank = models.CharField(_("开户银行"), max_length=80, blank=True)
    account_number = SealedField(_("账号"), blank=True)
    tail = models.CharField(_("尾号"), max_length=4, blank=True)
    granted_on = models.DateField(_("核准日期"), null=True)
    stopped_on = models.DateField(_("停发日期"), null=True)
    stopped_for = models.CharField(_("停发原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("人才补贴")
        verbose_name_plural = _("人才补贴")
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "kind"], name="talent_award_once", condition=~Q(state__in=["refused", "stopped"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.talent_id} {self.kind}"


class Instalment(models.Model):
    """One instalment: planned when granted, held once its year's check passed, paid by the bank's word; never paid twice."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待核查")
        READY = "ready", _("待拨付")
        PAID = "paid", _("已发放")
        CANCELLED = "cancelled", _("不再发放")

    award = models.ForeignKey(Award, models.PROTECT, related_name="instalments", verbose_name=_("补贴"))
    ordinal = models.PositiveSmallIntegerField(_("期次"))
    due_on = models.DateField(_("应发日期"))
    amount_fen = models.BigIntegerField(_("金额"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    fund = models.ForeignKey(Fund, models.PROTECT, null=True, related_name="instalments", verbose_name=_("资金"))
    paid_on = models.DateField(_("发放日期"), null=True)
    fact = models.BigIntegerField(_("补贴台账编号"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("补贴期次")
        verbose_name_plural = _("补贴期次")
        ordering = ["award", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["award", "ordinal"], name="talent_instalment_once"),
            models.CheckConstraint(name="talent_instalment_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="talent_instalment_paid_by_fund",
                condition=~Q(state__in=["ready", "paid"]) | Q(fund__isnull=False) | Q(fact__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="talent_instalment_due")]

    def __str__(self) -> str:
        return f"{self.award_id}-{self.ordinal}"


class PayBatch(batches.Batch):
    """Instalments of one year's fund that go to the bank in one file."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="batches", verbose_name=_("资金"))

    class Meta(batches.Batch.Meta):
        verbose_name = _("补贴批次")
        verbose_name_plural = _("补贴批次")


class PayLine(batches.Line):
    """One instalment in a batch; of one instalment at most one line is on its way or done."""

    batch = models.ForeignKey(PayBatch, models.PROTECT, related_name="lines", verbose_name=_("批次"))
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="lines", verbose_name=_("期次"))
    account_number = SealedField(_("账号"))

    class Meta(batches.Line.Meta):
        verbose_name = _("补贴拨付明细")
        verbose_name_plural = _("补贴拨付明细")
        constraints = [
            *batches.Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["instalment"], name="talent_line_one_on_its_way", condition=Q(state__in=["waiting", "paid"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.ordinal}"


class PayReturn(batches.Return):
    """A return file of the bank for one batch."""

    batch = models.ForeignKey(PayBatch, models.PROTECT, related_name="returns", verbose_name=_("批次"))


class Reclaim(batches.AskedBack):
    """A paid instalment that is asked back."""

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="reclaims", verbose_name=_("期次"))

    class Meta:
        verbose_name = _("补贴追回")
        verbose_name_plural = _("补贴追回")
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], name="talent_reclaim_once", condition=Q(state__in=["decided", "received"])
            ),
            models.CheckConstraint(name="talent_reclaim_reasoned", condition=~Q(reason="") & ~Q(law="")),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id}"
