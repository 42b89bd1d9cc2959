"""Job fairs 招聘会: booths, employers, visitors who check in by a code, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.models import Organisation, Person


class Fair(models.Model):
    """One fair: where and when, how many booths and visitors it holds."""

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备中")
        OPEN = "open", _("报名中")
        CLOSED = "closed", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    code = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    place = models.CharField(_("地点"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    booths = models.PositiveSmallIntegerField(_("展位数"))
    capacity = models.PositiveIntegerField(_("可容人数"))
    visitors = models.PositiveIntegerField(_("报名人数"), default=0)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)

    class Meta:
        verbose_name = _("招聘会")
        verbose_name_plural = _("招聘会")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(name="talent_fair_hours", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="talent_fair_capacity", condition=Q(visitors__lte=F("capacity"))),
        ]

    def __str__(self) -> str:
        return self.title


class Booth(models.Model):
    """An employer's booth at a fair, with what came of it: resumes taken, intentions, people hired."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="taken", verbose_name=_("招聘会"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    number = models.PositiveSmallIntegerField(_("展位号"))
    posts = models.PositiveSmallIntegerField(_("岗位数"), default=0)
    openings = models.PositiveSmallIntegerField(_("招聘人数"), default=0)
    checked_in_at = models.DateTimeField(_("签到时间"), null=True)
    resumes = models.PositiveSmallIntegerField(_("收到简历"), null=True)
    intentions = models.PositiveSmallIntegerField(_("达成意向"), null=True)
    hired = models.PositiveSmallIntegerField(_("录用"), null=True)
    cancelled = models.BooleanField(_("已取消"), default=False)

    class Meta:
        verbose_name = _("展位")
        verbose_name_plural = _("展位")
        ordering = ["fair", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "number"], name="talent_booth_number", condition=Q(cancelled=False)
            ),
            models.UniqueConstraint(
                fields=["fair", "employer"], name="talent_booth_employer", condition=Q(cancelled=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} {self.number}"


class Visitor(models.Model):
    """A person who comes to a fair; the ``ticket`` stands in the QR code that is shown at the door."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="people", verbose_name=_("招聘会"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("求职者"))
    ticket = models.CharField(_("入场码"), max_length=32, unique=True)
    registered_at = models.DateTimeField(_("报名时间"))
    checked_in_at = models.DateTimeField(_("签到时间"), null=True)

    class Meta:
        verbose_name = _("招聘会求职者")
        verbose_name_plural = _("招聘会求职者")
        constraints = [models.UniqueConstraint(fields=["fair", "person"], name="talent_visitor_once")]

    def __str__(self) -> str:
        return self.ticket
