"""The months before the sample's day: packages and enrolments after the image of those that were really played.

Written in bulk, so that every figure of the page comes from cases that can be opened one by one: packages with their parts as they
stood, and enrolments of one part each. The ledgers get one fact for each part's acceptance and ending, read back from these cases.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.history import HistoryError, Past, copy
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger import Ledger, sample_load
from yizhantong.kernel.ledger.actions import append_many
from yizhantong.kernel.ledger.sample_load import Backdate, load_batch
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.ledger.writing import Writer
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.onething.entering import RESULT_OF
from yizhantong.zones.onething.figures import ACCEPTANCES, CLOSINGS
from yizhantong.zones.onething.loading import package
from yizhantong.zones.onething.models import Acceptance, PackagePart

SOURCE = "sample:onething"
SCHOOL_MONTHS = (6, 7, 8)
"""Schools enrol in summer; in other months the packages are asked for less often."""
KINDS = ("granted",) * 46 + ("partial", "partial", "kept", "kept")
"""How packages of the past ended, drawn from."""
CHANNELS = (("online", ""),) * 4 + (("counter", ""),) * 2 + (("counter", "terminal"),)
HALFWAY = {"birth": 60, "property": 120, "startup": 40}
"""Packages that are halfway on the sample's day."""
PEOPLE = 600
CHUNK = 2_000
ROOM = 24
"""Days before the sample's day after which no package of the past begins that has ended."""


def write(city: SampleCity, models: Mapping[tuple[str, str], Case]) -> int:
    """Write the history that is missing from the city's targets; return how many parts."""
    with clock.at(timezone.make_aware(dt.datetime.combine(city.day, dt.time(18)))):
        return History(city, models).all()


@dataclass(frozen=True, slots=True)
class Played:
    """A package that was played: its case, and its parts with their own cases."""

    case: Case
    parts: tuple[PackagePart, ...]
    days: Mapping[str, int]

    @classmethod
    def of(cls, case: Case) -> Played:
        """Read it as it stands now."""
        rows = PackagePart.objects.filter(case=case).select_related("child").order_by("position")
        for row in rows:
            if row.child is not None:
                delivered(row.child)
        days = {code: part.days or 0 for code, part in package(case.version_id).parts.items()}
        return cls(Case.objects.get(pk=case.pk), tuple(rows), days)

    @property
    def accepted(self) -> int:
        """How many parts were accepted."""
        return sum(1 for part in self.parts if part.child_id is not None)

    @property
    def agencies(self) -> int:
        """How many agencies take part."""
        return next(int(part.child.details["agencies"]) for part in self.parts if part.child is not None)

    @property
    def still_open(self) -> int:
        """How many parts are open."""
        return sum(1 for part in self.parts if part.state == "open")


