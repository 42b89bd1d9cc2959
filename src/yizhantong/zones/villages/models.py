"""What is recorded of villages and their clean-ups; ``division`` is always the village itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.villages.rules import HEAPS, NOES, implausible


class VillageFact(Fact):
    """A fact of one village, with the township and the managing unit to which it belongs on that day."""

    township = models.ForeignKey(
        Division, models.PROTECT, db_index=False, related_name="+", verbose_name=_("乡镇(涉农街道)")
    )
    unit = models.ForeignKey(Division, models.PROTECT, db_index=False, related_name="+", verbose_name=_("县(市)区"))

    class Meta(Fact.Meta):
        abstract = True

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a village that does not lie in the township named, or that another unit manages (by the tree in memory)."""
        village, township = values["division_id"], values["township_id"]
        if village == township or not village.startswith(township):
            raise LedgerError("villages.township", f"村 {village} 不在乡镇(涉农街道){township} 内", "乡镇")
        unit = tree.unit_of(village)
        if values["unit_id"] != unit:
            raise LedgerError("villages.unit", f"村 {village} 由 {unit} 管理,不属于 {values['unit_id']}", "县区")


class Membership(VillageFact):
    """A village takes part in the campaign from ``occurred_on``."""

    class Kind(models.TextChoices):
        VILLAGE = "village", _("行政村")
        COMMUNITY = "community", _("涉农社区")

    kind = models.CharField(_("类别"), max_length=9, choices=Kind.choices)
    confirmed = models.BooleanField(_("已核实"), default=True)

    class Meta(Fact.Meta):
        verbose_name = _("参加村庄")
        verbose_name_plural = _("参加村庄登记")


class CleanupReport(VillageFact):
    """What was done in a village on a day; masses in kilograms, lengths in metres, heaps in all and by kind."""

    report = models.CharField(_("填报编号"), max_length=32)
    person_times = models.IntegerField(_("出动人员(人次)"))
    vehicle_times = models.IntegerField(_("清运车辆(台次)"))
    waste_kg = models.BigIntegerField(_("农村生活垃圾(千克)"))
    ponds = models.IntegerField(_("村内水塘(个)"))
    ditch_m = models.BigIntegerField(_("村内沟渠(米)"))
    manure_kg = models.BigIntegerField(_("畜禽粪污等(千克)"))
    piles = models.IntegerField(_("三堆合计(个)"))
    straw_piles = models.IntegerField(_("柴草堆(个)"))
    dung_piles = models.IntegerField(_("粪堆(个)"))
    debris_piles = models.IntegerField(_("杂物堆(个)"))
    first_time = models.BooleanField(_("首次清理"))

    class Meta(Fact.Meta):
        verbose_name = _("清洁填报")
        verbose_name_plural = _("清洁填报台账")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="villages_report_heaps_add_up",
                condition=models.Q(piles=models.F("straw_piles") + models.F("dung_piles") + models.F("debris_piles")),
            ),
        ]

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse negative amounts, heaps that do not add up, and what only a slip of the unit explains."""
        super().check_values(values)
        for name in ("person_times", "vehicle_times", "waste_kg", "ponds", "ditch_m", "manure_kg", *HEAPS):
            if values[name] < 0:
                label = cls._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                raise LedgerError("villages.negative", "不能为负数", str(label))
        if values["piles"] != sum(values[name] for name in HEAPS):
            raise LedgerError("villages.heaps", "三堆合计应等于柴草堆、粪堆、杂物堆之和", "三堆")
        if sentence := implausible(values):
            raise LedgerError("villages.implausible", sentence, "生活垃圾")


class Inspection(VillageFact):
    """A village was looked at by the five noes; ``passed`` when all five hold."""

    class Level(models.TextChoices):
        CITY = "city", _("市级抽查")
        COUNTY = "county", _("县级检查")
        TOWNSHIP = "township", _("乡级自查")

    inspection = models.CharField(_("检查编号"), max_length=32)
    level = models.CharField(_("检查级别"), max_length=8, choices=Level.choices)
    no_dead_corner = models.BooleanField(_("无卫生死角"))
    no_exposed_waste = models.BooleanField(_("无暴露垃圾"))
    no_messy_piles = models.BooleanField(_("无乱堆乱放"))
    no_exposed_manure = models.BooleanField(_("无裸露畜禽粪污"))
    no_sewage = models.BooleanField(_("无污水横流"))
    passed = models.BooleanField(_("五无达标"))

    class Meta(Fact.Meta):
        verbose_name = _("五无检查")
        verbose_name_plural = _("五无检查台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse a verdict that the five noes do not bear out."""
        super().check_values(values)
        if values["passed"] != all(values[name] for name in NOES):
            raise LedgerError("villages.verdict", "五项全部为“是”才是达标,请核对", "五无达标")
