"""From statements to linear rows: every cell becomes the corner points of what one of its records can be.

A cell with n records and sums s, each attribute between low and high, is exactly the cone
``low * n <= s <= high * n``; its generators are the corners (1, low-or-high of each attribute). With one non-negative
unknown for each corner the bounds of the cells need no rows of their own: a row is a statement, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from .cells import Cell, enumerate_cells, piece_bounds
from .exact import Row
from .model import Attribute, Facts, FeasibilityError, Statement

_INSET = Fraction(1, 10**9)
_FAR = 10**4
_MOST_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """One corner of one cell: the attributes' values there; ``far`` if one stands for an end that does not exist."""

    cell: int
    values: tuple[Fraction, ...]
    far: bool


@dataclass(frozen=True, slots=True)
class System:
    """Rows over columns; ``groups[j]`` joins columns whose counts must add up to a whole number."""

    cells: list[Cell]
    attributes: tuple[str, ...]
    columns: list[Column]
    groups: list[int]
    rows: list[Row]
    open_ends: bool


def build(statements: Sequence[Statement], facts: Facts, limit: int, inset: bool = False) -> System:
    """The system of the statements.

    Open ends of fractional quantities cannot be told to a linear program: without ``inset`` they count as closed (what
    is then impossible is impossible), with it they are moved inwards by a billionth (what is then possible is possible).
    """
    attributes = tuple(sorted({s.measure.attribute for s in statements if s.measure.attribute}))
    known = [facts.attribute(name) for name in attributes]
    cells = enumerate_cells(statements, facts, limit)
    columns: list[Column] = []
    groups: list[int] = []
    far = _far(statements, cells)
    seen: dict[tuple[object, ...], int] = {}
    kept: list[Cell] = []
    open_ends = any(_row_is_open(s, facts) for s in statements)
    for cell in cells:
        membership = tuple(cell.meets(s.region) for s in statements)
        if not any(membership):
            continue
        ranges = [_range(cell, a, statements, membership, far, inset) for a in known]
        open_ends = open_ends or any(r[3] for r in ranges)
        signature = (membership, tuple(r[:2] for r in ranges))
        if signature in seen:
            continue
        group = seen[signature] = len(kept)
        kept.append(cell)
        is_far = any(r[2] for r in ranges)
        for values in product(*(sorted({low, high}) for low, high, _, _ in ranges)):
            columns.append(Column(group, values, is_far and any(abs(v) >= far for v in values)))
            groups.append(group)
        if len(columns) > _MOST_COLUMNS:
            raise FeasibilityError("proof.too_many_cells", f"这些说法展开后超过 {_MOST_COLUMNS} 个未知数,不再判断")
    rows = [_row(s, facts, kept, columns, attributes, inset) for s in statements]
    return System(kept, attributes, columns, groups, rows, open_ends)


def _far(statements: Sequence[Statement], cells: Sequence[Cell]) -> Fraction:
    """A value beyond all that the statements could ever need of one record, in place of an end that does not exist."""
    pieces = {piece for cell in cells for _, piece in cell.pieces}
    thresholds = [abs(cut[0]) for piece in pieces for cut in (piece.start, piece.end) if cut[0].is_finite()]
    largest = max(thresholds, default=Decimal(0))
    sums, counts = Decimal(1), Decimal(1)
    for s in statements:
        stated = abs(s.lower or Decimal(0)) + abs(s.upper or Decimal(0))
        if s.measure.kind == "sum":
            sums += stated
        else:
            counts += stated
    return _FAR * (Fraction(sums) + Fraction(counts) * Fraction(largest))


def _range(
    cell: Cell,
    attribute: Attribute,
    statements: Sequence[Statement],
    membership: tuple[bool, ...],
    far: Fraction,
    inset: bool,
) -> tuple[Fraction, Fraction, bool, bool]:
    """Lowest and highest value of one record, whether an end was invented, whether an end is open.

    Of an attribute that is never negative, one record has at most what is stated for any region it lies in.
    """
    piece = cell.piece(attribute.name)
    least, most = piece_bounds(piece, attribute.integer)
    low = -far if least is None else Fraction(least)
    high = far if most is None else Fraction(most)
    is_far = least is None or most is None
    if attribute.nonnegative:
        for statement, inside in zip(statements, membership, strict=True):
            stated = inside and statement.measure.attribute == attribute.name and statement.upper is not None
            if stated and low <= Fraction(statement.upper or 0) < high:
                high, is_far = Fraction(statement.upper or 0), False
    start_open = not attribute.integer and least is not None and piece.start[1] == 1
    end_open = not attribute.integer and most is not None and piece.end[1] == 0 and high == Fraction(most)
    if inset:
        step = (high - low) * _INSET
        low, high = (low + step if start_open else low), (high - step if end_open else high)
    return low, high, is_far, start_open or end_open


def _row_is_open(statement: Statement, facts: Facts) -> bool:
    whole = statement.measure.kind == "count" or facts.attribute(statement.measure.attribute).integer
    return not whole and (
        (statement.lower is not None and not statement.lower_closed)
        or (statement.upper is not None and not statement.upper_closed)
    )


def bounds(statement: Statement, facts: Facts, inset: bool = False) -> tuple[Fraction | None, Fraction | None]:
    """Bounds of a statement, drawn in to whole numbers where the quantity is whole; a count is never negative."""
    low = None if statement.lower is None else Fraction(statement.lower)
    high = None if statement.upper is None else Fraction(statement.upper)
    if statement.measure.kind == "count" or facts.attribute(statement.measure.attribute).integer:
        if low is not None:
            low = Fraction(-(-low.numerator // low.denominator) if statement.lower_closed else low.__floor__() + 1)
        if high is not None:
            high = Fraction(high.__floor__() if statement.upper_closed else high.__ceil__() - 1)
    elif inset:
        low = low + _step(low) if low is not None and not statement.lower_closed else low
        high = high - _step(high) if high is not None and not statement.upper_closed else high
    return low, high


def _step(value: Fraction) -> Fraction:
    return max(abs(value), Fraction(1)) * _INSET


def _row(
    statement: Statement,
    facts: Facts,
    cells: list[Cell],
    columns: list[Column],
    attributes: tuple[str, ...],
    inset: bool,
) -> Row:
    inside = [cell.meets(statement.region) for cell in cells]
    low, high = bounds(statement, facts, inset)
    if statement.measure.kind == "count":
        return Row(tuple(Fraction(inside[column.cell]) for column in columns), low, high)
    at = attributes.index(statement.measure.attribute)
    coefficients = tuple(column.values[at] if inside[column.cell] else Fraction(0) for column in columns)
    return Row(coefficients, low, high)
