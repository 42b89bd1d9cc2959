"""Seasons, the schools that take part with their places, and the catchments."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.fields import SealedField
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.onething.enrolment.catchments import LAST, Served


class Season(models.Model):
    """One season of a district and stage; ``rules`` are :class:`~yizhantong.zones.onething.enrolment.terms.Terms` as JSON.

    ``commitment`` is the digest of the sealed ``seed``, public from the season's publication on; ``listed`` the digest of the list of
    those who take part, fixed after the window; ``revealed_at``: since when the seed is public.
    """

    class Stage(models.TextChoices):
        PRIMARY = "小学一年级", _("小学一年级")
        JUNIOR = "初中一年级", _("初中一年级")

    class State(models.TextChoices):
        DRAFT = "draft", _("编制中")
        PUBLISHED = "published", _("已发布")
        CLOSED = "closed", _("已结束")

    code = models.SlugField(_("批次代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主办单位"))
    stage = models.CharField(_("学段"), max_length=8, choices=Stage.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    opens_at = models.DateTimeField(_("报名开始"))
    closes_at = models.DateTimeField(_("报名截止"))
    born_from = models.DateField(_("出生日期起"))
    born_to = models.DateField(_("出生日期止"))
    confirm_days = models.PositiveSmallIntegerField(_("确认学位期限(天)"), default=5)
    rules = models.JSONField(_("招生规则"))
    source = models.CharField(_("依据"), max_length=200, default="待核")
    contact = models.CharField(_("咨询电话"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    seed = SealedField(blank=True, editable=False)
    commitment = models.CharField(_("摇号种子摘要"), max_length=64, blank=True, editable=False)
    listed = models.CharField(_("参加名单摘要"), max_length=64, blank=True, editable=False)
    listed_at = models.DateTimeField(_("名单确定时间"), null=True, editable=False)
    revealed_at = models.DateTimeField(_("种子公开时间"), null=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编制人")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )
    published_at = models.DateTimeField(_("发布时间"), null=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("招生批次")
        verbose_name_plural = _("招生批次")
        constraints = [
            models.UniqueConstraint(fields=["division", "stage", "year"], name="enrolment_season_once"),
            models.CheckConstraint(name="enrolment_season_window", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(name="enrolment_season_four_eyes", condition=~Q(published_by=F("written_by"))),
            models.CheckConstraint(name="enrolment_season_committed", condition=Q(state="draft") | ~Q(commitment="")),
        ]

    def __str__(self) -> str:
        return self.name

    def phase(self, now: dt.datetime) -> str:
        """Return where the season stands: ``draft``, ``coming``, ``open``, ``over`` or ``closed``."""
        if self.state != self.State.PUBLISHED:
            return "draft" if self.state == self.State.DRAFT else "closed"
        return "coming" if now < self.opens_at else "open" if now < self.closes_at else "over"


class School(models.Model):
    """A school in a season: its places, and where those go for whom it has none (codes of schools, in order)."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="schools", verbose_name=_("招生批次"))
    code = models.SlugField(_("学校代码"), max_length=24, db_index=False)
    name = models.CharField(_("学校名称"), max_length=60)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    places = models.PositiveIntegerField(_("学位数"))
    diverts_to = models.JSONField(_("调剂顺序"), default=list, blank=True)

    class Meta:
        verbose_name = _("招生学校")
        verbose_name_plural = _("招生学校")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["season", "code"], name="enrolment_school_once")]

    def __str__(self) -> str:
        return self.name


class Catchment(models.Model):
    """One line of a catchment: a street with a range of numbers, or a residential compound."""

    class Parity(models.TextChoices):
        ALL = "all", _("全部")
        ODD = "odd", _("单号")
        EVEN = "even", _("双号")

    school = models.ForeignKey(School, models.CASCADE, related_name="catchments", verbose_name=_("学校"))
    street = models.CharField(_("道路"), max_length=40, blank=True)
    parity = models.CharField(_("单双号"), max_length=4, choices=Parity.choices, default=Parity.ALL)
    first = models.PositiveIntegerField(_("起"), default=1)
    last = models.PositiveIntegerField(_("止"), default=LAST)
    compound = models.CharField(_("小区"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("学区范围")
        verbose_name_plural = _("学区范围")
        constraints = [
            models.CheckConstraint(
                name="enrolment_catchment_street_or_compound",
                condition=(Q(street="") & ~Q(compound="")) | (~Q(street="") & Q(compound="")),
            ),
            models.CheckConstraint(name="enrolment_catchment_range", condition=Q(last__gte=F("first"))),
        ]

    def __str__(self) -> str:
        return self.line.text

    @property
    def line(self) -> Served:
        """The line as catchments read it."""
        return Served(self.school.code, self.street, self.parity, self.first, self.last, self.compound)  # type: ignore[arg-type]
