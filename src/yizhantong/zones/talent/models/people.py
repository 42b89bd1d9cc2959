"""Who is recognised: rule sets by year, the claims made under them, the talents, the yearly look whether all still holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.models.facts import TALENT_CODE, Category


class RuleSet(models.Model):
    """The rules of one year in one version, as data (see :mod:`yizhantong.zones.talent.classes`); what a claim was judged by stays."""

    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveSmallIntegerField(_("版本"))
    source = models.CharField(_("来源"), max_length=200)
    document = models.JSONField(_("规则"))
    digest = models.CharField(_("摘要"), max_length=64)
    published_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("认定规则")
        verbose_name_plural = _("认定规则")
        ordering = ["year", "version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="talent_rules_version"),
            models.UniqueConstraint(fields=["year", "digest"], name="talent_rules_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.version}"


class Talent(models.Model):
    """A person who is or was recognised; public ledgers know only the ``code``. ``category`` is the class that holds now."""

    class State(models.TextChoices):
        HOLDS = "holds", _("有效")
        EXPIRED = "expired", _("已到期")
        LOST = "lost", _("已取消")

    person = models.OneToOneField(Person, models.PROTECT, related_name="talent", verbose_name=_("本人"))
    code = models.CharField(_("人才代码"), max_length=16, unique=True, validators=[TALENT_CODE])
    category = models.CharField(_("人才类别"), max_length=1, choices=Category.choices)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    number = models.CharField(_("认定编号"), max_length=32)
    since = models.DateField(_("认定日期"))
    valid_until = models.DateField(_("有效期至"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.HOLDS)
    reminded_for = models.DateField(_("已提醒的到期日"), null=True)

    class Meta:
        verbose_name = _("人才")
        verbose_name_plural = _("人才")
        indexes = [
            models.Index(fields=["state", "valid_until"], name="talent_talent_expiry"),
            models.Index(fields=["employer", "state"], name="talent_talent_employer"),
        ]

    def __str__(self) -> str:
        return self.code


class Claim(models.Model):
    """The recognition side of a case: which class was asked for, which the rules give, which was granted, and why."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_claim", verbose_name=_("办件"))
    rules = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("认定规则"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    talent = models.ForeignKey(Talent, models.PROTECT, null=True, related_name="claims", verbose_name=_("人才"))
    wanted = models.CharField(_("申报类别"), max_length=1, choices=Category.choices)
    reached = models.CharField(_("规则得出的类别"), max_length=1, choices=Category.choices, blank=True)
    granted = models.CharField(_("认定类别"), max_length=1, choices=Category.choices, blank=True)
    before = models.CharField(_("原类别"), max_length=1, choices=Category.choices, blank=True)
    reasons = models.JSONField(_("逐条结果"), default=list)
    live = models.BooleanField(_("在办"), default=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("申请人"))

    class Meta:
        verbose_name = _("认定申报")
        verbose_name_plural = _("认定申报")
        constraints = [
            models.UniqueConstraint(fields=["person"], name="talent_one_claim_at_a_time", condition=Q(live=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.wanted}"


class Recheck(models.Model):
    """The yearly look at a talent: still employed there, still here. Subsidies of that year wait for it."""

    class State(models.TextChoices):
        OPEN = "open", _("待核查")
        PASSED = "passed", _("通过")
        FAILED = "failed", _("未通过")

    talent = models.ForeignKey(Talent, models.PROTECT, related_name="rechecks", verbose_name=_("人才"))
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    employed = models.BooleanField(_("仍在用人单位"), null=True)
    resident = models.BooleanField(_("仍在本市"), null=True)
    evidence = models.CharField(_("依据"), max_length=200, blank=True)
    due_on = models.DateField(_("核查期限"))
    done_at = models.DateTimeField(_("核查时间"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )

    class Meta:
        verbose_name = _("年度核查")
        verbose_name_plural = _("年度核查")
        constraints = [
            models.UniqueConstraint(fields=["talent", "year"], name="talent_recheck_of_year"),
            models.CheckConstraint(
                name="talent_recheck_told",
                condition=Q(state="open") | Q(employed__isnull=False, resident__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="talent_recheck_due")]

    def __str__(self) -> str:
        return f"{self.talent_id} {self.year}"
