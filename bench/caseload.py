"""A city with as many cases as asked for, for the benchmarks of cases and lists.

``prepared(home, postgres)`` sets up Django over a new database with the city's divisions, agencies, 200 enterprises and one published
item of five steps; ``fill(count)`` copies a case that went through the real actions by plain SQL, because making them is not what is
measured. One case in five is open at its first step. Seven agencies share the cases evenly; an eighth has one in ten thousand.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

CODES = ("check", "review", "joint", "inspect", "decide")
BUSY = 7
RARE = 10_000
BASE = 1_000_000_000


@contextmanager
def prepared(home: Path, postgres: bool = False, *, durable: bool = False) -> Iterator[None]:
    """Set up Django over a new database, on SQLite or a throw-away PostgreSQL cluster reached by its Unix socket.

    ``durable``: PostgreSQL waits for the disk at each commit, as in service.
    """
    with ExitStack() as stack:
        url = f"sqlite:///{home}/bench.sqlite3"
        if postgres:
            import psycopg

            from yizhantong.testing.postgres import cluster

            running = stack.enter_context(cluster(durable=durable))
            with psycopg.connect(running.dsn, autocommit=True) as admin:
                admin.execute("CREATE DATABASE bench")
            url = f"postgresql://postgres@/bench?host={running.socket}"
        os.environ |= {
            "YZT_HOME": str(home), "YZT_SEGMENTS": str(home / "segments"), "DATABASE_URL": url, "YZT_SECOND_FACTOR": "false",
            "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings", "YZT_HOSTS": "127.0.0.1,localhost,testserver",
        }  # fmt: skip
        import django
        from django.conf import settings

        django.setup()
        settings.STORAGES["staticfiles"] = {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }  # none collected
        from django.db import connections

        from yizhantong.project.tables import bring_up

        bring_up()
        _city()
        yield
        connections.close_all()


def _city() -> None:
    import random

    from yizhantong.kernel.divisions.calendar import load_calendar
    from yizhantong.kernel.divisions.load import load_city
    from yizhantong.kernel.parties.load import load_agencies, load_industries
    from yizhantong.kernel.parties.models import Organisation
    from yizhantong.kernel.parties.sample import organisations

    load_city()
    load_calendar()
    load_industries()
    load_agencies()
    Organisation.objects.bulk_create(organisations(random.Random(1), 200))


def offices() -> list[Any]:
    """Return the seven busy agencies and, last, the one with few cases."""
    from yizhantong.kernel.parties.models import Organisation

    return list(Organisation.objects.filter(kind="agency").order_by("uscc")[: BUSY + 1])


def item() -> Any:
    """Return the item, published with five steps and limits; made when it is missing."""
    from yizhantong.kernel.items.models import Item
    from yizhantong.testing.items import published_item, steps

    found = Item.objects.filter(code="bench.permit").first()
    if found is not None:
        return found
    limit = {"amount": 10, "unit": "workday", "law": "演示承诺", "source": "演示"}
    version = published_item(
        "bench.permit", agency=offices()[0], flow=steps(*CODES, decide={"kind": "decision"}), limits={"promised": limit}
    )
    return version.item


def official(name: str, office: Any, *permissions: str) -> Any:
    """Return an official of that agency with these permissions over it."""
    from yizhantong.kernel.access.models import Grant, Role, User

    role, _ = Role.objects.get_or_create(
        code=f"bench-{name}", defaults={"name": name, "permissions": list(permissions)}
    )
    user = User.objects.create(username=name, display_name=name, is_staff=True, agency=office)
    Grant.objects.create(user=user, role=role, scope=Grant.Scope.AGENCY)
    return user


def fill(count: int, facts: bool = False) -> None:
    """Bring the number of cases up to ``count``, with their steps and clocks; ``facts``: with the facts of what happened to them too."""
    from django.db import connection
    from django.db.models import Max

    from yizhantong.kernel.cases.models import Case

    templates = _templates()
    present = Case.objects.filter(number__startswith="B").count()
    base = max(Case.objects.aggregate(most=Max("pk"))["most"], BASE) - present
    firms = _enterprises()
    with connection.cursor() as cursor:
        _numbered(cursor, "bench_office", [office.uscc for office in offices()])
        _numbered(cursor, "bench_firm", firms)
        for state, pk in templates.items():
            open_here = "i % 5 = 0" if state == "open" else "i % 5 <> 0"
            _copy(cursor, pk, range(present, count), base, open_here, len(firms), facts)
        cursor.execute("ANALYZE")


def _templates() -> dict[str, int]:
    """Return the ids of two cases that went the real way: one open at its first step, one closed."""
    from yizhantong.kernel.access.models import User
    from yizhantong.kernel.cases import actions
    from yizhantong.kernel.cases.models import Case
    from yizhantong.kernel.parties.models import Organisation

    firm = Organisation.objects.filter(kind="enterprise").order_by("uscc")[0]
    own = Case.objects.filter(item_id=item().code)
    if not own.exists():
        by = User.objects.filter(username="template").first() or official(
            "template", offices()[0], "cases.intake", "cases.handle", "cases.decide"
        )
        for closes in (False, True):
            made = actions.file(item(), applicant=firm, data={}, account=by, channel="counter")
            actions.accept(made, account=by)
            for code in CODES if closes else ():
                actions.complete_step(made, code, outcome="pass", account=by)
    return {
        "open": own.exclude(state="closed").order_by("id")[0].pk,
        "closed": own.filter(state="closed").order_by("id")[0].pk,
    }


def _enterprises() -> list[str]:
    from yizhantong.kernel.parties.models import Organisation

    return list(Organisation.objects.filter(kind="enterprise").order_by("uscc").values_list("uscc", flat=True))


def _numbered(cursor: Any, table: str, codes: list[str]) -> None:
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (n integer PRIMARY KEY, code varchar(18))")
    cursor.execute(f"DELETE FROM {table}")
    cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s)", list(enumerate(codes)))


def _copy(cursor: Any, template: int, numbers: range, base: int, chosen: str, firms: int, facts: bool) -> None:
    """Insert copies of a case, its steps and its clock, one for each of the numbers i; ids are ``base`` + i."""
    from yizhantong.kernel.cases.models import Case, CaseEvent, CaseStep, ClockSegment

    office = f"(SELECT code FROM bench_office WHERE n = CASE WHEN i % {RARE} = 0 THEN {BUSY} ELSE i % {BUSY} END)"
    own = {
        "id": f"{base} + i", "number": "'B' || i", "office_id": office, "idempotency_key": "NULL",
        "organisation_id": f"(SELECT code FROM bench_firm WHERE n = i % {firms})",
    }  # fmt: skip
    moved = _later(cursor)
    series = _series(cursor, numbers.start, numbers.stop)
    _insert(cursor, Case, own, f"id = {template}", series, chosen)
    of_case = f"case_id = {template}"
    linked = {"case_id": f"{base} + i", "office_id": office, "sort_at": moved}
    _insert(cursor, CaseStep, linked, of_case, series, chosen)
    if Case.objects.filter(
        pk=template, state="closed"
    ).exists():  # an open one's clock the database has started by itself
        _insert(cursor, ClockSegment, {"case_id": linked["case_id"]}, of_case, series, chosen)
    if facts:
        number = f"number = (SELECT number FROM {Case._meta.db_table} WHERE id = {template})"
        _insert(cursor, CaseEvent, {"number": "'B' || i"}, number, series, chosen)


def _insert(cursor: Any, model: Any, own: dict[str, str], where: str, series: str, chosen: str) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields if field.column != "id" or "id" in own]
    chosen_columns = ", ".join(own.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {chosen_columns} FROM "{table}" t, {series} WHERE t.{where} AND {chosen}'
    )


def _series(cursor: Any, first: int, last: int) -> str:
    if cursor.db.vendor == "postgresql":
        return f"generate_series({first + 1}, {last}) AS s(i)"
    return f"(WITH RECURSIVE s(i) AS (SELECT {first + 1} UNION ALL SELECT i + 1 FROM s WHERE i < {last}) SELECT i FROM s) s"


def _later(cursor: Any) -> str:
    """Return the template's ``sort_at`` moved by some minutes for each copy, so that lists have an order."""
    if cursor.db.vendor == "postgresql":
        return "t.sort_at + (i % 20000) * interval '1 minute'"
    return "datetime(t.sort_at, '+' || (i % 20000) || ' minutes')"
