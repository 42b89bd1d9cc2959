"""What a running change says to others, written last: facts, notices to those who ask, papers to be issued.

Hooks make further changes within a change (a package forks, a last part ends the whole). What all of them say goes out together when
the outermost ends, by one statement for each kind of row; to PostgreSQL as one. A change within that is refused says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from yizhantong.kernel.cases import people, telling
from yizhantong.kernel.cases.figures import EVENTS
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.jobs.backend import put_jobs
from yizhantong.kernel.ledger import actions as ledger_actions
from yizhantong.kernel.ledger.inserting import Row
from yizhantong.kernel.ledger.statements import Together
from yizhantong.kernel.notices.actions import put_messages


class Leaving:
    """What is in hand; ``together`` holds rows of cases that nobody has waited for yet."""

    def __init__(self) -> None:
        self.together = Together()
        self.facts: list[Row] = []
        self.told: list[tuple[Case, telling.Told]] = []
        self.papers: list[tuple[Case, str]] = []
        self.askers: dict[people.Asking, list[int]] = {}

    def take(self, other: Leaving) -> None:
        """Take over what a change within has said."""
        self.facts += other.facts
        self.told += other.told
        self.papers += other.papers
        self.askers |= other.askers

    def write(self) -> None:
        """Write everything."""
        if self.facts:
            ledger_actions.put_appended(EVENTS, self.facts, self.together)
        if self.papers:
            from yizhantong.kernel.cases.tasks import issue

            put_jobs(self.together, issue, [{"case": case.pk, "paper": paper} for case, paper in self.papers])
        if self.told:
            messages = [telling.message(case, self._askers_of(case), told) for case, told in self.told]
            put_messages(self.together, messages)
        self.together.run()

    def _askers_of(self, case: Case) -> Sequence[int]:
        asking = people.asking(case)
        if asking not in self.askers:
            self.askers[asking] = people.accounts_of(asking)
        return self.askers[asking]


_CURRENT: ContextVar[Leaving | None] = ContextVar("leaving", default=None)


@contextmanager
def leaving() -> Iterator[Leaving]:
    """Collect what leaves; the outermost block writes it, within the transaction."""
    outer, own = _CURRENT.get(), Leaving()
    token = _CURRENT.set(own)
    try:
        yield own
    finally:
        _CURRENT.reset(token)
    if outer is None:
        own.write()
    else:
        own.together.run()
        outer.take(own)


def current() -> Leaving:
    """Return what the running change has in hand."""
    found = _CURRENT.get()
    assert found is not None, "a case is changed within change(), creation() or fork() only"
    return found
