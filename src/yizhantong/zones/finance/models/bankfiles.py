"""Files in which banks report drawdowns, and what became of each line."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation


class BankFile(models.Model):
    """One import of a bank's file; the same file again is a new import that changes nothing."""

    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("银行"))
    name = models.CharField(_("文件名"), max_length=160)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    recorded = models.PositiveIntegerField(_("新登记"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    reversed = models.PositiveIntegerField(_("红字冲销"), default=0)
    failed = models.PositiveIntegerField(_("有误"), default=0)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )

    class Meta:
        verbose_name = _("银行放款文件")
        verbose_name_plural = _("银行放款文件")
        ordering = ["-id"]
        indexes = [models.Index(fields=["bank", "-id"], name="finance_file_bank")]

    def __str__(self) -> str:
        return self.name


class BankFileLine(models.Model):
    """One line of a file: what it said (as text, as far as it could be read) and what became of it."""

    class Result(models.TextChoices):
        RECORDED = "recorded", _("已登记")
        UNCHANGED = "unchanged", _("已登记过,未改动")
        REVERSED = "reversed", _("已冲销")
        FAILED = "failed", _("有误")

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="lines", verbose_name=_("文件"))
    line = models.PositiveIntegerField(_("行号"))
    reference = models.CharField(_("放款凭证号"), max_length=64, blank=True)
    credit_number = models.CharField(_("授信编号"), max_length=64, blank=True)
    amount = models.CharField(_("金额"), max_length=40, blank=True)
    result = models.CharField(_("结果"), max_length=9, choices=Result.choices)
    code = models.CharField(_("错误代码"), max_length=48, blank=True)
    text = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("银行放款文件明细")
        verbose_name_plural = _("银行放款文件明细")
        ordering = ["file", "line"]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"
