"""The question and its answer: can these figures all be true, and if not, which of them contradict each other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from . import exact, solver
from .cells import Cell, enumerate_cells, groups_of_facts, names_of
from .exact import Outcome
from .model import Facts, FeasibilityError, Limits, Measure, Region, Statement, Verdict, WitnessCell
from .sentence import explain
from .system import System, bounds, build

_SMALL = 400
_SUBSETS = 1500
_FEW = 8
_SEARCH_SHARE = 0.6


@dataclass
class _Question:
    """One call: what is known, what it may cost, and what was answered for subsets already."""

    facts: Facts
    limits: Limits
    deadline: float
    search_until: float
    known: dict[frozenset[str], Outcome] = field(default_factory=dict)

    def ask(self, statements: Sequence[Statement]) -> Outcome:
        """Can these statements all be true? True is exact; of a large system, False is only HiGHS's word: confirm it."""
        name = frozenset(s.key for s in statements)
        if name not in self.known:
            self.known[name] = self._ask(statements)
        return self.known[name]

    def confirm(self, statements: Sequence[Statement]) -> Outcome:
        """The exact answer, however large the system; None if time runs out."""
        if any(_empty(s, self.facts) for s in statements):
            return Outcome(False)
        system = build(statements, self.facts, self.limits.cells)
        return exact.solve_integer(system.rows, system.groups, self.deadline)

    def refutes(self, statements: Sequence[Statement]) -> bool:
        """Is the answer False? Not if the statements are too many to ask."""
        try:
            return self.ask(statements).feasible is False
        except FeasibilityError:
            return False

    def allows(self, statements: Sequence[Statement]) -> bool:
        """Is the answer True?"""
        try:
            return self.ask(statements).feasible is True
        except FeasibilityError:
            return False

    def _ask(self, statements: Sequence[Statement]) -> Outcome:
        if any(_empty(s, self.facts) for s in statements):
            return Outcome(False)
        system = build(statements, self.facts, self.limits.cells)
        outcome = self._solve(system)
        if outcome.feasible and system.open_ends:
            inner = self._solve(build(statements, self.facts, self.limits.cells, inset=True))
            return inner if inner.feasible else Outcome(None)
        return outcome

    def _solve(self, system: System) -> Outcome:
        """Exactly if small; else by HiGHS, and if feasible then exactly on the columns it used."""
        if len(system.columns) * len(system.rows) <= _SMALL:
            return exact.solve_integer(system.rows, system.groups, self.deadline)
        answer = solver.run(system, max(self.deadline - time.monotonic(), 0.01))
        if answer.status != "feasible":
            return Outcome(False if answer.status == "infeasible" else None)
        used = [j for j, value in enumerate(answer.x) if value > 1e-12]
        part = exact.solve_integer(_restricted(system, used), [system.groups[j] for j in used], self.deadline)
        if not part.feasible:
            return exact.solve_integer(system.rows, system.groups, self.deadline)
        x = [exact.ZERO] * len(system.columns)
        for j, value in zip(used, part.x, strict=True):
            x[j] = value
        return Outcome(True, tuple(x))


def check(statements: Sequence[Statement], facts: Facts | None = None, limits: Limits | None = None) -> Verdict:
    """Can these figures all be true? See :class:`Verdict`; never "impossible" without an exact proof.

    Statements must have different keys (FeasibilityError ``proof.key_twice``). Beyond the limits the answer is None
    with the reason, unless a few of the statements contradict each other by themselves.
    """
    facts, limits = facts or Facts(), limits or Limits()
    if len({s.key for s in statements}) != len(statements):
        raise FeasibilityError("proof.key_twice", "两条说法用了同一个编号")
    now = time.monotonic()
    question = _Question(facts, limits, now + limits.seconds, now + limits.seconds * _SEARCH_SHARE)
    undecided: list[str] = []
    witness: list[WitnessCell] = []
    for part in components(statements, facts, limits):
        try:
            outcome = question.ask(part)
        except FeasibilityError as error:
            outcome = Outcome(False if _few(question, part, 4) else None)
            undecided += [] if outcome.feasible is False else [str(error)]
        else:
            undecided += ["数字恰好落在界限上,或计算量超限,不能断定"] if outcome.feasible is None else []
        if outcome.feasible is False:
            return _refusal(question, smallest_conflict(question, part), facts)
        if outcome.feasible and not undecided:
            witness += _witness(build(part, facts, limits.cells, inset=_has_open(part, question)), outcome)
    if undecided:
        return Verdict(None, "无法判断:" + undecided[0])
    return Verdict(True, "这些数字可以同时成立", witness=tuple(witness))


