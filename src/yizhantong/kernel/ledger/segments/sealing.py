"""Seal what is settled and not sealed yet."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from django.db import transaction

from yizhantong import __version__
from yizhantong.foundation.proof import merkle
from yizhantong.foundation.proof.canonical import Field
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.declare import Ledger, ledgers
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Segment
from yizhantong.kernel.ledger.segments import layout
from yizhantong.kernel.ledger.segments.settled import settled_id
from yizhantong.kernel.ledger.segments.staging import engine, staged

MOST = 1_000_000
"""Facts of one segment at most."""

Progress = Callable[[str, int], object]


def seal(ledger: Ledger | None = None, progress: Progress | None = None) -> list[Segment]:
    """Seal all settled facts of one ledger or of all; return the new segments. ``progress`` gets ledger code and count.

    Safe to run at any time and any number of times; only one runs at once (the others wait).
    Raises :class:`LedgerError` (``segments.busy``, ``segments.malformed``).
    """
    made: list[Segment] = []
    with alone(), engine() as duck:
        for declared in [ledger] if ledger is not None else list(ledgers()):
            for segment in _seal_ledger(duck, declared):
                made.append(segment)
                if progress is not None:
                    progress(declared.code, segment.count)
    return made


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the folder of segments; it ends with the process, however that ends."""
    folder = layout.folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "seal.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _seal_ledger(duck: duckdb.DuckDBPyConnection, ledger: Ledger) -> Iterator[Segment]:
    seals = list(Segment.objects.filter(ledger=ledger.code).order_by("number").values_list("seal", flat=True))
    after, last = layout.last_id(ledger), settled_id(ledger)
    _sweep(ledger, len(seals))
    if last <= after:
        return
    fields = layout.fields_of(ledger)
    with staged(duck, ledger, fields, after, last):
        _refuse_malformed(duck, ledger)
        for bound in _bounds(duck, last):
            segment = _write(duck, ledger, fields, seals, after, bound)
            seals.append(segment.seal)
            after = bound
            yield segment


def _refuse_malformed(duck: duckdb.DuckDBPyConnection, ledger: Ledger) -> None:
    found = duck.execute("SELECT min(id) FROM staged WHERE malformed").fetchall()[0][0]
    if found is not None:
        text = f"台账“{ledger.label}”编号 {found} 的记录有不合类型的值,数据库曾被绕过台账改写,不能封存"
        raise LedgerError("segments.malformed", text)


def _bounds(duck: duckdb.DuckDBPyConnection, last: int) -> list[int]:
    """Return the last id of each segment to come; the last one reaches to ``last``, gaps included."""
    rows = duck.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM staged) "
        f"WHERE n % {MOST} = 0 AND id < {int(last)} ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows] + [last]


def _write(
    duck: duckdb.DuckDBPyConnection, ledger: Ledger, fields: list[Field], seals: list[str], after: int, last: int
) -> Segment:
    number = len(seals) + 1
    folder = layout.folder() / ledger.code
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{number:06d}.writing"
    columns = ", ".join(f'"{field.name}"' for field in fields)
    facts = f"SELECT {columns} FROM staged WHERE id > {int(after)} AND id <= {int(last)} ORDER BY id"
    duck.execute(f"COPY ({facts}) TO '{temporary}' (FORMAT parquet, COMPRESSION zstd)")
    leaves = layout.leaves_of(duck, temporary, fields)
    root = merkle.root(leaves).hex()
    segment = Segment(
        ledger=ledger.code, number=number, after_id=after, last_id=last, count=merkle.count_leaves(leaves), root=root,
        previous=seals[-1] if seals else merkle.EMPTY_ROOT.hex(), file=f"{ledger.code}/{number:06d}-{root[:16]}.parquet",
        sha256=layout.sha256_of(temporary), schema=layout.schema_of(fields), sealed_at=clock.now(), software=__version__,
    )  # fmt: skip
    segment.seal = layout.seal_of(segment)
    segment.head = layout.head_of([*seals, segment.seal])
    _settle(temporary, layout.folder() / segment.file)
    with transaction.atomic():
        segment.save(force_insert=True)
    return segment


def _settle(temporary: Path, final: Path) -> None:
    """Bring a file to disk under its final name, before anything says that it is there."""
    with temporary.open("rb") as handle:
        os.fsync(handle.fileno())
    temporary.rename(final)
    descriptor = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(ledger: Ledger, sealed: int) -> None:
    """Remove what a killed seal left behind: files half written, and whole files of segments that have no row."""
    for path in (layout.folder() / ledger.code).glob("*"):
        number = path.name[:6]
        if path.suffix == ".writing" or (path.suffix == ".parquet" and number.isdigit() and int(number) > sealed):
            path.unlink()
