"""What is recorded of waters; values are decimals of six places in the parameter's own unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.waters import standards
from yizhantong.zones.waters.parameters import Parameter


class Water(models.TextChoices):
    """What kind of water it is; the kind decides which standard applies."""

    OPEN_SEA = "open_sea", _("外海")
    CUCUMBER_POND = "cucumber_pond", _("海参池塘")
    JELLYFISH_POND = "jellyfish_pond", _("海蜇池塘")
    WHARF = "wharf", _("码头")


class Station(Fact):
    """A station belongs to the plan of a year; where its position is not yet surveyed, none is given."""

    station = models.CharField(_("站位编号"), max_length=16)
    name = models.CharField(_("站位名称"), max_length=60)
    water = models.CharField(_("水体类型"), max_length=14, choices=Water.choices)
    plan_year = models.IntegerField(_("方案年度"))
    target_class = models.IntegerField(_("目标类别"), null=True, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("监测站")
        verbose_name_plural = _("监测站登记")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a class that GB 3097-1997 does not know, and half a position."""
        if values["target_class"] not in (None, 1, 2, 3, 4):
            raise LedgerError("waters.class", "目标类别应为 1 至 4(GB 3097-1997),无目标的留空", "目标类别")
        if (values["longitude"] is None) != (values["latitude"] is None):
            raise LedgerError("waters.position", "经度和纬度要么都填,要么都不填", "经度")


class Survey(Fact):
    """One survey (一次监测)."""

    class Mode(models.TextChoices):
        SEA = "sea", _("出海监测")
        SHORE = "shore", _("岸基监测")

    survey = models.CharField(_("监测编号"), max_length=24)
    mode = models.CharField(_("监测方式"), max_length=5, choices=Mode.choices)

    class Meta(Fact.Meta):
        verbose_name = _("监测")
        verbose_name_plural = _("监测台账")


class Sample(Fact):
    """Water was taken at a station in a survey (一批次水样)."""

    class Layer(models.TextChoices):
        SURFACE = "surface", _("表层")
        MIDDLE = "middle", _("10米层")
        BOTTOM = "bottom", _("底层")

    sample = models.CharField(_("样品编号"), max_length=32)
    survey = models.CharField(_("监测编号"), max_length=24)
    station = models.CharField(_("站位编号"), max_length=16)
    water = models.CharField(_("水体类型"), max_length=14, choices=Water.choices)
    layer = models.CharField(_("层次"), max_length=7, choices=Layer.choices)

    class Meta(Fact.Meta):
        verbose_name = _("水样")
        verbose_name_plural = _("水样台账")


class Result(Fact):
    """One value of one parameter of one sample, with the single-item verdict of GB 11607-89.

    Of a non-detect, ``value`` is the limit of detection and ``detected`` is false.
    """

    class Quality(models.TextChoices):
        VALID = "valid", _("有效")
        RETEST = "retest", _("待复测")

    class Verdict(models.TextChoices):
        MET = standards.Verdict.MET.value, _("达标")
        OVER = standards.Verdict.OVER.value, _("超标")
        UNDECIDED = standards.Verdict.UNDECIDED.value, _("不能单点判定")
        NO_LIMIT = standards.Verdict.NO_LIMIT.value, _("无限值")

    sample = models.CharField(_("样品编号"), max_length=32)
    station = models.CharField(_("站位编号"), max_length=16)
    water = models.CharField(_("水体类型"), max_length=14, choices=Water.choices)
    parameter = models.CharField(_("监测项目"), max_length=16, choices=Parameter.choices)
    value = models.DecimalField(_("测值"), max_digits=18, decimal_places=6)
    detected = models.BooleanField(_("检出"), default=True)
    quality = models.CharField(_("质控状态"), max_length=6, choices=Quality.choices)
    verdict = models.CharField(_("渔业水质判定"), max_length=9, choices=Verdict.choices)
    method = models.CharField(_("分析方法"), max_length=60, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("监测数据")
        verbose_name_plural = _("监测数据台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a value that the parameter cannot have, and a verdict that is not that of GB 11607-89."""
        parameter, value = values["parameter"], values["value"]
        if (parameter != Parameter.TEMPERATURE and value < 0) or (parameter == Parameter.PH and value > 14):
            raise LedgerError("waters.value", f"测值 {value} 不可能出现,请核对单位和小数点", "测值")
        expected = standards.judge(parameter, standards.Reading(value, values["detected"]))
        if values["verdict"] != expected.verdict:
            label = cls.Verdict(expected.verdict).label
            raise LedgerError("waters.verdict", f"按 GB 11607-89 应为“{label}”:{expected.sentence}", "渔业水质判定")
