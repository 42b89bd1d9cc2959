"""Answers worth keeping: what the city once told one enterprise, told to the next before it asks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation


class Answer(models.Model):
    """A question and its answer, reviewed by a second person, valid until a day; ``case_number`` is the appeal it grew from.

    ``links`` are ``[{"title": "…", "url": "…"}]`` to the policies it rests on.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("待复核")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("公开")
        ENTERPRISE = "enterprise", _("企业可见")
        INTERNAL = "internal", _("内部")

    question = models.CharField(_("问题"), max_length=200)
    answer = models.TextField(_("答复"), max_length=4000)
    kind = models.SlugField(_("诉求种类"), max_length=32, db_index=False)
    links = models.JSONField(_("政策链接"), default=list, blank=True)
    case_number = models.CharField(_("来源诉求"), max_length=32, blank=True, db_index=True)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("答复单位"))
    visibility = models.CharField(
        _("可见范围"), max_length=10, choices=Visibility.choices, default=Visibility.ENTERPRISE
    )
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    valid_until = models.DateField(_("有效期至"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("编写人")
    )
    written_at = models.DateTimeField(_("编写时间"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    remark = models.CharField(_("复核意见"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("知识库答复")
        verbose_name_plural = _("知识库答复")
        constraints = [
            models.CheckConstraint(
                name="butler_answer_four_eyes",
                condition=Q(reviewed_by__isnull=True) | Q(written_by__isnull=True) | ~Q(reviewed_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="butler_answer_published_is_reviewed",
                condition=~Q(state="published") | Q(reviewed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="butler_answer_by_state")]

    def __str__(self) -> str:
        return self.question

    @property
    def kind_label(self) -> str:
        """Return the label that the city gives the kind."""
        from yizhantong.zones.butler.config import settings

        return settings().label_of(self.kind)
