"""What is recorded of notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User


class Channel(models.TextChoices):
    """The ways to a person."""

    INBOX = "inbox", _("站内消息")
    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")


class Mode(models.TextChoices):
    """When it is delivered."""

    AT_ONCE = "at_once", _("即时")
    DAILY = "daily", _("每日汇总")
    WEEKLY = "weekly", _("每周汇总")
    OFF = "off", _("不接收")


class Notice(models.Model):
    """One message to one account. ``link`` is a path of this platform, ``subject`` what it is about (a case's number)."""

    account = models.ForeignKey(User, models.CASCADE, related_name="notices", db_index=False, verbose_name=_("账号"))
    kind = models.CharField(_("种类"), max_length=50)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    subject = models.CharField(_("事由编号"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        indexes = [
            models.Index(fields=["account", "-id"], name="notice_of_account"),
            models.Index(fields=["account", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """How an account wants a kind by a channel; where there is none, the kind's default holds."""

    account = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences", verbose_name=_("账号"))
    kind = models.CharField(_("种类"), max_length=50)
    channel = models.CharField(_("渠道"), max_length=5, choices=Channel.choices)
    mode = models.CharField(_("方式"), max_length=7, choices=Mode.choices)

    class Meta:
        verbose_name = _("消息设置")
        verbose_name_plural = _("消息设置")
        constraints = [models.UniqueConstraint(fields=["account", "kind", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.channel}: {self.mode}"


class Delivery(models.Model):
    """A notice on its way by mail or text message.

    ``failed``: the other side refused it for good; ``given_up``: it could not be delivered in five days. Moments here are
    the server's, also in a sample city.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("被拒收")
        GIVEN_UP = "given_up", _("已放弃")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name=_("消息"))
    account = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("账号"))
    channel = models.CharField(_("渠道"), max_length=5, choices=Channel.choices)
    mode = models.CharField(_("方式"), max_length=7, choices=Mode.choices)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    attempts = models.SmallIntegerField(_("已试次数"), default=0)
    next_at = models.DateTimeField(_("下次发送时间"))
    lease_until = models.DateTimeField(null=True, editable=False)
    error = models.CharField(_("最近一次错误"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)

    class Meta:
        verbose_name = _("消息投递")
        verbose_name_plural = _("消息投递")
        indexes = [
            models.Index(fields=["channel", "next_at", "id"], name="delivery_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(name="delivery_by_mail_or_sms", condition=Q(channel__in=["mail", "sms"])),
            models.CheckConstraint(name="delivery_is_wanted", condition=~Q(mode="off")),
        ]

    def __str__(self) -> str:
        return f"{self.channel}:{self.notice_id}"


class Outage(models.Model):
    """A channel whose other side cannot be spoken to: since when, and when it is tried again. Gone when it answers."""

    channel = models.CharField(_("渠道"), max_length=5, choices=Channel.choices, primary_key=True)
    since = models.DateTimeField(_("起始时间"), default=timezone.now)
    attempts = models.SmallIntegerField(_("已试次数"), default=0)
    next_at = models.DateTimeField(_("下次尝试时间"))
    error = models.CharField(_("错误"), max_length=300)

    class Meta:
        verbose_name = _("渠道中断")
        verbose_name_plural = _("渠道中断")

    def __str__(self) -> str:
        return f"{self.channel}: {self.error}"
