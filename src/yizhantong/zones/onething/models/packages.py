"""The parts of a package's case as they stand: also those that wait, and those that were never opened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.zones.onething import ordering


class PackagePart(models.Model):
    """One part that takes part in a package's case; ``child`` is its own case once it is opened.

    ``after`` are the codes of the parts that must be granted first. A part that will never open says why in ``reason``.
    """

    class State(models.TextChoices):
        WAITING = ordering.WAITING, _("等待前置事项")
        OPEN = ordering.OPEN, _("办理中")
        GRANTED = ordering.GRANTED, _("办成")
        REFUSED = ordering.REFUSED, _("不予")
        FAILED = ordering.FAILED, _("终止")
        WITHDRAWN = ordering.WITHDRAWN, _("申请人撤回")
        NOT_OPENED = ordering.NOT_OPENED, _("未启动")

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="package_parts", verbose_name=_("主办件"), db_index=False
    )
    code = models.SlugField(_("事项代码"), max_length=24, db_index=False)
    position = models.PositiveSmallIntegerField(_("次序"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("事项"), db_index=False)
    version = models.ForeignKey(
        ItemVersion, models.PROTECT, related_name="+", verbose_name=_("事项版本"), db_index=False
    )
    title = models.CharField(_("事项名称"), max_length=120)
    required = models.BooleanField(_("必办"), default=True)
    after = models.JSONField(_("前置事项"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("说明"), max_length=500, blank=True)
    child = models.OneToOneField(Case, models.PROTECT, null=True, related_name="package_part", verbose_name=_("分办件"))
    opened_at = models.DateTimeField(_("启动时间"), null=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("一件事分办事项")
        verbose_name_plural = _("一件事分办事项")
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="onething_part_once"),
            models.CheckConstraint(
                name="onething_part_opened_has_case",
                condition=Q(state__in=["waiting", "not_opened"], child__isnull=True)
                | (~Q(state__in=["waiting", "not_opened"]) & Q(child__isnull=False)),
            ),
            models.CheckConstraint(
                name="onething_part_not_opened_says_why", condition=~Q(state="not_opened") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"
