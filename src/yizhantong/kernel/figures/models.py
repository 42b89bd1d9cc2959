"""What is recorded of published figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division


class Snapshot(models.Model):
    """A figure as it was published: its value, what was counted, and the seals over the facts. Append-only by triggers.

    ``raw`` is the exact value as text (``35904000000000`` or ``28/45``; empty: no value), ``shown`` as printed.
    ``declaration`` holds the figures as they were declared (a ratio, then its parts), enough to count again;
    ``definition`` says the same in words (口径). ``seal`` names for each ledger the last segment: ``number``, its chained
    ``seal``, the ``head`` over all seals up to it, and ``last_id``, the last fact that was counted.
    """

    figure = models.CharField(_("数据代码"), max_length=80)
    label = models.CharField(_("名称"), max_length=80)
    raw = models.CharField(_("精确值"), max_length=120, blank=True)
    shown = models.CharField(_("公布值"), max_length=60)
    unit = models.CharField(_("单位"), max_length=20)
    as_of = models.DateField(_("截至日期"))
    period_start = models.DateField(_("起始日期"), null=True, blank=True)
    period_end = models.DateField(_("终止日期"))
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区划")
    )
    definition_version = models.CharField(_("口径版本"), max_length=12)
    definition = models.TextField(_("口径"))
    declaration = models.JSONField(_("定义"))
    seal = models.JSONField(_("封印"))
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("数据快照")
        verbose_name_plural = _("数据快照")
        ordering = ["-id"]
        indexes = [models.Index(fields=["figure", "as_of", "id"], name="figures_snapshot_figure")]

    def __str__(self) -> str:
        return f"{self.figure} {self.as_of}: {self.shown}{self.unit}"
