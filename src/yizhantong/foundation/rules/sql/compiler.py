"""The walk over the syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlglot import exp

from .. import ast
from ..chains import operands
from ..parser import parse
from . import constants, functions, numbers, relations
from .engines import ENGINES, Engine, Sql
from .model import Column, Compiled, Constant, Kind, NotCompilable, Term
from .relations import wrap

MAX_SIZE = 10_000
"""Most parts of an SQL expression, and most steps of a compilation: nested equalities repeat their operands."""

MAX_EXPANSION = 200
"""Most items of a list literal that ``some`` and ``every`` are written out for."""


def compile_sql(
    source: ast.Node | str,
    columns: Mapping[str, Column],
    dialect: str,
    constants: Mapping[str, Constant] | None = None,
    *,
    filter_only: bool = False,
) -> Compiled:
    """Compile FEEL to an SQL expression of ``dialect`` (``sqlite``, ``postgres``, ``duckdb``, ``spark``, ``clickhouse``).

    ``columns`` gives each FEEL name its column, ``constants`` its fixed value (``{"亿元": Decimal(10**8)}``).
    ``filter_only``: the expression only stands in ``WHERE``, so that null may replace false where that is shorter.
    Raises :class:`NotCompilable`; parsing errors as :func:`..parser.parse`; ``KeyError`` for another dialect.
    """
    fixed = constants or {}
    node = parse(source, {*columns, *fixed}) if isinstance(source, str) else source
    compiler = Compiler(ENGINES[dialect], columns, fixed)
    term = compiler.condition(node) if filter_only else compiler.term(node)
    return Compiled(term.sql.copy(), term.kind, term.nullable, frozenset(compiler.names), dialect)


class Compiler:
    """One compilation; ``names`` collects the columns that were read."""

    def __init__(self, engine: Engine, columns: Mapping[str, Column], fixed: Mapping[str, Constant]) -> None:
        self.engine = engine
        self.columns = columns
        self.fixed = fixed
        self.names: set[str] = set()
        self.work = 0
        self.bound: dict[str, ast.Node] = {}

    def term(self, node: ast.Node) -> Term:
        """The term of ``node``, equal to FEEL's value on every row, null included."""
        writer = _TERMS.get(type(node))
        if writer is None:
            raise NotCompilable("construct", node, "SQL 的条件中没有这种写法")
        self.work += 1
        term = None if self.work > MAX_SIZE else writer(self, node)
        if term is None or sum(1 for _ in islice(term.sql.walk(), MAX_SIZE + 1)) > MAX_SIZE:
            raise NotCompilable("too_large", node, f"写成 SQL 后超过 {MAX_SIZE} 个部分")
        return term

    def condition(self, node: ast.Node) -> Term:
        """A term that is true on the same rows as ``node``; elsewhere it may be null for false."""
        if isinstance(node, ast.Logic):
            join = relations.conjunction if node.op == "and" else relations.disjunction
            return join(self.engine, [self.condition(part) for part in operands(node)])
        if isinstance(node, ast.Compare) and node.op == "=":
            return self._equality(node.left, node.right, loose=True)
        if isinstance(node, ast.In):
            return self.tested(node.operand, node.tests, loose=True)
        return self.term(node)

    def items(self, node: ast.Node) -> list[Term] | None:
        """Terms of the items of a list literal."""
        if not isinstance(node, ast.ListLiteral):
            return None
        return [self.term(item) for item in node.items]

    def name(self, node: ast.Name) -> Term:
        """A column, a constant, or the variable of a written-out quantifier."""
        if node.name in self.bound:
            return self.term(self.bound[node.name])
        if node.name in self.fixed:
            return constants.literal(self.engine, self.fixed[node.name])
        column = self.columns.get(node.name)
        if column is None:
            raise NotCompilable("unknown_name", node, "没有与这个名称对应的列或常量")
        self.names.add(node.name)
        exact = column.type == "number" and column.scale is not None
        if exact and column.scale and not self.engine.exact_decimals:
            exact = False
        return Term(
            column.to_sql(),
            column.type,
            column.nullable,
            digits=column.digits if exact else None,
            scale=(column.scale or 0) if exact else 0,
            ascii=column.ascii,
            aware=column.aware,
        )

    def at(self, node: ast.At) -> Term:
        """A date, a date with time, or a duration of whole days."""
        term = constants.at_literal(self.engine, node.text)
        if term is None:
            raise NotCompilable("literal", node, "只有日期、日期时间和整日数的时长在各数据库中一致")
        return term

    def arithmetic(self, node: ast.Arithmetic) -> Term:
        """Numbers, texts, and dates moved by whole days."""
        if node.op == "**":
            raise NotCompilable("power", node, "乘方在各数据库中的精度不同")
        left, right = self.term(node.left), self.term(node.right)
        kinds = {left.kind, right.kind}
        if kinds & {"days", "date", "datetime"}:
            return self._dates(node, left, right)
        return numbers.arithmetic(self.engine, node.op, left, right)

    def _dates(self, node: ast.Arithmetic, left: Term, right: Term) -> Term:
        if (left.kind, right.kind) == ("days", "date") and node.op == "+":
            left, right = right, left
        if (left.kind, right.kind) == ("date", "days") and node.op in "+-":
            return self._moved(left, right if node.op == "+" else numbers.negative(self.engine, right))
        if (left.kind, right.kind) == ("date", "date") and node.op == "-":
            if isinstance(left.value, date) and isinstance(right.value, date):
                return constants.days((left.value - right.value).days)
            sql = self.engine.days_between(wrap(left.sql), wrap(right.sql))
            return Term(sql, "days", left.nullable or right.nullable)
        if "null" in (left.kind, right.kind):
            return constants.null(self.engine)
        raise NotCompilable("dates", node, "日期只能加减整日数,或两个日期相减")

    def _moved(self, day: Term, by: Term) -> Term:
        if isinstance(day.value, date) and isinstance(by.value, int):
            return constants.literal(self.engine, constants.shift_date(day.value, by.value))
        return Term(self.engine.add_days(wrap(day.sql), wrap(by.sql)), "date", True)

    def compare(self, node: ast.Compare) -> Term:
        """``=``, ``!=`` and the orderings."""
        return self.compared(node.op, node.left, node.right)

    def compared(self, op: str, first: ast.Node, second: ast.Node) -> Term:
        """``first op second``; ``!=`` is the negation of ``=``."""
        if op in ("=", "!="):
            same = self._equality(first, second)
            return same if op == "=" else relations.negation(self.engine, same)
        return relations.ordering(self.engine, op, *self._pair(first, second))

    def _equality(self, first: ast.Node, second: ast.Node, *, loose: bool = False) -> Term:
        return relations.equal(self.engine, *self._pair(first, second), loose=loose)

    def _pair(self, first: ast.Node, second: ast.Node) -> tuple[Term, Term]:
        """Two terms that are to be compared; datetimes cut to whole seconds, both with a zone or both without."""
        left, right = self.term(first), self.term(second)
        if left.kind == right.kind == "datetime" and left.aware != right.aware:
            raise NotCompilable("time_zone", second, "一个时间带时区而另一个不带,不能比较")
        return self._comparable(left), self._comparable(right)

    def _comparable(self, term: Term) -> Term:
        if term.kind != "datetime":
            return term
        if isinstance(term.value, datetime):
            return constants.literal(self.engine, term.value.replace(microsecond=0))
        return replace(term, sql=self.engine.second_of(wrap(term.sql)))

    def between(self, node: ast.Between) -> Term:
        """Both ends included."""
        lower = self.compared(">=", node.operand, node.low)
        return relations.conjunction(self.engine, [lower, self.compared("<=", node.operand, node.high)])

    def membership(self, node: ast.In) -> Term:
        """``operand in tests``."""
        return self.tested(node.operand, node.tests)

    def tested(self, operand: ast.Node, tests: ast.UnaryTests, *, loose: bool = False) -> Term:
        """Any of ``tests``, or none of them when negated."""
        if not tests.tests:
            return constants.truth(True)
        loose = loose and not tests.negated
        found = [self._one_test(operand, test, loose) for test in tests.tests]
        result = relations.disjunction(self.engine, found)
        return relations.negation(self.engine, result) if tests.negated else result

    def _one_test(self, operand: ast.Node, test: ast.Node, loose: bool) -> Term:
        if isinstance(test, ast.Test):
            return self.compared(test.op, operand, test.operand)
        if isinstance(test, ast.Range):
            return self._in_range(operand, test)
        if isinstance(test, ast.ListLiteral):
            return self._in_list(operand, test, loose)
        if self.term(test).kind == "boolean" and self.term(operand).kind != "boolean":
            raise NotCompilable("test", test, "这项测试本身是条件,请写成 and 连接的条件")
        return self._equality(operand, test, loose=loose)

    def _in_list(self, operand: ast.Node, listed: ast.ListLiteral, loose: bool) -> Term:
        """Any item equal, or any range around the value; unlike several tests, a value beside an odd item is simply not in it."""
        plain = [item for item in listed.items if not isinstance(item, ast.Range)]
        term = self.term(operand)
        pairs = [self._pair(operand, item)[1] for item in plain]
        found = relations.member(self.engine, self._comparable(term), pairs, loose=loose)
        ranges = [self._in_range(operand, item) for item in listed.items if isinstance(item, ast.Range)]
        whole = relations.disjunction(self.engine, [found, *ranges])
        return whole if loose else relations.settled(self.engine, term if ranges else None, whole)

    def _in_range(self, operand: ast.Node, bounds: ast.Range) -> Term:
        parts, ends = [], []
        for end, op in (
            (bounds.low, ">=" if bounds.low_closed else ">"),
            (bounds.high, "<=" if bounds.high_closed else "<"),
        ):
            if end is not None:
                parts.append(self.compared(op, operand, end))
                ends.append(self.term(end))
        inside = relations.conjunction(self.engine, parts)
        if any(part.kind == "null" for part in parts):
            return constants.null(self.engine)
        return relations.null_unless(self.engine, ends, inside)

    def logic(self, node: ast.Logic) -> Term:
        """``and`` and ``or``, long chains flattened."""
        join = relations.conjunction if node.op == "and" else relations.disjunction
        return join(self.engine, [self.term(part) for part in operands(node)])

    def choice(self, node: ast.If) -> Term:
        """``if``: the second branch for false and for null."""
        condition = self.term(node.condition)
        if condition.kind != "boolean":
            return self.term(node.no)
        if condition.constant:
            return self.term(node.yes if condition.value else node.no)
        yes, no = self.term(node.yes), self.term(node.no)
        kinds: set[Kind] = {yes.kind, no.kind} - {"null"}
        if len(kinds) > 1 or (yes.aware != no.aware and "null" not in (yes.kind, no.kind)):
            raise NotCompilable("mixed_kinds", node, "两个分支的类型不同,SQL 的一列只能有一种类型")
        kind = kinds.pop() if kinds else "null"
        if kind == "null":
            return constants.null(self.engine)
        sql = exp.Case(ifs=[exp.If(this=condition.sql.copy(), true=_branch(yes))], default=_branch(no))
        known = [term for term in (yes, no) if term.kind == kind]
        exact = all(term.digits is not None for term in known)
        scale = max(term.scale for term in known)
        whole_part = max((term.digits or 0) - term.scale for term in known)
        return Term(
            sql,
            kind,
            yes.nullable or no.nullable,
            digits=whole_part + scale if exact and whole_part + scale <= 38 else None,
            scale=scale if exact else 0,
            ascii=all(term.ascii for term in known),
            aware=any(term.aware for term in known),
        )

    def path(self, node: ast.Path) -> Term:
        """Parts of a date."""
        target = self.term(node.target)
        if target.kind == "null":
            return constants.null(self.engine)
        if target.kind == "days" and node.name == "days":
            return Term(target.sql, "number", target.nullable, digits=10)
        if (
            target.kind not in functions.KINDS_WITH_PARTS
            or node.name not in ("year", "month", "day", "weekday")
            or target.aware
        ):
            raise NotCompilable(
                "property", node, "只能取日期或不带时区的时间的 year、month、day、weekday,或时长的 days"
            )
        return functions.part_of_date(self.engine, target, node.name)

    def quantified(self, node: ast.Quantified) -> Term:
        """``some`` and ``every`` over a list literal, written out."""
        if len(node.iterators) != 1 or node.iterators[0].end is not None:
            raise NotCompilable("quantifier", node, "只能展开一个写明的列表")
        item = node.iterators[0]
        if not isinstance(item.domain, ast.ListLiteral) or len(item.domain.items) > MAX_EXPANSION:
            raise NotCompilable("quantifier", node, f"只能展开不超过 {MAX_EXPANSION} 项的写明的列表")
        parts = [self._bound_to(item.name, value, node.body) for value in item.domain.items]
        join = relations.disjunction if node.kind == "some" else relations.conjunction
        return join(self.engine, parts)

    def _bound_to(self, name: str, value: ast.Node, body: ast.Node) -> Term:
        if not isinstance(value, ast.Number | ast.String | ast.Boolean | ast.Null | ast.At):
            raise NotCompilable("quantifier", value, "展开的列表中只能是写定的值")
        outer = self.bound
        self.bound = {**outer, name: value}
        try:
            return self.term(body)
        finally:
            self.bound = outer


def _branch(term: Term) -> Sql:
    return exp.Null() if term.kind == "null" else term.sql.copy()


_TERMS: dict[type[ast.Node], Callable[[Compiler, Any], Term]] = {
    ast.Number: lambda self, node: constants.number(self.engine, node.value),
    ast.String: lambda self, node: constants.literal(self.engine, node.value),
    ast.Boolean: lambda self, node: constants.truth(node.value),
    ast.Null: lambda self, node: constants.null(self.engine),
    ast.At: Compiler.at,
    ast.Name: Compiler.name,
    ast.Path: Compiler.path,
    ast.Negate: lambda self, node: numbers.negative(self.engine, self.term(node.operand)),
    ast.Arithmetic: Compiler.arithmetic,
    ast.Compare: Compiler.compare,
    ast.Between: Compiler.between,
    ast.In: Compiler.membership,
    ast.Logic: Compiler.logic,
    ast.If: Compiler.choice,
    ast.Quantified: Compiler.quantified,
    ast.Call: functions.call,
}
