"""A guarded ledger is written by its owner's actions and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import actions, declare, imports
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.tests.trial import TRIAL, Trial, signing

pytestmark = pytest.mark.django_db


@pytest.fixture
def guarded(trial: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    made = replace(TRIAL, guarded=True, key=())
    monkeypatch.setitem(declare._LEDGERS, TRIAL.code, made)
    return made


def refusal(work: Any) -> str:
    with pytest.raises(LedgerError) as caught:
        work()
    return caught.value.code


def test_nobody_records_imports_or_reverses_past_the_owner(guarded: Ledger) -> None:
    fact = actions.record(guarded, signing(1), account=None, source="test", by_owner=True)
    assert (
        refusal(lambda: actions.record(guarded, signing(2), account=None, source="test")) == "ledger.through_its_zone"
    )
    many = lambda: actions.record_many(guarded, [signing(2)], source="test")  # noqa: E731
    assert refusal(many) == "ledger.through_its_zone"
    assert refusal(lambda: actions.reverse(fact, account=None, reason="错")) == "ledger.through_its_zone"
    assert refusal(lambda: imports.preview(guarded, b"a,b", "a.csv", None)) == "ledger.through_its_zone"
    assert Trial.objects.count() == 1
    actions.reverse(fact, account=None, reason="错", source="test", by_owner=True)
    assert Trial.objects.count() == 2


def test_the_owner_appends_without_looking_up_what_it_holds(
    guarded: Ledger, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[dict[str, Any]] = []

    def hear(**given: Any) -> None:
        told.append(given)

    actions.facts_recorded.connect(hear)
    blank = {field.attname: getattr(Trial(), field.attname) for field in Trial._meta.concrete_fields}
    values = {name: value for name, value in (blank | signing(1)).items() if name != "id"}
    clock.now()
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        (pk,) = actions.append(guarded, [values], recorded_by=None, source="case:test")
    fact = Trial.objects.get()
    assert (fact.pk, fact.source, fact.sign) == (pk, "case:test", 1)
    assert [(item["first_id"], item["count"]) for item in told] == [(pk, 1)]


def test_appending_is_for_guarded_ledgers_only(trial: Ledger) -> None:
    assert refusal(lambda: actions.append(trial, [signing(1)], recorded_by=None, source="x")) == "ledger.not_guarded"
