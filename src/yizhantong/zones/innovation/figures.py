"""Figures of innovation; its ledgers are declared in :mod:`yizhantong.zones.innovation.ledgers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, figure, register
from yizhantong.zones.innovation import ledgers as ledgers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PLAN = _("辽宁省企业技术创新重点项目计划(省工信部门下达)")
CARRIERS = _("国科发区〔2018〕300号、国科火字〔2019〕200号")
PROVINCIAL_UP = '载体级别 in ["national", "provincial"]'


def _declare(
    code: str,
    label: StrOrPromise,
    ledger: str,
    measure: Count | Sum | Distinct,
    unit: str,
    phrases: tuple[str, ...],
    definition: StrOrPromise,
    *,
    where: str = "",
    period: Period = Period.ALL,
    decimals: int = 0,
    parent: str = "",
    dimensions: tuple[str, ...] = (),
    estimate: bool = False,
    norm: StrOrPromise = CARRIERS,
) -> None:
    """Declare a figure over one ledger; registers at their state unless a period is named."""
    register(
        Figure(
            code=f"innovation.{code}",
            label=label,
            ledger=f"innovation.{ledger}",
            measure=measure,
            unit=unit,
            where=where,
            period=period,
            decimals=decimals,
            phrases=phrases,
            definition=definition,
            dimensions=dimensions,
            parent=f"innovation.{parent}" if parent else "",
            estimate=estimate,
            norm=norm,
        )
    )


def _project(code: str, label: StrOrPromise, where: str, phrases: tuple[str, ...], definition: StrOrPromise) -> None:
    """Declare a count of this year's key projects, a part of all of them when it has a condition."""
    _declare(
        code, label, "project", Count(), "项" if where else "个", phrases, definition, where=where, period=Period.THIS_YEAR,
        parent="projects" if where else "", dimensions=("项目类别", "技术水平"), norm=PLAN,
    )  # fmt: skip


_project(
    "projects", _("省企业技术创新重点项目数"), "",
    ("入选省企业技术创新重点项目", "企业技术创新重点项目", "技术创新重点项目", "个项目入选", "重点项目计划"),
    _("今年下达的省企业技术创新重点项目计划中本市入选的项目个数。"),
)  # fmt: skip
_project(
    "world_advanced", _("国际先进水平项目数"), '技术水平 = "world_advanced"',
    ("达到国际先进水平", "国际先进水平", "国际先进"),
    _("今年入选的重点项目中技术水平为国际先进的项目数。"),
)  # fmt: skip
_project(
    "home_advanced", _("国内先进水平项目数"), '技术水平 = "home_advanced"',
    ("国内先进水平", "达到国内先进水平", "国内先进"),
    _("今年入选的重点项目中技术水平为国内先进的项目数。"),
)  # fmt: skip
_project(
    "unmarked", _("未标注技术水平项目数"), '技术水平 = "unmarked"', ("未标注技术水平",),
    _("今年入选的重点项目中计划未标注技术水平的项目数。"),
)  # fmt: skip
_project(
    "fills_gap", _("填补国内空白项目数"), "填补国内空白 = true",
    ("填补国内空白",),
    _("今年入选的重点项目中填补国内空白的项目数;与技术水平是两个属性,不与其相加。"),
)  # fmt: skip
_project(
    "fills_gap_with_level", _("填补国内空白且标注技术水平项目数"), '填补国内空白 = true and 技术水平 != "unmarked"', (),
    _("今年入选的重点项目中既填补国内空白、又标注了技术水平的项目数。"),
)  # fmt: skip
_declare(
    "expected_sales", _("预计销售收入"), "project", Sum("sales_fen"), "亿元",
    ("预计可实现销售收入", "预计实现销售收入", "预计年销售收入", "预计销售收入", "可实现销售收入"),
    _("今年入选的重点项目全部研发成功并投产后预计的销售收入合计,是预计数。"), period=Period.THIS_YEAR, decimals=1,
    dimensions=("项目类别",), estimate=True, norm=PLAN,
)  # fmt: skip
_declare(
    "expected_profit_tax", _("预计利税"), "project", Sum("profit_tax_fen"), "亿元",
    ("实现利税", "预计实现利税", "预计可实现利税", "预计利税"),
    _("今年入选的重点项目全部研发成功并投产后预计的利税合计,是预计数。"), period=Period.THIS_YEAR, decimals=1,
    dimensions=("项目类别",), estimate=True, norm=PLAN,
)  # fmt: skip
STATIONS = _("市技能大师工作站建设项目口径,待核")
_declare(
    "stations", _("技能大师工作站数"), "station", Count(), "个",
    ("技能大师工作站", "建成技能大师工作站", "市级技能大师工作站"),
    _("已揭牌且未摘牌的技能大师工作站个数。"), dimensions=("批次",), norm=STATIONS,
)  # fmt: skip
_declare(
    "first_batch_stations", _("首批技能大师工作站数"), "station", Count(), "个",
    ("首批技能大师工作站", "第一批技能大师工作站", "首批工作站"),
    _("首批确定的技能大师工作站个数。"), where="批次 = 1", parent="stations", norm=STATIONS,
)  # fmt: skip
_declare(
    "station_batches", _("技能大师工作站批次数"), "station", Distinct("batch"), "批", ("批技能大师工作站",),
    _("已确定技能大师工作站的批次数。"), norm=STATIONS,
)  # fmt: skip
_declare(
    "facility_kinds", _("工作站场所类型数"), "facility", Distinct("kind"), "类",
    ("工作站设有", "类场所", "办公室、理论培训教室、实训操作室、研究室"),
    _("技能大师工作站设有的场所类型数:办公室、理论培训教室、实训操作室、研究室等。"), norm=STATIONS,
)  # fmt: skip


