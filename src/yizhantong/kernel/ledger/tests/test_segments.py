"""Seals, what they prove, and what verification finds."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection

from yizhantong.kernel.ledger import actions, proofs, segments
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Segment
from yizhantong.kernel.ledger.segments import sealing
from yizhantong.kernel.ledger.tests.trial import Trial, signing
from yizhantong.kernel.ledger.verify import verify
from yizhantong.testing.django import triggers_lifted

pytestmark = pytest.mark.django_db
TABLE = Trial._meta.db_table


@pytest.fixture
def sealed(trial: Ledger) -> Ledger:
    """Seal two segments, of 40 and of 10 facts, one of them a reversal; three facts stay open."""
    actions.record_many(trial, [signing(i, name=f"项目{i}") for i in range(40)], source="test")
    assert [item.count for item in segments.seal(trial)] == [40]
    actions.record_many(trial, [signing(i) for i in range(40, 49)], source="test")
    actions.reverse(Trial.objects.first(), account=None, reason="错", source="test")  # type: ignore[arg-type]
    assert [item.count for item in segments.seal(trial)] == [10]
    actions.record_many(trial, [signing(i) for i in range(50, 53)], source="test")
    return trial


def forge(sql: str, *values: object) -> None:
    with triggers_lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def nth(position: int) -> int:
    return list(Trial.objects.order_by("id").values_list("id", flat=True))[position]


def test_a_sealed_ledger_verifies_and_its_files_hold_the_facts(sealed: Ledger) -> None:
    report = verify(sealed)
    assert report.ok, report.first_failure
    (found,) = report.ledgers
    assert (found.sealed, found.open, found.segments) == (50, 3, 2)
    paths = [str(path) for path in segments.files(sealed)]
    rows = duckdb.sql(f"SELECT sum(sign * contract_fen), count(*), max(id) FROM read_parquet({paths})").fetchall()
    assert rows == [(sum(range(49)) * 1_000_000, 50, segments.last_id(sealed))]
    json.dumps(report.as_json())


def test_sealing_again_changes_nothing(trial: Ledger) -> None:
    assert segments.seal(trial) == []
    actions.record(trial, signing(1), account=None, source="test")
    assert len(segments.seal(trial)) == 1
    assert segments.seal(trial) == []


def test_many_facts_make_many_segments(trial: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST", 10)
    actions.record_many(trial, [signing(i) for i in range(35)], source="test")
    assert [item.count for item in segments.seal(trial)] == [10, 10, 10, 5]
    assert verify(trial).ok


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("contract_fen", 1),
        ("name", "改"),
        ("recorded_at", "2020-01-01 00:00:00+00:00"),
        ("chapter", "digital"),
        ("source", "x"),
    ],
)
def test_a_row_changed_behind_the_ledgers_back_is_named_with_its_column(
    sealed: Ledger, column: str, value: Any
) -> None:
    fact = nth(7)
    forge(f"UPDATE {TABLE} SET {column} = %s WHERE id IN (%s, %s)", value, fact, nth(9))
    failure = verify(sealed).first_failure
    assert failure is not None
    assert (failure.reason, failure.fact, failure.column, failure.segment) == ("verify.fact_changed", fact, column, 1)


def test_a_row_removed_is_named(sealed: Ledger) -> None:
    fact = nth(44)
    forge(f"DELETE FROM {TABLE} WHERE id = %s", fact)
    failure = verify(sealed).first_failure
    assert failure is not None
    assert (failure.reason, failure.fact, failure.segment) == ("verify.fact_missing", fact, 2)


def test_a_row_slipped_in_between_sealed_ids_is_named(trial: Ledger) -> None:
    actions.record_many(trial, [signing(i) for i in range(5)], source="test")
    gap = nth(2)
    forge(f"DELETE FROM {TABLE} WHERE id = %s", gap)
    segments.seal(trial)
    assert verify(trial).ok
    names = [f.column for f in Trial._meta.concrete_fields]
    into = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(str(gap) if name == "id" else f'"{name}"' for name in names)
    forge(f"INSERT INTO {TABLE} ({into}) SELECT {values} FROM {TABLE} WHERE id = %s", nth(0))
    failure = verify(trial).first_failure
    assert failure is not None
    assert (failure.reason, failure.fact) == ("verify.fact_inserted", gap)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize("position", [5, 51])
def test_a_value_of_another_type_is_found(sealed: Ledger, position: int) -> None:
    fact = nth(position)
    forge(f"UPDATE {TABLE} SET industry_id = NULL, started_on = 'garbage' WHERE id = %s", fact)
    failure = verify(sealed).first_failure
    assert failure is not None
    assert failure.fact == fact


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of its columns")
def test_a_value_of_another_type_is_never_sealed(sealed: Ledger) -> None:
    forge(f"UPDATE {TABLE} SET contract_fen = 5.5 WHERE id = %s", nth(51))
    with pytest.raises(LedgerError) as error:
        segments.seal(sealed)
    assert error.value.code == "segments.malformed"


def test_a_forged_reversal_in_the_open_part_is_found(sealed: Ledger) -> None:
    fact = nth(-1)
    forge(f"UPDATE {TABLE} SET sign = -1, reverses_id = %s WHERE id = %s", nth(1), fact)
    failure = verify(sealed).first_failure
    assert failure is not None
    assert (failure.reason, failure.fact) == ("verify.red_letter", fact)


def test_a_file_cut_short_is_named(sealed: Ledger) -> None:
    path = segments.files(sealed)[1]
    path.write_bytes(path.read_bytes()[:-100])
    failure = verify(sealed).first_failure
    assert failure is not None
    assert (failure.reason, failure.segment) == ("verify.file_broken", 2)
    assert path.name in failure.sentence


def test_a_file_that_is_gone_or_exchanged_is_named(sealed: Ledger) -> None:
    first, second = segments.files(sealed)
    kept = second.read_bytes()
    second.write_bytes(first.read_bytes())
    failure = verify(sealed).first_failure
    assert failure is not None
    assert failure.reason == "verify.root_differs"
    second.unlink()
    failure = verify(sealed).first_failure
    assert failure is not None
    assert failure.reason == "verify.file_missing"
    second.write_bytes(kept)
    assert verify(sealed).ok


@pytest.mark.parametrize("column", ["root", "previous", "seal", "head", "sealed_at", "last_id"])
def test_a_forged_row_of_a_segment_breaks_the_chain(sealed: Ledger, column: str) -> None:
    value = {"sealed_at": "2020-01-01 00:00:00+00:00", "last_id": nth(45)}.get(column, "ab" * 32)
    forge(f"UPDATE ledger_segment SET {column} = %s WHERE number = 2", value)
    failure = verify(sealed).first_failure
    assert failure is not None
    assert (failure.reason, failure.segment) == ("verify.chain_broken", 2)


def test_a_lost_trigger_is_a_failure(trial: Ledger) -> None:
    with connection.cursor() as cursor:
        on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{TABLE}_no_update"{on}')
    failure = verify(trial).first_failure
    assert failure is not None
    assert failure.reason == "verify.trigger_missing"


def test_what_a_killed_seal_left_behind_is_removed(sealed: Ledger) -> None:
    folder = segments.files(sealed)[0].parent
    orphans = [folder / "000003-0123456789abcdef.parquet", folder / "000003.writing"]
    for orphan in orphans:
        orphan.write_bytes(b"half")
    (made,) = segments.seal(sealed)
    assert (made.number, made.count) == (3, 3)
    assert not any(orphan.exists() for orphan in orphans)
    assert verify(sealed).ok


def test_a_sealed_fact_is_proved_and_no_forgery_passes(sealed: Ledger) -> None:
    proof = json.loads(json.dumps(proofs.inclusion_proof(sealed, nth(12))))
    assert proofs.verify_inclusion(proof)
    for change in ("record", "index", "path", "root", "header", "previous", "seal", "fact", "schema", "size"):
        forged = copy.deepcopy(proof)
        forged[change] = {
            "record": forged["record"] | {"contract_fen": 5}, "index": 13, "path": forged["path"][1:], "root": "00" * 32,
            "header": "{}", "previous": "11" * 32, "seal": "22" * 32, "fact": 1, "schema": forged["schema"][1:], "size": 7,
        }[change]  # fmt: skip
        assert not proofs.verify_inclusion(forged), change
    assert not proofs.verify_inclusion({})


def test_there_is_no_proof_of_what_is_not_sealed(sealed: Ledger) -> None:
    with pytest.raises(LedgerError) as error:
        proofs.inclusion_proof(sealed, nth(-1))
    assert error.value.code == "proofs.not_sealed"


def test_history_is_proved_to_be_only_appended_to(sealed: Ledger) -> None:
    segments.seal(sealed)
    proof = json.loads(json.dumps(proofs.consistency_proof(sealed, 2)))
    assert proofs.verify_consistency(proof)
    assert proof["earlier"]["head"] == Segment.objects.get(number=2).head
    proof["earlier"]["head"] = "00" * 32
    assert not proofs.verify_consistency(proof)
    assert not proofs.verify_consistency({})
    with pytest.raises(LedgerError):
        proofs.consistency_proof(sealed, 4)


def test_segments_of_all_ledgers_lie_below_one_folder(sealed: Ledger, settings: Any) -> None:
    assert all(Path(settings.YZT_SEGMENTS) in path.parents for path in segments.files(sealed))
