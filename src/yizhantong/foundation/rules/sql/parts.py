"""Dividing a condition between the engine and the evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from .. import ast
from ..chains import operands
from ..parser import parse
from .compiler import Compiler, compile_sql
from .engines import ENGINES
from .model import Column, Compiled, Constant, NotCompilable


@dataclass(frozen=True, slots=True)
class Split:
    """``engine and rest`` is true on the same rows as the whole; ``refusals`` say why each part of ``rest`` stayed.

    ``engine`` is ``None`` where no conjunct compiles, ``rest`` where all do. ``engine`` stands in ``WHERE`` only.
    """

    engine: Compiled | None
    rest: ast.Node | None
    refusals: tuple[NotCompilable, ...]


def split(
    source: ast.Node | str,
    columns: Mapping[str, Column],
    dialect: str = "duckdb",
    constants: Mapping[str, Constant] | None = None,
) -> Split:
    """Divide the top-level conjuncts of a condition into those the engine filters by and those left to evaluate."""
    fixed = constants or {}
    node = parse(source, {*columns, *fixed}) if isinstance(source, str) else source
    conjuncts = operands(node) if isinstance(node, ast.Logic) and node.op == "and" else [node]
    inside: list[ast.Node] = []
    outside: list[ast.Node] = []
    refusals: list[NotCompilable] = []
    for conjunct in conjuncts:
        try:
            Compiler(ENGINES[dialect], columns, fixed).condition(conjunct)
        except NotCompilable as refusal:
            outside.append(conjunct)
            refusals.append(refusal)
        else:
            inside.append(conjunct)
    engine = compile_sql(_joined(inside), columns, dialect, fixed, filter_only=True) if inside else None
    return Split(engine, _joined(outside) if outside else None, tuple(refusals))


def _joined(nodes: list[ast.Node]) -> ast.Node:
    return reduce(lambda left, right: ast.Logic("and", left, right), nodes)
