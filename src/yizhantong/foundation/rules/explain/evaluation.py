"""The evaluator's part in an explanation: conditions that have no simple shape, constants, and why something failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from .. import ast
from ..rule import Rule, compile_expression
from ..trees import children
from . import verdicts
from .conditions import Fact, Leaf, Taker
from .generate import Generator, Outcome, Record, dig

_UNEXPLAINED = "条件没有得出是或否：请检查数据的类型与规则的写法。"


class Evaluation:
    """One condition as the evaluator sees it."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self._rule = compile_expression(leaf.test)
        self._each = _Each.of(leaf)
        self._keys = frozenset(_keys(leaf.test))
        self._parts: dict[ast.Node, Rule] = {}

    def code(self, record: Record) -> int:
        """The code of the verdict, for a record in which no needed fact is missing at its head."""
        if any(_unreadable(dig(record.get(fact.path[0]), fact.path[1:])) for fact in self.leaf.facts):
            return verdicts.UNKNOWN
        if self._each is not None:
            code = self._each.code(record)
            if code is not None:
                return code
        value = self._rule(record)
        if value is True or value is False:
            if self._gaps(record):
                return verdicts.UNKNOWN
            return verdicts.MET if value else verdicts.NOT_MET
        missing = any(dig(record.get(fact.path[0]), fact.path[1:]) is None for fact in self.leaf.facts)
        return verdicts.UNKNOWN if missing or self._gaps(record) else verdicts.PERSON

    def value(self, node: ast.Node, record: Record) -> Any:
        """The value of a part of the condition."""
        rule = self._parts.get(node)
        if rule is None:
            rule = self._parts[node] = compile_expression(node)
        return rule(record)

    def alarm(self, record: Record) -> str:
        """Why the condition could not be evaluated."""
        errors = self._rule.evaluate(record).errors
        return "；".join(dict.fromkeys(error.message.rstrip("。") for error in errors)) or _UNEXPLAINED

    def _gaps(self, record: Record) -> bool:
        """Whether a list that the condition reads lacks, in one of its items, an entry that the condition asks for."""
        if not self._keys:
            return False
        return any(self._has_gap(record, fact) for fact in self.leaf.facts)

    def _has_gap(self, record: Record, fact: Fact) -> bool:
        items = dig(record.get(fact.path[0]), fact.path[1:])
        if not isinstance(items, list | tuple):
            return False
        rows = [item for item in items if isinstance(item, Mapping)]
        asked = self._keys.intersection(*([frozenset().union(*rows)] if rows else []))
        return any(item is None for item in items) or any(row.get(key) is None for row in rows for key in asked)


class _Each:
    """``some`` or ``every`` over a list, item by item with four verdicts, so that one missing entry is not a "no"."""

    def __init__(self, node: ast.Quantified, judgements: frozenset[str]) -> None:
        self.name = node.iterators[0].name
        self.domain = compile_expression(node.iterators[0].domain)
        self.table = verdicts.ANY if node.kind == "some" else verdicts.ALL
        self.empty = verdicts.NOT_MET if node.kind == "some" else verdicts.MET
        taker = Taker(judgements, {})
        tree = taker.take(node.body)
        generator = Generator(tree, taker.leaves, lambda leaf: Evaluation(leaf).code, known)
        self.body: Callable[[Record], Outcome] = generator.build()

    @classmethod
    def of(cls, leaf: Leaf) -> _Each | None:
        """Of a condition that is a quantifier over one list; a null that the rule itself writes there is a value, no gap."""
        node = leaf.test
        if not isinstance(node, ast.Quantified) or len(node.iterators) != 1 or node.iterators[0].end is not None:
            return None
        domain = node.iterators[0].domain
        if isinstance(domain, ast.ListLiteral) and ast.Null() in domain.items:
            return None
        return cls(node, frozenset(fact.name for fact in leaf.facts if fact.judgement))

    def code(self, record: Record) -> int | None:
        """The code over all items; ``None`` if the domain is no list."""
        items = self.domain(record)
        if not isinstance(items, list):
            return None
        bits = 0
        for item in items:
            bits |= self.body({**record, self.name: item})[0]
        return self.table[bits] if items else self.empty


def _unreadable(value: Any) -> bool:
    """Whether a value is a number that is none, as tables of figures write what they do not know."""
    if value.__class__ is Decimal:
        return not value.is_finite()
    return value.__class__ is float and not isfinite(value)


def known(node: ast.Node) -> Any:
    """The value of a node that reads no facts."""
    return compile_expression(node)({})


def _keys(node: ast.Node) -> Iterator[str]:
    """Entries that the items of a list are asked for: names after a dot and inside a filter."""
    if isinstance(node, ast.Path):
        yield node.name
    if isinstance(node, ast.Filter):
        yield from _names(node.predicate)
    for part in children(node):
        yield from _keys(part)


def _names(node: ast.Node) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.name
    for part in children(node):
        yield from _names(part)
