"""A new database and one that came through all migrations have the same tables, on the engine under test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = {
    "models": "from yizhantong.project.tables import bring_up; bring_up()",
    "migrations": "from django.core.management import call_command; call_command('migrate', interactive=False, verbosity=0)",
}
TELL = """
import json
from django.db import connection
found = {}
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        columns = {c.name: [str(c.type_code), c.null_ok, c.display_size] for c in connection.introspection.get_table_description(cursor, table)}
        kept = connection.introspection.get_constraints(cursor, table)
        found[table] = [columns, sorted([sorted(k["columns"] or []), k["unique"], k["primary_key"], k["index"], k["check"], k["foreign_key"]] for k in kept.values())]
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found["triggers"] = sorted(cursor.fetchall())
print(json.dumps(found, default=list, sort_keys=True))
"""


def schema(home: Path, way: str) -> str:
    """Return what a database that was made in that way looks like."""
    program = f"import django; django.setup()\n{MAKE[way]}\n{TELL}"
    environment = os.environ | {
        "YZT_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/tables.sqlite3",
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=1200
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database made from the models, and what it looks like."""
    home = tmp_path_factory.mktemp("models")
    return home, schema(home, "models")


def test_both_ways_lead_to_the_same_tables(new: tuple[Path, str], tmp_path: Path) -> None:
    made = {"models": new[1], "migrations": schema(tmp_path, "migrations")}
    if made["models"] != made["migrations"]:
        pieces = [set(re.split(r"(?<=\]\]), ", text)) for text in made.values()]
        pytest.fail("\n".join(sorted(pieces[0] ^ pieces[1]))[:3000])


def test_a_new_database_is_up_to_date(new: tuple[Path, str]) -> None:
    environment = os.environ | {"YZT_HOME": str(new[0]), "DATABASE_URL": f"sqlite:///{new[0]}/tables.sqlite3"}
    program = "import django; django.setup()\nfrom django.core.management import call_command; call_command('migrate', check_unapplied=True)"
    environment["DJANGO_SETTINGS_MODULE"] = "yizhantong.project.settings"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
