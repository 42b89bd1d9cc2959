"""The one door through which facts are recorded and taken back; pages, API, imports, jobs and samples all use it.

Each action checks permission (per division, in the ledger's zone), checks every value, writes in one transaction, and tells
:data:`facts_recorded` on commit. A refusal is a :class:`~yizhantong.kernel.ledger.errors.LedgerError` (or the policy's
``Refused``) and leaves nothing behind. An ``account`` of None is the platform itself: samples and jobs.

Keys (``Ledger.key``): recording a key that is in force is refused. Writers of a ledger with a key take locks of the
transaction (PostgreSQL: advisory, one fact locks its key, a bulk the ledger; SQLite has one writer at a time), so that of
two who record the same key at once exactly one succeeds. A key of which a part is empty identifies nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import references, writing
from yizhantong.kernel.ledger.checks import checker
from yizhantong.kernel.ledger.declare import Ledger, ledgers
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.inserting import insert_few, put_few
from yizhantong.kernel.ledger.models import FACT_COLUMNS, Fact
from yizhantong.kernel.ledger.staging import Staging
from yizhantong.kernel.ledger.statements import Together
from yizhantong.kernel.ledger.triggers import RED_LETTER

Row = Mapping[str, Any]
Progress = Callable[[int], object]
Moments = dt.datetime | Callable[[Row, int], dt.datetime]

facts_recorded = Signal()
"""Sent after commit: ``sender`` the model, ``ledger`` (:class:`Ledger`), ``first_id``, ``last_id``, ``count``."""

CHUNK = 20_000


def ledger_of(model: type[Fact]) -> Ledger:
    """Return the ledger whose facts ``model`` holds; :class:`LedgerError` when none is declared."""
    for candidate in ledgers():
        if candidate.model is model:
            return candidate
    raise LedgerError("ledger.unknown", f"{model._meta.label} 没有登记为台账")


def record(ledger: Ledger, values: Row, *, account: policy.Account | None, source: str, by_owner: bool = False) -> Fact:
    """Record one fact. ``values`` by column: ``division_id``, ``occurred_on``, ``note``, the ledger's own.

    ``by_owner`` is said by the actions of the room or zone that declared a guarded ledger, and by nobody else.
    Raises :class:`LedgerError` with ``field``, or ``Refused`` (permission ``ledger.record``).
    """
    refuse_guarded(ledger, by_owner)
    made = checker(ledger).row(values, clock.today())
    _allowed(ledger, "ledger.record", account, [made["division_id"]])
    return insert(ledger, made, recorded_by=_id_of(account), source=source)


def insert(ledger: Ledger, made: dict[str, Any], *, recorded_by: int | None, source: str) -> Fact:
    """Write one checked fact without asking for permission: for this room only."""
    _named(source)
    references.check(checker(ledger), [made])
    with transaction.atomic():
        writing.lock_key(ledger, made)
        writing.refuse_taken_key(ledger, made)
        fact = ledger.model(**made, recorded_at=clock.now(), recorded_by_id=recorded_by, source=source, sign=1)
        fact.save(force_insert=True)
        _tell(ledger, fact.pk, fact.pk, 1)
    return fact


def append(ledger: Ledger, rows: Sequence[Row], *, recorded_by: int | None, source: str) -> list[int]:
    """Write a few facts of a guarded ledger for its owner, within the owner's transaction; return their ids.

    The owner answers for the values: it made them from rows that it holds locked, so they are neither looked up nor checked
    again (types, constraints and triggers of the database stand). Everything else is as in :func:`record`: the moment is the
    city's, and whoever listens to :data:`facts_recorded` is told on commit. A key that is in force twice is refused; the owner holds
    what it is about locked, so that no other writer can record the same key at the same time.
    """
    _refuse_foreign(ledger)
    made = appended(rows, recorded_by=recorded_by, source=source)
    keys = [writing.key_of(ledger, values) for values in made]
    with transaction.atomic(savepoint=False):
        if ledger.key and None not in keys and len(set(keys)) == len(keys):
            ids = writing.insert_unless_taken(ledger, made)
        else:
            ids = insert_few(ledger.model, made)
            writing.refuse_twice(ledger, ids[0], few=True)
        _tell(ledger, ids[0], ids[-1], len(ids))
    return ids


def appended(rows: Sequence[Row], *, recorded_by: int | None, source: str) -> list[Row]:
    """Return facts as :func:`append` writes them now: with the platform's own columns."""
    platform = {
        "recorded_at": clock.now(), "recorded_by_id": recorded_by, "source": _named(source), "sign": 1, "reverses_id": None,
    }  # fmt: skip
    return [{"note": "", **values, **platform} for values in rows]


