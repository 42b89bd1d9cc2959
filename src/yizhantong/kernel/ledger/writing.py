"""How facts reach the table: locks, keys, and bulk writing (executemany on SQLite, COPY on PostgreSQL)."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, models
from django.utils import timezone

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import references
from yizhantong.kernel.ledger.checks import checker
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.inserting import insert_where, utc_text
from yizhantong.kernel.ledger.triggers import key_columns

Row = Mapping[str, Any]
PLATFORM = ("id", "recorded_at", "recorded_by_id", "source", "sign", "reverses_id")


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Cut rows into lists of ``size``."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part


def key_of(ledger: Ledger, values: Row) -> tuple[Any, ...] | None:
    """Return what the fact is about, or None when the ledger has no key or a part of it is empty."""
    if not ledger.key:
        return None
    parts = tuple(values[_attname(ledger, name)] for name in ledger.key)
    return None if any(part is None or part == "" for part in parts) else parts


def _attname(ledger: Ledger, name: str) -> str:
    return str(ledger.model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name).attname)  # type: ignore[union-attr]


def key_names(ledger: Ledger) -> list[str]:
    """Return the columns of a ledger's key by their attribute names."""
    return [_attname(ledger, name) for name in ledger.key]


def lock_ledger(ledger: Ledger) -> None:
    """Keep all other writers of a ledger with a key out until this transaction ends."""
    if ledger.key and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [ledger.code])


def lock_key(ledger: Ledger, values: Row) -> None:
    """Keep others from recording the same key until this transaction ends."""
    key = key_of(ledger, values)
    if key is not None and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [ledger.code])
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{ledger.code}{key!r}"])


def refuse_taken_key(ledger: Ledger, values: Row) -> None:
    """Raise when the key is in force already."""
    key = key_of(ledger, values)
    if key is None:
        return
    if _in_force(ledger, key):
        raise key_taken(ledger, key)


def _in_force(ledger: Ledger, key: Sequence[Any]) -> bool:
    about = ledger.model._default_manager.filter(**dict(zip(key_names(ledger), key, strict=True)))
    return sum(about.values_list("sign", flat=True)) > 0


def key_taken(ledger: Ledger, key: Sequence[Any]) -> LedgerError:
    """Return the refusal of a key that is in force."""
    names = [ledger.by_column[name].name for name in key_names(ledger)]
    said = "、".join(f"{name} {part}" for name, part in zip(names, key, strict=True))
    return LedgerError("ledger.key_taken", f"{said} 已经登记;如需更正,请先红字冲销原记录", names[0])


def insert_unless_taken(ledger: Ledger, rows: Sequence[Row]) -> list[int]:
    """Insert a few facts, whose keys are filled and differ, by one statement; return their ids, in the order of the rows.

    It writes none whose key is in force: then :func:`key_taken` is raised, and the caller's transaction takes back the others.
    """
    columns = key_columns(ledger.model, ledger.key)
    same = " AND ".join(f'o."{column}" = n."{column}"' for column in columns)
    listed = ", ".join(f'o."{column}"' for column in columns)
    taken = f'SELECT 1 FROM "{ledger.table}" AS o WHERE {same} GROUP BY {listed} HAVING sum(o."sign") > 0'
    ids = insert_where(ledger.model, rows, f"NOT EXISTS ({taken})")
    if len(ids) < len(rows):
        keys = [key for row in rows if (key := key_of(ledger, row)) is not None]
        raise key_taken(ledger, next(key for key in keys if _in_force(ledger, key)))
    return ids


class Bulk:
    """Many facts of one ledger on their way into its table, within one transaction of the caller."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        recorded_by: int | None,
        source: str,
        sources: Callable[[int], str] | None,
        moment: dt.datetime | Callable[[Row, int], dt.datetime],
    ) -> None:
        self.ledger = ledger
        self.checks = checker(ledger)
        self.count = 0
        self._recorded_by = recorded_by
        self._source = sources or (lambda _position: source)
        self._moment: Callable[[Row, int], dt.datetime]
        self._moment = moment if callable(moment) else (lambda _row, _position: moment)
        self._day = (clock.now(), clock.today())
        self._known: references.Known = {}
        self._ids = array("q")
        self._keys: set[tuple[Any, ...]] = set()
        self._writer = Writer(ledger.model)

    @property
    def first_id(self) -> int:
        """Return the id of the first fact written."""
        return self._ids[0]

    @property
    def last_id(self) -> int:
        """Return the id of the last fact written."""
        return self._ids[-1]

    def begin(self) -> None:
        """Take the locks: a bulk keeps out all other writers of a ledger with a key."""
        if connection.vendor != "postgresql":
            return
        lock_ledger(self.ledger)
        self._writer.lock()

    def check(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the checked values of a chunk with the platform's own columns; raise :class:`LedgerError` with the row."""
        start, today, made = self.count, clock.today(), []
        for position, row in enumerate(rows, start):
            try:
                values = self.checks.row(row, today)
            except LedgerError as error:
                raise error.at(position) from error
            moment = self._moment(row, position)
            if values["occurred_on"] > self._day_of(moment):
                raise LedgerError("ledger.future", "发生日期晚于登记时间", "发生日期", position)
            values["recorded_at"] = moment
            values["reverses"] = self._reversed(row, position)
            made.append(values)
        references.check(self.checks, made, start, self._known)
        return made

    def _day_of(self, moment: dt.datetime) -> dt.date:
        if self._day[0] is not moment:
            self._day = (moment, timezone.localtime(moment).date())
        return self._day[1]

    def _reversed(self, row: Row, position: int) -> int | None:
        target = row.get("reverses")
        if target is not None and not 0 <= target < position:
            raise LedgerError("ledger.reversal_target", f"冲销的应是前面的行,给的是第{target + 1}条", "冲销", position)
        return target

    def write(self, made: list[dict[str, Any]]) -> None:
        """Write one checked chunk."""
        self._ids.extend(self._writer.reserve(len(made)))
        for position, values in enumerate(made, self.count):
            target = values.pop("reverses")
            values["id"] = self._ids[position]
            values["recorded_by_id"] = self._recorded_by
            values["source"] = self._source(position)
            values["sign"] = 1 if target is None else -1
            values["reverses_id"] = None if target is None else self._ids[target]
        self._writer.write(made)
        self.count += len(made)

    def finish(self) -> None:
        """Refuse a key that is now in force twice."""
        if self.count:
            refuse_twice(self.ledger, self.first_id)


