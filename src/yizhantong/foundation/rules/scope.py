"""The free variables of an expression: what a rule needs to be told."""

from __future__ import annotations

from . import ast
from .ast import Node
from .names import BUILTIN_NAMES
from .trees import children


def free_names(root: Node) -> frozenset[str]:
    """Names that neither the expression nor FEEL defines. Inside a filter, names of entries cannot be told from variables and count."""
    found: set[str] = set()
    _collect(root, frozenset(), found)
    return frozenset(found)


def _collect(node: Node, bound: frozenset[str], found: set[str]) -> None:
    if isinstance(node, ast.Name):
        if node.name not in bound and node.name not in BUILTIN_NAMES:
            found.add(node.name)
    elif isinstance(node, ast.For | ast.Quantified):
        _collect_loop(node, bound, found)
    elif isinstance(node, ast.FunctionDefinition):
        _collect(node.body, bound | {parameter.name for parameter in node.parameters}, found)
    elif isinstance(node, ast.ContextLiteral):
        for key, value in node.entries:
            _collect(value, bound, found)
            bound = bound | {key}
    elif isinstance(node, ast.Filter):
        _collect(node.target, bound, found)
        _collect(node.predicate, bound | {"item"}, found)
    else:
        for child in children(node):
            _collect(child, bound, found)


def _collect_loop(node: ast.For | ast.Quantified, bound: frozenset[str], found: set[str]) -> None:
    for iterator in node.iterators:
        _collect(iterator.domain, bound, found)
        if iterator.end is not None:
            _collect(iterator.end, bound, found)
        bound = bound | {iterator.name}
    _collect(node.body, bound | {"partial"}, found)
