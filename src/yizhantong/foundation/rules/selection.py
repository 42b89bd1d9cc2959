"""``target[predicate]``: choice of the items of a list by position or by condition (DMN 1.5, clause 10.3.2.5)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from . import ast
from .ast import Node
from .runtime import Code, Env

_NUMERIC = (ast.Number, ast.Negate, ast.Arithmetic)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def at_position(items: list[object], position: int | Decimal) -> object:
    """The item at a position from 1, or from the end when negative; null outside."""
    if abs(Decimal(position)) > len(items):
        return None
    index = int(position)
    if index == 0 or index != position:
        return None
    return items[index - 1] if index > 0 else items[index]


def compile_filter(node: ast.Filter, compiler: Callable[[Node], Code]) -> Code:
    """A predicate that is a number chooses a position; else it is asked of each item, whose entries it sees by name."""
    target, predicate = compiler(node.target), compiler(node.predicate)
    by_position = isinstance(node.predicate, _NUMERIC)

    def code(env: Env) -> object:
        items = target(env)
        if items is None:
            return None
        if not isinstance(items, list):
            items = [items]
        if by_position or not items:
            position = predicate(env)
            if _is_number(position):
                return at_position(items, position)  # type: ignore[arg-type]
            if not items:
                return items
        return _chosen(env, items, predicate)

    return code


def _chosen(env: Env, items: list[object], predicate: Code) -> object:
    chosen: list[object] = []
    spend = env.run.budget.spend
    for item in items:
        spend()
        layer = env.inner({"item": item})
        if isinstance(item, dict):
            layer = layer.inner(item)
        result = predicate(layer)
        if result is True:
            chosen.append(item)
        elif result is not False and _is_number(result):
            return at_position(items, result)  # type: ignore[arg-type]
    return chosen
