"""A need as the market sees it: the amounts that stay apart, and how banks may come to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.models.facts import Need


class Listing(models.Model):
    """The need of one case: ``wanted_fen`` 需求额, ``contracted_fen`` 签约额, ``drawn_fen`` 放款额, each within the one before.

    The row is what everyone locks who changes a need or a bank's dealing with it. ``grab_places`` is how many banks may take
    it by themselves until ``grab_until`` (0: not open for that). Money is in 分, rates in basis points.
    """

    class State(models.TextChoices):
        REVIEW = "review", _("审核中")
        POOL = "pool", _("待对接")
        DEALING = "dealing", _("对接中")
        CLOSED = "closed", _("已结束")

    class Ending(models.TextChoices):
        SOLVED = "solved", _("已解决")
        UNSOLVED = "unsolved", _("未解决")
        WITHDRAWN = "withdrawn", _("已撤回")
        NOT_ACCEPTED = "not_accepted", _("未通过审核")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="listing", verbose_name=_("办件"))
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("企业"))
    wanted_fen = models.BigIntegerField(_("需求金额"))
    term_months = models.PositiveSmallIntegerField(_("期限月数"))
    purpose = models.CharField(_("资金用途"), max_length=8, choices=Need.Purpose.choices)
    guarantee = models.CharField(_("担保方式"), max_length=8, choices=Need.Guarantee.choices)
    first_loan = models.BooleanField(_("首贷"), default=False)
    rate_bp = models.PositiveSmallIntegerField(_("期望年利率不高于"), null=True)
    collateral = models.CharField(_("抵质押物"), max_length=500, blank=True)
    use = models.CharField(_("用途说明"), max_length=500, blank=True)
    needed_by = models.DateField(_("资金需用日"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.REVIEW)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    grab_places = models.PositiveSmallIntegerField(_("抢单名额"), default=0)
    grab_until = models.DateTimeField(_("抢单截止"), null=True)
    contracted_fen = models.BigIntegerField(_("签约金额"), default=0)
    drawn_fen = models.BigIntegerField(_("放款金额"), default=0)
    ending = models.CharField(_("结果"), max_length=12, choices=Ending.choices, blank=True)
    ending_code = models.SlugField(_("未解决原因"), max_length=32, blank=True, db_index=False)

    class Meta:
        verbose_name = _("需求发布")
        verbose_name_plural = _("需求发布")
        ordering = ["-case_id"]
        indexes = [
            models.Index(fields=["state", "-case"], name="finance_listing_state"),
            models.Index(fields=["enterprise", "-case"], name="finance_listing_asker"),
        ]
        constraints = [
            models.CheckConstraint(
                name="finance_listing_amounts",
                condition=Q(wanted_fen__gt=0, term_months__gt=0, drawn_fen__gte=0)
                & Q(contracted_fen__lte=F("wanted_fen"))
                & Q(drawn_fen__lte=F("contracted_fen")),
            ),
            models.CheckConstraint(
                name="finance_listing_ends_with_reason",
                condition=(Q(state="closed") & ~Q(ending="")) | (~Q(state="closed") & Q(ending="")),
            ),
            models.CheckConstraint(
                name="finance_listing_unsolved_coded", condition=~Q(ending="unsolved") | ~Q(ending_code="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def number(self) -> str:
        """The number of the need: that of its case."""
        return self.case.number