def conflicts(
    statements: Sequence[Statement], facts: Facts | None = None, limits: Limits | None = None
) -> list[Verdict]:
    """Contradictions one after the other: each found set is put aside and the rest asked again."""
    found: list[Verdict] = []
    rest = list(statements)
    while (verdict := check(rest, facts, limits)).feasible is False:
        found.append(verdict)
        rest = [s for s in rest if s.key not in verdict.conflict]
    return found


def possible_range(
    statements: Sequence[Statement],
    measure: Measure,
    region: Region,
    facts: Facts | None = None,
    limits: Limits | None = None,
) -> tuple[Decimal | None, Decimal | None]:
    """Least and greatest value that a quantity not stated can have if the statements are true; None: no bound.

    Counts and whole attributes come as whole numbers, others to twelve digits. FeasibilityError
    ``proof.contradiction`` if the statements cannot all be true, ``proof.undecided`` beyond the limits.
    """
    facts, limits = facts or Facts(), limits or Limits()
    if any(_empty(s, facts) for s in statements):
        raise FeasibilityError("proof.contradiction", "这些说法本身互相矛盾,无从推算")
    sought = Statement("", "", measure, region)
    system = build([*statements, sought], facts, limits.cells)
    least = _extreme(system, len(statements), False, limits)
    most = _extreme(system, len(statements), True, limits)
    if measure.kind == "count" or facts.attribute(measure.attribute).integer:
        return _rounded(least), _rounded(most)
    return _digits(least), _digits(most)


def _extreme(system: System, row: int, maximise: bool, limits: Limits) -> float | None:
    if not system.columns:
        return 0.0
    answer = solver.run(system, limits.seconds, row, maximise)
    if answer.status == "infeasible":
        raise FeasibilityError("proof.contradiction", "这些说法本身互相矛盾,无从推算")
    if answer.status == "unknown":
        feasible = solver.run(system, limits.seconds)
        if feasible.status == "infeasible":
            raise FeasibilityError("proof.contradiction", "这些说法本身互相矛盾,无从推算")
        if feasible.status == "unknown":
            raise FeasibilityError("proof.undecided", "在限定的时间内算不出范围")
        return None
    touched = (
        column.far and value > 1e-9 and coefficient
        for column, value, coefficient in zip(system.columns, answer.x, system.rows[row].coefficients, strict=False)
    )
    return None if answer.status == "unbounded" or any(touched) else answer.objective


