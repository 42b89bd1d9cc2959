"""What is recorded of innovation; amounts in 分, areas in square metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation


class KeyProject(Fact):
    """A project of the province's plan of a year; incomes are what is expected once it produces."""

    class Level(models.TextChoices):
        WORLD_LEADING = "world_leading", _("国际领先")
        WORLD_ADVANCED = "world_advanced", _("国际先进")
        HOME_LEADING = "home_leading", _("国内领先")
        HOME_ADVANCED = "home_advanced", _("国内先进")
        PROVINCE = "province", _("省内先进")
        UNMARKED = "unmarked", _("未标注")

    class Category(models.TextChoices):
        PRODUCT = "product", _("重点新产品开发")
        TECHNOLOGY = "technology", _("关键产业技术研发")
        JOINT = "joint", _("产学研合作")
        EQUIPMENT = "equipment", _("重大技术装备研制")
        QUALITY = "quality", _("产品质量提升攻关")

    project = models.CharField(_("项目编号"), max_length=32)
    name = models.CharField(_("项目名称"), max_length=120)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("承担单位")
    )
    plan_year = models.IntegerField(_("计划年度"))
    category = models.CharField(_("项目类别"), max_length=10, choices=Category.choices)
    level = models.CharField(_("技术水平"), max_length=14, choices=Level.choices)
    fills_gap = models.BooleanField(_("填补国内空白"))
    sales_fen = models.BigIntegerField(_("预计销售收入(分)"))
    profit_tax_fen = models.BigIntegerField(_("预计利税(分)"))

    class Meta(Fact.Meta):
        verbose_name = _("技术创新重点项目")
        verbose_name_plural = _("技术创新重点项目台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse expected profit and tax above the sales that they come from."""
        if not 0 <= values["profit_tax_fen"] <= values["sales_fen"]:
            raise LedgerError("innovation.profit_tax", "预计利税不能为负,也不能超过预计销售收入", "预计利税")


class SkillStation(Fact):
    """A station of a master of a craft was confirmed in a batch."""

    station = models.CharField(_("工作站编号"), max_length=32)
    name = models.CharField(_("工作站名称"), max_length=60)
    batch = models.IntegerField(_("批次"))
    craft = models.CharField(_("工种"), max_length=40)
    host = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("依托单位"))

    class Meta(Fact.Meta):
        verbose_name = _("技能大师工作站")
        verbose_name_plural = _("技能大师工作站登记")


class Facility(Fact):
    """A room of a station."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("办公室")
        CLASSROOM = "classroom", _("理论培训教室")
        WORKSHOP = "workshop", _("实训操作室")
        RESEARCH = "research", _("研究室")
        OTHER = "other", _("其他")

    station = models.CharField(_("工作站编号"), max_length=32)
    kind = models.CharField(_("场所类型"), max_length=9, choices=Kind.choices)
    area = models.IntegerField(_("面积(平方米)"))

    class Meta(Fact.Meta):
        verbose_name = _("工作站场所")
        verbose_name_plural = _("工作站场所台账")


class CarrierKind(models.TextChoices):
    """What kind of carrier it is."""

    INCUBATOR = "incubator", _("科技企业孵化器")
    MAKERSPACE = "makerspace", _("众创空间")
    PARK = "park", _("大学科技园")


class CarrierLevel(models.TextChoices):
    """Who recognised the carrier."""

    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


class Carrier(Fact):
    """A carrier was recognised at a level."""

    carrier = models.CharField(_("载体编号"), max_length=32)
    name = models.CharField(_("载体名称"), max_length=80)
    kind = models.CharField(_("载体类型"), max_length=10, choices=CarrierKind.choices)
    level = models.CharField(_("载体级别"), max_length=10, choices=CarrierLevel.choices)
    operator = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("运营单位")
    )

    class Meta(Fact.Meta):
        verbose_name = _("双创载体")
        verbose_name_plural = _("双创载体登记")


class CarrierYear(Fact):
    """A carrier's statistics of a year, dated by its last day."""

    carrier = models.CharField(_("载体编号"), max_length=32)
    kind = models.CharField(_("载体类型"), max_length=10, choices=CarrierKind.choices)
    level = models.CharField(_("载体级别"), max_length=10, choices=CarrierLevel.choices)
    year = models.IntegerField(_("统计年度"))
    operating_fen = models.BigIntegerField(_("营业收入(分)"))
    total_fen = models.BigIntegerField(_("总收入(分)"))
    jobs = models.IntegerField(_("吸纳就业(人)"))
    enterprises = models.IntegerField(_("在孵企业和团队(个)"))

    class Meta(Fact.Meta):
        verbose_name = _("载体年报")
        verbose_name_plural = _("载体年报台账")

    @classmethod
    def check_values(cls, values: Mapping[str, Any]) -> None:
        """Refuse more operating income than income in all, and a year that is not that of the day."""
        if not 0 <= values["operating_fen"] <= values["total_fen"]:
            raise LedgerError("innovation.income", "营业收入不能为负,也不能超过总收入", "营业收入")
        if values["occurred_on"].year != values["year"]:
            raise LedgerError("innovation.year", "年报的日期应在统计年度之内(一般为 12 月 31 日)", "统计年度")


class Certified(Fact):
    """An enterprise grown in a carrier was certified."""

    class Kind(models.TextChoices):
        HIGH_TECH = "high_tech", _("高新技术企业")
        TECH_SME = "tech_sme", _("科技型中小企业")

    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("企业")
    )
    kind = models.CharField(_("认定类型"), max_length=9, choices=Kind.choices)
    carrier = models.CharField(_("载体编号"), max_length=32)
    certificate = models.CharField(_("证书(入库)编号"), max_length=40)

    class Meta(Fact.Meta):
        verbose_name = _("孵化企业认定")
        verbose_name_plural = _("孵化企业认定台账")


class Patent(Fact):
    """A patent was granted to an enterprise of a carrier."""

    class Kind(models.TextChoices):
        INVENTION = "invention", _("发明专利")
        UTILITY = "utility", _("实用新型")
        DESIGN = "design", _("外观设计")

    patent = models.CharField(_("专利号"), max_length=32)
    kind = models.CharField(_("专利类型"), max_length=9, choices=Kind.choices)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name=_("专利权人")
    )
    carrier = models.CharField(_("载体编号"), max_length=32)

    class Meta(Fact.Meta):
        verbose_name = _("专利授权")
        verbose_name_plural = _("专利授权台账")
