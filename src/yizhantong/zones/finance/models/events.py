"""Matching events 对接会: who is invited, whom they want to meet, who meets whom when, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.models.engagements import Engagement
from yizhantong.zones.finance.models.listings import Listing


class MatchEvent(models.Model):
    """One event on one day: ``slots`` meetings one after the other, each ``minutes`` long with ``pause`` minutes between, at tables.

    ``rooms`` is a list of ``{"name": …, "tables": n}``; tables are counted through all rooms from 0. ``score`` and ``bound`` are
    those of the timetable in force (:mod:`yizhantong.zones.finance.events.timetable`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        INVITING = "inviting", _("征集意愿")
        PLANNED = "planned", _("已编排")
        PUBLISHED = "published", _("已发布")
        HELD = "held", _("已结束")
        CALLED_OFF = "called_off", _("已取消")

    title = models.CharField(_("名称"), max_length=80)
    place = models.CharField(_("地点"), max_length=120)
    day = models.DateField(_("日期"))
    begins = models.TimeField(_("开始时间"))
    minutes = models.PositiveSmallIntegerField(_("每场分钟数"))
    pause = models.PositiveSmallIntegerField(_("间隔分钟数"), default=0)
    slots = models.PositiveSmallIntegerField(_("场次数"))
    rooms = models.JSONField(_("会场与桌数"), default=list)
    most = models.PositiveSmallIntegerField(_("每家企业最多洽谈场数"))
    answer_until = models.DateField(_("回执截止日"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("主办单位"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    score = models.PositiveIntegerField(_("满足意愿"), default=0)
    bound = models.PositiveIntegerField(_("意愿上限"), default=0)
    proved = models.BooleanField(_("已证明最优"), default=False)
    planned_at = models.DateTimeField(_("编排时间"), null=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("建立人")
    )

    class Meta:
        verbose_name = _("对接会")
        verbose_name_plural = _("对接会")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["-day", "-id"], name="finance_event_day")]
        constraints = [
            models.CheckConstraint(
                name="finance_event_sizes", condition=Q(minutes__gt=0, slots__gt=0, slots__lte=60, most__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tables(self) -> int:
        """Return how many tables there are in all rooms."""
        return sum(int(room["tables"]) for room in self.rooms)

    def table_name(self, table: int) -> str:
        """Return the room and the number of a table in it, both as they stand on the signs."""
        for room in self.rooms:
            if table < room["tables"]:
                return f"{room['name']} {table + 1} 号桌"
            table -= room["tables"]
        return f"{table + 1} 号桌"

    def times(self, slot: int) -> tuple[dt.time, dt.time]:
        """Return when a slot begins and ends, by the clock of the city."""
        start = dt.datetime.combine(self.day, self.begins) + dt.timedelta(minutes=slot * (self.minutes + self.pause))
        return start.time(), (start + dt.timedelta(minutes=self.minutes)).time()


class Invitation(models.Model):
    """One enterprise or bank at one event: its answer, when it can come, how many meetings it takes, whether it came.

    ``free`` lists the slots in which it can come; None: all of them. ``seats`` is how many meetings a bank holds at once.
    ``listing`` is the need that an enterprise brings. By accepting, an enterprise agrees that the banks of this event see its
    name and that need's amount, term and use; nothing else.
    """

    class Side(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        BANK = "bank", _("银行")

    class State(models.TextChoices):
        INVITED = "invited", _("待回复")
        ACCEPTED = "accepted", _("参加")
        DECLINED = "declined", _("不参加")
        LEFT = "left", _("临时退出")

    event = models.ForeignKey(MatchEvent, models.PROTECT, related_name="invitations", verbose_name=_("对接会"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    side = models.CharField(_("参会方"), max_length=10, choices=Side.choices)
    state = models.CharField(_("回执"), max_length=8, choices=State.choices, default=State.INVITED)
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, related_name="+", verbose_name=_("融资需求"))
    free = models.JSONField(_("可参加场次"), null=True)
    seats = models.PositiveSmallIntegerField(_("同时洽谈桌数"), default=1)
    most = models.PositiveSmallIntegerField(_("最多洽谈场数"), null=True)
    who = models.CharField(_("参会人"), max_length=60, blank=True)
    reason = models.CharField(_("不参加的原因"), max_length=200, blank=True)
    invited_at = models.DateTimeField(_("邀请时间"))
    answered_at = models.DateTimeField(_("回复时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("回复人")
    )
    arrived_at = models.DateTimeField(_("签到时间"), null=True)

    class Meta:
        verbose_name = _("对接会邀请")
        verbose_name_plural = _("对接会邀请")
        ordering = ["event", "side", "id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="finance_invitation_party")]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="finance_invitation_once"),
            models.CheckConstraint(name="finance_invitation_seats", condition=Q(seats__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.organisation_id}"


class Wish(models.Model):
    """Whom a participant wants to meet; rank 1 is its first wish."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="wishes", verbose_name=_("参会方"))
    target = models.ForeignKey(Invitation, models.PROTECT, related_name="+", verbose_name=_("希望洽谈的单位"))
    rank = models.PositiveSmallIntegerField(_("志愿顺序"))

    class Meta:
        verbose_name = _("洽谈意愿")
        verbose_name_plural = _("洽谈意愿")
        ordering = ["invitation", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "rank"], name="finance_wish_rank"),
            models.UniqueConstraint(fields=["invitation", "target"], name="finance_wish_once"),
            models.CheckConstraint(name="finance_wish_from_one", condition=Q(rank__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.rank}"


class Talk(models.Model):
    """One meeting 洽谈: who, when, where, and what came of it. A talk that was moved is kept as cancelled beside the new one."""

    class State(models.TextChoices):
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已洽谈")
        MISSED = "missed", _("未到场")
        CANCELLED = "cancelled", _("已取消")

    class Outcome(models.TextChoices):
        DEAL = "deal", _("达成对接,进入银行受理")
        MORE = "more", _("有意向,补充材料后再谈")
        NO_FIT = "no_fit", _("不匹配")
        ASKED = "asked", _("仅咨询")

    event = models.ForeignKey(MatchEvent, models.PROTECT, related_name="talks", verbose_name=_("对接会"))
    slot = models.PositiveSmallIntegerField(_("场次"))
    table = models.PositiveSmallIntegerField(_("洽谈桌"))
    enterprise = models.ForeignKey(Invitation, models.PROTECT, related_name="talks", verbose_name=_("企业"))
    bank = models.ForeignKey(Invitation, models.PROTECT, related_name="bank_talks", verbose_name=_("银行"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    outcome = models.CharField(_("洽谈结果"), max_length=6, choices=Outcome.choices, blank=True)
    intent_fen = models.BigIntegerField(_("意向金额"), null=True)
    """What was talked about, in 分: neither need nor credit nor drawdown, and in none of their figures."""
    note = models.CharField(_("备注"), max_length=300, blank=True)
    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, related_name="talks", verbose_name=_("银行对接")
    )
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )

    class Meta:
        verbose_name = _("洽谈")
        verbose_name_plural = _("洽谈")
        ordering = ["event", "slot", "table"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "slot", "table"], name="finance_talk_table", condition=~Q(state="cancelled")
            ),
            models.UniqueConstraint(
                fields=["enterprise", "slot"], name="finance_talk_slot", condition=~Q(state="cancelled")
            ),
            models.UniqueConstraint(
                fields=["enterprise", "bank"], name="finance_talk_pair", condition=~Q(state="cancelled")
            ),
            models.CheckConstraint(name="finance_talk_outcome", condition=~Q(state="held") | ~Q(outcome="")),
            models.CheckConstraint(
                name="finance_talk_intent", condition=Q(intent_fen__isnull=True) | Q(intent_fen__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.slot}/{self.table}"


class PlanRun(models.Model):
    """One computation of a timetable: why, what it is worth and how much better any other could be, what it changed."""

    event = models.ForeignKey(MatchEvent, models.PROTECT, related_name="runs", verbose_name=_("对接会"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编排人")
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    talks = models.PositiveIntegerField(_("场数"))
    score = models.PositiveIntegerField(_("满足意愿"))
    bound = models.PositiveIntegerField(_("意愿上限"))
    covered = models.PositiveIntegerField(_("有洽谈的单位"))
    coverable = models.PositiveIntegerField(_("最多可有洽谈的单位"))
    proved = models.BooleanField(_("已证明最优"))
    kept = models.PositiveIntegerField(_("未变"), default=0)
    moved = models.PositiveIntegerField(_("改时间"), default=0)
    dropped = models.PositiveIntegerField(_("取消"), default=0)
    milliseconds = models.PositiveIntegerField(_("用时(毫秒)"))

    class Meta:
        verbose_name = _("编排记录")
        verbose_name_plural = _("编排记录")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def gap_percent(self) -> float:
        """Return by how many percent of the bound the wishes could be met better at most."""
        return 100 * (1 - self.score / self.bound) if self.bound else 0.0
