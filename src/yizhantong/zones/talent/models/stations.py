"""Stations of skill masters 技能大师工作站: applied for, reviewed on the spot by drawn experts, confirmed, looked at every year, withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.models.experts import Draw, PoolExpert


class Station(models.Model):
    """A station and its application; ``rooms`` by kind in m², ``apprentices`` and ``projects`` as counted at application."""

    class State(models.TextChoices):
        ASKED = "asked", _("申报中")
        STANDS = "stands", _("已挂牌")
        ENDED = "ended", _("期满结束")
        WITHDRAWN = "withdrawn", _("已摘牌")
        REFUSED = "refused", _("未确定")

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_station", verbose_name=_("办件"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("依托单位"))
    name = models.CharField(_("工作站名称"), max_length=80)
    master = models.CharField(_("领办技能大师"), max_length=40)
    honour = models.CharField(_("技能荣誉或等级"), max_length=60)
    field = models.CharField(_("专业领域"), max_length=40)
    rooms = models.JSONField(_("场所"), default=dict)
    equipment_fen = models.BigIntegerField(_("设备原值"), default=0)
    apprentices = models.PositiveSmallIntegerField(_("带徒人数"), default=0)
    projects = models.PositiveSmallIntegerField(_("攻关项目"), default=0)
    checks = models.JSONField(_("资格审查"), default=list)
    score = models.DecimalField(_("评审得分"), max_digits=5, decimal_places=2, null=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ASKED)
    plaque = models.CharField(_("牌匾编号"), max_length=32, blank=True)
    first_day = models.DateField(_("挂牌日"), null=True)
    last_day = models.DateField(_("周期届满日"), null=True)
    barred_until = models.DateField(_("禁止申报至"), null=True)
    ended_for = models.CharField(_("摘牌原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("技能大师工作站")
        verbose_name_plural = _("技能大师工作站")
        constraints = [
            models.UniqueConstraint(fields=["plaque"], name="talent_station_plaque", condition=~Q(plaque="")),
            models.UniqueConstraint(
                fields=["organisation", "field"], name="talent_station_once", condition=Q(state__in=["asked", "stands"])
            ),
            models.CheckConstraint(
                name="talent_station_stands_with_plaque",
                condition=~Q(state="stands") | (~Q(plaque="") & Q(first_day__isnull=False, last_day__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StationReview(models.Model):
    """One expert's sheet of one on-site review; ``scores`` by criterion, ``total`` out of 100."""

    class State(models.TextChoices):
        ASKED = "asked", _("待评审")
        CONFLICT = "conflict", _("已回避")
        SCORED = "scored", _("已评分")

    station = models.ForeignKey(Station, models.PROTECT, related_name="reviews", verbose_name=_("工作站"))
    expert = models.ForeignKey(PoolExpert, models.PROTECT, related_name="reviews", verbose_name=_("专家"))
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="reviews", verbose_name=_("抽取"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    independent = models.BooleanField(_("声明无利益冲突"), default=False)
    conflict = models.CharField(_("回避理由"), max_length=200, blank=True)
    scores = models.JSONField(_("评分"), default=dict)
    total = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True)
    opinion = models.CharField(_("评审意见"), max_length=1000, blank=True)
    dropped = models.BooleanField(_("作为极值剔除"), default=False)
    asked_at = models.DateTimeField(_("指派时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("现场评审")
        verbose_name_plural = _("现场评审")
        constraints = [
            models.UniqueConstraint(fields=["station", "expert"], name="talent_review_once"),
            models.CheckConstraint(
                name="talent_score_declared_independent",
                condition=~Q(state="scored") | Q(independent=True, total__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="talent_review_todo")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.expert_id}"


class Inspection(models.Model):
    """The yearly look at a station, or the review at its term; ``results`` by criterion as found, ``score`` out of 100."""

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("年度检查")
        TERM = "term", _("届满考核")

    class State(models.TextChoices):
        OPEN = "open", _("待检查")
        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")

    station = models.ForeignKey(Station, models.PROTECT, related_name="inspections", verbose_name=_("工作站"))
    year = models.PositiveSmallIntegerField(_("年度"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    results = models.JSONField(_("各项得分"), default=dict)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True)
    opinion = models.CharField(_("意见"), max_length=500, blank=True)
    due_on = models.DateField(_("检查期限"))
    done_at = models.DateTimeField(_("检查时间"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("检查人")
    )

    class Meta:
        verbose_name = _("工作站检查")
        verbose_name_plural = _("工作站检查")
        constraints = [models.UniqueConstraint(fields=["station", "year", "kind"], name="talent_inspection_once")]
        indexes = [models.Index(fields=["state", "due_on"], name="talent_inspection_due")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.year}"
