"""Flats for talents 人才公寓: what there is, who waits with how many points, what is offered, who lives there."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.models import Division
from yizhantong.zones.talent.models.people import Talent


class Estate(models.Model):
    """A house of flats for talents."""

    code = models.SlugField(_("代码"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=160)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))

    class Meta:
        verbose_name = _("人才公寓项目")
        verbose_name_plural = _("人才公寓项目")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Flat(models.Model):
    """One flat; ``rent_fen`` is a month's rent, ``rooms`` how many rooms."""

    class State(models.TextChoices):
        FREE = "free", _("空置")
        OFFERED = "offered", _("已配租待签约")
        LET = "let", _("已入住")
        CLOSED = "closed", _("停用")

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="flats", verbose_name=_("项目"))
    number = models.CharField(_("房号"), max_length=16)
    rooms = models.PositiveSmallIntegerField(_("居室"))
    area = models.DecimalField(_("面积(平方米)"), max_digits=6, decimal_places=2)
    rent_fen = models.BigIntegerField(_("月租金"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.FREE)

    class Meta:
        verbose_name = _("人才公寓")
        verbose_name_plural = _("人才公寓")
        ordering = ["estate", "number"]
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="talent_flat_number")]
        indexes = [models.Index(fields=["state", "rooms"], name="talent_flat_free")]

    def __str__(self) -> str:
        return f"{self.estate} {self.number}"


class Waiting(models.Model):
    """A place in the queue: ``points`` with their reasons, then by the time of application. ``declined`` counts refused offers."""

    class State(models.TextChoices):
        ASKED = "asked", _("审核中")
        WAITING = "waiting", _("轮候中")
        OFFERED = "offered", _("已配租")
        HOUSED = "housed", _("已入住")
        LEFT = "left", _("已退出")

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_waiting", verbose_name=_("办件"))
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="waitings", verbose_name=_("人才"))
    rooms = models.PositiveSmallIntegerField(_("需要居室"))
    points = models.PositiveSmallIntegerField(_("积分"), default=0)
    reasons = models.JSONField(_("积分明细"), default=list)
    since = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    declined = models.PositiveSmallIntegerField(_("放弃次数"), default=0)
    left_for = models.CharField(_("退出原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公寓轮候")
        verbose_name_plural = _("公寓轮候")
        constraints = [
            models.UniqueConstraint(
                fields=["talent"],
                name="talent_waits_once",
                condition=Q(state__in=["asked", "waiting", "offered", "housed"]),
            ),
        ]
        indexes = [models.Index(fields=["state", "rooms", "-points", "since"], name="talent_waiting_order")]

    def __str__(self) -> str:
        return f"{self.talent_id} {self.points}"


class Offer(models.Model):
    """A flat offered to somebody who waits, until a moment; one open offer a flat and a person at a time."""

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已放弃")
        LAPSED = "lapsed", _("逾期未答复")

    waiting = models.ForeignKey(Waiting, models.PROTECT, related_name="offers", verbose_name=_("轮候"))
    flat = models.ForeignKey(Flat, models.PROTECT, related_name="offers", verbose_name=_("公寓"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    offered_at = models.DateTimeField(_("配租时间"))
    expires_at = models.DateTimeField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("配租")
        verbose_name_plural = _("配租")
        constraints = [
            models.UniqueConstraint(fields=["flat"], name="talent_offer_one_a_flat", condition=Q(state="open")),
            models.UniqueConstraint(fields=["waiting"], name="talent_offer_one_a_person", condition=Q(state="open")),
            models.CheckConstraint(name="talent_offer_expires_later", condition=Q(expires_at__gt=F("offered_at"))),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="talent_offer_open")]

    def __str__(self) -> str:
        return f"{self.flat_id} → {self.waiting_id}"

    @property
    def last_day(self) -> dt.date:
        """Return the last day on which it may be answered."""
        return timezone.localtime(self.expires_at - dt.timedelta(microseconds=1)).date()


class Lease(models.Model):
    """Somebody lives in a flat; ``ended_on`` is empty while he does."""

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="lease", verbose_name=_("配租"))
    flat = models.ForeignKey(Flat, models.PROTECT, related_name="leases", verbose_name=_("公寓"))
    talent = models.ForeignKey(Talent, models.PROTECT, related_name="leases", verbose_name=_("人才"))
    number = models.CharField(_("合同编号"), max_length=24, unique=True)
    first_day = models.DateField(_("起租日"))
    last_day = models.DateField(_("到期日"))
    rent_fen = models.BigIntegerField(_("月租金"))
    ended_on = models.DateField(_("退租日"), null=True)
    ended_for = models.CharField(_("退租原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公寓租约")
        verbose_name_plural = _("公寓租约")
        constraints = [
            models.UniqueConstraint(
                fields=["flat"], name="talent_lease_one_a_flat", condition=Q(ended_on__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["talent"], name="talent_lease_one_a_person", condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(name="talent_lease_days", condition=Q(last_day__gt=F("first_day"))),
        ]

    def __str__(self) -> str:
        return self.number
