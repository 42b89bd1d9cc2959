"""Cases of the past, written in bulk: each after the image of a case that really went through the actions.

A city does not begin on the day on which it begins to use the platform, and a sample city has years behind it. What is written
here differs from a case that was handled in nothing that can be asked: steps, clock, tenure of its office (the database
itself sees to that one), facts of what happened and of the rating, through the ledger's own bulk door and sealed like all others::

    model = … a case that was filed, accepted, worked on and closed by actions …
    copy(model, (Past(organisation=firm, division=…, submitted_at=…, accepted_at=…, closed_at=…) for …), source="history:2021")

Between submission, acceptance and closing the moments of the model are stretched to those of the past; limits, lights, duration and
whether it was in time are computed from these, and can be recomputed. Not written: messages, papers, materials, form data that is not given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Self

from django.db import connection, transaction

from yizhantong.kernel.cases import numbers, settings
from yizhantong.kernel.cases.figures import EVENTS, RATINGS
from yizhantong.kernel.cases.image import Image, Row
from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment, Rectification, Tenure
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.ledger import actions as ledger_actions
from yizhantong.kernel.ledger.staging import Of, Staging
from yizhantong.kernel.ledger.writing import Writer

CHUNK = 5_000
_ENDED = (CaseStep, ClockSegment, Tenure)
"""What the database ends with a case."""
Written = Callable[["Past", Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Past:
    """One case of the past. Moments are aware; who asked is one of ``organisation`` (GB 32100) and ``person`` (id).

    ``accepted_at`` and ``closed_at`` are given where the model has them, and only there. ``outcome`` is the model's (naming
    another is refused: copy a model that ended so); ``reason``, ``law``, ``result`` and ``title`` are the model's unless given.
    ``office`` takes the place of the model's own. ``rating`` 5 to 1 (a bad one only with ``mended``, how it was mended). ``key``
    names it in the ``keys`` of :func:`copy`, ``parent_key`` the case of the package that it is a part of.
    """

    submitted_at: dt.datetime
    accepted_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    organisation: str | None = None
    person: int | None = None
    division: str = ""
    number: str = ""
    office: str = ""
    outcome: str = ""
    result: str = ""
    reason: str = ""
    law: str = ""
    title: str = ""
    channel: str = ""
    details: Mapping[str, Any] | None = None
    data: Mapping[str, Any] | None = None
    rating: int | None = None
    rated_at: dt.datetime | None = None
    mended: str = ""
    key: str = ""
    parent_key: str = ""


class HistoryError(ValueError):
    """A case of the past cannot be written as it is given; ``row`` is its position (from 0), None when it is the model."""

    def __init__(self, sentence: str, row: int | None = None) -> None:
        self.row = row
        super().__init__(sentence if row is None else f"第 {row + 1} 件:{sentence}")


def copy(
    model: Case,
    rows: Iterable[Past],
    *,
    source: str,
    keys: dict[str, int] | None = None,
    written: Written | None = None,
) -> int:
    """Write cases after the image of ``model``, all or none; return how many.

    ``keys`` is filled with the ids by ``Past.key``, and read for ``Past.parent_key``: hand the same one through several calls to
    write packages with their parts. ``written`` is told of each case, after its chunk, with its columns by attribute name (those that
    are its own, moments in UTC): for what a zone enters beside. The model must have gone a plain way: one office, no pause, no dispute, no objection.
    Raises :class:`HistoryError`, and the ledger's ``LedgerError``.
    """
    given = {} if keys is None else keys
    with transaction.atomic(), _History(_image(model), source, given, written) as writer:
        source_rows = iter(rows)
        while chunk := list(islice(source_rows, CHUNK)):
            writer.write(chunk)
    return writer.count


def _image(model: Case) -> Image:
    try:
        return Image(model)
    except ValueError as error:
        raise HistoryError(str(error)) from error


class _History:
    """Cases of the past on their way into the tables, within one transaction."""

    def __init__(self, image: Image, source: str, keys: dict[str, int], written: Written | None) -> None:
        self.image = image
        self.source = source
        self.keys = keys
        self.count = 0
        self._now = clock.now()
        self._drawn: set[str] = set()
        self._told = written
        self._staged = Staging("cases_of_the_past", image.columns)
        self._writers = {model: Writer(model) for model in (Case, Rectification)}

    def __enter__(self) -> Self:
        self._staged.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._staged.__exit__(*error)

    def write(self, rows: list[Past]) -> None:
        """Write one chunk: cases (open, so that each begins its tenure and its clock), closed where they are; steps, facts."""
        ids = self._writers[Case].reserve(len(rows))
        cases = [
            self._case(past, pk, place) for place, (past, pk) in enumerate(zip(rows, ids, strict=True), self.count)
        ]
        opening = {"state": Case.State.ACCEPTED.value} if self.image.closed else {}
        self._staged.fill(cases)
        self._staged.into(Case, self.image.row | opening | {"id": Of("id")})
        if self.image.closed:
            _close(ids[0], ids[-1])
        for step in self.image.steps:
            self._staged.into(CaseStep, step)
        ledger_actions.append_staged(EVENTS, self._staged, self.image.facts, source=self.source)
        self._judged(rows, cases)
        self.count += len(rows)
        if self._told is not None:
            for past, row in zip(rows, cases, strict=True):
                self._told(past, row)

    def _judged(self, rows: list[Past], cases: list[Row]) -> None:
        """Write the ratings, and how bad ones were mended."""
        rated = [self._rating(past, row) for past, row in zip(rows, cases, strict=True) if past.rating is not None]
        moments = [moment for moment, _fact in rated]
        ledger_actions.append_many(RATINGS, [fact for _at, fact in rated], moments=moments, source=self.source)
        placed = zip(rows, cases, range(self.count, self.count + len(rows)), strict=True)
        mended = [self._mended(past, row, place) for past, row, place in placed if past.mended]
        if mended:
            writer = self._writers[Rectification]
            for row, pk in zip(mended, writer.reserve(len(mended)), strict=True):
                row["id"] = pk
            writer.write(mended)

    def _case(self, past: Past, pk: int, place: int) -> dict[str, Any]:
        try:
            row = self.image.case(past, pk, self._now)
        except ValueError as error:
            raise HistoryError(str(error), place) from error
        row["number"] = past.number or self._draw(past.submitted_at)
        row["parent_id"] = self._parent(past, place)
        if past.key:
            if past.key in self.keys:
                raise HistoryError(f"“{past.key}”用了两次", place)
            self.keys[past.key] = pk
        return row

    def _parent(self, past: Past, place: int) -> int | None:
        if not past.parent_key:
            return None
        if past.parent_key not in self.keys:
            raise HistoryError(f"没有代号为“{past.parent_key}”的主办件,请先写入主办件", place)
        return self.keys[past.parent_key]

    def _draw(self, at: dt.datetime) -> str:
        day = at.astimezone(calendar.zone()).date()
        while (number := numbers.draw(day)) in self._drawn:
            pass
        self._drawn.add(number)
        return number

    def _rating(self, past: Past, row: dict[str, Any]) -> tuple[dt.datetime, dict[str, Any]]:
        moment = min(past.rated_at or row["closed_at"] + dt.timedelta(days=1), self._now)
        return moment, {
            "division_id": row["division_id"], "occurred_on": moment.astimezone(calendar.zone()).date(), "number": row["number"],
            "zone": self.image.zone, "item_code": self.image.item, "office_id": row["office_id"], "rating": past.rating,
            "channel": "web", "comment": "", "aspects": "",
        }  # fmt: skip

    def _mended(self, past: Past, row: dict[str, Any], place: int) -> dict[str, Any]:
        rule = settings.of("rating")
        if past.rating is None or past.rating > int(rule["bad"]):
            raise HistoryError("不是差评,不需要写明如何整改", place)
        opened = min(past.rated_at or row["closed_at"] + dt.timedelta(days=1), self._now)
        ended = min(opened + dt.timedelta(days=5), self._now)
        due_on = calendar.working_calendar().working_day_after(
            opened.astimezone(calendar.zone()).date(), int(rule["mend_days"])
        )
        return {
            "case_id": row["id"], "office_id": row["office_id"], "rating": past.rating, "state": "mended", "opened_at": opened,
            "due_on": due_on, "called_back_at": ended, "findings": past.mended[:500], "measures": past.mended[:500],
            "mended_at": ended, "settled_by_id": None, "second_rating": None,
        }  # fmt: skip


def _close(first: int, last: int) -> None:
    """Close what was written; the database ends tenures and clocks at the moments of closing.

    PostgreSQL is told first how much it now holds: the triggers' plans are otherwise those of the tables before.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in (Case, *_ENDED))}")
        cursor.execute(
            f"UPDATE \"{Case._meta.db_table}\" SET state = 'closed' WHERE id BETWEEN %s AND %s AND state = 'accepted'",
            [first, last],
        )
