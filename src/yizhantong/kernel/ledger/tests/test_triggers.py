"""The database itself refuses to rewrite facts."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, models, transaction

from yizhantong.kernel.ledger import actions, triggers
from yizhantong.kernel.ledger.audit import AUDIT
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.models import Fact, ImportBatch, Segment
from yizhantong.kernel.ledger.tests.trial import Trial, signing
from yizhantong.testing.django import triggers_lifted

pytestmark = pytest.mark.django_db

TABLE = Trial._meta.db_table
POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def fact(trial: Ledger) -> Trial:
    made = actions.record(trial, signing(1), account=None, source="test")
    assert isinstance(made, Trial)
    return made


def refused(sql: str, *values: object) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


def columns(model: type[models.Model], **changed: str) -> tuple[str, str]:
    names = [f.column for f in model._meta.concrete_fields]
    return ", ".join(f'"{name}"' for name in names), ", ".join(changed.get(name, f'"{name}"') for name in names)


@pytest.mark.parametrize("column", ["contract_fen", "sign", "recorded_at", "note", "id"])
def test_no_column_of_a_fact_can_be_updated(fact: Trial, column: str) -> None:
    assert triggers.APPEND_ONLY in refused(f'UPDATE {TABLE} SET "{column}" = "{column}"')


def test_no_fact_can_be_deleted(fact: Trial) -> None:
    assert triggers.APPEND_ONLY in refused(f"DELETE FROM {TABLE}")
    with pytest.raises(IntegrityError), transaction.atomic():
        fact.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        fact.save()
    assert Trial.objects.count() == 1


@pytest.mark.skipif(not POSTGRES, reason="only PostgreSQL knows TRUNCATE")
def test_no_table_of_facts_can_be_truncated(trial: Ledger) -> None:
    assert triggers.APPEND_ONLY in refused(f"TRUNCATE {TABLE}")


@pytest.mark.skipif(POSTGRES, reason="only SQLite knows INSERT OR REPLACE")
def test_no_fact_can_be_replaced(fact: Trial) -> None:
    into, values = columns(Trial, contract_fen="5")
    assert triggers.APPEND_ONLY in refused(f"INSERT OR REPLACE INTO {TABLE} ({into}) SELECT {values} FROM {TABLE}")
    red = actions.reverse(fact, account=None, reason="错", source="test")
    into, values = columns(Trial, id="99")
    sql = f"INSERT OR REPLACE INTO {TABLE} ({into}) SELECT {values} FROM {TABLE} WHERE id = %s"
    assert triggers.APPEND_ONLY in refused(sql, red.pk)


def test_a_reversal_of_a_reversal_is_refused_by_the_database_too(fact: Trial) -> None:
    red = actions.reverse(fact, account=None, reason="错", source="test")
    into, values = columns(Trial, id="99", reverses_id=str(red.pk))
    sql = f"INSERT INTO {TABLE} ({into}) SELECT {values} FROM {TABLE} WHERE id = %s"
    assert triggers.RED_LETTER in refused(sql, red.pk)


@pytest.mark.parametrize("changed", [{"contract_fen": "5"}, {"division_id": "'210703'"}, {"chapter": "'digital'"}])
def test_a_reversal_unlike_its_fact_is_refused(fact: Trial, changed: dict[str, str]) -> None:
    into, values = columns(Trial, id="99", sign="-1", reverses_id="id", **changed)
    assert triggers.RED_LETTER in refused(f"INSERT INTO {TABLE} ({into}) SELECT {values} FROM {TABLE}")


@pytest.mark.parametrize("changed", [{"sign": "-1"}, {"reverses_id": "id"}, {"sign": "2"}])
def test_sign_and_reversed_fact_go_together(fact: Trial, changed: dict[str, str]) -> None:
    into, values = columns(Trial, id="99", **changed)
    refused(f"INSERT INTO {TABLE} ({into}) SELECT {values} FROM {TABLE}")


@pytest.mark.parametrize("model", [ImportBatch, Segment])
def test_batches_and_segments_stand_for_ever(db: None, model: type[models.Model]) -> None:
    assert not triggers.missing()
    names = {trigger.name for trigger in triggers.triggers_of(model, connection.vendor)}
    assert {f"{model._meta.db_table}_no_update", f"{model._meta.db_table}_no_delete"} <= names


def test_every_ledger_has_its_triggers_and_a_lost_one_is_reported(trial: Ledger) -> None:
    assert issubclass(AUDIT.model, Fact)
    assert triggers.missing() == []
    name = f"{TABLE}_no_update"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + (f" ON {TABLE}" if POSTGRES else ""))
    assert triggers.missing() == [(TABLE, name)]
    assert [message.id for message in run_checks(tags=["database"], databases=["default"])] == ["ledger.E001"]
    assert triggers.install() == 1
    assert triggers.missing() == []
    assert triggers.install() == 0


def test_a_weakened_trigger_is_reported(trial: Ledger) -> None:
    name = f"{TABLE}_red_letter"
    with connection.cursor() as cursor:
        if POSTGRES:
            cursor.execute(f'ALTER TABLE {TABLE} DISABLE TRIGGER "{name}"')
        else:
            cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(f'CREATE TRIGGER "{name}" BEFORE INSERT ON {TABLE} BEGIN SELECT 1; END')
    assert triggers.missing() == [(TABLE, name)]
    triggers.install()
    if POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE {TABLE} ENABLE TRIGGER "{name}"')
    assert triggers.missing() == []


def test_the_forger_of_the_tests_can_lift_them(fact: Trial) -> None:
    with triggers_lifted(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET contract_fen = 5")
    assert Trial.objects.get().contract_fen == 5
    assert triggers.missing() == []


def test_names_of_triggers_fit_into_postgresql() -> None:
    name = triggers._name("x" * 63, "red_letter")
    assert len(name) <= 63
    assert name != triggers._name("x" * 62 + "y", "red_letter")
