"""Issued documents cannot be rewritten: the database refuses a delete, and any update but one revocation, whoever asks.

Installed after every ``migrate``, on SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yizhantong.kernel.files.models import Issued

REFUSED = "files.issued_is_final"
REVOCATION = ("revoked_at", "revoked_reason")


def statements(vendor: str) -> list[str]:
    """Return the SQL that makes the triggers anew; ``vendor`` is ``sqlite`` or ``postgresql``."""
    table = Issued._meta.db_table
    columns = [str(field.column) for field in Issued._meta.concrete_fields if field.column not in REVOCATION]
    return _sqlite(table, columns) if vendor == "sqlite" else _postgresql(table, columns)


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Install the triggers (signal ``post_migrate`` of this app)."""
    connection = connections[using]
    if Issued._meta.db_table not in connection.introspection.table_names():
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def _sqlite(table: str, columns: list[str]) -> list[str]:
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return [
        f'DROP TRIGGER IF EXISTS "{table}_final"',
        f'DROP TRIGGER IF EXISTS "{table}_kept"',
        f'CREATE TRIGGER "{table}_final" BEFORE UPDATE ON "{table}" '
        f"WHEN OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR {changed} {refuse}",
        f'CREATE TRIGGER "{table}_kept" BEFORE DELETE ON "{table}" {refuse}',
    ]


def _postgresql(table: str, columns: list[str]) -> list[str]:
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return [
        f"""CREATE OR REPLACE FUNCTION "{table}_final"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR {changed} THEN
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
        f'DROP TRIGGER IF EXISTS "{table}_final" ON "{table}"',
        f'CREATE TRIGGER "{table}_final" BEFORE UPDATE OR DELETE ON "{table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{table}_final"()',
    ]
