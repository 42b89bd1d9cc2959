"""Payment in batches, what the bank said, money taken back, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.files import batches
from yizhantong.kernel.parties.fields import SealedField
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.applications import Application


class PaymentBatch(batches.Batch):
    """Payments of an office's money that go to the bank in one file."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("拨付单位"))

    class Meta(batches.Batch.Meta):
        verbose_name = _("拨付批次")
        verbose_name_plural = _("拨付批次")


class PaymentLine(batches.Line):
    """One payment of a batch; of one application at most one is on its way or done."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="lines", verbose_name=_("批次"))
    application = models.ForeignKey(Application, models.PROTECT, related_name="lines", verbose_name=_("申报"))
    number = SealedField(_("账号"))
    fact = models.BigIntegerField(_("兑现台账编号"), null=True)

    class Meta(batches.Line.Meta):
        verbose_name = _("拨付明细")
        verbose_name_plural = _("拨付明细")
        constraints = [
            *batches.Line.Meta.constraints,
            models.UniqueConstraint(
                fields=["application"], name="policies_line_one_on_its_way", condition=Q(state__in=["waiting", "paid"])
            ),
            models.CheckConstraint(name="policies_line_amount", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.ordinal}"


class BankReturn(batches.Return):
    """A return file of the bank for one batch."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="returns", verbose_name=_("批次"))


class Recovery(batches.AskedBack):
    """Money of an application that is asked back, as often as need be reminded."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="recoveries", verbose_name=_("申报"))
    amount_fen = models.BigIntegerField(_("追回金额"))
    reminded = models.PositiveSmallIntegerField(_("已提醒次数"), default=0)

    class Meta:
        verbose_name = _("资金追回")
        verbose_name_plural = _("资金追回")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], name="policies_recovery_one_open", condition=Q(state="decided")
            ),
            models.CheckConstraint(
                name="policies_recovery_reasoned", condition=Q(amount_fen__gt=0) & ~Q(reason="") & ~Q(law="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount_fen}"


class FollowUp(models.Model):
    """What the enterprise reports of results after it was paid 绩效填报; ``metrics`` as the card asks, ``values`` as given."""

    class State(models.TextChoices):
        OPEN = "open", _("待填报")
        REPORTED = "reported", _("待核实")
        CHECKED = "checked", _("已核实")

    application = models.ForeignKey(Application, models.PROTECT, related_name="follow_ups", verbose_name=_("申报"))
    period = models.CharField(_("报告期"), max_length=20)
    metrics = models.JSONField(_("指标"), default=list)
    values = models.JSONField(_("填报值"), default=dict)
    explanation = models.CharField(_("说明"), max_length=1000, blank=True)
    due_on = models.DateField(_("填报期限"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    reported_at = models.DateTimeField(_("填报时间"), null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("填报人")
    )
    checked_at = models.DateTimeField(_("核实时间"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    met = models.BooleanField(_("达到目标"), null=True)
    reminded = models.PositiveSmallIntegerField(_("已提醒次数"), default=0)

    class Meta:
        verbose_name = _("绩效填报")
        verbose_name_plural = _("绩效填报")
        constraints = [
            models.UniqueConstraint(fields=["application", "period"], name="policies_follow_up_once"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="policies_follow_up_due")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.period}"


class OptOut(models.Model):
    """An enterprise that wants no pushed policies."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    since = models.DateTimeField(_("起"))
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("不接收政策推送")
        verbose_name_plural = _("不接收政策推送")

    def __str__(self) -> str:
        return str(self.organisation_id)


class Push(models.Model):
    """A policy told to an enterprise that matches it: once for each version of its item."""

    card = models.ForeignKey("policies.PolicyCard", models.PROTECT, related_name="pushes", verbose_name=_("政策卡"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"))
    version = models.PositiveIntegerField(_("事项版本"))
    pushed_at = models.DateTimeField(_("推送时间"))
    told = models.PositiveSmallIntegerField(_("收到的账号数"), default=0)

    class Meta:
        verbose_name = _("政策推送")
        verbose_name_plural = _("政策推送")
        constraints = [
            models.UniqueConstraint(fields=["card", "organisation", "version"], name="policies_push_once"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.organisation_id}"
