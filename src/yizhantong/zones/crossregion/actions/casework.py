"""What becomes of our own case as responsibility passes between cities: who answers is a column of the case, kept by the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import engine
from yizhantong.kernel.cases.actions.moving import MOMENT
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion.config import LAW

TRANSFER = "transfer"
"""The step of our own items: hand over, until the other city has signed for it; then the answer waits for its decision."""
SOURCE = "crossregion"
_BY_EXCHANGE: ContextVar[bool] = ContextVar("yizhantong_crossregion_exchange", default=False)


@contextmanager
def exchanging() -> Iterator[None]:
    """Let steps that only a message of the other city completes be completed within the block."""
    token = _BY_EXCHANGE.set(True)
    try:
        yield
    finally:
        _BY_EXCHANGE.reset(token)


def by_exchange() -> bool:
    """Tell whether a message of the other city is being followed."""
    return _BY_EXCHANGE.get()


def pass_to(case: Case, office: Organisation, since: dt.datetime) -> None:
    """Let another office answer for an open case from that moment on, which the other city's record names too."""
    case.refresh_from_db()
    if case.state != Case.State.ACCEPTED or case.office_id == office.pk:
        return
    with engine.change(case, "settle_transfer", None, SOURCE) as work:
        earliest = case.office_since + MOMENT if case.office_since else since
        work.set(office_id=office.pk, office_since=max(since, earliest), handler_id=None)
        work.event(engine.Event.TRANSFERRED, outcome="crossregion", office=office.pk)


def handed_over(case: Case) -> None:
    """Complete the step of handing over, once."""
    if case.state == Case.State.ACCEPTED and case.steps.filter(code=TRANSFER, done_at__isnull=True).exists():
        with exchanging():
            cases.complete_step(case, TRANSFER, outcome="pass", opinion="对方已签收", account=None, source=SOURCE)


def conclude(case: Case, result: str, said: str) -> None:
    """Answer our case with what became of it; one that has ended already stays as it is.

    ``result``: done, refused, withdrawn or returned, as the ledger counts endings. This city only received the request: it grants and
    refuses nothing itself, so its own case ends answered, with the other city's decision as the answer.
    """
    case.refresh_from_db()
    if case.state != Case.State.ACCEPTED:
        return
    with exchanging():
        if result in ("done", "refused"):
            ending = Case.Result.SOLVED if result == "done" else Case.Result.UNABLE
            cases.close_answered(case, result=ending, reason=said[:500], account=None, source=SOURCE)
        else:
            cases.terminate(case, said[:500], LAW, None, SOURCE)
