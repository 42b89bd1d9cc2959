"""What the enterprise says of an ending: confirmed, disputed (once: the appeal is reopened), rated; or nothing, which is no consent."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.zones.butler.access import source_of
from yizhantong.zones.butler.actions import facts
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Confirmation, Ending

State = Ending.State


def ask(case: Case) -> Ending:
    """Begin to ask about an ending that was just reached; inside the closing's transaction."""
    last = Ending.objects.filter(case=case).order_by("-round").first()
    return Ending.objects.create(
        case=case, round=last.round + 1 if last else 1, result=case.result, closed_at=case.closed_at or clock.now(),
        ask_until=(case.closed_at or clock.now()) + dt.timedelta(days=settings().confirm_days),
    )  # fmt: skip


@transaction.atomic
def confirm(case: Case, *, account: Account) -> Ending:
    """Confirm the ending, by who acts for the enterprise; of confirming and disputing at once exactly one succeeds.

    Raises :class:`CaseError` ``cases.not_yours``, ``butler.not_closed``, ``butler.ending_settled`` (with who and when).
    """
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not people.acts_for(account, locked.organisation_id, locked.person_id, "butler"):
        raise CaseError("cases.not_yours", f"诉求 {locked.number} 不是当前账号所代表企业的,不能确认")
    ending = current(locked)
    if ending is None or locked.state != Case.State.CLOSED:
        raise CaseError("butler.not_closed", f"诉求 {locked.number} 还没有可确认的结局,请刷新后查看")
    if ending.state not in (State.WAITING, State.UNCONFIRMED):
        raise CaseError(
            "butler.ending_settled", _settled_text(ending), by_id=ending.settled_by_id, at=ending.settled_at
        )
    _settle(ending, State.CONFIRMED, account if isinstance(account, User) else None)
    _record(locked, ending, Confirmation.Said.CONFIRMED, account)
    return ending


def dispute(case: Case, reason: str, *, account: Account) -> Case:
    """Dispute the ending, once: the appeal is reopened. What follows in this zone is done by its hooks (:func:`disputed`)."""
    return cases.dispute(case, reason, account=account)


def disputed(case: Case, account: Account | None = None) -> None:
    """Follow the reopening: the ending is disputed and the outcome leaves its ledger. Inside its transaction."""
    ending = current(case)
    if ending is None:
        return
    if ending.state == State.CONFIRMED:
        raise CaseError(
            "butler.ending_settled", _settled_text(ending), by_id=ending.settled_by_id, at=ending.settled_at
        )
    _settle(ending, State.DISPUTED, None)
    _record(case, ending, Confirmation.Said.DISPUTED, account)
    facts.reopen_appeal(case.number, reason="企业异议,诉求重办", account=None, source=f"case:{case.number}")


def lapse(now: dt.datetime | None = None) -> int:
    """Mark endings that nobody answered in time as unconfirmed; return how many. Run by a job; doing it again changes nothing."""
    moment = now or clock.now()
    due = Ending.objects.filter(state=State.WAITING, ask_until__lt=moment)
    return due.update(state=State.UNCONFIRMED)


def current(case: Case) -> Ending | None:
    """Return the latest ending of an appeal, locked; needs a transaction."""
    return Ending.objects.select_for_update().filter(case_id=case.pk).order_by("-round").first()


def _settle(ending: Ending, state: str, by: User | None) -> None:
    ending.state, ending.settled_at, ending.settled_by = state, clock.now(), by
    ending.save(update_fields=["state", "settled_at", "settled_by"])


def _record(case: Case, ending: Ending, said: str, account: Account | None) -> None:
    facts.confirm_outcome(
        case.number, ending.round, said, on=clock.today(), account=None,
        source=source_of(account) if account else f"case:{case.number}",
    )  # fmt: skip


def _settled_text(ending: Ending) -> str:
    when = f"{ending.settled_at:%Y-%m-%d}" if ending.settled_at else ""
    who = f"由{ending.settled_by}" if ending.settled_by else ""
    return f"这个结局已{who}于 {when} 记为“{State(ending.state).label}”,不能再改;请刷新后查看"
