"""The image of a case that went through the actions, and what it says of a case of the past (:mod:`~yizhantong.kernel.cases.history`)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models

from yizhantong.foundation.calendar import Limit, Segment
from yizhantong.kernel.cases import clockwork, settings
from yizhantong.kernel.cases.models import (
    Case,
    CaseEvent,
    CaseStep,
    ClockSegment,
    Dispute,
    PublicNotice,
    SpecialProcedure,
    SupervisionOrder,
    Supplement,
    Tenure,
    Transfer,
)
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.items.sealed import seal_data

if TYPE_CHECKING:
    from yizhantong.kernel.cases.history import Past

Row = dict[str, Any]
_ASIDE: tuple[type[models.Model], ...] = (
    Transfer,
    Supplement,
    SpecialProcedure,
    Dispute,
    PublicNotice,
    SupervisionOrder,
)
_LEFT_OUT = frozenset({CaseEvent.Event.ARCHIVED})
_FACT = ("event", "step", "outcome", "result", "channel", "office_id", "item_code", "zone")


class Image:
    """What is read of the model once: its row, steps and facts, each moment by its place between submission and closing."""

    def __init__(self, model: Case) -> None:
        held = Case.objects.get(pk=model.pk)
        _refuse(held)
        self.closed = held.state == Case.State.CLOSED
        self._model = held
        self._version = pinned(held.version_id)
        self._row = _columns(held) | {
            "filed_by_id": None,
            "idempotency_key": None,
            "query_digest": "",
            "archived_at": None,
        }
        self._steps = [_columns(step) for step in CaseStep.objects.filter(case_id=held.pk).order_by("id")]
        facts = CaseEvent.objects.filter(number=held.number).exclude(event__in=_LEFT_OUT).order_by("id")
        self._facts = [(fact.recorded_at, {name: getattr(fact, name) for name in _FACT}) for fact in facts]
        self._happened = {at for step in self._steps for at in (step["opened_at"], step["done_at"]) if at is not None}
        self._happened |= {at for at, _fact in self._facts}
        marks = ((held.submitted_at, "submitted_at"), (held.accepted_at, "accepted_at"), (held.closed_at, "closed_at"))
        self._marks = [(at, name) for at, name in marks if at is not None]
        self._readings: dict[tuple[int, bool], tuple[dt.datetime | None, dt.datetime | None]] = {}
        self._limits: dict[tuple[Any, ...], dt.datetime | None] = {}
        self._used: dict[tuple[int, int], int] = {}
        self._zone, self._end_of_day = calendar.zone(), calendar.business().end

    def case(self, past: Past, pk: int, now: dt.datetime) -> Row:
        """Return the row of a case of the past; ValueError says what is wrong with it."""
        self._check(past, now)
        accepted_at, closed_at = _utc(past.accepted_at), _utc(past.closed_at)
        due_at, yellow_at = (None, None) if accepted_at is None else self._reading(accepted_at)
        row = self._row | {
            "id": pk, "organisation_id": past.organisation, "person_id": past.person, "submitted_at": _utc(past.submitted_at), "accepted_at": accepted_at, "closed_at": closed_at, "due_at": due_at,
            "yellow_at": yellow_at, "rated": past.rating, "details": json.dumps(dict(past.details)) if past.details else "{}",
            "data": json.dumps(seal_data(self._version.ready, past.data)) if past.data else "{}",
        }  # fmt: skip
        row["created_at"] = row["office_since"] = row["submitted_at"]
        for name, given in (("division_id", past.division), ("office_id", past.office), ("result", past.result), ("reason", past.reason), ("law", past.law),
                            ("title", past.title), ("channel", past.channel)):  # fmt: skip
            if given:
                row[name] = given
        row["moments"] = {at: self._moment(at, row, now) for at in self._happened}
        return row

    def steps(self, row: Row) -> Iterator[Row]:
        """Yield the steps of a case of the past."""
        for model in self._steps:
            step = model | {"case_id": row["id"], "opened_at": row["moments"][model["opened_at"]]}
            if model["done_at"] is not None:
                step["done_at"] = row["moments"][model["done_at"]]
            if model["office_id"] == self._model.office_id != row["office_id"]:
                step["office_id"], step["done_by_id"], step["handler_id"] = row["office_id"], None, None
            step["due_at"] = self._step_due(model, step["opened_at"])
            step["sort_at"] = step["due_at"] or row["due_at"] or clockwork.END_OF_TIME
            yield step

    def segments(self, row: Row) -> Iterator[Row]:
        """Yield the clock of a case of the past: one that ran from acceptance to closing."""
        if row["accepted_at"] is not None:
            yield {
                "case_id": row["id"],
                "kind": "run",
                "start": row["accepted_at"],
                "end": row["closed_at"],
                "reason": "accepted",
            }

    def facts(self, row: Row) -> Iterator[tuple[dt.datetime, Row]]:
        """Yield what happened to a case of the past, each with its moment."""
        for recorded_at, model in self._facts:
            moment = row["moments"][recorded_at]
            fact = model | {
                "division_id": row["division_id"], "occurred_on": moment.astimezone(self._zone).date(), "number": row["number"],
                "channel": row["channel"], "duration": 0, "in_time": True,
            }  # fmt: skip
            if model["office_id"] == self._model.office_id:
                fact["office_id"] = row["office_id"]
            if model["event"] in (CaseEvent.Event.CLOSED, CaseEvent.Event.NOT_ACCEPTED):
                fact["result"] = row["result"]
                fact["duration"] = self._days(row["accepted_at"], row["closed_at"])
                fact["in_time"] = row["due_at"] is None or row["closed_at"] <= row["due_at"]
            yield moment, fact

    # --- moments ---------------------------------------------------------------------------------------------------------

    def _check(self, past: Past, now: dt.datetime) -> None:
        if (past.organisation is None) == (past.person is None):
            raise ValueError("申请人应是一个单位或一个人")
        if past.outcome not in ("", self._model.outcome):
            raise ValueError(f"样板办件的结果是“{self._model.outcome}”,不是“{past.outcome}”")
        if (past.accepted_at is None, past.closed_at is None) != (self._model.accepted_at is None, not self.closed):
            raise ValueError("受理、办结时间与样板办件不符:样板有的都要给,没有的不能给")
        moments = [at for at in (past.submitted_at, past.accepted_at, past.closed_at, past.rated_at) if at is not None]
        if moments != sorted(moments) or moments[-1] > now:
            raise ValueError("申请、受理、办结、评价的时间应依次先后,且不晚于现在")
        if past.rating is not None:
            self._check_rating(past, past.rating)

    def _check_rating(self, past: Past, rating: int) -> None:
        if not self.closed or rating not in range(1, 6):
            raise ValueError("只有办结的办件有评价,评价是 5 至 1")
        if rating <= int(settings.of("rating")["bad"]) and not past.mended:
            raise ValueError("差评要写明如何整改")

    def _moment(self, at: dt.datetime, row: Row, now: dt.datetime) -> dt.datetime:
        """Return when that happened to the case of the past: stretched between its moments, and not after now."""
        earlier: tuple[dt.datetime, dt.datetime] = (self._model.created_at, row["created_at"])
        for was, name in self._marks:
            if at <= was:
                share = (at - earlier[0]) / (was - earlier[0]) if was > earlier[0] else 1.0
                ended: dt.datetime = row[name]
                return earlier[1] + (ended - earlier[1]) * share if share < 1 else ended
            earlier = (was, row[name])
        return min(earlier[1] + (at - earlier[0]), now)

    def _day(self, at: dt.datetime) -> tuple[int, bool]:
        local = at.astimezone(self._zone)
        return local.toordinal(), local.time() >= self._end_of_day

    def _reading(self, accepted_at: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Return when limit and light fall; days are counted from the day of acceptance, so one answer serves all of that day."""
        limit = self._version.limit
        if limit is not None and limit.unit == "hour":
            return self._read(accepted_at)
        day = self._day(accepted_at)
        if day not in self._readings:
            self._readings[day] = self._read(accepted_at)
        return self._readings[day]

    def _read(self, accepted_at: dt.datetime) -> tuple[dt.datetime | None, dt.datetime | None]:
        found = clockwork.read(self._version, self._model.extension, [clockwork.running(accepted_at)])
        return _utc(found.due_at), _utc(found.yellow_at)

    def _step_due(self, model: Row, opened_at: dt.datetime) -> dt.datetime | None:
        if model["due_at"] is None:
            return None
        spec = self._version.steps.get(model["code"])
        if spec is not None and spec.limit is not None and spec.limit.unit == "hour":
            return _utc(self._due(model, opened_at))
        key = (model["code"], *self._day(opened_at))
        if key not in self._limits:
            self._limits[key] = _utc(self._due(model, opened_at))
        return self._limits[key]

    def _due(self, model: Row, opened_at: dt.datetime) -> dt.datetime | None:
        spec = self._version.steps.get(model["code"])
        if model["kind"] == "intake":
            days = self._version.ready.limits.acceptance_days
            return calendar.deemed_acceptance_at(opened_at, days) if days else None
        if model["kind"] == "delivery":
            return clockwork.step_due(
                Limit(int(settings.of("delivery")["days"]), "workday"), opened_at, [clockwork.running(opened_at)]
            )
        limit = spec.limit if spec is not None else None
        return clockwork.step_due(limit, opened_at, [clockwork.running(opened_at)])

    def _days(self, accepted_at: dt.datetime | None, closed_at: dt.datetime) -> int:
        if accepted_at is None:
            return 0
        last, after = self._day(closed_at)
        key = (self._day(accepted_at)[0], last - (not after))  # days are counted whole, from the one after acceptance
        if key not in self._used:
            self._used[key] = clockwork.days_used([Segment(accepted_at, closed_at, "run")], closed_at)
        return min(self._used[key], 32767)


def _columns(row: models.Model) -> Row:
    """Return a row's columns by attribute, JSON as text and moments in UTC; its id is the database's."""
    made: Row = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.JSONField):
            value = json.dumps(value)
        made[field.attname] = value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value
    return made | {"id": None}


def _utc(at: dt.datetime | None) -> dt.datetime | None:
    return None if at is None else at.astimezone(dt.UTC)


def _refuse(model: Case) -> None:
    """Refuse a model whose way cannot be told by its row, its steps and its facts alone."""
    aside = [str(kind._meta.verbose_name) for kind in _ASIDE if kind._default_manager.filter(case_id=model.pk).exists()]
    stopped = ClockSegment.objects.filter(case_id=model.pk).count() > 1 or model.extended
    if model.state not in (Case.State.SUBMITTED, Case.State.ACCEPTED, Case.State.CLOSED):
        aside.append(str(Case.State(model.state).label))
    if aside or stopped or Tenure.objects.filter(case_id=model.pk).count() != 1 or model.rated is not None:
        told = "、".join(map(str, aside)) or "停表、延期、评价或移送"
        raise ValueError(f"办件 {model.number} 不能作样板:它有{told};请用一件平常办理的")