def _carriers(
    code: str, label: StrOrPromise, where: str, phrases: tuple[str, ...], definition: StrOrPromise, parent: str = ""
) -> None:
    """Declare a count of carriers at their state."""
    _declare(
        code, label, "carrier", Count(), "家", phrases, definition, where=where, parent=parent, dimensions=("载体级别",)
    )


_carriers(
    "carriers", _("省级以上双创载体数"), PROVINCIAL_UP,
    ("省级以上双创载体", "省级以上创新创业载体", "双创载体"),
    _("省级及国家级的科技企业孵化器、众创空间、大学科技园家数合计。"),
)  # fmt: skip
_carriers(
    "incubators", _("省级以上科技企业孵化器数"), f'载体类型 = "incubator" and {PROVINCIAL_UP}',
    ("省级以上科技企业孵化器", "省级以上孵化器", "拥有省级以上科技企业孵化器"),
    _("省级及国家级科技企业孵化器家数。"), "carriers",
)  # fmt: skip
_carriers(
    "national_incubators", _("国家级科技企业孵化器数"), '载体类型 = "incubator" and 载体级别 = "national"',
    ("国家级科技企业孵化器", "国家级孵化器", "科技企业孵化器其中国家级"),
    _("国家级科技企业孵化器家数。"), "incubators",
)  # fmt: skip
_carriers(
    "makerspaces", _("省级以上众创空间数"), f'载体类型 = "makerspace" and {PROVINCIAL_UP}',
    ("省级以上众创空间", "拥有省级以上众创空间"),
    _("省级及国家级众创空间家数。"), "carriers",
)  # fmt: skip
_carriers(
    "national_makerspaces", _("国家级众创空间数"), '载体类型 = "makerspace" and 载体级别 = "national"',
    ("国家级众创空间", "国家备案众创空间", "众创空间其中国家级"),
    _("国家级(国家备案)众创空间家数。"), "makerspaces",
)  # fmt: skip
_carriers(
    "provincial_parks", _("省级大学科技园数"), '载体类型 = "park" and 载体级别 = "provincial"',
    ("省级大学科技园", "大学科技园"),
    _("省级大学科技园家数,不含国家级。"), "carriers",
)  # fmt: skip


def _year(
    code: str, label: StrOrPromise, column: str, kind: str, unit: str, phrases: tuple[str, ...],
    definition: StrOrPromise, decimals: int = 0,
) -> None:  # fmt: skip
    """Declare a sum over last year's statistics of the carriers of one kind, provincial and national."""
    _declare(
        code, label, "carrier_year", Sum(column), unit, phrases, definition,
        where=f'载体类型 = "{kind}" and {PROVINCIAL_UP}', period=Period.LAST_YEAR, decimals=decimals,
        dimensions=("载体级别",),
    )  # fmt: skip


