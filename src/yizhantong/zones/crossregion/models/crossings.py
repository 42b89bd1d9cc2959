"""A case between two cities, as this one keeps it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.parties.fields import SealedField
from yizhantong.zones.crossregion.models.facts import Direction, Mode
from yizhantong.zones.crossregion.models.partners import Partner


class Crossing(models.Model):
    """One request on its way to, or from, another city: the same ``key`` in both; ``number`` is ours.

    ``spans`` says who answered for it from when to when (``[[holder, since, until|null]]``), the same list in both cities once
    their messages have arrived. ``case`` is our own case: at the sender the one that the request came in with, at the receiver the one
    that it became. ``said`` and ``heard`` are the last numbers of messages each way.
    """

    class Stage(models.TextChoices):
        NEW = "new", _("准备中")
        SENT = "sent", _("已转出,待对方接收")
        ARRIVED = "arrived", _("已到达,正在核取材料")
        HELD = "held", _("接收方办理中")
        SUPPLEMENT = "supplement", _("待补正")
        DECIDED = "decided", _("已决定,待送达")
        REFUSED = "refused", _("对方未接收")
        RETURNED = "returned", _("已退回")
        WITHDRAWING = "withdrawing", _("撤回中")
        CLOSED = "closed", _("已办结")

    key = models.UUIDField(_("通办标识"), unique=True)
    number = models.CharField(_("通办编号"), max_length=24, unique=True)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction.choices)
    mode = models.CharField(_("通办模式"), max_length=8, choices=Mode.choices)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="crossings", verbose_name=_("通办城市"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="crossings", verbose_name=_("办件"))
    item_code = models.CharField(_("事项代码"), max_length=64)
    item_name = models.CharField(_("通办事项"), max_length=80)
    item_version = models.CharField(_("事项版本"), max_length=9)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices, default=Stage.NEW)
    said = models.PositiveIntegerField(default=0)
    heard = models.PositiveIntegerField(default=0)
    last = models.UUIDField(null=True)
    spans = models.JSONField(_("责任期"), default=list)
    content = SealedField(blank=True)
    """The request as it was handed over (JSON), sealed."""
    other_number = models.CharField(_("对方编号"), max_length=64, blank=True)
    other_office = models.CharField(_("对方单位"), max_length=120, blank=True)
    due_at = models.DateTimeField(_("应办结时间"), null=True)
    handed_at = models.DateTimeField(_("转出时间"), null=True)
    received_at = models.DateTimeField(_("接收时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    outcome = models.CharField(_("办理结果"), max_length=12, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    law = models.CharField(_("依据"), max_length=200, blank=True)
    defects = models.JSONField(_("补正内容"), default=list)
    stations = models.JSONField(_("进度"), default=list)
    """``[{"at", "text"}]``, in the order in which they became known."""
    segments = models.JSONField(_("对方时限分段"), default=list)
    papers = models.BooleanField(_("另有文书"), default=False)
    """Whether documents of the decision are still to come."""
    assurance = models.CharField(_("身份核验"), max_length=8, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("通办业务")
        verbose_name_plural = _("通办业务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["stage", "-id"], name="crossregion_by_stage"),
            models.Index(fields=["direction", "-id"], name="crossregion_by_direction"),
            models.Index(fields=["partner", "-id"], name="crossregion_by_partner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crossregion_received_has_its_moment",
                condition=~Q(stage__in=["held", "supplement", "decided"]) | Q(received_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def role(self) -> str:
        """Return ``sender`` or ``receiver``: what this city is in it."""
        return "sender" if self.direction == Direction.SENT else "receiver"

    @property
    def holder(self) -> str:
        """Return who answers now: ``sender`` or ``receiver``."""
        return str(self.spans[-1][0]) if self.spans else "sender"

    @property
    def ours(self) -> bool:
        """Tell whether this city answers for it now."""
        return self.holder == self.role

    @property
    def asker(self) -> str:
        """Return for whom it is, as our case names the applicant; empty while there is no case."""
        asked = (self.case.organisation or self.case.person) if self.case is not None else None
        return asked.name if asked is not None else ""


class CrossingFile(models.Model):
    """A file that belongs to a crossing: given with the request, or the result; the other city may fetch what we have offered.

    ``stored`` is empty while the bytes, known by their digest, have not been fetched.
    """

    class Kind(models.TextChoices):
        MATERIAL = "material", _("申请材料")
        DOCUMENT = "document", _("结果文书")

    crossing = models.ForeignKey(Crossing, models.PROTECT, related_name="files", verbose_name=_("通办业务"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    code = models.CharField(_("材料代码"), max_length=48)
    name = models.CharField(_("名称"), max_length=200)
    sha256 = models.CharField(_("摘要"), max_length=64)
    size = models.PositiveIntegerField(_("大小(字节)"))
    media_type = models.CharField(_("类型"), max_length=80)
    trust = models.CharField(_("可信等级"), max_length=1, default="C")
    stored = models.ForeignKey(Stored, models.PROTECT, null=True, related_name="+", verbose_name=_("文件"))
    offered = models.BooleanField(_("供对方取用"), default=False)

    class Meta:
        verbose_name = _("通办文件")
        verbose_name_plural = _("通办文件")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["crossing", "kind", "code", "sha256"], name="crossregion_file_once")
        ]

    def __str__(self) -> str:
        return self.name
