"""A small city for the tests of cases: offices, officials, people who ask, and items with their flows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.divisions.models import City, Division
from yizhantong.kernel.items.actions import digest_of
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
from yizhantong.kernel.parties.models import Mandate, Organisation, Person

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2021, 8, 9, 10, 0, tzinfo=ZONE)
"""A Monday morning; all tests stand on it unless they say otherwise."""

CITY, GUTA, LINGHE = "2107", "210702", "210703"
ECONOMY, ECOLOGY, SAFETY, WINDOW = (
    "11210700000000001A",
    "11210700000000002A",
    "11210700000000003A",
    "11210700000000004A",
)
FIFTH = "11210700000000005A"
FIRM, RIVAL = "91210700000000001X", "91210700000000002X"


def at(day: int, hour: int = 10, minute: int = 0, month: int = 8) -> dt.datetime:
    """Return a moment of 2021, local time."""
    return dt.datetime(2021, month, day, hour, minute, tzinfo=ZONE)


def step(code: str, name: str = "", **attributes: Any) -> dict[str, Any]:
    """Return a step of a flow document."""
    return {"kind": "step", "code": code, "name": name or code, "attributes": attributes}


def seq(*children: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sequence."""
    return {"kind": "seq", "children": list(children)}


def together(*children: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parallel part."""
    return {"kind": "all", "children": list(children)}


def choice(*branches: tuple[str, Mapping[str, Any]], otherwise: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a choice by rules."""
    made = [{"condition": condition, "node": node} for condition, node in branches]
    return {"kind": "choice", "branches": made, "otherwise": otherwise}


USUAL = seq(step("review", "初审"), step("decide", "决定", kind="decision"))


def build() -> None:
    """Make divisions, calendar, offices, firms and people."""
    places = (
        (CITY, "锦州市", "city", None, None),
        (GUTA, "古塔区", "county", CITY, GUTA),
        (LINGHE, "凌河区", "county", CITY, LINGHE),
    )
    Division.objects.bulk_create(
        Division(code=code, name=name, level=level, parent_id=parent, unit_id=unit, source="test")
        for code, name, level, parent, unit in places
    )
    City.objects.create(code=CITY, folder="jinzhou", name="锦州市", name_en="Jinzhou")
    tree.forget()
    load_calendar()
    offices = ((ECONOMY, "工信局"), (ECOLOGY, "生态局"), (SAFETY, "应急局"), (WINDOW, "营商局"), (FIFTH, "财政局"))
    Organisation.objects.bulk_create(
        Organisation(uscc=code, name=name, kind="agency", division_id=CITY) for code, name in offices
    )
    Organisation.objects.create(uscc=FIRM, name="演示企业", kind="enterprise", division_id=GUTA)
    Organisation.objects.create(uscc=RIVAL, name="另一企业", kind="enterprise", division_id=LINGHE)


def official(name: str, agency: str | None, *permissions: str, scope: str = "agency", division: str | None = None,
             zone: str = "") -> User:  # fmt: skip
    """Make an official with permissions over a scope."""
    user = User.objects.create(username=name, display_name=name, is_staff=True, agency_id=agency)
    if permissions:
        role = Role.objects.create(code=f"role-{name}", name=name, permissions=list(permissions))
        Grant.objects.create(user=user, role=role, scope=scope, division_id=division, zone=zone)
    return user


def citizen(name: str, *organisations: str) -> User:
    """Make an account of a person who holds mandates."""
    person = Person.objects.create(name=name, division_id=GUTA)
    for code in organisations:
        Mandate.objects.create(organisation_id=code, person=person, valid_from=dt.date(2020, 1, 1))
    return User.objects.create(username=f"c-{name}", display_name=name, person=person)


def element(code: str, name: str, kind: str = "text", **fields: Any) -> DataElement:
    """Make a data element."""
    return DataElement.objects.create(code=code, name=name, kind=kind, **fields)


def content(flow: Mapping[str, Any] = USUAL, *, fields: tuple[str, ...] = (), materials: tuple[Mapping[str, Any], ...] = (),
            limits: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:  # fmt: skip
    """Return the content of a version."""
    return {
        "guide": {}, "form": [{"code": "main", "title": "基本", "fields": [{"element": code} for code in fields]}] if fields else [],
        "materials": list(materials), "conditions": [], "flow": dict(flow),
        "limits": {"promised": {"amount": 10, "unit": "workday", "law": "承诺", "source": "test"}} if limits is None else dict(limits),
        "options": options,
    }  # fmt: skip


def item(code: str = "trial.one", document: Mapping[str, Any] | None = None, *, agency: str = ECONOMY, zone: str = "trial",
         kind: str = "application", name: str = "试验事项") -> Item:  # fmt: skip
    """Make an item with a published version."""
    made = Item.objects.create(code=code, zone=zone, kind=kind, agency_id=agency, division_id=CITY, name=name)
    publish(made, document or content())
    return made


def publish(made: Item, document: Mapping[str, Any]) -> ItemVersion:
    """Publish the next version of an item."""
    number = made.versions.count() + 1
    version = ItemVersion.objects.create(
        item=made, number=number, state=ItemVersion.State.PUBLISHED, content=dict(document), published_at=NOW,
        published_by=_somebody("publisher"), written_by=_somebody("writer"), digest=digest_of(document),
    )  # fmt: skip
    made.current = version
    made.save(update_fields=["current"])
    return version


def _somebody(name: str) -> User:
    return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]
