"""Published figures: kept for ever, counted again from the segments they name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.figures import actions, declare, queries, sources
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.kernel.figures.tests.trial import DEALS, TODAY, Deal, deal, take_back, write

pytestmark = pytest.mark.django_db(transaction=True)
CODES = ["trial.amount", "trial.projects", "trial.share_of_year", "trial.mean"]


@pytest.fixture
def published(deals: None) -> list[Snapshot]:
    for number in range(1, 12):
        fact = write(**deal(number, occurred_on=dt.date(2020 + number % 2, 5, number)))
        if number % 5 == 0:
            take_back(fact)
    return actions.publish(CODES, TODAY, None, note="试发布")


def reasons(snapshot: Snapshot) -> list[str]:
    return [reason.code for reason in actions.check_snapshot(snapshot.pk).reasons]


def test_a_snapshot_keeps_value_definition_and_seal(published: list[Snapshot]) -> None:
    for snapshot in published:
        value = queries.value(snapshot.figure)
        assert (snapshot.shown, snapshot.raw) == (value.text, str(value.raw))
        assert snapshot.definition_version == value.definition_version
        assert snapshot.seal[DEALS.code]["last_id"] == Deal.objects.latest("id").pk
        assert len(snapshot.seal[DEALS.code]["head"]) == 64
        assert not value.live
        check = actions.check_snapshot(snapshot.pk)
        assert (check.agrees, check.recomputed, check.current, check.reasons) == (True, value.text, value.text, ())


def test_facts_that_come_later_leave_it_true_and_are_told(published: list[Snapshot]) -> None:
    write(**deal(20, recorded_at=dt.datetime(2021, 8, 16, 15, 59, tzinfo=dt.UTC)))
    check = actions.check_snapshot(published[0].pk)
    assert check.agrees
    assert check.current != check.recomputed == published[0].shown
    assert [reason.code for reason in check.reasons] == ["facts_added"]


def test_facts_of_later_days_change_nothing(published: list[Snapshot]) -> None:
    write(**deal(20, recorded_at=dt.datetime(2021, 8, 16, 16, 0, tzinfo=dt.UTC)))
    assert reasons(published[0]) == []


def test_a_changed_definition_is_told(published: list[Snapshot]) -> None:
    amount = declare._FIGURES["trial.amount"]
    declare._FIGURES["trial.amount"] = replace(amount, where="外资 = true", _memo={})
    check = actions.check_snapshot(published[0].pk)
    assert check.agrees
    assert check.current == "0.00"
    assert [reason.code for reason in check.reasons] == ["definition_changed"]
    ratio = next(item for item in published if item.figure == "trial.mean")
    assert reasons(ratio) == ["definition_changed"]


def test_a_file_that_was_changed_cut_or_lost_is_found(published: list[Snapshot]) -> None:
    path = Path(sources.states([DEALS])[DEALS.code].segments[0].path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert (actions.check_snapshot(published[0].pk).agrees, reasons(published[0])) == (False, ["segment_altered"])
    path.unlink()
    assert (actions.check_snapshot(published[0].pk).agrees, reasons(published[0])) == (False, ["segment_missing"])


def test_a_value_that_the_segments_do_not_give_is_found(published: list[Snapshot]) -> None:
    forged = published[0]
    forged.pk, forged.raw = None, "1"
    forged.save(force_insert=True)
    assert (actions.check_snapshot(forged.pk).agrees, reasons(forged)) == (False, ["value_differs"])


def test_a_snapshot_that_names_another_seal_is_found(published: list[Snapshot]) -> None:
    forged = published[0]
    forged.pk = None
    forged.seal[DEALS.code]["seal"] = "0" * 64
    forged.save(force_insert=True)
    assert (actions.check_snapshot(forged.pk).agrees, reasons(forged)) == (False, ["segments_altered"])


@pytest.mark.parametrize("change", [lambda rows: rows.update(shown="1"), lambda rows: rows.delete()])
def test_the_database_refuses_to_rewrite_it(published: list[Snapshot], change: Callable[..., object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Snapshot.objects.filter(pk=published[0].pk))
    assert Snapshot.objects.get(pk=published[0].pk).shown == published[0].shown


def test_only_who_may_publish_publishes(deals: None, official: Callable[..., User]) -> None:
    write(**deal(1))
    clerk = official("clerk", "ledger.view")
    local = official("local", "figures.publish", division="210702")
    with pytest.raises(Refused):
        actions.publish(["trial.count"], TODAY, clerk)
    with pytest.raises(Refused):
        actions.publish(["trial.count"], TODAY, local)
    assert Snapshot.objects.count() == 0
    made = actions.publish(["trial.count"], TODAY, local, division="210702")
    assert (made[0].published_by, made[0].shown, made[0].division_id) == (local, "1", "210702")


def test_unknown_snapshots_and_long_notes_are_refused(deals: None) -> None:
    for code, question in {
        "figures.unknown_snapshot": lambda: actions.check_snapshot(404),
        "figures.note_too_long": lambda: actions.publish(["trial.count"], TODAY, note="长" * 201),
    }.items():
        with pytest.raises(FigureError) as refused:
            question()
        assert refused.value.code == code


def test_an_empty_ledger_can_be_published(deals: None) -> None:
    made = actions.publish(["trial.count", "trial.mean"], TODAY)
    assert [item.shown for item in made] == ["0", "—"]
    assert actions.check_snapshot(made[1].pk).agrees
