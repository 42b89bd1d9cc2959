"""Figures of investment; its ledgers are declared in :mod:`yizhantong.zones.investment.ledgers`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.zones.investment.ledgers import ACTIVITIES, CONTACTS, DUTIES, RECEIPTS, SIGNINGS, STAGES

FORMAL = '协议类型 = "formal"'
HIGH_RANK = '领导级别 in ["city", "deputy_city"]'
INDUSTRIES = _("GB/T 4754-2017 国民经济行业分类")
OWN_RULE = _("市招商主管部门统计口径,待核")

declare = Declaring("investment", period=Period.THIS_YEAR)
signings = declare.over(SIGNINGS, where=FORMAL, dimensions=("三篇大文章", "工业项目", "资金来源地"), norm=OWN_RULE)
receipts = declare.over(
    RECEIPTS,
    where='资金来源地 != "local"',
    decimals=2,
    dimensions=("资金来源地", "凭证类型", "认定月份"),
    norm=_("辽宁省招商引资统计口径,待核"),
)
activities = declare.over(ACTIVITIES, norm=OWN_RULE)
contacts = declare.over(CONTACTS, norm=OWN_RULE)
stages = declare.over(STAGES, norm=OWN_RULE)
duties = declare.over(DUTIES, norm=OWN_RULE)

# fmt: off
signings.count(
    "projects", _("签约项目数"), ("签约项目", "项目签约", "新签约项目", "签约招商项目", "引进项目", "签订招商引资项目"),
    _("今年以来签订正式合同的招商项目个数;框架协议不计入。"), unit="个",
)
signings.sum(
    "signed_amount", _("签约额"), ("签约额", "签约金额", "签约总额", "合同额", "合同金额", "合同引资额", "协议投资额"),
    _("今年以来签订的正式合同的合同金额合计;框架协议不计入。"), of="contract_fen", unit="亿元", decimals=2,
)
signings.count(
    "large_projects", _("亿元以上签约项目数"), ("亿元以上签约项目", "亿元以上项目", "签约亿元以上项目", "投资亿元以上项目", "超亿元项目"),
    _("今年以来签订正式合同、合同额不低于 1 亿元(含)的项目个数。"), unit="个", where="合同额 >= 1 * 亿元", parent="projects",
)
signings.sum(
    "large_amount", _("亿元以上签约项目签约额"), ("亿元以上签约项目签约额", "亿元以上项目签约额", "亿元以上项目合同额", "亿元以上项目投资额"),
    _("今年以来合同额不低于 1 亿元(含)的正式合同的合同金额合计。"),
    of="contract_fen", unit="亿元", where="合同额 >= 1 * 亿元", decimals=2, parent="signed_amount",
)
signings.count(
    "small_projects", _("亿元以下签约项目数"), ("亿元以下签约项目", "亿元以下项目", "不足亿元项目"),
    _("今年以来签订正式合同、合同额低于 1 亿元的项目个数。"), unit="个", where="合同额 < 1 * 亿元", parent="projects",
)
signings.sum(
    "small_amount", _("亿元以下签约项目签约额"), ("亿元以下签约项目签约额", "亿元以下项目签约额"),
    _("今年以来合同额低于 1 亿元的正式合同的合同金额合计。"),
    of="contract_fen", unit="亿元", where="合同额 < 1 * 亿元", decimals=2, parent="signed_amount",
)
signings.count(
    "billion_projects", _("十亿元以上签约项目数"), ("十亿元以上项目", "10亿元以上项目", "10亿元以上签约项目", "投资10亿元以上项目"),
    _("今年以来签订正式合同、合同额不低于 10 亿元(含)的项目个数。"), unit="个", where="合同额 >= 10 * 亿元", parent="large_projects",
)
signings.sum(
    "billion_amount", _("十亿元以上签约项目签约额"), ("十亿元以上项目签约额", "10亿元以上项目签约额"),
    _("今年以来合同额不低于 10 亿元(含)的正式合同的合同金额合计。"),
    of="contract_fen", unit="亿元", where="合同额 >= 10 * 亿元", decimals=2, parent="large_amount",
)
signings.count(
    "industrial_projects", _("工业项目签约数"), ("工业项目", "签约工业项目", "工业类项目", "工业签约项目"),
    _("今年以来签订正式合同、行业属于采矿业、制造业或电力热力燃气及水的生产和供应业的项目个数。"),
    unit="个", where="工业项目 = true", parent="projects", norm=INDUSTRIES,
)
signings.sum(
    "industrial_amount", _("工业项目签约额"), ("工业项目签约额", "工业项目合同额", "工业项目投资额", "签约工业项目金额"),
    _("今年以来工业项目(GB/T 4754 门类 B、C、D)正式合同的合同金额合计。"),
    of="contract_fen", unit="亿元", where="工业项目 = true", decimals=2, parent="signed_amount", norm=INDUSTRIES,
)
signings.count(
    "other_projects", _("非工业项目签约数"), ("非工业项目", "签约非工业项目"),
    _("今年以来签订正式合同的非工业项目个数。"), unit="个", where="工业项目 = false", parent="projects", norm=INDUSTRIES,
)
signings.sum(
    "other_amount", _("非工业项目签约额"), ("非工业项目签约额",),
    _("今年以来非工业项目正式合同的合同金额合计。"),
    of="contract_fen", unit="亿元", where="工业项目 = false", decimals=2, parent="signed_amount", norm=INDUSTRIES,
)
signings.count(
    "old_projects", _("老字号签约项目数"), ("老字号项目", "改造升级老字号项目", "老字号签约项目"),
    _("今年以来签约的改造升级老字号项目个数,每个项目只归一篇。"), unit="个", where='三篇大文章 = "old"', parent="projects",
)
signings.count(
    "raw_projects", _("原字号签约项目数"), ("原字号项目", "深度开发原字号项目", "原字号签约项目"),
    _("今年以来签约的深度开发原字号项目个数,每个项目只归一篇。"), unit="个", where='三篇大文章 = "raw"', parent="projects",
)
signings.count(
    "new_projects", _("新字号签约项目数"), ("新字号项目", "培育壮大新字号项目", "新字号签约项目"),
    _("今年以来签约的培育壮大新字号项目个数,每个项目只归一篇。"), unit="个", where='三篇大文章 = "new"', parent="projects",
)
declare.over(SIGNINGS).count(
    "framework_agreements", _("框架协议数"), ("框架协议", "签订框架协议", "意向协议"),
    _("今年以来签订的框架协议个数,不计入签约项目。"), unit="个", where='协议类型 = "framework"', norm=OWN_RULE,
)
signings.distinct(
    "chapters", _("三篇大文章篇数"), ("三篇大文章",),
    _("今年以来有签约项目的文章篇数:改造升级老字号、深度开发原字号、培育壮大新字号。"), of="chapter", unit="篇", dimensions=(), norm="",
)
declare.ratio(
    "industrial_share", _("工业项目数占比"), ("工业项目占签约项目总量", "工业项目占比", "工业项目数占总量", "项目数占总量"),
    _("今年以来签约的工业项目个数占签约项目总数的百分比。"), of=("industrial_projects", "projects"), unit="%",
)
declare.ratio(
    "industrial_amount_share", _("工业项目签约额占比"), ("工业项目签约额占比", "工业项目签约额占签约总额"),
    _("今年以来工业项目签约额占签约总额的百分比。"), of=("industrial_amount", "signed_amount"), unit="%", decimals=1,
)
declare.ratio(
    "large_share", _("亿元以上项目数占比"), ("亿元以上项目占比", "亿元以上项目数占总量"),
    _("今年以来亿元以上签约项目个数占签约项目总数的百分比。"), of=("large_projects", "projects"), unit="%", decimals=1,
)
declare.ratio(
    "large_amount_share", _("亿元以上项目签约额占比"), ("亿元以上项目签约额占比", "亿元以上项目签约额占签约总额"),
    _("今年以来亿元以上项目签约额占签约总额的百分比。"), of=("large_amount", "signed_amount"), unit="%", decimals=1,
)
declare.ratio(
    "mean_contract", _("项目平均签约额"), ("项目平均签约额", "平均每个项目签约额", "平均单体投资"),
    _("今年以来签约额除以签约项目个数。"), of=("signed_amount", "projects"), unit="亿元", decimals=2,
)
declare.ratio(
    "mean_small_contract", _("亿元以下项目平均签约额"), ("亿元以下项目平均签约额",),
    _("今年以来亿元以下项目的签约额除以个数,必低于 1 亿元。"), of=("small_amount", "small_projects"), unit="亿元", decimals=2,
)
receipts.sum(
    "funds_half_year", _("上半年到位资金"), ("上半年招商引资到位额", "上半年到位资金", "上半年招商引资到位资金", "上半年实际到位内资", "1-6月到位资金"),
    _("1 月至 6 月到位并经认定的市外资金合计(含以前年度签约项目的到位资金),以凭证到位日期为准。"), of="recognised_fen", unit="亿元", period=Period.FIRST_HALF,
)
receipts.sum(
    "funds", _("今年以来到位资金"), ("招商引资到位资金", "到位资金", "实际到位资金", "实际到位内资", "招商引资到位额", "今年以来到位资金"),
    _("今年以来到位并经认定的市外资金合计(含以前年度签约项目的到位资金)。"), of="recognised_fen", unit="亿元",
)
receipts.sum(
    "funds_last_year", _("上年到位资金"), ("上年到位资金", "去年到位资金", "去年招商引资到位资金"),
    _("上年全年到位并经认定的市外资金合计。"), of="recognised_fen", unit="亿元", period=Period.LAST_YEAR,
)
receipts.sum(
    "funds_claimed", _("今年以来申报到位资金"), ("申报到位资金",),
    _("今年以来各单位申报的到位资金合计,认定之前的数。"), of="claimed_fen", unit="亿元",
)
declare.ratio(
    "recognition_rate", _("到位资金认定率"), ("到位资金认定率", "认定率"),
    _("今年以来认定的到位资金占申报额的百分比。"), of=("funds", "funds_claimed"), unit="%", decimals=1,
)
activities.count(
    "activities", _("招商活动批次"), ("招商活动", "开展招商活动", "招商批次", "组织招商活动", "开展招商"),
    _("今年以来开展的招商活动批次,含外出、接待、视频和展会。"), unit="批次", dimensions=("活动方式", "领导级别"),
)
activities.count(
    "high_rank_activities", _("副市级以上领导招商批次"), ("副市级以上领导招商", "副市级以上领导带队招商", "市级领导招商", "市领导带队招商", "副市级以上领导开展招商活动"),
    _("今年以来由副市级以上领导带队的招商活动批次。"), unit="批次", where=HIGH_RANK, dimensions=("活动方式",), parent="activities",
)
activities.count(
    "outbound_activities", _("外出招商批次"), ("走出去招商", "外出招商", "赴外招商"),
    _("今年以来走出去开展的招商活动批次。"), unit="批次", where='活动方式 = "outbound"', parent="activities",
)
contacts.distinct(
    "enterprises", _("对接企业数"), ("对接企业", "对接洽谈企业", "拜访企业", "接洽企业", "洽谈企业"),
    _("今年以来招商活动对接的企业家数,同一企业多次对接只算一家。"), of="enterprise_id", unit="家", dimensions=("对接结果",),
)
contacts.distinct(
    "high_rank_enterprises", _("副市级以上领导对接企业数"), ("副市级以上领导对接企业", "副市级以上领导招商对接企业", "市级领导对接企业", "市领导对接企业"),
    _("今年以来副市级以上领导带队招商对接的企业家数,同一企业只算一家。"), of="enterprise_id", unit="家", where=HIGH_RANK, parent="enterprises",
)
contacts.count(
    "contacts", _("对接企业家次"), ("对接企业家次", "对接企业次数"),
    _("今年以来招商活动对接企业的次数,同一企业每对接一次算一家次。"), unit="家次",
)
declare.ratio(
    "high_rank_share", _("副市级以上领导招商批次占比"), ("副市级以上领导招商占比",),
    _("今年以来副市级以上领导带队的批次占招商活动批次的百分比。"), of=("high_rank_activities", "activities"), unit="%", decimals=1,
)
declare.ratio(
    "enterprises_per_activity", _("每批次对接企业数"), ("每批次对接企业",),
    _("今年以来对接企业家数除以招商活动批次。"), of=("enterprises", "activities"), unit="家", decimals=2,
)
stages.distinct(
    "started_projects", _("开工项目数"), ("开工项目", "项目开工", "新开工项目", "开工建设项目"),
    _("今年以来开工的招商项目个数,不论哪年签约。"), of="project", unit="个", where='阶段 = "started"',
)
stages.distinct(
    "producing_projects", _("投产项目数"), ("投产项目", "项目投产", "竣工投产项目"),
    _("今年以来投产的招商项目个数,不论哪年签约。"), of="project", unit="个", where='阶段 = "producing"',
)
stages.distinct(
    "started_of_signed", _("今年签约已开工项目数"), ("签约项目已开工", "当年签约当年开工项目"),
    _("今年以来签约的项目中已经开工的个数。"), of="project", unit="个", where='阶段 = "started"', date="signed_on", parent="projects",
)
declare.ratio(
    "start_rate", _("签约项目开工率"), ("项目开工率", "签约项目开工率", "开工率"),
    _("今年以来签约的项目中已开工的百分比。"), of=("started_of_signed", "projects"), unit="%", decimals=1,
)
duties.distinct(
    "duty_units", _("实行AB制轮流招商的单位数"), ("AB制轮流招商的县区", "实行AB制轮流招商"),
    _("今年以来排班实行党政主要领导 AB 制轮流招商的县(市)区个数。"), of="division_id", unit="个",
)
duties.distinct(
    "duty_roles", _("AB制轮流招商角色数"), ("AB制",),
    _("今年以来轮流外出的角色个数:A 角、B 角;任何一周只有一人外出。"), of="away", unit="个",
)
# fmt: on
