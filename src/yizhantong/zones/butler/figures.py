"""Ledgers and figures of the butler service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel import ledger
from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, register
from yizhantong.kernel.ledger import Field, Ledger
from yizhantong.zones.butler.models import Appeal, Assignment, Outcome, Rating, ServiceZone, Visit

SERVICE_ZONES = ledger.register(
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

ASSIGNMENTS = ledger.register(
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

VISITS = ledger.register(
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

APPEALS = ledger.register(
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

OUTCOMES = ledger.register(
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

RATINGS = ledger.register(
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

register(
    Figure(
        code="butler.service_zones", label=_("服务专区数"), ledger="butler.service_zone", measure=Count(), unit="个",
        phrases=("专区", "服务专区", "平台专区", "推出专区", "设立专区", "开设专区"),
        definition=_("一站通平台已开设且未关闭的服务专区数量。"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.assigned_enterprises", label=_("配备管家企业数"), ledger="butler.assignment",
        measure=Distinct("enterprise_id"), unit="家",
        phrases=("配备管家的企业", "管家服务企业", "项目管家服务企业", "包联企业"),
        definition=_("截至统计日配有在任项目管家的企业数,一家企业只计一次。"),
        dimensions=("管家层级",),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.butlers", label=_("项目管家人数"), ledger="butler.assignment", measure=Distinct("butler"), unit="名",
        phrases=("项目管家", "选派项目管家", "服务管家", "管家队伍"),
        definition=_("截至统计日至少服务一家企业的在任项目管家人数,一人服务多家只计一次。"),
        dimensions=("管家层级",),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.visits", label=_("走访企业次数"), ledger="butler.visit", measure=Count(), unit="次",
        period=Period.THIS_YEAR,
        phrases=("走访企业次数", "入企走访", "管家走访", "开展走访"),
        definition=_("今年以来管家走访企业的次数,同一企业多次走访分别计数。"),
        dimensions=("走访方式",),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.visited_enterprises", label=_("走访企业户数"), ledger="butler.visit",
        measure=Distinct("enterprise_id"), unit="家", period=Period.THIS_YEAR,
        phrases=("走访企业", "走访服务企业", "上门走访企业"),
        definition=_("今年以来至少走访过一次的企业数,一家企业只计一次。"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.appeals_accepted", label=_("企业诉求受理数"), ledger="butler.appeal", measure=Count(), unit="个",
        phrases=("受理企业诉求", "受理企业诉求问题", "收到企业诉求", "接到企业诉求", "企业诉求受理量"),
        definition=_("平台累计受理的企业诉求件数,不论是否办结。"),
        dimensions=("诉求类别", "受理渠道", "责任单位"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.appealing_enterprises", label=_("提出诉求企业数"), ledger="butler.appeal",
        measure=Distinct("enterprise_id"), unit="家",
        phrases=("提出诉求的企业", "反映诉求企业"),
        definition=_("累计提出过诉求并获受理的企业数,一家企业只计一次。"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.appeals_closed", label=_("企业诉求办结数"), ledger="butler.outcome", measure=Count(), unit="个",
        phrases=("办结企业诉求", "办结企业诉求问题", "答复企业诉求"),
        definition=_("已受理的企业诉求中已经办结的件数,含已解决、解释说明和无法解决。"),
        dimensions=("诉求类别", "办理结果"), parent="butler.appeals_accepted",
    )
)  # fmt: skip

register(
    Figure(
        code="butler.appeals_solved", label=_("企业诉求解决数"), ledger="butler.outcome", measure=Count(), unit="个",
        where='办理结果 = "solved"',
        phrases=(
            "受理并解决企业诉求问题", "受理并解决企业诉求", "解决企业诉求", "解决企业诉求问题", "解决企业反映问题",
            "为企业解决问题", "企业诉求解决", "协调解决企业难题",
        ),
        definition=_("平台累计受理、办结结果为已解决的企业诉求件数;解释说明、无法解决和尚未办结的不计入。"),
        dimensions=("诉求类别",), parent="butler.appeals_closed",
    )
)  # fmt: skip

register(
    Figure(
        code="butler.appeals_unable", label=_("无法解决诉求数"), ledger="butler.outcome", measure=Count(), unit="个",
        where='办理结果 = "unable"',
        phrases=("无法解决的企业诉求", "未能解决的企业诉求"),
        definition=_("已办结的企业诉求中因政策或条件所限无法解决的件数。"),
        dimensions=("诉求类别",), parent="butler.appeals_closed",
    )
)  # fmt: skip

register(
    Figure(
        code="butler.closing_rate", label=_("企业诉求办结率"), unit="%", decimals=2,
        measure=Ratio("butler.appeals_closed", "butler.appeals_accepted"),
        phrases=("企业诉求办结率", "诉求办结率"),
        definition=_("办结数除以受理数。受理数为零时无值。"), norm=UNCONFIRMED,
    )
)  # fmt: skip

register(
    Figure(
        code="butler.solution_rate", label=_("企业诉求解决率"), unit="%", decimals=2,
        measure=Ratio("butler.appeals_solved", "butler.appeals_closed"),
        phrases=("企业诉求解决率", "诉求解决率", "企业问题解决率"),
        definition=_("已解决数除以已办结数。尚未办结的不进入分母。"), norm=UNCONFIRMED,
    )
)  # fmt: skip

register(
    Figure(
        code="butler.rated", label=_("诉求已评价数"), ledger="butler.rating", measure=Count(), unit="件",
        phrases=("企业评价", "收到企业评价"),
        definition=_("已办结的企业诉求中企业作出评价的件数,未评价的不计入,也不默认好评。"),
        dimensions=("评价", "办理结果"), parent="butler.appeals_closed", norm=_("国办发〔2019〕51号"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.satisfied", label=_("诉求满意数"), ledger="butler.rating", measure=Count(), unit="件",
        where="评价 >= 3",
        phrases=("企业满意件数", "好评件数"),
        definition=_("企业评价为非常满意、满意或基本满意(5、4、3)的件数。"),
        parent="butler.rated", norm=_("国办发〔2019〕51号"),
    )
)  # fmt: skip

register(
    Figure(
        code="butler.satisfaction", label=_("企业诉求满意率"), unit="%", decimals=2,
        measure=Ratio("butler.satisfied", "butler.rated"),
        phrases=("企业满意率", "诉求满意率", "企业诉求满意率"),
        definition=_("满意数除以已评价数。"), norm=_("国办发〔2019〕51号;满意率算法待核"),
    )
)  # fmt: skip
