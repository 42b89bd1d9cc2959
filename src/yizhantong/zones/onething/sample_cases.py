"""Packages of the sample city in every state, played through the real actions (演示数据), and the history after their image.

The page's figures are those of these cases: some dozens are played here, enrolment plays its season, and
:mod:`~yizhantong.zones.onething.sample_history` writes the cases of the months before as they were handled.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.items.sealed import open_data
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.onething import cosigning, load, sample_history
from yizhantong.zones.onething.enrolment import sample as enrolment
from yizhantong.zones.onething.loading import package
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.sample_given import WINDOW, Given

PLAN = (
    ("draft", 1), ("signing", 2), ("filed", 0), ("supplement", 6), ("begun", 1), ("halfway", 3), ("granted", 20), ("partial", 24),
    ("kept", 28), ("refused", 31), ("withdrawn", 12), ("disputed", 18), ("not_accepted", 9),
)  # fmt: skip
"""How far each goes, and how many days ago it was asked for; once for each package."""
REFUSED = {"birth": "card", "property": "fund", "startup": "fund"}
"""The optional part that is refused where the whole ends in part, or that the asker takes back."""
LAWS = {
    "birth": "《社会保障卡管理办法》",
    "property": "《住房公积金管理条例》第二十四条",
    "startup": "《住房公积金管理条例》第十四条",
}
FIRST_LAWS = {
    "birth": "《母婴保健法》第二十三条",
    "property": "《城市房地产管理法》第三十八条",
    "startup": "《市场主体登记管理条例》第十七条",
}
OWN = ("signing", "filed", "halfway", "granted")
"""Stages in which the sample's resident asks himself."""


def play(city: SampleCity) -> int:
    """Play all of it; return how many cases there are. Does nothing where cases of the zone are already, or the accounts are missing."""
    load.load()
    resident = User.objects.filter(username="jumin").select_related("person").first()
    if Case.objects.filter(zone="onething").exists() or resident is None or resident.person is None:
        return 0
    enrolment.play(city)
    stage = Stage(city, resident)
    stage.all()
    sample_history.write(city, stage.models)
    return Case.objects.filter(zone="onething").count()


