"""Ledgers and figures of cross-region handling."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.crossregion.models import Closing, Handover

HANDOVERS = register(
    Ledger(
        code="crossregion.handover",
        label=_("通办转接台账"),
        model=Handover,
        fields=(
            Field("通办编号", "number"),
            Field("通办事项", "item"),
            Field("通办模式", "mode"),
            Field("方向", "direction"),
            Field("对方区划代码", "other_code"),
            Field("对方地区", "other_name"),
        ),
        key=("number",),
        description=_("与外地之间转出、转入的通办业务,一件一号。"),
        date_label=_("转接日期"),
        guarded=True,
    )
)

CLOSINGS = register(
    Ledger(
        code="crossregion.closing",
        label=_("通办办结台账"),
        model=Closing,
        fields=(
            Field("通办编号", "number"),
            Field("通办模式", "mode"),
            Field("方向", "direction"),
            Field("办理结果", "result"),
            Field("办理天数", "days"),
        ),
        key=("number",),
        description=_("通办业务办结时登记,含办成、不予办理、退回和撤回。"),
        date_label=_("办结日期"),
        guarded=True,
    )
)

NORM = _("国办发〔2020〕35号")

declare = Declaring("crossregion")
handovers = declare.over(HANDOVERS, norm=NORM)
closings = declare.over(CLOSINGS, norm=NORM)

# fmt: off
handovers.count(
    "handled", _("跨区通办业务数"), ("跨区通办业务", "跨省通办业务", "办理跨区通办", "办理跨省通办", "通办业务", "异地通办件"),
    _("累计转出和转入的通办业务件数。"), unit="件", dimensions=("通办模式", "方向", "对方地区"),
)
handovers.count(
    "handled_this_year", _("今年跨区通办业务数"), ("今年办理跨区通办", "今年以来通办业务"),
    _("今年以来转出和转入的通办业务件数。"), unit="件", period=Period.THIS_YEAR, dimensions=("通办模式", "方向", "对方地区"), parent="handled",
)
handovers.count(
    "sent", _("通办转出数"), ("通办转出", "代收转出", "转出通办业务"),
    _("累计在本市收件、转外地办理的通办业务件数。"), unit="件", where='方向 = "sent"', dimensions=("通办模式", "对方地区"), parent="handled",
)
handovers.count(
    "received", _("通办转入数"), ("通办转入", "外地转入", "转入通办业务"),
    _("累计由外地收件、转本市办理的通办业务件数。"), unit="件", where='方向 = "received"', dimensions=("通办模式", "对方地区"), parent="handled",
)
handovers.count(
    "online", _("全程网办件数"), ("全程网办", "全程网办件", "通办全程网办"),
    _("累计通办业务中采用该模式的件数。"), unit="件", where='通办模式 = "online"', dimensions=("方向", "对方地区"), parent="handled",
)
handovers.count(
    "proxy", _("异地代收代办件数"), ("异地代收代办", "代收代办"),
    _("累计通办业务中采用该模式的件数。"), unit="件", where='通办模式 = "proxy"', dimensions=("方向", "对方地区"), parent="handled",
)
handovers.count(
    "joint", _("多地联办件数"), ("多地联办", "多地联办件"),
    _("累计通办业务中采用该模式的件数。"), unit="件", where='通办模式 = "joint"', dimensions=("方向", "对方地区"), parent="handled",
)
handovers.distinct(
    "cities", _("通办地区数"), ("通办城市", "通办地区", "开展通办的城市", "与城市实现通办"),
    _("累计有过通办业务往来的外地地区数,按区划代码计。"), of="other_code", unit="个",
)
closings.count(
    "closed", _("通办办结数"), ("通办办结", "办结跨区通办业务", "办结跨省通办业务"),
    _("累计办结的通办业务件数,含办成、不予办理、退回和撤回。"), unit="件", dimensions=("通办模式", "方向", "办理结果"), parent="handled",
)
declare.ratio(
    "closed_share", _("通办办结率"), ("通办办结率", "跨区通办办结率"),
    _("通办办结数除以跨区通办业务数。"), of=("closed", "handled"), unit="%", decimals=2,
)
# fmt: on
