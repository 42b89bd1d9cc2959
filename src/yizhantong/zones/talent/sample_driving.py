"""Driving the sample's applications of this zone through the real actions, with the city's clock on their days (演示数据)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case, CaseStep, PublicNotice
from yizhantong.kernel.divisions import calendar, clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.models import Organisation, Person

CLAIM = {
    "person_phone": "13904160002", "talent_born_on": "1990-03-01", "talent_class": "E", "talent_hired_on": "2020-07-01",
    "talent_degree": "硕士", "talent_title": "无", "talent_skill": "无", "talent_honour": "无",
}  # fmt: skip
BY_CLASS: dict[str, dict[str, str]] = {
    "A": {"talent_honour": "两院院士"}, "B": {"talent_honour": "中华技能大奖"}, "C": {"talent_honour": "全国技术能手"},
    "D": {"talent_title": "正高级"}, "E": {"talent_title": "副高级"}, "F": {"talent_title": "中级", "talent_degree": "学士"},
}  # fmt: skip
PAYEE = {"bank_name": "演示银行营业部", "account_number": "6228480000001234567"}


class Driver:
    """Files and drives; deterministic by its source of randomness but for what the platform draws itself."""

    def __init__(self, rng: random.Random, day: dt.date, officer: User | None) -> None:
        self.rng, self.day, self.officer = rng, day, officer
        self.items = {
            item.code.partition(".")[2]: item for item in Item.objects.filter(zone="talent").select_related("current")
        }

    def at(self, day: dt.date, hour: int = 0) -> Any:
        """Let the city's clock stand in the hours of business of a day, never after the sample's day."""
        moment = dt.datetime.combine(
            min(day, self.day), dt.time(hour or self.rng.randint(9, 16), self.rng.randint(0, 59))
        )
        return clock.at(timezone.make_aware(moment, timezone.get_default_timezone()))

    def ago(self, days: int) -> dt.date:
        """Return the working day at or before so many days ago."""
        day = self.day - dt.timedelta(days=days)
        while not calendar.working_calendar().is_working(day):
            day -= dt.timedelta(days=1)
        return day

    def file(self, item: str, applicant: Organisation | Person, data: Mapping[str, Any]) -> Case:
        """Hand an application in at the counter's side: materials were seen."""
        known = (
            {"organisation_name": applicant.name}
            if isinstance(applicant, Organisation)
            else {"person_name": applicant.name}
        )
        current = self.items[item].current
        assert current is not None
        given = [{"code": one["code"], "mode": "paper", "trust": "B"} for one in current.content["materials"]]
        return cases.file(self.items[item], applicant=applicant, data=known | dict(data), materials=given, account=None)

    def claim_of(self, category: str, employer: Organisation) -> dict[str, str]:
        """Return the form of somebody who reaches a class by this year's rules."""
        return CLAIM | {"talent_class": category, "talent_employer": employer.pk} | BY_CLASS[category]

    def accept(self, case: Case) -> Case:
        """Accept a case."""
        return cases.accept(case, account=self.officer)

    def step(self, case: Case, code: str, outcome: str = "pass", opinion: str = "符合条件", law: str = "") -> Case:
        """Complete a step that is open, as the officer."""
        details = {"law": law} if law else None
        return cases.complete_step(case, code, outcome=outcome, opinion=opinion, account=self.officer, details=details)

    def grant(self, case: Case, *codes: str) -> Case:
        """Accept a case and let its steps pass, as far as they are open, on one day."""
        self.accept(case)
        for code in codes:
            if CaseStep.objects.filter(case=case, code=code, done_at=None).exists():
                self.step(case, code)
        return Case.objects.get(pk=case.pk)

    def announce(self, case: Case) -> PublicNotice:
        """Put a case on public notice."""
        return cases.open_notice(
            case, title=f"{case.title}公示", body="现予公示,如有异议请在公示期内提出。", account=self.officer
        )
