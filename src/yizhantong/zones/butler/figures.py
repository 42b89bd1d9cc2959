"""Ledgers and figures of the butler service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.figures import EVENTS
from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.butler.models import (
    AnswerUse,
    Appeal,
    Assignment,
    Confirmation,
    EscalationFact,
    Outcome,
    Rating,
    ServiceZone,
    Visit,
)

SERVICE_ZONES = register(
    Ledger(
        code="butler.service_zone",
        label=_("服务专区名录"),
        model=ServiceZone,
        fields=(Field("专区代码", "zone_code"), Field("专区名称", "name"), Field("牵头单位", "lead")),
        key=("zone_code",),
        register=True,
        description=_("一站通平台开设的服务专区,开设时登记,关闭时撤销。"),
        date_label=_("开设日期"),
    )
)

ASSIGNMENTS = register(
    Ledger(
        code="butler.assignment",
        label=_("项目管家名册"),
        model=Assignment,
        fields=(
            Field("企业", "enterprise_id", public=False),
            Field("管家代码", "butler", public=False),
            Field("管家层级", "level"),
        ),
        key=("enterprise_id",),
        register=True,
        description=_("每户企业同一时间只有一名管家;一名管家可服务多户企业。"),
        date_label=_("指派日期"),
    )
)

VISITS = register(
    Ledger(
        code="butler.visit",
        label=_("走访台账"),
        model=Visit,
        fields=(
            Field("企业", "enterprise_id", public=False),
            Field("管家代码", "butler", public=False),
            Field("走访方式", "mode"),
            Field("反映问题数", "problems"),
        ),
        description=_("管家走访企业,一次一条。"),
        date_label=_("走访日期"),
    )
)

APPEALS = register(
    Ledger(
        code="butler.appeal",
        label=_("企业诉求受理台账"),
        model=Appeal,
        fields=(
            Field("诉求编号", "number"),
            Field("企业", "enterprise_id", public=False),
            Field("诉求类别", "kind"),
            Field("受理渠道", "channel"),
            Field("诉求事项", "subject", public=False),
            Field("责任单位", "agency_id"),
        ),
        key=("number",),
        guarded=True,
        description=_("企业诉求自受理之日登记,一件一号,由一个责任单位负责到底。"),
        date_label=_("受理日期"),
    )
)

OUTCOMES = register(
    Ledger(
        code="butler.outcome",
        label=_("企业诉求办结台账"),
        model=Outcome,
        fields=(
            Field("诉求编号", "number"),
            Field("企业", "enterprise_id", public=False),
            Field("诉求类别", "kind"),
            Field("办理结果", "result"),
            Field("办理天数", "days"),
        ),
        key=("number",),
        guarded=True,
        description=_("已受理的诉求办结时登记;办结不等于解决,结果分已解决、解释说明、无法解决。"),
        date_label=_("办结日期"),
    )
)

RATINGS = register(
    Ledger(
        code="butler.rating",
        label=_("企业诉求评价台账"),
        model=Rating,
        fields=(
            Field("诉求编号", "number"),
            Field("企业", "enterprise_id", public=False),
            Field("办理结果", "result"),
            Field("评价", "rating", help=_("5 非常满意、4 满意、3 基本满意、2 不满意、1 非常不满意")),
        ),
        key=("number",),
        guarded=True,
        description=_("企业对已办结诉求的评价,一事一评;未评价的不登记,也不默认好评。"),
        date_label=_("评价日期"),
    )
)

CONFIRMATIONS = register(
    Ledger(
        code="butler.confirmation",
        label=_("企业诉求结局确认台账"),
        model=Confirmation,
        fields=(
            Field("诉求编号", "number"),
            Field("轮次", "round"),
            Field("企业", "enterprise_id", public=False),
            Field("办理结果", "result"),
            Field("企业意见", "said"),
        ),
        key=("number", "round"),
        guarded=True,
        description=_("办结后企业确认结局,或提出异议(一次,诉求重办);不答复的不登记,不视为同意。"),
        date_label=_("确认日期"),
    )
)

ESCALATIONS = register(
    Ledger(
        code="butler.escalation",
        label=_("企业诉求提请台账"),
        model=EscalationFact,
        fields=(
            Field("诉求编号", "number"),
            Field("轮次", "round"),
            Field("级次", "rung"),
            Field("已历天数", "days"),
            Field("责任单位", "agency_id"),
        ),
        key=("number", "round", "rung"),
        guarded=True,
        description=_("受理后逾期未办结的诉求逐级提请,每级一次。"),
        date_label=_("提请日期"),
    )
)

ANSWER_USES = register(
    Ledger(
        code="butler.answer_use",
        label=_("知识库使用台账"),
        model=AnswerUse,
        fields=(Field("答复编号", "answer"), Field("诉求种类", "kind"), Field("有用", "helpful")),
        guarded=True,
        description=_("读者看了知识库答复后说是否解决了问题;不记录是谁说的。"),
        date_label=_("使用日期"),
    )
)

UNCONFIRMED = _("地方口径,待核")
RATING_RULE = _("国办发〔2019〕51号")

declare = Declaring("butler")
service_zones = declare.over(SERVICE_ZONES)
assignments = declare.over(ASSIGNMENTS, dimensions=("管家层级",))
visits = declare.over(VISITS, period=Period.THIS_YEAR)
appeals = declare.over(APPEALS)
outcomes = declare.over(OUTCOMES, dimensions=("诉求类别",))
ratings = declare.over(RATINGS, norm=RATING_RULE)
confirmations = declare.over(CONFIRMATIONS, dimensions=("办理结果",))
escalations = declare.over(ESCALATIONS)
uses = declare.over(ANSWER_USES, dimensions=("诉求种类",))
timed = declare.over(EVENTS, where='专区 = "butler" and 事件 = "closed"')

# fmt: off
service_zones.count(
    "service_zones", _("服务专区数"), ("专区", "服务专区", "平台专区", "推出专区", "设立专区", "开设专区"),
    _("一站通平台已开设且未关闭的服务专区数量。"), unit="个",
)
assignments.distinct(
    "assigned_enterprises", _("配备管家企业数"), ("配备管家的企业", "管家服务企业", "项目管家服务企业", "包联企业"),
    _("截至统计日配有在任项目管家的企业数,一家企业只计一次。"), of="enterprise_id", unit="家",
)
assignments.distinct(
    "butlers", _("项目管家人数"), ("项目管家", "选派项目管家", "服务管家", "管家队伍"),
    _("截至统计日至少服务一家企业的在任项目管家人数,一人服务多家只计一次。"), of="butler", unit="名",
)
visits.count(
    "visits", _("走访企业次数"), ("走访企业次数", "入企走访", "管家走访", "开展走访"),
    _("今年以来管家走访企业的次数,同一企业多次走访分别计数。"), unit="次", dimensions=("走访方式",),
)
visits.distinct(
    "visited_enterprises", _("走访企业户数"), ("走访企业", "走访服务企业", "上门走访企业"),
    _("今年以来至少走访过一次的企业数,一家企业只计一次。"), of="enterprise_id", unit="家",
)
appeals.count(
    "appeals_accepted", _("企业诉求受理数"), ("受理企业诉求", "受理企业诉求问题", "收到企业诉求", "接到企业诉求", "企业诉求受理量"),
    _("平台累计受理的企业诉求件数,不论是否办结。"), unit="个", dimensions=("诉求类别", "受理渠道", "责任单位"),
)
appeals.distinct(
    "appealing_enterprises", _("提出诉求企业数"), ("提出诉求的企业", "反映诉求企业"),
    _("累计提出过诉求并获受理的企业数,一家企业只计一次。"), of="enterprise_id", unit="家",
)
outcomes.count(
    "appeals_closed", _("企业诉求办结数"), ("办结企业诉求", "办结企业诉求问题", "答复企业诉求"),
    _("已受理的企业诉求中已经办结的件数,含已解决、解释说明和无法解决。"), unit="个", dimensions=("诉求类别", "办理结果"), parent="appeals_accepted",
)
outcomes.count(
    "appeals_solved", _("企业诉求解决数"),
    ("受理并解决企业诉求问题", "受理并解决企业诉求", "解决企业诉求", "解决企业诉求问题", "解决企业反映问题", "为企业解决问题", "企业诉求解决", "协调解决企业难题"),
    _("平台累计受理、办结结果为已解决的企业诉求件数;解释说明、无法解决和尚未办结的不计入。"), unit="个", where='办理结果 = "solved"', parent="appeals_closed",
)
outcomes.count(
    "appeals_unable", _("无法解决诉求数"), ("无法解决的企业诉求", "未能解决的企业诉求"),
    _("已办结的企业诉求中因政策或条件所限无法解决的件数。"), unit="个", where='办理结果 = "unable"', parent="appeals_closed",
)
declare.ratio(
    "closing_rate", _("企业诉求办结率"), ("企业诉求办结率", "诉求办结率"),
    _("办结数除以受理数。受理数为零时无值。"), of=("appeals_closed", "appeals_accepted"), unit="%", decimals=2, norm=UNCONFIRMED,
)
declare.ratio(
    "solution_rate", _("企业诉求解决率"), ("企业诉求解决率", "诉求解决率", "企业问题解决率"),
    _("已解决数除以已办结数。尚未办结的不进入分母。"), of=("appeals_solved", "appeals_closed"), unit="%", decimals=2, norm=UNCONFIRMED,
)
ratings.count(
    "rated", _("诉求已评价数"), ("企业评价", "收到企业评价"),
    _("已办结的企业诉求中企业作出评价的件数,未评价的不计入,也不默认好评。"), unit="件", dimensions=("评价", "办理结果"), parent="appeals_closed",
)
ratings.count(
    "satisfied", _("诉求满意数"), ("企业满意件数", "好评件数"),
    _("企业评价为非常满意、满意或基本满意(5、4、3)的件数。"), unit="件", where="评价 >= 3", parent="rated",
)
declare.ratio(
    "satisfaction", _("企业诉求满意率"), ("企业满意率", "诉求满意率", "企业诉求满意率"),
    _("满意数除以已评价数。"), of=("satisfied", "rated"), unit="%", decimals=2, norm=_("国办发〔2019〕51号;满意率算法待核"),
)
confirmations.count(
    "confirmed", _("企业确认结局数"), ("企业确认办结",),
    _("办结后企业确认结局的次数;不答复的不计入,不视为同意。"), unit="件", where='企业意见 = "confirmed"',
)
confirmations.count(
    "disputed", _("企业异议重办数"), ("企业提出异议", "重办企业诉求"),
    _("办结后企业提出异议、诉求重办的件数,一件最多一次。"), unit="件", where='企业意见 = "disputed"',
)
escalations.distinct(
    "escalated", _("逐级提请诉求数"), ("逐级提请的企业诉求",),
    _("受理后满首个提醒期仍未办结、至少提请过一级的诉求件数,一件只计一次。"), of="number", unit="件", norm=UNCONFIRMED,
)
timed.count(
    "closed_by_case", _("办件办结诉求数"), (),
    _("经平台办件流程办结的诉求次数,含重办;历史台账的诉求没有时限记录,不计入。"), unit="件", dimensions=("办理结果", "单位"),
)
timed.count(
    "closed_in_time", _("按时办结诉求数"), ("按时办结企业诉求",),
    _("经平台办件流程、在承诺时限内办结的诉求次数,补正与特别程序的时间不计。"), unit="件", where="按时 = true", parent="closed_by_case",
)
declare.ratio(
    "on_time_share", _("诉求按时办结率"), ("企业诉求按时办结率", "诉求按时办结率"),
    _("在承诺时限内办结的次数除以经平台办件流程办结的次数。"), of=("closed_in_time", "closed_by_case"), unit="%", decimals=2, norm=UNCONFIRMED,
)
declare.ratio(
    "confirmed_share", _("诉求结局确认率"), ("诉求结局确认率", "诉求办结确认率"),
    _("企业确认的结局数除以经平台办件流程办结的次数;不答复的算作未确认。"), of=("confirmed", "closed_by_case"), unit="%", decimals=2, norm=UNCONFIRMED,
)
uses.count(
    "answer_uses", _("知识库使用次数"), ("知识库使用次数",),
    _("读者看了知识库答复后作出是否有用的回答的次数。"), unit="次",
)
uses.count(
    "answer_hits", _("知识库解决次数"), ("知识库直接解决",),
    _("读者回答知识库的答复正是所需的次数。"), unit="次", where="有用 = true", parent="answer_uses",
)
# fmt: on
