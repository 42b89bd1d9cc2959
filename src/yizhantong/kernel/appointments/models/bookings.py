"""Appointments, and the pieces of windows' time that they hold."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments.models.places import Hall, Service, Window
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person


class Appointment(models.Model):
    """Somebody comes to a hall at a time: a person for himself, or for an organisation that he acts for.

    ``number`` (12 digits) is what one says at the hall. ``moves`` counts how often it was changed.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("已预约")
        ARRIVED = "arrived", _("已取号")
        SERVED = "served", _("已办理")
        CANCELLED = "cancelled", _("已取消")
        MISSED = "missed", _("未到")

    number = models.CharField(_("预约号"), max_length=12, unique=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", verbose_name=_("大厅"), db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("业务"), db_index=False)
    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("窗口"), db_index=False)
    start = models.DateTimeField(_("开始"))
    end = models.DateTimeField(_("结束"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("自然人"), db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("组织"), db_index=False
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", verbose_name=_("事项"), db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("办件"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.BOOKED)
    by_clerk = models.BooleanField(_("窗口代约"), default=False)
    booked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("预约人"), db_index=False
    )
    booked_at = models.DateTimeField(_("预约时间"))
    moves = models.PositiveSmallIntegerField(_("改期次数"), default=0)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    reason = models.CharField(_("取消原因"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = _("预约")
        constraints = [
            models.CheckConstraint(name="appointment_ends_after_start", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(
                name="appointment_is_somebodys", condition=Q(person__isnull=False) | Q(organisation__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "start", "id"], name="appointment_by_hall"),
            models.Index(fields=["person", "-start"], name="appointment_by_person", condition=Q(person__isnull=False)),
            models.Index(fields=["organisation", "-start"], name="appointment_by_firm", condition=Q(organisation__isnull=False)),
            models.Index(fields=["start", "id"], name="appointment_open", condition=Q(state="booked")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Change(models.Model):
    """That an appointment was moved or called off: by whom, when, why; ``after`` is the new start. Rows are only added.

    A clerk who changes what is not his own gives a reason, which the owner is told; ``account`` is None where the hall closed.
    """

    class Kind(models.TextChoices):
        MOVED = "moved", _("改期")
        CANCELLED = "cancelled", _("取消")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="changes", verbose_name=_("预约"))
    kind = models.CharField(_("变更"), max_length=9, choices=Kind.choices)
    account = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("变更人"), db_index=False
    )
    by_clerk = models.BooleanField(_("窗口办理"), default=False)
    at = models.DateTimeField(_("变更时间"))
    before = models.DateTimeField(_("原定开始"))
    after = models.DateTimeField(_("改后开始"), null=True)
    reason = models.CharField(_("原因"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("预约变更")
        verbose_name_plural = _("预约变更")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.kind} {self.at:%Y-%m-%d}"


class Seat(models.Model):
    """Five minutes of one window, held by an appointment; they exist once, or not at all (see ``slots``)."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="seats", verbose_name=_("预约"))
    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("窗口"), db_index=False)
    moment = models.DateTimeField(_("时刻"))

    class Meta:
        verbose_name = _("预约时段")
        verbose_name_plural = _("预约时段")
        constraints = [models.UniqueConstraint(fields=["window", "moment"], name="appointment_seat_once")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.moment}"
