"""What was handed in, and the child in its season."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.onething.enrolment.models.seasons import School, Season


class Intake(models.Model):
    """A submission as it was acknowledged: one row, written before the answer; a worker makes the case of it.

    ``data`` is the form's document, checked, personal elements sealed. Of a child one submission of a season stands; ``refused`` ones
    (found wrong when the case was made) have their reason and make room.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("已收件")
        OPENED = "opened", _("已立案")
        REFUSED = "refused", _("未能立案")

    receipt = models.CharField(_("收件编号"), max_length=20, unique=True)
    season = models.ForeignKey(Season, models.PROTECT, related_name="+", verbose_name=_("招生批次"), db_index=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("提交账号"), db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("申请人"), db_index=False)
    idempotency_key = models.CharField(max_length=64, editable=False)
    request = models.CharField(max_length=64, editable=False)
    """Digest of what was sent: the same key with other content is refused."""
    child_index = models.CharField(max_length=64, editable=False)
    data = models.JSONField(_("表单"))
    received_at = models.DateTimeField(_("收件时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="intake", verbose_name=_("办件"))
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("报名收件")
        verbose_name_plural = _("报名收件")
        constraints = [
            models.UniqueConstraint(fields=["account", "idempotency_key"], name="enrolment_intake_sent_once"),
            models.UniqueConstraint(
                fields=["season", "child_index"], name="enrolment_intake_child_once", condition=~Q(state="refused")
            ),
            models.CheckConstraint(
                name="enrolment_intake_opened_has_case", condition=~Q(state="opened") | Q(case__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["id"], name="enrolment_intake_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.receipt


class Child(models.Model):
    """A child in a season, with what was found of it; one for each case, and one standing for each child and season.

    ``code`` is public and names nobody. ``keys`` the order within the category, ``checks`` what the registers said.
    """

    class State(models.TextChoices):
        FILED = "filed", _("待核验")
        VERIFIED = "verified", _("核验通过")
        RECHECK = "recheck", _("待线下复核")
        PLACED = "placed", _("已录取")
        ENDED = "ended", _("已退出")

    case = models.OneToOneField(Case, models.PROTECT, related_name="enrolment", verbose_name=_("办件"))
    season = models.ForeignKey(
        Season, models.PROTECT, related_name="children", verbose_name=_("招生批次"), db_index=False
    )
    child_index = models.CharField(max_length=64, editable=False)
    code = models.CharField(_("公示代码"), max_length=16, editable=False)
    claimed = models.SlugField(_("申报类别"), max_length=24, db_index=False)
    category = models.SlugField(_("核定类别"), max_length=24, blank=True, db_index=False)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, related_name="+", verbose_name=_("对应学校"), db_index=False
    )
    keys = models.JSONField(default=list)
    together = models.CharField(_("同胞捆绑"), max_length=16, blank=True)
    checks = models.JSONField(_("核验"), default=list)
    reasons = models.JSONField(_("复核原因"), default=list)
    lot = models.CharField(_("摇号数"), max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.FILED)
    verified_at = models.DateTimeField(_("核验时间"), null=True)

    class Meta:
        verbose_name = _("报名学生")
        verbose_name_plural = _("报名学生")
        constraints = [
            models.UniqueConstraint(
                fields=["season", "child_index"], name="enrolment_child_once", condition=~Q(state="ended")
            ),
            models.CheckConstraint(
                name="enrolment_child_verified",
                condition=~Q(state__in=["verified", "placed"]) | (~Q(category="") & Q(school__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["season", "state", "id"], name="enrolment_child_by_state"),
            models.Index(fields=["season", "code"], name="enrolment_child_by_code"),
        ]

    def __str__(self) -> str:
        return self.code
