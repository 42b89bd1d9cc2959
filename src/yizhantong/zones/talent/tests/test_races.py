"""Two at once: the last flat, the last opening, the same instalment, the last money, the same claim.

On both databases: each thread has a connection of its own. ``YZT_RACE_TRIALS`` is how often each is run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from yizhantong.kernel.ledger import sample_load
from yizhantong.testing.committed import committed
from yizhantong.testing.together import raced
from yizhantong.zones.talent.actions import hiring, housing, paying, subsidies
from yizhantong.zones.talent.models import Claim, Flat, Fund, Instalment, Lease, Offer, PayLine, Talent, Vacancy
from yizhantong.zones.talent.tests.conftest import DAY, Town, settle
from yizhantong.zones.talent.tests.test_hiring import candidate, vacancy
from yizhantong.zones.talent.tests.test_housing import estate, waiting
from yizhantong.zones.talent.tests.test_subsidies import awarded

pytestmark = pytest.mark.django_db
TRIALS = int(os.environ.get("YZT_RACE_TRIALS", "5"))


@pytest.fixture(scope="module")
def open_town(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Everybody, committed, so that other connections see them; made once, and gone with the module."""
    with committed(django_db_blocker, tmp_path_factory.mktemp("town")):
        yield settle(sample_load.prepare(DAY))


@pytest.fixture
def _django_db_helper() -> None:
    """Neither wrap a test in a transaction nor empty the database after it: what they write is committed, beside what others wrote."""


def test_the_last_flat_is_offered_once_and_accepted_once(open_town: Town) -> None:
    people = {place.pk: who for who, place in (waiting(open_town) for _ in range(2))}
    [flat] = estate()
    won, lost = raced(*[lambda: housing.offer_next(Flat.objects.get(pk=flat.pk), account=None)] * 3)
    assert (len(won), set(lost)) == (1, {"talent.flat_taken"})
    offer, who = won[0], people[won[0].waiting_id]
    tasks = [
        lambda: housing.accept(Offer.objects.get(pk=offer.pk), account=who),
        lambda: housing.decline(Offer.objects.get(pk=offer.pk), account=who),
    ]
    won, lost = raced(*tasks)
    assert (len(won), lost) == (1, ["talent.offer_settled"])
    assert Lease.objects.count() == Flat.objects.filter(state="let").count() <= 1


def test_the_last_opening_is_filled_once(open_town: Town) -> None:
    for _ in range(TRIALS):
        made = vacancy(open_town, post_openings="1")
        pairs = [candidate(open_town) for _ in range(2)]
        offers = [hiring.offer(hiring.apply(made, resume, account=who), 600_000, account=None) for who, resume in pairs]
        won, lost = raced(*[partial(hiring.accept, o, account=w) for o, (w, _r) in zip(offers, pairs, strict=True)])
        assert (len(won), lost) == (1, ["talent.openings_full"])
        assert Vacancy.objects.get(pk=made.pk).hired == 1


def test_an_instalment_goes_into_one_batch(open_town: Town) -> None:
    for _ in range(TRIALS):
        one = awarded(open_town).instalments.get(ordinal=1)
        won, lost = raced(*[partial(paying.make_batch, [one], account=None)] * 2)
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
        won, lost = raced(*[partial(held_of, key) for key in keys])
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
        won, lost = raced(*[partial(open_town.claim, who)] * 2)
        assert (len(won), lost) == (1, ["talent.claimed_already"])
        assert Claim.objects.filter(person=who.person, live=True).count() == 1
