"""A rule as one flat Python function, so that an explained evaluation costs a microsecond or two.

The function takes a record and answers ``(verdict, codes, values)``: the code of the whole, of each leaf, and the values of
the heads of all facts as they were. Its text holds only numbers and names of its own making (``v0``, ``k3``): every literal
of the rule is bound as a constant of its namespace, so nothing that a rule says is ever read as Python.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from . import verdicts
from .conditions import Fact, Group, Leaf
from .shapes import Known, Shape, shape_of

Record = Mapping[str, Any]
Outcome = tuple[int, tuple[int, ...], tuple[Any, ...]]
Slow = Callable[[Record], int]
_GUARDS = {
    "number": "{t} is int or {t} is Decimal and {v}.is_finite()",
    "string": "{t} is str",
    "date": "{t} is date",
    "truth": "{t} is bool",
}


def dig(value: Any, path: tuple[str, ...]) -> Any:
    """Follow ``path`` through mappings; ``None`` where it breaks off, the value itself once it is no mapping any more."""
    for name in path:
        if not isinstance(value, Mapping):
            return value
        value = value.get(name)
    return value


class Generator:
    """Writes the function of one rule."""

    def __init__(self, tree: Leaf | Group, leaves: list[Leaf], slow: Callable[[Leaf], Slow], known: Known) -> None:
        self.tree = tree
        self.leaves = leaves
        self.slow = slow
        self.known = known
        self.heads = tuple(dict.fromkeys(fact.path[0] for leaf in leaves for fact in leaf.facts))
        self.names: dict[str, Any] = {"Decimal": Decimal, "date": py.date, "dig": dig, "choose": verdicts.choose}
        self.names |= {"ALL": verdicts.ALL, "ANY": verdicts.ANY, "NOT": verdicts.NOT}
        self.lines: list[str] = []
        self.values: dict[tuple[str, ...], str] = {}
        self.groups = 0

    def build(self) -> Callable[[Record], Outcome]:
        """Compile the function."""
        self.lines = ["def run(record):", " get = record.get"]
        for index, head in enumerate(self.heads):
            self.lines.append(f" v{index} = get({self._bind('h', head)})")
            self.values[(head,)] = f"v{index}"
        for leaf in self.leaves:
            self._leaf(leaf)
        root = self._group(self.tree)
        codes = "".join(f"c{leaf.index}, " for leaf in self.leaves)
        values = "".join(f"v{index}, " for index in range(len(self.heads)))
        self.lines.append(f" return {root}, ({codes}), ({values})")
        exec(compile("\n".join(self.lines), "<rule>", "exec"), self.names)
        return cast(Callable[[Record], Outcome], self.names["run"])

    def _bind(self, letter: str, value: Any) -> str:
        name = f"{letter}{len(self.names)}_"
        self.names[name] = value
        return name

    def _value(self, fact: Fact) -> str:
        known = self.values.get(fact.path)
        if known is None:
            known = f"d{len(self.values)}"
            head = self.values[fact.path[:1]]
            self.lines.append(f" {known} = dig({head}, {self._bind('p', fact.path[1:])})")
            self.values[fact.path] = known
        return known

    def _leaf(self, leaf: Leaf) -> None:
        shape = shape_of(leaf, self.known)
        if shape is not None:
            self._shaped(leaf, shape)
        else:
            self._general(leaf)

    def _shaped(self, leaf: Leaf, shape: Shape) -> None:
        fact = leaf.facts[0]
        value, code = self._value(fact), f"c{leaf.index}"
        constants = [self._bind("k", constant) for constant in shape.known]
        test = shape.test.format(v=value, **dict(zip("kl", constants, strict=False)))
        decided = f"{code} = 8 if {test} else 4"
        if shape.kind == "null":
            self.lines.append(f" {decided}")
            return
        missing = verdicts.PERSON if fact.judgement else verdicts.UNKNOWN
        self.lines += [
            f" t = {value}.__class__",
            f" if {_GUARDS[shape.kind].format(t='t', v=value)}: {decided}",
            f" elif {value} is None: {code} = {missing}",
            f" else: {code} = {self._bind('s', self.slow(leaf))}(record)",
        ]

    def _general(self, leaf: Leaf) -> None:
        code, word = f"c{leaf.index}", "if"
        needed = [fact for fact in leaf.facts if fact.name not in leaf.guarded]
        for missing, judgement in ((verdicts.UNKNOWN, False), (verdicts.PERSON, True)):
            tests = [f"{self._value(fact)} is None" for fact in needed if fact.judgement is judgement]
            if tests:
                self.lines.append(f" {word} {' or '.join(tests)}: {code} = {missing}")
                word = "elif"
        decided = f"{code} = {self._bind('s', self.slow(leaf))}(record)"
        self.lines.append(f" else: {decided}" if word == "elif" else f" {decided}")

    def _group(self, node: Leaf | Group) -> str:
        if isinstance(node, Leaf):
            return f"c{node.index}"
        children = [self._group(child) for child in node.children]
        name = f"g{self.groups}"
        self.groups += 1
        if node.operator == "if":
            self.lines.append(f" {name} = choose({', '.join(children)})")
        elif node.operator == "not":
            self.lines.append(f" {name} = NOT[{children[0]}]")
        else:
            self.lines.append(f" {name} = {'ALL' if node.operator == 'and' else 'ANY'}[{' | '.join(children)}]")
        return name
