"""Exact arithmetic: a small simplex and branch-and-bound over rational numbers, and the check of its certificates.

Floating-point solvers may be wrong in the last digits, and a wrong "impossible" is the worst error this room can make.
So every verdict is confirmed here with ``fractions.Fraction``: a possible one by an exact solution, an impossible one
by multipliers after Farkas (checked separately, by plain multiplication) or by exhausting the integer branches.
The systems are small: rows are statements, columns are kinds of record.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Row:
    """``lower <= coefficients . x <= upper`` for x >= 0; None is no bound."""

    coefficients: tuple[Fraction, ...]
    lower: Fraction | None
    upper: Fraction | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``feasible`` with ``x``; infeasible with ``multipliers`` per row (empty if integrality decided); None: gave up."""

    feasible: bool | None
    x: tuple[Fraction, ...] = ()
    multipliers: tuple[Fraction, ...] = ()


def certifies(rows: Sequence[Row], multipliers: Sequence[Fraction]) -> bool:
    """Do the multipliers prove that no x >= 0 meets the rows (Farkas)?

    The weighted rows must add up to a left side that is never positive and a right side that must be.
    """
    width = len(rows[0].coefficients) if rows else 0
    for column in range(width):
        if sum((m * row.coefficients[column] for m, row in zip(multipliers, rows, strict=True)), ZERO) > 0:
            return False
    least = ZERO
    for multiplier, row in zip(multipliers, rows, strict=True):
        bound = row.lower if multiplier > 0 else row.upper
        if multiplier and bound is None:
            return False
        least += multiplier * (bound if bound is not None else ZERO)
    return least > 0


def solve(rows: Sequence[Row], deadline: float) -> Outcome:
    """Is there an x >= 0 (rational) that meets the rows? Simplex, phase one, Bland's rule: it always ends."""
    tableau, basis, width, origin = _tableau(rows)
    cost = [-sum(column) for column in zip(*tableau, strict=True)] if tableau else []
    total = len(cost) - 1
    artificial = total - len(tableau)
    for j in range(artificial, total):
        cost[j] += 1
    while True:
        if time.monotonic() > deadline:
            return Outcome(None)
        entering = next((j for j in range(artificial) if cost[j] < 0), None)
        if entering is None:
            break
        leaving = _leaving(tableau, basis, entering)
        _pivot(tableau, cost, leaving, entering)
        basis[leaving] = entering
    if not tableau or cost[-1] == 0:
        x = [ZERO] * width
        for i, j in enumerate(basis):
            if j < width:
                x[j] = tableau[i][-1]
        return Outcome(True, tuple(x))
    multipliers = [ZERO] * len(rows)
    for i, (row, sign) in enumerate(origin):
        multipliers[row] += sign * (1 - cost[artificial + i])
    return Outcome(False, (), tuple(multipliers))


def _tableau(
    rows: Sequence[Row],
) -> tuple[list[list[Fraction]], list[int], int, list[tuple[int, int]]]:
    """Equations with slacks and one artificial variable each, right sides >= 0; and where each came from."""
    width = len(rows[0].coefficients) if rows else 0
    lines: list[tuple[int, int, int, Fraction]] = []  # row, direction of slack (0: equation), sign, bound
    for i, row in enumerate(rows):
        if row.lower is not None and row.lower == row.upper:
            lines.append((i, 0, -1 if row.lower < 0 else 1, row.lower))
            continue
        if row.lower is not None:
            lines.append((i, -1, -1 if row.lower < 0 else 1, row.lower))
        if row.upper is not None:
            lines.append((i, 1, -1 if row.upper < 0 else 1, row.upper))
    slacks = sum(1 for line in lines if line[1])
    tableau, slack = [], 0
    for k, (i, direction, sign, bound) in enumerate(lines):
        extra = [ZERO] * (slacks + len(lines))
        if direction:
            extra[slack] = Fraction(direction * sign)
            slack += 1
        extra[slacks + k] = ONE
        tableau.append([sign * c for c in rows[i].coefficients] + extra + [sign * bound])
    basis = [width + slacks + k for k in range(len(lines))]
    return tableau, basis, width, [(line[0], line[2]) for line in lines]


def _leaving(tableau: list[list[Fraction]], basis: list[int], entering: int) -> int:
    candidates = [(row[-1] / row[entering], basis[i], i) for i, row in enumerate(tableau) if row[entering] > 0]
    return min(candidates)[2]


def _pivot(tableau: list[list[Fraction]], cost: list[Fraction], leaving: int, entering: int) -> None:
    pivot = tableau[leaving][entering]
    line = tableau[leaving] = [value / pivot if value else value for value in tableau[leaving]]
    support = [j for j, value in enumerate(line) if value]
    for i, row in enumerate([*tableau, cost]):
        factor = row[entering]
        if i != leaving and factor:
            for j in support:
                row[j] -= factor * line[j]


def solve_integer(rows: Sequence[Row], groups: Sequence[int], deadline: float, nodes: int = 200) -> Outcome:
    """As :func:`solve`, where moreover the x of each group add up to a whole number (records are whole).

    ``groups[j]`` is the group of column j. Gives up (None) after ``nodes`` branches or at the deadline.
    """
    first = solve(rows, deadline)
    if first.feasible is not True:
        return first
    members: dict[int, list[int]] = {}
    for j, group in enumerate(groups):
        members.setdefault(group, []).append(j)
    pending = [(tuple[Row, ...](), first)]
    while pending and nodes:
        nodes -= 1
        branch, outcome = pending.pop()
        broken = _fractional(outcome.x, members)
        if broken is None:
            return outcome
        group, value = broken
        unit = tuple(ONE if groups[j] == group else ZERO for j in range(len(groups)))
        below = value.numerator // value.denominator
        for bound in (Row(unit, None, Fraction(below)), Row(unit, Fraction(below + 1), None)):
            child = solve([*rows, *branch, bound], deadline)
            if child.feasible is None:
                return child
            if child.feasible:
                pending.append(((*branch, bound), child))
    return Outcome(None if pending else False)


def _fractional(x: tuple[Fraction, ...], members: dict[int, list[int]]) -> tuple[int, Fraction] | None:
    for group, columns in members.items():
        value = sum((x[j] for j in columns), ZERO)
        if value.denominator != 1:
            return group, value
    return None
