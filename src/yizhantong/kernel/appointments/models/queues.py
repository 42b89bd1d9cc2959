"""Tickets of a day's queue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments.models.bookings import Appointment
from yizhantong.kernel.appointments.models.places import Hall, Service, Window


class Counter(models.Model):
    """The last serial number of a service's tickets on a day; its row is locked while the next is drawn."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="+", verbose_name=_("业务"), db_index=False)
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = _("取号机")
        verbose_name_plural = _("取号机")
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="appointment_counter_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.day}: {self.last}"


class Ticket(models.Model):
    """One number of a hall's day. ``ranked_at`` is its place in the queue, ``key_digest`` lets its holder follow it without signing in.

    ``service`` is where it waits now, ``letter`` and ``serial`` are its name, which a transfer does not change.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等候")
        CALLED = "called", _("已叫号")
        SERVING = "serving", _("办理中")
        DONE = "done", _("已办完")
        SKIPPED = "skipped", _("过号")
        LEFT = "left", _("已离开")

    class Priority(models.TextChoices):
        NONE = "", _("无")
        BOOKED = "booked", _("预约")
        ELDER = "elder", _("老年人")
        DISABLED = "disabled", _("残疾人")
        PREGNANT = "pregnant", _("孕产妇")
        SOLDIER = "soldier", _("军人及优抚对象")

    AT_WINDOW = (State.CALLED, State.SERVING)

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", verbose_name=_("大厅"), db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("业务"), db_index=False)
    day = models.DateField(_("日期"))
    letter = models.CharField(_("字母"), max_length=1)
    serial = models.PositiveIntegerField(_("序号"))
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, related_name="tickets", verbose_name=_("预约")
    )
    priority = models.CharField(_("优先"), max_length=8, choices=Priority.choices, blank=True, default=Priority.NONE)
    taken_at = models.DateTimeField(_("取号时间"))
    ranked_at = models.DateTimeField(_("排队时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, related_name="+", verbose_name=_("窗口"), db_index=False
    )
    called_at = models.DateTimeField(_("叫号时间"), null=True)
    calls = models.PositiveSmallIntegerField(_("叫号次数"), default=0)
    served_at = models.DateTimeField(_("开始办理"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    served_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("窗口人员"), db_index=False
    )
    returns = models.PositiveSmallIntegerField(_("过号重排次数"), default=0)

    class Meta:
        verbose_name = _("票号")
        verbose_name_plural = _("票号")
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "letter", "serial"], name="appointment_ticket_number"),
            models.UniqueConstraint(fields=["window"], name="appointment_window_serves_one", condition=Q(state__in=["called", "serving"])),
            models.UniqueConstraint(fields=["appointment"], name="appointment_ticket_of_one", condition=Q(appointment__isnull=False)),
            models.CheckConstraint(
                name="appointment_called_to_a_window", condition=~Q(state__in=["called", "serving"]) | Q(window__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["hall", "day", "service", "ranked_at", "id"],
                name="appointment_queue",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["hall", "day", "-called_at"], name="appointment_board"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the ticket's name (A012)."""
        return f"{self.letter}{self.serial:03d}"
