"""The years before (演示数据) as cases: each entry of the sample's ledgers leads to the case that was handled.

For each ledger one case is played through the real actions in place of an entry, which is taken back; the others are written after its
image, with the rows of the zone: talents and their claims, awards with the instalments that were paid and those to come, posts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from yizhantong.kernel.cases.history import Past, copy
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.actions import reverse
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.actions.recognition import rules_for
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import (
    Award,
    Claim,
    Fund,
    Instalment,
    Post,
    Recheck,
    Recognition,
    RuleSet,
    Subsidy,
    Talent,
    Vacancy,
)
from yizhantong.zones.talent.sample_driving import PAYEE, Driver
from yizhantong.zones.talent.schedule import months_after

SOURCE = "sample:talent"
REASON = "演示:登记与平台办件重复,以办件为准"
OPEN_DAYS = 45
"""How long the sample's posts stay open."""


@dataclass
class History:
    """Writes the years before; ``firms`` are the organisations by their code."""

    city: SampleCity
    driver: Driver
    firms: dict[str, Organisation]

    def write(self) -> None:
        """Write everything: people, recognitions, subsidies, posts."""
        facts = list(in_force(Recognition.objects.all()).order_by("occurred_on", "id"))
        people = self._people(facts)
        self._recognitions(facts, people)
        self._subsidies()
        self._posts()

    # --- recognition -------------------------------------------------------------------------------------------------

    def _people(self, facts: Sequence[Recognition]) -> dict[str, int]:
        """Invent a person for every code; return their ids by code."""
        rng = self.city.rng("talent.people")
        codes = list(dict.fromkeys(fact.talent for fact in facts))
        last = Person.objects.aggregate(last=Max("pk"))["last"] or 0
        made = [
            Person(name=self.city.name_of_person(rng), division_id=tree.root(), demonstration=True) for _code in codes
        ]
        Person.objects.bulk_create(made)
        ids = Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        return dict(zip(codes, ids, strict=True))

    def _recognitions(self, facts: Sequence[Recognition], people: dict[str, int]) -> None:
        employed = self.firms
        paid = set(in_force(Subsidy.objects.all()).order_by().values_list("talent", flat=True))
        often = Counter(fact.talent for fact in facts)
        first = next(
            fact for fact in facts
            if fact.category == "E" and fact.talent not in paid and often[fact.talent] == 1 and fact.occurred_on.year == self.city.day.year
        )  # fmt: skip
        with self.driver.at(first.occurred_on, 9):
            person = Person.objects.get(pk=people[first.talent])
            case = self.driver.file("recognition", person, self.driver.claim_of("E", employed[first.employer_id]))
        with self.driver.at(first.occurred_on, 15):
            model = self.driver.grant(case, "formal", "decide")
        take_back(first)
        others = [fact for fact in facts if fact is not first]
        copy(model, (_asked(fact.number, fact.occurred_on, fact.division_id, person=people[fact.talent], data={
            "talent_class": fact.category, "talent_employer": fact.employer_id,
        }) for fact in others), source=SOURCE)  # fmt: skip
        ids = dict(Case.objects.filter(zone="talent", item="talent.recognition").values_list("number", "pk"))
        talents = self._talents(others, people)
        sets: dict[int, RuleSet] = {
            year: rules_for(dt.date(year, 12, 31)) for year in {fact.occurred_on.year for fact in others}
        }
        Claim.objects.bulk_create(
            Claim(
                case_id=ids[fact.number], rules=sets[fact.occurred_on.year], employer_id=fact.employer_id, talent=talents[fact.talent],
                wanted=fact.category, reached=fact.category, granted=fact.category, person_id=people[fact.talent], live=False,
            )
            for fact in others
        )  # fmt: skip

    def _talents(self, facts: Iterable[Recognition], people: dict[str, int]) -> dict[str, Talent]:
        latest = {fact.talent: fact for fact in facts}
        Talent.objects.bulk_create(
            Talent(
                person_id=people[code], code=code, category=fact.category, employer_id=fact.employer_id, number=fact.number,
                since=fact.occurred_on, valid_until=fact.valid_until,
            )
            for code, fact in latest.items()
        )  # fmt: skip
        return {talent.code: talent for talent in Talent.objects.filter(code__in=latest)}

    # --- subsidies ---------------------------------------------------------------------------------------------------

    def _subsidies(self) -> None:
        """Write an award for each person and kind of the ledger, with what was paid and what is to come."""
        rows: dict[tuple[str, str], list[Subsidy]] = {}
        for fact in in_force(Subsidy.objects.all()).order_by("occurred_on", "id"):
            rows.setdefault((fact.talent, fact.kind), []).append(fact)
        talents = {one.code: one for one in Talent.objects.select_related("person")}
        model = self._model_subsidy(talents, {code for code, _kind in rows})
        funds = {fund.year: fund for fund in Fund.objects.all()}
        numbers = {
            key: f"BT-{paid[0].occurred_on.year}-{place:05d}"
            for place, (key, paid) in enumerate(sorted(rows.items()), 1)
        }
        copy(model, (
            _asked(numbers[key], paid[0].occurred_on, paid[0].division_id, person=talents[key[0]].person_id, data={"talent_subsidy": key[1]})
            for key, paid in sorted(rows.items())
        ), source=SOURCE)  # fmt: skip
        ids = dict(Case.objects.filter(zone="talent", item="talent.subsidy").values_list("number", "pk"))
        awards = [self._award(key, paid, ids[numbers[key]], talents[key[0]]) for key, paid in sorted(rows.items())]
        Award.objects.bulk_create(awards)
        made = {(award.talent_id, award.kind): award for award in Award.objects.exclude(case=model)}
        dues = [
            due
            for key, paid in sorted(rows.items())
            for due in self._dues(made[talents[key[0]].pk, key[1]], paid, funds)
        ]
        Instalment.objects.bulk_create(dues)
        for fund in funds.values():
            fund.paid_fen += sum(due.amount_fen for due in dues if due.fund_id == fund.pk)
            fund.save(update_fields=["paid_fen"])
        self._rechecks(rows, talents)

    def _model_subsidy(self, talents: dict[str, Talent], paid: set[str]) -> Case:
        """Play one subsidy to its grant, of somebody whom the ledger has not paid: its first instalment waits for a batch."""
        someone = next(one for one in talents.values() if one.code not in paid and one.category == "E")
        data = {
            "person_phone": "13904160002",
            "talent_subsidy": "living",
            "account_holder_person": someone.person.name,
        } | PAYEE
        with self.driver.at(self.driver.ago(20), 9):
            case = self.driver.file("subsidy", someone.person, data)
        with self.driver.at(self.driver.ago(18), 15):
            return self.driver.grant(case, "formal", "decide")

    @staticmethod
    def _award(key: tuple[str, str], paid: list[Subsidy], case: int, talent: Talent) -> Award:
        return Award(
            case_id=case, talent=talent, kind=key[1], category=paid[-1].category, division_id=paid[0].division_id,
            state=Award.State.RUNNING, total_fen=paid[0].amount_fen * _count(key[1], paid[0].category), holder=talent.person.name,
            bank=PAYEE["bank_name"], account_number=PAYEE["account_number"], tail=PAYEE["account_number"][-4:],
            granted_on=paid[0].occurred_on,
        )  # fmt: skip

    @staticmethod
    def _dues(award: Award, paid: list[Subsidy], funds: dict[int, Fund]) -> Iterable[Instalment]:
        for fact in paid:
            yield Instalment(
                award=award, ordinal=fact.instalment, due_on=fact.occurred_on, amount_fen=fact.amount_fen, state=Instalment.State.PAID,
                fund=funds[fact.occurred_on.year], paid_on=fact.occurred_on, fact=fact.pk,
            )  # fmt: skip
        for place in range(len(paid), _count(award.kind, paid[0].category)):
            yield Instalment(
                award=award, ordinal=place + 1, amount_fen=paid[-1].amount_fen,
                due_on=months_after(paid[-1].occurred_on, 12 * (place - len(paid) + 1)),
            )  # fmt: skip

    def _rechecks(self, rows: dict[tuple[str, str], list[Subsidy]], talents: dict[str, Talent]) -> None:
        """Write this year's passed check of those who were paid this year and recognised before it."""
        year = self.city.day.year
        paid = {
            code: facts[-1].occurred_on for (code, _kind), facts in rows.items() if facts[-1].occurred_on.year == year
        }
        Recheck.objects.bulk_create(
            Recheck(
                talent=talents[code], year=year, state=Recheck.State.PASSED, employed=True, resident=True, evidence="社会保险缴费记录(演示)",
                due_on=dt.date(year, settings().recheck_month, 30), done_at=_moment(day, 8),
            )
            for code, day in sorted(paid.items())
            if talents[code].since.year < year
        )  # fmt: skip

    # --- posts -------------------------------------------------------------------------------------------------------

    def _posts(self) -> None:
        facts = list(in_force(Post.objects.all()).order_by("occurred_on", "id"))
        first = facts[-40]
        model = self.play_post(first, self.firms[first.employer_id])
        others = [fact for fact in facts if fact is not first]
        copy(model, (
            _asked(fact.number, fact.occurred_on, fact.division_id, organisation=fact.employer_id, data={"post_title": fact.title})
            for fact in others
        ), source=SOURCE)  # fmt: skip
        ids = dict(Case.objects.filter(zone="talent", item="talent.post").values_list("number", "pk"))
        Vacancy.objects.bulk_create(self._vacancy(fact, ids[fact.number]) for fact in others)

    def _vacancy(self, fact: Post, case: int) -> Vacancy:
        closes = fact.occurred_on + dt.timedelta(days=OPEN_DAYS)
        return Vacancy(
            case_id=case, number=fact.number, employer_id=fact.employer_id, division_id=fact.division_id, title=fact.title,
            occupation=fact.title, education=fact.education, skills=[], duties="", openings=fact.openings, pay_fen=fact.pay_fen,
            pay_to_fen=fact.pay_fen * 3 // 2, published_on=fact.occurred_on, closes_on=closes,
            state=Vacancy.State.OPEN if closes >= self.city.day else Vacancy.State.CLOSED,
        )  # fmt: skip

    def play_post(self, fact: Post, firm: Organisation, **more: str) -> Case:
        """Publish a post through the real actions in place of an entry of the ledger, on its day."""
        pay = fact.pay_fen // 100
        data = {
            "contact_name": "演示联系人", "contact_phone": "13904160001", "post_title": fact.title, "post_occupation": fact.title,
            "post_education": fact.education, "post_openings": str(fact.openings), "post_pay": str(pay), "post_pay_to": str(pay * 3 // 2),
            "post_duties": "按岗位说明书履行职责。", "post_closes_on": (self.city.day + dt.timedelta(days=OPEN_DAYS)).isoformat(),
        }  # fmt: skip
        with self.driver.at(fact.occurred_on, 9):
            case = self.driver.file("post", firm, data | more)
        with self.driver.at(fact.occurred_on, 15):
            made = self.driver.grant(case, "decide")
        take_back(fact)
        return made


def take_back(fact: Fact) -> None:
    """Take an entry back in favour of the case that was played in its place."""
    reverse(fact, account=None, reason=REASON, source="sample", by_owner=True)


def _count(kind: str, category: str) -> int:
    plan = settings().plan(kind, category)
    assert plan is not None, "the sample pays what the city's table pays"
    return plan.instalments


def _asked(
    number: str, day: dt.date, division: str, *, person: int | None = None, organisation: str | None = None, data: dict[str, str]
) -> Past:  # fmt: skip
    return Past(
        number=number, person=person, organisation=organisation, division=division, submitted_at=_moment(day, 8), accepted_at=_moment(day, 9),
        closed_at=_moment(day, 16), data=data,
    )  # fmt: skip


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)), timezone.get_default_timezone())


__all__ = ["History", "take_back"]
