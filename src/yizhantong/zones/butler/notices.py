"""The zone's kinds of messages, and who is told what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.kernel.parties.mandates import in_force
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.models import Butler, Escalation, PlanMember, UnableReview

ASSIGNED = declare_kind("butler.assigned", _("管家指派与移交"))
DUE = declare_kind("butler.visit_due", _("走访到期提醒"))
REMINDER = declare_kind("butler.reminder", _("诉求逾期提请"), mandatory=True)
REVIEW = declare_kind("butler.review", _("无法解决复核"))
ENDING = declare_kind("butler.ending", _("请企业确认诉求结局"), mandatory=True)
DISPUTED = declare_kind("butler.disputed", _("企业对结局有异议"), mandatory=True)


def accounts_of(enterprise: str) -> list[User]:
    """Return the accounts that act for an enterprise today."""
    current = in_force(clock.today(), "butler").filter(organisation_id=enterprise)
    return list(User.objects.filter(person_id__in=current.values("person_id"), is_active=True).order_by("pk"))


def butler_assigned(enterprise: Organisation, butler: Butler) -> None:
    """Tell the enterprise who its butler is, and the butler whom he serves now."""
    reached = f",办公电话 {butler.office_phone}" if butler.office_phone else ""
    send(
        ASSIGNED.code, accounts_of(enterprise.pk), title=f"{enterprise.name}的管家:{butler}",
        body=f"{butler.agency.name}的{butler}今后是贵企业的管家{reached}。", link="/butler/", subject=enterprise.pk,
    )  # fmt: skip
    send(
        ASSIGNED.code, _account(butler), title=f"新服务企业:{enterprise.name}",
        body=f"{enterprise.name}由您担任管家,请安排首次走访。", link="/butler/enterprises/", subject=enterprise.pk,
    )  # fmt: skip


def handed_over(enterprise: Organisation, before: Butler, to: Butler) -> None:
    """Tell a butler that he does not serve an enterprise any more."""
    send(
        ASSIGNED.code, _account(before), title=f"已移交:{enterprise.name}", body=f"{enterprise.name}的管家已由{to}接任。",
        link="/butler/enterprises/", subject=enterprise.pk,
    )  # fmt: skip


def visits_due(butler: Butler, members: Iterable[PlanMember]) -> None:
    """Remind a butler of the visits that are due or overdue, in one message."""
    names = [member.enterprise.name for member in members]
    title = f"有 {len(names)} 户企业到了走访日"
    send(
        DUE.code, _account(butler), title=title, body="、".join(names[:20]), link="/butler/visits/", subject=butler.code
    )


def reminded(escalation: Escalation, case: Case, people: Iterable[User]) -> None:
    """Tell those to whom an appeal was escalated."""
    title = f"诉求 {case.number} 已历 {escalation.days} 天未办结"
    due = f"{escalation.due_at:%Y-%m-%d}"
    send(
        REMINDER.code, people, title=title, body=f"责任单位:{escalation.office.name}。请于 {due} 前写明处理意见。",
        link="/butler/escalations/", subject=case.number,
    )  # fmt: skip


def review_asked(review: UnableReview, people: Iterable[User]) -> None:
    """Ask managers to review a "no help is possible"."""
    number = review.case.number
    send(
        REVIEW.code,
        people,
        title=f"诉求 {number} 拟以“无法解决”办结,请复核",
        body=review.reason,
        link="/butler/reviews/",
        subject=number,
    )


def review_settled(review: UnableReview, approved: bool) -> None:
    """Tell the proposer what became of it."""
    number = review.case.number
    said = "同意以“无法解决”办结" if approved else "退回继续办理"
    send(
        REVIEW.code, [review.proposed_by_id], title=f"诉求 {number}:{said}", body=review.remark or said,
        link=f"/butler/appeals/{number}/", subject=number,
    )  # fmt: skip


def asked_to_confirm(case: Case, until: str) -> None:
    """Ask the enterprise whether the ending is one."""
    if case.organisation_id is None:
        return
    send(
        ENDING.code, accounts_of(case.organisation_id), title=f"诉求 {case.number} 已办结,请确认",
        body=f"结果:{case.get_result_display()}。请于 {until} 前确认,或提出异议(限一次);不答复记为未确认。",
        link=f"/butler/appeals/{case.number}/", subject=case.number,
    )  # fmt: skip


def disputed(case: Case, reason: str, people: Iterable[User]) -> None:
    """Tell handler and managers that the enterprise disputes an ending."""
    send(
        DISPUTED.code, people, title=f"企业对诉求 {case.number} 的结局有异议,已重办", body=reason,
        link=f"/butler/appeals/{case.number}/", subject=case.number,
    )  # fmt: skip


def _account(butler: Butler) -> list[int]:
    return [butler.account_id] if butler.account_id is not None else []
