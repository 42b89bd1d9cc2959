"""Halls, their windows and services, when they are open."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation


class Hall(models.Model):
    """A place with windows. ``grid`` is the shortest stretch in minutes: windows are booked in whole pieces of it.

    ``ahead`` is how many days ahead one may book, ``notice`` until how many minutes before the start an appointment may be booked or called off.
    """

    code = models.SlugField(_("代码"), max_length=32, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("管理单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    address = models.CharField(_("地址"), max_length=120)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    grid = models.PositiveSmallIntegerField(
        _("最小时段(分钟)"), default=10, validators=[MinValueValidator(5), MaxValueValidator(60)]
    )
    ahead = models.PositiveSmallIntegerField(
        _("可提前预约天数"), default=14, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    notice = models.PositiveSmallIntegerField(_("最晚提前(分钟)"), default=60, validators=[MaxValueValidator(2880)])
    active = models.BooleanField(_("启用"), default=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("大厅")
        verbose_name_plural = _("大厅")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="appointment_hall_grid", condition=Q(grid__in=[5, 10, 15, 20, 30, 60]))
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What is done at windows of a hall, in ``minutes``; tickets of it begin with ``letter``. ``items`` are those that it serves."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="services", verbose_name=_("大厅"))
    code = models.SlugField(_("代码"), max_length=32)
    name = models.CharField(_("名称"), max_length=60)
    letter = models.CharField(_("票号字母"), max_length=1, validators=[RegexValidator("^[A-Z]$")])
    minutes = models.PositiveSmallIntegerField(
        _("每人用时(分钟)"), default=20, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    items = models.ManyToManyField(Item, related_name="+", blank=True, verbose_name=_("事项"))
    bookable = models.BooleanField(_("可预约"), default=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("窗口业务")
        verbose_name_plural = _("窗口业务")
        ordering = ["hall", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="appointment_service_code"),
            models.UniqueConstraint(fields=["hall", "letter"], name="appointment_service_letter"),
        ]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """One window: what it serves, and whether it takes appointments (the others serve the queue alone)."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows", verbose_name=_("大厅"))
    number = models.PositiveSmallIntegerField(_("窗口号"), validators=[MinValueValidator(1), MaxValueValidator(999)])
    services = models.ManyToManyField(Service, related_name="windows", verbose_name=_("业务"))
    bookable = models.BooleanField(_("接受预约"), default=True)
    active = models.BooleanField(_("启用"), default=True)
    clerk = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("值班人员"))
    staffed_at = models.DateTimeField(_("上岗时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("窗口")
        verbose_name_plural = _("窗口")
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="appointment_window_number"),
            models.UniqueConstraint(fields=["clerk"], name="appointment_clerk_at_one_window", condition=Q(clerk__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}"


class Hours(models.Model):
    """A stretch of a weekday (1 Monday … 7 Sunday) on which a hall is open. A weekend day that is worked by the calendar goes by Friday's hours."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="hours", verbose_name=_("大厅"))
    weekday = models.PositiveSmallIntegerField(_("星期"), validators=[MinValueValidator(1), MaxValueValidator(7)])
    start = models.TimeField(_("开始"))
    end = models.TimeField(_("结束"))

    class Meta:
        verbose_name = _("开放时间")
        verbose_name_plural = _("开放时间")
        ordering = ["hall", "weekday", "start"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "weekday", "start"], name="appointment_hours_once"),
            models.CheckConstraint(
                name="appointment_hours_order", condition=Q(start__lt=F("end"), weekday__range=(1, 7))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start:%H:%M}-{self.end:%H:%M}"


class Closure(models.Model):
    """A day on which a hall is closed for a reason of its own."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="closures", verbose_name=_("大厅"))
    day = models.DateField(_("日期"))
    reason = models.CharField(_("原因"), max_length=100)

    class Meta:
        verbose_name = _("停办日")
        verbose_name_plural = _("停办日")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="appointment_closure_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
