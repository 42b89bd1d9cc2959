"""HiGHS on a system: quick, in floating point; whoever needs certainty asks :mod:`exact` afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import highspy
import numpy as np

from .exact import Row
from .system import System

Status = Literal["feasible", "infeasible", "unbounded", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """HiGHS's answer: values of the columns, and the objective where one was asked for."""

    status: Status
    x: tuple[float, ...] = ()
    objective: float = 0.0


def run(system: System, seconds: float, objective_row: int | None = None, maximise: bool = False) -> Answer:
    """Solve the system with whole records; optionally minimise or maximise one row, given without bounds.

    Each row is scaled by its largest bound and each column by its largest entry, so that 10**12 分 stands beside
    counts of ten without harm.
    """
    scale = [_scale(row) for row in system.rows]
    size = [sum(1 for _ in members) for _, members in groupby(system.groups)]
    linked = {group: len(scale) + k for k, group in enumerate(g for g, n in enumerate(size) if n > 1)}
    entries: list[list[tuple[int, float]]] = []
    for j, group in enumerate(system.groups):
        column = [
            (i, float(row.coefficients[j]) / scale[i]) for i, row in enumerate(system.rows) if row.coefficients[j]
        ]
        entries.append(column + ([(linked[group], 1.0)] if group in linked else []))
    whole = [j for j, group in enumerate(system.groups) if group not in linked]
    whole += range(len(entries), len(entries) + len(linked))
    entries += [[(row, -1.0)] for row in linked.values()]
    costs = np.zeros(len(entries))
    for j, column in enumerate(entries):
        costs[j] = sum(value for row, value in column if row == objective_row)
    solver = _model(entries, _bounds(system, scale, len(linked)), costs, seconds, maximise)
    for integer in (False, True):
        if integer:
            kinds = np.array([highspy.HighsVarType.kInteger] * len(whole))
            solver.changeColsIntegrality(len(whole), np.array(whole, dtype=np.int32), kinds)
        solver.run()
        status = _STATUS.get(solver.getModelStatus(), "unknown")
        if status != "feasible":
            return Answer(status)
    values = solver.getSolution().col_value
    factor = 1.0 if objective_row is None else scale[objective_row]
    return Answer("feasible", tuple(values[: len(system.columns)]), solver.getInfo().objective_function_value * factor)


def _scale(row: Row) -> float:
    stated = max(abs(float(row.lower or 0)), abs(float(row.upper or 0)))
    return stated or float(max(map(abs, row.coefficients), default=0)) or 1.0


def _bounds(system: System, scale: list[float], links: int) -> tuple[Any, Any]:
    infinity = highspy.kHighsInf
    lower = [-infinity if r.lower is None else float(r.lower) / s for r, s in zip(system.rows, scale, strict=True)]
    upper = [infinity if r.upper is None else float(r.upper) / s for r, s in zip(system.rows, scale, strict=True)]
    return np.array(lower + [0.0] * links), np.array(upper + [0.0] * links)


def _model(
    entries: list[list[tuple[int, float]]], bounds: tuple[Any, Any], costs: Any, seconds: float, maximise: bool
) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(entries), len(bounds[0])
    lp.col_cost_ = costs
    lp.col_lower_, lp.col_upper_ = np.zeros(len(entries)), np.full(len(entries), highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = bounds
    lp.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, entries)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([row for column in entries for row, _ in column], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([value for column in entries for _, value in column])
    solver: Any = _HIGHS()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds), ("random_seed", 0)):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    return solver


class _Silent(highspy.Highs):
    """HiGHS that does not write its banner to standard output, where an answer in JSON may be on its way."""

    def enableCallbacks(self) -> Any:
        self.silent()
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


_HIGHS: Any = _Silent
_STATUS: dict[Any, Status] = {
    highspy.HighsModelStatus.kOptimal: "feasible",
    highspy.HighsModelStatus.kModelEmpty: "feasible",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unknown",
}
