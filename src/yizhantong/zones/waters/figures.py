"""Ledgers and figures of waters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, figure, register
from yizhantong.kernel.ledger import Field, Ledger
from yizhantong.kernel.ledger import register as register_ledger
from yizhantong.zones.waters.models import Result, Sample, Station, Survey

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATIONS = register_ledger(
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
SURVEYS = register_ledger(
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
SAMPLES = register_ledger(
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
RESULTS = register_ledger(
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
VALID = '质控状态 = "valid"'


def _declare(
    code: str,
    label: StrOrPromise,
    ledger: str,
    measure: Count | Distinct,
    unit: str,
    phrases: tuple[str, ...],
    definition: StrOrPromise,
    *,
    where: str = "",
    parent: str = "",
    dimensions: tuple[str, ...] = (),
    norm: StrOrPromise = PLAN,
) -> None:
    """Declare a figure over one ledger, this year to date."""
    register(
        Figure(
            code=f"waters.{code}",
            label=label,
            ledger=f"waters.{ledger}",
            measure=measure,
            unit=unit,
            where=where,
            period=Period.THIS_YEAR,
            phrases=phrases,
            definition=definition,
            dimensions=dimensions,
            parent=f"waters.{parent}" if parent else "",
            norm=norm,
        )
    )


_declare(
    "stations", _("监测站数"), "station", Count(), "个",
    ("落实监测站", "监测站", "监测站位", "设置监测站位", "布设监测点位", "渔业水质监测站"),
    _("今年监测方案落实且未撤销的渔业水域监测站个数。"), dimensions=("水体类型",),
)  # fmt: skip
_declare(
    "surveys", _("监测次数"), "survey", Count(), "次",
    ("近岸海域渔业水质环境监测", "开展渔业水质监测", "水质环境监测", "开展水质监测", "渔业水域环境监测"),
    _("今年以来开展的近岸海域渔业水质环境监测次数,含出海监测和岸基监测。"), dimensions=("监测方式",),
)  # fmt: skip
_declare(
    "sea_surveys", _("出海监测次数"), "survey", Count(), "次",
    ("出海监测", "出海开展监测", "出海采样"),
    _("今年以来出海开展的监测次数,是全部监测次数的一部分。"), where='监测方式 = "sea"', parent="surveys",
)  # fmt: skip
_declare(
    "samples", _("水样批次"), "sample", Count(), "批次",
    ("采集水样", "采集外海、海参池塘、海蜇池塘、码头水样", "水样", "采集水质样品"),
    _("今年以来采集的水样批次。"), dimensions=("水体类型", "层次"),
)  # fmt: skip
_declare(
    "sea_samples", _("外海水样批次"), "sample", Count(), "批次", ("采集外海水样", "外海水样"),
    _("今年以来在外海采集的水样批次。"), where='水体类型 = "open_sea"', parent="samples",
)  # fmt: skip
_declare(
    "pond_samples", _("养殖池塘水样批次"), "sample", Count(), "批次", ("采集养殖池塘水样", "池塘水样"),
    _("今年以来在海参池塘和海蜇池塘采集的水样批次。"), where='水体类型 in ["cucumber_pond", "jellyfish_pond"]',
    parent="samples",
)  # fmt: skip
_declare(
    "waters", _("采样水体类型数"), "sample", Distinct("water"), "类",
    ("类水体", "水体类型"),
    _("今年以来采过水样的水体类型个数:外海、海参池塘、海蜇池塘、码头。"),
)  # fmt: skip
_declare(
    "results", _("监测数据个数"), "result", Count(), "个",
    ("监测数据", "获得监测数据", "获取监测数据", "取得监测数据"),
    _("今年以来获得的有效监测数据个数,一个水样的一个项目为一个数据,不含待复测的。"), where=VALID,
    dimensions=("监测项目", "水体类型", "渔业水质判定"),
)  # fmt: skip
_declare(
    "parameters", _("监测项目数"), "result", Distinct("parameter"), "项",
    ("监测项目", "监测参数", "项参数", "盐度、pH值、溶解氧等参数"),
    _("今年以来有有效数据的监测项目个数,如水温、盐度、pH、溶解氧。"), where=VALID,
)  # fmt: skip
_declare(
    "judged", _("可单项判定的数据个数"), "result", Count(), "个", (),
    _("今年以来能按 GB 11607-89 单项判定达标或超标的有效数据个数;溶解氧不能单点判定的不计。"),
    where=f'{VALID} and 渔业水质判定 in ["met", "over"]', parent="results", norm=FISHERY,
)  # fmt: skip
_declare(
    "met", _("渔业水质单项达标数"), "result", Count(), "个", ("单项达标数据",),
    _("今年以来按 GB 11607-89 单项判定达标的有效数据个数。"), where=f'{VALID} and 渔业水质判定 = "met"',
    parent="judged", norm=FISHERY,
)  # fmt: skip
_declare(
    "over", _("渔业水质单项超标数"), "result", Count(), "个", ("超标数据", "单项超标数据"),
    _("今年以来按 GB 11607-89 单项判定超标的有效数据个数。"), where=f'{VALID} and 渔业水质判定 = "over"',
    parent="judged", norm=FISHERY,
)  # fmt: skip


def _ratio(
    code: str, label: StrOrPromise, parts: tuple[str, str], unit: str, phrases: tuple[str, ...],
    definition: StrOrPromise, norm: StrOrPromise = PLAN,
) -> None:  # fmt: skip
    """Declare one figure of this zone over another, with the period of the first, to one decimal; a share when the unit is %."""
    register(
        Figure(
            code=f"waters.{code}", label=label, unit=unit, decimals=1, phrases=phrases, definition=definition,
            measure=Ratio(f"waters.{parts[0]}", f"waters.{parts[1]}", percent=unit == "%"),
            period=figure(f"waters.{parts[0]}").period, norm=norm,
        )
    )  # fmt: skip


_ratio(
    "pass_rate", _("渔业水质单项达标率"), ("met", "judged"), "%", ("渔业水质达标率", "水质达标率", "单项达标率"),
    _("今年以来按 GB 11607-89 单项判定达标的数据占可判定数据的百分比。"), FISHERY,
)  # fmt: skip
_ratio(
    "results_per_sample", _("每批次水样数据个数"), ("results", "samples"), "个", ("平均每批次水样数据",),
    _("今年以来有效监测数据个数除以水样批次。"),
)  # fmt: skip
_ratio(
    "samples_per_survey", _("每次监测水样批次"), ("samples", "surveys"), "批次", ("平均每次监测采样",),
    _("今年以来水样批次除以监测次数。"),
)  # fmt: skip
