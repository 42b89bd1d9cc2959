"""What is recorded of training; hours and lengths in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact

PSEUDONYM = RegexValidator(r"^P[0-9A-F]{12}$", _("人员代码应为 P 加 12 位十六进制字符,不得填写姓名或证件号"))
GRADUATION_PERCENT = 80
"""Part of a class's hours that a graduate has attended, in percent (待核)."""


class Session(Fact):
    """One session 场 of training took place."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("科技培训")
        FARMERS = "farmers", _("高素质农民培训")
        FIELD = "field", _("田间指导")

    session = models.CharField(_("场次编号"), max_length=32)
    title = models.CharField(_("培训主题"), max_length=120)
    kind = models.CharField(_("培训类型"), max_length=9, choices=Kind.choices)
    seconds = models.IntegerField(_("时长(秒)"))
    attendance = models.IntegerField(_("参训人次"))

    class Meta(Fact.Meta):
        verbose_name = _("培训场次")
        verbose_name_plural = _("培训场次台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a session without length, or with fewer than nobody in it."""
        if not 0 < values["seconds"] <= 12 * 3600 or values["attendance"] < 0:
            raise LedgerError("training.session", "一场培训的时长应在 12 小时以内,参训人次不能为负", "时长")


class Graduation(Fact):
    """A trainee finished a class; ``attended_percent`` is the part of its hours that the trainee attended."""

    trainee = models.CharField(_("学员代码"), max_length=13, validators=[PSEUDONYM])
    year = models.IntegerField(_("年度"))
    course = models.CharField(_("班级"), max_length=60)
    attended_percent = models.IntegerField(_("学时完成率"))
    certificate = models.CharField(_("结业证号"), max_length=32)

    class Meta(Fact.Meta):
        verbose_name = _("结业")
        verbose_name_plural = _("结业台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a graduation short of the hours."""
        if not GRADUATION_PERCENT <= values["attended_percent"] <= 100:
            text = f"结业须完成 {GRADUATION_PERCENT}% 以上学时,且不超过 100%"
            raise LedgerError("training.hours_short", text, "学时完成率")


class Video(Fact):
    """A video 期 went on line."""

    class Topic(models.TextChoices):
        FARMING = "farming", _("农耕技术")
        CONSERVATION = "conservation", _("保护性耕作")
        OTHER = "other", _("其他")

    video = models.CharField(_("视频编号"), max_length=32)
    title = models.CharField(_("视频标题"), max_length=120)
    topic = models.CharField(_("专题"), max_length=12, choices=Topic.choices)
    seconds = models.IntegerField(_("时长(秒)"))

    class Meta(Fact.Meta):
        verbose_name = _("专题视频")
        verbose_name_plural = _("专题视频登记")


class Play(Fact):
    """A video was watched once (one 人次)."""

    video = models.CharField(_("视频编号"), max_length=32)
    viewer = models.CharField(_("观看人代码"), max_length=13, validators=[PSEUDONYM])
    seconds = models.IntegerField(_("观看时长(秒)"))

    class Meta(Fact.Meta):
        verbose_name = _("观看")
        verbose_name_plural = _("观看台账")


class Share(Fact):
    """A video was passed on once."""

    class Channel(models.TextChoices):
        WECHAT = "wechat", _("微信转发")
        GROUP = "group", _("群分享")
        SITE = "site", _("平台分享")

    video = models.CharField(_("视频编号"), max_length=32)
    channel = models.CharField(_("传播渠道"), max_length=6, choices=Channel.choices)

    class Meta(Fact.Meta):
        verbose_name = _("传播")
        verbose_name_plural = _("传播台账")
