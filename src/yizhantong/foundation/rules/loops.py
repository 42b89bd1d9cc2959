"""``for``, ``some`` and ``every`` (DMN 1.5, clauses 10.3.2.14 and 10.3.2.15)."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Iterator
from decimal import Decimal

from . import ast
from .ast import Node
from .moments import FarDate, date_days, date_from_days
from .runtime import Code, Env, Run
from .trees import mentions
from .values import NUMBERS, Range, label

Compiler = Callable[[Node], Code]


class NotIterable(Exception):
    """The domain cannot be walked through; the error is noted already."""


def walk(run: Run, value: object) -> Iterator[object]:
    """The items of a domain: a list, a range of whole numbers or dates, or a single value. Raises NotIterable."""
    if isinstance(value, Range):
        if not (value.low_closed and value.high_closed) or value.op:
            run.fail("rules.not_iterable", "只有两端都闭合的区间可以逐个取值。")
            raise NotIterable
        if is_after(value.low, value.high):
            run.fail("rules.not_iterable", "区间的起点大于终点。")
            raise NotIterable
        return walk_between(run, value.low, value.high)
    if isinstance(value, list):
        return iter(value)
    if value is None:
        raise NotIterable
    return iter((value,))


def is_after(low: object, high: object) -> bool:
    """Whether a range literal is empty because its start lies after its end."""
    if isinstance(low, int | Decimal) and isinstance(high, int | Decimal):
        return low > high
    return (
        isinstance(low, py.date | FarDate) and isinstance(high, py.date | FarDate) and date_days(low) > date_days(high)
    )


def walk_between(run: Run, low: object, high: object) -> Iterator[object]:
    """Whole numbers or dates from ``low`` to ``high``, downwards when ``high`` is less. Raises NotIterable."""
    if isinstance(low, py.date | FarDate) and isinstance(high, py.date | FarDate):
        start, end = date_days(low), date_days(high)
        step = 1 if start <= end else -1
        return (date_from_days(days) for days in range(start, end + step, step))
    if _is_whole(low) and _is_whole(high):
        first, last = Decimal(low), Decimal(high)  # type: ignore[arg-type]
        if NUMBERS.abs(NUMBERS.subtract(last, first)) > run.limits.steps:
            run.budget.spend(run.limits.steps + 1)
        step = 1 if first <= last else -1
        return (Decimal(number) for number in range(int(first), int(last) + step, step))
    run.fail("rules.not_iterable", f"不能从{label(low)}逐个取到{label(high)}，只能用整数或日期。")
    raise NotIterable


def _is_whole(value: object) -> bool:
    return (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and (isinstance(value, int) or value == value.to_integral_value())
    )


def _domain(iterator: ast.Iterator, compiler: Compiler) -> Callable[[Env], Iterator[object]]:
    domain = compiler(iterator.domain)
    if iterator.end is None:
        return lambda env: walk(env.run, domain(env))
    end = compiler(iterator.end)
    return lambda env: walk_between(env.run, domain(env), end(env))


def _layers(iterators: list[tuple[str, Callable[[Env], Iterator[object]]]], env: Env, index: int = 0) -> Iterator[Env]:
    """A layer for each combination of the iterators, the last one running fastest."""
    name, domain = iterators[index]
    spend = env.run.budget.spend
    for item in domain(env):
        spend()
        layer = env.inner({name: item})
        if index + 1 == len(iterators):
            yield layer
        else:
            yield from _layers(iterators, layer, index + 1)


def compile_for(node: ast.For, compiler: Compiler) -> Code:
    """``for … return body``; the body may read ``partial``, the results so far."""
    iterators = [(iterator.name, _domain(iterator, compiler)) for iterator in node.iterators]
    body = compiler(node.body)
    reads_partial = mentions(node.body, "partial")

    def code(env: Env) -> object:
        results: list[object] = []
        try:
            for layer in _layers(iterators, env):
                if reads_partial:
                    layer.variables["partial"] = list(results)
                    env.run.budget.spend(len(results))
                results.append(body(layer))
        except NotIterable:
            return None
        return results

    return code


def compile_quantified(node: ast.Quantified, compiler: Compiler) -> Code:
    """``some`` is an ``or``, ``every`` an ``and`` over the combinations, with the same three values."""
    iterators = [(iterator.name, _domain(iterator, compiler)) for iterator in node.iterators]
    body, decides = compiler(node.body), node.kind == "some"

    def code(env: Env) -> object:
        known = True
        try:
            for layer in _layers(iterators, env):
                result = body(layer)
                if result is decides:
                    return decides
                known = known and result is (not decides)
        except NotIterable:
            return None
        return (not decides) if known else None

    return code
