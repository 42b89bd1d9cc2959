"""Append-only, enforced by the database itself: triggers on every table of facts, on SQLite and PostgreSQL.

What they refuse, whoever asks: UPDATE, DELETE and (PostgreSQL) TRUNCATE; an insert that would replace a row (SQLite's
``INSERT OR REPLACE``); a reversal of a reversal; a reversal whose division or own columns are not those of the fact it takes
back. With the check constraint on ``sign`` and the unique ``reverses`` they keep every sum additive. Import batches and
segments cannot be changed either.

They are installed after every ``migrate``, together with an index on the key of each ledger that has one. Whoever owns the
database can still drop them: that is seen by :func:`missing` (``yzt verify``), and changed rows by the segments' roots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from yizhantong.kernel.ledger.declare import ledgers
from yizhantong.kernel.ledger.models import FACT_COLUMNS, Fact, ImportBatch, Segment

APPEND_ONLY = "ledger.append_only"
RED_LETTER = "ledger.red_letter"
SHARED = ("division_id",)
"""Columns of the base that a reversal shares with the fact it takes back, besides all own columns."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its table, its name, the SQL that makes it, and on PostgreSQL the function it calls."""

    table: str
    name: str
    sql: str
    function: str = ""
    body: str = ""


def fact_models() -> list[type[Fact]]:
    """Return all concrete models of facts, those of declared ledgers included."""
    found = {model for model in apps.get_models() if issubclass(model, Fact)} | {item.model for item in ledgers()}
    return sorted(found, key=lambda model: model._meta.db_table)


def append_only_models() -> list[type[models.Model]]:
    """Return all models whose rows cannot be changed."""
    return [*fact_models(), ImportBatch, Segment]


def triggers_of(model: type[models.Model], vendor: str) -> list[Trigger]:
    """Return the triggers that the table of ``model`` must have; ``vendor`` is ``sqlite`` or ``postgresql``."""
    return _sqlite(model) if vendor == "sqlite" else _postgresql(model)


def _name(table: str, what: str) -> str:
    """Return a name of at most 63 characters (PostgreSQL), unlike any other table's."""
    name = f"{table}_{what}"
    return name if len(name) <= 60 else f"{name[:51]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _same_columns(model: type[models.Model]) -> list[str]:
    return [str(f.column) for f in model._meta.concrete_fields if f.attname in SHARED or f.attname not in FACT_COLUMNS]


