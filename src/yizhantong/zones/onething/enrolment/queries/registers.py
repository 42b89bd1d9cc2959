"""What the registers know of many children at once: one query for each register, whatever the number of children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from yizhantong.kernel.divisions import tree
from yizhantong.zones.onething.enrolment.catchments import Address
from yizhantong.zones.onething.enrolment.models import (
    HouseholdEntry,
    InsuranceEntry,
    PermitEntry,
    PropertyEntry,
    PupilEntry,
    VaccinationEntry,
)
from yizhantong.zones.onething.enrolment.models.registers import Entry, Place
from yizhantong.zones.onething.enrolment.verification import Home, Insured, Known

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose entries are wanted for one child, as keyed indexes."""

    key: int
    child: str
    guardians: tuple[str, ...]
    sibling: str = ""


def known_of(asked: Sequence[Asked], division: str) -> dict[int, Known]:
    """Return what the registers know, by the key of each child; ``division`` is that of the season."""
    children = [one.child for one in asked]
    adults = [index for one in asked for index in one.guardians]
    households = _by_index(HouseholdEntry, children)
    homes, permits = _by_index(PropertyEntry, adults), _by_index(PermitEntry, adults)
    insured, vaccinated = _by_index(InsuranceEntry, adults), _by_index(VaccinationEntry, children)
    pupils = _by_index(PupilEntry, [one.sibling for one in asked if one.sibling])
    found = {}
    for one in asked:
        household = _latest(households[one.child])
        shots = _latest(vaccinated[one.child])
        found[one.key] = Known(
            household=None if household is None else _home(household, division, relation=household.relation),
            properties=tuple(_home(row, division, share=row.share, residential=row.residential) for index in one.guardians for row in homes[index]),
            permits=tuple(_home(row, division, until=row.until) for index in one.guardians for row in permits[index]),
            insured=tuple(Insured(row.months, row.paid_until) for index in one.guardians for row in insured[index]),
            vaccinated=None if shots is None else shots.complete,
            siblings_at=tuple(row.school for row in pupils[one.sibling]) if one.sibling else (),
        )  # fmt: skip
    return found


def _by_index(model: type[E], indexes: Iterable[str]) -> defaultdict[str, list[E]]:
    found: defaultdict[str, list[E]] = defaultdict(list)
    for row in model._default_manager.filter(identity_index__in=set(indexes)).order_by("as_of", "id"):
        found[row.identity_index].append(row)
    return found


def _latest(rows: Sequence[E]) -> E | None:
    return rows[-1] if rows else None


def _home(row: Place, division: str, **more: Any) -> Home:
    inside = row.division_id in tree.subtree(division)
    return Home(Address(row.street, row.number, row.compound), inside, row.since, **more)
