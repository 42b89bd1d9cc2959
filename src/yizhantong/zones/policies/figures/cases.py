"""Figures of the applications under policies: from the facts of cases, narrowed to this zone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.figures import EVENTS
from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring

declare = Declaring("policies", where='专区 = "policies"')
events = declare.over(EVENTS, period=Period.THIS_YEAR, dimensions=("单位", "事项代码", "申请方式"))

# fmt: off
events.count(
    "applications", _("政策申报数"), ("政策申报", "企业申报政策", "申报惠企政策"),
    _("今年以来企业在线申报和免申即享确认的件数,草稿不计。"), unit="件", where='事件 = "submitted"',
)
events.count(
    "applications_closed", _("政策申报办结数"), ("政策申报办结",),
    _("今年以来办结的政策申报次数,含准予、不予、撤回和终止。"), unit="件", where='事件 = "closed"',
)
events.count(
    "applications_decided", _("政策申报审定数"), ("政策申报审定",),
    _("今年以来办结且结果为准予或不予的政策申报次数。"), unit="件", where='事件 = "closed" and 办理结果 in ("granted", "refused")',
    parent="applications_closed",
)
events.count(
    "applications_granted", _("政策申报兑现数"), ("政策申报兑现", "政策申报准予"),
    _("今年以来办结且资金已拨付的政策申报次数。"), unit="件", where='事件 = "closed" and 办理结果 = "granted"',
    parent="applications_decided",
)
events.sum(
    "applications_days", _("政策申报兑现用时合计"), (),
    _("今年以来兑现的政策申报从受理到拨付的用时之和,按工作日计,不含补正。"), of="duration", unit="个工作日",
    where='事件 = "closed" and 办理结果 = "granted"',
)
declare.ratio(
    "approval_share", _("政策申报批准率"), ("政策申报批准率", "政策申报通过率"),
    _("兑现数除以审定数。"), of=("applications_granted", "applications_decided"), unit="%", decimals=1,
)
declare.ratio(
    "mean_days", _("政策兑现平均用时"), ("政策兑现平均用时", "惠企政策平均兑现时长"),
    _("兑现用时合计除以兑现数,从受理到拨付,按工作日计。"), of=("applications_days", "applications_granted"), unit="个工作日", decimals=1,
)
# fmt: on
