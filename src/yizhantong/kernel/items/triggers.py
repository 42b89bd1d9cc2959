"""A published version cannot be changed, enforced by the database itself: triggers on SQLite and PostgreSQL.

Once a version is published or retired, the database refuses, whoever asks: to change its content, number, item, digest, its
writer, its publisher or their days; to move it anywhere but from published to retired; to delete it; and (SQLite) to replace
it. Installed after every ``migrate``; :func:`missing` tells what somebody with rights over the database took away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

PUBLISHED = "items.published_is_fixed"
TABLE = "items_itemversion"
FIXED = (
    "id",
    "item_id",
    "number",
    "content",
    "digest",
    "written_by_id",
    "published_by_id",
    "published_at",
    "valid_from",
)
_FUNCTION = "yzt_items_published_is_fixed"
_HELD = "OLD.state IN ('published', 'retired')"
_MOVES = "NOT (OLD.state = NEW.state OR (OLD.state = 'published' AND NEW.state = 'retired'))"


def wanted(vendor: str) -> dict[str, str]:
    """Return by name the SQL that makes each trigger (on PostgreSQL after the function)."""
    if vendor == "sqlite":
        return _sqlite()
    return {
        f"{TABLE}_{name}": f'CREATE TRIGGER "{TABLE}_{name}" BEFORE {event} ON "{TABLE}" FOR EACH {each} '
        f'EXECUTE FUNCTION "{_FUNCTION}"()'
        for name, event, each in (
            ("fixed", "UPDATE", "ROW"),
            ("kept", "DELETE", "ROW"),
            ("whole", "TRUNCATE", "STATEMENT"),
        )
    }


def _sqlite() -> dict[str, str]:
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in FIXED)
    raised = f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED}'); END"
    clash = '"id" = NEW."id" OR ("item_id" = NEW."item_id" AND "number" = NEW."number")'
    found = f"SELECT 1 FROM \"{TABLE}\" WHERE state IN ('published', 'retired') AND ({clash})"
    return {
        f"{TABLE}_fixed": f'CREATE TRIGGER "{TABLE}_fixed" BEFORE UPDATE ON "{TABLE}" '
        f"WHEN {_HELD} AND ({changed} OR {_MOVES}) {raised}",
        f"{TABLE}_kept": f'CREATE TRIGGER "{TABLE}_kept" BEFORE DELETE ON "{TABLE}" WHEN {_HELD} {raised}',
        f"{TABLE}_whole": f'CREATE TRIGGER "{TABLE}_whole" BEFORE INSERT ON "{TABLE}" '
        f"WHEN EXISTS ({found}) BEGIN SELECT RAISE(ABORT, '{PUBLISHED} UNIQUE'); END",
    }


def _body() -> str:
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in FIXED)
    raised = f"RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'integrity_constraint_violation';"
    return (
        f"BEGIN IF TG_OP = 'TRUNCATE' THEN {raised} END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {_HELD} THEN {raised} END IF; RETURN OLD; END IF; "
        f"IF {_HELD} AND ({changed} OR {_MOVES}) THEN {raised} END IF; RETURN NEW; END"
    )


def install(using: str = DEFAULT_DB_ALIAS) -> int:
    """Make the triggers that are missing or altered; return how many."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return 0
    lacking = missing(using)
    with connection.cursor() as cursor:
        if lacking and connection.vendor == "postgresql":
            head = f'CREATE OR REPLACE FUNCTION "{_FUNCTION}"() RETURNS trigger LANGUAGE plpgsql AS'
            cursor.execute(f"{head} $yzt${_body()}$yzt$")
        for name in lacking:
            on = f' ON "{TABLE}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
            cursor.execute(wanted(connection.vendor)[name])
    return len(lacking)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of the triggers that are missing, switched off or altered."""
    connection = connections[using]
    standing = _standing(connection)
    sql = wanted(connection.vendor)
    if connection.vendor == "sqlite":
        return [name for name, text in sql.items() if standing.get(name) != text]
    return [name for name in sql if standing.get(name) != _body()]


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute(
                "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relname = %s "
                "AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)",
                [TABLE],
            )
        return dict(cursor.fetchall())


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Install what is missing (signal ``post_migrate``)."""
    install(using)


def check_database(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Report that published versions could be changed (system check, tag ``database``)."""
    hint = _("运行 migrate 重新建立触发器")
    return [
        Error(_("事项版本表缺少触发器 %(name)s,已发布的版本可以被改写") % {"name": name}, hint=hint, id="items.E001")
        for using in databases or ()
        if TABLE in connections[using].introspection.table_names()
        for name in missing(using)
    ]
