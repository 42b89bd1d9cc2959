"""What is recorded of drafts and briefs."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def _key() -> str:
    return secrets.token_urlsafe(9)


class Check(models.Model):
    """One draft as it was checked: the text, the day as of which it was compared, and everything that was found."""

    key = models.CharField(max_length=16, unique=True, default=_key, editable=False)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("稿件"))
    kind = models.CharField(_("格式"), max_length=8)
    as_of = models.DateField(_("数据截至"))
    with_ledger = models.BooleanField(_("对照台账"), default=True)
    result = models.JSONField(_("核对结果"))
    created_at = models.DateTimeField(_("核对时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="checks", verbose_name=_("核对人")
    )

    class Meta:
        verbose_name = _("稿件核对")
        verbose_name_plural = _("稿件核对")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Brief(models.Model):
    """A brief written from figures: its current wording is its newest version."""

    code = models.SlugField(_("代码"), max_length=64, unique=True)
    section = models.CharField(_("专区"), max_length=32)
    position = models.PositiveSmallIntegerField(_("次序"), default=100)
    on_front = models.BooleanField(_("上头版"), default=False)

    class Meta:
        verbose_name = _("简报")
        verbose_name_plural = _("简报")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class BriefVersion(models.Model):
    """One wording of a brief: headline and body hold figures in braces, such as ``{investment.signed_count}``."""

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="versions", verbose_name=_("简报"))
    number = models.PositiveIntegerField(_("版次"))
    headline = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"))
    headline_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    body_en = models.TextField(_("英文正文"), blank=True)
    written_at = models.DateTimeField(_("修改时间"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("修改人")
    )

    class Meta:
        verbose_name = _("简报版本")
        verbose_name_plural = _("简报版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["brief", "number"], name="brief_version_once")]

    def __str__(self) -> str:
        return f"{self.brief} v{self.number}"
