"""Ledgers and figures of villages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.villages.models import CleanupReport, Inspection, Membership

PLACE = (Field("乡镇", "township_id"), Field("县区", "unit_id"))

MEMBERSHIPS = register(
    Ledger(
        code="villages.membership",
        label=_("参加村庄登记"),
        model=Membership,
        fields=(
            *PLACE,
            Field("类别", "kind"),
            Field("已核实", "confirmed", help=_("未与市农业农村部门名单核对的为否")),
        ),
        key=("division_id",),
        register=True,
        description=_("参加村庄清洁行动的村庄登记,每村一条;退出的红字冲销。村庄均取自统计用区划,不虚设。"),
        date_label=_("参加日期"),
        earliest="2018-12-29",
    )
)
REPORTS = register(
    Ledger(
        code="villages.report",
        label=_("清洁填报台账"),
        model=CleanupReport,
        fields=(
            *PLACE,
            Field("填报编号", "report"),
            Field("出动人员", "person_times", unit="人次"),
            Field("清运车辆", "vehicle_times"),
            Field("生活垃圾", "waste_kg", unit="吨"),
            Field("村内水塘", "ponds"),
            Field("村内沟渠", "ditch_m", unit="公里"),
            Field("畜禽粪污", "manure_kg", unit="吨"),
            Field("三堆", "piles"),
            Field("柴草堆", "straw_piles"),
            Field("粪堆", "dung_piles"),
            Field("杂物堆", "debris_piles"),
            Field("首次清理", "first_time", help=_("同一水塘、沟渠再次清理的为否")),
        ),
        key=("report",),
        description=_("每村每次清洁行动一条:人员、车辆、清理的垃圾、水塘、沟渠、粪污和“三堆”。"),
        date_label=_("行动日期"),
        earliest="2018-12-29",
    )
)
INSPECTIONS = register(
    Ledger(
        code="villages.inspection",
        label=_("五无检查台账"),
        model=Inspection,
        fields=(
            *PLACE,
            Field("检查编号", "inspection"),
            Field("检查级别", "level"),
            Field("无卫生死角", "no_dead_corner"),
            Field("无暴露垃圾", "no_exposed_waste"),
            Field("无乱堆乱放", "no_messy_piles"),
            Field("无裸露畜禽粪污", "no_exposed_manure"),
            Field("无污水横流", "no_sewage"),
            Field("五无达标", "passed"),
        ),
        key=("inspection",),
        description=_("每检查一村一次一条;五项全部做到为达标。"),
        date_label=_("检查日期"),
        earliest="2018-12-29",
    )
)

PLAN = _("《农村人居环境整治村庄清洁行动方案》(中央农办等 18 部门,2018 年 12 月)")
CHECKED = _("参加村庄名单与统计用区划的对应,待核")

declare = Declaring("villages", period=Period.THIS_YEAR)
memberships = declare.over(MEMBERSHIPS, period=Period.ALL, dimensions=("县区", "类别"), norm=CHECKED)
reports = declare.over(REPORTS, dimensions=("县区",), norm=PLAN)
inspections = declare.over(INSPECTIONS, dimensions=("县区",), norm=PLAN)

# fmt: off
memberships.distinct(
    "members", _("参加行动的村庄数"), ("参加村庄清洁行动的村庄", "列入清洁行动的行政村", "涉农村庄"),
    _("登记参加村庄清洁行动且未退出的行政村(含涉农社区)个数。"), of="division_id", unit="个",
)
memberships.distinct(
    "townships", _("参加行动的乡镇(涉农街道)数"), ("乡镇(涉农街道)", "乡镇街道", "乡镇(街道)", "涉农乡镇", "乡镇"),
    _("有村庄参加村庄清洁行动的乡镇和涉农街道个数。"), of="township_id", unit="个",
)
memberships.distinct(
    "units", _("参加行动的县(市)区数"), ("县(市)区", "县(市、区)", "县市区", "县区"),
    _("有村庄参加村庄清洁行动的县(市)区个数,按管理单位计,含功能区。"), of="unit_id", unit="个",
)
reports.distinct(
    "villages", _("开展清洁行动的村庄数"), ("村庄开展清洁行动", "行政村开展了村庄清洁行动", "行政村全部开展了村庄清洁行动", "开展村庄清洁行动的行政村", "个村庄", "行政村"),
    _("今年以来至少填报过一次清洁行动的村庄个数,同一村庄只算一个。"), of="division_id", unit="个",
)
reports.count(
    "reports", _("清洁行动场次"), ("开展清洁行动次数", "组织集中清洁行动"),
    _("今年以来填报的清洁行动次数。"), unit="次",
)
reports.sum(
    "people", _("出动人员"), ("出动人员", "发动群众", "投入人力", "组织人员", "参与群众", "出动人力"),
    _("今年以来村庄清洁行动出动人员的人次合计,同一人参加两次算两人次。"), of="person_times", unit="万人次", decimals=2,
)
reports.sum(
    "vehicles", _("清运车辆"), ("清运车辆", "出动车辆", "出动机械车辆", "动用车辆", "投入车辆", "出动清运车辆"),
    _("今年以来村庄清洁行动清运车辆的台次合计。"), of="vehicle_times", unit="台次",
)
reports.sum(
    "waste", _("清理农村生活垃圾"), ("清理农村生活垃圾", "清运生活垃圾", "清理生活垃圾", "清理垃圾", "清运垃圾", "转运垃圾"),
    _("今年以来清理的农村生活垃圾重量合计,不含畜禽粪污等农业生产废弃物。"), of="waste_kg", unit="万吨", decimals=2,
)
reports.sum(
    "ponds", _("清理村内水塘"), ("清理村内水塘", "清理水塘", "清理坑塘", "整治坑塘"),
    _("今年以来清理的村内水塘个数合计;同一水塘再次清理的另计,并标注非首次。"), of="ponds", unit="个",
)
reports.sum(
    "ditches", _("清理村内沟渠"), ("清理村内沟渠", "清理沟渠", "疏通沟渠", "清淤沟渠", "清理河道沟渠"),
    _("今年以来清理的村内沟渠长度合计;同一沟渠再次清理的另计,并标注非首次。"), of="ditch_m", unit="公里",
)
reports.sum(
    "ditches_first", _("首次清理村内沟渠"), ("首次清理沟渠",),
    _("今年以来首次清理的村内沟渠长度合计,不含重复清理。"), of="ditch_m", unit="公里", where="首次清理 = true", parent="ditches",
)
reports.sum(
    "manure", _("清理畜禽养殖粪污等"), ("清理畜禽养殖粪污", "清理畜禽养殖粪污等", "清理畜禽粪污", "清理农业生产废弃物", "清理养殖粪污"),
    _("今年以来清理的畜禽养殖粪污等农业生产废弃物重量合计,不含生活垃圾。"), of="manure_kg", unit="万吨", decimals=2,
)
reports.sum(
    "heaps", _("清理三堆"), ("清理“三堆”", "清理三堆", "清理柴草堆粪堆杂物堆", "清理乱堆乱放"),
    _("今年以来清理的柴草堆、粪堆、杂物堆个数合计。"), of="piles", unit="万个", decimals=2,
)
reports.sum(
    "straw_heaps", _("清理柴草堆"), ("清理柴草堆", "清理柴垛", "清理柴草垛"),
    _("今年以来清理的柴草堆个数。"), of="straw_piles", unit="个", parent="heaps",
)
reports.sum(
    "dung_heaps", _("清理粪堆"), ("清理粪堆", "清理粪土堆"),
    _("今年以来清理的粪堆个数。"), of="dung_piles", unit="个", parent="heaps",
)
reports.sum(
    "debris_heaps", _("清理杂物堆"), ("清理杂物堆", "清理垃圾堆"),
    _("今年以来清理的杂物堆个数。"), of="debris_piles", unit="个", parent="heaps",
)
inspections.count(
    "inspections", _("五无检查次数"), ("村庄清洁检查", "五无检查", "抽查村庄"),
    _("今年以来对村庄开展五无检查的次数。"), unit="次",
)
inspections.count(
    "inspections_passed", _("五无检查达标次数"), ("五无达标",),
    _("今年以来五无检查五项全部做到的次数。"), unit="次", where="五无达标 = true", parent="inspections",
)
inspections.distinct(
    "inspected", _("检查过的村庄数"), ("检查村庄", "抽查的村庄"),
    _("今年以来至少接受过一次五无检查的村庄个数。"), of="division_id", unit="个",
)
declare.ratio(
    "coverage", _("清洁行动覆盖率"), ("村庄清洁行动覆盖率", "行动覆盖率"),
    _("今年以来开展过清洁行动的村庄占参加行动村庄的百分比。"), of=("villages", "members"), unit="%", decimals=1,
)
declare.ratio(
    "waste_per_trip", _("每台次清运垃圾"), ("平均每台次清运垃圾", "每车清运"),
    _("今年以来清理的生活垃圾除以清运车辆台次;合理范围 0.2 至 15 吨,待核。"), of=("waste", "vehicles"), unit="吨", decimals=2,
)
declare.ratio(
    "people_per_village", _("村均出动人员"), ("村均出动人员", "平均每村出动"),
    _("今年以来出动人员人次除以开展清洁行动的村庄个数。"), of=("people", "villages"), unit="人次", decimals=1,
)
declare.ratio(
    "vehicles_per_village", _("村均清运车辆"), ("村均清运车辆",),
    _("今年以来清运车辆台次除以开展清洁行动的村庄个数。"), of=("vehicles", "villages"), unit="台次", decimals=1,
)
declare.ratio(
    "waste_per_village", _("村均清理生活垃圾"), ("村均清理垃圾",),
    _("今年以来清理的生活垃圾除以开展清洁行动的村庄个数。"), of=("waste", "villages"), unit="吨", decimals=1,
)
declare.ratio(
    "ditch_per_village", _("村均清理沟渠"), ("村均清理沟渠",),
    _("今年以来清理的沟渠长度除以开展清洁行动的村庄个数。"), of=("ditches", "villages"), unit="公里", decimals=2,
)
declare.ratio(
    "villages_per_township", _("乡镇平均村庄数"), ("平均每个乡镇",),
    _("参加行动的村庄个数除以乡镇(涉农街道)个数。"), of=("members", "townships"), unit="个", decimals=1,
)
declare.ratio(
    "pass_rate", _("五无检查达标率"), ("五无达标率", "检查达标率"),
    _("今年以来五无检查达标次数占检查次数的百分比。"), of=("inspections_passed", "inspections"), unit="%", decimals=1,
)
# fmt: on