def _sqlite(model: type[models.Model]) -> list[Trigger]:
    table = model._meta.db_table
    made = []
    for what in ("update", "delete"):
        name = _name(table, f"no_{what}")
        body = f"SELECT RAISE(ABORT, '{APPEND_ONLY}: {table}');"
        made.append(
            Trigger(table, name, f'CREATE TRIGGER "{name}" BEFORE {what.upper()} ON "{table}" BEGIN {body} END')
        )
    unique = [str(f.column) for f in model._meta.concrete_fields if f.unique]
    clash = " OR ".join(_taken(table, group) for group in ([column] for column in unique))
    for group in _unique_together(model):
        clash += f" OR {_taken(table, group)}"
    name = _name(table, "no_replace")
    body = f"SELECT RAISE(ABORT, '{APPEND_ONLY}: {table} UNIQUE') WHERE {clash};"
    made.append(Trigger(table, name, f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" BEGIN {body} END'))
    if issubclass(model, Fact):
        name = _name(table, "red_letter")
        same = " AND ".join(f'o."{column}" IS NEW."{column}"' for column in _same_columns(model))
        test = f'SELECT 1 FROM "{table}" o WHERE o."id" = NEW."reverses_id" AND o."sign" = 1 AND {same}'
        body = f"SELECT RAISE(ABORT, '{RED_LETTER}: {table}') WHERE NOT EXISTS ({test});"
        when = 'WHEN NEW."reverses_id" IS NOT NULL'
        made.append(Trigger(table, name, f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" {when} BEGIN {body} END'))
    return made


def _taken(table: str, group: list[str]) -> str:
    """Return the condition that a new row's value of a unique group is there already; each is one look into its index.

    An empty value is never taken. Asked together in one ``OR``, SQLite would walk the whole table once it has been analysed.
    """
    given = " AND ".join(f'NEW."{column}" IS NOT NULL' for column in group)
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in group)
    return f'({given} AND EXISTS (SELECT 1 FROM "{table}" WHERE {same}))'


def _unique_together(model: type[models.Model]) -> list[list[str]]:
    named = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and not c.condition]
    together = [*named, *model._meta.unique_together]
    return [key_columns(model, list(group)) for group in together if group]


def _postgresql(model: type[models.Model]) -> list[Trigger]:
    table = model._meta.db_table
    raised = f"RAISE EXCEPTION '{APPEND_ONLY}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    refuse = ("yzt_ledger_append_only", f"BEGIN {raised} END")
    made = []
    for what in ("update", "delete", "truncate"):
        name = _name(table, f"no_{what}")
        each = "STATEMENT" if what == "truncate" else "ROW"
        sql = f'CREATE TRIGGER "{name}" BEFORE {what.upper()} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{refuse[0]}"()'
        made.append(Trigger(table, name, sql, *refuse))
    if issubclass(model, Fact):
        name = _name(table, "red_letter")
        same = " AND ".join(f'o."{column}" IS NOT DISTINCT FROM NEW."{column}"' for column in _same_columns(model))
        test = f'SELECT 1 FROM "{table}" o WHERE o."id" = NEW."reverses_id" AND o."sign" = 1 AND {same}'
        raised = f"RAISE EXCEPTION '{RED_LETTER}: {table}' USING ERRCODE = 'integrity_constraint_violation';"
        body = f"BEGIN IF NOT EXISTS ({test}) THEN {raised} END IF; RETURN NEW; END"
        head = f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" FOR EACH ROW WHEN (NEW."reverses_id" IS NOT NULL)'
        made.append(Trigger(table, name, f'{head} EXECUTE FUNCTION "{name}"()', name, body))
    return made


# --- making and finding them ------------------------------------------------------------------------------------------


def install(using: str = DEFAULT_DB_ALIAS, only: Iterable[type[models.Model]] | None = None) -> int:
    """Make all triggers and key indexes that are missing or altered; return how many triggers were made."""
    connection = connections[using]
    wanted = list(only) if only is not None else append_only_models()
    tables = set(connection.introspection.table_names())
    present = [model for model in wanted if model._meta.db_table in tables]
    standing = _standing(connection)
    made = 0
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for trigger in (t for model in present for t in triggers_of(model, connection.vendor)):
            if not _stands(trigger, standing):
                _make(cursor, trigger, connection.vendor)
                made += 1
        for sql in _key_indexes(present):
            cursor.execute(sql)
    return made


def _make(cursor: Any, trigger: Trigger, vendor: str) -> None:
    if vendor == "sqlite":
        cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"')
    else:
        head = f'CREATE OR REPLACE FUNCTION "{trigger.function}"() RETURNS trigger LANGUAGE plpgsql AS'
        cursor.execute(f"{head} $yzt${trigger.body}$yzt$")
        cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}" ON "{trigger.table}"')
    cursor.execute(trigger.sql)


def _key_indexes(present: Sequence[type[models.Model]]) -> Iterator[str]:
    for declared in ledgers():
        if declared.key and declared.model in present:
            columns = ", ".join(f'"{column}"' for column in key_columns(declared.model, declared.key))
            yield f'CREATE INDEX IF NOT EXISTS "{_name(declared.table, "key")}" ON "{declared.table}" ({columns})'


def key_columns(model: type[models.Model], key: Sequence[str]) -> list[str]:
    """Return the database columns of a ledger's key."""
    fields = model._meta.concrete_fields
    by_name = {name: str(f.column) for f in fields for name in (f.attname, f.name)}
    return [by_name[name] for name in key]


def _standing(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str, bool]]:
    """Return what stands in the database: by trigger name its table, what it does, and whether it is switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: (table, sql, True) for name, table, sql in cursor.fetchall()}
        cursor.execute(
            "SELECT t.tgname, c.relname, p.prosrc, t.tgenabled IN ('O', 'A') FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        )
        return {name: (table, body, on) for name, table, body, on in cursor.fetchall()}


def _stands(trigger: Trigger, standing: dict[str, tuple[str, str, bool]]) -> bool:
    found = standing.get(trigger.name)
    return found == (trigger.table, trigger.body or trigger.sql, True)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[tuple[str, str]]:
    """Return table and trigger name of every trigger that is missing, switched off or altered."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    standing = _standing(connection)
    wanted = (t for m in append_only_models() for t in triggers_of(m, connection.vendor) if m._meta.db_table in tables)
    return [(trigger.table, trigger.name) for trigger in wanted if not _stands(trigger, standing)]


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Install what is missing (signal ``post_migrate``, sent once for each app; only the first finds work)."""
    install(using)


def check_database(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Report tables of facts that could be rewritten (system check, tag ``database``)."""
    found: list[CheckMessage] = []
    for using in databases or ():
        for table, name in missing(using):
            text = _("数据表 %(table)s 缺少触发器 %(name)s,其中的事实可以被改写") % {"table": table, "name": name}
            found.append(Error(text, hint=_("运行 migrate 重新建立触发器,再运行 yzt verify"), id="ledger.E001"))
    return found
