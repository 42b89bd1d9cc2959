"""Chains of one operator: ``a and b and c`` is a tree leaning left; readers want its three operands."""

from __future__ import annotations

from . import ast


def operands(node: ast.Logic) -> list[ast.Node]:
    """The operands of a chain of one and the same operator, from left to right (without recursion)."""
    found: list[ast.Node] = []
    waiting: list[ast.Node] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Logic) and part.op == node.op:
            waiting += (part.right, part.left)
        else:
            found.append(part)
    return found
