"""Ledgers and figures of waters."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.waters.models import Result, Sample, Station, Survey

STATIONS = register(
    Ledger(
        code="waters.station",
        label=_("监测站登记"),
        model=Station,
        fields=(
            Field("站位编号", "station"),
            Field("站位名称", "name"),
            Field("水体类型", "water"),
            Field("方案年度", "plan_year"),
            Field("目标类别", "target_class", help=_("GB 3097-1997 的类别 1 至 4,由海洋功能区确定;池塘留空")),
            Field("经度", "longitude"),
            Field("纬度", "latitude"),
        ),
        key=("station", "plan_year"),
        register=True,
        description=_("每年监测方案落实的监测站,每站一条;未测定坐标的留空,不虚设。"),
        date_label=_("落实日期"),
    )
)
SURVEYS = register(
    Ledger(
        code="waters.survey",
        label=_("监测台账"),
        model=Survey,
        fields=(Field("监测编号", "survey"), Field("监测方式", "mode")),
        key=("survey",),
        description=_("每开展一次监测一条;出海监测是其中的一种方式。"),
        date_label=_("监测日期"),
    )
)
SAMPLES = register(
    Ledger(
        code="waters.sample",
        label=_("水样台账"),
        model=Sample,
        fields=(
            Field("样品编号", "sample"),
            Field("监测编号", "survey"),
            Field("站位编号", "station"),
            Field("水体类型", "water"),
            Field("层次", "layer"),
        ),
        key=("sample",),
        description=_("每采集一批次水样一条。"),
        date_label=_("采样日期"),
    )
)
RESULTS = register(
    Ledger(
        code="waters.result",
        label=_("监测数据台账"),
        model=Result,
        fields=(
            Field("样品编号", "sample"),
            Field("站位编号", "station"),
            Field("水体类型", "water"),
            Field("监测项目", "parameter"),
            Field("测值", "value", help=_("按监测项目的计量单位;未检出的填检出限")),
            Field("检出", "detected"),
            Field("质控状态", "quality"),
            Field("渔业水质判定", "verdict"),
            Field("分析方法", "method"),
        ),
        key=("sample", "parameter"),
        description=_("每个水样每个项目一条;登记时按 GB 11607-89 单项判定,质控不合格的不参与评价。"),
        date_label=_("采样日期"),
    )
)

PLAN = _("市渔业生态环境监测项目实施方案口径,待核")
FISHERY = _("GB 11607-89 渔业水质标准(限值表待核)")

declare = Declaring("waters", period=Period.THIS_YEAR, norm=PLAN)
stations = declare.over(STATIONS)
surveys = declare.over(SURVEYS)
samples = declare.over(SAMPLES)
results = declare.over(RESULTS, where='质控状态 = "valid"', norm=FISHERY)

# fmt: off
stations.count(
    "stations", _("监测站数"), ("落实监测站", "监测站", "监测站位", "设置监测站位", "布设监测点位", "渔业水质监测站"),
    _("今年监测方案落实且未撤销的渔业水域监测站个数。"), unit="个", dimensions=("水体类型",),
)
surveys.count(
    "surveys", _("监测次数"), ("近岸海域渔业水质环境监测", "开展渔业水质监测", "水质环境监测", "开展水质监测", "渔业水域环境监测"),
    _("今年以来开展的近岸海域渔业水质环境监测次数,含出海监测和岸基监测。"), unit="次", dimensions=("监测方式",),
)
surveys.count(
    "sea_surveys", _("出海监测次数"), ("出海监测", "出海开展监测", "出海采样"),
    _("今年以来出海开展的监测次数,是全部监测次数的一部分。"), unit="次", where='监测方式 = "sea"', parent="surveys",
)
samples.count(
    "samples", _("水样批次"), ("采集水样", "采集外海、海参池塘、海蜇池塘、码头水样", "水样", "采集水质样品"),
    _("今年以来采集的水样批次。"), unit="批次", dimensions=("水体类型", "层次"),
)
samples.count(
    "sea_samples", _("外海水样批次"), ("采集外海水样", "外海水样"),
    _("今年以来在外海采集的水样批次。"), unit="批次", where='水体类型 = "open_sea"', parent="samples",
)
samples.count(
    "pond_samples", _("养殖池塘水样批次"), ("采集养殖池塘水样", "池塘水样"),
    _("今年以来在海参池塘和海蜇池塘采集的水样批次。"), unit="批次", where='水体类型 in ["cucumber_pond", "jellyfish_pond"]', parent="samples",
)
samples.distinct(
    "waters", _("采样水体类型数"), ("类水体", "水体类型"),
    _("今年以来采过水样的水体类型个数:外海、海参池塘、海蜇池塘、码头。"), of="water", unit="类",
)
results.count(
    "results", _("监测数据个数"), ("监测数据", "获得监测数据", "获取监测数据", "取得监测数据"),
    _("今年以来获得的有效监测数据个数,一个水样的一个项目为一个数据,不含待复测的。"), unit="个", dimensions=("监测项目", "水体类型", "渔业水质判定"), norm=PLAN,
)
results.distinct(
    "parameters", _("监测项目数"), ("监测项目", "监测参数", "项参数", "盐度、pH值、溶解氧等参数"),
    _("今年以来有有效数据的监测项目个数,如水温、盐度、pH、溶解氧。"), of="parameter", unit="项", norm=PLAN,
)
results.count(
    "judged", _("可单项判定的数据个数"), (),
    _("今年以来能按 GB 11607-89 单项判定达标或超标的有效数据个数;溶解氧不能单点判定的不计。"),
    unit="个", where='渔业水质判定 in ["met", "over"]', parent="results",
)
results.count(
    "met", _("渔业水质单项达标数"), ("单项达标数据",),
    _("今年以来按 GB 11607-89 单项判定达标的有效数据个数。"), unit="个", where='渔业水质判定 = "met"', parent="judged",
)
results.count(
    "over", _("渔业水质单项超标数"), ("超标数据", "单项超标数据"),
    _("今年以来按 GB 11607-89 单项判定超标的有效数据个数。"), unit="个", where='渔业水质判定 = "over"', parent="judged",
)
declare.ratio(
    "pass_rate", _("渔业水质单项达标率"), ("渔业水质达标率", "水质达标率", "单项达标率"),
    _("今年以来按 GB 11607-89 单项判定达标的数据占可判定数据的百分比。"), of=("met", "judged"), unit="%", decimals=1, norm=FISHERY,
)
declare.ratio(
    "results_per_sample", _("每批次水样数据个数"), ("平均每批次水样数据",),
    _("今年以来有效监测数据个数除以水样批次。"), of=("results", "samples"), unit="个", decimals=1,
)
declare.ratio(
    "samples_per_survey", _("每次监测水样批次"), ("平均每次监测采样",),
    _("今年以来水样批次除以监测次数。"), of=("samples", "surveys"), unit="批次", decimals=1,
)
# fmt: on
