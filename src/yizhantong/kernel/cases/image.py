"""The image of a case that went through the actions, and what it says of a case of the past (:mod:`~yizhantong.kernel.cases.history`)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
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
from yizhantong.kernel.ledger.staging import Expression, Of

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
_OWN = (
    "number", "parent_id", "organisation_id", "person_id", "division_id", "office_id", "title", "channel", "result", "reason", "law",
    "submitted_at", "accepted_at", "due_at", "yellow_at", "closed_at", "rated", "data", "details",
)  # fmt: skip
"""Columns of a case of the past that are not the model's."""
_FACT = ("event", "step", "outcome", "result", "channel", "office_id", "item_code", "zone")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a moment lies: so far between two others (a share of the time), or so long after one, and not after now."""

    name: str
    after: str
    before: str
    share: float | dt.timedelta

    def of(self, row: Row, now: dt.datetime) -> dt.datetime:
        """Return the moment of that case of the past."""
        start: dt.datetime = row[self.after]
        if isinstance(self.share, dt.timedelta):
            return min(start + self.share, now)
        end: dt.datetime = row[self.before]
        return start + (end - start) * self.share


class Image:
    """What is read of the model once, each moment by its place between submission and closing.

    Of a case of the past it says what is its own (:meth:`case`, one value for each of ``columns``), and of each table's rows what is
    the same in all and where its own values go.
    """

    def __init__(self, model: Case) -> None:
        held = Case.objects.get(pk=model.pk)
        _refuse(held)
        self.closed = held.state == Case.State.CLOSED
        self.zone, self.item = held.zone, held.item_id
        self._model = held
        self._version = pinned(held.version_id)
        marks = ((held.submitted_at, "submitted_at"), (held.accepted_at, "accepted_at"), (held.closed_at, "closed_at"))
        self._marks = [(at, name) for at, name in marks if at is not None]
        self._between: dict[dt.datetime, Place] = {}
        self._days: set[str] = set()
        self._dated_steps: list[tuple[str, Row, str]] = []
        self._readings: dict[tuple[int, bool], tuple[dt.datetime | None, dt.datetime | None]] = {}
        self._limits: dict[tuple[Any, ...], dt.datetime | None] = {}
        self._used: dict[tuple[int, int], int] = {}
        self._zone, self._end_of_day = calendar.zone(), calendar.business().end
        self.steps = [self._step(_columns(step)) for step in CaseStep.objects.filter(case_id=held.pk).order_by("id")]
        facts = CaseEvent.objects.filter(number=held.number).exclude(event__in=_LEFT_OUT).order_by("id")
        self.facts = [self._fact(fact) for fact in facts]
        self.columns = self._laid_out()

    # --- what is the same in all -------------------------------------------------------------------------------------

    @property
    def row(self) -> Row:
        """The case's own row."""
        own = {name: Of(name) for name in _OWN}
        since = {"created_at": Of("submitted_at"), "office_since": Of("submitted_at")}
        nobody = {"filed_by_id": None, "idempotency_key": None, "query_digest": "", "archived_at": None}
        return _columns(self._model) | nobody | own | since

    def _step(self, model: Row) -> Row:
        opened = self._place(model["opened_at"])
        step = model | {"case_id": Of("id"), "opened_at": Of(opened), "sort_at": Of("sort_at")}
        del step["id"]
        if model["done_at"] is not None:
            step["done_at"] = Of(self._place(model["done_at"]))
        if model["due_at"] is not None:
            name = f"step{len(self._dated_steps)}"
            self._dated_steps.append((name, model, opened))
            step |= {"due_at": Of(f"{name}_due"), "sort_at": Of(f"{name}_sort")}
        if model["office_id"] == self._model.office_id:
            step["office_id"] = Of("office_id")
            for who in ("done_by_id", "handler_id"):
                if model[who] is not None:  # whoever it was is not of another office
                    told = 'CASE WHEN "office_id" = %s THEN CAST(%s AS bigint) END'
                    step[who] = Expression(told, (model["office_id"], model[who]))
        return step

    def _fact(self, model: CaseEvent) -> Row:
        moment = self._place(model.recorded_at)
        self._days.add(moment)
        fact: Row = {name: getattr(model, name) for name in _FACT} | {
            "division_id": Of("division_id"), "occurred_on": Of(f"{moment}_day"), "recorded_at": Of(moment), "number": Of("number"),
            "channel": Of("channel"), "duration": 0, "in_time": True,
        }  # fmt: skip
        if model.office_id == self._model.office_id:
            fact["office_id"] = Of("office_id")
        if model.event in (CaseEvent.Event.CLOSED, CaseEvent.Event.NOT_ACCEPTED):
            fact |= {"result": Of("result"), "duration": Of("duration"), "in_time": Of("in_time")}
        return fact

    def _laid_out(self) -> dict[str, models.Field[Any, Any]]:
        """Return the columns of what is each case's own, and like which field each is kept."""
        kept = {field.attname: field for field in Case._meta.concrete_fields if field.attname in ("id", *_OWN)}
        moment, step, event = kept["submitted_at"], CaseStep._meta.get_field("sort_at"), CaseEvent._meta
        more: dict[str, Any] = {"sort_at": step}
        more |= {place.name: moment for place in self._between.values()}
        more |= {f"{name}_day": event.get_field("occurred_on") for name in sorted(self._days)}
        for name, _model, _opened in self._dated_steps:
            more |= {f"{name}_due": step, f"{name}_sort": step}
        return kept | more | {name: event.get_field(name) for name in ("duration", "in_time")}

    def _place(self, at: dt.datetime) -> str:
        """Return the column that holds a moment of the model's for a case of the past."""
        earlier = (self._model.created_at, "submitted_at")
        for was, name in self._marks:
            if at <= was:
                share = (at - earlier[0]) / (was - earlier[0]) if was > earlier[0] else 1.0
                if share >= 1 or name == earlier[1]:
                    return name
                return earlier[1] if share <= 0 else self._own(at, earlier[1], name, share)
            earlier = (was, name)
        return self._own(at, earlier[1], "", at - earlier[0])

    def _own(self, at: dt.datetime, after: str, before: str, share: float | dt.timedelta) -> str:
        if at not in self._between:
            self._between[at] = Place(f"moment{len(self._between)}", after, before, share)
        return self._between[at].name

    # --- what is each one's own --------------------------------------------------------------------------------------

    def case(self, past: Past, pk: int, now: dt.datetime) -> Row:
        """Return what is a case's own, but its number and its package; ValueError says what is wrong with it."""
        self._check(past, now)
        model = self._model
        submitted_at, accepted_at, closed_at = _utc(past.submitted_at), _utc(past.accepted_at), _utc(past.closed_at)
        due_at, yellow_at = (None, None) if accepted_at is None else self._reading(accepted_at)
        row: Row = {
            "id": pk, "organisation_id": past.organisation, "person_id": past.person, "submitted_at": submitted_at,
            "accepted_at": accepted_at, "closed_at": closed_at, "due_at": due_at, "yellow_at": yellow_at, "rated": past.rating,
            "details": json.dumps(dict(past.details)) if past.details else "{}",
            "data": json.dumps(seal_data(self._version.ready, past.data)) if past.data else "{}",
            "division_id": past.division or model.division_id, "office_id": past.office or model.office_id,
            "result": past.result or model.result, "reason": past.reason or model.reason, "law": past.law or model.law,
            "title": past.title or model.title, "channel": past.channel or model.channel,
            "sort_at": due_at or clockwork.END_OF_TIME, "duration": 0, "in_time": True,
        }  # fmt: skip
        for place in self._between.values():
            row[place.name] = place.of(row, now)
        for name in self._days:
            row[f"{name}_day"] = row[name].astimezone(self._zone).date()
        for name, step, opened in self._dated_steps:
            row[f"{name}_due"] = self._step_due(step, row[opened])
            row[f"{name}_sort"] = row[f"{name}_due"] or row["sort_at"]
        if closed_at is not None:
            row["duration"] = self._used_days(accepted_at, closed_at)
            row["in_time"] = due_at is None or closed_at <= due_at
        return row

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

    def _used_days(self, accepted_at: dt.datetime | None, closed_at: dt.datetime) -> int:
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
