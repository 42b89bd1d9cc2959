"""Single conditions as SQL of DuckDB: one boolean column each, null exactly where a fact that it needs is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlglot import exp

from yizhantong.foundation.rules.explain.conditions import Group, Leaf
from yizhantong.foundation.rules.sql import Column, NotCompilable, compile_sql

_STRICT = (
    exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.Not, exp.Paren, exp.Column, exp.Identifier, exp.Literal,
    exp.Cast, exp.DataType, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Boolean, exp.StartsWith, exp.Between,
)  # fmt: skip
"""What is null whenever a part of it is."""


class Untranslatable(Exception):
    """A condition that only the evaluator can decide; why is of no consequence to anybody."""


def leaves(node: Leaf | Group) -> Iterable[Leaf]:
    """Return the single conditions of a tree."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from leaves(child)


def asks_person(leaf: Leaf) -> bool:
    """Whether a condition is for a person to judge."""
    return any(fact.judgement for fact in leaf.facts)


def leaf_sql(leaf: Leaf, known: Mapping[str, Column]) -> str:
    """Return the boolean expression of a condition over ``known`` columns; raise :class:`Untranslatable`."""
    if any(len(fact.path) > 1 for fact in leaf.facts) or asks_person(leaf):
        raise Untranslatable
    names = {fact.name for fact in leaf.facts if fact.name in known}
    columns = {name: known[name] if name in leaf.guarded else replace(known[name], nullable=False) for name in names}
    try:
        made = compile_sql(leaf.test, columns, "duckdb")
    except NotCompilable:
        raise Untranslatable from None
    if made.kind != "boolean" or (made.nullable and not leaf.guarded):
        raise Untranslatable
    sql = made.text()
    needed = [fact.name for fact in leaf.facts if fact.name not in leaf.guarded]
    if needed and not _strict(made.sql):
        missing = " OR ".join(f"{columns[name].to_sql().sql('duckdb')} IS NULL" for name in needed)
        return f"CASE WHEN {missing} THEN NULL ELSE {sql} END"
    return sql


def _strict(sql: exp.Expression) -> bool:
    """Whether the expression is null whenever one of its columns is: true of every shape in which officers write."""
    if isinstance(sql, exp.In):
        return isinstance(sql.this, exp.Column) and all(isinstance(item, exp.Literal) for item in sql.expressions)
    return all(isinstance(node, _STRICT) for node in sql.walk())
