"""Only villages that take part report; what only a slip of the unit explains is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.ledger.actions import record_many
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.villages import actions, queries
from yizhantong.zones.villages.figures import REPORTS
from yizhantong.zones.villages.models import CleanupReport
from yizhantong.zones.villages.rules import NOES, implausible

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 5, 6)
AMOUNTS = {
    "person_times": 60, "vehicle_times": 20, "waste_kg": 44_000, "ponds": 1, "ditch_m": 2_000, "manure_kg": 9_000,
    "straw_piles": 4, "dung_piles": 3, "debris_piles": 2,
}  # fmt: skip


@pytest.fixture
def village(sample_city: SampleCity) -> str:
    code = sample_city.villages[-1].code
    actions.enrol(code, "village", confirmed=True, on=dt.date(2021, 4, 1), **BY)
    return code


def report(village: str, number: str = "QJ-1", on: dt.date = DAY, **changed: int) -> Any:
    return actions.report(number, village, amounts=AMOUNTS | changed, first_time=True, on=on, **BY)


def test_a_report_adds_up_its_heaps_and_knows_its_township(village: str) -> None:
    fact = report(village)
    assert fact.piles == 9
    assert village.startswith(fact.township_id)
    assert fact.unit_id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"waste_kg": 44}, "villages.implausible"),
        ({"waste_kg": 44_000_000}, "villages.implausible"),
        ({"vehicle_times": 0}, "villages.implausible"),
        ({"ponds": -1}, "villages.negative"),
        ({"manure": 3}, "ledger.unknown_column"),
    ],
)
def test_impossible_reports_are_refused(village: str, changed: dict[str, int], code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        report(village, **changed)
    assert refused.value.code == code
    assert not CleanupReport.objects.exists()


def test_no_waste_needs_no_trips() -> None:
    assert implausible({"vehicle_times": 0, "waste_kg": 0}) == ""
    assert implausible({"vehicle_times": 3, "waste_kg": 0}) == ""


def test_a_village_outside_the_campaign_does_not_report(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        report(sample_city.villages[0].code)
    assert refused.value.code == "villages.no_member"


def test_villages_are_never_invented(sample_city: SampleCity) -> None:
    for code in ("210781999999", sample_city.townships[0].code):
        with pytest.raises(LedgerError) as refused:
            actions.enrol(code, "village", confirmed=True, on=DAY, **BY)
        assert refused.value.code == "villages.unknown"


def test_nothing_is_reported_before_the_village_took_part(village: str) -> None:
    with pytest.raises(LedgerError) as refused:
        report(village, on=dt.date(2021, 3, 31))
    assert refused.value.code == "villages.before_entry"


def test_a_village_that_left_reports_no_more_and_may_come_back(village: str) -> None:
    actions.leave(village, reason="整村搬迁", on=dt.date(2021, 6, 1), **BY)
    with pytest.raises(LedgerError) as refused:
        report(village)
    assert refused.value.code == "villages.no_member"
    actions.enrol(village, "village", confirmed=True, on=dt.date(2021, 7, 1), **BY)
    assert queries.membership(village) is not None


def test_a_number_is_used_again_only_after_it_was_taken_back(village: str) -> None:
    report(village)
    with pytest.raises(LedgerError) as refused:
        report(village, on=dt.date(2021, 5, 7))
    assert refused.value.code == "ledger.key_taken"
    actions.take_back_report("QJ-1", reason="台次有误", **BY)
    assert report(village, vehicle_times=22).vehicle_times == 22


def test_an_inspection_passes_when_all_five_noes_hold(village: str) -> None:
    noes = dict.fromkeys(NOES, True)
    assert actions.inspect("JC-1", village, "city", noes=noes, on=DAY, **BY).passed  # type: ignore[attr-defined]
    failed = actions.inspect("JC-2", village, "city", noes=noes | {"no_sewage": False}, on=DAY, **BY)
    assert failed.passed is False  # type: ignore[attr-defined]


def test_an_inspection_looks_at_all_five(village: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.inspect("JC-1", village, "city", noes={"no_sewage": True}, on=DAY, **BY)
    assert refused.value.code == "ledger.missing"


@pytest.mark.parametrize(
    ("changed", "code"), [({"township_id": "210702002"}, "villages.township"), ({"unit_id": "210702"}, "villages.unit")]
)
def test_an_imported_line_names_the_village_s_own_township_and_unit(
    village: str, changed: dict[str, str], code: str
) -> None:
    place = queries.membership(village)
    assert place is not None
    line = AMOUNTS | {"division_id": village, "township_id": place.township_id, "unit_id": place.unit_id}
    line |= {"occurred_on": DAY, "report": "QJ-1", "piles": 9, "first_time": True}  # type: ignore[operator]
    with pytest.raises(LedgerError) as refused:
        record_many(REPORTS, [line, line | changed | {"report": "QJ-2"}], source="test")
    assert (refused.value.code, refused.value.row) == (code, 1)
    assert not CleanupReport.objects.exists()
