"""The sample city is made by one function, whichever command asks: what is there stays, what lacks is made."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.tasks import issue
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sample_load import SampleReport
from yizhantong.project import samples, zones
from yizhantong.project.accounts import SAMPLE_ACCOUNTS
from yizhantong.project.cli import cli

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 8, 16)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the rooms were asked to make; the records and the cases have tests of their own."""
    seen: list[Any] = []

    def load(day: dt.date, scale: int, progress: Any = None) -> SampleReport:
        seen.append(("records", day, scale))
        City.objects.update(demonstration_day=day)
        return SampleReport(loaded=True, day=day, facts={"a.b": 7})

    def play(day: dt.date) -> dict[str, int]:
        seen.append(("cases", day))
        return {"policies": 0 if seen.count(("cases", day)) > 1 else 3}

    monkeypatch.setattr(sample_load, "load_sample", load)
    monkeypatch.setattr(zones, "play_cases", play)
    load_city()
    return seen


def test_records_accounts_and_cases_are_made_once(asked: list[Any]) -> None:
    first = json.loads(CliRunner().invoke(cli, ["sample", "--json", "--scale", "2"]).output)
    assert first == {"day": "2021-08-16", "facts": 7, "accounts": len(SAMPLE_ACCOUNTS), "cases": {"policies": 3}}
    assert asked == [("records", DAY, 2), ("cases", DAY)]
    assert "没有改动" in CliRunner().invoke(cli, ["sample"]).output
    assert [what for what, *_ in asked] == ["records", "cases", "cases"]


def test_cases_are_played_up_to_the_day_on_which_the_city_stands(asked: list[Any]) -> None:
    CliRunner().invoke(cli, ["sample", "--day", "2021-07-01"])
    made = samples.fill(DAY)
    assert (made.day, made.changed) == (dt.date(2021, 7, 1), False)
    assert asked[1:] == [("cases", dt.date(2021, 7, 1))] * 2


def test_a_city_with_facts_of_its_own_is_left_alone(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> SampleReport:
        raise LedgerError("sample.city_in_use", "已有非演示的事实")

    monkeypatch.setattr(sample_load, "load_sample", refuse)
    done = CliRunner().invoke(cli, ["sample"])
    assert done.exit_code == 2
    assert "已有非演示的事实" in done.output
    assert not User.objects.exists()
    assert asked == []


def test_papers_wait_for_people_but_not_those_of_a_case_between_two_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "between_cities", lambda: {1})
    for case in (1, 2):
        issue.enqueue(case=case, paper="decision")
    samples._let_papers_wait()
    due = Job.objects.filter(task=issue.module_path, run_after__lte=timezone.now())
    assert [job.given["kwargs"]["case"] for job in due] == [1]
