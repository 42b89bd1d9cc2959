"""Whom a case tells what: notices are written inside the transaction of the action, and go out when it commits.

Few on purpose: the asker hears of receipt, supplement, acceptance, decision, delivery and messages; offices of what waits for
them alone (a transfer, a dispute, an order, an assignment). What is on everybody's list anyway is not told once more.
"""

from __future__ import annotations

from collections.abc import Iterable

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.notices import ACTION, PROGRESS, WORK
from yizhantong.kernel.notices.actions import send


def asker(case: Case, title: str, body: str, *, needed: bool = False) -> None:
    """Tell those who ask; ``needed`` when they have to do something."""
    accounts = people.askers(case)
    if accounts:
        link = f"/my/cases/{case.number}/"
        send((ACTION if needed else PROGRESS).code, accounts, title=title, body=body, link=link, subject=case.number)


def staff(case: Case, accounts: Iterable[User], title: str, body: str, *, kind: str = WORK.code) -> None:
    """Tell officials."""
    listed = list(accounts)
    if listed:
        link = f"/desk/cases/{case.number}/"
        send(kind, listed, title=title, body=body, link=link, subject=case.number)
