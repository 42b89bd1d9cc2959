"""Budgets: whatever is tried in whatever order, the totals agree with the facts and nothing is overdrawn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.figures import BUDGETS
from yizhantong.zones.policies.models import Budget, BudgetEntry
from yizhantong.zones.policies.tests.conftest import Office

pytestmark = pytest.mark.django_db
BY = {"account": None, "source": "test"}
KINDS = [kind for kind in BudgetEntry.Kind.values if kind != "grant"]


def recomputed(budget: Budget) -> dict[str, int]:
    """Return the totals that the facts give."""
    found = dict.fromkeys(("total_fen", "reserved_fen", "committed_fen", "paid_fen", "recovered_fen"), 0)
    for kind, fen in BudgetEntry.objects.filter(budget_code=budget.code).values_list("kind", "amount_fen"):
        for column, sign in budgets.EFFECTS[kind].items():
            found[column] += sign * fen
    return found


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 1200)), max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_agree_with_facts_and_are_never_exceeded(office: Office, moves: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        budget = budgets.open_budget("T-1", "试验资金", year=2021, office=office.finance, total_fen=1000, **BY)
        for kind, fen in moves:
            with suppress(PolicyError), transaction.atomic():
                budgets.move(budget, kind, fen, **BY)
            budget.refresh_from_db()
            assert {name: getattr(budget, name) for name in recomputed(budget)} == recomputed(budget)
            assert budget.reserved_fen + budget.committed_fen + budget.paid_fen <= budget.total_fen
            assert min(budget.reserved_fen, budget.committed_fen, budget.paid_fen, budget.free_fen) >= 0
        transaction.set_rollback(True)


def test_the_database_itself_refuses_an_overdrawn_budget(office: Office) -> None:
    budget = budgets.open_budget("T-2", "试验资金", year=2021, office=office.finance, total_fen=1000, **BY)
    for wrong in (
        {"reserved_fen": 1001},
        {"paid_fen": 600, "committed_fen": 401},
        {"reserved_fen": -1},
        {"recovered_fen": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Budget.objects.filter(pk=budget.pk).update(**wrong)


def test_movements_are_written_by_their_actions_alone(office: Office) -> None:
    budgets.open_budget("T-3", "试验资金", year=2021, office=office.finance, total_fen=1000, **BY)
    fact = BudgetEntry.objects.get(budget_code="T-3")
    with pytest.raises(LedgerError) as refused:
        reverse(fact, account=None, reason="x")
    with pytest.raises(LedgerError) as recorded:
        record(BUDGETS, {"division_id": "2107", "occurred_on": office.city.day}, account=None, source="test")
    assert refused.value.code == recorded.value.code == "ledger.through_its_zone"


def test_only_who_manages_the_money_grants_it(office: Office, refused: Callable[..., str]) -> None:
    with pytest.raises(policy.Refused):
        budgets.open_budget("T-4", "试验", year=2021, office=office.finance, total_fen=5, account=office.clerk)
    budget = budgets.open_budget("T-4", "试验", year=2021, office=office.finance, total_fen=5, account=office.treasurer)
    assert BudgetEntry.objects.get(budget_code="T-4").source == "form:treasurer"
    given_ = {"year": 2021, "office": office.finance, "total_fen": 5, "account": office.treasurer}
    assert refused(budgets.open_budget, "T-4", "再开", **given_) == "policies.budget_taken"
    assert refused(budgets.grant_more, budget, 5, reason=" ", account=office.treasurer) == "policies.reason"
    assert budgets.grant_more(budget, 5, reason="追加批文", account=office.treasurer).total_fen == 10


def test_a_budget_of_another_year_is_not_carried_over(office: Office, refused: Callable[..., str]) -> None:
    case = office.brought("首次升规企业奖励", "joint")
    application = office.money(case)
    application.approved_fen = 100
    application.card.budget.year = 2020
    application.card.budget.save()
    code = refused(budgets.reserve, application, **BY)
    application.card.budget.year = 2021
    application.card.budget.save()
    assert code == "policies.budget_year"


def test_a_quota_is_not_exceeded_and_not_cut_below_what_is_taken(office: Office, refused: Callable[..., str]) -> None:
    card = office.card("首次升规企业奖励")
    budgets.set_quota(card, 2021, 2, account=None)
    budgets.take_places(card, 2021, 2)
    assert refused(budgets.take_places, card, 2021, 1) == "policies.quota_used_up"
    assert refused(budgets.set_quota, card, 2021, 1, account=None) == "policies.quota_below_taken"
    budgets.take_places(card, 2021, -2)
