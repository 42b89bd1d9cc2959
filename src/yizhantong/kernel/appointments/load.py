"""Load what a city says of its halls: ``halls.toml`` of its folder. What a manager changed since is left alone: only what is missing is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.appointments.actions.managing import add_window, set_hours
from yizhantong.kernel.appointments.models import Hall, Service
from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties.load import load_agencies
from yizhantong.kernel.parties.models import Organisation

FILE = "halls.toml"


@transaction.atomic
def load_halls() -> int:
    """Make the halls that the city names and that are not there yet; return how many. Can be repeated.

    :class:`~yizhantong.kernel.divisions.city.CityFolderError` when an agency or a service is named that does not exist.
    """
    if not city.folder().joinpath(FILE).is_file():
        return 0
    load_agencies()
    wanted = [row for row in city.settings_of(FILE)["halls"] if not Hall.objects.filter(pk=row["code"]).exists()]
    for row in wanted:
        _make(row)
    return len(wanted)


def _make(row: Mapping[str, Any]) -> None:
    agencies = Organisation.objects.filter(kind="agency", division=tree.root(), name__contains=row["agency"])
    agency = agencies.order_by("uscc").first()
    if agency is None:
        raise city.CityFolderError(f"{FILE}:大厅“{row['name']}”的管理单位“{row['agency']}”不在 agencies.csv 中")
    plain = {name: row[name] for name in ("code", "name", "address", "phone", "grid", "ahead", "notice")}
    hall = Hall.objects.create(agency=agency, division_id=tree.root(), demonstration=True, **plain)
    days = [(day, start, end) for first, last, start, end in row["hours"] for day in range(first, last + 1)]
    set_hours(hall, days, account=None)
    services = {each["code"]: _service(hall, each) for each in row["services"]}
    for each in row["windows"]:
        if unknown := [code for code in each["services"] if code not in services]:
            raise city.CityFolderError(f"{FILE}:大厅“{hall.name}”的窗口写了没有的业务 {'、'.join(unknown)}")
        for number in each["numbers"]:
            window = add_window(hall, number, [services[code] for code in each["services"]], account=None)
            if not each.get("bookable", True):
                window.bookable = False
                window.save(update_fields=["bookable"])


def _service(hall: Hall, row: Mapping[str, Any]) -> Service:
    made = Service.objects.create(
        hall=hall, code=row["code"], name=row["name"], letter=row["letter"], minutes=row["minutes"]
    )
    made.items.set(Item.objects.filter(pk__in=row.get("items", [])))
    return made
