"""Money that leaves by a bank's file, as abstract models: a batch, its lines, the bank's return files, what is asked back.

A zone's models add what is paid (an application, an instalment) and from which money; the rules that hold everywhere are here: two
persons (财会〔2012〕21号第十五条), a file known by its digest from the approval on, a failure with its reason, a return file that counts once.
The file itself is made and read by :mod:`~yizhantong.kernel.files.bankfiles`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """Payments that go to the bank in one file: made by one person, approved by another, its file known by its digest; amounts in 分."""

    class State(models.TextChoices):
        MADE = "made", _("待复核")
        APPROVED = "approved", _("已复核")
        SENT = "sent", _("已送银行")
        DONE = "done", _("已回单")
        DROPPED = "dropped", _("已作废")

    number = models.CharField(_("批次号"), max_length=20, unique=True)
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
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_batch_two_persons",
                condition=Q(approved_by__isnull=True) | Q(made_by__isnull=True) | ~Q(approved_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_batch_sent_with_digest",
                condition=Q(state__in=["made", "dropped"]) | ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """One payment of a batch, to whom and how much in 分, and what the bank said of it.

    A zone's line has the key ``batch`` and the account number (sealed) that the file bears.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待支付")
        PAID = "paid", _("支付成功")
        FAILED = "failed", _("支付失败")
        DROPPED = "dropped", _("已撤回")

    ordinal = models.PositiveIntegerField(_("序号"))
    amount_fen = models.BigIntegerField(_("金额"))
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=80)
    tail = models.CharField(_("尾号"), max_length=4)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    reference = models.CharField(_("银行流水号"), max_length=64, blank=True)
    reason = models.CharField(_("失败原因"), max_length=200, blank=True)
    settled_on = models.DateField(_("回单日期"), null=True)

    class Meta:
        abstract = True
        ordering = ["batch", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "ordinal"], name="%(app_label)s_line_ordinal"),
            models.CheckConstraint(
                name="%(app_label)s_line_failed_with_reason", condition=~Q(state="failed") | ~Q(reason="")
            ),
        ]


class Return(models.Model):
    """A return file of the bank; the same file (by SHA-256) counts once."""

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
        abstract = True
        verbose_name = _("银行回单")
        verbose_name_plural = _("银行回单")

    def __str__(self) -> str:
        return self.name


class AskedBack(models.Model):
    """Money that is asked back 追回: decided with reason and law, received in whole; the ledger takes it back in red letters."""

    class State(models.TextChoices):
        DECIDED = "decided", _("待缴回")
        RECEIVED = "received", _("已缴回")
        LIFTED = "lifted", _("已撤销")

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

    class Meta:
        abstract = True