def _rounded(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(value).to_integral_value("ROUND_HALF_EVEN")


def _digits(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.12g}")


def components(statements: Sequence[Statement], facts: Facts, limits: Limits) -> list[list[Statement]]:
    """Statements in groups that cannot contradict each other across groups.

    Statements that speak of common conditions belong together. Groups may be taken apart only if a record can stay
    outside all regions of a group; a group that claims every record counts the whole population and touches all.
    """
    names = [
        names_of(s.region) | ({("attribute", s.measure.attribute)} if s.measure.attribute else set())
        for s in statements
    ]
    tied = [*names, *groups_of_facts(facts)]
    label = list(range(len(tied)))
    for i, j in combinations(range(len(tied)), 2):
        if label[i] != label[j] and tied[i] & tied[j]:
            old, new = label[j], label[i]
            label = [new if x == old else x for x in label]
    parts = [[s for s, x in zip(statements, label, strict=False) if x == name] for name in dict.fromkeys(label)]
    parts = [part for part in parts if part]
    if all(_has_idle_cell(part, facts, limits) for part in parts):
        return parts
    return [list(statements)]


def _has_idle_cell(part: list[Statement], facts: Facts, limits: Limits) -> bool:
    if any(not s.region for s in part):
        return False
    try:
        cells: list[Cell] = enumerate_cells(part, facts, limits.cells)
    except FeasibilityError:
        return True
    return any(not any(cell.meets(s.region) for s in part) for cell in cells)


def smallest_conflict(question: _Question, statements: Sequence[Statement]) -> list[Statement]:
    """A contradicting set none of whose parts contradicts; the smallest of all where few statements allow the search."""
    if len(statements) > _FEW and (pair := _few(question, statements, 2)):
        return pair
    core = _deletion_filter(question, statements)
    # Whatever becomes possible without one statement of the core holds no conflict that could be smaller.
    possible = []
    for statement in core:
        others = [s for s in statements if s is not statement]
        if time.monotonic() < question.search_until and question.allows(others):
            possible.append(frozenset(s.key for s in others))
    return _few(question, statements, len(core) - 1, possible) or core


def _deletion_filter(question: _Question, statements: Sequence[Statement]) -> list[Statement]:
    """Leave out one statement after the other wherever the rest still contradict; what stays cannot spare any."""
    core = list(statements)
    for statement in statements:
        rest = [s for s in core if s is not statement]
        if rest and time.monotonic() < question.search_until and question.refutes(rest):
            core = rest
    return core


def _few(
    question: _Question, statements: Sequence[Statement], most: int, possible: Sequence[frozenset[str]] = ()
) -> list[Statement]:
    """The smallest contradicting set of at most so many statements; empty if the search finds none in its bounds.

    Subsets of a set in ``possible`` are known to fit and are passed over.
    """
    tried = 0
    for size in range(1, most + 1):
        for subset in combinations(statements, size):
            name = frozenset(s.key for s in subset)
            if any(name <= larger for larger in possible):
                continue
            tried += 1
            if tried > _SUBSETS or time.monotonic() > question.search_until:
                return []
            if question.refutes(subset):
                return list(subset)
    return []


def _refusal(question: _Question, conflict: list[Statement], facts: Facts) -> Verdict:
    outcome = question.confirm(conflict)
    if outcome.feasible is not False:
        return Verdict(None, "无法判断:看来有矛盾,但没有能在限定的时间内精确证实")
    multipliers: dict[str, str] = {}
    if outcome.multipliers:
        system = build(conflict, facts, question.limits.cells)
        if not exact.certifies(system.rows, outcome.multipliers):
            return Verdict(None, "无法判断:矛盾的证明没有通过复核")
        multipliers = {s.key: str(m) for s, m in zip(conflict, outcome.multipliers, strict=True)}
    sentence, proof = explain(conflict, facts, question.limits, possible_range)
    keys = tuple(s.key for s in conflict)
    return Verdict(False, sentence, conflict=keys, proof=proof, multipliers=multipliers)


def _empty(statement: Statement, facts: Facts) -> bool:
    low, high = bounds(statement, facts)
    return low is not None and high is not None and low > high


def _has_open(part: Sequence[Statement], question: _Question) -> bool:
    return build(part, question.facts, question.limits.cells).open_ends


def _restricted(system: System, used: list[int]) -> list[exact.Row]:
    return [exact.Row(tuple(r.coefficients[j] for j in used), r.lower, r.upper) for r in system.rows]


def _witness(system: System, outcome: Outcome) -> list[WitnessCell]:
    found = []
    for index, cell in enumerate(system.cells):
        at = [j for j, group in enumerate(system.groups) if group == index and outcome.x[j]]
        if not at:
            continue
        sums = tuple(
            (name, _decimal(sum((outcome.x[j] * system.columns[j].values[k] for j in at), Fraction(0))))
            for k, name in enumerate(system.attributes)
        )
        ranges = tuple(f"{name} {_piece(p.start, 1)}, {_piece(p.end, 0)}" for name, p in cell.pieces)
        count = int(sum((outcome.x[j] for j in at), Fraction(0)))
        found.append(WitnessCell(tuple(sorted(cell.tags)), ranges, count, sums))
    return found


def _piece(cut: tuple[Decimal, int], opens: int) -> str:
    text = f"{cut[0].normalize():f}" if cut[0].is_finite() else str(cut[0])
    return ("(" if cut[1] else "[") + text if opens else text + ("]" if cut[1] else ")")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
