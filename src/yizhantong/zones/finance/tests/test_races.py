"""At once: the last place of a grab, drawing the last of a contract, two contracts for one need, the same file twice.

On both databases: each thread has a connection of its own. ``YZT_RACE_TRIALS`` is how often each is run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import sample_load
from yizhantong.testing.committed import committed
from yizhantong.testing.together import raced
from yizhantong.zones.finance.actions import authorising, dealing, lending, looking, needs, offering
from yizhantong.zones.finance.actions.bankfiles import import_file
from yizhantong.zones.finance.models import Credit, Drawdown, Engagement, Listing
from yizhantong.zones.finance.tests.conftest import WAN, Market, settle
from yizhantong.zones.finance.tests.test_bankfiles import csv_of

pytestmark = pytest.mark.django_db
TRIALS = int(os.environ.get("YZT_RACE_TRIALS", "6"))


@pytest.fixture(scope="module")
def open_market(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    """Everybody, committed, so that other connections see them; made once, and gone with the module."""
    with committed(django_db_blocker, tmp_path_factory.mktemp("market")):
        yield settle(sample_load.prepare(sample_load.sample_day()))


@pytest.fixture
def _django_db_helper() -> None:
    """Neither wrap a test in a transaction nor empty the database after it: what they write is committed, beside what others wrote."""


def again(one: Engagement) -> Engagement:
    """Return the dealing as another connection reads it."""
    return Engagement.objects.select_related("listing", "bank").get(pk=one.pk)


def test_of_many_banks_as_many_get_the_need_as_there_are_places(open_market: Market) -> None:
    for trial in range(TRIALS):
        listing = open_market.published()
        places = 1 + trial % 3
        offering.open_to_grab(listing, places, account=open_market.office)
        rows = [Listing.objects.get(pk=listing.pk) for _ in open_market.officers]
        tasks = [
            partial(offering.grab, row, account=officer)
            for row, officer in zip(rows, open_market.officers, strict=True)
        ]
        won, lost = raced(*tasks)
        assert len(won) == places == Engagement.objects.filter(listing=listing).count()
        assert set(lost) <= {"finance.no_place"}


def test_a_contract_is_never_drawn_beyond(open_market: Market) -> None:
    officer, day = open_market.officers[0], open_market.city.day
    for trial in range(TRIALS):
        one = open_market.brought("signed", wan=100)
        by = {"on": day, "account": officer}
        tasks = [partial(lending.draw, again(one), f"RA-{trial}-{n}", 60 * WAN, **by) for n in range(3)]
        won, lost = raced(*tasks)
        assert (len(won), lost) == (1, ["finance.drawn_above_contract"] * 2)
        assert again(one).drawn_fen == 60 * WAN == Drawdown.objects.get(credit_number=one.credit_number).amount_fen


def test_two_drawdowns_do_not_exceed_the_credit_together(open_market: Market) -> None:
    officer, day = open_market.officers[0], open_market.city.day
    for trial in range(TRIALS):
        one = open_market.brought("signed", wan=100)
        left = 40 * WAN
        lending.draw(again(one), f"RC-{trial}", 100 * WAN - left, on=day, account=officer)
        amounts = (left, 1 + trial * WAN)
        tasks = [
            partial(lending.draw, again(one), f"RC-{trial}-{n}", amount, on=day, account=officer)
            for n, amount in enumerate(amounts)
        ]
        won, lost = raced(*tasks)
        assert (len(won), lost) == (1, ["finance.drawn_above_contract"])
        recorded = [row.amount_fen for row in Drawdown.objects.filter(credit_number=one.credit_number)]
        assert sum(recorded) == again(one).drawn_fen == 100 * WAN - left + won[0].amount_fen <= 100 * WAN


def test_contracts_of_two_banks_at_once_stay_within_the_need(open_market: Market) -> None:
    day = open_market.city.day
    for trial in range(TRIALS):
        listing = open_market.published(100)
        both = [open_market.brought("granted", wan=100, bank=bank, listing=listing) for bank in (0, 1)]
        tasks = [
            partial(
                dealing.sign, again(one), f"RS-{trial}-{n}", 60 * WAN, on=day, account=open_market.officers[n]
            )
            for n, one in enumerate(both)
        ]  # fmt: skip
        won, lost = raced(*tasks)
        assert (len(won), lost) == (1, ["finance.contract_above_need"])
        assert Listing.objects.get(pk=listing.pk).contracted_fen == 60 * WAN


def test_the_same_file_twice_at_once_is_recorded_once(open_market: Market) -> None:
    bank, officer = open_market.banks[0], open_market.officers[0]
    for trial in range(TRIALS):
        one = open_market.brought("signed", wan=100)
        content = csv_of(open_market, one, ("放款", f"RF-{trial}", "300000"), ("放款", f"RG-{trial}", "200000"))
        won, lost = raced(*[partial(import_file, content, "f.csv", bank=bank, account=officer)] * 2)
        assert not lost
        assert sorted((made.recorded, made.unchanged, made.failed) for made in won) == [(0, 2, 0), (2, 0, 0)]
        assert again(one).drawn_fen == 50 * WAN


def test_granting_and_withdrawing_at_once_leave_one_truth(open_market: Market) -> None:
    for _ in range(TRIALS):
        one = open_market.brought("diligence", wan=100)
        row, listing = again(one), Listing.objects.get(pk=one.listing_id)
        by = {"rate_bp": 435, "term_months": 12, "account": open_market.officers[0]}
        won, lost = raced(
            lambda row=row, by=by: dealing.grant(row, 100 * WAN, **by),
            lambda listing=listing: needs.withdraw(listing, "不需要了", account=open_market.asker),
        )
        assert set(lost) <= {"finance.wrong_state"}
        assert len(won) + len(lost) == 2
        assert Listing.objects.get(pk=one.listing_id).ending == "withdrawn"
        assert Credit.objects.filter(need_number=one.listing.number, sign=1).count() == len(won) - 1
        assert again(one).state == "off"


def test_contact_and_falling_back_at_once_leave_one_of_both(open_market: Market) -> None:
    for _ in range(TRIALS):
        one = open_market.taken()
        Engagement.objects.filter(pk=one.pk).update(due_at=clock.now())
        row = again(one)
        won, lost = raced(
            lambda row=row: dealing.contact(row, "已联系", account=open_market.officers[0]), lambda: dealing.lapse()
        )
        state = again(one).state
        assert state in ("contacted", "missed")
        assert set(lost) <= {"finance.wrong_state", "finance.contact_late"}
        assert won


def test_no_look_succeeds_after_the_withdrawal_was_told(open_market: Market) -> None:
    one = open_market.taken()
    for _ in range(TRIALS):
        row = authorising.authorise(
            open_market.firm, purpose="approval", groups=["tax"], banks=[open_market.banks[0]], listing=one.listing,
            account=open_market.asker,
        )  # fmt: skip
        raced(
            lambda row=row: authorising.withdraw(row, account=open_market.asker),
            lambda: looking.look(again(one).listing, account=open_market.officers[0]),
        )
        assert looking.lookable(one.listing, open_market.officers[0]) == {}
