"""The case, its steps, the offices that answered for it, and its clock."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation, Person


class Case(models.Model):
    """One request. ``office`` answers for it from submission to closing: the database refuses an open case without one.

    ``data`` holds the form's values by data element (personal ones sealed), ``marking`` where the flow stands
    (``foundation.flow.Marking`` as text). ``due_at`` is when the promised limit runs out (None: no limit, or the clock is
    stopped), ``yellow_at`` when the light turns yellow; both are computed from the clock's segments and can be recomputed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已申请")
        SUPPLEMENT = "supplement", _("待补正")
        ACCEPTED = "accepted", _("办理中")
        CLOSED = "closed", _("已办结")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("准予")
        REFUSED = "refused", _("不予")
        NOT_ACCEPTED = "not_accepted", _("不予受理")
        WITHDRAWN = "withdrawn", _("申请人撤回")
        TERMINATED = "terminated", _("终止")
        ANSWERED = "answered", _("已答复")
        PARTIAL = "partial", _("部分办成")

    class Result(models.TextChoices):
        SOLVED = "solved", _("已解决")
        EXPLAINED = "explained", _("解释说明")
        UNABLE = "unable", _("无法解决")

    class Channel(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("窗口")
        BEHALF = "behalf", _("代办")
        BATCH = "batch", _("批量")
        MATCH = "match", _("免申即享")

    number = models.CharField(_("办件编号"), max_length=32, unique=True)
    query_digest = models.CharField(max_length=64, editable=False, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases", verbose_name=_("事项"), db_index=False)
    version = models.ForeignKey(
        ItemVersion, models.PROTECT, related_name="+", verbose_name=_("事项版本"), db_index=False
    )
    zone = models.SlugField(_("专区"), max_length=32, db_index=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("主办件"), db_index=False
    )
    """The case of a package that this one is a part of; each part keeps its own law, clock, office and ending."""
    title = models.CharField(_("标题"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    outcome = models.CharField(_("办理结果"), max_length=12, choices=Outcome.choices, blank=True)
    result = models.CharField(_("解决情况"), max_length=9, choices=Result.choices, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    law = models.CharField(_("依据"), max_length=200, blank=True)

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申请企业"),
        db_index=False,
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人"), db_index=False
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("提交账号"),
        db_index=False,
    )
    channel = models.CharField(_("申请方式"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False)

    office = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位"), db_index=False
    )
    office_since = models.DateTimeField(_("责任起"), null=True, editable=False)
    """Since when ``office`` answers for it; the database keeps :class:`Tenure` from these two columns."""
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"), db_index=False
    )

    data = models.JSONField(_("表单"), default=dict)
    marking = models.CharField(_("流程位置"), max_length=2000, blank=True)

    created_at = models.DateTimeField(_("创建时间"))
    submitted_at = models.DateTimeField(_("申请时间"), null=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    due_at = models.DateTimeField(_("应办结时间"), null=True)
    yellow_at = models.DateTimeField(_("预警时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)

    deferred = models.BooleanField(_("容缺受理"), default=False)
    committed = models.BooleanField(_("告知承诺"), default=False)
    extended = models.BooleanField(_("已延期"), default=False)
    stopped = models.BooleanField(_("已停表"), default=False)
    extension = models.PositiveSmallIntegerField(_("延长"), default=0)
    """Units of the limit by which it was made longer, once."""
    rated = models.PositiveSmallIntegerField(_("评价"), null=True)
    idempotency_key = models.CharField(max_length=64, null=True, editable=False)
    details = models.JSONField(_("专区信息"), default=dict)
    """What a zone keeps beside the form; the kernel never reads it."""

    query_password: str = ""
    """The query password, known only to who has just submitted; what is kept is ``query_digest``."""

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        constraints = [
            models.CheckConstraint(
                name="case_open_has_one_office",
                condition=Q(state__in=["draft", "closed"]) | Q(office__isnull=False, office_since__isnull=False),
            ),
            models.CheckConstraint(
                name="case_closed_has_its_ending",
                condition=~Q(state="closed") | (~Q(outcome="") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="case_refusal_has_reason_and_law",
                condition=~Q(outcome__in=["refused", "not_accepted"]) | (~Q(reason="") & ~Q(law="")),
            ),
            models.CheckConstraint(
                name="case_has_one_applicant",
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(fields=["filed_by", "idempotency_key"], name="case_filed_once"),
            models.UniqueConstraint(
                fields=["idempotency_key"], name="case_filed_once_by_platform", condition=Q(filed_by__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["office", "due_at", "id"], name="case_open_by_due", condition=~Q(state__in=["draft", "closed"])),
            models.Index(fields=["yellow_at", "id"], name="case_open_by_yellow", condition=Q(state="accepted", yellow_at__isnull=False)),
            models.Index(fields=["office", "-id"], name="case_by_office"),
            models.Index(fields=["organisation", "-id"], name="case_by_organisation", condition=Q(organisation__isnull=False)),
            models.Index(fields=["person", "-id"], name="case_by_person", condition=Q(person__isnull=False)),
            models.Index(fields=["filed_by", "-id"], name="case_by_account"),
            models.Index(fields=["item", "-id"], name="case_by_item"),
            models.Index(fields=["division", "-id"], name="case_by_division"),
            models.Index(fields=["zone", "-id"], name="case_by_zone"),
            models.Index(fields=["parent", "id"], name="case_by_parent", condition=Q(parent__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class CaseStep(models.Model):
    """One thing to be done, or done, by one office (or, ``waits_for`` the applicant, by the asker; ``parts``: it ends as the parts of the case do).

    ``code`` is the step's code in the item's flow, or one of the kernel's own: ``intake``, ``supplement``, ``delivery``.
    At most one of a code is open in a case.
    """

    class WaitsFor(models.TextChoices):
        OFFICE = "office", _("单位")
        APPLICANT = "applicant", _("申请人")
        PARTS = "parts", _("各事项")

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("办件"), db_index=False)
    code = models.SlugField(_("环节代码"), max_length=32, db_index=False)
    name = models.CharField(_("环节"), max_length=60)
    kind = models.CharField(_("种类"), max_length=16)
    zone = models.SlugField(_("专区"), max_length=32, db_index=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"), db_index=False
    )
    waits_for = models.CharField(max_length=9, choices=WaitsFor.choices, default=WaitsFor.OFFICE)
    permission = models.CharField(_("所需权限"), max_length=32, default="cases.handle")
    opened_at = models.DateTimeField(_("开始时间"))
    due_at = models.DateTimeField(_("应完成时间"), null=True)
    sort_at = models.DateTimeField(_("排序时间"))
    """The step's due moment or, where it has none, the case's, or the end of time: what "my list" is sorted by."""
    done_at = models.DateTimeField(_("完成时间"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("完成人"), db_index=False
    )
    outcome = models.SlugField(_("结果"), max_length=24, blank=True, db_index=False)
    opinion = models.CharField(_("意见"), max_length=1000, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("环节")
        verbose_name_plural = _("环节")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], name="case_step_open_once", condition=Q(done_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="case_step_of_case"),
            models.Index(fields=["office", "case"], name="case_step_by_office"),
            models.Index(fields=["due_at", "id"], name="case_step_by_due", condition=Q(done_at__isnull=True, due_at__isnull=False)),
            models.Index(fields=["office", "sort_at", "id"], name="case_step_todo", condition=Q(done_at__isnull=True)),
            models.Index(fields=["handler", "sort_at", "id"], name="case_step_mine", condition=Q(done_at__isnull=True, handler__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class Tenure(models.Model):
    """From when to when an office answered for a case; exactly one is current while the case is open.

    The database itself writes these rows as the case's ``office`` changes, opens or closes, and refuses any other change of
    them (:mod:`yizhantong.kernel.cases.triggers`).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="tenures", verbose_name=_("办件"), db_index=False)
    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("责任单位"), db_index=False
    )
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"), null=True)

    class Meta:
        verbose_name = _("责任期")
        verbose_name_plural = _("责任期")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="case_tenure_one_current", condition=Q(until__isnull=True))
        ]
        indexes = [models.Index(fields=["case", "since"], name="case_tenure_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.office_id}"


class ClockSegment(models.Model):
    """A stretch of a case's clock: it runs or it is stopped; the last one is open until something happens."""

    class Kind(models.TextChoices):
        RUN = "run", _("计时")
        PAUSE = "pause", _("停表")

    case = models.ForeignKey(Case, models.PROTECT, related_name="segments", verbose_name=_("办件"), db_index=False)
    kind = models.CharField(_("种类"), max_length=5, choices=Kind.choices)
    start = models.DateTimeField(_("起"))
    end = models.DateTimeField(_("止"), null=True)
    reason = models.CharField(_("原因"), max_length=60)

    class Meta:
        verbose_name = _("时限分段")
        verbose_name_plural = _("时限分段")
        constraints = [
            models.UniqueConstraint(fields=["case"], name="case_clock_one_open", condition=Q(end__isnull=True))
        ]
        indexes = [models.Index(fields=["case", "start"], name="case_clock_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
