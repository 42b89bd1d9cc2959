"""The ledgers of innovation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.innovation.models import (
    Carrier,
    CarrierYear,
    Certified,
    Facility,
    KeyProject,
    Patent,
    SkillStation,
)

PROJECTS = register(
    Ledger(
        code="innovation.project",
        label=_("技术创新重点项目台账"),
        model=KeyProject,
        fields=(
            Field("项目编号", "project"),
            Field("项目名称", "name"),
            Field("承担单位", "owner_id"),
            Field("计划年度", "plan_year"),
            Field("项目类别", "category"),
            Field("技术水平", "level"),
            Field("填补国内空白", "fills_gap", help=_("与技术水平是两个属性,可同时具备")),
            Field("预计销售收入", "sales_fen", unit="万元"),
            Field("预计利税", "profit_tax_fen", unit="万元"),
        ),
        key=("project",),
        description=_("入选省企业技术创新重点项目计划的项目,每项一条;收入和利税为预计数。"),
        date_label=_("下达日期"),
    )
)
STATIONS = register(
    Ledger(
        code="innovation.station",
        label=_("技能大师工作站登记"),
        model=SkillStation,
        fields=(
            Field("工作站编号", "station"),
            Field("工作站名称", "name"),
            Field("批次", "batch"),
            Field("工种", "craft"),
            Field("依托单位", "host_id"),
        ),
        key=("station",),
        register=True,
        description=_("经专家组现场考核评审确定并揭牌的技能大师工作站,每站一条;摘牌的红字冲销。"),
        date_label=_("揭牌日期"),
    )
)
FACILITIES = register(
    Ledger(
        code="innovation.facility",
        label=_("工作站场所台账"),
        model=Facility,
        fields=(Field("工作站编号", "station"), Field("场所类型", "kind"), Field("面积", "area", unit="平方米")),
        description=_("技能大师工作站的每个场所一条。"),
        date_label=_("核实日期"),
    )
)
CARRIERS = register(
    Ledger(
        code="innovation.carrier",
        label=_("双创载体登记"),
        model=Carrier,
        fields=(
            Field("载体编号", "carrier"),
            Field("载体名称", "name"),
            Field("载体类型", "kind"),
            Field("载体级别", "level"),
            Field("运营单位", "operator_id"),
        ),
        key=("carrier",),
        register=True,
        description=_("经认定或备案的孵化器、众创空间、大学科技园,每家一条;取消资格的红字冲销。"),
        date_label=_("认定日期"),
    )
)
CARRIER_YEARS = register(
    Ledger(
        code="innovation.carrier_year",
        label=_("载体年报台账"),
        model=CarrierYear,
        fields=(
            Field("载体编号", "carrier"),
            Field("载体类型", "kind"),
            Field("载体级别", "level"),
            Field("统计年度", "year"),
            Field("营业收入", "operating_fen", unit="万元", help=_("火炬统计以千元填报,入账时换算")),
            Field("总收入", "total_fen", unit="万元", help=_("火炬统计以千元填报,入账时换算")),
            Field("吸纳就业", "jobs"),
            Field("在孵企业", "enterprises"),
        ),
        key=("carrier", "year"),
        description=_("每家载体每个统计年度一条,取自火炬统计年报。"),
        date_label=_("统计截止日"),
    )
)
CERTIFIED = register(
    Ledger(
        code="innovation.certified",
        label=_("孵化企业认定台账"),
        model=Certified,
        fields=(
            Field("企业", "enterprise_id"),
            Field("认定类型", "kind"),
            Field("载体编号", "carrier"),
            Field("证书编号", "certificate", public=False),
        ),
        key=("certificate",),
        description=_("双创载体孵化培育的企业每获一次认定(入库)一条;同一企业可兼有两种。"),
        date_label=_("认定日期"),
    )
)
PATENTS = register(
    Ledger(
        code="innovation.patent",
        label=_("专利授权台账"),
        model=Patent,
        fields=(
            Field("专利号", "patent"),
            Field("专利类型", "kind"),
            Field("专利权人", "owner_id"),
            Field("载体编号", "carrier"),
        ),
        key=("patent",),
        description=_("双创载体内企业获授权的专利,每件一条;失效的红字冲销。"),
        date_label=_("授权日期"),
    )
)
