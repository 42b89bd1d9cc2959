"""The timetable as whole-number programs for HiGHS, one aim after the other.

Columns are the meetings that may be (enterprise, bank, slot), and for the second aim one column for each party that tells
whether it has a meeting. Rows: each pair once; each party as often at a time as it has seats, and altogether as often as it
wants; each slot as many meetings as there are tables. An aim that is reached becomes a row for the next one.

All weights are whole numbers, so a solution within less than one of the bound is proved to be the best.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from math import floor
from typing import Any

import highspy
import numpy as np

from yizhantong.zones.finance.events.timetable import Found, Question

Option = tuple[str, str, int]
KEPT, MOVED = 2, 1
"""What an unchanged meeting counts among held ones, and one that has the same partners at another time."""
LEAST_SECONDS = 0.05
SLACK = 1e-6


class _Silent(highspy.Highs):
    """HiGHS that does not write its banner."""

    def enableCallbacks(self) -> Any:
        self.silent()
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


_HIGHS: Any = _Silent


class Program:
    """The common rows, and the aims that were reached so far."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.options = question.options
        self.parties = (*question.enterprises, *question.banks)
        self.columns = len(self.options) + len(self.parties)
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self._limits()
        self._coverage()

    def _limits(self) -> None:
        question, party = self.question, self.question.party
        self._at_most(lambda e, b, _t: ("pair", e, b), lambda _key: 1)
        for side in (0, 1):
            self._at_most(lambda *o, side=side: (o[side], o[2]), lambda key: party[str(key[0])].seats)
            self._at_most(lambda *o, side=side: (o[side],), lambda key: party[str(key[0])].most)
        self._at_most(lambda _e, _b, t: (t,), lambda _key: question.tables)

    def _at_most(self, key: Callable[..., tuple[Hashable, ...]], limit: Callable[[Any], int | None]) -> None:
        """Bound the number of meetings of each group; groups that cannot exceed their bound are left out."""
        groups: dict[tuple[Hashable, ...], dict[int, float]] = {}
        for column, option in enumerate(self.options):
            groups.setdefault(key(*option), {})[column] = 1.0
        for name, members in groups.items():
            most = limit(name)
            if most is not None and len(members) > most:
                fixed = sum(self.options[column] in self.question.fixed for column in members)
                self.rows.append((members, -highspy.kHighsInf, float(max(most, fixed))))

    def _coverage(self) -> None:
        """A party counts as covered only when it has a meeting."""
        place = {party.code: len(self.options) + k for k, party in enumerate(self.parties)}
        rows: dict[str, dict[int, float]] = {code: {column: -1.0} for code, column in place.items()}
        for column, (enterprise, bank, _slot) in enumerate(self.options):
            rows[enterprise][column] = 1.0
            rows[bank][column] = 1.0
        self.rows += [(row, 0.0, highspy.kHighsInf) for row in rows.values()]

    def aims(self) -> list[dict[int, int]]:
        """Return the aims in their order, each as weights of columns."""
        aims = []
        if self.question.held:
            told = {(m.enterprise, m.bank, m.slot) for m in self.question.held}
            pairs = {m.pair for m in self.question.held}
            change = {
                column: KEPT if option in told else MOVED
                for column, option in enumerate(self.options)
                if option in told or option[:2] in pairs
            }
            aims.append(change)
        aims.append(self.covering)
        wishes = {c: self.question.weights[o[:2]] for c, o in enumerate(self.options) if self.question.weights[o[:2]]}
        return [*aims, wishes]

    @property
    def covering(self) -> dict[int, int]:
        """Return the aim that as many parties as possible have a meeting."""
        return {len(self.options) + k: 1 for k in range(len(self.parties))}

    def values_of(self, options: set[Option]) -> np.ndarray[Any, Any]:
        """Return the columns' values of a timetable."""
        met = {code for enterprise, bank, _slot in options for code in (enterprise, bank)}
        values = [float(option in options) for option in self.options]
        return np.array(values + [float(party.code in met) for party in self.parties])

    def solved(self, aim: Mapping[int, int], start: np.ndarray[Any, Any], seconds: float) -> tuple[Any, float]:
        """Return the best values found and the bound proved; the start where nothing better was found in time."""
        solver: Any = _HIGHS()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("time_limit", seconds),
            ("mip_abs_gap", 1 - 1e-4), ("mip_rel_gap", 0.0),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(self._model(aim))
        begin = highspy.HighsSolution()
        begin.col_value = list(start)
        solver.setSolution(begin)
        solver.run()
        info = solver.getInfo()
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status == highspy.kSolutionStatusFeasible:
            values = np.round(np.array(solver.getSolution().col_value))
            if worth(aim, values) >= worth(aim, start):
                return values, bound
        return start, bound

    def _model(self, aim: Mapping[int, int]) -> Any:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, len(self.rows)
        costs = np.zeros(self.columns)
        for column, value in aim.items():
            costs[column] = value
        lp.col_cost_ = costs
        fixed = np.array([float(option in self.question.fixed) for option in self.options] + [0.0] * len(self.parties))
        lp.col_lower_, lp.col_upper_ = fixed, np.ones(self.columns)
        lp.row_lower_ = np.array([lower for _row, lower, _upper in self.rows])
        lp.row_upper_ = np.array([upper for _row, _lower, upper in self.rows])
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.options) + [
            highspy.HighsVarType.kContinuous
        ] * len(self.parties)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _l, _u in self.rows)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([c for row, _l, _u in self.rows for c in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for row, _l, _u in self.rows for v in row.values()], dtype=float)
        return lp


def worth(aim: Mapping[int, int], values: np.ndarray[Any, Any]) -> int:
    """Return what an aim's weights give for whole values."""
    return round(float(sum(weight * values[column] for column, weight in aim.items())))


def best(question: Question, start: list[Option], until: float) -> Found:
    """Return the best timetable by all aims in their order, each with a share of the time that is left until ``until``."""
    if not question.options:
        return Found((), 0, 0, True)
    program = Program(question)
    values = program.values_of(set(start))
    aims = program.aims()
    bounds: dict[int, float] = {}
    proved = True
    for place, aim in enumerate(aims):
        limit = float(_ceiling(program, aim))
        left = until - time.monotonic()
        share = left / (len(aims) - place) if place < len(aims) - 1 else left
        if worth(aim, values) < limit and share > LEAST_SECONDS:
            values, bound = program.solved(aim, values, share)
            limit = min(limit, floor(bound + SLACK))
        bounds[place] = limit
        reached = worth(aim, values)
        proved = proved and reached >= limit
        program.rows.append(({c: float(w) for c, w in aim.items()}, float(reached), highspy.kHighsInf))
    chosen = tuple(option for option, value in zip(program.options, values, strict=False) if value > 0.5)
    return Found(chosen, int(bounds[len(aims) - 1]), int(bounds[len(aims) - 2]), proved)


def _ceiling(program: Program, aim: Mapping[int, int]) -> int:
    """Return what no timetable exceeds: each pair counted once at its best, each party that nobody can meet left out."""
    best_of: dict[Hashable, int] = {}
    known = {code for enterprise, bank, _slot in program.options for code in (enterprise, bank)}
    for column, value in aim.items():
        if column < len(program.options):
            pair = program.options[column][:2]
            best_of[pair] = max(best_of.get(pair, 0), value)
        else:
            code = program.parties[column - len(program.options)].code
            best_of[code] = value if code in known else 0
    return sum(best_of.values())
