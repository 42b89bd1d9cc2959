"""Ledgers and figures of cases: every step is a fact, and a city's figures of cases are counted from facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import CaseEvent, CaseRating
from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register

EVENTS = register(
    Ledger(
        code="cases.event",
        label=_("办件过程台账"),
        model=CaseEvent,
        fields=(
            Field("办件编号", "number", public=False),
            Field("专区", "zone"),
            Field("事项代码", "item_code"),
            Field("事件", "event"),
            Field("环节", "step", public=False),
            Field("办理结果", "outcome"),
            Field("解决情况", "result"),
            Field("申请方式", "channel"),
            Field("单位", "office_id"),
            Field("用时", "duration"),
            Field("按时", "in_time"),
        ),
        guarded=True,
        description=_("办件从申请到归档的每一步,由办理动作自动登记,不能手工登记。"),
        date_label=_("发生日期"),
    )
)

RATINGS = register(
    Ledger(
        code="cases.rating",
        label=_("办件评价台账"),
        model=CaseRating,
        fields=(
            Field("办件编号", "number", public=False),
            Field("专区", "zone"),
            Field("事项代码", "item_code"),
            Field("单位", "office_id"),
            Field("评价", "rating", help=_("5 非常满意、4 满意、3 基本满意、2 不满意、1 非常不满意")),
            Field("评价渠道", "channel"),
            Field("评语", "comment", public=False),
            Field("评价指标", "aspects", public=False),
        ),
        guarded=True,
        description=_("申请人对办件的评价,一事一评;未评价的不登记,也不默认好评。"),
        date_label=_("评价日期"),
    )
)

UNCONFIRMED = _("地方口径,待核")
RATING_RULE = _("国办发〔2019〕51号")
DIMENSIONS = ("专区", "单位", "事项代码", "申请方式")

declare = Declaring("cases")
events = declare.over(EVENTS, period=Period.THIS_YEAR, dimensions=DIMENSIONS)
ratings = declare.over(RATINGS, period=Period.THIS_YEAR, norm=RATING_RULE, dimensions=("专区", "单位", "评价"))

# fmt: off
events.count(
    "filed", _("办件申请数"), ("办件申请", "收到办件申请", "申请办件"),
    _("今年以来提交的办件数,草稿不计;同一办件只计一次;套餐的总办件和它的各个分办件各计一件。"), unit="件", where='事件 = "submitted"',
)
events.count(
    "accepted", _("办件受理数"), ("受理办件", "办件受理", "受理办件量"),
    _("今年以来受理的办件数,含逾期未告知而视为受理的;套餐的总办件和它的各个分办件各计一件。"), unit="件", where='事件 in ("accepted", "deemed_accepted")', parent="filed",
)
events.count(
    "deemed_accepted", _("视为受理数"), ("视为受理办件",),
    _("今年以来逾期未告知是否受理、自收件之日起视为受理的办件数。"), unit="件", where='事件 = "deemed_accepted"',
    parent="accepted", norm=_("行政许可法第三十二条"),
)
events.count(
    "not_accepted", _("不予受理数"), ("不予受理办件",),
    _("今年以来作出不予受理决定的办件数,每件都有理由和依据。"), unit="件", where='事件 = "not_accepted"', parent="filed",
)
events.count(
    "closed", _("办结次数"), ("办结办件", "办件办结", "办结办件量"),
    _("今年以来办结的次数;经申请人异议重办的,再次办结另计一次;套餐的总办件和它的各个分办件各计一次。办结不等于解决。"), unit="件", where='事件 = "closed"',
)
events.count(
    "granted", _("准予办结数"), ("准予办件",),
    _("今年以来办结且结果为准予的次数;套餐的各个分办件都办成的,总办件也计一次准予,部分办成的另计。"), unit="件", where='事件 = "closed" and 办理结果 = "granted"', parent="closed",
)
events.count(
    "refused", _("不予办结数"), ("不予许可办件",),
    _("今年以来办结且结果为不予的次数;套餐的各个分办件都没有办成的,总办件也计一次不予,部分办成的另计。"), unit="件", where='事件 = "closed" and 办理结果 = "refused"', parent="closed",
)
events.count(
    "partial", _("部分办成数"), ("部分办成办件",),
    _("今年以来办结且结果为部分办成的次数:套餐中有的事项办成、有的没有办成。只有总办件有这种结果,每次计一次;各个分办件按各自的结果另计。"),
    unit="件", where='事件 = "closed" and 办理结果 = "partial"', parent="closed",
)
events.count(
    "solved", _("办结且解决数"), ("办结并解决办件",),
    _("今年以来答复办结且结果为已解决的次数;解释说明、无法解决不计入。"), unit="件", where='事件 = "closed" and 解决情况 = "solved"', parent="closed",
)
events.count(
    "closed_in_time", _("按时办结数"), ("按时办结办件",),
    _("今年以来在承诺时限(没有承诺的按法定时限)内办结的次数;无时限的视为按时。"), unit="件", where='事件 = "closed" and 按时 = true', parent="closed",
)
events.sum(
    "days_used", _("办结用时合计"), (),
    _("今年以来办结办件的用时之和,按工作日计,不含补正和特别程序;套餐的总办件和各个分办件各按自己的用时计入。"), of="duration", unit="个工作日", where='事件 = "closed"',
)
events.count(
    "supplements", _("补正告知次数"), ("补正告知办件",),
    _("今年以来发出的补正告知次数。"), unit="次", where='事件 = "supplement_asked"', norm=_("行政许可法第三十二条"),
)
events.count(
    "yellow_lights", _("黄灯次数"), ("黄灯办件", "亮黄灯"),
    _("今年以来亮黄灯的次数,同一办件同一原因只亮一次。"), unit="次", where='事件 = "yellow"', norm=UNCONFIRMED,
)
events.count(
    "red_lights", _("红灯次数"), ("红灯办件", "亮红灯", "超时办件"),
    _("今年以来亮红灯的次数,同一办件同一原因只亮一次。"), unit="次", where='事件 = "red"', norm=UNCONFIRMED,
)
events.count(
    "disputed", _("异议重办数"), ("申请人异议办件", "重办办件"),
    _("今年以来申请人对结果提出异议而重办的件数,每件一次。"), unit="件", where='事件 = "disputed"',
)
declare.ratio(
    "in_time_share", _("按时办结率"), ("按时办结率", "办件按时办结率"),
    _("按时办结数除以办结次数。办结次数为零时无值。"), of=("closed_in_time", "closed"), unit="%", decimals=2, norm=UNCONFIRMED,
)
declare.ratio(
    "mean_days", _("平均办结用时"), ("平均办理时长", "平均办结用时"),
    _("办结用时合计除以办结次数,按工作日计。"), of=("days_used", "closed"), unit="个工作日", decimals=1, norm=UNCONFIRMED,
)
ratings.count(
    "rated", _("办件评价数"), ("办件评价", "收到办件评价"),
    _("今年以来申请人作出评价的办件数,未评价的不计入,也不默认好评;套餐作为一件整体评价,分办件不另评。"), unit="件",
)
ratings.count(
    "satisfied", _("办件好评数"), ("办件好评", "满意办件"),
    _("今年以来评价为非常满意、满意或基本满意(5、4、3)的办件数。"), unit="件", where="评价 >= 3", parent="rated",
)
ratings.count(
    "dissatisfied", _("办件差评数"), ("办件差评", "差评办件"),
    _("今年以来评价为不满意或非常不满意(2、1)的办件数;经整改后原评价不变。"), unit="件", where="评价 <= 2", parent="rated",
)
declare.ratio(
    "satisfaction", _("办件满意率"), ("办件满意率", "政务服务满意率", "好评率"),
    _("好评数除以评价数。"), of=("satisfied", "rated"), unit="%", decimals=2, norm=_("国办发〔2019〕51号;满意率算法待核"),
)
# fmt: on
