"""Batches of a season, and the places that they give."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.zones.onething.enrolment.models.applications import Child
from yizhantong.zones.onething.enrolment.models.seasons import School, Season


class Batch(models.Model):
    """One batch: which categories it places, whether those without a place at their own school go on to others.

    ``digest`` is of the whole computed result; publishing computes it anew and refuses when anything changed since it was proposed.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("未开始")
        PROPOSED = "proposed", _("待审定")
        PUBLISHED = "published", _("已公布")

    season = models.ForeignKey(Season, models.CASCADE, related_name="batches", verbose_name=_("招生批次"))
    number = models.PositiveSmallIntegerField(_("批次"))
    name = models.CharField(_("名称"), max_length=60)
    categories = models.JSONField(_("入学类别"))
    divert = models.BooleanField(_("统筹调剂"), default=False)
    publishes_on = models.DateField(_("公布日期"))
    confirm_until = models.DateField(_("确认截止"), null=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    digest = models.CharField(_("结果摘要"), max_length=64, blank=True)
    counts = models.JSONField(_("结果"), default=dict)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )
    proposed_at = models.DateTimeField(_("提交时间"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审定人")
    )
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = _("录取批次")
        verbose_name_plural = _("录取批次")
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="enrolment_batch_once"),
            models.CheckConstraint(name="enrolment_batch_four_eyes", condition=~Q(published_by=F("proposed_by"))),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """What a batch says of a child: a place, or none yet (``waiting``), with the explanation; one standing place for each child.

    Who was diverted stands on the list of the own school on, unless its parents say that they stay (``keeps_waiting`` false); when the turn
    comes, the diverted place is given back (``moved``).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("候补")
        OFFERED = "offered", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DECLINED = "declined", _("已放弃")
        LAPSED = "lapsed", _("逾期未确认")
        MOVED = "moved", _("已改录对应学校")

    batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="placements", verbose_name=_("录取批次"), db_index=False
    )
    child = models.ForeignKey(Child, models.PROTECT, related_name="placements", verbose_name=_("报名学生"))
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="placements", verbose_name=_("录取学校"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices)
    explanation = models.JSONField(_("说明"))
    confirm_until = models.DateField(_("确认截止"), null=True)
    settled_at = models.DateTimeField(_("确认时间"), null=True)
    keeps_waiting = models.BooleanField(_("继续候补对应学校"), default=True)
    told_at = models.DateTimeField(_("告知时间"), null=True)
    """When the case was closed and the parent told, after publication."""

    class Meta:
        verbose_name = _("录取结果")
        verbose_name_plural = _("录取结果")
        constraints = [
            models.UniqueConstraint(fields=["batch", "child"], name="enrolment_placement_once"),
            models.UniqueConstraint(
                fields=["child"], name="enrolment_one_place", condition=Q(state__in=["offered", "confirmed"])
            ),
            models.CheckConstraint(
                name="enrolment_place_has_school", condition=Q(state="waiting") | Q(school__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.state}"

    @property
    def diverted(self) -> bool:
        """Whether it is a place at another school than the child's own."""
        return self.school_id is not None and self.school_id != self.child.school_id
