"""Runs files of cases: expressions and decision tables with the values they should give.

One JSON object a line. An expression case holds ``id``, ``suite``, ``expression``, ``inputs``, ``expected`` and, as needed, ``type``,
``typedef``, ``input_types``, ``types``; a table case holds ``hit_policy``, ``aggregation``, ``inputs``, ``outputs``, ``rules`` and ``cases``.
Typed values are ``{"number": "1.5"}``, ``{"string": …}``, ``{"boolean": …}``, ``{"date": …}``, ``{"time": …}``, ``{"dateTime": …}``,
``{"duration": …}``, ``{"list": […]}``, ``{"context": {…}}`` and null; ``{"error": true}`` is judged as null.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from .limits import FeelError
from .moments import parse_date, parse_date_time, parse_duration, parse_time
from .rule import Evaluation, EvaluationError, compile_expression
from .tables import CompiledTable, DecisionTable, Input, Output, Row
from .types import KIND_NAMES
from .values import identical, literal

TOLERANCE = Decimal("1e-8")
Json = Any


class CaseFileError(FeelError):
    """A file of cases cannot be read: the text says which, where and why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose value is not the expected one."""

    id: str
    suite: str
    reason: str


@dataclass(slots=True)
class Report:
    """Counts of a run: of all cases, and of those that expect a value (neither null nor an error)."""

    passed: int = 0
    total: int = 0
    value_passed: int = 0
    value_total: int = 0
    by_suite: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def add(self, case: Case, reason: str | None) -> None:
        """Count a case; ``reason`` tells why it failed."""
        suite = self.by_suite.setdefault(case.suite, {"passed": 0, "total": 0})
        good = int(reason is None)
        expects_value = int(read_value(case.expected) is not None)
        self.total += 1
        self.passed += good
        self.value_total += expects_value
        self.value_passed += good * expects_value
        suite["total"] += 1
        suite["passed"] += good
        if reason is not None:
            self.failures.append(Failure(case.id, case.suite, reason))

    def as_json(self) -> dict[str, object]:
        """The counts and the failures as plain data."""
        return {
            "passed": self.passed,
            "total": self.total,
            "value_passed": self.value_passed,
            "value_total": self.value_total,
            "by_suite": self.by_suite,
            "failures": [
                {"id": failure.id, "suite": failure.suite, "reason": failure.reason} for failure in self.failures
            ],
        }


@dataclass(frozen=True, slots=True)
class Case:
    """One case ready to run."""

    id: str
    suite: str
    expected: Json
    run: Callable[[], Evaluation]


_READERS: dict[str, Callable[[Any], object]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "error": lambda _: None,
    "list": lambda items: [read_value(item) for item in items],
    "context": lambda members: {key: read_value(member) for key, member in members.items()},
}


def read_value(typed: Json) -> object:
    """The FEEL value of a typed value. Raises CaseFileError for other shapes."""
    if typed is None:
        return None
    try:
        ((name, value),) = typed.items()
        return None if value is None else _READERS[name](value)
    except (AttributeError, KeyError, ValueError, ArithmeticError, TypeError) as error:
        raise CaseFileError("rules.bad_case", f"读不懂值 {str(typed)[:80]}：{error}") from error


def agrees(actual: object, expected: object) -> bool:
    """Whether a value is the expected one; numbers may differ by 1e-8."""
    if isinstance(expected, Decimal):
        return (
            isinstance(actual, int | Decimal) and not isinstance(actual, bool) and abs(actual - expected) <= TOLERANCE
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(actual) == len(expected) and all(map(agrees, actual, expected))
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(agrees(actual[key], expected[key]) for key in expected)
        )
    return identical(actual, expected)


def _expression_case(data: Json) -> Iterator[Case]:
    inputs = {name: read_value(value) for name, value in (data.get("inputs") or {}).items()}
    declared = data.get("type")
    result_type = data.get("typedef") or (declared if declared in KIND_NAMES else None)

    def run() -> Evaluation:
        rule = compile_expression(data["expression"], inputs, data.get("types") or {})
        return rule.evaluate(inputs, result_type=result_type)

    yield Case(data["id"], data["suite"], data["expected"], run)


def _table_of(data: Json) -> DecisionTable:
    return DecisionTable(
        inputs=tuple(Input(clause["expression"], clause["values"], clause.get("type")) for clause in data["inputs"]),
        outputs=tuple(
            Output(clause["name"], clause["values"], clause["default"], clause.get("type"))
            for clause in data["outputs"]
        ),
        rules=tuple(Row(tuple(row["in"]), tuple(row["out"])) for row in data["rules"]),
        policy=data["hit_policy"],
        aggregation=data["aggregation"],
        names=tuple(data.get("input_types") or ()),
        types=data.get("types") or {},
    )


def _table_cases(data: Json) -> Iterator[Case]:
    table = _table_of(data)
    for case in data["cases"]:
        inputs = {name: read_value(value) for name, value in case["inputs"].items()}

        def run(inputs: Mapping[str, object] = inputs) -> Evaluation:
            return CompiledTable(table).decide(inputs)

        yield Case(f"{data['id']}/{case['case']}", data["suite"], case["expected"], run)


def _why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    reasons = {
        FileNotFoundError: "没有这个文件",
        IsADirectoryError: "这是一个目录",
        PermissionError: "没有权限",
        UnicodeDecodeError: "不是 UTF-8 文本",
    }
    return reasons.get(type(error), "读取出错")


def read_cases(path: Path) -> list[Case]:
    """The cases of a file. Raises CaseFileError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileError("rules.unreadable_file", f"读不了文件 {path}：{_why_unreadable(error)}。") from error
    cases: list[Case] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            cases.extend(_read_line(path, number, line))
    return cases


def _read_line(path: Path, number: int, line: str) -> list[Case]:
    try:
        data = json.loads(line)
        return list(_table_cases(data) if "hit_policy" in data else _expression_case(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CaseFileError(
            "rules.bad_case", f"{path} 第 {number} 行不是案例：{type(error).__name__} {error}。"
        ) from error
    except FeelError as error:
        raise CaseFileError("rules.bad_case", f"{path} 第 {number} 行：{error.message}") from error


def run_case(case: Case) -> str | None:
    """None when the case passes, else why not."""
    expected = read_value(case.expected)
    try:
        found = case.run()
    except FeelError as error:
        found = Evaluation(None, (EvaluationError(error.code, error.message),))
    if agrees(found.value, expected):
        return None
    errors = "；".join(error.message for error in found.errors)
    return f"应为 {literal(expected)}，得到 {literal(found.value)}" + (f"（{errors}）" if errors else "")


def run_files(paths: Iterable[str | Path], progress: Callable[[list[Case]], Iterable[Case]] = iter) -> Report:
    """Run all cases of all files; ``progress`` may wrap the list of cases. Raises CaseFileError before anything runs."""
    cases = [case for path in paths for case in read_cases(Path(path))]
    report = Report()
    for case in progress(cases):
        report.add(case, run_case(case))
    return report
