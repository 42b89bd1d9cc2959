"""Driving one sample application through the real actions, day by day, as far as it shall come."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from yizhantong.foundation.codes import industries
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, CaseStep, PublicNotice
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import applications, reviews
from yizhantong.zones.policies.models import Application, Expert, ExpertReview, PolicyCard
from yizhantong.zones.policies.queries import eligibility

STAGES = (
    "filed", "accepted", matters.FORMAL, "joint", matters.EXPERT, matters.DECIDE, "announced", matters.NOTICE, matters.FUNDS,
)  # fmt: skip
GAP = {
    "accepted": 1,
    matters.FORMAL: 2,
    "joint": 3,
    matters.EXPERT: 3,
    matters.DECIDE: 2,
    "announced": 1,
    matters.NOTICE: 8,
    matters.FUNDS: 2,
}
"""Working days from one stage to the next."""


class Driver:
    """Drives the cases of one sample city; deterministic by its source of randomness."""

    def __init__(self, rng: random.Random, day: dt.date) -> None:
        self.rng, self.day = rng, day
        self.experts = list(Expert.objects.filter(active=True).order_by("pk"))
        self._officials: dict[tuple[str, str], User | None] = {}

    def start_of(self, stage: str) -> dt.date:
        """Return a day so early that ``stage`` is reached on the sample's day at the latest."""
        needed = sum(GAP.get(name, 0) for name in STAGES[: STAGES.index(stage) + 1]) + self.rng.randint(0, 6)
        day = self.day
        while needed:
            day -= dt.timedelta(days=1)
            needed -= calendar.working_calendar().is_working(day)
        return day

    def at(self, day: dt.date) -> Any:
        """Let the city's clock stand in the hours of business of that day."""
        moment = dt.datetime.combine(min(day, self.day), dt.time(9 + self.rng.randint(0, 7), self.rng.randint(0, 59)))
        return clock.at(timezone.make_aware(moment, timezone.get_default_timezone()))

    def file(self, card: PolicyCard, firm: Organisation, account: User | None, day: dt.date) -> Case:
        """Hand an application in."""
        assert card.item is not None
        ready = catalogue.content_of(card.item.current_id or 0)
        known = eligibility.facts_of(firm.pk)
        data = {
            code: self.value(code, element, firm, known.get(element.name))
            for code, (_spec, element) in ready.fields.items()
        }
        given = [
            {"code": spec.code, "mode": "paper", "trust": "B"}
            for spec in ready.content.materials
            if spec.need == "required"
        ]
        with self.at(day):
            return actions.file(
                card.item, applicant=firm, data=data, account=account, materials=given, channel="online"
            )

    def drive(self, case: Case, until: str, day: dt.date) -> dt.date:
        """Go on from a filed case to ``until``; return the day of the last stage."""
        for stage in STAGES[1 : STAGES.index(until) + 1]:
            if stage == matters.EXPERT and not self._open(case, stage):
                continue
            day = calendar.working_calendar().working_day_after(day, GAP[stage])
            with self.at(day):
                self._do(case, stage)
        return day

    def _do(self, case: Case, stage: str) -> None:
        if stage == "accepted":
            actions.accept(case, account=self.official(case.office_id or "", "cases.intake"))
        elif stage == "joint":
            for code in matters.JOINT:
                self.complete(case, code, "pass", "未发现否决情形")
        elif stage == matters.EXPERT:
            self.score(case)
            self.complete(case, stage, "pass", "评审通过")
        elif stage == matters.DECIDE:
            self.decide(case)
        elif stage == "announced":
            application = Application.objects.select_related("card__document", "case", "organisation").get(case=case)
            applications.announce(application, account=self.official(case.office_id or "", "cases.handle"))
        elif stage == matters.NOTICE:
            notice = PublicNotice.objects.get(case=case)
            actions.end_notice(notice, account=self.official(case.office_id or "", "cases.handle"))
            case.refresh_from_db()
        else:
            self.complete(case, stage, "pass", "同意")

    def decide(self, case: Case) -> None:
        """Decide for it; where money is short by rule it is shared out first."""
        application = Application.objects.select_related("card__document", "card__budget", "case").get(case=case)
        if application.card.benefit.get("shortage", "first") != "first":
            applications.share_out(application.card, application.year, account=None)
        self.complete(case, matters.DECIDE, "pass", "符合政策规定,拟予兑现")

    def complete(self, case: Case, code: str, outcome: str, opinion: str) -> None:
        """Complete an open step as somebody of its office."""
        step = CaseStep.objects.get(case=case, code=code, done_at__isnull=True)
        actions.complete_step(
            case, code, outcome=outcome, opinion=opinion, account=self.official(step.office_id, step.permission)
        )

    def score(self, case: Case, count: int = 3) -> None:
        """Let experts score, so that it passes."""
        application = Application.objects.select_related("case", "card").get(case=case)
        sheet = reviews.sheet_of(application)
        for expert in self.experts[:count]:
            review, _made = ExpertReview.objects.get_or_create(
                application=application, expert=expert, defaults={"asked_at": clock.now()}
            )
            scores = {line.code: round(line.most * self.rng.uniform(0.7, 0.95)) for line in sheet.criteria}
            reviews.score(review, scores, opinion="资料完整,方案可行。", independent=True, account=expert.account)

    def official(self, office: str, permission: str) -> User | None:
        """Return somebody of an office who may do that, or None: then the platform does it."""
        key = (office, permission)
        if key not in self._officials:
            users = User.objects.filter(agency_id=office, is_staff=True, is_active=True).order_by("pk")
            found = [user for user in users if policy.reach(user, permission, "policies").includes(office)]
            self._officials[key] = found[0] if found else None
        return self._officials[key]

    def value(self, code: str, element: Element, firm: Organisation, known: Any = None) -> Any:
        """Return what the register knows of a data element, else an invented value."""
        fixed = {
            "organisation_name": firm.name, "account_name": firm.name, "uscc": firm.pk, "bank_name": "演示银行营业部",
            "account_number": f"6228{self.rng.randrange(10**11):011d}", "contact_name": "演示联系人", "contact_phone": "13904160000",
            "high_tech_until": "2023-11-30", "technology_sme_until": "2022-03-31", "lease_until": "2022-12-31",
            "website": "https://example.com", "industry": industries.validate(firm.industry_id or "C3985"),
        }  # fmt: skip
        if code in fixed:
            return fixed[code]
        if element.register.startswith("profile:") and element.kind in ("money", "integer") and known is not None:
            return str(known)
        return next(self._invented(element))

    def _invented(self, element: Element) -> Iterator[Any]:
        if element.kind == "money":
            yield str(self.rng.randrange(200, 9000) * 1000)
        elif element.kind in ("integer", "decimal"):
            most = int(element.maximum) if element.maximum is not None else 60
            yield str(self.rng.randint(3, max(3, min(60, most))))
        elif element.kind == "date":
            yield (self.day - dt.timedelta(days=self.rng.randint(30, 300))).isoformat()
        elif element.kind == "choice":
            yield element.choices[0][0]
        elif element.kind == "choices":
            yield [element.choices[0][0]]
        elif element.kind == "boolean":
            yield "true"
        elif element.kind == "division":
            yield self.rng.choice(["210702", "210703", "210711"])
        else:
            yield f"演示{element.name}"

    @staticmethod
    def _open(case: Case, code: str) -> bool:
        return CaseStep.objects.filter(case=case, code=code, done_at__isnull=True).exists()
