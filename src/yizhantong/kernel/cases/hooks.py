"""How zones take part in the cases of their items; the kernel knows none of them.

    class Grants(CaseHooks):
        def on_closed(self, case: Case) -> None: ...

    register(Grants(), zone="policies")          # or kind="appeal"; both: items of that kind in that zone

Called inside the transaction of the action, after the case's own checks: what a hook raises refuses the action and undoes
everything. Several may be registered; all are called, in that order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yizhantong.kernel.cases.models import Case, CaseStep


class CaseHooks:
    """What a zone may say or do; the defaults do nothing."""

    def concerns(self, case: Case) -> bool:
        """Tell whether the hooks have anything to do with this case; asked before each change of it."""
        return True

    def on_draft_saved(self, case: Case) -> None:
        """Follow the saving of a draft, within its transaction."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse a submission; ``data`` is in clear, by data element."""

    def check_supplement(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse what a supplement would change; ``case`` still holds the form as it was, ``data`` is the new one in clear."""

    def on_submitted(self, case: Case) -> None:
        """Follow a submission."""

    def on_accepted(self, case: Case) -> None:
        """Follow an acceptance."""

    def on_supplement_asked(self, case: Case, defects: Sequence[Mapping[str, str]], due_on: dt.date | None) -> None:
        """Follow a notice of what is missing; ``defects`` as of :func:`~yizhantong.kernel.cases.actions.ask_supplement`."""

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Refuse the completion of a step."""

    def on_step(self, case: Case, step: CaseStep, outcome: str) -> None:
        """Follow the completion of a step."""

    def on_closed(self, case: Case) -> None:
        """Follow the closing; ``outcome`` and ``result`` of the case are set."""

    def on_reopened(self, case: Case) -> None:
        """Follow the reopening after a dispute."""

    def on_transferred(self, case: Case) -> None:
        """Follow a transfer; ``office`` is the new one."""

    def on_rated(self, case: Case, rating: int) -> None:
        """Follow the asker's rating, 5 to 1."""

    def on_child_accepted(self, parent: Case, child: Case) -> None:
        """Follow the acceptance of a part of ``parent``; both are locked. Asked of the hooks of the parent.

        Parts that are accepted by being made are told here, too.
        """

    def on_child_closed(self, parent: Case, child: Case) -> None:
        """Follow the ending of a part of ``parent``, whatever it is; both are locked. Asked of the hooks of the parent.

        The parent may have ended before: parts that are open end with a parent that is withdrawn or terminated, and a part whose
        ending was disputed ends once more. Look at ``parent.state`` before making further parts or ending the parent.
        """

    def on_children_ended(self, parent: Case, children: Sequence[Case]) -> None:
        """Follow the ending of all that was open of a parent that was withdrawn or terminated, at once; the parent is closed.

        In place of ``on_child_closed``, which is called for each of them unless the zone says otherwise.
        """
        for child in children:
            self.on_child_closed(parent, child)

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Return what the zone asks of the asker now: a sentence, the words of the button, the address; None: nothing."""
        return None

    def eligibility(self, case: Case) -> Any:
        """Return what the case page shows of eligibility, or None."""
        return None

    def draft_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what the zone shows beside a draft that is about to be submitted: template name and context.

        A context with ``anchor`` is where a refusal about a field of that name leads.
        """
        return []

    def asker_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what the zone shows the asker of a case: template name and context; ``parts`` true: it shows the parts itself."""
        return []

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return panels of the case page: template name and context."""
        return []


_HOOKS: list[tuple[str, str, CaseHooks]] = []


def register(hooks: CaseHooks, *, zone: str = "", kind: str = "") -> CaseHooks:
    """Have ``hooks`` called for the cases of a zone, of a kind of items, or of both; ValueError when neither is given."""
    if not zone and not kind:
        raise ValueError("hooks need a zone or a kind")
    _HOOKS.append((zone, kind, hooks))
    return hooks


def forget(hooks: CaseHooks) -> None:
    """Call them no more (for tests)."""
    _HOOKS[:] = [entry for entry in _HOOKS if entry[2] is not hooks]


def concerned(case: Case, kind: str) -> list[CaseHooks]:
    """Return the hooks that have to do with a case of an item of that kind."""
    return [each for each in of(case.zone, kind) if each.concerns(case)]


def speaks(each: CaseHooks, what: str) -> bool:
    """Tell whether hooks do anything at all when that method of theirs is called."""
    return getattr(type(each), what) is not getattr(CaseHooks, what)


def of(zone: str, kind: str) -> list[CaseHooks]:
    """Return the hooks of cases of that zone and kind of item."""
    return [hooks for its_zone, its_kind, hooks in _HOOKS if its_zone in ("", zone) and its_kind in ("", kind)]
