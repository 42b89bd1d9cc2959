"""The dealing of one bank with one need, from the first offer to the last repayment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.models.listings import Listing
from yizhantong.zones.finance.models.products import Product


class Engagement(models.Model):
    """One bank's dealing with one need; its states and who may change them are :mod:`yizhantong.zones.finance.machine`.

    ``granted_fen`` 授信额, ``contract_fen`` 签约额, ``drawn_fen`` 放款额, ``repaid_fen`` 已还额: columns of their own, each within the
    one before, checked by the database; ``wanted_fen`` is the need's amount, copied. Rates are basis points, money is in 分.
    """

    class State(models.TextChoices):
        PUSHED = "pushed", _("待银行响应")
        TAKEN = "taken", _("待首次联系")
        CONTACTED = "contacted", _("已联系")
        DILIGENCE = "diligence", _("尽职调查")
        GRANTED = "granted", _("已授信")
        SIGNED = "signed", _("已签约")
        DRAWN = "drawn", _("已放款")
        OVERDUE = "overdue", _("逾期")
        SETTLED = "settled", _("已结清")
        DECLINED = "declined", _("银行未接单")
        MISSED = "missed", _("超时未联系")
        REFUSED = "refused", _("银行拒绝")
        OFF = "off", _("已中止")

    class Way(models.TextChoices):
        PUSH = "push", _("推送")
        GRAB = "grab", _("抢单")
        ASSIGN = "assign", _("指派")
        MEETING = "meeting", _("对接会")

    ENDED = ("settled", "declined", "missed", "refused", "off")

    listing = models.ForeignKey(
        Listing, models.PROTECT, related_name="engagements", verbose_name=_("融资需求"), db_index=False
    )
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("银行"), db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+", verbose_name=_("产品"))
    way = models.CharField(_("对接方式"), max_length=8, choices=Way.choices)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("客户经理")
    )
    offered_at = models.DateTimeField(_("推送时间"))
    taken_at = models.DateTimeField(_("接单时间"), null=True)
    warn_at = models.DateTimeField(_("预警时间"), null=True)
    due_at = models.DateTimeField(_("应完成时间"), null=True)
    """By when the bank has to answer (pushed) or make the first contact (taken); None afterwards."""
    contacted_at = models.DateTimeField(_("首次联系时间"), null=True)
    refusal = models.SlugField(_("拒绝原因"), max_length=32, blank=True, db_index=False)
    refusal_text = models.CharField(_("拒绝说明"), max_length=300, blank=True)
    wanted_fen = models.BigIntegerField(_("需求金额"))
    credit_number = models.CharField(_("授信编号"), max_length=24, null=True, unique=True)
    granted_fen = models.BigIntegerField(_("授信金额"), null=True)
    granted_bp = models.PositiveSmallIntegerField(_("授信年利率"), null=True)
    granted_months = models.PositiveSmallIntegerField(_("授信期限"), null=True)
    granted_at = models.DateTimeField(_("授信时间"), null=True)
    contract_number = models.CharField(_("合同编号"), max_length=40, blank=True)
    contract_fen = models.BigIntegerField(_("签约金额"), null=True)
    signed_on = models.DateField(_("签约日期"), null=True)
    drawn_fen = models.BigIntegerField(_("放款金额"), default=0)
    drawn_on = models.DateField(_("首次放款日期"), null=True)
    repaid_fen = models.BigIntegerField(_("已还金额"), default=0)
    matures_on = models.DateField(_("到期日"), null=True)
    renewals = models.PositiveSmallIntegerField(_("续贷次数"), default=0)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("银行对接")
        verbose_name_plural = _("银行对接")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["listing", "id"], name="finance_engagement_listing"),
            models.Index(fields=["bank", "state", "-id"], name="finance_engagement_bank"),
            models.Index(fields=["state", "due_at"], name="finance_engagement_due", condition=Q(due_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "bank"],
                name="finance_engagement_one_open",
                condition=~Q(state__in=["settled", "declined", "missed", "refused", "off"]),
            ),
            models.UniqueConstraint(
                fields=["bank", "contract_number"], name="finance_contract_once", condition=~Q(contract_number="")
            ),
            models.CheckConstraint(
                name="finance_engagement_granted",
                condition=Q(granted_fen__isnull=True) | Q(granted_fen__gt=0, granted_fen__lte=F("wanted_fen")),
            ),
            models.CheckConstraint(
                name="finance_engagement_contract",
                condition=Q(contract_fen__isnull=True) | Q(contract_fen__gt=0, contract_fen__lte=F("granted_fen")),
            ),
            models.CheckConstraint(
                name="finance_engagement_drawn",
                condition=Q(drawn_fen=0) | Q(drawn_fen__gt=0, drawn_fen__lte=F("contract_fen")),
            ),
            models.CheckConstraint(
                name="finance_engagement_repaid", condition=Q(repaid_fen__gte=0, repaid_fen__lte=F("drawn_fen"))
            ),
            models.CheckConstraint(
                name="finance_engagement_refusal_coded", condition=~Q(state="refused") | ~Q(refusal="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.bank_id}"


class EngagementEvent(models.Model):
    """One change of a bank's dealing: what, when, by whom, from which state to which."""

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, related_name="events", verbose_name=_("银行对接"), db_index=False
    )
    code = models.SlugField(_("操作"), max_length=16, db_index=False)
    before = models.CharField(_("之前"), max_length=9, choices=Engagement.State.choices, blank=True)
    after = models.CharField(_("之后"), max_length=9, choices=Engagement.State.choices)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("对接记录")
        verbose_name_plural = _("对接记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["engagement", "id"], name="finance_event_engagement")]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.code}"


class Repayment(models.Model):
    """Principal paid back to the bank, by the bank's own reference."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="repayments", verbose_name=_("银行对接"))
    bank = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("银行"), db_index=False)
    reference = models.CharField(_("还款凭证号"), max_length=32)
    amount_fen = models.BigIntegerField(_("还款本金"))
    paid_on = models.DateField(_("还款日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )

    class Meta:
        verbose_name = _("还款")
        verbose_name_plural = _("还款")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "reference"], name="finance_repayment_once"),
            models.CheckConstraint(name="finance_repayment_amount", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference
