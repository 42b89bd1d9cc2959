"""What is recorded of jobs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One call of a task, from being enqueued to its end.

    ``task`` is the dotted path of the function, ``given`` its arguments as JSON (``{"args": [], "kwargs": {}}``).
    ``slot`` is set for periodic tasks only and is unique: of many workers one enqueues the slot.
    Whoever holds ``lease`` (a word made anew at each claim) until ``lease_until`` may end the job, nobody else.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("执行中")
        DONE = "done", _("完成")
        DEAD = "dead", _("失败")

    task = models.CharField(_("任务"), max_length=200)
    given = models.JSONField(_("参数"))
    priority = models.SmallIntegerField(_("优先级"), default=0)
    slot = models.CharField(_("时段"), max_length=250, null=True, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    enqueued_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    run_after = models.DateTimeField(_("最早执行时间"), default=timezone.now)
    attempts = models.SmallIntegerField(_("已试次数"), default=0)
    lease = models.CharField(max_length=64, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(_("租约到期"), null=True, editable=False)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    error = models.TextField(_("最近一次错误"), blank=True, default="")
    value = models.JSONField(_("返回值"), null=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        indexes = [
            models.Index(fields=["-priority", "run_after", "id"], name="job_waiting", condition=Q(state="waiting")),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state="running")),
            models.Index(fields=["state", "finished_at"], name="job_ended", condition=Q(state__in=["done", "dead"])),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_running_has_a_lease",
                condition=~Q(state="running") | (Q(lease_until__isnull=False) & ~Q(lease="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task}#{self.pk}"
