"""What a part's case says of itself to the ledgers of packages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.zones.onething.actions import facts
from yizhantong.zones.onething.loading import counts_as
from yizhantong.zones.onething.models import Acceptance, Closing
from yizhantong.zones.onething.queries import facts as standing

Channel, Result = Acceptance.Channel, Closing.Result
CHANNEL_OF = {Case.Channel.ONLINE: Channel.ONLINE, Case.Channel.MATCH: Channel.ONLINE}
RESULT_OF = {
    Case.Outcome.GRANTED: Result.DONE, Case.Outcome.ANSWERED: Result.DONE, Case.Outcome.REFUSED: Result.REFUSED,
    Case.Outcome.WITHDRAWN: Result.WITHDRAWN, Case.Outcome.TERMINATED: Result.TERMINATED,
}  # fmt: skip


def accepted(cases: Iterable[Case], source: str) -> None:
    """Enter the acceptance of cases; those that count to no package are left out."""
    counted = [
        (case, code) for case in cases if (code := package_of(case)) is not None and case.accepted_at is not None
    ]
    if counted:
        facts.accept_together([_acceptance(case, code) for case, code in counted], source=source)


def closed(cases: Sequence[Case], source: str) -> None:
    """Enter how cases ended; one that was never accepted is in no ledger."""
    accepted = standing.acceptances_of(cases)
    ended = [_closing(case, accepted[case.number]) for case in cases if case.number in accepted]
    if ended:
        facts.close_together(ended, source=source)


def _closing(case: Case, acceptance: Acceptance) -> facts.Closed:
    assert case.closed_at is not None
    day = timezone.localtime(case.closed_at).date()
    due_on = timezone.localtime(case.due_at).date() if case.due_at is not None else day
    visits = visits_of(case, on_paper=acceptance.on_paper)  # type: ignore[attr-defined]
    return facts.Closed(acceptance, RESULT_OF[Case.Outcome(case.outcome)], visits, due_on, day)


def _acceptance(case: Case, code: str) -> facts.Accepted:
    assert case.accepted_at is not None
    on, agencies = timezone.localtime(case.accepted_at).date(), int(case.details.get("agencies", 1))
    return facts.Accepted(case.number, code, channel_of(case), agencies, case.division_id, on)


def package_of(case: Case) -> str | None:
    """Return as what a case counts: as its package's part, or as its item says of itself; None: in no ledger of the zone."""
    found = case.details.get("package")
    return str(found) if found else counts_as(pinned(case.version_id).ready.content.benefit)


def channel_of(case: Case) -> str:
    """Return the channel as the ledger names it."""
    if case.details.get("channel") == Channel.TERMINAL:
        return Channel.TERMINAL
    return CHANNEL_OF.get(Case.Channel(case.channel), Channel.WINDOW)


def visits_of(case: Case, *, on_paper: bool) -> int:
    """Return how often the asker came: once for what was filed at a counter or shown there as an original, plus what a window noted."""
    counter = case.channel in (Case.Channel.COUNTER, Case.Channel.BEHALF)
    return int(counter or on_paper) + int(case.details.get("more_visits", 0))