def refuse_twice(ledger: Ledger, first_id: int, *, few: bool = False) -> None:
    """Refuse a key, among those of facts from ``first_id`` on, that is in force twice; ``few`` of many, they are looked up."""
    if not ledger.key:
        return
    taken = _taken_twice(ledger.table, key_columns(ledger.model, ledger.key), first_id, few)
    if taken is not None:
        raise key_taken(ledger, taken)


def _taken_twice(table: str, columns: Sequence[str], first_id: int, few: bool) -> tuple[Any, ...] | None:
    """Return a key, among those of rows from ``first_id`` on, that is in force more than once."""
    listed = ", ".join(f'"{column}"' for column in columns)
    filled = " AND ".join(f'"{column}" IS NOT NULL AND CAST("{column}" AS varchar) <> \'\'' for column in columns)
    with connection.cursor() as cursor:
        only_new = False
        if not few:
            cursor.execute(f'SELECT min("id") FROM "{table}"')
            only_new = cursor.fetchone()[0] == first_id
        new = "" if only_new else f' AND ({listed}) IN (SELECT {listed} FROM "{table}" WHERE "id" >= {int(first_id)})'
        cursor.execute(
            f'SELECT {listed} FROM "{table}" WHERE {filled}{new} GROUP BY {listed} HAVING sum("sign") > 1 LIMIT 1'
        )
        found = cursor.fetchone()
    return tuple(found) if found else None


class Writer:
    """Writes many rows of one table by the fastest way of the database at hand (JSON columns are given as text)."""

    def __init__(self, model: type[models.Model]) -> None:
        meta = model._meta
        self.table = meta.db_table
        self.fields = list(meta.concrete_fields)
        self.names = [field.attname for field in self.fields]
        self.columns = [str(field.column) for field in self.fields]
        self._next: int | None = None

    def lock(self) -> None:
        """Take the lock that COPY takes by itself, before ids are drawn: a seal must not slip in between."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{self.table}" IN ROW EXCLUSIVE MODE')

    def reserve(self, count: int) -> Sequence[int]:
        """Return ids that nobody else gets."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sequence = "pg_get_serial_sequence(%s, 'id')"
                cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [f'"{self.table}"', count])
                return [row[0] for row in cursor.fetchall()]
            if self._next is None:
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.table])
                found = cursor.fetchone()
                self._next = (found[0] if found else 0) + 1
        first, self._next = self._next, self._next + count
        return range(first, first + count)

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows given by attribute name."""
        self.put([[row[name] for row in rows] for name in self.names])

    def put(self, vectors: Sequence[Sequence[Any]]) -> None:
        """Insert rows given as one list of values for each of ``names``."""
        put(self.table, self.columns, self.fields, vectors)


def put(
    table: str, columns: Sequence[str], fields: Sequence[models.Field[Any, Any]], vectors: Sequence[Sequence[Any]]
) -> None:
    """Insert rows, given column by column, by the fastest way of the database at hand (JSON columns are given as text)."""
    listed = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        copy = f'COPY "{table}" ({listed}) FROM STDIN'
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(copy) as stream:
            for row in zip(*vectors, strict=True):
                stream.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    ready = [adapted(field, values) for field, values in zip(fields, vectors, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', list(zip(*ready, strict=True)))


def adapted(field: models.Field[Any, Any], values: Sequence[Any]) -> Sequence[Any]:
    """Return one column's values as SQLite keeps them (the forms are Django's)."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.DateTimeField):
        return [utc_text(value) for value in values]
    if isinstance(field, models.DateField):
        return [value and value.isoformat() for value in values]
    if isinstance(field, models.DecimalField):
        return [format(value, "f") if isinstance(value, Decimal) else value for value in values]
    return values
