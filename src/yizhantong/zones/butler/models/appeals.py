"""What the service keeps of an appeal beside its case: reminders and who answered them, the review of "no help possible", its ending."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation


class Escalation(models.Model):
    """A rung of the ladder that an open appeal reached: who was told, and by when he must say what he does about it.

    Each rung once in each ``round`` (1; 2 after a dispute reopened it). ``root`` is the one matter behind it all: the original of
    linked duplicates, else the case itself, however high it climbs.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations", verbose_name=_("诉求"), db_index=False)
    root = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name=_("根诉求"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    rung = models.PositiveSmallIntegerField(_("级次"))
    days = models.PositiveSmallIntegerField(_("已历天数"))
    to = models.SlugField(_("提请对象"), max_length=16, db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    told = models.JSONField(_("已通知账号"), default=list)
    raised_at = models.DateTimeField(_("提请时间"))
    due_at = models.DateTimeField(_("应答复时间"))
    answer = models.CharField(_("处理意见"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )

    class Meta:
        verbose_name = _("逐级提请")
        verbose_name_plural = _("逐级提请")
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "rung"], name="butler_rung_once"),
            models.CheckConstraint(
                name="butler_escalation_answered_with_words", condition=Q(answered_at__isnull=True) | ~Q(answer="")
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="butler_escalation_open", condition=Q(answered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ↑{self.rung}"


class UnableReview(models.Model):
    """ "No help is possible" 无法解决: proposed with reason and law by the office, decided by a manager who is somebody else."""

    class State(models.TextChoices):
        ASKED = "asked", _("待复核")
        APPROVED = "approved", _("同意")
        RETURNED = "returned", _("退回")

    case = models.ForeignKey(Case, models.PROTECT, related_name="unable_reviews", verbose_name=_("诉求"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("理由"), max_length=500)
    law = models.CharField(_("法律或政策依据"), max_length=200)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    settled_at = models.DateTimeField(_("复核时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    remark = models.CharField(_("复核意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("无法解决复核")
        verbose_name_plural = _("无法解决复核")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="butler_review_one_asked", condition=Q(state="asked")),
            models.CheckConstraint(name="butler_review_says_why", condition=~Q(reason="") & ~Q(law="")),
            models.CheckConstraint(
                name="butler_review_four_eyes", condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("proposed_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Ending(models.Model):
    """An ending that the enterprise is asked about: confirmed, disputed (once, which reopens the appeal), or never answered.

    Silence is no consent: after ``ask_until`` it is ``unconfirmed`` and stays so until the enterprise confirms.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待企业确认")
        CONFIRMED = "confirmed", _("企业已确认")
        DISPUTED = "disputed", _("企业有异议")
        UNCONFIRMED = "unconfirmed", _("企业未确认")

    case = models.ForeignKey(Case, models.PROTECT, related_name="endings", verbose_name=_("诉求"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WAITING)
    result = models.CharField(_("解决情况"), max_length=12)
    closed_at = models.DateTimeField(_("办结时间"))
    ask_until = models.DateTimeField(_("确认期限"))
    settled_at = models.DateTimeField(_("确认时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("确认账号")
    )

    class Meta:
        verbose_name = _("结局确认")
        verbose_name_plural = _("结局确认")
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="butler_ending_of_round")]
        indexes = [models.Index(fields=["ask_until", "id"], name="butler_ending_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Duplicate(models.Model):
    """Two appeals about the same matter: linked, never merged nor deleted; each asker still gets an answer."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="duplicate", verbose_name=_("诉求"))
    original = models.ForeignKey(Case, models.PROTECT, related_name="duplicates", verbose_name=_("原诉求"))
    reason = models.CharField(_("理由"), max_length=200)
    linked_at = models.DateTimeField(_("关联时间"))
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("关联人"))

    class Meta:
        verbose_name = _("重复诉求")
        verbose_name_plural = _("重复诉求")
        constraints = [models.CheckConstraint(name="butler_duplicate_of_another", condition=~Q(case=F("original")))]

    def __str__(self) -> str:
        return f"{self.case_id} = {self.original_id}"
