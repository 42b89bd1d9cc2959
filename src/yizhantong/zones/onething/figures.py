"""Ledgers and figures of one thing, once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.onething.models import Acceptance, Closing

ACCEPTANCES = register(
    Ledger(
        code="onething.acceptance",
        label=_("一件事受理台账"),
        model=Acceptance,
        fields=(
            Field("申请编号", "number"),
            Field("一件事", "package"),
            Field("申请渠道", "channel"),
            Field("联办单位数", "agencies"),
        ),
        key=("number",),
        description=_("一件事套餐里的每个事项自受理之日登记,每个事项一个编号;由办件自动登记。"),
        date_label=_("受理日期"),
        guarded=True,
    )
)

CLOSINGS = register(
    Ledger(
        code="onething.closing",
        label=_("一件事办结台账"),
        model=Closing,
        fields=(
            Field("申请编号", "number"),
            Field("一件事", "package"),
            Field("办理结果", "result"),
            Field("到场次数", "visits"),
            Field("办理天数", "days"),
            Field("承诺办结日期", "due_on"),
        ),
        key=("number",),
        description=_("已受理的一件事各事项办结时登记,含办成、不予办理、申请人撤回和终止;由办件自动登记。"),
        date_label=_("办结日期"),
        guarded=True,
    )
)

declare = Declaring("onething")
acceptances = declare.over(ACCEPTANCES)
closings = declare.over(CLOSINGS)

# fmt: off
acceptances.count(
    "accepted", _("一件事受理数"),
    ("一件事一次办累计办理各项申请", "累计办理各项申请", "办理各项申请", "一件事办理申请", "受理一件事申请", "一件事受理量", "一件事一次办办件量", "一件事办件"),
    _("累计受理的一件事一次办各项申请件数,不论是否办结;一次申请里的每个事项计一件。"), unit="件", dimensions=("一件事", "申请渠道"), norm=_("“办理”理解为受理,待核"),
)
acceptances.count(
    "accepted_this_year", _("今年一件事受理数"), ("今年办理一件事申请", "今年以来受理一件事申请"),
    _("今年以来受理的一件事一次办各项申请件数。"), unit="件", period=Period.THIS_YEAR, dimensions=("一件事", "申请渠道"), parent="accepted",
)
acceptances.count(
    "birth", _("新生儿出生落户"), ("新生儿出生落户申请", "新生儿出生一件事", "办理新生儿出生落户"),
    _("累计受理的该项一件事的各项申请件数,套餐里每个事项计一件。"), unit="件", where='一件事 = "birth"', dimensions=("申请渠道",), parent="accepted",
)
acceptances.count(
    "property", _("不动产过户"), ("不动产过户申请", "不动产过户一件事", "办理不动产过户", "二手房过户"),
    _("累计受理的该项一件事的各项申请件数,套餐里每个事项计一件。"), unit="件", where='一件事 = "property"', dimensions=("申请渠道",), parent="accepted",
)
acceptances.count(
    "school", _("入学报名"), ("入学报名申请", "入学报名一件事", "办理入学报名", "新生入学报名"),
    _("累计受理的该项一件事的各项申请件数,套餐里每个事项计一件。"), unit="件", where='一件事 = "school"', dimensions=("申请渠道",), parent="accepted",
)
acceptances.count(
    "startup", _("企业开办"), ("企业开办申请", "企业开办一件事", "办理企业开办", "新办企业一件事"),
    _("累计受理的该项一件事的各项申请件数,套餐里每个事项计一件。"), unit="件", where='一件事 = "startup"', dimensions=("申请渠道",), parent="accepted",
)
acceptances.distinct(
    "packages", _("一件事事项数"), ("一件事一次办事项", "推出一件事", "一件事事项", "一件事套餐", "上线一件事"),
    _("已有受理记录的一件事事项种数。"), of="package", unit="项",
)
acceptances.count(
    "online", _("一件事网上受理数"), ("一件事网上申请", "一件事网上办理", "一件事线上办理"),
    _("累计受理的一件事申请中通过网上渠道提交的件数。"), unit="件", where='申请渠道 = "online"', dimensions=("一件事",), parent="accepted",
)
declare.ratio(
    "online_share", _("一件事网办率"), ("一件事网办率", "一件事网上办理率"),
    _("网上受理数除以受理数。"), of=("online", "accepted"), unit="%", decimals=2,
)
closings.count(
    "closed", _("一件事办结数"), ("一件事办结", "办结一件事申请", "办结各项申请", "一件事一次办办结"),
    _("累计办结的一件事申请件数,含办成、不予办理、申请人撤回和终止。"), unit="件", dimensions=("一件事", "办理结果"), parent="accepted",
)
declare.ratio(
    "closed_share", _("一件事办结率"), ("一件事办结率", "申请办结率"),
    _("办结数除以受理数。"), of=("closed", "accepted"), unit="%", decimals=2,
)
closings.count(
    "at_most_once", _("最多跑一次办结数"), ("最多跑一次", "只跑一次", "一次办结"),
    _("办结的一件事申请中申请人到场不超过一次的件数,含全程网办(到场零次)。"), unit="件", where="到场次数 <= 1", dimensions=("一件事",), parent="closed",
)
declare.ratio(
    "once_share", _("一次办成率"), ("一次办成率", "最多跑一次比例"),
    _("最多跑一次办结数除以办结数。"), of=("at_most_once", "closed"), unit="%", decimals=2,
)
closings.count(
    "in_time", _("承诺时限内办结数"), ("按时办结", "承诺时限内办结"),
    _("办结的一件事申请中办结日期不晚于承诺办结日期的件数;承诺时限按工作日计算,受理当日不计算在内。"),
    unit="件", where="发生日期 <= 承诺办结日期", dimensions=("一件事",), parent="closed", norm=_("行政许可法第八十二条;承诺时限为地方口径,待核"),
)
declare.ratio(
    "in_time_share", _("按时办结率"), ("一件事按时办结率", "按时办结率"),
    _("承诺时限内办结数除以办结数。"), of=("in_time", "closed"), unit="%", decimals=2,
)
closings.sum(
    "days", _("一件事办理天数合计"), ("办理天数合计",),
    _("办结的一件事申请自受理至办结的自然日合计,用于计算平均办理时长。"), of="days", unit="天",
)
declare.ratio(
    "average_days", _("平均办理时长"), ("平均办理时长", "平均办结时间", "平均用时"),
    _("办理天数合计除以办结数,按自然日计。"), of=("days", "closed"), unit="天", decimals=2,
)
# fmt: on
