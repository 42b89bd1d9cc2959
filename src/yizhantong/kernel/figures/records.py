"""The records behind a figure: exactly the facts that were counted, as far as the account may see them.

The same condition that counts also lists. Every record says what it contributes, and the contributions of all records
add up to the figure's value: a sign for counts, sign times column for sums; for ``Distinct`` the first record of each value
in force contributes 1 and the others nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import BooleanField, Min, QuerySet
from django.db.models import Sum as Total
from django.db.models.expressions import RawSQL
from sqlglot import exp

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures import engine, queries
from yizhantong.kernel.figures.declare import Distinct, Figure, Ratio, Sum
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.values import Raw, rounded, text_of
from yizhantong.kernel.ledger import Ledger, ledger
from yizhantong.kernel.ledger import queries as facts_queries
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.ledger.showing import Column, columns_for, staff_reach

RatioPart = Literal["numerator", "denominator"]
COUNT_CAP = 10_000
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Record:
    """One fact, what it contributes in stored units (``raw``), and the same in the figure's unit (``text``)."""

    fact: Fact
    raw: Raw
    text: str


@dataclass(frozen=True, slots=True)
class Records:
    """One page of the records behind a figure, the newest first.

    ``figure`` is the one whose records these are (of a ratio, the part asked for). ``columns`` are those that the account sees.
    ``after`` leads to the next page, empty on the last. ``count`` is exact up to ``COUNT_CAP``; ``capped`` tells that there
    are more. ``complete``: the account sees every record that counts, so the contributions add up to the value.
    """

    figure: Figure
    ledger: Ledger
    columns: list[Column]
    rows: list[Record]
    after: str
    count: int
    capped: bool
    complete: bool


def records(
    code: str,
    account: policy.Account,
    *,
    as_of: dt.date | None = None,
    division: str | None = None,
    part: RatioPart = "numerator",
    after: str | None = None,
    size: int = 50,
    as_public: bool = False,
) -> Records:
    """Return one page by keyset, in two queries whatever its size (three for ``Distinct``).

    Raises :class:`FigureError`, also ``figures.no_records`` for a page that is none.
    """
    figure = counted(code, part)
    declared = ledger(figure.ledger)
    chosen = behind(code, account, as_of=as_of, division=division, part=part, as_public=as_public)
    total = chosen.order_by()[: COUNT_CAP + 1].count()
    most = max(1, min(size, MOST_ROWS))
    rows = chosen.filter(id__lt=_place(after)) if after else chosen
    found = list(rows.order_by("-id")[: most + 1])
    more, found = len(found) > most, found[:most]
    columns = columns_for(account, declared, as_public=as_public)
    return Records(
        figure, declared, columns, contributions(figure, found, chosen), str(found[-1].pk) if more else "",
        min(total, COUNT_CAP), total > COUNT_CAP, _complete(account, declared, as_public),
    )  # fmt: skip


def counted(code: str, part: RatioPart = "numerator") -> Figure:
    """Return the figure over a ledger whose records are meant: itself, or a part of a ratio."""
    figure = queries.find(code)
    if not isinstance(figure.measure, Ratio):
        return figure
    return queries.find(figure.measure.numerator if part == "numerator" else figure.measure.denominator)


def behind(
    code: str,
    account: policy.Account,
    *,
    as_of: dt.date | None = None,
    division: str | None = None,
    part: RatioPart = "numerator",
    as_public: bool = False,
) -> QuerySet[Fact]:
    """Return the facts behind a figure that the account may see, for lists and exports (show them by ``columns_for``)."""
    figure = counted(code, part)
    declared = ledger(figure.ledger)
    day, divisions = queries.day_of(as_of), queries.divisions_of(division)
    dialect = engine.dialect_of_database()
    conditions = compiler.conditions(figure, dialect, day, declared.table)
    condition = exp.and_(*conditions).sql(dialect=dialect).replace("%", "%%")
    chosen = facts_queries.visible_to(account, declared, as_public=as_public)
    chosen = chosen.filter(RawSQL(condition, (), output_field=BooleanField()), recorded_at__lt=clock.end_of(day))
    if divisions is not None:
        chosen = chosen.filter(division_id__in=sorted(divisions))
    if isinstance(figure.measure, Distinct):
        chosen = chosen.filter(**{f"{figure.measure.column}__isnull": False})
    return chosen


def contributions(figure: Figure, found: list[Fact], chosen: QuerySet[Fact]) -> list[Record]:
    """Return facts with what each contributes, ``chosen`` being all facts behind the figure."""
    firsts = _firsts(figure.measure.column, found, chosen) if isinstance(figure.measure, Distinct) else set()
    made = []
    for fact in found:
        if isinstance(figure.measure, Distinct):
            raw: Any = int(fact.pk in firsts)
        elif isinstance(figure.measure, Sum):
            number = getattr(fact, figure.measure.column) or 0
            raw = engine.whole(figure, fact.sign * number * 10 ** compiler.scale_of(figure))
        else:
            raw = fact.sign
        made.append(Record(fact, raw, text_of(rounded(raw, figure))))
    return made


def _firsts(column: str, found: list[Fact], chosen: QuerySet[Fact]) -> set[int]:
    """Return the first fact of each value in force, for the values of one page."""
    values = {getattr(fact, column) for fact in found}
    groups = chosen.filter(**{f"{column}__in": values}).order_by().values(column)
    alive = groups.annotate(signs=Total("sign"), first=Min("id")).filter(signs__gt=0)
    return set(alive.values_list("first", flat=True))


def _complete(account: policy.Account, declared: Ledger, as_public: bool) -> bool:
    reach = policy.NOWHERE if as_public else staff_reach(account, declared)
    return reach.everywhere or (declared.public and not reach)


def _place(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise FigureError("figures.no_records", f"没有“{after[:40]}”这一页记录,请回到第一页")
    return int(after)
