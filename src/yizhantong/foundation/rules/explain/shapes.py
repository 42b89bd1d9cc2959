"""The shapes of conditions that run without the evaluator: one fact against what is known when the rule is compiled."""

from __future__ import annotations

import datetime as py
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .. import ast
from .conditions import Fact, Leaf, facts_of

Kind = Literal["number", "string", "date", "truth", "null", "none"]
FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
Known = Callable[[ast.Node], object]


@dataclass(frozen=True, slots=True)
class Shape:
    """``test`` is the Python test of the one fact, with ``{v}`` for its value and ``{k}``, ``{l}`` for the constants ``known``.

    ``kind`` says of which type the value must be for the test to hold; any other goes to the evaluator.
    """

    kind: Kind
    test: str
    known: tuple[object, ...] = ()


def shape_of(leaf: Leaf, known: Known) -> Shape | None:
    """The shape of a leaf over exactly one fact, or ``None``; ``known`` evaluates a node without facts."""
    if len(leaf.facts) != 1:
        return None
    test, fact = leaf.test, leaf.facts[0]
    if _is_fact(test, fact):
        return Shape("truth", "{v} is True")
    if isinstance(test, ast.Compare):
        return _comparison(test, fact, known)
    if isinstance(test, ast.Between) and _is_fact(test.operand, fact):
        return _interval(ast.Range(test.low, test.high, True, True), known)
    if isinstance(test, ast.In) and _is_fact(test.operand, fact) and not test.tests.negated:
        return _membership(test.tests, known)
    return None


def _is_fact(node: ast.Node, fact: Fact) -> bool:
    return isinstance(node, ast.Name | ast.Path) and list(facts_of(node, frozenset())) == [Fact(fact.path)]


def _comparison(test: ast.Compare, fact: Fact, known: Known) -> Shape | None:
    op, side = test.op, test.right
    if not _is_fact(test.left, fact):
        op, side = FLIPPED[test.op], test.left
        if not _is_fact(test.right, fact):
            return None
    return _against(op, side, known)


def _against(op: str, side: ast.Node, known: Known) -> Shape | None:
    if any(facts_of(side, frozenset())):
        return None
    value = compact(known(side))
    if value is None and isinstance(side, ast.Null):
        return Shape("null", "{v} is None") if op == "=" else Shape("null", "{v} is not None") if op == "!=" else None
    kind = kind_of(value)
    if kind == "truth":
        wanted = {("=", True): "{v} is True", ("=", False): "{v} is False"}
        wanted |= {("!=", True): "{v} is False", ("!=", False): "{v} is True"}
        found = wanted.get((op, bool(value)))
        return Shape("truth", found) if found is not None else None
    return Shape(kind, f"{{v}} {'==' if op == '=' else op} {{k}}", (value,)) if kind != "none" else None


def _membership(tests: ast.UnaryTests, known: Known) -> Shape | None:
    only = tests.tests[0] if len(tests.tests) == 1 else None
    if isinstance(only, ast.Test):
        return _against(only.op, only.operand, known)
    if isinstance(only, ast.Range):
        return _interval(only, known)
    items = only.items if isinstance(only, ast.ListLiteral) else tests.tests
    if any(
        isinstance(item, ast.Test | ast.Range | ast.ListLiteral) or any(facts_of(item, frozenset())) for item in items
    ):
        return None
    values = [compact(known(item)) for item in items]
    kinds = {kind_of(value) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else "none"
    return Shape(kind, "{v} in {k}", (frozenset(values),)) if kind in ("number", "string", "date") else None


def _interval(bounds: ast.Range, known: Known) -> Shape | None:
    if bounds.low is None or bounds.high is None:
        return None
    if any(facts_of(bounds.low, frozenset())) or any(facts_of(bounds.high, frozenset())):
        return None
    low, high = compact(known(bounds.low)), compact(known(bounds.high))
    kind = kind_of(low)
    if kind not in ("number", "string", "date") or kind_of(high) != kind:
        return None
    opening, closing = ("<=" if bounds.low_closed else "<"), ("<=" if bounds.high_closed else "<")
    return Shape(kind, f"{{k}} {opening} {{v}} {closing} {{l}}", (low, high))


def compact(value: object) -> object:
    """A whole ``Decimal`` as ``int``, which compares several times faster; everything else as it is."""
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < 18 and value == int(value):
        return int(value)
    return value


def kind_of(value: object) -> Kind:
    """The kind of a constant for which a shape exists."""
    cls = value.__class__
    if cls is bool:
        return "truth"
    if cls is int or cls is Decimal:
        return "number"
    return "string" if cls is str else "date" if cls is py.date else "none"
