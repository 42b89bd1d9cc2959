"""Experts and what they say: blind, conflicts declared, every score kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.models.applications import Application


class Expert(models.Model):
    """An expert of the city's list: an account, a field, and the organisation that employs him, which he never scores."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="policies_expert", verbose_name=_("账号")
    )
    field = models.CharField(_("专业领域"), max_length=60)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在单位")
    )
    active = models.BooleanField(_("在库"), default=True)

    class Meta:
        verbose_name = _("评审专家")
        verbose_name_plural = _("评审专家")

    def __str__(self) -> str:
        return str(self.account)


class ExpertReview(models.Model):
    """One expert's review of one application; ``scores`` by criterion, ``total`` weighted to 100.

    ``conflict`` says why an expert stepped back (回避), or why the office asked another one in his place (改派).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待评审")
        CONFLICT = "conflict", _("已回避")
        RECALLED = "recalled", _("已改派")
        SCORED = "scored", _("已评分")

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews", verbose_name=_("申报"))
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews", verbose_name=_("专家"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    independent = models.BooleanField(_("声明无利益冲突"), default=False)
    conflict = models.CharField(_("回避或改派理由"), max_length=200, blank=True)
    scores = models.JSONField(_("评分"), default=dict)
    total = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True)
    opinion = models.CharField(_("评审意见"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("指派时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    dropped = models.BooleanField(_("作为极值剔除"), default=False)

    class Meta:
        verbose_name = _("专家评审")
        verbose_name_plural = _("专家评审")
        constraints = [
            models.UniqueConstraint(fields=["application", "expert"], name="policies_review_once"),
            models.CheckConstraint(
                name="policies_score_declared_independent",
                condition=~Q(state="scored") | Q(independent=True, total__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="policies_review_todo")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.expert_id}"
