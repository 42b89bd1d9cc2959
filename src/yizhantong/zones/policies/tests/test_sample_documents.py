"""The documents of the city's folder are whole: every card has an item whose content is right, and the register agrees."""

from __future__ import annotations

from collections import Counter

import pytest

from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.policies import sample_documents
from yizhantong.zones.policies.models import Budget, BudgetEntry, PolicyCard, PolicyDocument
from yizhantong.zones.policies.queries import policy

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(sample_city: SampleCity) -> SampleCity:
    """The city with its documents."""
    sample_documents.load()
    return sample_city


def test_every_class_is_there_in_the_page_s_numbers(loaded: SampleCity) -> None:
    online = PolicyCard.objects.filter(state="published")
    assert Counter(online.values_list("policy_class", flat=True)) == {"apply": 34, "automatic": 9, "notice": 23}
    assert online.filter(online_apply=True, online_approve=True).count() == 31


def test_what_is_applied_for_has_an_item_in_force_and_a_budget(loaded: SampleCity) -> None:
    cards = PolicyCard.objects.filter(state="published").exclude(policy_class="notice").select_related("item")
    assert all(card.item is not None and card.item.current_id and card.budget_id for card in cards)


def test_every_card_online_stands_in_the_register(loaded: SampleCity) -> None:
    for card in PolicyCard.objects.filter(state="published").select_related("document"):
        found = policy(card.number)
        assert found is not None
        assert (found.title, found.document, found.policy_class) == (
            card.title,
            card.document.document,
            card.policy_class,
        )


def test_standards_of_all_kinds_and_shortages_occur(loaded: SampleCity) -> None:
    benefits = list(PolicyCard.objects.values_list("benefit", flat=True))
    assert {one["standard"]["kind"] for one in benefits if "standard" in one} == {"fixed", "ratio", "ladder", "cap"}
    assert {one["shortage"] for one in benefits} == {"first", "proportional", "best"}


def test_what_ran_out_is_marked_so(loaded: SampleCity) -> None:
    gone = PolicyDocument.objects.get(state="expired")
    assert set(gone.cards.values_list("state", flat=True)) == {"withdrawn"}


def test_budgets_are_granted_by_facts_and_loading_again_changes_nothing(loaded: SampleCity) -> None:
    before = (PolicyCard.objects.count(), BudgetEntry.objects.count())
    sample_documents.load()
    assert (PolicyCard.objects.count(), BudgetEntry.objects.count()) == before
    for budget in Budget.objects.all():
        granted = sum(
            BudgetEntry.objects.filter(budget_code=budget.code, kind="grant").values_list("amount_fen", flat=True)
        )
        assert granted == budget.total_fen
