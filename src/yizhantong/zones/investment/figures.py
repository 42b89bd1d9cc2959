"""Figures of investment; its ledgers are declared in :mod:`yizhantong.zones.investment.ledgers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, figure, register
from yizhantong.zones.investment import ledgers as ledgers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FORMAL = '协议类型 = "formal"'
HIGH_RANK = '领导级别 in ["city", "deputy_city"]'
NATIONAL_INDUSTRIES = _("GB/T 4754-2017 国民经济行业分类")
OWN_RULE = _("市招商主管部门统计口径,待核")


def _signed(
    code: str,
    label: StrOrPromise,
    unit: str,
    where: str,
    phrases: tuple[str, ...],
    definition: StrOrPromise,
    parent: str = "",
) -> None:
    """Declare one count (个) or amount (亿元) over this year's formal contracts."""
    amount = unit == "亿元"
    register(
        Figure(
            code=f"investment.{code}",
            label=label,
            ledger="investment.signing",
            measure=Sum("contract_fen") if amount else Count(),
            unit=unit,
            decimals=2 if amount else 0,
            where=f"{FORMAL} and {where}" if where else FORMAL,
            period=Period.THIS_YEAR,
            phrases=phrases,
            definition=definition,
            dimensions=("三篇大文章", "工业项目", "资金来源地"),
            parent=parent,
            norm=NATIONAL_INDUSTRIES if "工业项目" in where else OWN_RULE,
        )
    )


