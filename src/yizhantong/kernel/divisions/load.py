"""Load a city's divisions from its folder: idempotent, nothing is deleted, a vanished code is closed by hand."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.divisions.models import City, Division, DivisionCode


@transaction.atomic
def load_city() -> City:
    """Write the city, its divisions, managing units and codes from the folder, and the working calendar; return the city."""
    about = city.settings_of()
    served, _ = City.objects.update_or_create(
        code=about["code"],
        defaults={"folder": about["folder"], "name": about["name"], "name_en": about["name_en"]},
    )
    _write_divisions(city.table("divisions.csv"), city.table("units.csv"))
    _write_codes(city.table("codes.csv"))
    load_calendar()
    tree.forget()
    return served


def _write_divisions(rows: list[dict[str, str]], units: list[dict[str, str]]) -> None:
    zones = [unit for unit in units if unit["level"] == Division.Level.ZONE]
    managed = {township: zone["code"] for zone in zones for township in zone["townships"].split()}
    coastal = {unit["code"] for unit in units if unit["coastal"] == "true"}
    divisions = [_division(row, coastal) for row in rows + zones]
    by_code = {division.code: division for division in divisions}
    for division in divisions:
        division.unit_id = _unit(division, by_code, managed)
    keys = [f.attname for f in Division._meta.concrete_fields if not f.primary_key]
    Division.objects.bulk_create(divisions, update_conflicts=True, update_fields=keys, unique_fields=["code"])


def _division(row: dict[str, str], coastal: set[str]) -> Division:
    return Division(
        code=row["code"],
        name=row["name"],
        level=row["level"],
        parent_id=row["parent_code"] or None,
        coastal=row["code"] in coastal,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
    )


def _unit(division: Division, by_code: dict[str, Division], managed: dict[str, str]) -> str | None:
    if division.level in (Division.Level.COUNTY, Division.Level.ZONE):
        return division.code
    current: Division | None = division
    while current is not None:
        if current.code in managed:
            return managed[current.code]
        if current.level == Division.Level.COUNTY:
            return current.code
        current = by_code.get(current.parent_id or "")
    return None


def _write_codes(rows: list[dict[str, str]]) -> None:
    DivisionCode.objects.all().delete()
    DivisionCode.objects.bulk_create(
        DivisionCode(
            division_id=row["division"] or None,
            code=row["code"],
            name=row["name"],
            source=row["source"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in rows
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
