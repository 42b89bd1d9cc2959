"""The sample city goes into an empty city, once, and is sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.models import City
from yizhantong.kernel.ledger import actions, declare, sample_load
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Segment
from yizhantong.kernel.ledger.sampling import Batch, SampleCity, spread
from yizhantong.kernel.ledger.tests.trial import TRIAL, Trial, signing
from yizhantong.kernel.ledger.verify import verify

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 8, 16)


def invent(city: SampleCity) -> Iterator[Batch]:
    rng = city.rng("trial")
    rows = [signing(n, occurred_on=city.day_between(rng, dt.date(2021, 1, 1))) for n in range(200 * city.scale)]
    rows.append(signing(500, occurred_on=city.day))
    rows.append(signing(500, occurred_on=city.day, reverses=len(rows) - 1))
    yield Batch(TRIAL.code, rows)


@pytest.fixture
def empty(trial_table: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(sample_load, "makers", lambda: iter([("trial", invent)]))
    monkeypatch.setitem(declare._LEDGERS, TRIAL.code, TRIAL)
    tree.forget()
    yield TRIAL
    tree.forget()
    clock._demonstration_day.cache_clear()


def test_a_sample_is_backdated_sealed_and_sets_the_citys_day(empty: Ledger) -> None:
    report = sample_load.load_sample(DAY)
    assert (report.loaded, report.total) == (True, 202)
    assert clock.today() == DAY
    assert City.objects.get().demonstration_day == DAY
    latest = timezone.make_aware(dt.datetime.combine(DAY, dt.time(20)))
    originals = {fact.pk: fact for fact in Trial.objects.all()}
    for fact in originals.values():
        assert timezone.localtime(fact.recorded_at).date() == fact.occurred_on
        assert fact.recorded_at <= latest
        assert fact.reverses_id is None or fact.recorded_at > originals[fact.reverses_id].recorded_at
    assert Segment.objects.get(ledger=TRIAL.code).count == 202
    assert verify(empty).ok


def test_the_same_sample_again_is_left_alone(empty: Ledger) -> None:
    sample_load.load_sample(DAY)
    before = list(Trial.objects.values())
    assert not sample_load.load_sample(DAY).loaded
    assert list(Trial.objects.values()) == before


def test_it_is_the_same_every_time(empty: Ledger) -> None:
    city = sample_load.prepare(DAY)
    assert [list(batch.rows) for batch in invent(city)] == [list(batch.rows) for batch in invent(SampleCity(day=DAY))]


def test_a_city_with_facts_of_its_own_is_refused(empty: Ledger) -> None:
    sample_load.prepare(DAY)
    actions.record(empty, signing(1), account=None, source="form:clerk")
    with pytest.raises(LedgerError) as error:
        sample_load.load_sample(DAY)
    assert error.value.code == "sample.city_in_use"
    assert Trial.objects.count() == 1


def test_a_scale_multiplies_the_records(empty: Ledger) -> None:
    assert sample_load.load_sample(DAY, scale=2).total == 402


def test_zones_that_invent_records_are_found() -> None:
    assert all(callable(make) for _name, make in sample_load.makers())


@pytest.mark.parametrize(
    ("total", "parts", "low", "high"), [(100, 7, 0, None), (100, 7, 10, 20), (0, 3, 0, None), (5, 5, 1, 1)]
)
def test_a_total_is_spread_within_its_bounds(total: int, parts: int, low: int, high: int | None) -> None:
    shares = spread(SampleCity(day=DAY).rng("x"), total, parts, low, high)
    assert (sum(shares), len(shares)) == (total, parts)
    assert all(low <= share <= (total if high is None else high) for share in shares)


def test_a_total_that_cannot_be_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot spread"):
        spread(SampleCity(day=DAY).rng("x"), 10, 2, 6)
