"""What is read of packages: what is offered, what a specification would make, how a case stands part by part, what has gone stale."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import queries as item_queries
from yizhantong.kernel.items.catalogue import Ready, make_ready
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.sealed import open_data
from yizhantong.zones.onething.actions.editing import Assembled, assembled
from yizhantong.zones.onething.assembling import Promise, promise, taking_part
from yizhantong.zones.onething.gains import Gains, gains
from yizhantong.zones.onething.loading import ZONE, Loaded, package, parts_of, short
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.spec import predecessors, within

State = PackagePart.State


def offered() -> QuerySet[Item]:
    """Return the packages that can be asked for now, with their lead agencies."""
    return (
        item_queries.published()
        .filter(zone=ZONE, kind=Item.Kind.PACKAGE)
        .select_related("agency", "current")
        .order_by("code")
    )


def manageable_by(account: policy.Account) -> QuerySet[Item]:
    """Return the packages that the account may edit or publish."""
    found = item_queries.manageable_by(account).filter(zone=ZONE, kind=Item.Kind.PACKAGE)
    return found.select_related("agency", "current").order_by("code")


# --- the editor's view ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What a specification would make: the merged content ready for a form, and what it saves; both None while it cannot be assembled."""

    made: Assembled
    ready: Ready | None
    gains: Gains | None


def preview(item: Item, document: Mapping[str, Any]) -> Preview:
    """Return what a specification would make of the parts as they are in force now; writes nothing. Raises as ``editing.assembled``."""
    made = assembled(document)
    if made.content is None or made.findings:
        return Preview(made, None, None)
    ready = make_ready(made.content, item)
    return Preview(made, ready, gains(made.spec, parts_of(made.spec), ready))


def gains_of(version: ItemVersion) -> Gains:
    """Return what a published package saves."""
    loaded = package(version.pk)
    return gains(loaded.spec, loaded.listed, loaded.ready)


@dataclass(frozen=True, slots=True)
class Stale:
    """A part that was published anew since the package was assembled."""

    part: str
    item: str
    name: str
    pinned: int
    current: int | None
    """The number in force; None: the item is no longer in force."""


def stale(version: ItemVersion) -> list[Stale]:
    """Return the parts of a package's version that are no longer as they were when it was assembled."""
    loaded = package(version.pk)
    codes = [part.spec.item for part in loaded.listed]
    rows = Item.objects.filter(pk__in=codes).values_list("pk", "name", "current__number")
    now = {pk: (name, number) for pk, name, number in rows}
    return [
        Stale(code, part.spec.item, now[part.spec.item][0], part.ready.number, now[part.spec.item][1])
        for code, part in loaded.parts.items() if now[part.spec.item][1] != part.ready.number
    ]  # fmt: skip


def containing(item: Item) -> list[Item]:
    """Return the packages in force that have this item as a part."""
    packages = Item.objects.filter(zone=ZONE, kind=Item.Kind.PACKAGE, current__isnull=False).select_related("current")
    found = []
    for each in packages:
        assert each.current is not None
        if any(part.spec.item == item.pk for part in package(each.current.pk).listed):
            found.append(each)
    return found


# --- a case, part by part -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How one part stands. ``number`` is its own case's ("" before it opens), ``after`` the titles of those it waits for."""

    code: str
    title: str
    agency: str
    state: str
    label: str
    reason: str
    number: str
    required: bool
    after: tuple[str, ...]
    days: int | None
    due_at: dt.datetime | None
    opened_at: dt.datetime | None
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a package's case stands: its parts in their order, and the joint promise of its situation with the chain that makes it."""

    parts: tuple[PartProgress, ...]
    promise: Promise
    path: tuple[str, ...]
    """The titles along the chain."""

    @property
    def counts(self) -> Counter[str]:
        """How many parts are in each state."""
        return Counter(part.state for part in self.parts)

    @property
    def granted(self) -> int:
        """How many parts were granted."""
        return self.counts[State.GRANTED]


def progress(case: Case) -> Progress:
    """Return how a package's case stands; before acceptance the parts that its answers call for, all waiting. Two queries."""
    loaded = package(case.version_id)
    rows = list(PackagePart.objects.filter(case_id=case.pk).select_related("child").order_by("position"))
    if not rows:
        return expected(loaded, open_data(loaded.ready, case.data))
    titles = {row.code: row.title for row in rows}
    parts = tuple(
        PartProgress(
            code=row.code, title=row.title, agency=loaded.parts[row.code].agency_name, state=row.state,
            label=str(State(row.state).label), reason=row.reason, number=row.child.number if row.child else "",
            required=row.required, after=tuple(titles[code] for code in row.after), days=loaded.parts[row.code].days,
            due_at=row.child.due_at if row.child else None, opened_at=row.opened_at, ended_at=row.ended_at,
        )
        for row in rows
    )  # fmt: skip
    found = promise(loaded.spec, loaded.listed, titles)
    return Progress(parts, found, tuple(titles[code] for code in found.path))


def expected(loaded: Loaded, data: Mapping[str, Any]) -> Progress:
    """Return the parts that some answers (in clear) call for, as they would begin, and what is promised for them."""
    chosen = taking_part(loaded.spec, loaded.ready, data)
    order = within(predecessors(loaded.spec), chosen)
    titles = {code: loaded.parts[code].ready.name for code in chosen}
    parts = tuple(
        PartProgress(
            code=code, title=titles[code], agency=(of := loaded.parts[code]).agency_name, state=State.WAITING, label="",
            reason="", number="", required=of.spec.required, after=tuple(titles[each] for each in order[code]), days=of.days,
            due_at=None, opened_at=None, ended_at=None,
        )
        for code in chosen
    )  # fmt: skip
    found = promise(loaded.spec, loaded.listed, chosen)
    return Progress(parts, found, tuple(titles[code] for code in found.path))


__all__ = [
    "PartProgress", "Preview", "Progress", "Stale", "containing", "expected", "gains_of", "manageable_by", "offered", "preview",
    "progress", "short", "stale",
]  # fmt: skip
