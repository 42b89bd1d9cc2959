"""Whole statements over one ledger: many figures in one scan, as sqlglot trees.

* :func:`totals`: counts and sums, each an aggregate with a FILTER of its own;
* :func:`presence`: for one column of ``Distinct`` figures, each value and the sum of its signs (one row a value);
* :func:`present`: how many values of a :func:`presence` are in force; :func:`change`: by how much a tail changes that;
* :func:`regroup`: a :func:`presence` by division, rolled up to a level above;
* :func:`steps`: for a ``Distinct`` figure in time, what each bucket holds and by how much it raises the number so far.

``totals`` and ``presence`` may be split by a key: a bucket of time, a dimension, a division.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from yizhantong.kernel.figures import compile as compiler
from yizhantong.kernel.figures.declare import Distinct, Figure
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.ledger import Ledger

BUCKETS = ("day", "week", "month")
KEY, VALUE = "k", "v"


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """Return ``name(arguments)``, the name written as given."""
    return exp.Anonymous(this=name, expressions=list(arguments))


@dataclass(frozen=True)
class Scope:
    """What all figures of one statement share: the ledger, the engine, the day, the divisions, where the rows come from.

    ``relation`` is what stands after FROM. ``extra`` are conditions on all rows (the tail: ``id > 42``). ``key`` is the
    expression to split by, if any.
    """

    ledger: Ledger
    dialect: str
    as_of: dt.date
    divisions: frozenset[str] | None
    relation: exp.Expression
    extra: tuple[exp.Expression, ...] = ()
    key: exp.Expression | None = field(default=None)

    def conditions(self) -> list[exp.Expression]:
        """Return the conditions on every row."""
        common = compiler.common_conditions(self.ledger, self.dialect, self.as_of, self.divisions)
        return [*common, *(item.copy() for item in self.extra)]

    def own(self, figure: Figure) -> list[exp.Expression]:
        """Return the conditions of one figure."""
        return compiler.conditions(figure, self.dialect, self.as_of)

    def by(self, key: exp.Expression) -> Scope:
        """Return the same scope split by ``key``."""
        return replace(self, key=key)


Maker = Callable[[Scope], exp.Expression]


def both(conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Return the conjunction of conditions (true without any)."""
    if not conditions:
        return exp.true()
    joined: exp.Expression = exp.and_(*conditions, copy=False)  # type: ignore[assignment]
    return joined