class History:
    """The cases of the past on their way."""

    def __init__(self, city: SampleCity, models: Mapping[tuple[str, str], Case]) -> None:
        self.city = city
        self.models = {
            key: Played.of(case) for key, case in models.items() if key[1] in ("granted", "partial", "kept", "halfway")
        }
        self.rng = city.rng("onething.history")
        self.wanted = city.targets("onething")
        self.places = [township.code for township in city.townships]
        self.after = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        made = [
            Person(name=city.name_of_person(self.rng), division_id=self.place(), demonstration=True)
            for _ in range(PEOPLE)
        ]
        self.zone = timezone.get_default_timezone()
        self.accepted: list[tuple[dt.datetime, Row]] = []
        self.closed: list[tuple[dt.datetime, Row]] = []
        self.result = ""
        self.people = [person.pk for person in Person.objects.bulk_create(made)]

    def all(self) -> int:
        """Write packages, enrolments, and the facts of both."""
        total, opened = self.wanted["accepted"] * self.city.scale, self.wanted["open"] * self.city.scale
        played = Counter(in_force(Acceptance.objects.all()).order_by().values_list("package", flat=True))
        count = 0
        for code in HALFWAY:
            goal = round(total * self.wanted["share"][code] / 100) - played[code]
            count += self.packages(code, goal)
        now_open = self._open_now()
        rest = total - sum(played.values()) - count
        self.enrolments(rest, max(opened - now_open, 0))
        self.facts()
        return count + rest

    def _open_now(self) -> int:
        parts = Case.objects.filter(zone="onething", state=Case.State.ACCEPTED, item__kind=Item.Kind.APPLICATION)
        return int(parts.count())

    def place(self) -> str:
        """Return some township."""
        return self.places[int(self.rng.random() * len(self.places))]

    def moment(self, day: dt.date, first: int = 9, hours: int = 6) -> dt.datetime:
        """Return a moment of a day in the hours of business."""
        minutes = int(self.rng.random() * hours * 60)
        return dt.datetime.combine(day, dt.time(first), self.zone) + dt.timedelta(minutes=minutes)

    # --- packages ----------------------------------------------------------------------------------------------------

    def packages(self, code: str, goal: int) -> int:
        """Write packages of a kind with about ``goal`` accepted parts; return how many."""
        halfway = min(HALFWAY[code] * self.city.scale, max(goal // 40, 1))
        kinds = ["halfway"] * halfway
        count = halfway * self.models[code, "halfway"].accepted
        while count < goal:
            kind = KINDS[int(self.rng.random() * len(KINDS))]
            kinds.append(kind)
            count += self.models[code, kind].accepted
        closed = len(kinds) - halfway
        last = self.city.day - dt.timedelta(days=ROOM)
        days = [self.city.day - dt.timedelta(days=3)] * halfway + list(
            spread_days(self.wanted["first_day"], last, closed)
        )
        for kind in dict.fromkeys(kinds):
            dated = [day for day, its_kind in zip(days, kinds, strict=True) if its_kind == kind]
            for start in range(0, len(dated), CHUNK):
                self.chunk(code, self.models[code, kind], dated[start : start + CHUNK], f"{code}-{kind}-{start}")
        return count

    def chunk(self, code: str, model: Played, days: Sequence[dt.date], name: str) -> None:
        """Write some packages after one model, their parts, and how these stand."""
        parents: list[Past] = []
        children: dict[str, list[Past]] = {part.code: [] for part in model.parts if part.child_id is not None}
        times: list[dict[str, tuple[dt.datetime, dt.datetime | None]]] = []
        agencies = model.agencies
        for number, day in enumerate(days):
            channel, terminal = CHANNELS[int(self.rng.random() * len(CHANNELS))]
            details = {"package": code, "agencies": agencies} | ({"channel": terminal} if terminal else {})
            who: dict[str, Any] = {
                "person": self.people[int(self.rng.random() * PEOPLE)],
                "division": self.place(),
                "channel": channel,
            }
            submitted = self.moment(day)
            accepted = submitted + dt.timedelta(minutes=5 + int(self.rng.random() * 90))
            found = self.times(model, accepted)
            ends = [until for _since, until in found.values() if until is not None]
            closed = max(ends) if model.case.closed_at is not None else None
            key = f"{name}-{number}"
            parents.append(Past(submitted, accepted, closed, key=key, details=details, **who))
            for part_code, (since, until) in found.items():
                told = details | {"part": part_code}
                if channel == "counter" and self.rng.random() < 0.04:
                    told["more_visits"] = 1
                children[part_code].append(
                    Past(since, since, until, key=f"{key}-{part_code}", parent_key=key, details=told, **who)
                )
            times.append(found)
        keys: dict[str, int] = {}
        copy(model.case, parents, source=SOURCE, keys=keys)
        for part in model.parts:
            if part.child is not None:
                self.copied(part.child, children[part.code], keys)
        self.standing(model, name, keys, times)

    def times(self, model: Played, accepted: dt.datetime) -> dict[str, tuple[dt.datetime, dt.datetime | None]]:
        """Return when each part opened and ended, each after those it waited for; None while it is open."""
        found: dict[str, tuple[dt.datetime, dt.datetime | None]] = {}
        for part in model.parts:
            if part.child_id is None:
                continue
            since = max([accepted, *(until for code in part.after if (until := found[code][1]) is not None)])
            until = None
            if part.ended_at is not None:
                limit = model.days[part.code]
                days = int(self.rng.random() * (limit + 1)) + (self.rng.random() < 0.02)
                until = since + dt.timedelta(days=days, minutes=10 + int(self.rng.random() * 60))
            found[part.code] = since, until
        return found

    def standing(
        self,
        model: Played,
        name: str,
        keys: Mapping[str, int],
        times: Sequence[Mapping[str, tuple[dt.datetime, dt.datetime | None]]],
    ) -> None:
        """Write how the parts of those packages stand."""
        rows: list[Row] = []
        for number, found in enumerate(times):
            last = max(until or since for since, until in found.values())
            for part in model.parts:
                since, until = found.get(part.code, (None, last if part.state == "not_opened" else None))
                rows.append(
                    {
                        "case_id": keys[f"{name}-{number}"], "code": part.code, "position": part.position, "item_id": part.item_id,
                        "version_id": part.version_id, "title": part.title, "required": part.required, "after": json.dumps(part.after),
                        "state": part.state, "reason": part.reason, "child_id": keys.get(f"{name}-{number}-{part.code}"), "opened_at": since,
                        "ended_at": until,
                    }
                )  # fmt: skip
        with transaction.atomic():
            writer = Writer(PackagePart)
            writer.write([row | {"id": pk} for row, pk in zip(rows, writer.reserve(len(rows)), strict=True)])

    # --- enrolments --------------------------------------------------------------------------------------------------

    def enrolments(self, count: int, still_open: int) -> None:
        """Write enrolments of one part each, ``still_open`` of them not decided yet."""
        still_open = min(still_open, count)
        last = self.city.day - dt.timedelta(days=ROOM)
        closed = list(spread_days(self.wanted["first_day"], last, count - still_open))
        self.enrolled(Case.State.CLOSED, (self.enrolment(day, ended=True) for day in closed))
        days = [self.city.day - dt.timedelta(days=1 + place * 30 // max(still_open, 1)) for place in range(still_open)]
        self.enrolled(Case.State.ACCEPTED, (self.enrolment(day, ended=False) for day in sorted(days)))

    def enrolment(self, day: dt.date, *, ended: bool) -> Past:
        """Return one enrolment of the past."""
        channel, terminal = CHANNELS[int(self.rng.random() * len(CHANNELS))]
        at = self.moment(day)
        until = at + dt.timedelta(days=2 + int(self.rng.random() * 19)) if ended else None
        details = {"package": "school", "agencies": 5} | ({"channel": terminal} if terminal else {})
        if channel == "counter" and self.rng.random() < 0.04:
            details["more_visits"] = 1
        return Past(
            at,
            at,
            until,
            person=self.people[int(self.rng.random() * PEOPLE)],
            division=self.place(),
            channel=channel,
            details=details,
        )

    def enrolled(self, state: str, rows: Iterator[Past]) -> None:
        """Write them after the image of an enrolment that went a plain way."""
        first = list(islice(rows, 1))
        if not first:
            return
        played = Case.objects.filter(item_id="onething.school", state=state, pk__lte=self.after)
        outcome = {"outcome": Case.Outcome.GRANTED} if state == Case.State.CLOSED else {}
        for model in played.filter(**outcome).order_by("pk")[:50]:
            delivered(model)
            try:
                self.copied(model, first)
            except HistoryError:
                continue
            self.copied(model, rows)
            return
        raise LookupError(f"no enrolment in state {state} was played")

    def copied(self, model: Case, rows: Iterable[Past], keys: dict[str, int] | None = None) -> None:
        """Write parts after the image of one, and remember what the ledgers are told of them."""
        self.result = str(RESULT_OF[Case.Outcome(model.outcome)]) if model.outcome else ""
        copy(model, rows, source=SOURCE, keys=keys, written=self.remember)

    # --- facts -------------------------------------------------------------------------------------------------------

    def remember(self, past: Past, row: Mapping[str, Any]) -> None:
        """Keep what the ledgers are told of a part that was written: its acceptance and, where it has ended, its ending."""
        details, channel = past.details or {}, row["channel"]
        same = {"division_id": row["division_id"], "number": row["number"], "package": details["package"]}
        accepted_on = self.day_of(row["accepted_at"])
        how = {"channel": _channel(channel, details), "agencies": details["agencies"]}
        self.accepted.append((row["accepted_at"], same | how | {"occurred_on": accepted_on}))
        if row["closed_at"] is not None:
            day = self.day_of(row["closed_at"])
            ended = {
                "occurred_on": day, "visits": int(channel == "counter") + details.get("more_visits", 0), "days": (day - accepted_on).days,
                "due_on": self.day_of(row["due_at"]) if row["due_at"] is not None else day, "result": self.result,
            }  # fmt: skip
            self.closed.append((row["closed_at"], same | ended))

    def day_of(self, moment: dt.datetime) -> dt.date:
        """Return the city's day of a moment."""
        return moment.astimezone(self.zone).date()

    def facts(self) -> None:
        """Enter each part's acceptance and ending, as the cases say, by day; a few were entered twice and taken back."""
        accepted = [fact for _at, fact in sorted(self.accepted, key=itemgetter(0))]
        twice = [fact | {"number": f"{fact['number']}-2"} for fact in accepted[: self.wanted["mistakes"]]]
        load_batch(Batch("onething.acceptance", taken_back(twice)))
        self._append(ACCEPTANCES, accepted)
        self._append(CLOSINGS, [fact for _at, fact in sorted(self.closed, key=itemgetter(0))])

    def _append(self, ledger: Ledger, facts: Sequence[Row]) -> None:
        backdate = Backdate()
        moments = [backdate(fact, position) for position, fact in enumerate(facts)]
        append_many(ledger, facts, moments=moments, source=sample_load.SOURCE)


def delivered(model: Case) -> None:
    """Let what was decided in a model be handed over some hours later, if it has not been: as in every case after its image."""
    if model.closed_at is not None and model.steps.filter(code="delivery", done_at=None).exists():
        with clock.at(model.closed_at + dt.timedelta(hours=3)):
            cases.deliver(model, account=None)


def _channel(channel: str, details: Mapping[str, Any]) -> str:
    if details.get("channel") == "terminal":
        return str(Acceptance.Channel.TERMINAL)
    return str(Acceptance.Channel.ONLINE if channel == "online" else Acceptance.Channel.WINDOW)


def spread_days(first: dt.date, last: dt.date, total: int) -> Iterator[dt.date]:
    """Yield ``total`` days in order, three times as many in the months of enrolment."""
    calendar = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    weights = [3 if day.month in SCHOOL_MONTHS else 1 for day in calendar]
    all_weights, reached, given = sum(weights), 0, 0
    for day, weight in zip(calendar, weights, strict=True):
        reached += weight
        until = total * reached // all_weights
        for _ in range(until - given):
            yield day
        given = until
