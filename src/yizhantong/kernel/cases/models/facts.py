"""Facts of cases: what happened, and how it was judged."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation


class CaseEvent(Fact):
    """Something that happened to a case, as it stood then: every step is a fact, and a city's figures of cases come from here.

    ``duration`` is the number of working days used at closing (0 otherwise), ``in_time`` whether it closed within its limit.
    """

    class Event(models.TextChoices):
        SUBMITTED = "submitted", _("申请")
        SUPPLEMENT_ASKED = "supplement_asked", _("补正告知")
        SUPPLEMENTED = "supplemented", _("已补正")
        ACCEPTED = "accepted", _("受理")
        DEEMED_ACCEPTED = "deemed_accepted", _("逾期视为受理")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        STEP = "step", _("环节办结")
        PAUSED = "paused", _("停表")
        RESUMED = "resumed", _("恢复计时")
        EXTENDED = "extended", _("延期")
        TRANSFERRED = "transferred", _("移送")
        NOTICE_OPENED = "notice_opened", _("公示")
        OBJECTION = "objection", _("异议")
        CLOSED = "closed", _("办结")
        DELIVERED = "delivered", _("送达")
        DISPUTED = "disputed", _("申请人异议")
        REOPENED = "reopened", _("重办")
        YELLOW = "yellow", _("黄灯")
        RED = "red", _("红灯")
        ARCHIVED = "archived", _("归档")

    number = models.CharField(_("办件编号"), max_length=32)
    zone = models.CharField(_("专区"), max_length=32)
    item_code = models.CharField(_("事项代码"), max_length=48)
    event = models.CharField(_("事件"), max_length=20, choices=Event.choices)
    step = models.CharField(_("环节"), max_length=32, blank=True)
    outcome = models.CharField(_("结果"), max_length=24, blank=True)
    result = models.CharField(_("解决情况"), max_length=9, blank=True)
    channel = models.CharField(_("申请方式"), max_length=8)
    office = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("单位")
    )
    duration = models.PositiveSmallIntegerField(_("用时(工作日)"), default=0)
    in_time = models.BooleanField(_("按时"), default=True)

    class Meta(Fact.Meta):
        verbose_name = _("办件事件")
        verbose_name_plural = _("办件事件")
        indexes = [*Fact.Meta.indexes, models.Index(fields=["number"], name="cases_event_number")]


class CaseRating(Fact):
    """What the asker says of a case's handling, once: 5 very satisfied to 1 very dissatisfied (国办发〔2019〕51号)."""

    class Channel(models.TextChoices):
        WEB = "web", _("网上")
        COUNTER = "counter", _("窗口")
        PHONE = "phone", _("回访电话")
        SMS = "sms", _("短信")

    number = models.CharField(_("办件编号"), max_length=32)
    zone = models.CharField(_("专区"), max_length=32)
    item_code = models.CharField(_("事项代码"), max_length=48)
    office = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("单位"))
    rating = models.PositiveSmallIntegerField(_("评价"))
    channel = models.CharField(_("评价渠道"), max_length=8, choices=Channel.choices)
    comment = models.CharField(_("评语"), max_length=300, blank=True)
    aspects = models.CharField(_("评价指标"), max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("办件评价")
        verbose_name_plural = _("办件评价")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="case_rating_level", condition=models.Q(rating__range=(1, 5))),
        ]
