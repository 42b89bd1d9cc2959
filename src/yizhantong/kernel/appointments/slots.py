"""Cutting hours into starts, pure: a service of so many minutes in stretches of a day, rounded up to the hall's grid.

Every time is a whole number of :data:`CELL`, so that two services that overlap at one window share a cell, whatever the hours and the
grid were when each was booked: a database that lets a cell exist once books nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

CELL = 5
"""Minutes of the pieces in which windows are held; hours and grids are whole numbers of it."""
EMPTY: frozenset[dt.datetime] = frozenset()
Stretch = tuple[dt.datetime, dt.datetime]
"""From when to when a hall is open, aware."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One start of a service, its end, and how many windows are still free for it."""

    start: dt.datetime
    end: dt.datetime
    free: int


def length_of(minutes: int, grid: int) -> dt.timedelta:
    """Return how long a service holds a window: its minutes, rounded up to whole pieces of the grid."""
    return dt.timedelta(minutes=-(-minutes // grid) * grid)


def starts(stretches: Iterable[Stretch], minutes: int, grid: int) -> list[dt.datetime]:
    """Return when a service may begin: one after the other from the start of each stretch, none that would end after it."""
    length = length_of(minutes, grid)
    found: list[dt.datetime] = []
    for start, end in stretches:
        while start + length <= end:
            found.append(start)
            start += length
    return found


def pieces(start: dt.datetime, minutes: int, grid: int) -> list[dt.datetime]:
    """Return the cells that a service beginning at ``start`` holds."""
    return [start + dt.timedelta(minutes=n) for n in range(0, -(-minutes // grid) * grid, CELL)]


def slots(
    stretches: Iterable[Stretch], minutes: int, grid: int, windows: Sequence[int], taken: Mapping[int, AbstractSet[dt.datetime]]
) -> list[Slot]:  # fmt: skip
    """Return the starts with the number of ``windows`` none of whose pieces is ``taken`` (by window), full ones included."""
    length = length_of(minutes, grid)
    found = []
    for start in starts(stretches, minutes, grid):
        needed = frozenset(pieces(start, minutes, grid))
        free = sum(not taken.get(window, EMPTY) & needed for window in windows)
        found.append(Slot(start, start + length, free))
    return found
