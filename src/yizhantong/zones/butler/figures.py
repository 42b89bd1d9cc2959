"""Ledgers and figures of the butler service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.butler.models import Appeal, Assignment, Outcome, Rating, ServiceZone, Visit

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
        description=_("企业对已办结诉求的评价,一事一评;未评价的不登记,也不默认好评。"),
        date_label=_("评价日期"),
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
# fmt: on
