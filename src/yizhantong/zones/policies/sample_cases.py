"""About sixty invented applications of the sample city in every state, played through the real actions (演示数据).

Among them: a public notice running and one with an objection, a batch paid by the bank's return file with one failure, a list of
an automatic card that leaves its budget nearly spent, an application refused by the veto of an office.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, PublicNotice
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.policies import bankfiles, matters, sample_documents, settings
from yizhantong.zones.policies.actions import automatic, experts, payments
from yizhantong.zones.policies.models import Application, Candidate, PaymentBatch, PolicyCard
from yizhantong.zones.policies.queries import eligibility
from yizhantong.zones.policies.sample_driving import Driver

EXPERTS = {"zhuanjia1": "装备制造", "zhuanjia2": "化工与材料", "zhuanjia3": "科技金融"}
# how many applications end up in each stage
PLAN = {
    "draft": 3, "filed": 4, "supplement": 3, "not_accepted": 2, "accepted": 5, matters.FORMAL: 5, "vetoed": 3, "joint": 5,
    "refused": 2, matters.DECIDE: 3, "announced": 5, "objected": 1, matters.NOTICE: 4, matters.FUNDS: 14, "withdrawn": 2,
}  # fmt: skip
AGENT = "演示代办人"
AUTOMATIC = "小微企业一次性经营补助"


def play(city: SampleCity) -> int:
    """Play all of it; return how many cases there are. Does nothing where cases of this zone are already."""
    if Case.objects.filter(zone="policies").exists():
        return 0
    sample_documents.load(city.day.year)
    for username, field in EXPERTS.items():
        expert = User.objects.filter(username=username).first()
        if expert is not None:
            experts.enlist(expert, field)
    Stage(city).all()
    return Case.objects.filter(zone="policies").count()


class Stage:
    """The play: which enterprise applies for what, and how far it comes."""

    def __init__(self, city: SampleCity) -> None:
        self.city = city
        self.rng = city.rng("policies.cases")
        self.driver = Driver(self.rng, city.day)
        self.cards = self._cards()
        self.waiting: dict[int, list[str]] = defaultdict(list)
        self.clerk = User.objects.filter(username="caizheng").first()
        self._own()

    def all(self) -> None:
        """Play every part."""
        for stage, count in PLAN.items():
            for place in range(count):
                _PARTS.get(stage, Stage.simple)(self, stage, place)
        self.batch()
        self.offers()

    # --- parts --------------------------------------------------------------------------------------------------------

    def simple(self, stage: str, place: int) -> Case:
        """File an application and bring it to ``stage``."""
        day = self.driver.start_of(stage)
        case = self.filed(place, day)
        self.driver.drive(case, stage, day)
        return case

    def draft(self, _stage: str, place: int) -> None:
        """Begin an application and leave it."""
        card, firm = self.choose(place)
        assert card.item is not None
        with self.driver.at(self.city.day):
            actions.draft(card.item, applicant=firm, account=None, data={"organisation_name": firm.name})

    def supplement(self, _stage: str, place: int) -> None:
        """Be asked for what is missing."""
        day = self.driver.start_of("accepted")
        case = self.filed(place, day)
        with self.driver.at(day):
            defects = [{"kind": "other", "code": "", "text": "请补充项目负责人签字的说明"}]
            actions.ask_supplement(case, defects, account=self.driver.official(case.office_id or "", "cases.intake"))

    def not_accepted(self, _stage: str, place: int) -> None:
        """Be told that it is not accepted, and why."""
        day = self.driver.start_of("accepted")
        case = self.filed(place, day)
        with self.driver.at(day):
            actions.refuse_acceptance(
                case, reason="申报主体不属于本政策惠及对象", law=case.item.name,
                account=self.driver.official(case.office_id or "", "cases.intake"),
            )  # fmt: skip

    def vetoed(self, _stage: str, place: int) -> None:
        """Fail at the veto of one of the joint offices."""
        day = self.driver.start_of("joint")
        case = self.filed(place, day)
        day = self.driver.drive(case, matters.FORMAL, day)
        with self.driver.at(day):
            self.driver.complete(case, list(matters.JOINT)[place % 3], "fail", "存在否决情形:近三年受到行政处罚(演示)")

    def refused(self, _stage: str, place: int) -> None:
        """Be decided against."""
        day = self.driver.start_of(matters.DECIDE)
        case = self.filed(place, day, experts=False)
        day = self.driver.drive(case, "joint", day)
        with self.driver.at(day):
            self.driver.complete(case, matters.DECIDE, "fail", "申报内容与提供的凭证不一致")

    def objected(self, _stage: str, place: int) -> None:
        """Have somebody object to the public notice."""
        case = self.simple("announced", place)
        notice = PublicNotice.objects.get(case=case)
        with self.driver.at(max(notice.first_day, self.city.day)):
            if notice.first_day <= self.city.day <= notice.last_day:
                actions.object_to(notice, name="演示异议人", contact="13904169999", text="该企业设备为租赁,并非购置。")

    def withdrawn(self, _stage: str, place: int) -> None:
        """Take it back."""
        day = self.driver.start_of("joint")
        case = self.filed(place, day)
        day = self.driver.drive(case, matters.FORMAL, day)
        with self.driver.at(day):
            actions.withdraw(case, "企业调整申报计划", None)

    def batch(self) -> None:
        """Pay most of what waits in one batch; one payment fails at the bank, another batch is being made."""
        waiting = list(
            Application.objects.filter(money="committed", case__steps__code=matters.PAYMENT).order_by("id").distinct()
        )
        finance = Organisation.objects.get(pk=settings.offices()["finance"])
        with self.driver.at(self.city.day):
            made = payments.make_batch(
                waiting[:-3], office=finance, account=User.objects.filter(username="fuhe").first()
            )
            if self.clerk is None:
                return
            payments.approve_batch(made, account=self.clerk)
            payments.send_batch(made, "csv", account=self.clerk)
            payments.take_return(made, self.returned(made), "演示回单.csv", account=self.clerk)

    def returned(self, batch: PaymentBatch) -> bytes:
        """Return the bank's file: all paid but the last."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(bankfiles.RETURN_HEADINGS)
        lines = list(batch.lines.order_by("ordinal"))
        for line in lines:
            failed = line is lines[-1]
            amount = f"{line.amount_fen // 100}.{line.amount_fen % 100:02d}"
            said = (
                ["失败", "", self.city.day, "账户状态异常(演示)"]
                if failed
                else ["成功", f"YH{line.pk:08d}", self.city.day, ""]
            )
            writer.writerow([batch.number, line.ordinal, line.number, amount, *said])
        return text.getvalue().encode()

    def offers(self) -> None:
        """Make a list of an automatic card, checked, with some enterprises that have confirmed and one that declined."""
        card = next(card for card in eligibility.offered().select_related("budget") if card.title == AUTOMATIC)
        day = self.city.day - dt.timedelta(days=6)
        with self.driver.at(day):
            made = automatic.make_list(card, self.city.day.year, account=None)
            checked = automatic.check_list(made, account=None)
        for place, one in enumerate(checked.candidates.order_by("id")[:4]):
            person = self.person_of(one)
            with self.driver.at(self.city.day):
                if place == 3:
                    automatic.decline(one, "不再需要", account=person)
                else:
                    number = f"6228{self.rng.randrange(10**11):011d}"
                    automatic.confirm(one, holder=one.organisation.name, bank="演示银行", number=number, account=person)

    # --- who and what -------------------------------------------------------------------------------------------------

    def person_of(self, one: Candidate) -> User:
        """Return an invented agent's account without a password, who holds a mandate of the enterprise."""
        person, _made = Person.objects.get_or_create(name=AGENT, division_id=tree.root(), demonstration=True)
        account, _made = User.objects.get_or_create(
            username="sample-agent", defaults={"display_name": AGENT, "person": person}
        )
        since = self.city.day - dt.timedelta(days=30)
        Mandate.objects.get_or_create(organisation=one.organisation, person=person, defaults={"valid_from": since})
        return account

    def filed(self, place: int, day: dt.date, *, experts: bool = True) -> Case:
        """File an application of an enterprise that nothing speaks against."""
        card, firm = self.choose(place, day, experts=experts)
        return self.driver.file(card, firm, None, day)

    def choose(
        self, place: int, day: dt.date | None = None, *, experts: bool = True
    ) -> tuple[PolicyCard, Organisation]:
        """Return a card whose window is open that day, and an enterprise that matches and has not applied for it."""
        when = day or self.city.day
        able = [
            card for card in self.cards
            if card.window_start and card.window_end and card.window_start <= when <= card.window_end
            and self.waiting[card.pk] and (card.benefit.get("experts") is None or (experts and len(self.driver.experts) >= 3))
        ]  # fmt: skip
        card = able[(place * 7 + self.rng.randrange(3)) % len(able)]
        firm = Organisation.objects.get(pk=self.waiting[card.pk].pop(0))
        return card, firm

    def _cards(self) -> list[PolicyCard]:
        found = [card for card in eligibility.offered() if card.policy_class == "apply"]
        return sorted(found, key=lambda card: card.number)

    def _own(self) -> None:
        """Let each card have its matching enterprises, the ones of each stacking group kept apart."""
        used: dict[str, set[str]] = defaultdict(set)
        for card in self.cards:
            assert card.item is not None
            group = used[card.stacking_id or card.number]
            matching = [one for one in eligibility.matching(card.item.current_id or 0) if one not in group]
            self.waiting[card.pk] = matching[:12]
            group.update(self.waiting[card.pk])


_PARTS: dict[str, Callable[[Stage, str, int], object]] = {
    "draft": Stage.draft, "supplement": Stage.supplement, "not_accepted": Stage.not_accepted, "vetoed": Stage.vetoed,
    "refused": Stage.refused, "objected": Stage.objected, "withdrawn": Stage.withdrawn,
}  # fmt: skip
