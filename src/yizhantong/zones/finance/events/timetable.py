"""Who meets whom when: a timetable of short meetings as a pure function.

Every enterprise and every bank says whom it wants to meet, ranked, and in which slots it can come. A meeting takes one
slot and one table; nobody has two at once (a bank as many as it brings officers), each pair meets once at most.

What is maximised, one aim after the other, none given up for a later one:

1. *least change*: of meetings that were told to people already (``held``), as many as possible stay as they are;
   one that keeps its partners in another slot counts half;
2. *nobody without*: as many parties as possible have a meeting at all;
3. *wishes*: the weight of all meetings, see :func:`weight`.

Each aim is a whole-number program for HiGHS (:mod:`solver`), begun from a greedy timetable; where the time given is not
enough for a proof, the best timetable found so far is returned with the bound that was proved, never an exception. The answer
is the same for the same question in whatever order it is put, unless the time runs out first (``proved`` tells).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BEST_RANK = 10
"""The weight of a first wish; each rank below it weighs one less, none less than one."""


class TimetableError(ValueError):
    """The question itself is wrong: a party twice, a wish for somebody unknown, slots that do not exist."""


@dataclass(frozen=True, slots=True)
class Party:
    """One side's participant: in which slots it can come (None: all), how many meetings at once, how many altogether."""

    code: str
    wishes: tuple[str, ...] = ()
    slots: frozenset[int] | None = None
    seats: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """One meeting: slot and table are counted from 0."""

    slot: int
    table: int
    bank: str
    enterprise: str

    @property
    def pair(self) -> tuple[str, str]:
        """Return who meets whom: enterprise, bank."""
        return self.enterprise, self.bank


