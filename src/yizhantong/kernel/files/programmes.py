"""Programmes: a timetable of meetings as a PDF, the whole as a grid and a sheet for each participant.

No document of an office: it has no number and no seal, and is made anew whenever it is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from yizhantong.kernel.files import typesetting

Cell = tuple[str, str] | None
"""Who meets at a table in a slot: two names (None: free)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One row of the grid: when, and one cell for each table."""

    time: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of one participant: rows of time, whom it meets, where."""

    name: str
    rows: Sequence[tuple[str, str, str]]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """All of it; without ``tables`` there is no grid."""

    title: str
    about: str
    host: str
    sheets: Sequence[Sheet]
    tables: Sequence[str] = ()
    rows: Sequence[Slot] = ()
    demonstration: bool = False


def typeset(programme: Programme, moment: dt.datetime) -> bytes:
    """Return the PDF/A-2b; ``moment`` is written into it as its time. Raises ``files.no_font`` without Chinese fonts."""
    return typesetting.typeset("programme", asdict(programme), moment)