def put_appended(ledger: Ledger, made: Sequence[Row], together: Together) -> None:
    """Have facts of a guarded ledger without a key written with what else waits there; ``made`` is of :func:`appended`."""
    _refuse_foreign(ledger)
    if ledger.key:
        raise LedgerError("ledger.key_staged", f"台账“{ledger.label}”有编号,应逐条登记")
    put_few(together, ledger.model, made, lambda ids: _tell(ledger, ids[0], ids[-1], len(ids)))


def append_many(ledger: Ledger, rows: Sequence[Row], *, moments: Sequence[dt.datetime], source: str) -> list[int]:
    """Write many facts as :func:`append` does, each recorded at its own moment: for what happened before there was a platform.

    By the fastest way that the database has. Each row has all of the ledger's own columns, ``division_id`` and ``occurred_on``, and
    ``moments`` are as many as rows. A key is looked after as in :func:`record_many`.
    """
    _refuse_foreign(ledger)
    if not rows:
        return []
    same = {"recorded_by_id": None, "source": _named(source), "sign": 1, "reverses_id": None, "note": ""}
    with transaction.atomic(savepoint=False):
        bulk = writing.Writer(ledger.model)
        writing.lock_ledger(ledger)
        bulk.lock()
        ids = list(bulk.reserve(len(rows)))
        own: dict[str, Sequence[Any]] = {"id": ids, "recorded_at": moments}
        own |= {name: [value] * len(rows) for name, value in same.items()}
        bulk.put([own[name] if name in own else [row[name] for row in rows] for name in bulk.names])
        writing.refuse_twice(ledger, ids[0])
        _tell(ledger, ids[0], ids[-1], len(ids))
    return ids


def append_staged(ledger: Ledger, staged: Staging, facts: Sequence[Row], *, source: str) -> int:
    """Write facts as :func:`append_many` does, from what is laid out: for each row there, one fact for each of ``facts``.

    Each of ``facts`` has ``recorded_at`` and all of the ledger's columns, as :meth:`Staging.into` wants them. Return how many.
    """
    _refuse_foreign(ledger)
    if ledger.key:
        raise LedgerError("ledger.key_staged", f"台账“{ledger.label}”有编号,应逐条登记")
    same = {"recorded_by_id": None, "source": _named(source), "sign": 1, "reverses_id": None, "note": ""}
    with transaction.atomic(savepoint=False):
        made = [staged.into(ledger.model, {**same, **values}) for values in facts]
        count = sum(written.count for written in made)
        if count:
            first, last = min(written.first_id for written in made), max(written.last_id for written in made)
            _tell(ledger, first, last, count)
    return count


def _refuse_foreign(ledger: Ledger) -> None:
    if not ledger.guarded:
        raise LedgerError("ledger.not_guarded", f"台账“{ledger.label}”不能由办理动作直接登记")


def refuse_guarded(ledger: Ledger, by_owner: bool = False) -> None:
    """Refuse what only the owner of a guarded ledger may do."""
    if ledger.guarded and not by_owner:
        text = f"台账“{ledger.label}”由业务办理自动登记,不能手工登记、导入或冲销;请到相应业务中办理"
        raise LedgerError("ledger.through_its_zone", text)


def reverse(
    fact: Fact,
    *,
    account: policy.Account | None,
    reason: str,
    occurred_on: dt.date | None = None,
    source: str = "",
    by_owner: bool = False,
) -> Fact:
    """Take a fact back in red letters: a fact with the same columns and sign -1; ``reason`` becomes its note.

    ``occurred_on`` is the fact's own day for a mistake (default), and the day of the withdrawal for a register's entry.
    Raises :class:`LedgerError` (``ledger.reversal_of_reversal``, ``ledger.already_reversed``, …) or ``Refused``.
    """
    ledger = ledger_of(type(fact))
    refuse_guarded(ledger, by_owner)
    _allowed(ledger, "ledger.reverse", account, [fact.division_id])
    day = occurred_on or fact.occurred_on
    _refuse_reversal(fact, day, reason)
    own = [f.attname for f in fact._meta.concrete_fields if f.attname not in FACT_COLUMNS]
    values = {name: getattr(fact, name) for name in ("division_id", *own)}
    with transaction.atomic():
        if type(fact)._default_manager.filter(reverses_id=fact.pk).exists():
            raise _already()
        red = ledger.model(  # type: ignore[misc]
            **values, occurred_on=day, note=reason.strip(), recorded_at=clock.now(), recorded_by_id=_id_of(account),
            source=_named(source or _form(account)), sign=-1, reverses_id=fact.pk,
        )  # fmt: skip
        try:
            with transaction.atomic():
                red.save(force_insert=True)
        except IntegrityError as error:
            raise _refusal(error) from error
        _tell(ledger, red.pk, red.pk, 1)
    return red


