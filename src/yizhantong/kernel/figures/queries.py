"""The one door to the figures: value, series, parts by division and dimension. (The records behind: :mod:`.records`.)

Every question may be put as of any past day and for any division; ``engine`` chooses who computes (see :mod:`.engine`).
Wrong questions raise :class:`~yizhantong.kernel.figures.errors.FigureError`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from django.db import models
from sqlglot import exp

from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.divisions.tree import RollupLevel
from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures import engine as engines
from yizhantong.kernel.figures import sources, statements
from yizhantong.kernel.figures.declare import Distinct, Figure, Ratio
from yizhantong.kernel.figures.declare import figure as declared_figure
from yizhantong.kernel.figures.declare import figures as declared_figures
from yizhantong.kernel.figures.engine import Divisions, Engine
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.periods import Span, span
from yizhantong.kernel.figures.sources import State
from yizhantong.kernel.figures.statements import Scope
from yizhantong.kernel.figures.values import Part, Point, Raw, Value, quotient, rounded, text_of
from yizhantong.kernel.ledger import ledger

Bucket = Literal["day", "week", "month"]
OTHER = "其他"


def find(code: str) -> Figure:
    """Return a declared figure; :class:`FigureError` ``figures.unknown_figure`` when there is none."""
    try:
        return declared_figure(code)
    except KeyError:
        raise FigureError("figures.unknown_figure", f"没有代码为“{code}”的数据,请用 yzt figures 查看全部数据") from None


def value(code: str, as_of: dt.date | None = None, division: str | None = None, *, engine: Engine = "files") -> Value:
    """Return the value of one figure as of a day (default: today), in a division (default: the city)."""
    return values([code], as_of, division, engine=engine)[code]


def values(
    codes: Iterable[str] | Literal["all"] = "all",
    as_of: dt.date | None = None,
    division: str | None = None,
    *,
    engine: Engine = "files",
) -> dict[str, Value]:
    """Return the values of many figures by code, in the order asked, with as few scans as possible."""
    asked = list(declared_figures()) if codes == "all" else [find(code) for code in dict.fromkeys(codes)]
    day, divisions = day_of(as_of), divisions_of(division)
    engines.check_engine(engine)
    base = _base(asked)
    states = sources.states({item.ledger: ledger(item.ledger) for item in base}.values())
    raws = engines.totals(base, day, divisions, states=states, engine=engine)
    return {item.code: _value(item, raws, day, division, states) for item in asked}


def parts_of(figure: Figure) -> list[Figure]:
    """Return the figures over ledgers from which a figure is made: its two parts, or itself."""
    if isinstance(figure.measure, Ratio):
        return [find(figure.measure.numerator), find(figure.measure.denominator)]
    return [figure]


def dimensions_of(figure: Figure) -> tuple[str, ...]:
    """Return the dimensions by which a figure can be split; those that both parts of a ratio have."""
    if not isinstance(figure.measure, Ratio) or figure.dimensions:
        return figure.dimensions
    upper, lower = parts_of(figure)
    return tuple(name for name in upper.dimensions if name in lower.dimensions)


def span_of(figure: Figure, as_of: dt.date) -> Span:
    """Return the days that a figure takes as of a day."""
    spans = [span(item.period, as_of) for item in parts_of(figure)]
    return spans[0] if len(spans) == 1 else spans[0] | spans[1]


def definition_version(figure: Figure) -> str:
    """Return the version of what is counted; a ratio's changes with that of its parts."""
    if not isinstance(figure.measure, Ratio):
        return figure.version
    return "".join(item.version[:4] for item in (figure, *parts_of(figure)))


def day_of(as_of: dt.date | None) -> dt.date:
    """Return the as-of day; :class:`FigureError` ``figures.future`` for one that has not come."""
    today = clock.today()
    if as_of is not None and as_of > today:
        raise FigureError("figures.future", f"截至日期 {as_of} 晚于今天({today}),请改为今天或以前的日期")
    return as_of or today


def divisions_of(division: str | None) -> Divisions:
    """Return the codes that a division manages, None for the whole city; ``figures.unknown_division`` when unknown."""
    if division is None:
        return None
    if division not in tree.branches():
        raise FigureError("figures.unknown_division", f"没有代码为“{division}”的行政区划,请核对代码")
    found = tree.subtree(division)
    return None if tree.root() in found else found


def _base(asked: Iterable[Figure]) -> list[Figure]:
    found = {item.code: item for figure in asked for item in parts_of(figure)}
    return list(found.values())


