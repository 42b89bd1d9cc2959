"""Payment in batches, what the bank said, money taken back, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.fields import SealedField
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.applications import Application


class PaymentBatch(models.Model):
    """Payments that go to the bank in one file: made by one person, approved by another, its file known by its digest."""

    class State(models.TextChoices):
        MADE = "made", _("待复核")
        APPROVED = "approved", _("已复核")
        SENT = "sent", _("已送银行")
        DONE = "done", _("已回单")
        DROPPED = "dropped", _("已作废")

    number = models.CharField(_("批次号"), max_length=20, unique=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("拨付单位"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.MADE)
    count = models.PositiveIntegerField(_("笔数"))
    total_fen = models.BigIntegerField(_("金额"))
    sha256 = models.CharField(_("文件摘要"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("制单时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("制单人")
    )
    approved_at = models.DateTimeField(_("复核时间"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    sent_at = models.DateTimeField(_("送银行时间"), null=True)

    class Meta:
        verbose_name = _("拨付批次")
        verbose_name_plural = _("拨付批次")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="policies_batch_two_persons",
                condition=Q(approved_by__isnull=True) | Q(made_by__isnull=True) | ~Q(approved_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="policies_batch_sent_with_digest", condition=Q(state__in=["made", "dropped"]) | ~Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """One payment of a batch; of one application at most one is on its way or done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待支付")
        PAID = "paid", _("支付成功")
        FAILED = "failed", _("支付失败")
        DROPPED = "dropped", _("已撤回")

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="lines", verbose_name=_("批次"))
    ordinal = models.PositiveIntegerField(_("序号"))
    application = models.ForeignKey(Application, models.PROTECT, related_name="lines", verbose_name=_("申报"))
    amount_fen = models.BigIntegerField(_("金额"))
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=80)
    number = SealedField(_("账号"))
    tail = models.CharField(_("尾号"), max_length=4)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    reference = models.CharField(_("银行流水号"), max_length=64, blank=True)
    reason = models.CharField(_("失败原因"), max_length=200, blank=True)
    settled_on = models.DateField(_("回单日期"), null=True)
    fact = models.BigIntegerField(_("兑现台账编号"), null=True)

    class Meta:
        verbose_name = _("拨付明细")
        verbose_name_plural = _("拨付明细")
        ordering = ["batch", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="policies_line_ordinal"),
            models.UniqueConstraint(
                fields=["application"], name="policies_line_one_on_its_way", condition=Q(state__in=["waiting", "paid"])
            ),
            models.CheckConstraint(name="policies_line_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="policies_line_failed_with_reason", condition=~Q(state="failed") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}-{self.ordinal}"


class BankReturn(models.Model):
    """A return file of the bank; the same file (by SHA-256) counts once."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="returns", verbose_name=_("批次"))
    name = models.CharField(_("文件名"), max_length=160)
    sha256 = models.CharField(_("文件摘要"), max_length=64, unique=True)
    paid = models.PositiveIntegerField(_("成功笔数"))
    failed = models.PositiveIntegerField(_("失败笔数"))
    unchanged = models.PositiveIntegerField(_("未变笔数"))
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )

    class Meta:
        verbose_name = _("银行回单")
        verbose_name_plural = _("银行回单")

    def __str__(self) -> str:
        return self.name


class Recovery(models.Model):
    """Money that is asked back 追回: decided with reason and law, received in whole; the ledger takes it back in red letters."""

    class State(models.TextChoices):
        DECIDED = "decided", _("待缴回")
        RECEIVED = "received", _("已缴回")
        LIFTED = "lifted", _("已撤销")

    application = models.ForeignKey(Application, models.PROTECT, related_name="recoveries", verbose_name=_("申报"))
    amount_fen = models.BigIntegerField(_("追回金额"))
    reason = models.CharField(_("理由"), max_length=300)
    law = models.CharField(_("依据"), max_length=200)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DECIDED)
    due_on = models.DateField(_("缴回期限"))
    decided_at = models.DateTimeField(_("决定时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    received_on = models.DateField(_("缴回日期"), null=True)
    reference = models.CharField(_("缴款凭证号"), max_length=64, blank=True)
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
