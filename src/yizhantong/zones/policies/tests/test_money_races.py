"""Two at once, on the database in use: the last of a budget, the last place, one group, one application a year."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction

from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import matters, sample_documents
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.models import Application, Budget, PolicyCard
from yizhantong.zones.policies.queries import eligibility
from yizhantong.zones.policies.sample_driving import Driver

pytestmark = pytest.mark.django_db(transaction=True)
TRIALS = 12


@pytest.fixture
def driver(transactional_db: None) -> Iterator[Driver]:
    eligibility.rules_of.cache_clear()
    eligibility.benefit_of.cache_clear()
    city = sample_load.prepare(sample_load.sample_day())
    load_calendar()
    sample_documents.load()
    yield Driver(city.rng("races"), city.day)
    tree.forget()
    clock._demonstration_day.cache_clear()


def at_once(*work: Callable[[], object]) -> list[str]:
    """Run all at once, each on a connection of its own; return ``done`` or the code of the refusal, sorted."""
    start, said = Barrier(len(work)), []

    def run(one: Callable[[], object]) -> None:
        start.wait(20)
        try:
            said.append(_tried(one))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


def _tried(one: Callable[[], object]) -> str:
    """Run one; a test database in memory (SQLite) refuses a locked table at once instead of waiting, so it is tried again."""
    for _attempt in range(400):
        try:
            one()
        except CaseError as error:
            return error.code
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.02)
        else:
            return "done"
    return "gave up"


def card(title: str) -> PolicyCard:
    return eligibility.offered().select_related("budget", "stacking").get(title=title)


def firms(of: PolicyCard) -> list[Organisation]:
    assert of.item is not None
    return [Organisation.objects.get(pk=one) for one in eligibility.matching(of.item.current_id or 0)[:2]]


def test_the_last_of_a_budget_goes_to_exactly_one(driver: Driver) -> None:
    office = Organisation.objects.filter(kind="agency").order_by("pk")[0]
    for trial in range(TRIALS):
        budget = budgets.open_budget(
            f"R-{trial}", "竞争", year=2021, office=office, total_fen=150, account=None, source="test"
        )
        said = at_once(*[lambda held=budget: budgets.move(held, "reserve", 100, account=None, source="test")] * 2)
        assert said == ["done", "policies.budget_short"]
        budget.refresh_from_db()
        assert budget.reserved_fen == 100


def test_two_decisions_over_the_last_of_a_budget(driver: Driver) -> None:
    chosen = card("首次升规企业奖励")
    day = driver.start_of(matters.DECIDE)
    cases = [driver.file(chosen, firm, None, day) for firm in firms(chosen)]
    for case in cases:
        driver.drive(case, "joint", day)
    Budget.objects.filter(pk=chosen.budget_id).update(total_fen=15_000_000)
    said = at_once(*[
        lambda case=case: actions.complete_step(case, matters.DECIDE, outcome="pass", opinion="同意", account=None) for case in cases
    ])  # fmt: skip
    assert said == ["done", "policies.budget_short"]
    assert sorted(Application.objects.values_list("money", flat=True)) == ["none", "reserved"]


def test_one_enterprise_applies_twice_at_once(driver: Driver) -> None:
    chosen = card("首次升规企业奖励")
    firm = firms(chosen)[0]
    said = at_once(*[lambda: driver.file(chosen, firm, None, dt.date(2021, 8, 16))] * 2)
    assert said == ["done", "policies.applied_already"]
    assert Application.objects.filter(card=chosen, live=True).count() == 1


def test_the_last_place_of_a_quota_is_taken_once(driver: Driver) -> None:
    chosen = card("首次升规企业奖励")
    budgets.set_quota(chosen, 2021, 1, account=None)
    said = at_once(*[lambda: _place(chosen)] * 2)
    assert said == ["done", "policies.quota_used_up"]


def _place(chosen: PolicyCard) -> None:
    with transaction.atomic():
        budgets.take_places(chosen, 2021, 1)
