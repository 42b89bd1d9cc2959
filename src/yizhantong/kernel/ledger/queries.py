"""The one door through which facts are read; lists, details, exports, searches and drill-downs all start at ``visible_to``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.ledger.showing import Column, columns_for, staff_reach

__all__ = ["Filters", "Page", "columns_for", "filtered", "page", "visible_to"]

COUNT_CAP = 10_000
MOST_ROWS = 500


def visible_to(account: policy.Account, ledger: Ledger, *, as_public: bool = False) -> QuerySet[Fact]:
    """Return the facts of a ledger that an account may see.

    * an account with the ledger's ``view`` permission: the facts of the divisions that it reaches, all columns;
    * everyone else, and whoever asks ``as_public``: all facts of a public ledger, its public columns;
    * of a ledger that is not public, nobody else sees anything.

    Show columns by :func:`columns_for` with the same arguments, never attribute by attribute.
    """
    facts = ledger.model._default_manager.all()
    reach = policy.NOWHERE if as_public else staff_reach(account, ledger)
    if reach.everywhere:
        return facts
    if reach:
        return facts.filter(division_id__in=sorted(reach.divisions))
    return facts if ledger.public else facts.none()


@dataclass(frozen=True)
class Filters:
    """What is asked for: days (both included), a division with all it manages, values by column, words, what is in force."""

    since: dt.date | None = None
    until: dt.date | None = None
    division: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    in_force: bool = False


@dataclass(frozen=True)
class Page:
    """One page of facts, newest day first. ``after`` leads to the next one, empty on the last.

    ``count`` is exact up to :data:`COUNT_CAP`; ``capped`` tells that there are more.
    """

    columns: list[Column]
    facts: list[Fact]
    after: str
    count: int
    capped: bool


def page(
    account: policy.Account,
    ledger: Ledger,
    filters: Filters | None = None,
    *,
    after: str = "",
    size: int = 50,
    as_public: bool = False,
) -> Page:
    """Return one page by keyset (day and id): as quick on the thousandth page as on the first.

    Two queries, whatever the size (three with a filter by division the first time). Raises :class:`LedgerError`
    ``ledger.filter`` on a filter that cannot be, ``ledger.page`` on a place that is none.
    """
    columns = columns_for(account, ledger, as_public=as_public)
    chosen = filtered(visible_to(account, ledger, as_public=as_public), columns, filters or Filters())
    total = chosen.order_by()[: COUNT_CAP + 1].count()
    rows = chosen
    if after:
        day, last = _place(after)
        rows = rows.filter(Q(occurred_on__lt=day) | Q(occurred_on=day, id__lt=last))
    most = max(1, min(size, MOST_ROWS))
    facts = list(rows.order_by("-occurred_on", "-id")[: most + 1])
    more = len(facts) > most
    facts = facts[:most]
    place = f"{facts[-1].occurred_on.isoformat()}_{facts[-1].pk}" if more else ""
    return Page(columns, facts, place, min(total, COUNT_CAP), capped=total > COUNT_CAP)


def _place(after: str) -> tuple[dt.date, int]:
    day, _, last = after.partition("_")
    try:
        return dt.date.fromisoformat(day), int(last)
    except ValueError as error:
        raise LedgerError("ledger.page", f"没有“{after[:40]}”这一页,请回到第一页") from error


def filtered(facts: QuerySet[Fact], columns: list[Column], filters: Filters) -> QuerySet[Fact]:
    """Narrow facts down; only what the viewer sees unmasked can be asked for."""
    if filters.since is not None:
        facts = facts.filter(occurred_on__gte=filters.since)
    if filters.until is not None:
        facts = facts.filter(occurred_on__lte=filters.until)
    if filters.division:
        managed = tree.subtree(filters.division)
        if not managed:
            raise LedgerError("ledger.filter", f"没有代码为“{filters.division}”的区划", "区划")
        if filters.division != tree.root():
            facts = facts.filter(division_id__in=sorted(managed))
    if filters.in_force:
        facts = facts.filter(~Exists(facts.model._default_manager.filter(reverses_id=OuterRef("pk"))), sign=1)
    open_columns = {column.field.column: column for column in columns if not column.masked}
    for name, value in filters.values.items():
        if name not in open_columns:
            raise LedgerError("ledger.filter", "没有这一列,或当前账号看不到它", name)
        facts = _equal(facts, open_columns[name], value)
    return _searched(facts, list(open_columns.values()), filters.text)


def _equal(facts: QuerySet[Fact], column: Column, value: Any) -> QuerySet[Fact]:
    try:
        return facts.filter(**{column.field.column: value})
    except (ValueError, TypeError, ValidationError) as error:
        raise LedgerError("ledger.filter", f"“{value}”不是这一列的值", column.field.name) from error


def _searched(facts: QuerySet[Fact], columns: list[Column], text: str) -> QuerySet[Fact]:
    for word in text.split()[:5]:
        found = Q()
        for column in columns:
            attname = column.field.column
            if column.ledger.type_of(attname) == "string" and attname not in ("source", "division_id"):
                found |= Q(**{f"{_plain(column)}__icontains": word})
        facts = facts.filter(found) if found else facts.none()
    return facts


def _plain(column: Column) -> str:
    """Return the lookup for the text of a column; a foreign key is searched by its code."""
    name = column.field.column
    is_key = any(
        f.attname == name and isinstance(f, models.ForeignKey) for f in column.ledger.model._meta.concrete_fields
    )
    return f"{name.removesuffix('_id')}__pk" if is_key else name
