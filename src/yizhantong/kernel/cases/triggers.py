"""One accountable office at every instant of an open case, kept by the database itself, on SQLite and PostgreSQL.

The case's row says who answers for it (``office``) and since when (``office_since``). Triggers write the tenures from it: a case
that opens begins one, a change of office ends one and begins the next at the same moment, closing ends it. Tenures
themselves cannot be written otherwise: none for another office than the case's, none ended while it still holds, none
altered, none deleted. A case that was submitted is never deleted and never becomes a draft again.

Acceptance starts the clock: its first segment is written by the database, too. Closing ends what still runs, the clock and the steps
that are open then; steps that are opened because a case is closed (delivery) are written after it.

A change of office must say a later ``office_since``; so the tenures of a case follow each other without gap or overlap.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from yizhantong.kernel.cases.models import Case, CaseStep, ClockSegment, Tenure

REFUSED = "cases.one_office"
ENDED_WITH_CASE = "随办件结束"
"""What a step says that was open when its case was closed."""
_CASE, _TENURE = Case._meta.db_table, Tenure._meta.db_table
_STEP, _SEGMENT = CaseStep._meta.db_table, ClockSegment._meta.db_table
_OPEN = "NOT IN ('draft', 'closed')"

# Each: name, table, when and on what, condition, statements (SQLite), the same in PL/pgSQL.
_BEGIN = (
    f"INSERT INTO {_TENURE} (case_id, office_id, since, until) VALUES (NEW.id, NEW.office_id, NEW.office_since, NULL);"
)
_END_AT = "UPDATE {table} SET until = {moment} WHERE case_id = NEW.id AND until IS NULL;"
_START = f"INSERT INTO {_SEGMENT} (case_id, kind, start, \"end\", reason) VALUES (NEW.id, 'run', NEW.accepted_at, NULL, 'accepted');"
_STOP = f'UPDATE {_SEGMENT} SET "end" = NEW.closed_at WHERE case_id = NEW.id AND "end" IS NULL;'
_END_STEPS = (
    f"UPDATE {_STEP} SET done_at = NEW.closed_at, outcome = 'ended', opinion = '{ENDED_WITH_CASE}' "
    "WHERE case_id = NEW.id AND done_at IS NULL;"
)
_END_CLOSED = f"{_END_AT.format(table=_TENURE, moment='NEW.closed_at')} {_STOP} {_END_STEPS}"
_END_MOVED = _END_AT.format(table=_TENURE, moment="NEW.office_since")

_FITS = f"SELECT 1 FROM {_CASE} c WHERE c.id = NEW.case_id AND c.state {_OPEN} AND c.office_id = NEW.office_id AND NEW.until IS NULL"
_HOLDS = f"SELECT 1 FROM {_CASE} c WHERE c.id = OLD.case_id AND c.state {_OPEN} AND c.office_id = OLD.office_id"


def _guards(same: str) -> dict[str, tuple[str, str, str, str]]:
    """Return, by name: table, event, condition under which it acts, and what is refused (``same`` compares null-safe)."""
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in ("id", "case_id", "office_id", "since"))
    return {
        "cases_tenure_fits": (_TENURE, "INSERT", f"NOT EXISTS ({_FITS})", "此责任期与办件的责任单位不符"),
        "cases_tenure_stays": (
            _TENURE, "UPDATE",
            f"NOT ({kept} AND OLD.until IS NULL AND NEW.until IS NOT NULL) OR EXISTS ({_HOLDS})", "责任期不能改动",
        ),
        "cases_tenure_kept": (_TENURE, "DELETE", "1 = 1", "责任期不能删除"),
        "cases_case_kept": (_CASE, "DELETE", "OLD.state <> 'draft'", "已提交的办件不能删除"),
        "cases_case_no_draft": (_CASE, "UPDATE", "NEW.state = 'draft' AND OLD.state <> 'draft'", "已提交的办件不能退回草稿"),
        "cases_case_moves_on": (
            _CASE, "UPDATE",
            f"OLD.state {_OPEN} AND NEW.state {_OPEN} AND NEW.office_id <> OLD.office_id AND NEW.office_since <= OLD.office_since",
            "责任单位变更须写明新的起始时刻",
        ),
    }  # fmt: skip


_KEEPERS = {
    "cases_case_opens": ("AFTER INSERT", f"NEW.state {_OPEN}", _BEGIN),
    "cases_case_begins": ("AFTER UPDATE OF state", f"NEW.state {_OPEN} AND NOT OLD.state {_OPEN}", _BEGIN),
    "cases_case_starts": ("AFTER INSERT", f"NEW.state {_OPEN} AND NEW.accepted_at IS NOT NULL", _START),
    "cases_case_accepted": (
        "AFTER UPDATE OF accepted_at", f"NEW.state {_OPEN} AND NEW.accepted_at IS NOT NULL AND OLD.accepted_at IS NULL", _START,
    ),
    "cases_case_ends": ("AFTER UPDATE OF state", f"NOT NEW.state {_OPEN} AND OLD.state {_OPEN}", _END_CLOSED),
    "cases_case_moves": (
        "AFTER UPDATE OF office_id", f"NEW.state {_OPEN} AND OLD.state {_OPEN} AND NEW.office_id <> OLD.office_id",
        f"{_END_MOVED} {_BEGIN}",
    ),
}  # fmt: skip


def _sqlite() -> dict[str, tuple[str, str]]:
    made = {}
    for name, (table, event, condition, text) in _guards("IS").items():
        body = f"SELECT RAISE(ABORT, '{REFUSED}: {text}') WHERE {condition};"
        made[name] = (table, f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN {body} END")
    for name, (event, condition, body) in _KEEPERS.items():
        made[name] = (_CASE, f"CREATE TRIGGER {name} {event} ON {_CASE} WHEN {_bare(condition)} BEGIN {body} END")
    return made


def _bare(condition: str) -> str:
    return condition.replace(f"NOT OLD.state {_OPEN}", "OLD.state IN ('draft', 'closed')").replace(
        f"NOT NEW.state {_OPEN}", "NEW.state IN ('draft', 'closed')"
    )


def _postgresql() -> dict[str, tuple[str, str, str]]:
    made = {}
    for name, (table, event, condition, text) in _guards("IS NOT DISTINCT FROM").items():
        raised = f"RAISE EXCEPTION '{REFUSED}: {text}' USING ERRCODE = 'integrity_constraint_violation';"
        back = "OLD" if event == "DELETE" else "NEW"
        function = f"BEGIN IF {condition} THEN {raised} END IF; RETURN {back}; END"
        made[name] = (
            table,
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            function,
        )
    for name, (event, condition, body) in _KEEPERS.items():
        head = f"CREATE TRIGGER {name} {event} ON {_CASE} FOR EACH ROW WHEN ({_bare(condition)})"
        made[name] = (_CASE, f"{head} EXECUTE FUNCTION {name}()", f"BEGIN {body} RETURN NEW; END")
    return made


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers anew (signal ``post_migrate``); quick, and right after every change of this module."""
    connection = connections[using]
    if not {_CASE, _TENURE, _STEP, _SEGMENT} <= set(connection.introspection.table_names()):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, (_table, sql) in _sqlite().items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)
            return
        for name, (table, sql, function) in _postgresql().items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $yzt${function}$yzt$"
            )
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(sql)


def after_migrate(using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Install them (signal ``post_migrate`` of this app)."""
    install(using)
