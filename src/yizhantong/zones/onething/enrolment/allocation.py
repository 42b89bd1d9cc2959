"""Who gets a place at which school, and why: a pure function of what was verified and of the lottery.

Within one batch, at each school, first those whose own school it is, in the order of

1. the category (房户一致 before 有户无房 …),
2. the rules of the district within a category (``keys``, smaller first: a sibling at the school, years of residence),
3. the lot;

then, where the batch diverts, those for whom their own school had no place, in the same order over all schools, each to the first school
of his list that still has a place. A child that was diverted before keeps its place and stands in its own school's order like all others;
when its turn comes there, it gives the diverted place back, which then goes in the same order to those whose own school that is. Children who are to stay together are placed together or not at all; when they do not fit into
what is left, the next who fits is placed, which harms nobody: they would not take a part of it.

Nothing else is looked at: not the order of submission, no number of a row. So

* nobody is placed at his own school while one of a higher category who wanted it, and would have fitted, is not;
* no school takes more than its places; the same input gives the same result on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Why = Literal["own", "diverted", "full", "no_school", "kept"]
"""``kept``: not placed anew; the place at another school that was given before stays."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One child as the allocation sees it: ``code`` is public and names nobody, ``rank`` the place of its category (0 first)."""

    code: str
    rank: int
    own: str | None
    keys: tuple[int, ...] = ()
    together: str = ""
    """What children who are to stay together have in common; "" for those who stand alone."""
    lot: str = ""
    holds: str = ""
    """The school to which it was diverted before, whose place it holds; "" for a child without a place."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one child: ``school`` None: not placed. ``position`` counts from 1 among those of the same own school."""

    code: str
    school: str | None
    why: Why
    position: int
    of: int
    places: int
    """Places that the own school had in this batch."""
    last: tuple[int, ...] | None
    """Category and keys of the last who was placed at the own school; None: nobody was."""
    tried: tuple[str, ...] = ()
    """Schools of the list that were full when the turn came."""


_Got = dict[str, tuple[str, Why, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Round:
    """Places that there were, what is left of them, who got one, the units that got none."""

    there: dict[str, int]
    left: dict[str, int]
    got: _Got
    over: list[_Unit]


@dataclass(frozen=True, slots=True)
class _Unit:
    members: tuple[Applicant, ...]

    @property
    def order(self) -> tuple[int, tuple[int, ...], str, str]:
        """The order of a unit: that of its member who stands last by category and rules, for nobody is lifted by another."""
        rank, keys = max((member.rank, member.keys) for member in self.members)
        return rank, keys, self.members[0].lot, self.members[0].code

    @property
    def own(self) -> str | None:
        return self.members[0].own


def allocate(
    applicants: Iterable[Applicant],
    places: Mapping[str, int],
    lists: Mapping[str, Sequence[str]] | None = None,
    *,
    divert: bool = False,
) -> dict[str, Placed]:
    """Return what becomes of every child, by its code.

    ``places`` are what each school has left, ``lists`` the schools to go on to when a school is full, in order. Raises ValueError for a
    code that stands twice, and for negative places.
    """
    units = _units(applicants)
    if any(number < 0 for number in places.values()):
        raise ValueError("places cannot be negative")
    by_school: dict[str | None, list[_Unit]] = defaultdict(list)
    for unit in units:
        by_school[unit.own if unit.own in places else None].append(unit)
    found = _own_places(by_school, places)
    over = sorted(found.over, key=lambda unit: unit.order)
    tried = _divert(over, found.left, lists or {}, found.got) if divert else {}
    return _told(by_school, found.there, found.got, tried)


def _own_places(by_school: Mapping[str | None, Sequence[_Unit]], places: Mapping[str, int]) -> _Round:
    """Place children at their own schools until nobody gives a place back any more.

    A round is repeated from its beginning with the places that were given back in it, so that the order holds over all of them. A pair that
    fits only now may push out one who gave a place back: then the round before stands, and what it gave back is for the next batch.
    """
    members = (one for units in by_school.values() for unit in units for one in unit.members)
    holding = {one.code: one.holds for one in members if one.holds}
    found, moved = _round(by_school, dict(places)), frozenset[str]()
    while (now := frozenset(holding).intersection(found.got)) > moved:
        there = dict(places)
        for code in now:
            there[holding[code]] = there.get(holding[code], 0) + 1
        again = _round(by_school, there)
        if not now <= again.got.keys():
            break
        found, moved = again, now
    return found


def _round(by_school: Mapping[str | None, Sequence[_Unit]], there: dict[str, int]) -> _Round:
    made = _Round(there, dict(there), {}, [])
    for school in sorted(name for name in by_school if name is not None):
        made.over.extend(_own(school, by_school[school], made.left, made.got))
    return made


def _units(applicants: Iterable[Applicant]) -> list[_Unit]:
    """Return children as units, members in the order of their codes; those of different own schools stand alone."""
    groups: dict[tuple[str, str], list[Applicant]] = defaultdict(list)
    seen: set[str] = set()
    for one in applicants:
        if one.code in seen:
            raise ValueError(f"code stands twice: {one.code}")
        seen.add(one.code)
        groups[("+" + one.together, one.own or "") if one.together else ("-" + one.code, "")].append(one)
    return [_Unit(tuple(sorted(members, key=lambda one: one.code))) for members in groups.values()]


def _own(school: str, units: Iterable[_Unit], left: dict[str, int], got: _Got) -> list[_Unit]:
    over = []
    for unit in sorted(units, key=lambda unit: unit.order):
        if len(unit.members) > left[school]:
            over.append(unit)
            continue
        left[school] -= len(unit.members)
        got |= {member.code: (school, "own", ()) for member in unit.members}
    return over


def _divert(
    units: Iterable[_Unit], left: dict[str, int], lists: Mapping[str, Sequence[str]], got: _Got
) -> dict[str, tuple[str, ...]]:
    tried: dict[str, tuple[str, ...]] = {}
    for unit in units:
        full: list[str] = []
        without = [member for member in unit.members if not member.holds]
        for school in lists.get(unit.own or "", ()) if without else ():
            if len(without) <= left.get(school, 0):
                left[school] -= len(without)
                got |= {member.code: (school, "diverted", tuple(full)) for member in without}
                break
            full.append(school)
        tried |= {member.code: tuple(full) for member in without}
    return tried


def _told(
    by_school: Mapping[str | None, Sequence[_Unit]],
    places: Mapping[str, int],
    got: _Got,
    tried: Mapping[str, tuple[str, ...]],
) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    for school, units in by_school.items():
        rows = [member for unit in sorted(units, key=lambda unit: unit.order) for member in unit.members]
        inside = [row for row in rows if got.get(row.code, ("", ""))[1] == "own"]
        last = max(((row.rank, *row.keys) for row in inside), default=None)
        for position, row in enumerate(rows, 1):
            why: Why = "kept" if row.holds else "full" if school is not None else "no_school"
            taken, why, full = got.get(row.code, (None, why, tried.get(row.code, ())))
            found[row.code] = Placed(row.code, taken, why, position, len(rows), places.get(school or "", 0), last, full)
    return found