_signed(
    "projects", _("签约项目数"), "个", "",
    ("签约项目", "项目签约", "新签约项目", "签约招商项目", "引进项目", "签订招商引资项目"),
    _("今年以来签订正式合同的招商项目个数;框架协议不计入。"),
)  # fmt: skip
_signed(
    "signed_amount", _("签约额"), "亿元", "",
    ("签约额", "签约金额", "签约总额", "合同额", "合同金额", "合同引资额", "协议投资额"),
    _("今年以来签订的正式合同的合同金额合计;框架协议不计入。"),
)  # fmt: skip
_signed(
    "large_projects", _("亿元以上签约项目数"), "个", "合同额 >= 1 * 亿元",
    ("亿元以上签约项目", "亿元以上项目", "签约亿元以上项目", "投资亿元以上项目", "超亿元项目"),
    _("今年以来签订正式合同、合同额不低于 1 亿元(含)的项目个数。"), parent="investment.projects",
)  # fmt: skip
_signed(
    "large_amount", _("亿元以上签约项目签约额"), "亿元", "合同额 >= 1 * 亿元",
    ("亿元以上签约项目签约额", "亿元以上项目签约额", "亿元以上项目合同额", "亿元以上项目投资额"),
    _("今年以来合同额不低于 1 亿元(含)的正式合同的合同金额合计。"), parent="investment.signed_amount",
)  # fmt: skip
_signed(
    "small_projects", _("亿元以下签约项目数"), "个", "合同额 < 1 * 亿元",
    ("亿元以下签约项目", "亿元以下项目", "不足亿元项目"),
    _("今年以来签订正式合同、合同额低于 1 亿元的项目个数。"), parent="investment.projects",
)  # fmt: skip
_signed(
    "small_amount", _("亿元以下签约项目签约额"), "亿元", "合同额 < 1 * 亿元",
    ("亿元以下签约项目签约额", "亿元以下项目签约额"),
    _("今年以来合同额低于 1 亿元的正式合同的合同金额合计。"), parent="investment.signed_amount",
)  # fmt: skip
_signed(
    "billion_projects", _("十亿元以上签约项目数"), "个", "合同额 >= 10 * 亿元",
    ("十亿元以上项目", "10亿元以上项目", "10亿元以上签约项目", "投资10亿元以上项目"),
    _("今年以来签订正式合同、合同额不低于 10 亿元(含)的项目个数。"), parent="investment.large_projects",
)  # fmt: skip
_signed(
    "billion_amount", _("十亿元以上签约项目签约额"), "亿元", "合同额 >= 10 * 亿元",
    ("十亿元以上项目签约额", "10亿元以上项目签约额"),
    _("今年以来合同额不低于 10 亿元(含)的正式合同的合同金额合计。"), parent="investment.large_amount",
)  # fmt: skip
_signed(
    "industrial_projects", _("工业项目签约数"), "个", "工业项目 = true",
    ("工业项目", "签约工业项目", "工业类项目", "工业签约项目"),
    _("今年以来签订正式合同、行业属于采矿业、制造业或电力热力燃气及水的生产和供应业的项目个数。"),
    parent="investment.projects",
)  # fmt: skip
_signed(
    "industrial_amount", _("工业项目签约额"), "亿元", "工业项目 = true",
    ("工业项目签约额", "工业项目合同额", "工业项目投资额", "签约工业项目金额"),
    _("今年以来工业项目(GB/T 4754 门类 B、C、D)正式合同的合同金额合计。"), parent="investment.signed_amount",
)  # fmt: skip
_signed(
    "other_projects", _("非工业项目签约数"), "个", "工业项目 = false",
    ("非工业项目", "签约非工业项目"),
    _("今年以来签订正式合同的非工业项目个数。"), parent="investment.projects",
)  # fmt: skip
_signed(
    "other_amount", _("非工业项目签约额"), "亿元", "工业项目 = false",
    ("非工业项目签约额",),
    _("今年以来非工业项目正式合同的合同金额合计。"), parent="investment.signed_amount",
)  # fmt: skip
_signed(
    "old_projects", _("老字号签约项目数"), "个", '三篇大文章 = "old"',
    ("老字号项目", "改造升级老字号项目", "老字号签约项目"),
    _("今年以来签约的改造升级老字号项目个数,每个项目只归一篇。"), parent="investment.projects",
)  # fmt: skip
_signed(
    "raw_projects", _("原字号签约项目数"), "个", '三篇大文章 = "raw"',
    ("原字号项目", "深度开发原字号项目", "原字号签约项目"),
    _("今年以来签约的深度开发原字号项目个数,每个项目只归一篇。"), parent="investment.projects",
)  # fmt: skip
_signed(
    "new_projects", _("新字号签约项目数"), "个", '三篇大文章 = "new"',
    ("新字号项目", "培育壮大新字号项目", "新字号签约项目"),
    _("今年以来签约的培育壮大新字号项目个数,每个项目只归一篇。"), parent="investment.projects",
)  # fmt: skip
register(
    Figure(
        code="investment.framework_agreements", label=_("框架协议数"), ledger="investment.signing",
        measure=Count(), unit="个", where='协议类型 = "framework"', period=Period.THIS_YEAR,
        phrases=("框架协议", "签订框架协议", "意向协议"),
        definition=_("今年以来签订的框架协议个数,不计入签约项目。"), norm=OWN_RULE,
    )
)  # fmt: skip
register(
    Figure(
        code="investment.chapters", label=_("三篇大文章篇数"), ledger="investment.signing",
        measure=Distinct("chapter"), unit="篇", where=FORMAL, period=Period.THIS_YEAR,
        phrases=("三篇大文章",),
        definition=_("今年以来有签约项目的文章篇数:改造升级老字号、深度开发原字号、培育壮大新字号。"),
    )
)  # fmt: skip


def _ratio(
    code: str, label: StrOrPromise, parts: tuple[str, str], unit: str, phrases: tuple[str, ...], definition: StrOrPromise,
    decimals: int = 0,
) -> None:  # fmt: skip
    """Declare one figure of this zone over another, with the period of the first; a share when the unit is %."""
    register(
        Figure(
            code=f"investment.{code}",
            label=label,
            measure=Ratio(f"investment.{parts[0]}", f"investment.{parts[1]}", percent=unit == "%"),
            period=figure(f"investment.{parts[0]}").period,
            unit=unit,
            decimals=decimals,
            phrases=phrases,
            definition=definition,
        )
    )


