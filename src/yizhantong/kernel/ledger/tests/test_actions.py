"""Recording and taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger import actions
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.tests.trial import Trial, signing

pytestmark = pytest.mark.django_db


def balance() -> int:
    return Trial.objects.aggregate(total=models.Sum(models.F("sign") * models.F("contract_fen")))["total"] or 0


def test_a_fact_carries_who_when_and_whence(trial: Ledger, official: Callable[..., User]) -> None:
    clerk = official("clerk", "ledger.record")
    fact = actions.record(trial, signing(1, share=Decimal("0.5")), account=clerk, source="form:clerk")
    kept = Trial.objects.get(pk=fact.pk)
    assert (kept.sign, kept.recorded_by, kept.source, kept.share) == (1, clerk, "form:clerk", Decimal("0.5000"))
    assert kept.recorded_at.tzinfo is not None


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"occurred_on": dt.date(2999, 1, 1)}, "ledger.future", "发生日期"),
        ({"occurred_on": dt.date(2019, 12, 31)}, "ledger.before_earliest", "发生日期"),
        ({"occurred_on": "2021-03-01"}, "ledger.type", "发生日期"),
        ({"occurred_on": dt.datetime(2021, 3, 1)}, "ledger.type", "发生日期"),
        ({"division_id": "999999"}, "ledger.division_unknown", "区划"),
        ({"division_id": None}, "ledger.missing", "区划"),
        ({"project": "X1"}, "ledger.invalid", "项目编号"),
        ({"project": ""}, "ledger.missing", "项目编号"),
        ({"name": "长" * 41}, "ledger.too_long", "项目名称"),
        ({"name": "a\x00b"}, "ledger.text", "项目名称"),
        ({"name": "\ud800"}, "ledger.text", "项目名称"),
        ({"contract_fen": 1.5}, "ledger.type", "合同额"),
        ({"contract_fen": True}, "ledger.type", "合同额"),
        ({"contract_fen": 1 << 63}, "ledger.range", "合同额"),
        ({"chapter": "none"}, "ledger.choice", "篇章"),
        ({"industry_id": "Z999"}, "ledger.reference_unknown", "行业"),
        ({"foreign": 1}, "ledger.type", "外资"),
        ({"share": Decimal("0.00001")}, "ledger.scale", "占比"),
        ({"share": Decimal("NaN")}, "ledger.range", "占比"),
        ({"met_at": dt.datetime(2021, 3, 1)}, "ledger.type", "洽谈时间"),
        ({"colour": "red"}, "ledger.unknown_column", "colour"),
        ({"sign": -1}, "ledger.unknown_column", "sign"),
        ({"recorded_at": dt.datetime(2020, 3, 1, tzinfo=dt.UTC)}, "ledger.unknown_column", "recorded_at"),
    ],
)
def test_a_wrong_value_is_refused_by_both_ways_and_nothing_is_written(
    trial: Ledger, values: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(LedgerError) as single:
        actions.record(trial, signing(1, **values), account=None, source="test")
    with pytest.raises(LedgerError) as bulk:
        actions.record_many(trial, [signing(2), signing(1, **values)], source="test")
    assert (single.value.code, single.value.field) == (code, field)
    assert (bulk.value.code, bulk.value.field, bulk.value.row) == (code, field, 1)
    assert not Trial.objects.exists()


def test_a_closed_division_takes_facts_up_to_its_last_day(trial: Ledger) -> None:
    Division.objects.filter(code="210702").update(valid_to=dt.date(2021, 3, 1))
    Division.objects.get(code="210702").save()
    actions.record(trial, signing(1), account=None, source="test")
    with pytest.raises(LedgerError, match="停用") as error:
        actions.record(trial, signing(2, occurred_on=dt.date(2021, 3, 2)), account=None, source="test")
    assert error.value.code == "ledger.division_closed"


def test_permission_is_asked_for_division_by_division(trial: Ledger, official: Callable[..., User]) -> None:
    clerk = official("clerk", "ledger.record", division="210702")
    actions.record(trial, signing(1), account=clerk, source="form:clerk")
    with pytest.raises(Refused):
        actions.record(trial, signing(2, division_id="210703"), account=clerk, source="form:clerk")
    with pytest.raises(Refused):
        actions.record_many(trial, [signing(2), signing(3, division_id="210703")], account=clerk, source="api:x")
    with pytest.raises(Refused):
        actions.reverse(Trial.objects.get(), account=clerk, reason="录错")
    assert Trial.objects.count() == 1


def test_a_key_in_force_is_refused_and_free_again_once_reversed(trial: Ledger) -> None:
    first = actions.record(trial, signing(1), account=None, source="test")
    with pytest.raises(LedgerError) as error:
        actions.record(trial, signing(1), account=None, source="test")
    assert error.value.code == "ledger.key_taken"
    with pytest.raises(LedgerError) as error:
        actions.record_many(trial, [signing(2), signing(1)], source="test")
    assert error.value.code == "ledger.key_taken"
    with pytest.raises(LedgerError) as error:
        actions.record_many(trial, [signing(3), signing(3)], source="test")
    assert error.value.code == "ledger.key_taken"
    actions.reverse(first, account=None, reason="录错", source="test")
    actions.record(trial, signing(1), account=None, source="test")
    assert balance() == 1_000_000


def test_a_reversal_mirrors_the_fact_and_happens_once(trial: Ledger, official: Callable[..., User]) -> None:
    chief = official("chief", "ledger.reverse")
    fact = actions.record(trial, signing(7, name="光伏"), account=None, source="test")
    red = actions.reverse(fact, account=chief, reason=" 重复登记 ")
    assert isinstance(red, Trial)
    assert (red.sign, red.reverses_id, red.note, red.contract_fen, red.name) == (
        -1,
        fact.pk,
        "重复登记",
        7_000_000,
        "光伏",
    )
    assert (red.occurred_on, red.source) == (fact.occurred_on, "form:chief")
    assert balance() == 0
    with pytest.raises(LedgerError) as error:
        actions.reverse(fact, account=chief, reason="再冲一次")
    assert error.value.code == "ledger.already_reversed"
    with pytest.raises(LedgerError) as error:
        actions.reverse(red, account=chief, reason="冲销冲销")
    assert error.value.code == "ledger.reversal_of_reversal"


@pytest.mark.parametrize(
    ("reason", "day", "code"),
    [
        (" ", None, "ledger.missing"),
        ("因" * 201, None, "ledger.too_long"),
        ("撤牌", dt.date(2021, 2, 28), "ledger.before_entry"),
        ("撤牌", dt.date(2999, 1, 1), "ledger.future"),
    ],
)
def test_a_reversal_needs_a_reason_and_a_possible_day(
    trial: Ledger, reason: str, day: dt.date | None, code: str
) -> None:
    fact = actions.record(trial, signing(1), account=None, source="test")
    with pytest.raises(LedgerError) as error:
        actions.reverse(fact, account=None, reason=reason, occurred_on=day)
    assert error.value.code == code


def test_a_register_entry_is_withdrawn_on_a_day_of_its_own(trial: Ledger) -> None:
    fact = actions.record(trial, signing(1), account=None, source="test")
    red = actions.reverse(fact, account=None, reason="撤牌", occurred_on=dt.date(2021, 6, 1))
    assert red.occurred_on == dt.date(2021, 6, 1)


def test_a_bulk_reverses_its_own_earlier_rows(trial: Ledger) -> None:
    rows = [signing(1), signing(2), signing(1, reverses=0, note="录错"), signing(1, name="改")]
    moment = dt.datetime(2021, 5, 1, tzinfo=dt.UTC)
    told: list[int] = []
    assert actions.record_many(trial, rows, source="sample", recorded_at=moment, progress=told.append) == 4
    first, _second, red, _again = Trial.objects.order_by("id")
    assert (red.sign, red.reverses_id, red.recorded_at) == (-1, first.pk, moment)
    assert (balance(), told) == (3_000_000, [4])


@pytest.mark.parametrize("target", [1, 2, -1])
def test_a_bulk_reverses_only_what_stands_before(trial: Ledger, target: int) -> None:
    with pytest.raises(LedgerError) as error:
        actions.record_many(trial, [signing(1), signing(1, reverses=target)], source="sample")
    assert (error.value.code, error.value.row) == ("ledger.reversal_target", 1)


def test_a_bulk_reversal_must_be_like_its_fact(trial: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        actions.record_many(trial, [signing(1), signing(1, contract_fen=5, reverses=0)], source="sample")
    assert error.value.code == "ledger.red_letter"
    assert not Trial.objects.exists()


def test_backdated_facts_cannot_lie_after_their_recording(trial: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        actions.record_many(trial, [signing(1)], source="sample", recorded_at=dt.datetime(2021, 2, 1, tzinfo=dt.UTC))
    assert error.value.code == "ledger.future"


def test_every_value_comes_back_as_it_was_given(trial: Ledger) -> None:
    values = {
        "name": 'a\tb\n\\N"c', "chapter": "digital", "foreign": True, "share": Decimal("-12.3400"),
        "started_on": dt.date(2021, 12, 31), "met_at": dt.datetime(2021, 3, 1, 8, 30, 0, 123, tzinfo=dt.UTC), "contact": "",
    }  # fmt: skip
    actions.record_many(trial, [signing(1, **values)], source="test")
    actions.record(trial, signing(2, **values), account=None, source="test")
    for fact in Trial.objects.all():
        assert {name: getattr(fact, name) for name in values} == values


def test_those_who_listen_are_told_after_commit(
    trial: Ledger, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    heard: list[tuple[str, int]] = []

    def hear(ledger: Ledger, count: int, first_id: int, last_id: int, **_: Any) -> None:
        heard.append((ledger.code, count))
        assert last_id - first_id == count - 1

    actions.facts_recorded.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        actions.record_many(trial, [signing(1), signing(2)], source="test")
        assert not heard
    actions.facts_recorded.disconnect(hear)
    assert heard == [("investment.trial", 2)]
