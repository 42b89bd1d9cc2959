"""What parents are told of enrolment."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.zones.onething.enrolment.models import Child, Intake, Placement

REFUSED = declare_kind("enrolment.refused", _("报名未能立案"), mandatory=True)
RECHECK = declare_kind("enrolment.recheck", _("请到窗口复核"), mandatory=True)
RESULT = declare_kind("enrolment.result", _("录取结果"), mandatory=True)
LAPSED = declare_kind("enrolment.lapsed", _("学位逾期未确认"), mandatory=True)


def refused(row: Intake) -> None:
    """Tell a parent that no case could be made of what was handed in."""
    send(
        REFUSED.code, [row.account_id], title="报名未能立案,请处理", body=f"收件编号 {row.receipt}:{row.reason}",
        link=f"/onething/enrolment/receipts/{row.receipt}/", subject=row.receipt,
    )  # fmt: skip


def recheck(child: Child, materials: Iterable[str]) -> None:
    """Tell a parent what could not be verified, and what to bring."""
    brought = "、".join(materials) or "户口簿"
    body = f"{';'.join(child.reasons)[:600]}。请带{brought}原件到窗口复核。"
    send(
        RECHECK.code,
        accounts_of(child.case),
        title="报名信息需要到窗口复核",
        body=body,
        link=_result(child),
        subject=child.case.number,
    )


def result(placement: Placement) -> None:
    """Tell a parent what a batch says."""
    child = placement.child
    if placement.school is None and placement.explanation.get("held"):
        said = ("继续候补对应学校,已录取的学位保留", "对应学校本批仍没有空余学位;查看说明和候补顺序。")
    elif placement.school is None:
        said = ("本批暂未录取,已列入候补", "查看说明和候补顺序。所有符合条件的学生都会安排学位。")
    else:
        told = f"录取到{placement.school.name}"
        if placement.confirm_until:
            told += f",请于 {placement.confirm_until} 前确认学位;逾期未确认的学位转给候补学生"
        if placement.explanation.get("held"):
            told = f"候补轮到:由调剂学校改{told},原学位已退回,原入学通知书作废"
        said = (f"已录取到{placement.school.name}", f"{told}。")
    send(
        RESULT.code,
        accounts_of(child.case),
        title=said[0],
        body=said[1],
        link=_result(child),
        subject=child.case.number,
    )


def lapsed(placement: Placement) -> None:
    """Tell a parent that the place was not confirmed in time."""
    child = placement.child
    send(
        LAPSED.code, accounts_of(child.case), title="学位逾期未确认", body="学位已转给候补学生,您的报名列入候补,随下一批录取。",
        link=_result(child), subject=child.case.number,
    )  # fmt: skip


def accounts_of(case: Case) -> list[int]:
    """Return the accounts of who applied."""
    if case.person_id is None:
        return []
    return list(User.objects.filter(person_id=case.person_id, is_active=True).values_list("pk", flat=True))


def _result(child: Child) -> str:
    return f"/onething/enrolment/children/{child.case.number}/"
