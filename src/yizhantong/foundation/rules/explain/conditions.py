"""A rule taken apart: groups (``and``, ``or``, ``not``, ``if``) over single conditions, and the facts each of these asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from .. import ast
from ..chains import operands
from ..names import BUILTIN_NAMES
from ..trees import children
from ..unparse import to_text

PERSON_FUNCTION = "person"
Operator = Literal["and", "or", "not", "if"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its path: ``("申请人", "年龄")`` for ``申请人.年龄``; ``judgement``: only a person can supply it."""

    path: tuple[str, ...]
    judgement: bool = False

    @property
    def name(self) -> str:
        """The path as written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition: ``text`` as written, ``test`` as evaluated (constants put in, judgements turned into facts).

    ``guarded`` facts are held against a literal null by the condition itself (``x = null``, ``x in [1, null]``), so that their
    absence is an answer.
    """

    index: int
    text: str
    test: ast.Node
    facts: tuple[Fact, ...]
    guarded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions under one operator; ``if`` has exactly three."""

    operator: Operator
    text: str
    children: tuple[Leaf | Group, ...]


class Taker:
    """Takes one rule apart; ``leaves`` are in the order of the text."""

    def __init__(self, judgements: frozenset[str], constants: Mapping[str, ast.Node]) -> None:
        self.judgements = judgements
        self.constants = constants
        self.leaves: list[Leaf] = []

    def take(self, node: ast.Node) -> Leaf | Group:
        """The tree of conditions of ``node``."""
        if isinstance(node, ast.Logic):
            operator: Operator = "and" if node.op == "and" else "or"
            return Group(operator, to_text(node), tuple(self.take(part) for part in operands(node)))
        if isinstance(node, ast.If):
            return Group("if", to_text(node), tuple(self.take(part) for part in (node.condition, node.yes, node.no)))
        negated = negation_of(node)
        if negated is not None:
            return Group("not", to_text(node), (self.take(negated),))
        return self._leaf(node)

    def _leaf(self, node: ast.Node) -> Leaf:
        asked: set[str] = set(self.judgements)
        test = _resolved(node, self.constants, asked)
        facts = tuple(dict.fromkeys(facts_of(test, frozenset(asked))))
        leaf = Leaf(len(self.leaves), to_text(node), test, facts, frozenset(_guarded(test)))
        self.leaves.append(leaf)
        return leaf


def negation_of(node: ast.Node) -> ast.Node | None:
    """``x`` of ``not(x)``, else ``None``."""
    if isinstance(node, ast.Call) and node.function == ast.Name("not") and len(node.positional) == 1:
        return node.positional[0]
    return None


def _question(node: ast.Node) -> str | None:
    if isinstance(node, ast.Call) and node.function == ast.Name(PERSON_FUNCTION) and len(node.positional) == 1:
        argument = node.positional[0]
        return argument.value if isinstance(argument, ast.String) else None
    return None


def _resolved(node: ast.Node, constants: Mapping[str, ast.Node], asked: set[str]) -> ast.Node:
    """``node`` with constants put in and each ``person("question")`` turned into the fact of that name, added to ``asked``."""
    question = _question(node)
    if question is not None:
        asked.add(question)
        return ast.Name(question)
    if isinstance(node, ast.Name):
        return constants.get(node.name, node)

    def within(value: Any) -> Any:
        if isinstance(value, ast.Node):
            return _resolved(value, constants, asked)
        return tuple(within(item) for item in value) if isinstance(value, tuple) else value

    changes = {field.name: within(getattr(node, field.name)) for field in fields(node)}
    return replace(node, **changes) if changes else node


def facts_of(node: ast.Node, judgements: frozenset[str], bound: frozenset[str] = frozenset()) -> Iterator[Fact]:
    """The facts that ``node`` reads, in the order of the text; names bound by ``for``, ``some``, functions are none."""
    path = _path(node)
    if path is not None:
        if path[0] not in bound:
            yield Fact(path, path[0] in judgements)
        return
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name in BUILTIN_NAMES:
        for argument in (*node.positional, *(value for _, value in node.named)):
            yield from facts_of(argument, judgements, bound)
        return
    if isinstance(node, ast.Filter):
        yield from facts_of(node.target, judgements, bound)
        return
    inner = bound | frozenset(_binds(node))
    for part in children(node):
        yield from facts_of(part, judgements, inner)


def _path(node: ast.Node) -> tuple[str, ...] | None:
    names: list[str] = []
    while isinstance(node, ast.Path):
        names.append(node.name)
        node = node.target
    return (node.name, *reversed(names)) if isinstance(node, ast.Name) else None


def _binds(node: ast.Node) -> Iterator[str]:
    if isinstance(node, ast.For | ast.Quantified):
        yield from (iterator.name for iterator in node.iterators)
        yield "partial"
    elif isinstance(node, ast.FunctionDefinition):
        yield from (parameter.name for parameter in node.parameters)
    elif isinstance(node, ast.ContextLiteral):
        yield from (name for name, _ in node.entries)


def _guarded(node: ast.Node) -> Iterator[str]:
    """Names of facts held against a literal null somewhere in ``node``: compared with it, or sought among others with it."""
    for one, others in _held(node):
        path = _path(one)
        if path is not None and any(isinstance(other, ast.Null) for other in others):
            yield ".".join(path)
    for part in children(node):
        yield from _guarded(part)


def _held(node: ast.Node) -> Iterator[tuple[ast.Node, tuple[ast.Node, ...]]]:
    """What ``node`` holds against what: both sides of ``=`` and ``!=``, the operand of ``in`` and of ``list contains``."""
    if isinstance(node, ast.Compare) and node.op in ("=", "!="):
        yield node.left, (node.right,)
        yield node.right, (node.left,)
    elif isinstance(node, ast.In):
        yield node.operand, tuple(item for test in node.tests.tests for item in _sought(test))
    elif isinstance(node, ast.Call) and node.function == ast.Name("list contains") and len(node.positional) == 2:
        yield node.positional[1], tuple(_sought(node.positional[0]))


def _sought(test: ast.Node) -> tuple[ast.Node, ...]:
    """The values that a test lets pass by being equal to them."""
    if isinstance(test, ast.ListLiteral):
        return test.items
    return (test.operand,) if isinstance(test, ast.Test) and test.op in ("=", "!=") else (test,)
