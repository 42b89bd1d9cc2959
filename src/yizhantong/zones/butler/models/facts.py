"""What is recorded of butlers, visits and appeals."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation

MEMBER_CODE = RegexValidator(r"^M-\d{6,10}$", _("应为 M- 加数字的代码,不得填写姓名或证件号"))


class ServiceZone(Fact):
    """A service zone 专区 opened on the one-stop platform; taken back when it closes."""

    zone_code = models.SlugField(_("专区代码"), max_length=32, db_index=False)
    name = models.CharField(_("专区名称"), max_length=32)
    lead = models.CharField(_("牵头单位"), max_length=64)

    class Meta(Fact.Meta):
        verbose_name = _("服务专区")
        verbose_name_plural = _("服务专区")


class Assignment(Fact):
    """A butler assigned to an enterprise; in force until taken back."""

    class Level(models.TextChoices):
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")

    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    butler = models.CharField(_("管家代码"), max_length=16, validators=[MEMBER_CODE])
    level = models.CharField(_("管家层级"), max_length=8, choices=Level.choices)

    class Meta(Fact.Meta):
        verbose_name = _("项目管家")
        verbose_name_plural = _("项目管家")


class Visit(Fact):
    """A visit of a butler to an enterprise; ``problems`` counts what the enterprise raised on the spot."""

    class Mode(models.TextChoices):
        ONSITE = "onsite", _("入企走访")
        PHONE = "phone", _("电话走访")
        ONLINE = "online", _("线上走访")

    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    butler = models.CharField(_("管家代码"), max_length=16, validators=[MEMBER_CODE])
    mode = models.CharField(_("走访方式"), max_length=8, choices=Mode.choices)
    problems = models.PositiveSmallIntegerField(_("反映问题数"), default=0)

    class Meta(Fact.Meta):
        verbose_name = _("走访")
        verbose_name_plural = _("走访")


class Appeal(Fact):
    """An appeal of an enterprise on the day on which it was accepted; ``agency`` answers for it until it is closed."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("政策兑现")
        APPROVAL = "approval", _("行政审批")
        FINANCE = "finance", _("融资")
        LABOUR = "labour", _("用工")
        LAND = "land", _("用地")
        UTILITIES = "utilities", _("水电气热")
        MARKET = "market", _("市场开拓")
        RIGHTS = "rights", _("权益保护")
        OTHER = "other", _("其他")

    class Channel(models.TextChoices):
        PLATFORM = "platform", _("线上平台")
        BUTLER = "butler", _("管家走访")
        HOTLINE = "hotline", _("热线")
        WINDOW = "window", _("服务窗口")

    number = models.CharField(_("诉求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    kind = models.CharField(_("诉求类别"), max_length=12, choices=Kind.choices)
    channel = models.CharField(_("受理渠道"), max_length=12, choices=Channel.choices)
    subject = models.CharField(_("诉求事项"), max_length=80)
    agency = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("责任单位")
    )

    class Meta(Fact.Meta):
        verbose_name = _("企业诉求受理")
        verbose_name_plural = _("企业诉求受理")
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["enterprise"], name="butler_appeal_firm"),
        ]


class Outcome(Fact):
    """How an appeal ended, on the day on which it was closed; ``days`` are calendar days since its acceptance."""

    class Result(models.TextChoices):
        SOLVED = "solved", _("已解决")
        EXPLAINED = "explained", _("解释说明")
        UNABLE = "unable", _("无法解决")

    number = models.CharField(_("诉求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    kind = models.CharField(_("诉求类别"), max_length=12, choices=Appeal.Kind.choices)
    result = models.CharField(_("办理结果"), max_length=12, choices=Result.choices)
    days = models.PositiveSmallIntegerField(_("办理天数"))

    class Meta(Fact.Meta):
        verbose_name = _("企业诉求办结")
        verbose_name_plural = _("企业诉求办结")


class Rating(Fact):
    """What the enterprise says of an outcome, once: 5 very satisfied to 1 very dissatisfied (国办发〔2019〕51号)."""

    number = models.CharField(_("诉求编号"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    result = models.CharField(_("办理结果"), max_length=12, choices=Outcome.Result.choices)
    rating = models.PositiveSmallIntegerField(
        _("评价"), validators=[MinValueValidator(1), MaxValueValidator(5)], help_text=_("5 非常满意 … 1 非常不满意")
    )

    class Meta(Fact.Meta):
        verbose_name = _("企业诉求评价")
        verbose_name_plural = _("企业诉求评价")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="butler_rating_level", condition=models.Q(rating__range=(1, 5))),
        ]


class Confirmation(Fact):
    """What the enterprise said of an ending when it was asked: confirmed or disputed. Silence is not recorded, and never counts."""

    class Said(models.TextChoices):
        CONFIRMED = "confirmed", _("确认")
        DISPUTED = "disputed", _("异议")

    number = models.CharField(_("诉求编号"), max_length=24)
    round = models.PositiveSmallIntegerField(_("轮次"))
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    result = models.CharField(_("办理结果"), max_length=12, choices=Outcome.Result.choices)
    said = models.CharField(_("企业意见"), max_length=10, choices=Said.choices)

    class Meta(Fact.Meta):
        verbose_name = _("企业诉求结局确认")
        verbose_name_plural = _("企业诉求结局确认")


class EscalationFact(Fact):
    """An open appeal reached a rung of the ladder: ``days`` calendar days without an ending."""

    number = models.CharField(_("诉求编号"), max_length=24)
    round = models.PositiveSmallIntegerField(_("轮次"))
    rung = models.PositiveSmallIntegerField(_("级次"))
    days = models.PositiveSmallIntegerField(_("已历天数"))
    agency = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("责任单位")
    )

    class Meta(Fact.Meta):
        verbose_name = _("企业诉求提请")
        verbose_name_plural = _("企业诉求提请")


class AnswerUse(Fact):
    """Somebody was shown an answer of the knowledge base and said whether it was what he needed; who he is, is not recorded."""

    answer = models.PositiveIntegerField(_("答复编号"))
    kind = models.CharField(_("诉求种类"), max_length=32)
    helpful = models.BooleanField(_("有用"))

    class Meta(Fact.Meta):
        verbose_name = _("知识库使用")
        verbose_name_plural = _("知识库使用")
