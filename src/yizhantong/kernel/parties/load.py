"""Load what every city shares (industries) and what this city has (agencies) from their tables."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib import resources

from django.db import transaction

from yizhantong.kernel.divisions import city
from yizhantong.kernel.parties.models import Industry, Organisation

LEVELS = {"门类": "section", "大类": "division", "中类": "group", "小类": "class"}


def _industries() -> list[dict[str, str]]:
    path = resources.files("yizhantong.kernel.parties").joinpath("data", "gbt4754_2017.csv")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@lru_cache(maxsize=1)
def section_names() -> dict[str, str]:
    """Return the names of the sections of GB/T 4754-2017 (门类) by their letters."""
    return {row["code"]: row["name"] for row in _industries() if LEVELS[row["level"]] == Industry.Level.SECTION}


@transaction.atomic
def load_industries() -> int:
    """Write the industries of GB/T 4754-2017; return how many the table has."""
    rows = _industries()
    parents = {row["code"]: row["parent"] for row in rows}
    Industry.objects.bulk_create(
        [
            Industry(
                code=row["code"],
                name=row["name"],
                level=LEVELS[row["level"]],
                parent_id=row["parent"] if row["parent"] in parents else None,
                section=_section(row["code"], parents),
            )
            for row in rows
        ],
        update_conflicts=True,
        update_fields=["name", "level", "parent", "section"],
        unique_fields=["code"],
    )
    return len(rows)


def _section(code: str, parents: dict[str, str]) -> str:
    while not code.isalpha():
        code = parents[code]
    return code


@transaction.atomic
def load_agencies() -> int:
    """Write the agencies of the city's folder; return how many it has."""
    rows = city.table("agencies.csv")
    Organisation.objects.bulk_create(
        [
            Organisation(
                uscc=row["uscc"],
                name=row["name"],
                kind=row["kind"],
                division_id=row["division"],
                demonstration=row["demonstration"] == "true",
            )
            for row in rows
        ],
        update_conflicts=True,
        update_fields=["name", "kind", "division", "demonstration"],
        unique_fields=["uscc"],
    )
    return len(rows)