_ratio(
    "industrial_share", _("工业项目数占比"), ("industrial_projects", "projects"), "%",
    ("工业项目占签约项目总量", "工业项目占比", "工业项目数占总量", "项目数占总量"),
    _("今年以来签约的工业项目个数占签约项目总数的百分比。"),
)  # fmt: skip
_ratio(
    "industrial_amount_share", _("工业项目签约额占比"), ("industrial_amount", "signed_amount"), "%",
    ("工业项目签约额占比", "工业项目签约额占签约总额"),
    _("今年以来工业项目签约额占签约总额的百分比。"), decimals=1,
)  # fmt: skip
_ratio(
    "large_share", _("亿元以上项目数占比"), ("large_projects", "projects"), "%",
    ("亿元以上项目占比", "亿元以上项目数占总量"),
    _("今年以来亿元以上签约项目个数占签约项目总数的百分比。"), decimals=1,
)  # fmt: skip
_ratio(
    "large_amount_share", _("亿元以上项目签约额占比"), ("large_amount", "signed_amount"), "%",
    ("亿元以上项目签约额占比", "亿元以上项目签约额占签约总额"),
    _("今年以来亿元以上项目签约额占签约总额的百分比。"), decimals=1,
)  # fmt: skip
_ratio(
    "mean_contract", _("项目平均签约额"), ("signed_amount", "projects"), "亿元",
    ("项目平均签约额", "平均每个项目签约额", "平均单体投资"),
    _("今年以来签约额除以签约项目个数。"), decimals=2,
)  # fmt: skip
_ratio(
    "mean_small_contract", _("亿元以下项目平均签约额"), ("small_amount", "small_projects"), "亿元",
    ("亿元以下项目平均签约额",),
    _("今年以来亿元以下项目的签约额除以个数,必低于 1 亿元。"), decimals=2,
)  # fmt: skip


def _funds(
    code: str, label: StrOrPromise, column: str, period: Period, phrases: tuple[str, ...], definition: StrOrPromise
) -> None:
    """Declare a sum over the receipts of funds, by the day on which the money arrived."""
    register(
        Figure(
            code=f"investment.{code}",
            label=label,
            ledger="investment.receipt",
            measure=Sum(column),
            unit="亿元",
            decimals=2,
            where='资金来源地 != "local"',
            period=period,
            phrases=phrases,
            definition=definition,
            dimensions=("资金来源地", "凭证类型", "认定月份"),
            norm=_("辽宁省招商引资统计口径,待核"),
        )
    )


_funds(
    "funds_half_year", _("上半年到位资金"), "recognised_fen", Period.FIRST_HALF,
    ("上半年招商引资到位额", "上半年到位资金", "上半年招商引资到位资金", "上半年实际到位内资", "1-6月到位资金"),
    _("1 月至 6 月到位并经认定的市外资金合计(含以前年度签约项目的到位资金),以凭证到位日期为准。"),
)  # fmt: skip
_funds(
    "funds", _("今年以来到位资金"), "recognised_fen", Period.THIS_YEAR,
    ("招商引资到位资金", "到位资金", "实际到位资金", "实际到位内资", "招商引资到位额", "今年以来到位资金"),
    _("今年以来到位并经认定的市外资金合计(含以前年度签约项目的到位资金)。"),
)  # fmt: skip
_funds(
    "funds_last_year", _("上年到位资金"), "recognised_fen", Period.LAST_YEAR,
    ("上年到位资金", "去年到位资金", "去年招商引资到位资金"),
    _("上年全年到位并经认定的市外资金合计。"),
)  # fmt: skip
_funds(
    "funds_claimed", _("今年以来申报到位资金"), "claimed_fen", Period.THIS_YEAR,
    ("申报到位资金",),
    _("今年以来各单位申报的到位资金合计,认定之前的数。"),
)  # fmt: skip
_ratio(
    "recognition_rate", _("到位资金认定率"), ("funds", "funds_claimed"), "%",
    ("到位资金认定率", "认定率"),
    _("今年以来认定的到位资金占申报额的百分比。"), decimals=1,
)  # fmt: skip


