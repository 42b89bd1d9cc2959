"""Two at once: the last flat, the last opening, the same instalment, the last money, the same claim.

Run where each thread has a connection of its own: on PostgreSQL (``YZT_TEST_DATABASE=postgres``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.tests.test_races import at_once
from yizhantong.zones.talent.actions import hiring, housing, paying, subsidies
from yizhantong.zones.talent.models import Claim, Flat, Fund, Instalment, Lease, Offer, PayLine, Talent, Vacancy
from yizhantong.zones.talent.tests.conftest import DAY, Town, settle
from yizhantong.zones.talent.tests.test_hiring import candidate, vacancy
from yizhantong.zones.talent.tests.test_housing import estate, waiting
from yizhantong.zones.talent.tests.test_subsidies import awarded

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="a SQLite database in memory has one connection for all threads"
    ),
]
TRIALS = 5


@pytest.fixture
def open_town(transactional_db: None) -> Iterator[Town]:
    """Everybody, committed, so that other connections see them."""
    made = sample_load.prepare(DAY)
    yield settle(made)
    for forget in (tree.forget, catalogue.forget, elements.forget, clock._demonstration_day.cache_clear):
        forget()


def raced(*tasks: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Run tasks together; return what succeeded and what was refused."""
    results = at_once(*tasks)
    return [r for r in results if not isinstance(r, Exception)], [r for r in results if isinstance(r, Exception)]


def test_the_last_flat_is_offered_once_and_accepted_once(open_town: Town) -> None:
    people = {place.pk: who for who, place in (waiting(open_town) for _ in range(2))}
    [flat] = estate()
    won, lost = raced(*[lambda: housing.offer_next(Flat.objects.get(pk=flat.pk), account=None)] * 3)
    assert (len(won), {error.code for error in lost}) == (1, {"talent.flat_taken"}), lost  # type: ignore[attr-defined]
    offer, who = won[0], people[won[0].waiting_id]
    tasks = [
        lambda: housing.accept(Offer.objects.get(pk=offer.pk), account=who),
        lambda: housing.decline(Offer.objects.get(pk=offer.pk), account=who),
    ]
    won, lost = raced(*tasks)
    assert (len(won), [error.code for error in lost]) == (1, ["talent.offer_settled"]), lost  # type: ignore[attr-defined]
    assert Lease.objects.count() == Flat.objects.filter(state="let").count() <= 1


def test_the_last_opening_is_filled_once(open_town: Town) -> None:
    for _ in range(TRIALS):
        made = vacancy(open_town, post_openings="1")
        pairs = [candidate(open_town) for _ in range(2)]
        offers = [hiring.offer(hiring.apply(made, resume, account=who), 600_000, account=None) for who, resume in pairs]
        won, lost = raced(
            *[lambda o=o, w=w: hiring.accept(o, account=w) for o, (w, _r) in zip(offers, pairs, strict=True)]
        )
        assert (len(won), [error.code for error in lost]) == (1, ["talent.openings_full"]), lost  # type: ignore[attr-defined]
        assert Vacancy.objects.get(pk=made.pk).hired == 1


def test_an_instalment_goes_into_one_batch(open_town: Town) -> None:
    for _ in range(TRIALS):
        one = awarded(open_town).instalments.get(ordinal=1)
        won, lost = raced(*[lambda k=one.pk: paying.make_batch([Instalment.objects.get(pk=k)], account=None)] * 2)
        assert len(won) == 1, lost
        assert PayLine.objects.filter(instalment=one).count() == 1


def test_the_last_money_of_a_fund_is_held_once(open_town: Town) -> None:
    for _ in range(TRIALS):
        pair = [awarded(open_town) for _ in range(2)]
        ones = [award.instalments.get(ordinal=1) for award in pair]
        for one in ones:
            with transaction.atomic():
                subsidies.release(one)
            one.state = Instalment.State.PLANNED
            one.save(update_fields=["state", "fund"])
        fund = Fund.objects.get(year=DAY.year)
        Fund.objects.filter(pk=fund.pk).update(total_fen=fund.held_fen + fund.paid_fen + ones[0].amount_fen)
        keys = [award.talent_id for award in pair]
        won, lost = raced(*[lambda k=k: held_of(k) for k in keys])
        assert (sorted(won), lost) == ([0, 1], [])
        after = Fund.objects.get(pk=fund.pk)
        assert after.free_fen == 0
        Fund.objects.filter(pk=fund.pk).update(total_fen=fund.total_fen + ones[0].amount_fen)


def held_of(talent: int) -> int:
    """Hold what is due to a talent this year, in a transaction of its own."""
    with transaction.atomic():
        return subsidies.hold_of_year(Talent.objects.get(pk=talent), DAY.year)


def test_the_same_claim_twice_is_one(open_town: Town) -> None:
    for _ in range(TRIALS):
        who = open_town.somebody()
        won, lost = raced(*[lambda w=who: open_town.claim(w)] * 2)
        assert (len(won), [error.code for error in lost]) == (1, ["talent.claimed_already"]), lost  # type: ignore[attr-defined]
        assert Claim.objects.filter(person=who.person, live=True).count() == 1
