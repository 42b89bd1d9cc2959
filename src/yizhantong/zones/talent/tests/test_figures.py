"""The sample's figures count people once, and this year's money only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yizhantong.zones.talent.models import Post, Recognition, Subsidy

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def found(shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    return shown("talent")


def test_people_recognised_twice_count_once(found: dict[str, str]) -> None:
    assert Recognition.objects.count() == 412
    assert (found["recognised"], found["high_level"]) == ("400名", "37名")


def test_posts_and_openings_are_two_things(found: dict[str, str]) -> None:
    this_year = Post.objects.filter(occurred_on__year=2021)
    assert found["posts"] == f"{this_year.count()}个" == "1286个"
    assert found["openings"] == f"{sum(this_year.values_list('openings', flat=True))}人"


def test_money_a_head_is_money_over_heads(found: dict[str, str]) -> None:
    paid = Subsidy.objects.filter(occurred_on__year=2021, sign=1, reversal__isnull=True)
    fen, heads = sum(paid.values_list("amount_fen", flat=True)), paid.values("talent").distinct().count()
    assert found["subsidised"] == f"{heads}名" == "214名"
    assert found["subsidies_paid"] == f"{fen / 1_000_000:.2f}万元"
    assert found["subsidy_each"] == f"{fen / heads / 100:.0f}元"


def test_nobody_is_paid_before_being_recognised(found: dict[str, str]) -> None:
    first = {}
    for row in Recognition.objects.order_by("-occurred_on"):
        first[row.talent] = row.occurred_on
    assert all(first[row.talent] <= row.occurred_on for row in Subsidy.objects.all())