@dataclass
class Stage:
    """The play; ``models`` are the cases of packages, by package and stage, after whose image the history is written."""

    city: SampleCity
    resident: User
    models: dict[tuple[str, str], Case] = field(default_factory=dict)
    _officials: dict[str, User | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = self.city.rng("onething.cases")
        self.given = Given(self.city, self.rng)

    def all(self) -> None:
        """Play every stage of every package."""
        for code in WINDOW:
            for stage, ago in PLAN:
                case = self.one(code, stage, ago)
                if case is not None:
                    self.models[code, stage] = case

    def at(self, ago: int, hour: int) -> Any:
        """Let the city's clock stand some days before the sample's day."""
        day = self.city.day - dt.timedelta(days=max(ago, 0))
        return clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(hour, self.rng.randint(0, 50)))))

    def one(self, code: str, stage: str, ago: int) -> Case | None:
        """Ask for a package and bring it as far as its stage."""
        with self.at(ago, 9):
            own = stage in OWN and code != "startup"
            case = self.drafted(code, self.resident.person if own else self.stranger(), self.resident if own else None)
            if stage == "draft" or (stage == "signing" and not cosigning.wanted(case)):
                return None
            if not self.signed(case, finished=stage != "signing"):
                return None
            cases.submit(case, account=self.resident if own else None)
        if stage == "filed":
            return case
        with self.at(ago, 14):
            if stage == "not_accepted":
                return cases.refuse_acceptance(
                    case, reason="所办事项不属于本市管辖。", law=FIRST_LAWS[code], account=self.official(case)
                )
            if stage == "supplement":
                defects = [{"kind": "other", "text": "请补充清晰的证件照片"}]
                return cases.ask_supplement(case, defects, account=self.official(case))
            cases.accept(case, account=self.official(case))
        if stage != "begun":
            self.worked(case, code, stage, ago)
        return case

    # --- asking ------------------------------------------------------------------------------------------------------

    def stranger(self) -> Person:
        """Return another invented person."""
        name = self.city.name_of_person(self.rng)
        return Person.objects.create(
            name=name, division_id=self.rng.choice(self.city.townships).code, demonstration=True
        )

    def drafted(self, code: str, asker: Person | None, account: User | None) -> Case:
        assert asker is not None
        item = Item.objects.select_related("current").get(pk=f"package.{code}")
        data = self.given.form(code, clock.today(), asker.name)
        case = cases.draft(item, applicant=asker, account=account, data=data)
        ready = package(case.version_id).ready
        asked = {material.code for material, _needed in ready.asked(data)}
        for each in WINDOW[code]:
            if each in asked:
                cases.give_material(case, each, mode="paper", account=None)
        return case

    def signed(self, case: Case, *, finished: bool) -> bool:
        """Have the others asked to sign; with ``finished`` they do. Tell whether all have signed."""
        for each in cosigning.wanted(case):
            row, path = cosigning.invite(case, each.signer.code, None)
            if not finished:
                return False
            data = open_data(package(case.version_id).ready, case.data)
            token = path.rstrip("/").rpartition("/")[2]
            cosigning.sign(token, digest=row.data_digest, identity=str(data.get(each.signer.identity or "", "")))
        return True

    # --- working -----------------------------------------------------------------------------------------------------

    def worked(self, case: Case, code: str, stage: str, ago: int) -> None:
        """Let the offices do their part, a wave a day."""
        if stage == "withdrawn":
            with self.at(ago - 1, 10):
                cases.withdraw(case, "暂时不办了", None)
            return
        if stage == "refused":
            with self.at(ago - 1, 10):
                self.decide(self.open_parts(case)[0], "refused", reason="不符合受理地的规定。", law=FIRST_LAWS[code])
            return
        for wave in range(1, 9):
            listed = self.open_parts(case)
            with self.at(ago - wave, 10):
                for part in listed:
                    self.handle(part, code, stage)
            if stage == "halfway" or not listed:
                break
        if stage == "disputed":
            self.disputed(case)

    def handle(self, part: PackagePart, code: str, stage: str) -> None:
        """Let an office end a part as the stage wants it."""
        assert part.child is not None
        if part.code == REFUSED[code] and stage == "kept":
            cases.withdraw(part.child, "以后再办", None)
        elif part.code == REFUSED[code] and stage in ("partial", "disputed"):
            self.decide(part, "refused", reason="不符合办理条件。", law=LAWS[code])
        else:
            self.decide(part, "granted")

    def disputed(self, case: Case) -> None:
        """Let the asker dispute the refusal of a part after the whole has ended: it is handled again."""
        part = PackagePart.objects.select_related("child").filter(case=case, state="refused").first()
        if part is not None and part.child is not None:
            with self.at(4, 11):
                cases.dispute(part.child, "材料已经更正,请重新核定。", None)

    def decide(self, part: PackagePart, outcome: str, **said: str) -> None:
        """Complete the steps of a part up to its decision."""
        child = part.child
        assert child is not None
        official = self.official(child)
        for step in child.steps.filter(done_at=None).exclude(kind="decision").order_by("id"):
            cases.complete_step(child, step.code, outcome="pass", account=official)
        cases.decide(child, outcome=outcome, account=official, **said)

    def open_parts(self, case: Case) -> list[PackagePart]:
        """Return the parts that are on their way."""
        return list(PackagePart.objects.filter(case=case, state="open").select_related("child").order_by("position"))

    def official(self, case: Case) -> User | None:
        """Return an official of the accountable office who decides there; None lets the platform act where there is no account."""
        office = case.office_id or ""
        if office not in self._officials:
            held = User.objects.filter(agency_id=office, is_active=True, is_staff=True, grants__role="section-head")
            self._officials[office] = held.order_by("pk").first()
        return self._officials[office]
