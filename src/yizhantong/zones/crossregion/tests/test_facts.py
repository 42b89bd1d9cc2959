"""A handover goes to or comes from another city, and ends once."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.crossregion import queries
from yizhantong.zones.crossregion.actions import facts as actions
from yizhantong.zones.crossregion.models import Closing, Handover

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 5, 10)
ELSEWHERE = ("110100", "外地示例市")
BY = {"account": None, "source": "test"}


def hand_over(city: SampleCity, mode: str = "proxy", other: tuple[str, str] = ELSEWHERE) -> object:
    return actions.hand_over("TB-1", "失业登记", mode, "sent", other, division=city.units[0].code, on=DAY, **BY)


def test_a_handover_is_closed_with_its_mode_and_days(sample_city: SampleCity) -> None:
    hand_over(sample_city)
    closing = actions.close("TB-1", "done", on=dt.date(2021, 5, 14), **BY)
    assert isinstance(closing, Closing)
    assert (closing.mode, closing.direction, closing.days) == ("proxy", "sent", 4)


def test_a_handover_within_the_city_is_none(sample_city: SampleCity) -> None:
    own = sample_city.units[0]
    with pytest.raises(LedgerError) as refused:
        hand_over(sample_city, other=(own.code, own.name))
    assert refused.value.code == "crossregion.same_city"
    assert not Handover.objects.exists()


def test_a_handover_ends_once_and_not_before_it_began(sample_city: SampleCity) -> None:
    hand_over(sample_city)
    with pytest.raises(LedgerError) as early:
        actions.close("TB-1", "done", on=dt.date(2021, 5, 9), **BY)
    actions.close("TB-1", "returned", on=DAY, **BY)
    with pytest.raises(LedgerError) as twice:
        actions.close("TB-1", "done", on=DAY, **BY)
    closing = queries.closing("TB-1")
    assert (early.value.code, twice.value.code) == ("crossregion.closed_before_handed_over", "ledger.key_taken")
    assert closing is not None
    assert closing.result == "returned"


def test_what_was_not_handed_over_cannot_be_closed(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.close("TB-404", "done", on=DAY, **BY)
    assert refused.value.code == "crossregion.not_handed_over"


def test_an_unknown_mode_is_refused(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        hand_over(sample_city, mode="pigeon")
    assert refused.value.field == "通办模式"
