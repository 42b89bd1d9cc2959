"""Walks over syntax trees, without recursion, so that a deep tree cannot exhaust the stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from . import ast
from .ast import Node
from .limits import DEFAULT_LIMITS, RuleLimitError


def _children(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _children(part)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, in the order of the text."""
    for field in fields(node):
        yield from _children(getattr(node, field.name))


def check_depth(root: Node) -> None:
    """Refuse a tree deeper than the limit (without recursion)."""
    level: list[Node] = [root]
    for _ in range(DEFAULT_LIMITS.depth):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise RuleLimitError(
        "rules.too_deep", f"规则超过 {DEFAULT_LIMITS.depth} 层，请拆成几条规则，或用 in (…) 代替一长串 or。"
    )


def walk(root: Node) -> Iterator[Node]:
    """The node and all below it."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(children(node))


def uses_input(root: Node) -> bool:
    """Whether ``?`` stands in the tree."""
    return any(isinstance(node, ast.InputValue) for node in walk(root))


def mentions(root: Node, name: str) -> bool:
    """Whether a variable of that name stands in the tree."""
    return any(isinstance(node, ast.Name) and node.name == name for node in walk(root))
