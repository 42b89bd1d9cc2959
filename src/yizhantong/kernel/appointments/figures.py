"""The ledger of visits to halls, and the figures counted from it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.appointments.models import Visit
from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register

VISITS = register(
    Ledger(
        code="appointments.visit",
        label=_("到厅记录台账"),
        model=Visit,
        fields=(
            Field("大厅", "hall"),
            Field("业务", "service"),
            Field("窗口号", "window"),
            Field("结果", "outcome"),
            Field("预约", "booked"),
            Field("优先", "priority"),
            Field("等候时间", "waited", unit="分钟"),
            Field("办理时间", "served", unit="分钟"),
        ),
        guarded=True,
        description=_("每个票号、每个未到的预约怎样结束,由叫号和预约自动登记;不记姓名和票号。"),
        date_label=_("到厅日期"),
    )
)

DIMENSIONS = ("大厅", "业务", "预约")
declare = Declaring("appointments")
visits = declare.over(VISITS, period=Period.THIS_YEAR, dimensions=DIMENSIONS)

# fmt: off
visits.count(
    "served", _("窗口办理人次"), ("窗口办理", "大厅接待", "窗口服务"),
    _("今年以来取号并在窗口办理完毕的人次。"), unit="人次", where='结果 = "served"',
)
visits.sum(
    "waited", _("等候时间合计"), (),
    _("今年以来办理完毕的人从取号到开始办理的时间之和。"), of="waited", unit="分钟", where='结果 = "served"',
)
visits.count(
    "booked", _("预约办理人次"), ("预约办理",),
    _("今年以来按预约到厅并办理完毕的人次。"), unit="人次", where='结果 = "served" and 预约 = true', parent="served",
)
visits.count(
    "missed", _("预约未到人次"), ("预约爽约",),
    _("今年以来预约后没有到厅、也没有取消的人次。"), unit="人次", where='结果 = "missed"',
)
declare.ratio(
    "average_wait", _("平均等候时间"), ("平均等候", "平均等待"),
    _("今年以来办理完毕的人从取号到开始办理的平均时间。"), of=("waited", "served"), unit="分钟", decimals=1,
)
# fmt: on