def _sum_where(amount: exp.Expression, conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Return the sum of ``amount`` over the rows that meet ``conditions``; CASE, because engines run it faster than FILTER."""
    if conditions:
        counts = exp.If(this=both(conditions), true=amount)
        amount = exp.Case(ifs=[counts], default=exp.Literal.number(0))
    return exp.Sum(this=amount)


def _name(position: int) -> str:
    return f"f{position}"


def _shared(found: Sequence[list[exp.Expression]]) -> tuple[list[exp.Expression], list[list[exp.Expression]]]:
    """Part conditions into those that all figures share, which then stand in WHERE, and what each has of its own."""
    texts = [[part.sql() for part in parts] for parts in found]
    common = set(texts[0]).intersection(*texts[1:])
    shared = [part for part, text in zip(found[0], texts[0], strict=True) if text in common]
    own = [
        [part for part, text in zip(parts, names, strict=True) if text not in common]
        for parts, names in zip(found, texts, strict=True)
    ]
    return shared, own


def totals(scope: Scope, figures: Sequence[Figure]) -> exp.Select:
    """Return the statement that gives counts and sums as ``f0``, ``f1`` …, one row, or one a key (``k``)."""
    shared, own = _shared([scope.own(figure) for figure in figures])
    select = exp.Select()
    if scope.key is not None:
        select = select.select(exp.alias_(scope.key.copy(), KEY, quoted=True), copy=False)
    for position, (figure, conditions) in enumerate(zip(figures, own, strict=True)):
        total = exp.Coalesce(
            this=_sum_where(compiler.amount(figure, scope.dialect), conditions), expressions=[exp.Literal.number(0)]
        )
        select = select.select(exp.alias_(total, _name(position), quoted=True), copy=False)
    return _from(select, scope, shared, grouped=[scope.key] if scope.key is not None else [])


def presence(scope: Scope, figures: Sequence[Figure]) -> exp.Select:
    """Return the statement that gives each value ``v`` (and key ``k``) with the sums of its signs ``f0``, ``f1`` ….

    ``figures`` are ``Distinct`` figures of one column; null is no value.
    """
    measure = figures[0].measure
    assert isinstance(measure, Distinct)
    shared, own = _shared([scope.own(figure) for figure in figures])
    value = compiler.column(compiler.sql_name(scope.ledger, measure.column, scope.dialect))
    present = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
    keys = [scope.key] if scope.key is not None else []
    select = exp.Select().select(*(exp.alias_(key.copy(), KEY, quoted=True) for key in keys), copy=False)
    select = select.select(exp.alias_(value, VALUE, quoted=True), copy=False)
    sign = compiler.column(compiler.sql_name(scope.ledger, "sign", scope.dialect))
    for position, conditions in enumerate(own):
        total = _sum_where(sign.copy(), conditions)
        select = select.select(exp.alias_(total, _name(position), quoted=True), copy=False)
    return _from(select, scope, [*shared, present], grouped=[*keys, value])


def _from(
    select: exp.Select, scope: Scope, conditions: Sequence[exp.Expression], grouped: Sequence[exp.Expression]
) -> exp.Select:
    select = select.from_(scope.relation.copy(), copy=False)
    select = select.where(*scope.conditions(), *conditions, copy=False)
    return select.group_by(*(part.copy() for part in grouped), copy=False) if grouped else select


def present(inner: exp.Select, count: int, *, keyed: bool = False) -> exp.Select:
    """Return how many values of a :func:`presence` are in force, per key where ``keyed``."""
    source = inner.subquery("p", copy=False)
    select = exp.Select()
    if keyed:
        select = select.select(exp.column(KEY, quoted=True), copy=False)
    for position in range(count):
        alive = exp.GT(this=exp.column(_name(position), quoted=True), expression=exp.Literal.number(0))
        total = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=alive))
        select = select.select(exp.alias_(total, _name(position), quoted=True), copy=False)
    select = select.from_(source, copy=False)
    return select.group_by(exp.column(KEY, quoted=True), copy=False) if keyed else select


def change(tail: Scope, figures: Sequence[Figure], sealed: exp.Expression) -> exp.Select:
    """Return by how much the facts of ``tail`` change the numbers of values in force in ``sealed``, another presence."""
    select = exp.Select()
    for position in range(len(figures)):
        name = _name(position)
        old = exp.Coalesce(this=exp.column(name, table="s", quoted=True), expressions=[exp.Literal.number(0)])
        new = exp.Add(this=old.copy(), expression=exp.column(name, table="t", quoted=True))
        step = exp.Sub(this=_alive(new), expression=_alive(old))
        total = exp.Coalesce(this=exp.Sum(this=step), expressions=[exp.Literal.number(0)])
        select = select.select(exp.alias_(total, name, quoted=True), copy=False)
    same = exp.EQ(
        this=exp.column(VALUE, table="s", quoted=True), expression=exp.column(VALUE, table="t", quoted=True)
    )  # fmt: skip
    select = select.from_(presence(tail, figures).subquery("t", copy=False), copy=False)
    return select.join(sealed, on=same, join_type="left", copy=False)


def touched(sealed: Scope, tail: Scope, figures: Sequence[Figure]) -> exp.Expression:
    """Return the presence of those sealed values that the tail holds too: a column store finds a few in milliseconds."""
    measure = figures[0].measure
    assert isinstance(measure, Distinct)
    value = compiler.column(compiler.sql_name(sealed.ledger, measure.column, sealed.dialect))
    held = exp.Select().select(value.copy()).from_(tail.relation.copy())
    asked_for = exp.In(this=value, query=held.subquery())
    found: exp.Expression = presence(replace(sealed, extra=(*sealed.extra, asked_for)), figures).subquery("s")
    return found


def _alive(total: exp.Expression) -> exp.Expression:
    above = exp.GT(this=exp.Paren(this=total), expression=exp.Literal.number(0))
    return exp.Case(ifs=[exp.If(this=above, true=exp.Literal.number(1))], default=exp.Literal.number(0))


def steps(scope: Scope, figure: Figure) -> exp.Select:
    """Return for each bucket ``k`` of a ``Distinct`` figure: ``f0`` values in force within it, ``f1`` the rise of the number so far."""
    inner = presence(scope, [figure]).subquery("d")
    total = exp.column("f0", quoted=True)
    window = exp.Window(
        this=exp.Sum(this=total.copy()),
        partition_by=[exp.column(VALUE, quoted=True)],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(KEY, quoted=True), nulls_first=True)]),
    )
    running = (
        exp.Select()
        .select(exp.column(KEY, quoted=True), total.copy(), exp.alias_(window, "run", quoted=True))
        .from_(inner)
    )
    run = exp.column("run", quoted=True)
    before = exp.Sub(this=run.copy(), expression=total.copy())
    rise = exp.Sum(this=exp.Sub(this=_alive(run), expression=_alive(before)))
    key = exp.column(KEY, quoted=True)
    select = exp.Select().select(key, exp.alias_(exp.Sum(this=_alive(total)), "f0", quoted=True))
    select = select.select(exp.alias_(rise, "f1", quoted=True)).from_(running.subquery("r"))
    return select.group_by(key.copy())


def bucket(scope_ledger: Ledger, figure: Figure, by: str, dialect: str) -> exp.Expression:
    """Return the first day of the bucket (``day``, ``week`` from Monday after GB/T 7408, ``month``) of a fact.

    Raises :class:`FigureError` ``figures.unknown_bucket``.
    """
    if by not in BUCKETS:
        raise FigureError("figures.unknown_bucket", f"不能按“{by}”分段,可用:{'、'.join(BUCKETS)}")
    place = compiler.column(compiler.sql_name(scope_ledger, figure.date, dialect))
    if scope_ledger.type_of(figure.date) == "datetime":
        raise FigureError("figures.unknown_bucket", f"数据 {figure.code} 按时刻统计,没有按日的序列")
    if by == "day":
        return place
    if dialect == "sqlite":
        text = exp.Literal.string
        parts = [text("start of month")] if by == "month" else [text("-6 days"), text("weekday 1")]
        return call("DATE", place, *parts)
    if dialect == "clickhouse":
        return call("toStartOfMonth" if by == "month" else "toMonday", place)
    return exp.cast(call("date_trunc", exp.Literal.string(by), place), exp.DataType.build("DATE"))


def regroup(inner: exp.Select, rollup: Mapping[str, str]) -> exp.Select:
    """Return a :func:`presence` keyed by division, rolled up: ``k`` becomes the code above it, null where there is none."""
    key, value, total = (exp.column(name, quoted=True) for name in (KEY, VALUE, "f0"))
    select = exp.Select().select(exp.alias_(_above(key, rollup), KEY, quoted=True), value, copy=False)
    select = select.select(exp.alias_(exp.Sum(this=total), "f0", quoted=True), copy=False)
    select = select.from_(inner.subquery("d", copy=False), copy=False)
    return select.group_by(exp.Literal.number(1), exp.Literal.number(2), copy=False)


def _above(key: exp.Expression, rollup: Mapping[str, str]) -> exp.Expression:
    groups: dict[str, list[exp.Expression]] = {}
    same: list[exp.Expression] = []
    for code, upper in sorted(rollup.items()):
        listed = same if code == upper else groups.setdefault(upper, [])
        listed.append(exp.Literal.string(code))
    branches = [
        exp.If(this=exp.In(this=key.copy(), expressions=codes), true=exp.Literal.string(upper))
        for upper, codes in groups.items()
    ]
    if same:
        branches.append(exp.If(this=exp.In(this=key.copy(), expressions=same), true=key.copy()))
    return exp.Case(ifs=branches, default=exp.Null()) if branches else exp.Null()
