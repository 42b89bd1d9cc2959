"""What another person signs for a package: to whom the link went, what was shown, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.fields import SealedField


class Cosignature(models.Model):
    """One invitation to sign. ``shown`` is what is shown and signed (sealed JSON: statement and rows), ``data_digest`` its SHA-256.

    The link's word is never kept: ``nonce`` makes it together with the platform's key, ``token_digest`` finds it. A link lives until it is
    used, withdrawn, void because the data changed, or ``expires_at`` has come, whichever is first.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待签署")
        SIGNED = "signed", _("已签署")
        DECLINED = "declined", _("拒绝签署")
        WITHDRAWN = "withdrawn", _("已撤销")
        EXPIRED = "expired", _("已过期")
        VOID = "void", _("内容已变更,作废")

    class Delivery(models.TextChoices):
        NONE = "none", _("未发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    case = models.ForeignKey(Case, models.CASCADE, related_name="cosignatures", verbose_name=_("办件"), db_index=False)
    role = models.SlugField(_("签署人"), max_length=24, db_index=False)
    label = models.CharField(_("身份"), max_length=120)
    name = SealedField(_("姓名"))
    contact = SealedField(_("联系电话"))
    identity_index = models.CharField(max_length=64, blank=True, editable=False)
    """Keyed index of the identity number that the signer must give; empty where the package does not ask for one."""
    shown = SealedField(_("签署内容"))
    data_digest = models.CharField(_("内容摘要"), max_length=64)
    nonce = models.CharField(max_length=32, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("核对失败次数"), default=0)
    delivery = models.CharField(_("发送情况"), max_length=6, choices=Delivery.choices, default=Delivery.NONE)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("发起人"), db_index=False
    )
    invited_at = models.DateTimeField(_("发起时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    settled_at = models.DateTimeField(_("签署时间"), null=True)

    class Meta:
        verbose_name = _("共同签署")
        verbose_name_plural = _("共同签署")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role"], name="onething_cosign_one_live", condition=Q(state__in=["waiting", "signed"])
            ),
            models.CheckConstraint(
                name="onething_cosign_settled", condition=Q(state="waiting") | Q(settled_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="onething_cosign_of_case"),
            models.Index(fields=["expires_at"], name="onething_cosign_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"
