"""What hangs on a yearly check: the instalments that are held when it is passed, and cancelled when it fails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from yizhantong.zones.talent.models import Award, Instalment, Recheck


@dataclass(frozen=True, slots=True)
class Hanging:
    """The instalments of one talent that his check decides: ``due`` up to the end of its year, ``later`` after it."""

    due: tuple[Instalment, ...]
    later: tuple[Instalment, ...]

    @property
    def due_fen(self) -> int:
        """Return what is paid when the check is passed."""
        return sum(one.amount_fen for one in self.due)

    @property
    def all_fen(self) -> int:
        """Return what is not paid any more when it fails."""
        return self.due_fen + sum(one.amount_fen for one in self.later)


def hanging(rows: Collection[Recheck]) -> dict[int, Hanging]:
    """Return what hangs on each check that is open, by its key; nothing for those on which no money does."""
    found = Instalment.objects.filter(
        award__talent__in=[row.talent_id for row in rows if row.state == Recheck.State.OPEN],
        award__state=Award.State.RUNNING, state=Instalment.State.PLANNED,
    )  # fmt: skip
    by: dict[int, list[Instalment]] = {}
    for one in found.select_related("award").order_by("due_on", "pk"):
        by.setdefault(one.award.talent_id, []).append(one)
    return {row.pk: _split(by[row.talent_id], row.year) for row in rows if row.talent_id in by}


def with_money(rows: QuerySet[Recheck]) -> QuerySet[Recheck]:
    """Return the checks for which an instalment of their year waits."""
    waiting = Instalment.objects.filter(
        award__talent=OuterRef("talent"), award__state=Award.State.RUNNING, state=Instalment.State.PLANNED, due_on__year__lte=OuterRef("year")
    )  # fmt: skip
    return rows.filter(Exists(waiting))


def _split(rows: Iterable[Instalment], year: int) -> Hanging:
    both = list(rows)
    return Hanging(
        tuple(one for one in both if one.due_on.year <= year), tuple(one for one in both if one.due_on.year > year)
    )
