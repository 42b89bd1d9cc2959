"""The conditions of figures as regions of the proof room: which facts of a ledger a figure counts or sums.

Only what is understood becomes a condition: comparisons of a column with a constant, equality with a code, true and false,
``in`` a list of codes, joined by ``and``. Everything else is a property of its own, of which nothing is assumed; so a
contradiction found is one of every ledger that could be.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from yizhantong.foundation.proof import feasible as proof
from yizhantong.foundation.rules import ast, parse
from yizhantong.kernel.articles.regions import Chosen, Codes, Located
from yizhantong.kernel.figures.declare import Count, Figure, Sum
from yizhantong.kernel.ledger import UNITS, Ledger, ledger

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def located(figure: Figure) -> Located | None:
    """Return the region of a figure; None for ratios and counts of different values, which count no facts."""
    if not isinstance(figure.measure, Count | Sum):
        return None
    reader = _Reader(ledger(figure.ledger))
    region = tuple(reader.conditions(parse(figure.where, reader.names))) if figure.where.strip() else ()
    measure = proof.COUNT
    if isinstance(figure.measure, Sum):
        measure = proof.Measure("sum", figure.measure.column)
        reader.note(figure.measure.column)
    return Located(
        figure.code, str(figure.label), (figure.ledger, figure.date), measure, region,
        tuple(reader.chosen), tuple(reader.attributes.values()), figure.unit,
    )  # fmt: skip


class _Reader:
    """Reads one condition; collects the choices and attributes that it speaks of."""

    def __init__(self, declared: Ledger) -> None:
        self.declared = declared
        self.names = [field.name for field in declared.all_fields]
        self.chosen: list[Chosen] = []
        self.attributes: dict[str, proof.Attribute] = {}

    def note(self, column: str) -> None:
        """Remember an attribute: a whole number in stored units, as columns of counts, 分 and 千克 are."""
        field = next((item for item in self.declared.all_fields if item.column == column), None)
        unit = field.unit if field and field.unit else ""
        size, unit = (UNITS["亿元"], "亿元") if unit in ("元", "万元", "亿元") else (UNITS.get(unit, Decimal(1)), unit)
        whole = self.declared.type_of(column) == "integer"
        self.attributes[column] = proof.Attribute(
            column, nonnegative=False, integer=whole, nullable=True, label=field.name if field else column, unit=unit,
            unit_size=size,
        )  # fmt: skip

    def conditions(self, node: ast.Node) -> Iterator[proof.Literal]:
        """Yield the conditions of a conjunction."""
        if isinstance(node, ast.Logic) and node.op == "and":
            yield from self.conditions(node.left)
            yield from self.conditions(node.right)
        elif isinstance(node, ast.Compare):
            yield self._compare(node)
        elif isinstance(node, ast.In):
            yield self._among(node)
        else:
            yield _opaque(node)

    def _compare(self, node: ast.Compare) -> proof.Literal:
        left, op, right = node.left, node.op, node.right
        if not isinstance(left, ast.Name) or left.name in UNITS:
            left, op, right = right, MIRRORED[op], left
        column = self._column(left)
        if column is None:
            return _opaque(node)
        if isinstance(right, ast.String | ast.Boolean) and op in ("=", "!="):
            return self._choose(column, frozenset([str(right.value)]), among=op == "=")
        value = _constant(right)
        if value is None or op == "!=":
            return _opaque(node)
        self.note(column)
        if op == "=":
            return proof.Interval(column, low=value, high=value, high_closed=True)
        if op in (">", ">="):
            return proof.Interval(column, low=value, low_closed=op == ">=")
        return proof.Interval(column, high=value, high_closed=op == "<=")

    def _among(self, node: ast.In) -> proof.Literal:
        column = self._column(node.operand)
        items = [item for test in node.tests.tests for item in _items(test)]
        if column is None or node.tests.negated or not items or not all(isinstance(i, ast.String) for i in items):
            return _opaque(node)
        return self._choose(column, frozenset(i.value for i in items if isinstance(i, ast.String)), among=True)

    def _choose(self, column: str, codes: Codes, *, among: bool) -> proof.Tag:
        tag = f"{column}{'=' if among else '≠'}{'|'.join(sorted(codes))}"
        self.chosen.append(Chosen(tag, column, codes, among))
        return proof.Tag(tag)

    def _column(self, node: ast.Node) -> str | None:
        if not isinstance(node, ast.Name) or node.name not in self.declared.by_name:
            return None
        return str(self.declared.by_name[node.name].column)


def _items(node: ast.Node) -> tuple[ast.Node, ...]:
    return node.items if isinstance(node, ast.ListLiteral) else (node,)


def _constant(node: ast.Node) -> Decimal | None:
    """Return the value of a constant: a number, a unit (亿元 is 10**10 分), or their product."""
    if isinstance(node, ast.Number):
        return node.value
    if isinstance(node, ast.Name):
        return UNITS.get(node.name)
    if isinstance(node, ast.Arithmetic) and node.op == "*":
        left, right = _constant(node.left), _constant(node.right)
        return None if left is None or right is None else left * right
    return None


def _opaque(node: ast.Node) -> proof.Tag:
    return proof.Tag(repr(node))
