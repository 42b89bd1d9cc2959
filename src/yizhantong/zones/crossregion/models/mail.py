"""Messages between cities as this one keeps them: what goes out, what came in, and which signatures were seen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.fields import SealedField
from yizhantong.zones.crossregion.models.crossings import Crossing
from yizhantong.zones.crossregion.models.partners import Partner

KINDS = {
    "handover": _("转出"), "receipt": _("签收"), "refusal": _("不予接收"), "supplement_asked": _("要求补正"), "supplement_given": _("补正"),
    "status": _("进度"), "decision": _("决定"), "delivery": _("送达"), "return": _("退回"), "withdrawal": _("撤回"),
}  # fmt: skip
"""What the kinds of messages are to people."""


class Outgoing(models.Model):
    """A message to be sent: written in the transaction of the change that it tells, sent by a leased job until it is taken."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        TAKEN = "taken", _("对方已收")
        REFUSED = "refused", _("对方拒收")

    id = models.UUIDField(primary_key=True)
    crossing = models.ForeignKey(Crossing, models.PROTECT, related_name="outgoing", verbose_name=_("通办业务"))
    sequence = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=20)
    text = SealedField()
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(_("写入时间"))
    queued_at = models.DateTimeField()
    """By the server's clock: how long it has been waiting."""
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    tried_at = models.DateTimeField(_("最近尝试"), null=True)
    taken_at = models.DateTimeField(_("对方接收"), null=True)
    answer = models.JSONField(_("对方答复"), default=dict)
    failure = models.CharField(_("失败原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("发件")
        verbose_name_plural = _("发件")
        ordering = ["crossing_id", "sequence"]
        constraints = [models.UniqueConstraint(fields=["crossing", "sequence"], name="crossregion_said_in_order")]
        indexes = [models.Index(fields=["state", "queued_at"], name="crossregion_outbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def label(self) -> str:
        """Return what the message is to people."""
        return str(KINDS.get(self.kind, self.kind))


class Incoming(models.Model):
    """A message that came in, kept with the answer that it was given: the same message again gets the same answer."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待前序")
        DONE = "done", _("已处理")
        REFUSED = "refused", _("已拒收")

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="incoming", verbose_name=_("通办城市"))
    crossing = models.ForeignKey(
        Crossing, models.PROTECT, null=True, related_name="incoming", verbose_name=_("通办业务")
    )
    case_key = models.UUIDField(db_index=True)
    sequence = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("种类"), max_length=20)
    text = SealedField()
    digest = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices)
    arrived_at = models.DateTimeField(_("到达时间"))
    status = models.PositiveSmallIntegerField(default=202)
    answer = models.JSONField(_("答复"), default=dict)

    class Meta:
        verbose_name = _("收件")
        verbose_name_plural = _("收件")
        ordering = ["arrived_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "case_key", "sequence"], name="crossregion_heard_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def label(self) -> str:
        """Return what the message is to people."""
        return str(KINDS.get(self.kind, self.kind))


class Nonce(models.Model):
    """A nonce that a key has signed with; a second request with it is refused (RFC 9421, 7.2.2). Kept as long as signatures are valid."""

    keyid = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("签名随机数")
        verbose_name_plural = _("签名随机数")
        constraints = [models.UniqueConstraint(fields=["keyid", "nonce"], name="crossregion_nonce_once")]

    def __str__(self) -> str:
        return self.nonce
