"""What is recorded of industry; amounts in 分, times of answers in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Industry, Organisation
from yizhantong.zones.industry.handles import is_prefix, parse

VOUCHER_PERCENT = 50
"""The part of a contract that a voucher may pay, in percent (待核)."""


class Platform(Fact):
    """A platform or node was built; ``claim`` is what its builder says of it, ``evidence`` what bears it out."""

    class Kind(models.TextChoices):
        NODE = "node", _("标识解析二级节点")
        SECTOR = "sector", _("行业工业互联网平台")
        ENTERPRISE = "enterprise", _("企业工业互联网平台")

    platform = models.CharField(_("平台编号"), max_length=32)
    name = models.CharField(_("平台名称"), max_length=120)
    kind = models.CharField(_("平台类型"), max_length=10, choices=Kind.choices)
    builder = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("建设单位")
    )
    claim = models.CharField(_("宣称"), max_length=120, blank=True)
    evidence = models.CharField(_("佐证"), max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("工业互联网平台")
        verbose_name_plural = _("工业互联网平台登记")


class Node(Fact):
    """An enterprise node was given its prefix."""

    prefix = models.CharField(_("企业前缀"), max_length=24)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    industry = models.ForeignKey(Industry, models.PROTECT, db_index=False, related_name="+", verbose_name=_("行业代码"))

    class Meta(Fact.Meta):
        verbose_name = _("企业节点")
        verbose_name_plural = _("企业节点登记")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse what is no prefix."""
        if not is_prefix(values["prefix"]):
            raise LedgerError("industry.prefix", "企业前缀应写作 88.二级节点.企业,如 88.118.8", "企业前缀")


class Registration(Fact):
    """An identifier was registered; ``key`` is its form for comparison."""

    class Carrier(models.TextChoices):
        ACTIVE = "active", _("主动标识载体")
        QR = "qr", _("二维码")
        RFID = "rfid", _("射频标签")
        OTHER = "other", _("其他")

    handle = models.CharField(_("标识"), max_length=280)
    key = models.CharField(_("比对形式"), max_length=280)
    prefix = models.CharField(_("企业前缀"), max_length=24)
    carrier = models.CharField(_("标识载体"), max_length=6, choices=Carrier.choices)

    class Meta(Fact.Meta):
        verbose_name = _("标识注册")
        verbose_name_plural = _("标识注册台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse what is no identifier, and parts that are not its own."""
        handle = parse(values["handle"])
        if handle is None:
            raise LedgerError("industry.handle", "标识应写作 88.二级节点.企业/后缀,后缀为 1 至 255 个可见字符", "标识")
        if (handle.key, handle.prefix) != (values["key"], values["prefix"]):
            raise LedgerError("industry.handle_parts", "企业前缀或比对形式与标识不符", "标识")


class Resolution(Fact):
    """A day's resolutions of a prefix: asked, answered (found), and milliseconds of all answers together."""

    prefix = models.CharField(_("企业前缀"), max_length=24)
    asked = models.BigIntegerField(_("解析次数"))
    found = models.BigIntegerField(_("成功次数"))
    milliseconds = models.BigIntegerField(_("应答毫秒合计"))

    class Meta(Fact.Meta):
        verbose_name = _("标识解析")
        verbose_name_plural = _("标识解析日志汇总")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse more answers than questions."""
        if not 0 <= values["found"] <= values["asked"] or values["milliseconds"] < 0:
            raise LedgerError("industry.resolution", "成功次数不能为负,也不能多于解析次数", "成功次数")


class Cloud(Fact):
    """An enterprise took a cloud service; ``redeemed_fen`` is what a voucher paid of the contract."""

    class Service(models.TextChoices):
        IAAS = "iaas", _("基础设施上云")
        PAAS = "paas", _("平台上云")
        SAAS = "saas", _("业务应用上云")
        DEVICES = "devices", _("设备上云")

    contract = models.CharField(_("合同编号"), max_length=32)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    vendor = models.CharField(_("云服务商"), max_length=60)
    service = models.CharField(_("服务类别"), max_length=7, choices=Service.choices)
    contract_fen = models.BigIntegerField(_("合同额(分)"))
    voucher = models.CharField(_("云服务券号"), max_length=32, blank=True)
    redeemed_fen = models.BigIntegerField(_("核销额(分)"))

    class Meta(Fact.Meta):
        verbose_name = _("企业上云")
        verbose_name_plural = _("企业上云台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a voucher's payment without a voucher, or above its part of the contract."""
        if values["contract_fen"] < 0 or values["redeemed_fen"] < 0:
            raise LedgerError("industry.amount", "合同额和核销额不能为负", "合同额")
        if values["redeemed_fen"] and not values["voucher"]:
            raise LedgerError("industry.voucher_missing", "有核销额就要有云服务券号", "云服务券号")
        if values["redeemed_fen"] * 100 > values["contract_fen"] * VOUCHER_PERCENT:
            raise LedgerError("industry.voucher", f"核销额不能超过合同额的 {VOUCHER_PERCENT}%", "核销额")