@dataclass(frozen=True, slots=True)
class Timetable:
    """The meetings in order of time and table, what they are worth, and how much better any other could be.

    ``score`` and ``bound`` are weights of wishes; ``covered`` counts parties with a meeting, ``coverable`` bounds it from
    above. ``proved``: no timetable is better by the aims above. ``kept``, ``moved``, ``dropped``: of the held meetings.
    """

    meetings: tuple[Meeting, ...]
    score: int
    bound: int
    covered: int
    coverable: int
    without: tuple[str, ...]
    proved: bool
    kept: int = 0
    moved: int = 0
    dropped: int = 0

    @property
    def gap(self) -> float:
        """Return by how much, as a share of the bound, the wishes could be met better at most."""
        return max(0.0, 1 - self.score / self.bound) if self.bound else 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question: parties in order of their codes, and every meeting that may be, as (enterprise, bank, slot)."""

    enterprises: tuple[Party, ...]
    banks: tuple[Party, ...]
    slots: int
    tables: int
    held: tuple[Meeting, ...]
    fixed: frozenset[tuple[str, str, int]]
    weights: dict[tuple[str, str], int] = field(default_factory=dict)
    options: tuple[tuple[str, str, int], ...] = ()

    @property
    def party(self) -> dict[str, Party]:
        """Return the parties by their codes."""
        return {party.code: party for party in (*self.enterprises, *self.banks)}


def weight(wisher: Party, wished: str) -> int:
    """Return what a meeting is worth to one side: 10 for its first wish, 9 for its second …, at least 1; 0 for none."""
    return max(1, BEST_RANK - wisher.wishes.index(wished)) if wished in wisher.wishes else 0


def plan(
    enterprises: Sequence[Party], banks: Sequence[Party], *, slots: int, tables: int,
    held: Sequence[Meeting] = (), fixed: Iterable[Meeting] = (), seconds: float = 8.0,
) -> Timetable:  # fmt: skip
    """Return the best timetable found within ``seconds``; ``fixed`` meetings (already held or agreed) stay in any case.

    A pair may meet when at least one side wishes it. Raises :class:`TimetableError` for a question that contradicts itself.
    """
    from yizhantong.zones.finance.events import solver

    question = ask(enterprises, banks, slots=slots, tables=tables, held=held, fixed=fixed)
    start = greedy(question)
    until = time.monotonic() + seconds
    found = solver.best(question, start, until)
    return _told(question, found)


def ask(
    enterprises: Sequence[Party], banks: Sequence[Party], *, slots: int, tables: int,
    held: Sequence[Meeting] = (), fixed: Iterable[Meeting] = (),
) -> Question:  # fmt: skip
    """Return the checked question with all meetings that may be, in a fixed order."""
    firms = tuple(sorted(enterprises, key=lambda party: party.code))
    rest = tuple(sorted(banks, key=lambda party: party.code))
    _check(firms, rest, slots, tables)
    known = {party.code: party for party in (*firms, *rest)}
    stay = frozenset((m.enterprise, m.bank, m.slot) for m in fixed)
    kept = tuple(sorted(m for m in held if m.enterprise in known and m.bank in known))
    weights = _weights(firms, rest)
    for enterprise, bank, _slot in stay:
        if enterprise not in known or bank not in known:
            raise TimetableError(f"a fixed meeting names somebody unknown: {enterprise}, {bank}")
        weights.setdefault((enterprise, bank), 0)
    for meeting in kept:
        weights.setdefault(meeting.pair, 0)
    options = {(e, b, t) for e, b in weights for t in sorted(_common(known[e], known[b], slots))} | stay
    return Question(firms, rest, slots, tables, kept, stay, weights, tuple(sorted(options)))


def _weights(firms: Sequence[Party], banks: Sequence[Party]) -> dict[tuple[str, str], int]:
    weights = {}
    for firm in firms:
        for bank in banks:
            worth = weight(firm, bank.code) + weight(bank, firm.code)
            if worth:
                weights[firm.code, bank.code] = worth
    return weights


def _common(one: Party, other: Party, slots: int) -> frozenset[int]:
    every = frozenset(range(slots))
    return (one.slots if one.slots is not None else every) & (other.slots if other.slots is not None else every)


def _check(firms: Sequence[Party], banks: Sequence[Party], slots: int, tables: int) -> None:
    codes = Counter(party.code for party in (*firms, *banks))
    if twice := [code for code, times in codes.items() if times > 1]:
        raise TimetableError(f"named twice: {twice[0]}")
    if slots < 0 or tables < 0:
        raise TimetableError("slots and tables are counted from 0 upwards")
    for party, others in [(p, {b.code for b in banks}) for p in firms] + [(p, {f.code for f in firms}) for p in banks]:
        if len(set(party.wishes)) != len(party.wishes) or not set(party.wishes) <= others:
            raise TimetableError(f"{party.code} wishes somebody twice, or somebody who does not take part")
        if party.seats < 1 or (party.most is not None and party.most < 0):
            raise TimetableError(f"{party.code}: at least one seat, and no negative number of meetings")
        if party.slots is not None and not party.slots <= set(range(slots)):
            raise TimetableError(f"{party.code} can come in a slot that does not exist")


class Room:
    """What is taken so far: tells whether one more meeting fits, and takes it."""

    def __init__(self, question: Question) -> None:
        self.party, self.tables = question.party, question.tables
        self.busy: Counter[tuple[str, int]] = Counter()
        self.total: Counter[str] = Counter()
        self.used: Counter[int] = Counter()
        self.pairs: set[tuple[str, str]] = set()
        self.taken: list[tuple[str, str, int]] = []

    def fits(self, enterprise: str, bank: str, slot: int) -> bool:
        """Tell whether a meeting can be added."""
        return (
            self.used[slot] < self.tables
            and (enterprise, bank) not in self.pairs
            and self._free(enterprise, slot)
            and self._free(bank, slot)
        )

    def _free(self, code: str, slot: int) -> bool:
        party = self.party[code]
        return self.busy[code, slot] < party.seats and (party.most is None or self.total[code] < party.most)

    def take(self, enterprise: str, bank: str, slot: int) -> None:
        """Add a meeting."""
        for code in (enterprise, bank):
            self.busy[code, slot] += 1
            self.total[code] += 1
        self.used[slot] += 1
        self.pairs.add((enterprise, bank))
        self.taken.append((enterprise, bank, slot))


def greedy(question: Question) -> list[tuple[str, str, int]]:
    """Return a timetable as a careful clerk makes it: what stands, then whoever has least, best wish first, earliest slot."""
    room = Room(question)
    for option in sorted(question.fixed):
        room.take(*option)
    allowed = set(question.options)
    for meeting in question.held:
        option = (meeting.enterprise, meeting.bank, meeting.slot)
        if option in allowed and room.fits(*option):
            room.take(*option)
    slots_of = defaultdict(list)
    for enterprise, bank, slot in question.options:
        slots_of[enterprise, bank].append(slot)
    open_pairs = set(slots_of) - room.pairs
    while open_pairs:
        first = min(open_pairs, key=lambda p: (min(room.total[p[0]], room.total[p[1]]), -question.weights[p], p))
        open_pairs.discard(first)
        earliest = next((slot for slot in slots_of[first] if room.fits(*first, slot)), None)
        if earliest is not None:
            room.take(*first, earliest)
    return room.taken


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver found: the meetings without tables, and what it proved."""

    options: tuple[tuple[str, str, int], ...]
    bound: int
    coverable: int
    proved: bool


