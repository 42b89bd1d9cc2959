"""What banks offer: drafted by the bank, published by the finance office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation


class Product(models.Model):
    """A loan product. Its rate is the loan prime rate (LPR) of ``lpr`` plus ``low_bp`` to ``high_bp`` basis points, yearly simple interest.

    ``guarantees`` and ``purposes`` are lists of codes of :class:`~.facts.Need`; ``conditions`` documents of the kernel's
    ``Condition`` over the enterprise's profile and the need (``matching.terms``); ``materials`` names. A published product is
    not changed: its revision is a new row that ``replaces`` it. Money is in 分.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        SUBMITTED = "submitted", _("待审定")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已下线")

    class Lpr(models.TextChoices):
        ONE = "1y", _("1年期LPR")
        FIVE = "5y", _("5年期以上LPR")

    code = models.CharField(_("产品编号"), max_length=32, unique=True)
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("银行"))
    name = models.CharField(_("产品名称"), max_length=60)
    summary = models.CharField(_("简介"), max_length=300, blank=True)
    min_fen = models.BigIntegerField(_("最低金额"))
    max_fen = models.BigIntegerField(_("最高金额"))
    min_months = models.PositiveSmallIntegerField(_("最短期限"), default=1)
    max_months = models.PositiveSmallIntegerField(_("最长期限"))
    lpr = models.CharField(_("利率基准"), max_length=2, choices=Lpr.choices, default=Lpr.ONE)
    low_bp = models.SmallIntegerField(_("最低加点"), help_text=_("基点,可为负数"))
    high_bp = models.SmallIntegerField(_("最高加点"), help_text=_("基点,可为负数"))
    guarantees = models.JSONField(_("担保方式"), default=list)
    purposes = models.JSONField(_("资金用途"), default=list)
    conditions = models.JSONField(_("准入条件"), default=list, blank=True)
    materials = models.JSONField(_("所需材料"), default=list, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    contact = models.CharField(_("联系人"), max_length=40)
    phone = models.CharField(_("联系电话"), max_length=40)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="revisions", verbose_name=_("替代"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("起草人")
    )
    written_at = models.DateTimeField(_("起草时间"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审定人")
    )
    published_at = models.DateTimeField(_("发布时间"), null=True)
    remark = models.CharField(_("审定意见"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("信贷产品")
        verbose_name_plural = _("信贷产品")
        ordering = ["bank", "code"]
        indexes = [models.Index(fields=["state", "bank"], name="finance_product_state")]
        constraints = [
            models.CheckConstraint(
                name="finance_product_ranges",
                condition=Q(min_fen__gt=0, max_fen__gte=F("min_fen"), min_months__gt=0)
                & Q(max_months__gte=F("min_months"), high_bp__gte=F("low_bp")),
            ),
            models.CheckConstraint(
                name="finance_product_two_persons",
                condition=Q(published_by__isnull=True) | Q(written_by__isnull=True) | ~Q(published_by=F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
