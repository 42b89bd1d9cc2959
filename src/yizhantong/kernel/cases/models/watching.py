"""How cases are watched: supervision orders, and the mending of what was rated badly."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models.case import Case
from yizhantong.kernel.parties.models import Organisation


class SupervisionOrder(models.Model):
    """A light that was lit, and the order that followed: feedback, appeal against it, lifting with a reason."""

    class Light(models.TextChoices):
        YELLOW = "yellow", _("黄灯")
        RED = "red", _("红灯")

    class Trigger(models.TextChoices):
        CASE_NEAR = "case_near", _("临近办结时限")
        CASE_OVERDUE = "case_overdue", _("超过办结时限")
        STEP_OVERDUE = "step_overdue", _("环节超时")
        NO_REASON = "no_reason", _("不予受理无理由")
        SECOND_SUPPLEMENT = "second_supplement", _("多次补正")
        BAD_RATING = "bad_rating", _("差评未整改")
        MANUAL = "manual", _("人工督办")

    class State(models.TextChoices):
        OPEN = "open", _("待反馈")
        ANSWERED = "answered", _("已反馈")
        APPEALED = "appealed", _("申诉中")
        LIFTED = "lifted", _("已撤灯")
        CLOSED = "closed", _("已归档")

    case = models.ForeignKey(Case, models.PROTECT, related_name="orders", verbose_name=_("办件"))
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    light = models.CharField(_("灯"), max_length=6, choices=Light.choices)
    trigger = models.CharField(_("触发"), max_length=18, choices=Trigger.choices)
    subject = models.CharField(_("对象"), max_length=64, blank=True)
    """What was late, such as a step's id: the same trigger lights once for each subject."""
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    text = models.CharField(_("督办要求"), max_length=500, blank=True)
    due_on = models.DateField(_("整改期限"), null=True)
    lit_at = models.DateTimeField(_("亮灯时间"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("督办人")
    )
    feedback = models.CharField(_("反馈"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("反馈时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("反馈人")
    )
    settlement = models.CharField(_("处理理由"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = _("督办单")
        constraints = [
            models.UniqueConstraint(fields=["case", "trigger", "subject"], name="case_light_once"),
            models.CheckConstraint(
                name="case_light_lifted_with_reason", condition=~Q(state="lifted") | ~Q(settlement="")
            ),
        ]
        indexes = [models.Index(fields=["office", "state", "-id"], name="case_order_by_office")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.light}"


class Rectification(models.Model):
    """What is done about a bad rating: call back, check, mend, tell; the rating itself stays as it was given."""

    class State(models.TextChoices):
        OPEN = "open", _("待回访")
        CHECKED = "checked", _("已核实")
        MENDED = "mended", _("已整改")
        EXCLUDED = "excluded", _("经复核剔除")

    case = models.OneToOneField(Case, models.PROTECT, related_name="rectification", verbose_name=_("办件"))
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    rating = models.PositiveSmallIntegerField(_("评价"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("开始时间"))
    due_on = models.DateField(_("整改期限"))
    called_back_at = models.DateTimeField(_("回访时间"), null=True)
    findings = models.CharField(_("核实情况"), max_length=500, blank=True)
    measures = models.CharField(_("整改措施"), max_length=500, blank=True)
    mended_at = models.DateTimeField(_("整改时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    second_rating = models.PositiveSmallIntegerField(_("再评价"), null=True)

    class Meta:
        verbose_name = _("差评整改")
        verbose_name_plural = _("差评整改")

    def __str__(self) -> str:
        return str(self.case_id)


class FailedLookup(models.Model):
    """Wrong query passwords in a row for one number (whether or not there is such a case)."""

    number = models.CharField(max_length=32, unique=True)
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("查询失败")
        verbose_name_plural = _("查询失败")

    def __str__(self) -> str:
        return self.number
