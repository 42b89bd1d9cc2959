"""Figures of innovation; its ledgers are declared in :mod:`yizhantong.zones.innovation.ledgers`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.zones.innovation.ledgers import (
    CARRIER_YEARS,
    CARRIERS,
    CERTIFIED,
    FACILITIES,
    PATENTS,
    PROJECTS,
    STATIONS,
)

STATION_RULES = _("市技能大师工作站建设项目口径,待核")
CARRIER_RULES = _("国科发区〔2018〕300号、国科火字〔2019〕200号")
PLAN = _("辽宁省企业技术创新重点项目计划(省工信部门下达)")
PROVINCIAL_UP = '载体级别 in ["national", "provincial"]'

declare = Declaring("innovation")
projects = declare.over(PROJECTS, period=Period.THIS_YEAR, dimensions=("项目类别", "技术水平"), norm=PLAN)
stations = declare.over(STATIONS, norm=STATION_RULES)
facilities = declare.over(FACILITIES, norm=STATION_RULES)
carriers = declare.over(CARRIERS, dimensions=("载体级别",), norm=CARRIER_RULES)
incubator_years = declare.over(
    CARRIER_YEARS,
    where=f'载体类型 = "incubator" and {PROVINCIAL_UP}',
    period=Period.LAST_YEAR,
    dimensions=("载体级别",),
    norm=CARRIER_RULES,
)
makerspace_years = declare.over(
    CARRIER_YEARS,
    where=f'载体类型 = "makerspace" and {PROVINCIAL_UP}',
    period=Period.LAST_YEAR,
    dimensions=("载体级别",),
    norm=CARRIER_RULES,
)
certified = declare.over(CERTIFIED, period=Period.THREE_YEARS)
patents = declare.over(PATENTS, period=Period.THREE_YEARS, norm=CARRIER_RULES)

# fmt: off
projects.count(
    "projects", _("省企业技术创新重点项目数"), ("入选省企业技术创新重点项目", "企业技术创新重点项目", "技术创新重点项目", "个项目入选", "重点项目计划"),
    _("今年下达的省企业技术创新重点项目计划中本市入选的项目个数。"), unit="个",
)
projects.count(
    "world_advanced", _("国际先进水平项目数"), ("达到国际先进水平", "国际先进水平", "国际先进"),
    _("今年入选的重点项目中技术水平为国际先进的项目数。"), unit="项", where='技术水平 = "world_advanced"', parent="projects",
)
projects.count(
    "home_advanced", _("国内先进水平项目数"), ("国内先进水平", "达到国内先进水平", "国内先进"),
    _("今年入选的重点项目中技术水平为国内先进的项目数。"), unit="项", where='技术水平 = "home_advanced"', parent="projects",
)
projects.count(
    "unmarked", _("未标注技术水平项目数"), ("未标注技术水平",),
    _("今年入选的重点项目中计划未标注技术水平的项目数。"), unit="项", where='技术水平 = "unmarked"', parent="projects",
)
projects.count(
    "fills_gap", _("填补国内空白项目数"), ("填补国内空白",),
    _("今年入选的重点项目中填补国内空白的项目数;与技术水平是两个属性,不与其相加。"), unit="项", where="填补国内空白 = true", parent="projects",
)
projects.count(
    "fills_gap_with_level", _("填补国内空白且标注技术水平项目数"), (),
    _("今年入选的重点项目中既填补国内空白、又标注了技术水平的项目数。"), unit="项", where='填补国内空白 = true and 技术水平 != "unmarked"', parent="projects",
)
projects.sum(
    "expected_sales", _("预计销售收入"), ("预计可实现销售收入", "预计实现销售收入", "预计年销售收入", "预计销售收入", "可实现销售收入"),
    _("今年入选的重点项目全部研发成功并投产后预计的销售收入合计,是预计数。"),
    of="sales_fen", unit="亿元", decimals=1, dimensions=("项目类别",), estimate=True,
)
projects.sum(
    "expected_profit_tax", _("预计利税"), ("实现利税", "预计实现利税", "预计可实现利税", "预计利税"),
    _("今年入选的重点项目全部研发成功并投产后预计的利税合计,是预计数。"),
    of="profit_tax_fen", unit="亿元", decimals=1, dimensions=("项目类别",), estimate=True,
)
stations.count(
    "stations", _("技能大师工作站数"), ("技能大师工作站", "建成技能大师工作站", "市级技能大师工作站"),
    _("已揭牌且未摘牌的技能大师工作站个数。"), unit="个", dimensions=("批次",),
)
stations.count(
    "first_batch_stations", _("首批技能大师工作站数"), ("首批技能大师工作站", "第一批技能大师工作站", "首批工作站"),
    _("首批确定的技能大师工作站个数。"), unit="个", where="批次 = 1", parent="stations",
)
stations.distinct(
    "station_batches", _("技能大师工作站批次数"), ("批技能大师工作站",),
    _("已确定技能大师工作站的批次数。"), of="batch", unit="批",
)
facilities.distinct(
    "facility_kinds", _("工作站场所类型数"), ("工作站设有", "类场所", "办公室、理论培训教室、实训操作室、研究室"),
    _("技能大师工作站设有的场所类型数:办公室、理论培训教室、实训操作室、研究室等。"), of="kind", unit="类",
)
carriers.count(
    "carriers", _("省级以上双创载体数"), ("省级以上双创载体", "省级以上创新创业载体", "双创载体"),
    _("省级及国家级的科技企业孵化器、众创空间、大学科技园家数合计。"), unit="家", where=PROVINCIAL_UP,
)
carriers.count(
    "incubators", _("省级以上科技企业孵化器数"), ("省级以上科技企业孵化器", "省级以上孵化器", "拥有省级以上科技企业孵化器"),
    _("省级及国家级科技企业孵化器家数。"), unit="家", where=f'载体类型 = "incubator" and {PROVINCIAL_UP}', parent="carriers",
)
carriers.count(
    "national_incubators", _("国家级科技企业孵化器数"), ("国家级科技企业孵化器", "国家级孵化器", "科技企业孵化器其中国家级"),
    _("国家级科技企业孵化器家数。"), unit="家", where='载体类型 = "incubator" and 载体级别 = "national"', parent="incubators",
)
carriers.count(
    "makerspaces", _("省级以上众创空间数"), ("省级以上众创空间", "拥有省级以上众创空间"),
    _("省级及国家级众创空间家数。"), unit="家", where=f'载体类型 = "makerspace" and {PROVINCIAL_UP}', parent="carriers",
)
carriers.count(
    "national_makerspaces", _("国家级众创空间数"), ("国家级众创空间", "国家备案众创空间", "众创空间其中国家级"),
    _("国家级(国家备案)众创空间家数。"), unit="家", where='载体类型 = "makerspace" and 载体级别 = "national"', parent="makerspaces",
)
carriers.count(
    "provincial_parks", _("省级大学科技园数"), ("省级大学科技园", "大学科技园"),
    _("省级大学科技园家数,不含国家级。"), unit="家", where='载体类型 = "park" and 载体级别 = "provincial"', parent="carriers",
)
incubator_years.sum(
    "incubator_income", _("孵化器营业收入"), ("科技企业孵化器实现营业收入", "孵化器实现营业收入", "孵化器营业收入", "省级以上科技企业孵化器实现营业收入"),
    _("上年省级以上科技企业孵化器的营业收入合计;与众创空间总收入是两个指标,不相加。"), of="operating_fen", unit="万元",
)
incubator_years.sum(
    "incubator_jobs", _("孵化器吸纳就业"), ("孵化器吸纳就业", "科技企业孵化器吸纳就业", "孵化器带动就业"),
    _("上年末省级以上科技企业孵化器吸纳就业的人数合计。"), of="jobs", unit="人",
)
makerspace_years.sum(
    "makerspace_income", _("众创空间总收入"), ("众创空间总收入", "省级以上众创空间总收入", "众创空间实现总收入"),
    _("上年省级以上众创空间的总收入合计;与孵化器营业收入是两个指标,不相加。"), of="total_fen", unit="万元", decimals=1,
)
makerspace_years.sum(
    "makerspace_jobs", _("众创空间吸纳就业"), ("众创空间吸纳就业", "众创空间带动就业"),
    _("上年末省级以上众创空间吸纳就业的人数合计。"), of="jobs", unit="人",
)
certified.distinct(
    "high_tech", _("孵化培育高新技术企业数"), ("孵化培育高新技术企业", "高新技术企业", "培育高新技术企业", "累计孵化培育高新技术企业"),
    _("近三年双创载体孵化培育并获认定的高新技术企业家数;可与科技型中小企业重合,不相加。"),
    of="enterprise_id", unit="家", where='认定类型 = "high_tech"', norm=_("国科发火〔2016〕32号"),
)
certified.distinct(
    "tech_smes", _("孵化培育科技型中小企业数"), ("科技型中小企业", "孵化培育科技型中小企业", "培育科技型中小企业"),
    _("近三年双创载体孵化培育并入库的科技型中小企业家数;可与高新技术企业重合,不相加。"),
    of="enterprise_id", unit="家", where='认定类型 = "tech_sme"', norm=_("国科发政〔2017〕115号"),
)
certified.distinct(
    "incubated", _("孵化培育获认定企业数"), ("孵化培育获认定企业",),
    _("近三年双创载体孵化培育并获高新技术企业认定或科技型中小企业入库的企业家数,两者兼有的只算一家。"), of="enterprise_id", unit="家", norm=CARRIER_RULES,
)
patents.count(
    "patents", _("发明专利数"), ("发明专利", "拥有发明专利", "授权发明专利", "取得发明专利"),
    _("近三年双创载体内企业获授权且有效的发明专利件数。"), unit="项", where='专利类型 = "invention"',
)
declare.ratio(
    "expected_profit_rate", _("预计利税率"), ("预计利税率",),
    _("预计利税除以预计销售收入,是预计数。"), of=("expected_profit_tax", "expected_sales"), unit="%", decimals=2, estimate=True,
)
declare.ratio(
    "mean_expected_sales", _("每个项目预计销售收入"), ("平均每个项目预计销售收入",),
    _("预计销售收入除以重点项目个数,是预计数。"), of=("expected_sales", "projects"), unit="亿元", decimals=2, estimate=True,
)
declare.ratio(
    "income_per_incubator", _("每家孵化器营业收入"), ("孵化器平均营业收入",),
    _("上年省级以上孵化器营业收入除以现有家数。"), of=("incubator_income", "incubators"), unit="万元",
)
# fmt: on
