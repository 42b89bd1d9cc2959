"""Cross-region handling of the sample city (演示数据): the last days through the exchange itself, the years before after handled models.

Figures are those of the city's ``sample.toml``. What was handled before other cities' instances were connected is copied from cases that
really went through the actions here, one model for each way and ending; its crossings say who answered when.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from yizhantong.foundation.codes import identity
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.history import Past, copy
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.actions import record_many
from yizhantong.kernel.ledger.sampling import SampleCity, with_doubles
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.crossregion import config, load
from yizhantong.zones.crossregion.actions import casework
from yizhantong.zones.crossregion.figures import CLOSINGS, HANDOVERS
from yizhantong.zones.crossregion.models import Closing, Crossing, Handover, Partner
from yizhantong.zones.crossregion.peer import Peer, introduce
from yizhantong.zones.crossregion.sample_live import ITEM, Live, finish, own_firms

ITEMS = (
    "养老保险关系转移接续", "住房公积金异地贷款缴存证明", "企业设立登记", "身份证换领", "职工医保异地就医备案",
    "失业登记", "学历公证", "机动车驾驶证换领", "食品经营许可",
)  # fmt: skip
STAGES = {"done": "closed", "refused": "closed", "returned": "returned", "open": "held"}
OUTCOMES = {"done": "granted", "refused": "refused", "returned": "terminated", "open": ""}
PERSONS = 400
SOURCE = "sample:crossregion"


def play(city: SampleCity) -> int:
    """Play all of it; return how many crossings there are. Does nothing where there are some already."""
    load.load()
    if Crossing.objects.exists() or not Item.objects.filter(pk=ITEM, current__isnull=False).exists():
        return 0
    Stage(city).all()
    return Crossing.objects.count()


class Stage:
    """The play: the cities, who asks, what is copied and what goes through the exchange."""

    def __init__(self, city: SampleCity) -> None:
        self.city = city
        self.wanted = city.targets("crossregion")
        self.rng: random.Random = city.rng("crossregion.cases")
        self.firms = list(city.organisations("enterprise")[:200])
        self.own = own_firms("qiye")
        self.people: list[Person] = []

    def all(self) -> None:
        """Play the exchange, then write what was before."""
        with self.at(400, 9):
            peers = [Peer(code, name) for code, name in self.wanted["cities"]]
            self.partners = {peer.code: introduce(peer) for peer in peers}
        self.people = self._people()
        Live(self, peers).all()
        with self.at(0, 23):
            self.history()

    def at(self, ago: int, hour: int) -> Any:
        """Let the city's clock stand some days before the sample's day."""
        return clock.at(self.moment(self.city.day - dt.timedelta(days=ago), hour))

    def moment(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """Return a moment of a day."""
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)), timezone.get_default_timezone())

    def person(self, place: int) -> tuple[str, str]:
        """Return name and number of an invented person of another city."""
        return self.city.name_of_person(self.rng), identity.make(
            "210102", dt.date(1985, 3, 1 + place % 27), 100 + place
        )

    def form(self, person: tuple[str, str]) -> dict[str, Any]:
        """Return the form of :data:`ITEM`."""
        return {
            "person_name": person[0], "person_identity": person[1], "person_phone": "13900000000", "hospital_place": "北京市",
            "treatment_from": self.city.day.isoformat(),
        }  # fmt: skip

    def _people(self) -> list[Person]:
        made = []
        for place in range(PERSONS):
            number = identity.make(
                "210102", dt.date(1960 + place % 40, 1 + place % 12, 1 + place % 28), 500 + place % 400
            )
            index = sealing.index_of(number)
            made.append(Person(name=self.city.name_of_person(self.rng), identity=number, identity_index=index, division_id=tree.root(), demonstration=True))  # fmt: skip
        Person.objects.bulk_create(made)
        return list(Person.objects.filter(identity_index__in=[one.identity_index for one in made]).order_by("pk"))

    # --- what was before ---------------------------------------------------------------------------------------------

    def history(self) -> None:
        """Write the handled cases of the time before, their crossings, and their facts."""
        rows = list(self.rows())
        groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            groups[row["direction"], row["mode"] if row["direction"] == "sent" else "", row["result"]].append(row)
        ids: dict[str, int] = {}
        for (direction, mode, result), group in groups.items():
            model = (
                self.sent_model(group[0], mode, result)
                if direction == "sent"
                else self.received_model(group[0], result)
            )
            ids[group[0]["number"]] = model.pk
            group[0]["division"] = model.division_id
            copy(model, (self.past(row) for row in group[1:]), source=SOURCE, keys=ids)
        self.crossings(rows, ids)
        self.facts(rows)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield what was handed over before the exchange, in the order of days: last year's, then this year's."""
        handed, closed = Handover.objects.count(), Closing.objects.count()
        year, number, rng = self.city.day.year, 0, self.rng
        wanted, scale = self.wanted, self.city.scale
        this_year = (wanted["handovers"] - wanted["earlier_handovers"]) * scale - handed
        still = wanted["open"] * scale - (handed - closed)
        total = wanted["earlier_handovers"] * scale + this_year
        for count, first, last in (
            (wanted["earlier_handovers"] * scale, dt.date(year - 1, 9, 1), dt.date(year - 1, 12, 31)),
            (this_year, dt.date(year, 1, 4), self.city.day - dt.timedelta(days=1)),
        ):
            for position in range(count):
                number += 1
                day = first + dt.timedelta(days=position * (last - first).days // count)
                ended = min(day + dt.timedelta(days=rng.randint(0, 12)), self.city.day - dt.timedelta(days=1))
                is_open = number > total - still
                code, name = rng.choice(wanted["cities"])
                yield {
                    "number": f"TB-{day.year}-{number:06d}", "day": day, "ended": ended, "division": rng.choice(self.city.units).code,
                    "item": rng.choice(ITEMS), "mode": rng.choice(("online", "online", "online", "proxy", "proxy", "joint")),
                    "direction": "sent" if is_open else rng.choice(("sent", "received")), "code": code, "name": name,
                    "result": "open" if is_open else rng.choice(("done",) * 18 + ("refused", "returned")),
                    "asker": self.people[number % PERSONS].pk,
                }  # fmt: skip

    def sent_model(self, row: dict[str, Any], mode: str, result: str) -> Case:
        """Handle the first of a kind through the actions: received here, handed over, answered as the other city decided."""
        asker = Person.objects.get(pk=row["asker"])
        with clock.at(self.moment(row["day"], 10)):
            case = cases.file(
                Item.objects.get(pk=config.SEND[mode]), applicant=asker, account=None, source=SOURCE, channel="counter" if mode == "proxy" else "online",
                data={"crossregion_city": row["name"], "crossregion_matter": row["item"]},
            )  # fmt: skip
            casework.handed_over(case)
        if result != "open":
            said = {"done": "已按规定办结", "refused": "不符合当地规定", "returned": "不属当地办理,已告知申请人"}[
                result
            ]
            with clock.at(self.moment(row["ended"], 15)):
                casework.conclude(case, "done" if result == "done" else "refused", said)
        case.refresh_from_db()
        return case

    def received_model(self, row: dict[str, Any], result: str) -> Case:
        """Handle the first of a kind through the actions: received from another city, decided here."""
        asker = Person.objects.get(pk=row["asker"])
        with clock.at(self.moment(row["day"], 10)):
            case = cases.file(
                Item.objects.get(pk=ITEM), applicant=asker, account=None, source=SOURCE, channel="online",
                data=self.form((asker.name, asker.identity)), materials=[{"code": "identity", "mode": "paper"}],
            )  # fmt: skip
        with clock.at(self.moment(row["ended"], 15)):
            if result == "returned":
                cases.terminate(case, "不属本市办理,退回收件城市", config.LAW, None, SOURCE)
            else:
                finish(case, OUTCOMES[result])
        case.refresh_from_db()
        return case

    def past(self, row: dict[str, Any]) -> Past:
        """Return a row as a case of the past."""
        begun = self.moment(row["day"], 10)
        ended = None if row["result"] == "open" else self.moment(row["ended"], 15)
        title = f"{row['name']}:{row['item']}" if row["direction"] == "sent" else row["item"]
        return Past(
            submitted_at=begun, accepted_at=begun, closed_at=ended, person=row["asker"], division=row["division"], key=row["number"],
            title=title[:120],
        )  # fmt: skip

    def crossings(self, rows: list[dict[str, Any]], ids: dict[str, int]) -> None:
        """Write the crossing of each case: who answered when, and how it ended."""
        made = []
        for row in rows:
            begun, ended = self.moment(row["day"], 10), self.moment(row["ended"], 15)
            is_open = row["result"] == "open"
            spans: list[list[Any]] = [
                ["sender", begun.isoformat(), begun.isoformat()],
                ["receiver", begun.isoformat(), None],
            ]
            if not is_open:
                spans[1][2] = ended.isoformat()
                spans.append(["sender", ended.isoformat(), None])
            made.append(
                Crossing(
                    key=uuid.UUID(int=self.rng.getrandbits(128), version=4), number=row["number"], direction=row["direction"], mode=row["mode"],
                    partner=self.partners[row["code"]], case_id=ids[row["number"]], item_code="history", item_name=row["item"], item_version="0.0",
                    stage=STAGES[row["result"]], spans=spans, handed_at=begun, received_at=begun, ended_at=None if is_open else ended,
                    outcome=OUTCOMES[row["result"]], created_at=begun, other_office=f"{row['name']}办理单位", assurance="counter",
                )
            )  # fmt: skip
        Crossing.objects.bulk_create(made, batch_size=500)

    def facts(self, rows: list[dict[str, Any]]) -> None:
        """Write the facts of what was handed over and how it ended, some of them entered twice and taken back."""

        def recorded(row: Any, _position: int) -> dt.datetime:
            return self.moment(row["occurred_on"], 18)

        handed = with_doubles(
            (
                {
                    "division_id": row["division"], "occurred_on": row["day"], "number": row["number"], "item": row["item"], "mode": row["mode"],
                    "direction": row["direction"], "other_code": row["code"], "other_name": row["name"],
                }
                for row in rows
            ),
            self.wanted["mistakes"],
        )  # fmt: skip
        record_many(HANDOVERS, handed, source=SOURCE, recorded_at=recorded, by_owner=True)
        closed = (
            {
                "division_id": row["division"], "occurred_on": row["ended"], "number": row["number"], "mode": row["mode"],
                "direction": row["direction"], "result": row["result"], "days": (row["ended"] - row["day"]).days,
            }
            for row in rows
            if row["result"] != "open"
        )  # fmt: skip
        record_many(CLOSINGS, closed, source=SOURCE, recorded_at=recorded, by_owner=True)


def partners() -> list[Partner]:
    """Return the sample's cities."""
    return list(Partner.objects.filter(demonstration=True).order_by("code"))
