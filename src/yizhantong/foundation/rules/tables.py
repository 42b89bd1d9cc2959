"""Decision tables with all hit policies (DMN 1.5, clause 8).

    >>> table = DecisionTable(
    ...     inputs=(Input("注册年限"),), outputs=(Output("等级", values='"甲", "乙"'),),
    ...     rules=(Row((">= 5",), ('"甲"',)), Row(("< 5",), ('"乙"',))),
    ... )
    >>> table.decide({"注册年限": 7}).value
    '甲'

Hit policies: ``U`` unique, ``A`` any, ``P`` priority, ``F`` first, ``R`` rule order, ``O`` output order, ``C`` collect, and ``C+``, ``C<``,
``C>``, ``C#`` (sum, least, greatest, number of the outputs). One output gives its value, several give a context of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from .calls import call_positional
from .evaluator import compile_node, compile_tests
from .limits import DEFAULT_LIMITS, FeelError, Limits
from .parser import parse, parse_unary
from .rule import ENGINE, Evaluation, guarded
from .runtime import Code, Env, Run, Types
from .types import allows, coerce
from .values import equal, literal

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
LETTERS = frozenset({"U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"})
_AGGREGATORS = {"C+": "sum", "C<": "min", "C>": "max", "C#": "count"}


@dataclass(frozen=True, slots=True)
class Input:
    """An input clause: an expression, its allowed values (unary tests, or None) and its type (a definition, or None)."""

    expression: str
    values: str | None = None
    type: object = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output clause: name, allowed values in the order of their priority, the default (an expression) and the type."""

    name: str | None = None
    values: str | None = None
    default: str | None = None
    type: object = None