def record_many(
    ledger: Ledger,
    rows: Iterable[Row],
    *,
    source: str,
    account: policy.Account | None = None,
    recorded_at: Moments | None = None,
    progress: Progress | None = None,
    permission: str = "ledger.record",
    sources: Callable[[int], str] | None = None,
    by_owner: bool = False,
) -> int:
    """Record many facts in one transaction, all or none; return how many.

    A row may hold ``reverses``, the position in ``rows`` (from 0) of an earlier row which it takes back; its other columns are
    those of that row. ``recorded_at`` is for backdated samples only: a moment, or a function of row and position; facts may
    then not be later than that moment. ``sources`` gives the source by position, ``progress`` gets the number of rows written
    since its last call. Raises :class:`LedgerError` with ``row``.
    """
    refuse_guarded(ledger, by_owner)
    _named(source)
    moment = recorded_at or clock.now()
    bulk = writing.Bulk(ledger, recorded_by=_id_of(account), source=source, sources=sources, moment=moment)
    with transaction.atomic():
        bulk.begin()
        for rows_of_chunk in writing.chunks(rows, CHUNK):
            made = bulk.check(rows_of_chunk)
            _allowed(ledger, permission, account, {values["division_id"] for values in made})
            try:
                with transaction.atomic():
                    bulk.write(made)
            except IntegrityError as error:
                raise _refusal(error) from error
            if progress is not None:
                progress(len(made))
        bulk.finish()
        if bulk.count:
            _tell(ledger, bulk.first_id, bulk.last_id, bulk.count)
    return bulk.count


def _id_of(account: policy.Account | None) -> int | None:
    return account.pk if isinstance(account, User) else None


def _form(account: policy.Account | None) -> str:
    return f"form:{account.username}"[:64] if isinstance(account, User) else "system"


def _named(source: str) -> str:
    if not source or len(source) > 64:
        raise LedgerError("ledger.source", "来源不能为空,最长 64 字")
    return source


def _allowed(ledger: Ledger, permission: str, account: policy.Account | None, divisions: Iterable[str]) -> None:
    if account is None:
        return
    reach = policy.reach(account, permission, ledger.zone)
    for division in divisions:
        if not reach.covers(division):
            raise policy.Refused(permission, division)


def _refuse_reversal(fact: Fact, day: dt.date, reason: str) -> None:
    if fact.pk is None:
        raise LedgerError("ledger.not_recorded", "这条记录还没有登记,无法冲销")
    if fact.sign != 1:
        raise LedgerError("ledger.reversal_of_reversal", "红字记录不能再冲销;如冲销有误,请重新登记一条")
    if not reason.strip():
        raise LedgerError("ledger.missing", "请写明冲销原因", "备注")
    if len(reason.strip()) > 200:
        raise LedgerError("ledger.too_long", "冲销原因最多 200 字", "备注")
    if day > clock.today():
        raise LedgerError("ledger.future", f"日期 {day} 晚于今天({clock.today()})", "发生日期")
    if day < fact.occurred_on:
        text = f"日期 {day} 早于所冲销记录的日期 {fact.occurred_on}"
        raise LedgerError("ledger.before_entry", text, "发生日期")


def _already() -> LedgerError:
    return LedgerError("ledger.already_reversed", "这条记录已被冲销,不能再冲销一次;请刷新后查看")


def _refusal(error: IntegrityError) -> LedgerError:
    text = str(error)
    if RED_LETTER in text:
        return LedgerError("ledger.red_letter", "红字必须与所冲销的蓝字逐栏相同,且不能冲销红字")
    if "reverses_id" in text or "UNIQUE" in text:
        return _already()
    return LedgerError("ledger.integrity", f"数据库拒绝了这条记录:{text.splitlines()[0]}")


def _tell(ledger: Ledger, first_id: int, last_id: int, count: int) -> None:
    def send() -> None:
        facts_recorded.send(sender=ledger.model, ledger=ledger, first_id=first_id, last_id=last_id, count=count)

    transaction.on_commit(send)