def _value(
    figure: Figure, raws: dict[str, Raw], as_of: dt.date, division: str | None, states: Mapping[str, State]
) -> Value:
    raw = quotient(figure, raws) if compiler.is_ratio(figure) else raws[figure.code]
    shown = rounded(raw, figure)
    held = {item.ledger: states[item.ledger] for item in parts_of(figure)}
    return Value(
        figure.code, raw, shown, figure.unit, text_of(shown), as_of, span_of(figure, as_of), division,
        definition_version(figure),
        live=any(state.last_id > state.sealed_to for state in held.values()),
        sealed_ids={code: state.sealed_to for code, state in held.items()},
    )  # fmt: skip


# --- in time ----------------------------------------------------------------------------------------------------------


def series(
    code: str,
    by: Bucket = "month",
    as_of: dt.date | None = None,
    division: str | None = None,
    *,
    engine: Engine = "files",
) -> list[Point]:
    """Return the values of a figure's period in buckets by the figure's date, without gaps, and the values so far.

    Weeks begin on Monday (GB/T 7408). Counts and sums of the buckets add up to the figure's value, and the last value so
    far is the figure's value. No facts give no points.
    """
    figure = find(code)
    day, divisions = day_of(as_of), divisions_of(division)
    engines.check_engine(engine)
    base = parts_of(figure)
    states = sources.states({item.ledger: ledger(item.ledger) for item in base}.values())
    found = {item.code: _buckets(item, by, day, divisions, states[item.ledger], engine) for item in base}
    first = min((start for rows in found.values() for start in rows), default=None)
    if first is None:
        return []
    last = min(span_of(figure, day).end, day)
    points = []
    so_far: dict[str, Raw] = {item.code: 0 for item in base}
    for start in _starts(first, last, by):
        within = {item.code: found[item.code].get(start, (0, 0))[0] for item in base}
        for item in base:
            so_far[item.code] += found[item.code].get(start, (0, 0))[1]
        points.append(_point(figure, start, within, so_far))
    return points


def _buckets(
    figure: Figure, by: str, as_of: dt.date, divisions: Divisions, state: State, engine: Engine
) -> dict[dt.date, tuple[Raw, Raw]]:
    """Return for each bucket the value within it and the rise of the value so far."""
    declared = ledger(figure.ledger)

    def make(scope: Scope) -> exp.Expression:
        key = statements.bucket(declared, figure, by, scope.dialect)
        keyed = scope.by(key)
        if isinstance(figure.measure, Distinct):
            return statements.steps(keyed, figure)
        return statements.totals(keyed, [figure])

    name = ("series", by, figure.code, figure.version)
    rows = engines.split(make, state, as_of, divisions, engine=engine, name=name)
    found = {}
    for row in rows:
        start = row[0] if isinstance(row[0], dt.date) else dt.date.fromisoformat(str(row[0])[:10])
        within = engines.whole(figure, row[1])
        found[start] = (within, engines.whole(figure, row[2]) if len(row) > 2 else within)
    return found


def _starts(first: dt.date, last: dt.date, by: str) -> list[dt.date]:
    starts, start = [], first
    while start <= last:
        starts.append(start)
        if by == "month":
            start = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        else:
            start += dt.timedelta(days=7 if by == "week" else 1)
    return starts


def _point(figure: Figure, start: dt.date, within: dict[str, Raw], so_far: dict[str, Raw]) -> Point:
    ratio = compiler.is_ratio(figure)
    raw = quotient(figure, within) if ratio else within[figure.code]
    total = quotient(figure, so_far) if ratio else so_far[figure.code]
    shown, total_shown = rounded(raw, figure), rounded(total, figure)
    return Point(start, raw, shown, text_of(shown), total, total_shown, text_of(total_shown))


# --- in parts ---------------------------------------------------------------------------------------------------------


def by_division(
    code: str,
    level: RollupLevel = "unit",
    as_of: dt.date | None = None,
    division: str | None = None,
    *,
    engine: Engine = "files",
) -> list[Part]:
    """Return a figure's parts by managing unit, county, township or village, those without facts included.

    Facts of divisions above that level come last, with key None; so counts and sums add up to the whole.
    """
    if level not in get_args(RollupLevel):
        raise FigureError("figures.unknown_level", f"没有“{level}”这一层级,可用:{'、'.join(get_args(RollupLevel))}")
    figure = find(code)
    rollup = tree.rollup(level)
    inside = divisions_of(division)
    keys = [key for key in dict.fromkeys(rollup.values()) if inside is None or key in inside]
    order = {branch.code: position for position, branch in enumerate(tree.units())} if level == "unit" else {}
    keys.sort(key=lambda key: (order.get(key, 0), key))
    found = _split(figure, ("division", level), rollup, as_of, division, engine)
    nothing: dict[str, Raw] = {item.code: 0 for item in parts_of(figure)}
    raws: dict[str | None, dict[str, Raw]] = {key: found.get(key, nothing) for key in keys}
    others = sorted((key for key in found if key not in raws), key=lambda key: (key is None, key or ""))
    named = tree.branches()
    return [
        _part(figure, key, named[key].name if key else OTHER, raw)
        for key, raw in {**raws, **{key: found[key] for key in others}}.items()
    ]