_year(
    "incubator_income", _("孵化器营业收入"), "operating_fen", "incubator", "万元",
    ("科技企业孵化器实现营业收入", "孵化器实现营业收入", "孵化器营业收入", "省级以上科技企业孵化器实现营业收入"),
    _("上年省级以上科技企业孵化器的营业收入合计;与众创空间总收入是两个指标,不相加。"),
)  # fmt: skip
_year(
    "incubator_jobs", _("孵化器吸纳就业"), "jobs", "incubator", "人",
    ("孵化器吸纳就业", "科技企业孵化器吸纳就业", "孵化器带动就业"),
    _("上年末省级以上科技企业孵化器吸纳就业的人数合计。"),
)  # fmt: skip
_year(
    "makerspace_income", _("众创空间总收入"), "total_fen", "makerspace", "万元",
    ("众创空间总收入", "省级以上众创空间总收入", "众创空间实现总收入"),
    _("上年省级以上众创空间的总收入合计;与孵化器营业收入是两个指标,不相加。"), decimals=1,
)  # fmt: skip
_year(
    "makerspace_jobs", _("众创空间吸纳就业"), "jobs", "makerspace", "人",
    ("众创空间吸纳就业", "众创空间带动就业"),
    _("上年末省级以上众创空间吸纳就业的人数合计。"),
)  # fmt: skip
_declare(
    "high_tech", _("孵化培育高新技术企业数"), "certified", Distinct("enterprise_id"), "家",
    ("孵化培育高新技术企业", "高新技术企业", "培育高新技术企业", "累计孵化培育高新技术企业"),
    _("近三年双创载体孵化培育并获认定的高新技术企业家数;可与科技型中小企业重合,不相加。"),
    where='认定类型 = "high_tech"', period=Period.THREE_YEARS, norm=_("国科发火〔2016〕32号"),
)  # fmt: skip
_declare(
    "tech_smes", _("孵化培育科技型中小企业数"), "certified", Distinct("enterprise_id"), "家",
    ("科技型中小企业", "孵化培育科技型中小企业", "培育科技型中小企业"),
    _("近三年双创载体孵化培育并入库的科技型中小企业家数;可与高新技术企业重合,不相加。"),
    where='认定类型 = "tech_sme"', period=Period.THREE_YEARS, norm=_("国科发政〔2017〕115号"),
)  # fmt: skip
_declare(
    "incubated", _("孵化培育获认定企业数"), "certified", Distinct("enterprise_id"), "家", ("孵化培育获认定企业",),
    _("近三年双创载体孵化培育并获高新技术企业认定或科技型中小企业入库的企业家数,两者兼有的只算一家。"),
    period=Period.THREE_YEARS,
)  # fmt: skip
_declare(
    "patents", _("发明专利数"), "patent", Count(), "项",
    ("发明专利", "拥有发明专利", "授权发明专利", "取得发明专利"),
    _("近三年双创载体内企业获授权且有效的发明专利件数。"),
    where='专利类型 = "invention"', period=Period.THREE_YEARS,
)  # fmt: skip


def _ratio(
    code: str, label: StrOrPromise, parts: tuple[str, str], unit: str, phrases: tuple[str, ...],
    definition: StrOrPromise, decimals: int, estimate: bool = False,
) -> None:  # fmt: skip
    """Declare one figure of this zone over another, with the period of the first; a share when the unit is %."""
    register(
        Figure(
            code=f"innovation.{code}", label=label, unit=unit, decimals=decimals, phrases=phrases,
            definition=definition, estimate=estimate,
            measure=Ratio(f"innovation.{parts[0]}", f"innovation.{parts[1]}", percent=unit == "%"),
            period=figure(f"innovation.{parts[0]}").period,
        )
    )  # fmt: skip


_ratio(
    "expected_profit_rate", _("预计利税率"), ("expected_profit_tax", "expected_sales"), "%", ("预计利税率",),
    _("预计利税除以预计销售收入,是预计数。"), 2, estimate=True,
)  # fmt: skip
_ratio(
    "mean_expected_sales", _("每个项目预计销售收入"), ("expected_sales", "projects"), "亿元", ("平均每个项目预计销售收入",),
    _("预计销售收入除以重点项目个数,是预计数。"), 2, estimate=True,
)  # fmt: skip
_ratio(
    "income_per_incubator", _("每家孵化器营业收入"), ("incubator_income", "incubators"), "万元", ("孵化器平均营业收入",),
    _("上年省级以上孵化器营业收入除以现有家数。"), 0,
)  # fmt: skip
