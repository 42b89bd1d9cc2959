"""Butlers, whom they visit and when, and what they saw."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.models.facts import MEMBER_CODE, Assignment, Visit


class Butler(models.Model):
    """An official who serves enterprises. Facts know him by his pseudonymous ``code``; his enterprises see name and office phone.

    ``account`` is empty until he got one. Which enterprises he serves is the ledger ``butler.assignment``, never a column here.
    """

    code = models.CharField(_("管家代码"), max_length=16, primary_key=True, validators=[MEMBER_CODE])
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="butler", verbose_name=_("账号")
    )
    level = models.CharField(_("管家层级"), max_length=8, choices=Assignment.Level.choices)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("服务区划"))
    capacity = models.PositiveSmallIntegerField(
        _("最多服务企业数"), default=10, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    office_phone = models.CharField(_("办公电话"), max_length=24, blank=True)
    hours = models.CharField(_("接待时间"), max_length=60, blank=True)
    active = models.BooleanField(_("在岗"), default=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("管家")
        verbose_name_plural = _("管家")
        ordering = ["code"]
        indexes = [models.Index(fields=["agency", "code"], name="butler_of_agency")]

    def __str__(self) -> str:
        return str(self.account) if self.account_id else self.code


class VisitPlan(models.Model):
    """Which enterprises are visited how often; whoever is an enterprise's butler on the day makes the visit.

    The rule is "every ``every`` ``unit``" counted from the last visit; the first one is due on ``starts_on``.
    """

    class Unit(models.TextChoices):
        WEEK = "week", _("周")
        MONTH = "month", _("月")
        QUARTER = "quarter", _("季度")
        YEAR = "year", _("年")

    name = models.CharField(_("计划名称"), max_length=60)
    purpose = models.CharField(_("走访内容"), max_length=200, blank=True)
    mode = models.CharField(_("走访方式"), max_length=8, choices=Visit.Mode.choices, default=Visit.Mode.ONSITE)
    every = models.PositiveSmallIntegerField(
        _("间隔"), default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    unit = models.CharField(_("间隔单位"), max_length=8, choices=Unit.choices, default=Unit.QUARTER)
    starts_on = models.DateField(_("首次走访日"))
    ends_on = models.DateField(_("计划结束日"), null=True, blank=True)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("制定单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("制定人")
    )
    made_at = models.DateTimeField(_("制定时间"))
    stopped_on = models.DateField(_("停止日"), null=True)

    class Meta:
        verbose_name = _("走访计划")
        verbose_name_plural = _("走访计划")
        constraints = [
            models.CheckConstraint(
                name="butler_plan_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on"))
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PlanMember(models.Model):
    """One enterprise of a plan and the day by which it is to be visited next (None: the plan is over)."""

    plan = models.ForeignKey(VisitPlan, models.PROTECT, related_name="members", verbose_name=_("走访计划"))
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"), db_index=False
    )
    due_on = models.DateField(_("应走访日"), null=True)
    visited_on = models.DateField(_("上次走访日"), null=True)

    class Meta:
        verbose_name = _("计划企业")
        verbose_name_plural = _("计划企业")
        constraints = [models.UniqueConstraint(fields=["enterprise", "plan"], name="butler_plan_member_once")]
        indexes = [models.Index(fields=["due_on", "id"], name="butler_plan_due", condition=Q(due_on__isnull=False))]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.enterprise_id}"


class VisitLog(models.Model):
    """What a butler wrote of a visit. ``uuid`` is made where it was written, perhaps offline: the same one is recorded once.

    ``digest`` is that of the content, so that the same uuid with another content is refused, not merged. Who spoke for the
    enterprise is not recorded.
    """

    uuid = models.UUIDField(_("走访编号"), primary_key=True)
    digest = models.CharField(max_length=64, editable=False)
    butler = models.ForeignKey(Butler, models.PROTECT, related_name="visits", verbose_name=_("管家"), db_index=False)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"), db_index=False
    )
    day = models.DateField(_("走访日期"))
    mode = models.CharField(_("走访方式"), max_length=8, choices=Visit.Mode.choices)
    summary = models.TextField(_("走访情况"), max_length=2000)
    written_at = models.DateTimeField(_("填写时间"), null=True)
    """When it was written, by the phone's own clock: shown, never counted with."""
    received_at = models.DateTimeField(_("上传时间"))
    fact = models.OneToOneField(Visit, models.PROTECT, related_name="+", verbose_name=_("走访台账"))

    class Meta:
        verbose_name = _("走访记录")
        verbose_name_plural = _("走访记录")
        indexes = [
            models.Index(fields=["butler", "-day", "uuid"], name="butler_log_of_butler"),
            models.Index(fields=["enterprise", "-day", "uuid"], name="butler_log_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.day}"


class VisitProblem(models.Model):
    """A problem that was raised on a visit; ``case`` is the appeal it became (None: noted only)."""

    visit = models.ForeignKey(VisitLog, models.PROTECT, related_name="raised", verbose_name=_("走访记录"))
    ordinal = models.PositiveSmallIntegerField(_("序号"))
    kind = models.SlugField(_("诉求种类"), max_length=32, db_index=False)
    text = models.CharField(_("问题"), max_length=1000)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("诉求"))

    class Meta:
        verbose_name = _("走访问题")
        verbose_name_plural = _("走访问题")
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["visit", "ordinal"], name="butler_problem_ordinal")]

    def __str__(self) -> str:
        return f"{self.visit_id} #{self.ordinal}"

    @property
    def kind_label(self) -> str:
        """Return the label that the city gives the kind."""
        from yizhantong.zones.butler.config import settings

        return settings().label_of(self.kind)


class VisitPhoto(models.Model):
    """A photo of a visit, uploaded once under the uuid that the phone gave it."""

    uuid = models.UUIDField(_("照片编号"), primary_key=True)
    visit = models.ForeignKey(VisitLog, models.PROTECT, related_name="photos", verbose_name=_("走访记录"))
    file = models.ForeignKey(Stored, models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("走访照片")
        verbose_name_plural = _("走访照片")

    def __str__(self) -> str:
        return str(self.uuid)
