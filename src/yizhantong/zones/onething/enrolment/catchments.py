"""Which school serves an address: streets with ranges of odd, even or all numbers, and residential compounds. Pure.

A compound goes before the street on which it lies. Two ranges of one street that share a number with different schools overlap and
are refused; numbers between two ranges of a street that nobody serves are a gap, of which somebody must hear.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Parity = Literal["all", "odd", "even"]
LAST = 99_999
"""The number by which a range without an end ends."""
_AREA = re.compile(r"^(?:[^路街]{1,8}?市)?(?:[^路街市]{1,8}?[区县])?(?=.)")
_NUMBERED = re.compile(r"^(?P<street>\D*?(?:路|街|巷|道|里|胡同))(?P<number>\d{1,5})(?:-\d+)?号?")
_STREET = re.compile(r"^\D*(?:路|街|巷|道|里|胡同)")


@dataclass(frozen=True, slots=True)
class Served:
    """One line of a catchment: a street with numbers ``first`` to ``last`` of a parity, or (``street`` empty) a compound."""

    school: str
    street: str = ""
    parity: Parity = "all"
    first: int = 1
    last: int = LAST
    compound: str = ""

    @property
    def text(self) -> str:
        """The line in words: 解放路 1—99 号(单号)."""
        if self.compound:
            return self.compound
        side = {"all": "", "odd": "(单号)", "even": "(双号)"}[self.parity]
        end = "以后" if self.last >= LAST else f"—{self.last}"
        return f"{self.street} {self.first}{end}号{side}"

    def holds(self, number: int) -> bool:
        """Tell whether a house number lies within the range."""
        return self.first <= number <= self.last and self.parity in ("all", "odd" if number % 2 else "even")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as catchments read it; ``number`` None: not said, or not a number."""

    street: str = ""
    number: int | None = None
    compound: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with catchments: ``overlap`` and ``empty`` are refused, ``gap`` and ``side`` are alarms."""

    kind: Literal["overlap", "empty", "gap", "side"]
    text: str
    schools: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether the season cannot be published with it."""
        return self.kind in ("overlap", "empty")


def plain(text: str) -> str:
    """Return a name as it is compared: full-width made half-width, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip()


def read(text: str) -> Address:
    """Return what a written address says: 凌河区解放路12号 is 解放路, 12; a text without street is a compound's name."""
    said = _AREA.sub("", plain(text))
    found = _NUMBERED.match(said)
    if found is not None:
        return Address(found["street"], int(found["number"]), said[found.end() :])
    street = _STREET.match(said)
    return Address(street[0] if street else "", None, said)


class Catchments:
    """The catchments of a season, made once and asked for any number of addresses."""

    def __init__(self, lines: Iterable[Served]) -> None:
        self.lines = tuple(lines)
        self._streets: dict[str, list[Served]] = defaultdict(list)
        self._compounds: dict[str, set[str]] = defaultdict(set)
        for line in self.lines:
            if line.compound:
                self._compounds[plain(line.compound)].add(line.school)
            else:
                self._streets[plain(line.street)].append(line)

    def school_of(self, address: Address) -> str | None:
        """Return the school that serves an address, or None where none does or the address does not say enough."""
        return next(iter(self.schools_of(address)), None)

    def schools_of(self, address: Address) -> list[str]:
        """Return all schools that serve it, in order; more than one is a mistake of the catchments."""
        by_compound = self._compounds.get(plain(address.compound), set()) if address.compound else set()
        if by_compound:
            return sorted(by_compound)
        if address.number is None:
            served = {line.school for line in self._streets.get(plain(address.street), ())}
            whole = all(
                line.first <= 1 and line.last >= LAST and line.parity == "all"
                for line in self._streets.get(plain(address.street), ())
            )
            return sorted(served) if len(served) == 1 and whole else []
        lines = self._streets.get(plain(address.street), ())
        return sorted({line.school for line in lines if line.holds(address.number)})

    def problems(self) -> list[Problem]:
        """Return all that is wrong, overlaps first."""
        found = [
            Problem("overlap", f"小区“{name}”同时划给 {len(schools)} 所学校", tuple(sorted(schools)))
            for name, schools in sorted(self._compounds.items())
            if len(schools) > 1
        ]
        for street, lines in sorted(self._streets.items()):
            found += _overlaps(street, lines)
            found += _gaps(street, lines)
        return sorted(found, key=lambda problem: not problem.refused)


def _overlaps(street: str, lines: Sequence[Served]) -> Iterator[Problem]:
    for line in lines:
        if line.first > line.last or not any(
            line.holds(number) for number in (line.first, min(line.first + 1, line.last))
        ):
            yield Problem("empty", f"{line.text}没有包含任何门牌号", (line.school,))
    for one, other in ((a, b) for place, a in enumerate(lines) for b in lines[place + 1 :]):
        shared = _first_shared(one, other)
        if shared is not None and one.school != other.school:
            text = f"{street} {shared} 号同时在“{one.text}”和“{other.text}”中,划给了两所学校"
            yield Problem("overlap", text, tuple(sorted((one.school, other.school))))


def _first_shared(one: Served, other: Served) -> int | None:
    start, end = max(one.first, other.first), min(one.last, other.last)
    return next(
        (number for number in range(start, min(end, start + 1) + 1) if one.holds(number) and other.holds(number)), None
    )


def _gaps(street: str, lines: Sequence[Served]) -> Iterator[Problem]:
    """Yield the numbers that nobody serves between the first and the last range, side by side; a side that is missing at all."""
    for odd, name in ((1, "单号"), (0, "双号")):
        side = sorted(ends for line in lines if (ends := _ends(line, odd)) is not None)
        if not side:
            yield Problem("side", f"{street}的{name}没有划给任何学校")
            continue
        reached = side[0][1]
        for first, last in side[1:]:
            if first > reached + 2:
                yield Problem("gap", f"{street} {reached + 2}—{first - 2} 号({name})没有划给任何学校")
            reached = max(reached, last)


def _ends(line: Served, odd: int) -> tuple[int, int] | None:
    """Return the first and last number of a range on one side of the street, or None where it has none there."""
    if line.parity not in ("all", "odd" if odd else "even"):
        return None
    first, last = line.first + (line.first % 2 != odd), line.last - (line.last % 2 != odd)
    return (first, last) if first <= last else None
