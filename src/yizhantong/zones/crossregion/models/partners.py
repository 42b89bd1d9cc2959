"""Other cities: where they are reached, by which keys they sign, which items they have opened, and which we have."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation


class Partner(models.Model):
    """Another city with an instance of its own; ``organisation`` stands for it where a case names the accountable office."""

    class State(models.TextChoices):
        INTRODUCED = "introduced", _("待启用")
        ACTIVE = "active", _("已启用")
        SUSPENDED = "suspended", _("已停用")

    code = models.CharField(_("区划代码"), max_length=6, unique=True)
    name = models.CharField(_("名称"), max_length=32)
    base_url = models.CharField(_("接口地址"), max_length=200)
    contact = models.CharField(_("联系人及电话"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.INTRODUCED)
    versions = models.JSONField(_("协议版本"), default=list)
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name=_("对应单位"))
    introduced_at = models.DateTimeField(_("登记时间"))
    introduced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    seen_at = models.DateTimeField(_("最近联通"), null=True)
    failed_at = models.DateTimeField(_("最近失败"), null=True)
    failure = models.CharField(_("失败原因"), max_length=300, blank=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("通办城市")
        verbose_name_plural = _("通办城市")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """A public key (Ed25519, 32 bytes in base64) by which a partner signs, from a moment to a moment; keys overlap when rotated."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys", verbose_name=_("通办城市"))
    keyid = models.CharField(_("密钥编号"), max_length=64, unique=True)
    public = models.CharField(_("公钥"), max_length=64)
    valid_from = models.DateTimeField(_("生效"))
    valid_to = models.DateTimeField(_("失效"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销"), null=True)

    class Meta:
        verbose_name = _("对方公钥")
        verbose_name_plural = _("对方公钥")
        ordering = ["partner_id", "valid_from", "id"]

    def __str__(self) -> str:
        return self.keyid


class PartnerItem(models.Model):
    """An item on a partner's list (通办清单): its form and materials as the partner told them, by version."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="items", verbose_name=_("通办城市"))
    code = models.CharField(_("事项代码"), max_length=64)
    name = models.CharField(_("事项名称"), max_length=120)
    version = models.CharField(_("版本"), max_length=9)
    modes = models.JSONField(_("通办模式"), default=list)
    audience = models.JSONField(_("办理对象"), default=list)
    limit = models.CharField(_("承诺时限"), max_length=32, blank=True)
    agency = models.CharField(_("办理单位"), max_length=120, blank=True)
    fields = models.JSONField(_("表单"), default=list)
    """``[{"code", "name", "kind", "required", "choices"?}]``"""
    materials = models.JSONField(_("材料"), default=list)
    """``[{"code", "name", "need"}]``"""
    open = models.BooleanField(_("开放"), default=True)
    fetched_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("对方通办事项")
        verbose_name_plural = _("对方通办事项")
        constraints = [models.UniqueConstraint(fields=["partner", "code"], name="crossregion_item_of_partner")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """An item of ours that other cities may send to us, in some modes; ``partner`` empty: every active partner."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("事项"))
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="openings", verbose_name=_("通办城市")
    )
    modes = models.JSONField(_("通办模式"), default=list)
    opened_at = models.DateTimeField(_("开放时间"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("开放人")
    )
    closed_at = models.DateTimeField(_("停止时间"), null=True)

    class Meta:
        verbose_name = _("开放事项")
        verbose_name_plural = _("开放事项")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "partner"], name="crossregion_opening_once", condition=Q(closed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["item"], name="crossregion_opening_for_all_once",
                condition=Q(closed_at__isnull=True, partner__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.item_id)
