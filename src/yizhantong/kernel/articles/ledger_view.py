"""The ledgers as a check sees them: figures called by phrases, places called by names, values asked for in one go."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction

from yizhantong.kernel import figures
from yizhantong.kernel.articles.catalogue import Entry, catalogue, tokens, unit_called
from yizhantong.kernel.articles.check import LedgerView, Wanted
from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.periods import span
from yizhantong.kernel.figures.queries import values

ENDINGS = ("市", "县", "区", "镇", "乡", "街道")


def view(day: dt.date) -> LedgerView:
    """Return the ledgers as of ``day``."""
    declared = {item.code: item for item in figures.figures() if item.phrases}
    known = catalogue((_entry(item, day) for item in declared.values()), _places())
    labels = {code: str(item.label) for code, item in declared.items()}

    def ask(wanted: Wanted) -> dict[tuple[str, str | None], Fraction | int | None]:
        by_division: dict[str | None, set[str]] = defaultdict(set)
        for code, division in wanted:
            by_division[division].add(code)
        return {
            (code, division): value.raw
            for division, codes in by_division.items()
            for code, value in values(sorted(codes), as_of=day, division=division).items()
        }

    return LedgerView(known, labels, ask)


def _entry(item: Figure, day: dt.date) -> Entry:
    unit = unit_called(item.unit)
    phrases = dict.fromkeys(tokens(phrase) for phrase in (*item.phrases, str(item.label)))
    shown = Fraction(item.factor)
    covered = span(item.period, day)
    return Entry(
        code=item.code,
        phrases=tuple(phrase for phrase in phrases if phrase),
        unit=unit,
        period=(covered.start, covered.end),
        estimate=item.estimate,
        parent=item.parent,
        scale=unit.factor / shown,
    )


def _places() -> dict[str, str | None]:
    """Return names of places: the city's own for None, managing units and townships with and without their ending."""
    about = city.settings_of()
    places: dict[str, str | None] = {}
    for branch in tree.branches().values():
        if branch.level in ("county", "zone", "township"):
            for name in _names(branch.name):
                places[name] = branch.code
    for name in (about["name"], about["short_name"], "全市", "我市", "本市", "市"):
        places[name] = None
    return places


def _names(name: str) -> list[str]:
    short = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
    return [name, short] if len(short) >= 2 else [name]