@dataclass(frozen=True, slots=True)
class Row:
    """A rule: one cell of unary tests for each input, one expression for each output."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table as written. ``names`` are further names in scope; ``policy`` a letter (``U``) or a word (``UNIQUE``)."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Row, ...]
    policy: str = "U"
    aggregation: str | None = None
    names: tuple[str, ...] = ()
    types: Types = field(default_factory=dict)

    def decide(
        self, context: Mapping[str, object], clock: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Evaluation:
        """Compile and decide once; see :class:`CompiledTable` for many records. Raises as that does."""
        return CompiledTable(self).decide(context, clock, limits)


class TableError(FeelError):
    """The table is not well made: the code says how, the text where."""


def policy_of(table: DecisionTable) -> str:
    """The letter of the hit policy, with the sign of its aggregation. Raises TableError."""
    letter = POLICIES.get(table.policy.upper(), table.policy)
    if letter == "C" and table.aggregation:
        letter += AGGREGATIONS.get(table.aggregation.upper(), table.aggregation)
    if letter not in LETTERS:
        raise TableError("rules.bad_policy", f"没有命中策略“{letter}”，只有 U A P F R O C C+ C< C> C#。")
    if letter in _AGGREGATORS and len(table.outputs) != 1:
        raise TableError("rules.bad_policy", f"命中策略 {letter} 只能有一个输出列。")
    if letter in ("P", "O") and all(output.values is None for output in table.outputs):
        raise TableError("rules.bad_policy", f"命中策略 {letter} 要写明输出值的次序。")
    return letter


T = TypeVar("T")
Test = Callable[[Env, object], bool | None]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    tests: tuple[Test, ...]
    outputs: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    row: _Row
    values: tuple[object, ...]


class CompiledTable:
    """A table ready for many records. Raises TableError, FeelSyntaxError (telling the cell) or RuleLimitError when made."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.policy = policy_of(table)
        names = frozenset(table.names)
        self.inputs = [
            self._cell(f"输入“{clause.expression}”", clause.expression, names, _expression) for clause in table.inputs
        ]
        self.rules = [self._row(number, row, names) for number, row in enumerate(table.rules, 1)]
        self.ranks = [self._ranks(output, names) for output in table.outputs]
        self.defaults = [
            self._cell(f"输出“{output.name or ''}”的默认值", output.default, names, _expression)
            if output.default is not None
            else None
            for output in table.outputs
        ]

    def _row(self, number: int, row: Row, names: frozenset[str]) -> _Row:
        if len(row.tests) != len(self.table.inputs) or len(row.outputs) != len(self.table.outputs):
            raise TableError("rules.bad_row", f"第 {number} 条规则的格数与表头不一致。")
        where = f"第 {number} 条规则"
        tests = tuple(self._cell(where, text, names, _tests) for text in row.tests)
        return _Row(number, tests, tuple(self._cell(where, text, names, _expression) for text in row.outputs))

    def _ranks(self, output: Output, names: frozenset[str]) -> list[Test]:
        if output.values is None:
            return []
        return [
            compile_tests(type(tests)((test,))) for tests in [parse_unary(output.values, names)] for test in tests.tests
        ]

    @staticmethod
    def _cell(where: str, text: str, names: frozenset[str], compiler: Callable[[str, Iterable[str]], T]) -> T:
        try:
            return compiler(text, names)
        except FeelError as error:
            raise TableError(error.code, f"{where}：{error.message}") from error

    def decide(
        self, context: Mapping[str, object], clock: datetime | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Evaluation:
        """The decision for a record, with the errors found (no rule, several rules where one is allowed, values not allowed …)."""
        run = Run(context, ENGINE, clock, self.table.types, limits)
        value = guarded(run, self._decide, Env({}, None, run))
        return Evaluation(value, tuple(run.errors))

    def _decide(self, env: Env) -> object:
        values = self._input_values(env)
        if values is None:
            return None
        hits: list[_Hit] = []
        for row in self.rules:
            env.run.budget.spend()
            if all(test(env, value) is True for test, value in zip(row.tests, values, strict=True)):
                hits.append(_Hit(row, tuple(output(env) for output in row.outputs)))
                if self.policy == "F":
                    break
        if not hits:
            return self._default(env)
        if not self._allowed(env.run, hits):
            return None
        return _RESOLVERS.get(self.policy, CompiledTable._aggregate)(self, env.run, hits)

    def _input_values(self, env: Env) -> list[object] | None:
        values: list[object] = []
        for clause, code in zip(self.table.inputs, self.inputs, strict=True):
            value = code(env)
            if clause.type is not None:
                value = coerce(env.run, value, clause.type)
            if clause.values is not None and value is not None and not allows(env.run, value, clause.values):
                env.run.fail(
                    "rules.input_not_allowed",
                    f"输入“{clause.expression}”的值 {literal(value)} 不在允许的范围 {clause.values} 内。",
                )
                return None
            values.append(value)
        return values

    def _default(self, env: Env) -> object:
        if self.policy == "C#":
            return Decimal(0)
        if all(default is None for default in self.defaults):
            return env.run.fail("rules.no_rule", "没有一条规则适用，也没有默认值；请补上规则或默认值。")
        value = self._result(tuple(default(env) if default is not None else None for default in self.defaults))
        return [value] if self.policy in ("C", "R", "O") and not isinstance(value, list) else value

    def _allowed(self, run: Run, hits: Sequence[_Hit]) -> bool:
        for output, index in zip(self.table.outputs, range(len(self.table.outputs)), strict=True):
            for hit in hits:
                value = hit.values[index]
                if output.values is not None and value is not None and not allows(run, value, output.values):
                    run.fail(
                        "rules.output_not_allowed",
                        f"第 {hit.row.number} 条规则的输出 {literal(value)} 不在允许的范围 {output.values} 内。",
                    )
                    return False
        return True

    def _result(self, values: tuple[object, ...]) -> object:
        if len(values) == 1:
            return values[0]
        return {output.name or "": value for output, value in zip(self.table.outputs, values, strict=True)}

    def _rank(self, run: Run, hit: _Hit) -> tuple[int, ...]:
        """The place of the outputs in the order of their allowed values; the first column counts most."""
        env = Env({}, None, run)
        return tuple(
            next((index for index, test in enumerate(tests) if test(env, value) is True), len(tests))
            for tests, value in zip(self.ranks, hit.values, strict=True)
        )

    def _unique(self, run: Run, hits: list[_Hit]) -> object:
        if len(hits) > 1:
            return run.fail("rules.several_rules", f"只应有一条规则适用，而第 {_numbers(hits)} 条都适用。")
        return self._result(hits[0].values)

    def _any(self, run: Run, hits: list[_Hit]) -> object:
        result = self._result(hits[0].values)
        if any(equal(result, self._result(hit.values)) is not True for hit in hits[1:]):
            return run.fail("rules.rules_differ", f"第 {_numbers(hits)} 条规则都适用，结果却不同。")
        return result

    def _first(self, run: Run, hits: list[_Hit]) -> object:
        return self._result(hits[0].values)

    def _priority(self, run: Run, hits: list[_Hit]) -> object:
        return self._result(min(hits, key=lambda hit: self._rank(run, hit)).values)

    def _list(self, run: Run, hits: list[_Hit]) -> object:
        return [self._result(hit.values) for hit in hits]

    def _ordered(self, run: Run, hits: list[_Hit]) -> object:
        return self._list(run, sorted(hits, key=lambda hit: self._rank(run, hit)))

    def _aggregate(self, run: Run, hits: list[_Hit]) -> object:
        values: list[object] = [hit.values[0] for hit in hits]
        return call_positional(run, ENGINE.functions[_AGGREGATORS[self.policy]], [values])


def _numbers(hits: Sequence[_Hit]) -> str:
    return "、".join(str(hit.row.number) for hit in hits)


def _expression(text: str, names: Iterable[str]) -> Code:
    return compile_node(parse(text, names))


def _tests(text: str, names: Iterable[str]) -> Test:
    return compile_tests(parse_unary(text, names))


_RESOLVERS: dict[str, Callable[[CompiledTable, Run, list[_Hit]], object]] = {
    "U": CompiledTable._unique,
    "A": CompiledTable._any,
    "F": CompiledTable._first,
    "P": CompiledTable._priority,
    "R": CompiledTable._list,
    "C": CompiledTable._list,
    "O": CompiledTable._ordered,
}
