"""What the zone keeps beside a case: the money asked for and approved, the account it goes to, the list it came from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.fields import SealedField
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.budgets import Budget
from yizhantong.zones.policies.models.documents import PolicyCard


class BankAccount(models.Model):
    """Where an enterprise receives money; the account's name must be the enterprise's (收款户名与企业名称一致)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="bank_accounts", verbose_name=_("企业"), db_index=False
    )
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=80)
    number = SealedField(_("账号"))
    number_index = models.CharField(max_length=64, editable=False)
    tail = models.CharField(_("尾号"), max_length=4)
    current = models.BooleanField(_("当前使用"), default=True)
    given_at = models.DateTimeField(_("登记时间"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )

    class Meta:
        verbose_name = _("收款账户")
        verbose_name_plural = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], name="policies_account_one_current", condition=Q(current=True)
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="policies_account_of_firm")]

    def __str__(self) -> str:
        return f"{self.bank} ****{self.tail}"


class Application(models.Model):
    """The money side of one case under a card. Amounts are in 分.

    ``computed`` is what the standard gives (``basis`` says how), ``approved`` what was decided after stacking and shortage.
    ``live`` applications of one enterprise, card and year are unique, however they came in.
    """

    class Money(models.TextChoices):
        NONE = "none", _("未占用")
        RESERVED = "reserved", _("已预留")
        COMMITTED = "committed", _("已承诺")
        PAID = "paid", _("已支付")
        RELEASED = "released", _("已释放")
        RECOVERED = "recovered", _("已追回")

    case = models.OneToOneField(Case, models.PROTECT, related_name="application", verbose_name=_("办件"))
    card = models.ForeignKey(PolicyCard, models.PROTECT, related_name="applications", verbose_name=_("政策卡"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"))
    year = models.PositiveSmallIntegerField(_("年度"))
    computed_fen = models.BigIntegerField(_("测算金额"), null=True)
    basis = models.JSONField(_("测算依据"), default=dict)
    approved_fen = models.BigIntegerField(_("核定金额"), null=True)
    score = models.DecimalField(_("评审得分"), max_digits=6, decimal_places=2, null=True)
    budget = models.ForeignKey(Budget, models.PROTECT, null=True, related_name="+", verbose_name=_("资金"))
    quota_taken = models.BooleanField(_("已占名额"), default=False)
    money = models.CharField(_("资金状态"), max_length=9, choices=Money.choices, default=Money.NONE)
    live = models.BooleanField(_("有效"), default=True)
    account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+", verbose_name=_("收款账户"))
    paid_on = models.DateField(_("到账日期"), null=True)
    arrived_on = models.DateField(_("企业确认到账"), null=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = _("政策申报")
        verbose_name_plural = _("政策申报")
        constraints = [
            models.UniqueConstraint(
                fields=["card", "organisation", "year"], name="policies_application_once_a_year", condition=Q(live=True)
            ),
            models.CheckConstraint(
                name="policies_money_has_amount_and_budget",
                condition=Q(money__in=["none", "released"]) | Q(approved_fen__gt=0, budget__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["card", "year", "money"], name="policies_application_money")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.organisation_id} {self.year}"


class AutomaticList(models.Model):
    """Who shall have an automatic card in a year by comparison of data (免申即享名单): made by one person, checked by another."""

    class State(models.TextChoices):
        MADE = "made", _("待复核")
        CHECKED = "checked", _("已复核")
        DROPPED = "dropped", _("已作废")

    card = models.ForeignKey(PolicyCard, models.PROTECT, related_name="lists", verbose_name=_("政策卡"))
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.MADE)
    made_at = models.DateTimeField(_("比对时间"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("比对人")
    )
    checked_at = models.DateTimeField(_("复核时间"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    reply_by = models.DateField(_("确认截止"), null=True)

    class Meta:
        verbose_name = _("免申即享名单")
        verbose_name_plural = _("免申即享名单")
        constraints = [
            models.UniqueConstraint(fields=["card", "year"], name="policies_list_one_open", condition=Q(state="made")),
            models.CheckConstraint(
                name="policies_list_four_eyes",
                condition=Q(checked_by__isnull=True) | Q(made_by__isnull=True) | ~Q(checked_by=models.F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.year}"


class Candidate(models.Model):
    """One enterprise of such a list: offered the money, it confirms with its account or declines."""

    class State(models.TextChoices):
        LISTED = "listed", _("待复核")
        REMOVED = "removed", _("已剔除")
        OFFERED = "offered", _("待企业确认")
        CONFIRMED = "confirmed", _("已确认")
        DECLINED = "declined", _("放弃享受")
        LAPSED = "lapsed", _("逾期未确认")

    list = models.ForeignKey(AutomaticList, models.PROTECT, related_name="candidates", verbose_name=_("名单"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"))
    amount_fen = models.BigIntegerField(_("测算金额"))
    basis = models.JSONField(_("比对依据"), default=dict)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.LISTED)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, related_name="candidate", verbose_name=_("办件")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("免申即享对象")
        verbose_name_plural = _("免申即享对象")
        constraints = [models.UniqueConstraint(fields=["list", "organisation"], name="policies_candidate_once")]
        indexes = [models.Index(fields=["organisation", "state"], name="policies_candidate_of_firm")]

    def __str__(self) -> str:
        return f"{self.list_id} {self.organisation_id}"
