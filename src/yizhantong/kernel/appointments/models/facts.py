"""Visits to halls as facts: without names, without numbers of tickets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.models import Fact


class Visit(Fact):
    """How one visit, or one that was expected, ended. Times are in seconds; 0 where nobody was served."""

    class Outcome(models.TextChoices):
        SERVED = "served", _("已办理")
        SKIPPED = "skipped", _("过号未归")
        LEFT = "left", _("离开")
        MISSED = "missed", _("预约未到")

    hall = models.CharField(_("大厅"), max_length=32)
    service = models.CharField(_("业务"), max_length=32)
    window = models.PositiveSmallIntegerField(_("窗口号"), default=0)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
    booked = models.BooleanField(_("预约"), default=False)
    priority = models.CharField(_("优先"), max_length=8, blank=True)
    waited = models.PositiveIntegerField(_("等候时间"), default=0)
    served = models.PositiveIntegerField(_("办理时间"), default=0)

    class Meta(Fact.Meta):
        verbose_name = _("到厅记录")
        verbose_name_plural = _("到厅记录")
