"""The pool of experts, what they are biased by, and every draw with its seed, so that anybody can draw it again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation


class PoolExpert(models.Model):
    """An expert: an account, fields, an employer that he never judges, and a weight in draws (1: usual)."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="talent_expert", verbose_name=_("账号")
    )
    fields = models.JSONField(_("专业领域"), default=list)
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("所在单位"))
    weight = models.PositiveSmallIntegerField(_("抽取权重"), default=1)
    active = models.BooleanField(_("在库"), default=True)
    since = models.DateField(_("入库日期"))

    class Meta:
        verbose_name = _("评审专家")
        verbose_name_plural = _("评审专家")
        constraints = [models.CheckConstraint(name="talent_expert_weight", condition=Q(weight__gte=1, weight__lte=10))]

    def __str__(self) -> str:
        return str(self.account)


class Conflict(models.Model):
    """An organisation in which an expert declares an interest 利益冲突; he is not drawn for it."""

    expert = models.ForeignKey(PoolExpert, models.PROTECT, related_name="conflicts", verbose_name=_("专家"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    reason = models.CharField(_("原因"), max_length=200)
    declared_at = models.DateTimeField(_("申报时间"))

    class Meta:
        verbose_name = _("回避申报")
        verbose_name_plural = _("回避申报")
        constraints = [models.UniqueConstraint(fields=["expert", "organisation"], name="talent_conflict_once")]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.organisation_id}"


class Draw(models.Model):
    """A draw: ``pool`` is who could be drawn with which weight, ``excluded`` who could not and why, ``seed`` makes it repeatable."""

    purpose = models.CharField(_("用途"), max_length=24)
    subject = models.CharField(_("所为何事"), max_length=40)
    field = models.CharField(_("专业领域"), max_length=40)
    wanted = models.PositiveSmallIntegerField(_("应抽人数"))
    seed = models.CharField(_("种子"), max_length=64)
    pool = models.JSONField(_("候选"))
    excluded = models.JSONField(_("回避"), default=list)
    chosen = models.JSONField(_("结果"))
    drawn_at = models.DateTimeField(_("抽取时间"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("抽取人")
    )

    class Meta:
        verbose_name = _("专家抽取")
        verbose_name_plural = _("专家抽取")
        indexes = [models.Index(fields=["subject"], name="talent_draw_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.seed[:8]}"
