"""Policy documents as they were issued, and the cards that say what may be had under them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.facts import DOCUMENT_NUMBER, Policy, PolicyClass


class PolicyDocument(models.Model):
    """A document as issued: its number with 〔year〕, issuers, dates, full text, interpretation and guide 申兑指南.

    ``state`` is what the document itself is; whether its validity has run out is asked of ``valid_until`` (see ``in_force``).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        SUBMITTED = "submitted", _("待审定")
        EFFECTIVE = "effective", _("有效")
        AMENDED = "amended", _("修订")
        REPEALED = "repealed", _("废止")
        EXPIRED = "expired", _("失效")

    document = models.CharField(_("发文字号"), max_length=40, unique=True, validators=[DOCUMENT_NUMBER])
    title = models.CharField(_("标题"), max_length=120)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主要发文机关"))
    issuers = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("发文机关"), blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    level = models.CharField(_("政策层级"), max_length=8, choices=Policy.Level.choices)
    area = models.CharField(_("政策领域"), max_length=8, choices=Policy.Area.choices)
    signed_on = models.DateField(_("成文日期"))
    published_on = models.DateField(_("发布日期"))
    effective_on = models.DateField(_("施行日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    original = models.TextField(_("原文"), blank=True)
    interpretation = models.TextField(_("解读"), blank=True)
    guide = models.TextField(_("申兑指南"), blank=True)
    attachments = models.ManyToManyField(Stored, related_name="+", verbose_name=_("附件"), blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("替代的文件")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编写人")
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审定人")
    )
    approved_at = models.DateTimeField(_("审定时间"), null=True)
    remark = models.CharField(_("退回或废止原因"), max_length=200, blank=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")
        ordering = ["-published_on", "-id"]
        indexes = [models.Index(fields=["state", "-published_on", "-id"], name="policies_document_listed")]
        constraints = [
            models.CheckConstraint(
                name="policies_document_dates_in_order",
                condition=Q(published_on__gte=F("signed_on"), effective_on__gte=F("signed_on"))
                & (Q(valid_until__isnull=True) | Q(valid_until__gte=F("effective_on"))),
            ),
            models.CheckConstraint(
                name="policies_document_four_eyes",
                condition=Q(approved_by__isnull=True) | Q(written_by__isnull=True) | ~Q(approved_by=F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}({self.document})"


class StackingGroup(models.Model):
    """Cards of which an enterprise may not have everything in one year.

    ``higher`` 就高不重复: of what the cards of the group grant only the highest is had, so a later one brings the difference;
    ``exclusive``: at most one of them.
    """

    class Rule(models.TextChoices):
        HIGHER = "higher", _("就高不重复(补差)")
        EXCLUSIVE = "exclusive", _("不得重复享受")

    code = models.SlugField(_("代码"), max_length=32, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    rule = models.CharField(_("规则"), max_length=9, choices=Rule.choices)

    class Meta:
        verbose_name = _("不重复享受组")
        verbose_name_plural = _("不重复享受组")

    def __str__(self) -> str:
        return self.name


class PolicyCard(models.Model):
    """One matter 兑现事项 of a document: for whom, how much, when, from which budget; ``number`` is that of the register.

    ``benefit`` is a document of :class:`~yizhantong.zones.policies.benefit.Benefit`; publishing copies it into the item's
    version, which applications pin: a later change never touches them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        PUBLISHED = "published", _("已上线")
        WITHDRAWN = "withdrawn", _("已下线")

    class Fund(models.TextChoices):
        NATION = "nation", _("中央资金")
        PROVINCE = "province", _("省级资金")
        CITY = "city", _("市级资金")
        COUNTY = "county", _("县级资金")

    number = models.CharField(_("政策编号"), max_length=24, unique=True)
    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="cards", verbose_name=_("政策文件"))
    title = models.CharField(_("兑现事项"), max_length=120)
    policy_class = models.CharField(_("类别"), max_length=12, choices=PolicyClass.choices)
    target = models.CharField(_("惠及对象"), max_length=300)
    item = models.OneToOneField(
        Item, models.PROTECT, null=True, blank=True, related_name="policy_card", verbose_name=_("事项")
    )
    benefit = models.JSONField(_("兑现标准"), default=dict, blank=True)
    budget = models.ForeignKey(
        "policies.Budget", models.PROTECT, null=True, blank=True, related_name="cards", verbose_name=_("资金")
    )
    fund = models.CharField(_("资金级次"), max_length=8, choices=Fund.choices, default=Fund.CITY)
    stacking = models.ForeignKey(
        StackingGroup, models.PROTECT, null=True, blank=True, related_name="cards", verbose_name=_("不重复享受组")
    )
    window_start = models.DateField(_("申报开始"), null=True, blank=True)
    window_end = models.DateField(_("申报截止"), null=True, blank=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    contact = models.CharField(_("咨询电话"), max_length=40, blank=True)
    online_apply = models.BooleanField(_("在线申报"), default=True)
    online_approve = models.BooleanField(_("在线审批"), default=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    published_on = models.DateField(_("上线日期"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("政策卡")
        verbose_name_plural = _("政策卡")
        ordering = ["document", "position", "id"]
        indexes = [models.Index(fields=["state", "policy_class"], name="policies_card_listed")]
        constraints = [
            models.CheckConstraint(
                name="policies_card_window_in_order",
                condition=Q(window_start__isnull=True)
                | Q(window_end__isnull=True)
                | Q(window_end__gte=F("window_start")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