def by_dimension(
    code: str,
    field: str,
    as_of: dt.date | None = None,
    division: str | None = None,
    *,
    engine: Engine = "files",
) -> list[Part]:
    """Return a figure's parts by a dimension that it declares (a field's Chinese name), with the labels of its values.

    Values of a choice stand in the order of the choice, those without facts included; others by size. Raises
    :class:`FigureError` ``figures.unknown_dimension``.
    """
    figure = find(code)
    if field not in dimensions_of(figure):
        known = "、".join(dimensions_of(figure)) or "无"
        raise FigureError("figures.unknown_dimension", f"数据 {code} 不能按“{field}”分组,可用:{known}")
    base = parts_of(figure)
    found = _split(figure, ("dimension", field), None, as_of, division, engine)
    declared = ledger(base[0].ledger)
    column = declared.by_name[field].column
    choices = {str(key): str(label) for key, label in declared.choices_of(column).items()}
    nothing: dict[str, Raw] = {item.code: 0 for item in base}
    raws: dict[str | None, dict[str, Raw]] = {key: found.pop(key, nothing) for key in choices}
    left = sorted(found, key=lambda key: (key is None, -float(found[key][base[0].code]), key or ""))
    raws |= {key: found[key] for key in left}
    labels = choices | _labels(declared.model, column, [key for key in left if key is not None])
    return [_part(figure, key, labels.get(key or "", key or OTHER), raw) for key, raw in raws.items()]


def _part(figure: Figure, key: str | None, label: str, raws: dict[str, Raw]) -> Part:
    raw = quotient(figure, raws) if compiler.is_ratio(figure) else raws[figure.code]
    shown = rounded(raw, figure)
    return Part(key, label, raw, shown, text_of(shown))


def _labels(model: type[models.Model], column: str, keys: Sequence[str]) -> dict[str, str]:
    """Return what people read for the keys of a reference or a yes/no."""
    field = next(f for f in model._meta.concrete_fields if column in (f.attname, f.name))
    if isinstance(field, models.BooleanField):
        return {"True": "是", "False": "否"}
    if not isinstance(field, models.ForeignKey) or not keys:
        return {}
    name = field.target_field.attname
    rows = field.related_model._default_manager.filter(**{f"{name}__in": list(keys)})
    return {str(getattr(row, name)): str(row) for row in rows}


def _split(
    figure: Figure,
    kind: tuple[str, str],
    rollup: Mapping[str, str] | None,
    as_of: dt.date | None,
    division: str | None,
    engine: Engine,
) -> dict[str | None, dict[str, Raw]]:
    """Return raw values of the figure's base figures by key."""
    day, divisions = day_of(as_of), divisions_of(division)
    engines.check_engine(engine)
    base = parts_of(figure)
    states = sources.states({item.ledger: ledger(item.ledger) for item in base}.values())
    found: dict[str | None, dict[str, Raw]] = {}
    for item in base:
        name = (*kind, item.code, item.version)
        make = _maker(item, kind, rollup)
        for row in engines.split(make, states[item.ledger], day, divisions, engine=engine, name=name):
            key = _key(item, kind, row[0], rollup)
            raws = found.setdefault(key, {part.code: 0 for part in base})
            raws[item.code] += engines.whole(item, row[1])
    return found


def _key(figure: Figure, kind: tuple[str, str], found: object, rollup: Mapping[str, str] | None) -> str | None:
    if found is None:
        return None
    if rollup is not None:
        return rollup.get(str(found)) if not isinstance(figure.measure, Distinct) else str(found)
    declared = ledger(figure.ledger)
    if declared.type_of(declared.by_name[kind[1]].column) == "boolean":
        return str(bool(found))
    return str(found)


def _maker(figure: Figure, kind: tuple[str, str], rollup: Mapping[str, str] | None) -> statements.Maker:
    declared = ledger(figure.ledger)

    def make(scope: Scope) -> exp.Expression:
        name = "division_id" if rollup is not None else declared.by_name[kind[1]].column
        key = compiler.column(compiler.sql_name(declared, name, scope.dialect))
        keyed = scope.by(key)
        if not isinstance(figure.measure, Distinct):
            return statements.totals(keyed, [figure])
        inner = statements.presence(keyed, [figure])
        if rollup is not None:
            inner = statements.regroup(inner, rollup)
        return statements.present(inner, 1, keyed=True)

    return make