def _told(question: Question, found: Found) -> Timetable:
    meetings = seated(question, found.options)
    met = {code for meeting in meetings for code in meeting.pair}
    without = tuple(p.code for p in (*question.enterprises, *question.banks) if p.code not in met)
    places = {(m.enterprise, m.bank, m.slot) for m in meetings}
    kept = sum((m.enterprise, m.bank, m.slot) in places for m in question.held)
    still = sum(m.pair in {one.pair for one in meetings} for m in question.held)
    return Timetable(
        meetings, sum(question.weights[m.pair] for m in meetings), found.bound, len(met), found.coverable, without,
        found.proved, kept, still - kept, len(question.held) - still,
    )  # fmt: skip


def seated(question: Question, options: Iterable[tuple[str, str, int]]) -> tuple[Meeting, ...]:
    """Give every meeting a table: held ones keep theirs, a bank stays where it sat before, wherever that is free."""
    told = {(m.enterprise, m.bank, m.slot): m.table for m in question.held}
    by_slot: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for option in sorted(options):
        by_slot[option[2]].append(option)
    home: dict[str, list[int]] = defaultdict(list)
    for meeting in question.held:
        if meeting.table not in home[meeting.bank]:
            home[meeting.bank].append(meeting.table)
    places = _homes(question, by_slot, home)
    made: list[Meeting] = []
    for slot in sorted(by_slot):
        made += _seat(by_slot[slot], question.tables, told, places)
    return tuple(sorted(made))


def _homes(
    question: Question, by_slot: dict[int, list[tuple[str, str, int]]], home: dict[str, list[int]]
) -> dict[str, list[int]]:
    """Return at which tables a bank sits: own tables for each while there are enough, those with most meetings first."""
    count = Counter(bank for options in by_slot.values() for _e, bank, _t in options)
    peak = {code: max(Counter(b for _e, b, _t in options)[code] for options in by_slot.values()) for code in count}
    free = [table for table in range(question.tables) if all(table not in tables for tables in home.values())]
    for code in sorted(count, key=lambda code: (-count[code], code)):
        while len(home[code]) < peak[code] and free:
            home[code].append(free.pop(0))
    return home


def _seat(
    options: list[tuple[str, str, int]], tables: int,
    told: dict[tuple[str, str, int], int], home: dict[str, list[int]],
) -> list[Meeting]:  # fmt: skip
    taken: dict[tuple[str, str, int], int] = {}
    for option in options:
        held = told.get(option)
        if held is not None and held < tables and held not in taken.values():
            taken[option] = held
    used = set(taken.values())
    owners = {table for own in home.values() for table in own}
    for option in (option for option in options if option not in taken):
        order = (*home[option[1]], *(t for t in range(tables) if t not in owners), *range(tables))
        seat = next(place for place in order if place < tables and place not in used)
        taken[option] = seat
        used.add(seat)
    return [Meeting(slot, taken[e, b, slot], b, e) for e, b, slot in options]