def _this_year(
    code: str, label: StrOrPromise, ledger: str, measure: Count | Distinct, unit: str, phrases: tuple[str, ...],
    definition: StrOrPromise, where: str = "", parent: str = "", dimensions: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Declare a count over one of the zone's other ledgers, this year to date."""
    register(
        Figure(
            code=f"investment.{code}",
            label=label,
            ledger=f"investment.{ledger}",
            measure=measure,
            unit=unit,
            where=where,
            period=Period.THIS_YEAR,
            phrases=phrases,
            definition=definition,
            dimensions=dimensions,
            parent=f"investment.{parent}" if parent else "",
            norm=OWN_RULE,
        )
    )


_this_year(
    "activities", _("招商活动批次"), "activity", Count(), "批次",
    ("招商活动", "开展招商活动", "招商批次", "组织招商活动", "开展招商"),
    _("今年以来开展的招商活动批次,含外出、接待、视频和展会。"), dimensions=("活动方式", "领导级别"),
)  # fmt: skip
_this_year(
    "high_rank_activities", _("副市级以上领导招商批次"), "activity", Count(), "批次",
    ("副市级以上领导招商", "副市级以上领导带队招商", "市级领导招商", "市领导带队招商", "副市级以上领导开展招商活动"),
    _("今年以来由副市级以上领导带队的招商活动批次。"), where=HIGH_RANK, parent="activities", dimensions=("活动方式",),
)  # fmt: skip
_this_year(
    "outbound_activities", _("外出招商批次"), "activity", Count(), "批次",
    ("走出去招商", "外出招商", "赴外招商"),
    _("今年以来走出去开展的招商活动批次。"), where='活动方式 = "outbound"', parent="activities",
)  # fmt: skip
_this_year(
    "enterprises", _("对接企业数"), "contact", Distinct("enterprise_id"), "家",
    ("对接企业", "对接洽谈企业", "拜访企业", "接洽企业", "洽谈企业"),
    _("今年以来招商活动对接的企业家数,同一企业多次对接只算一家。"), dimensions=("对接结果",),
)  # fmt: skip
_this_year(
    "high_rank_enterprises", _("副市级以上领导对接企业数"), "contact", Distinct("enterprise_id"), "家",
    ("副市级以上领导对接企业", "副市级以上领导招商对接企业", "市级领导对接企业", "市领导对接企业"),
    _("今年以来副市级以上领导带队招商对接的企业家数,同一企业只算一家。"), where=HIGH_RANK, parent="enterprises",
)  # fmt: skip
_this_year(
    "contacts", _("对接企业家次"), "contact", Count(), "家次",
    ("对接企业家次", "对接企业次数"),
    _("今年以来招商活动对接企业的次数,同一企业每对接一次算一家次。"),
)  # fmt: skip
_ratio(
    "high_rank_share", _("副市级以上领导招商批次占比"), ("high_rank_activities", "activities"), "%",
    ("副市级以上领导招商占比",),
    _("今年以来副市级以上领导带队的批次占招商活动批次的百分比。"), decimals=1,
)  # fmt: skip
_ratio(
    "enterprises_per_activity", _("每批次对接企业数"), ("enterprises", "activities"), "家",
    ("每批次对接企业",),
    _("今年以来对接企业家数除以招商活动批次。"), decimals=2,
)  # fmt: skip
_this_year(
    "started_projects", _("开工项目数"), "stage", Distinct("project"), "个",
    ("开工项目", "项目开工", "新开工项目", "开工建设项目"),
    _("今年以来开工的招商项目个数,不论哪年签约。"), where='阶段 = "started"',
)  # fmt: skip
_this_year(
    "producing_projects", _("投产项目数"), "stage", Distinct("project"), "个",
    ("投产项目", "项目投产", "竣工投产项目"),
    _("今年以来投产的招商项目个数,不论哪年签约。"), where='阶段 = "producing"',
)  # fmt: skip
register(
    Figure(
        code="investment.started_of_signed", label=_("今年签约已开工项目数"), ledger="investment.stage",
        measure=Distinct("project"), unit="个", where='阶段 = "started"', date="signed_on", period=Period.THIS_YEAR,
        phrases=("签约项目已开工", "当年签约当年开工项目"),
        definition=_("今年以来签约的项目中已经开工的个数。"), parent="investment.projects", norm=OWN_RULE,
    )
)  # fmt: skip
_ratio(
    "start_rate", _("签约项目开工率"), ("started_of_signed", "projects"), "%",
    ("项目开工率", "签约项目开工率", "开工率"),
    _("今年以来签约的项目中已开工的百分比。"), decimals=1,
)  # fmt: skip
_this_year(
    "duty_units", _("实行AB制轮流招商的单位数"), "duty", Distinct("division_id"), "个",
    ("AB制轮流招商的县区", "实行AB制轮流招商"),
    _("今年以来排班实行党政主要领导 AB 制轮流招商的县(市)区个数。"),
)  # fmt: skip
_this_year(
    "duty_roles", _("AB制轮流招商角色数"), "duty", Distinct("away"), "个",
    ("AB制",),
    _("今年以来轮流外出的角色个数:A 角、B 角;任何一周只有一人外出。"),
)  # fmt: skip
