"""Whom a case tells what: notices are written inside the transaction of the action, and go out when it commits.

Few on purpose: the asker hears of receipt, supplement, acceptance, decision, delivery and messages; offices of what waits for
them alone (a transfer, a dispute, an order, an assignment). What is on everybody's list anyway is not told once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.notices import ACTION, PROGRESS, WORK
from yizhantong.kernel.notices.actions import Message, send


@dataclass(frozen=True, slots=True)
class Told:
    """What those who ask are told; ``needed`` when they have to do something."""

    title: str
    body: str
    needed: bool = False


def message(case: Case, accounts: Sequence[int], told: Told) -> Message:
    """Return what is to be sent to those who ask for a case."""
    kind = (ACTION if told.needed else PROGRESS).code
    return Message(kind, accounts, told.title, told.body, f"/my/cases/{case.number}/", case.number)


def staff(case: Case, accounts: Iterable[User], title: str, body: str, *, kind: str = WORK.code) -> None:
    """Tell officials."""
    listed = list(accounts)
    if listed:
        link = f"/desk/cases/{case.number}/"
        send(kind, listed, title=title, body=body, link=link, subject=case.number)


def remind(step: CaseStep, subject: str) -> bool:
    """Tell whoever a step waits for that it is due soon; ``subject`` keeps it from being told twice."""
    case, kind, link = step.case, WORK.code, f"/desk/cases/{step.case.number}/"
    accounts = [step.handler_id] if step.handler_id is not None else []
    if step.waits_for == CaseStep.WaitsFor.APPLICANT:
        accounts, kind, link = people.askers(case), ACTION.code, f"/my/cases/{case.number}/"
    if not accounts or step.due_at is None:
        return False
    due = timezone.localtime(step.due_at)
    body = f"“{step.name}”(办件 {case.number})应于 {due:%Y-%m-%d %H:%M} 前完成。"
    send(kind, accounts, title=f"即将到期:{case.title}", body=body, link=link, subject=subject)
    return True
