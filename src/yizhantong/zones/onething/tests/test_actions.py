"""An application is accepted once for the whole package, and closed once."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.onething import actions, queries
from yizhantong.zones.onething.models import Acceptance, Closing

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 7, 5)
DUE = dt.date(2021, 7, 12)
BY = {"account": None, "source": "test"}


def accept(city: SampleCity, **changed: object) -> object:
    given = {"package": "school", "channel": "online", "agencies": 5} | changed
    return actions.accept("YJS-1", *given.values(), division=city.townships[0].code, on=DAY, **BY)  # type: ignore[arg-type]


def close(result: str = "done", on: dt.date = dt.date(2021, 7, 9)) -> object:
    return actions.close("YJS-1", result, visits=0, due_on=DUE, on=on, **BY)


def test_a_closing_takes_package_and_place_from_the_acceptance(sample_city: SampleCity) -> None:
    accept(sample_city)
    closing = close()
    assert isinstance(closing, Closing)
    assert (closing.package, closing.division_id, closing.days) == ("school", sample_city.townships[0].code, 4)


def test_an_application_is_accepted_and_closed_once(sample_city: SampleCity) -> None:
    accept(sample_city)
    with pytest.raises(LedgerError) as accepted:
        accept(sample_city)
    close()
    with pytest.raises(LedgerError) as closed:
        close("refused")
    assert accepted.value.code == closed.value.code == "ledger.key_taken"
    assert (Acceptance.objects.count(), Closing.objects.count()) == (1, 1)


def test_what_was_not_accepted_cannot_be_closed(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        close()
    assert refused.value.code == "onething.not_accepted"


def test_nothing_closes_before_it_was_accepted(sample_city: SampleCity) -> None:
    accept(sample_city)
    with pytest.raises(LedgerError) as refused:
        close(on=dt.date(2021, 7, 4))
    assert refused.value.code == "onething.closed_before_accepted"


def test_only_an_open_application_is_taken_back(sample_city: SampleCity) -> None:
    accept(sample_city)
    close()
    with pytest.raises(LedgerError) as refused:
        actions.take_back_acceptance("YJS-1", reason="重复受理", **BY)
    assert refused.value.code == "onething.already_closed"
    assert queries.acceptance("YJS-1") is not None


def test_an_application_taken_back_can_neither_be_closed_nor_taken_back_again(sample_city: SampleCity) -> None:
    accept(sample_city)
    actions.take_back_acceptance("YJS-1", reason="重复受理", **BY)
    with pytest.raises(LedgerError) as closed:
        close()
    with pytest.raises(LedgerError) as again:
        actions.take_back_acceptance("YJS-1", reason="重复受理", **BY)
    assert closed.value.code == again.value.code == "onething.not_accepted"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"package": "wedding"}, "一件事"), ({"channel": "dove"}, "申请渠道"), ({"agencies": 0}, "联办单位数")],
)
def test_bad_applications_are_refused_by_field(sample_city: SampleCity, changed: dict[str, object], field: str) -> None:
    with pytest.raises(LedgerError) as refused:
        accept(sample_city, **changed)
    assert refused.value.field == field
    assert not Acceptance.objects.exists()
