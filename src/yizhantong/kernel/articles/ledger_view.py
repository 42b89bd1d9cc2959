"""The ledgers as a check sees them: figures called by phrases, places called by names, values asked for in one go."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from fractions import Fraction

from yizhantong.kernel.articles.catalogue import Entry, Form, catalogue, tokens, unit_called
from yizhantong.kernel.articles.check import Asked, LedgerView, Values
from yizhantong.kernel.articles.conditions import located
from yizhantong.kernel.articles.times import Days
from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.figures import phrases
from yizhantong.kernel.figures.declare import Distinct, Figure, Period, Ratio, figure
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.periods import span
from yizhantong.kernel.figures.queries import series, values

ENDINGS = ("市", "县", "区")
TO_DATE = (Period.ALL, Period.THIS_YEAR, Period.CAMPAIGN)


def view(day: dt.date) -> LedgerView:
    """Return the ledgers as of ``day``."""
    called: dict[str, list[phrases.Phrase]] = defaultdict(list)
    for phrase in phrases.index():
        called[phrase.code].append(phrase)
    entries = [entry for code, own in called.items() if (entry := _entry(figure(code), own, day)) is not None]
    labels = {entry.code: str(figure(entry.code).label) for entry in entries}
    regions = {entry.code: place for entry in entries if (place := located(figure(entry.code))) is not None}
    return LedgerView(catalogue(entries, places()), labels, lambda wanted: _ask(wanted, day), regions)


def _ask(wanted: set[Asked], day: dt.date) -> Values:
    """Return the raw values asked for; those of a figure's own days in one go per division."""
    whole: dict[tuple[str | None, dt.date], set[str]] = defaultdict(set)
    found: Values = {}
    for code, division, days in wanted:
        if days is None:
            whole[division, day].add(code)
        else:
            found[code, division, days] = _of_days(code, division, days, day)
    for (division, until), codes in whole.items():
        for code, value in values(sorted(codes), as_of=until, division=division).items():
            found[code, division, None] = value.raw
    return found


def _of_days(code: str, division: str | None, days: Days, day: dt.date) -> Fraction | int | None:
    """Return a figure's value over other days than its own; None where the ledger cannot say it.

    Up to the end of a month, and over whole months, it is what is known on ``day``; up to another day, what was known then.
    """
    start, end = days
    declared = figure(code)
    begins = span(declared.period, end).start
    if end != _month_end(end):
        return values([code], as_of=end, division=division)[code].raw if start == begins else None
    points = [point for point in series(code, by="month", as_of=day, division=division) if point.start <= end]
    if start is None or start == begins:
        return points[-1].total_raw if points else None
    inside = [point.raw for point in points if point.start >= start]
    if isinstance(declared.measure, Ratio | Distinct):
        return inside[0] if len(inside) == 1 and start.replace(day=1) == end.replace(day=1) else None
    return sum((raw for raw in inside if raw is not None), Fraction(0)) if inside else None


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _entry(item: Figure, called: list[phrases.Phrase], day: dt.date) -> Entry | None:
    """Return a figure as articles see it; None for one whose days this city cannot tell (no campaign)."""
    period = called[0].period
    try:
        covered = span(period, day)
    except FigureError:
        return None
    unit = unit_called(item.unit)
    words = dict.fromkeys(tokens(phrase.written) for phrase in called)
    return Entry(
        code=item.code,
        phrases=tuple(phrase for phrase in words if phrase),
        unit=unit,
        period=(covered.start, covered.end),
        estimate=item.estimate,
        parent=item.parent,
        scale=unit.factor / Fraction(item.factor),
        form=_form(item),
        to_date=period in TO_DATE,
        campaign=period is Period.CAMPAIGN,
        family=f"{item.ledger}|{item.where}|{item.date}|{item.measure!r}" if item.ledger else "",
    )


def _form(item: Figure) -> Form:
    if not isinstance(item.measure, Ratio):
        return "total"
    return "share" if item.measure.percent else "average"


def places() -> dict[str, str | None]:
    """Return names of places: the city's own for None, managing units with and without their ending, townships in full.

    A name that two divisions bear is left out: no article can mean one of them by it.
    """
    about = city.settings_of()
    found: dict[str, set[str]] = defaultdict(set)
    for branch in tree.branches().values():
        if branch.level in ("county", "zone", "township"):
            for name in _names(branch.name, short=branch.level != "township"):
                found[name].add(branch.code)
    known: dict[str, str | None] = {name: min(codes) for name, codes in found.items() if len(codes) == 1}
    for name in (about["name"], about["short_name"], "全市", "我市", "本市"):
        known[name] = None
    return known


def _names(name: str, *, short: bool) -> list[str]:
    stem = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
    return [name, stem] if short and len(stem) >= 2 else [name]
