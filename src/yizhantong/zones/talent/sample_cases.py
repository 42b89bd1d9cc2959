"""The talent service of the sample city played through the real actions (演示数据): some dozens of cases in every state.

What the ledgers of the years before hold gets its cases by :mod:`~yizhantong.zones.talent.sample_history`. What is recognised, paid
or published here takes the place of an entry of the same sort, which is taken back in red letters: so every figure stays.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.people import mandated
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent import load
from yizhantong.zones.talent.actions import (
    paying,
    recognition,
    subsidies,
)
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import (
    Instalment,
    Recognition,
    Subsidy,
    Talent,
)
from yizhantong.zones.talent.sample_driving import PAYEE, Driver
from yizhantong.zones.talent.sample_history import History, take_back
from yizhantong.zones.talent.sample_services import Services

WANTED = ("rencai", "rencai2", "jumin", "qiye", "zhuanjia1", "zhuanjia2", "zhuanjia3")


def play(city: SampleCity) -> int:
    """Play all of it; return how many cases there are. Does nothing where cases of this zone are already, or accounts are missing."""
    load.load()
    people = {user.username: user for user in User.objects.filter(username__in=WANTED).select_related("person")}
    if Case.objects.filter(zone="talent").exists() or len(people) < len(WANTED) or not Recognition.objects.exists():
        return 0
    Stage(city, people).all()
    return Case.objects.filter(zone="talent").count()


@dataclass
class Stage:
    """The play: who asks for what, and how far it comes."""

    city: SampleCity
    people: dict[str, User]
    driver: Driver = field(init=False)
    firms: list[Organisation] = field(init=False)
    own: list[Organisation] = field(init=False)
    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.driver = Driver(self.city.rng("talent.cases"), self.city.day, self.people["rencai"])
        self.firms = list(self.city.organisations("enterprise"))
        codes = mandated(self.people["qiye"])
        self.own = [firm for firm in self.firms if firm.pk in codes] or self.firms[:2]
        self.history = History(self.city, self.driver, {firm.pk: firm for firm in self.firms})

    def all(self) -> None:
        """Play every part."""
        for row in settings().funds:
            with self.driver.at(dt.date(row["year"], 1, 4)):
                subsidies.grant_fund(row["year"], row["yuan"] * 100, account=None)
        with self.driver.at(self.city.day, 19):
            self.history.write()
        self.claims()
        self.money()
        Services(self.city, self.people, self.driver, self.firms, self.own, self.history).all()
        self.unchecked()

    # --- recognition ---------------------------------------------------------------------------------------------------

    def person(self, name: str = "") -> Person:
        """Invent a person who has not been in the ledgers."""
        called = name or self.city.name_of_person(self.driver.rng)
        return Person.objects.create(name=called, division_id=self.firms[0].division_id, demonstration=True)

    def claims(self) -> None:
        """Bring claims as far as each state; those that are granted take the place of entries of the same class."""
        for ago, category in ((1, "E"), (2, "F")):
            self.claim(category, ago)
        for ago, category in ((6, "D"), (7, "F")):
            self.claim(category, ago, "accepted")
        self.claim("E", 9, "formal")
        self.claim("C", 12, "announced")
        self.refused_claim()
        with self.driver.at(self.driver.ago(5)):
            cases.withdraw(self.claim("D", 8, "accepted"), "用人单位调整", None)
        resident = self.people["jumin"].person
        assert resident is not None
        for category, person in (("E", resident), ("D", None), ("F", None)):
            self.take_place(category)
            self.claim(category, 30, "granted", person)
        with self.driver.at(self.city.day, 8):
            recognition.open_rechecks(self.city.day.year, account=self.people["rencai"])

    def claim(self, category: str, ago: int, until: str = "", person: Person | None = None) -> Case:
        """File a claim and bring it as far as a state."""
        employer = self.own[0] if person is not None else self.driver.rng.choice(self.firms)
        day = self.driver.ago(ago)
        with self.driver.at(day, 9):
            case = self.driver.file("recognition", person or self.person(), self.driver.claim_of(category, employer))
        if not until:
            return case
        with self.driver.at(day, 11):
            self.driver.accept(case)
        if until == "accepted":
            return case
        with self.driver.at(self.driver.ago(max(ago - 2, 0)), 10):
            self.driver.step(case, "formal")
            if until == "announced":
                self.driver.announce(case)
            if until == "granted":
                self.driver.step(case, "decide")
        return Case.objects.get(pk=case.pk)

    def refused_claim(self) -> None:
        """Refuse somebody whom no rule of his class admits."""
        case = self.claim("F", 14, "accepted")
        worse = self.person()
        with self.driver.at(self.driver.ago(13), 9):
            data = self.driver.claim_of("D", self.firms[3]) | {"talent_title": "初级", "talent_degree": "学士"}
            other = self.driver.file("recognition", worse, data)
        with self.driver.at(self.driver.ago(12), 10):
            self.driver.grant(other, "formal")
            self.driver.step(other, "decide", "fail", "学位和职称不符合 D 类条件", "地方人才分类认定办法(待核)")
            self.driver.step(case, "formal")

    def take_place(self, category: str) -> None:
        """Take back an entry of this year and class of somebody who was not paid: a claim is played in its place."""
        paid = in_force(Subsidy.objects.all()).order_by().values("talent")
        busy = Talent.objects.filter(awards__isnull=False).values("code")
        rows = in_force(
            Recognition.objects.filter(
                category=category, number__startswith="RC-", occurred_on__year=self.city.day.year
            )
        )
        for fact in rows.exclude(talent__in=paid).exclude(talent__in=busy).order_by("id"):
            if Recognition.objects.filter(talent=fact.talent).count() == 1:
                take_back(fact)
                Talent.objects.filter(code=fact.talent).update(state=Talent.State.LOST)
                return

    # --- money ---------------------------------------------------------------------------------------------------------

    def money(self) -> None:
        """Ask for subsidies, hold instalments, pay a batch by the bank's return file, send another, make a third."""
        officer = self.people["rencai"]
        resident = self.people["jumin"].person
        assert resident is not None
        self.subsidy(resident, "living", 20, "granted")
        waiting = Talent.objects.filter(awards__isnull=True, state="holds", category__in="DE").exclude(person=resident)
        for talent, until in zip(
            waiting.select_related("person").order_by("-since", "pk")[:5],
            ("", "accepted", "granted", "granted", "granted"),
            strict=True,
        ):
            self.subsidy(talent.person, "living", 12, until)
        self.paid_batch()
        with self.driver.at(self.driver.ago(1), 15):
            ready = Instalment.objects.filter(state=Instalment.State.READY, due_on__lte=self.city.day, lines=None)
            paying.make_batch(ready.exclude(award__talent__person=resident)[:2], account=officer)

    def unchecked(self) -> None:
        """Grant subsidies to some who were recognised in earlier years: their first instalments wait for this year's check."""
        rows = Talent.objects.filter(
            rechecks__state="open", rechecks__year=self.city.day.year, awards=None, category__in="DE"
        )
        for talent in rows.select_related("person").order_by("-since", "pk")[:4]:
            self.subsidy(talent.person, "living", 10, "granted")

    def subsidy(self, person: Person, kind: str, ago: int, until: str) -> Case:
        """Ask for a subsidy and bring it as far as a state."""
        data = {"person_phone": "13904160002", "talent_subsidy": kind, "account_holder_person": person.name} | PAYEE
        with self.driver.at(self.driver.ago(ago), 9):
            case = self.driver.file("subsidy", person, data)
        with self.driver.at(self.driver.ago(ago - 1), 10):
            if until == "accepted":
                self.driver.accept(case)
            elif until == "granted":
                return self.driver.grant(case, "formal", "decide")
        return case

    def paid_batch(self) -> None:
        """Pay some instalments of this year anew, by a batch: their entries are taken back before, and the bank's word makes them again."""
        officer = self.people["rencai"]
        chosen = list(
            Instalment.objects.filter(state=Instalment.State.PAID, paid_on__year=self.city.day.year, paid_on__lte=self.driver.ago(5), lines=None)
            .select_related("fund").order_by("-paid_on", "pk")[:6]
        )  # fmt: skip
        for one in chosen:
            assert one.fund is not None
            take_back(Subsidy.objects.get(pk=one.fact or 0))
            fund = one.fund
            fund.refresh_from_db()
            fund.paid_fen -= one.amount_fen
            fund.held_fen += one.amount_fen
            fund.save(update_fields=["paid_fen", "held_fen"])
            one.state, one.fact, one.paid_on = Instalment.State.READY, None, None
            one.save(update_fields=["state", "fact", "paid_on"])
        with self.driver.at(self.driver.ago(3), 9):
            batch = paying.make_batch(chosen, account=officer)
        with self.driver.at(self.driver.ago(3), 11):
            paying.approve_batch(batch, account=self.people["rencai2"])
            paying.send_batch(batch, "csv", account=officer)
        day = self.driver.ago(2)
        with self.driver.at(day, 15):
            paying.take_return(batch, self.returned(batch.number, chosen, day), "回单.csv", account=officer)

    def returned(self, number: str, chosen: list[Instalment], day: dt.date) -> bytes:
        """Return what the bank says of a batch: all paid."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("批次号", "序号", "收款账号", "金额(元)", "结果", "银行流水号", "日期", "失败原因"))
        for place, one in enumerate(sorted(chosen, key=lambda due: due.pk), 1):
            amount = f"{one.amount_fen // 100}.{one.amount_fen % 100:02d}"
            writer.writerow(
                (
                    number,
                    place,
                    PAYEE["account_number"][-4:],
                    amount,
                    "成功",
                    f"YH{day:%Y%m%d}{place:04d}",
                    day.isoformat(),
                    "",
                )
            )
        return text.getvalue().encode()
