"""FEEL's functions that mean the same in SQL (OMG DMN 1.5, clause 10.3.4); all others are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from sqlglot import exp

from .. import ast
from . import constants, relations
from .engines import Engine, Sql, whole
from .model import Kind, NotCompilable, Term
from .relations import wrap


class Walker(Protocol):
    """What functions need of the compiler."""

    engine: Engine

    def term(self, node: ast.Node) -> Term:
        """Compile an argument."""

    def items(self, node: ast.Node) -> list[Term] | None:
        """Compile the items of a list literal; ``None`` for anything else."""


@dataclass(frozen=True, slots=True)
class _Call:
    walker: Walker
    node: ast.Call
    arguments: tuple[ast.Node, ...]

    @property
    def engine(self) -> Engine:
        return self.walker.engine

    def terms(self) -> list[Term]:
        return [self.walker.term(argument) for argument in self.arguments]

    def refuse(self, reason: str) -> NotCompilable:
        return NotCompilable("function", self.node, reason)


_Writer = Callable[[_Call], Term]


def call(walker: Walker, node: ast.Call) -> Term:
    """The term of a call; raises :class:`NotCompilable` for a function or a form of it that SQL cannot say exactly."""
    name = node.function.name if isinstance(node.function, ast.Name) else None
    known = _FUNCTIONS.get(name) if name is not None else None
    if known is None:
        raise NotCompilable("function", node, "这个函数在各数据库中没有完全相同的写法")
    writer, signatures = known
    for names in signatures:
        arguments = _arranged(node, names)
        if arguments is not None:
            return writer(_Call(walker, node, arguments))
    raise NotCompilable("arguments", node, "参数的个数或名称与该函数不符")


def _arranged(node: ast.Call, names: tuple[str, ...]) -> tuple[ast.Node, ...] | None:
    if node.named:
        given = dict(node.named)
        if len(given) == len(node.named) and set(given) == set(names):
            return tuple(given[name] for name in names)
        return None
    return node.positional if len(node.positional) == len(names) else None


def _not(call_: _Call) -> Term:
    return relations.negation(call_.engine, call_.terms()[0])


def _texts(call_: _Call) -> tuple[Term, Term] | None:
    first, second = call_.terms()
    return (first, second) if first.kind == second.kind == "string" else None


def _text_test(fold: Callable[[str, str], bool], write: Callable[[Engine, Sql, Sql], Sql]) -> _Writer:
    def writer(call_: _Call) -> Term:
        texts = _texts(call_)
        if texts is None:
            return constants.null(call_.engine)
        text, part = texts
        if isinstance(text.value, str) and isinstance(part.value, str):
            return constants.truth(fold(text.value, part.value))
        return relations.variable(write(call_.engine, text.sql.copy(), part.sql.copy()), text, part)

    return writer


def _contains(engine: Engine, text: Sql, part: Sql) -> Sql:
    return exp.GT(this=engine.position(text, part), expression=whole(0))


def _length(call_: _Call) -> Term:
    text = call_.terms()[0]
    if text.kind != "string":
        return constants.null(call_.engine)
    if isinstance(text.value, str):
        return constants.number(call_.engine, Decimal(len(text.value)))
    return Term(call_.engine.length(text.sql.copy()), "number", text.nullable, digits=19)


def _substring(call_: _Call) -> Term:
    text, *bounds = call_.terms()
    if text.kind != "string":
        return constants.null(call_.engine)
    numbers = [bound.value for bound in bounds]
    whole_numbers = [int(value) for value in numbers if isinstance(value, Decimal) and value == int(value)]
    if len(whole_numbers) != len(numbers) or min(whole_numbers) < 1:
        raise call_.refuse("只有起点与长度都是写定的正整数时,各数据库的截取才一致")
    start, length = whole_numbers[0], whole_numbers[1] if len(whole_numbers) > 1 else None
    if isinstance(text.value, str):
        if start > len(text.value):
            return constants.null(call_.engine)
        stop = None if length is None else start - 1 + length
        return constants.literal(call_.engine, text.value[start - 1 : stop])
    engine = call_.engine
    cut = engine.substring(text.sql.copy(), whole(start), None if length is None else whole(length))
    reaches = exp.GTE(this=engine.length(text.sql.copy()), expression=whole(start))
    return Term(exp.Case(ifs=[exp.If(this=reaches, true=cut)]), "string", True, ascii=text.ascii)


def _case(method: str, pick: Callable[[Engine], str]) -> _Writer:
    def writer(call_: _Call) -> Term:
        text = call_.terms()[0]
        if text.kind != "string":
            return constants.null(call_.engine)
        if isinstance(text.value, str):
            return constants.literal(call_.engine, getattr(text.value, method)())
        if not text.ascii:
            raise call_.refuse("各数据库只对英文字母的大小写转换一致；若该列只存代码,请在列上声明 ascii")
        sql = exp.Anonymous(this=pick(call_.engine), expressions=[text.sql.copy()])
        return Term(sql, "string", text.nullable, ascii=True)

    return writer


def _abs(call_: _Call) -> Term:
    term = call_.terms()[0]
    if term.kind not in ("number", "days"):
        return constants.null(call_.engine)
    if isinstance(term.value, Decimal):
        return constants.number(call_.engine, abs(term.value))
    below = exp.LT(this=wrap(term.sql), expression=whole(0))
    opposite = exp.Neg(this=wrap(_wide(call_.engine, term)))
    sql = exp.Case(ifs=[exp.If(this=below, true=opposite)], default=_wide(call_.engine, term))
    return Term(sql, term.kind, term.nullable, digits=term.digits, scale=term.scale)


def _wide(engine: Engine, term: Term) -> Sql:
    """Wide enough that the smallest whole number has an opposite."""
    exact = term.kind == "number" and term.digits is not None
    return engine.exact(wrap(term.sql), term.digits or 0, term.scale) if exact else term.sql.copy()


def _rounded(mode: str, write: Callable[[Engine, Sql], Sql]) -> _Writer:
    def writer(call_: _Call) -> Term:
        term = call_.terms()[0]
        if term.kind != "number":
            return constants.null(call_.engine)
        if isinstance(term.value, Decimal):
            return constants.number(call_.engine, term.value.to_integral_value(mode))
        if term.digits is not None and term.scale == 0:
            return term
        sql = write(call_.engine, wrap(term.sql))
        return Term(sql, "number", term.nullable, digits=term.digits and min(38, term.digits + 1), scale=0)

    return writer


def _date(call_: _Call) -> Term:
    terms = call_.terms()
    engine = call_.engine
    if len(terms) == 3:
        parts = [int(term.value) for term in terms if isinstance(term.value, Decimal) and term.value == int(term.value)]
        if len(parts) != 3:
            raise call_.refuse("年、月、日须是写定的整数")
        return constants.literal(engine, constants.read_date("{:04d}-{:02d}-{:02d}".format(*parts)))
    term = terms[0]
    if isinstance(term.value, str):
        return constants.literal(engine, constants.read_date(term.value))
    if isinstance(term.value, datetime):
        return constants.literal(engine, term.value.date())
    if term.kind == "date":
        return term
    if term.kind == "datetime" and not term.aware:
        return Term(engine.day_of(wrap(term.sql)), "date", term.nullable)
    raise call_.refuse("只能由写定的文字、年月日,或不带时区的时间列得到日期")


def _date_and_time(call_: _Call) -> Term:
    term = call_.terms()[0]
    value = constants.read_datetime(term.value) if isinstance(term.value, str) else None
    if value is None:
        raise call_.refuse("只能写成 YYYY-MM-DDThh:mm:ss 或带 Z、±hh:mm 的时间")
    return constants.literal(call_.engine, value)


def _duration(call_: _Call) -> Term:
    term = call_.terms()[0]
    value = constants.read_days(term.value) if isinstance(term.value, str) else None
    if value is None:
        raise call_.refuse("只有整日数的时长(如 P30D)在各数据库中一致")
    return constants.days(value)


def _list_contains(call_: _Call) -> Term:
    listed, element = call_.arguments
    items = call_.walker.items(listed)
    if items is None:
        raise call_.refuse("只能在写明的列表中查找")
    return relations.settled(call_.engine, None, relations.member(call_.engine, call_.walker.term(element), items))


def part_of_date(engine: Engine, term: Term, part: str) -> Term:
    """``year``, ``month``, ``day`` or ``weekday`` of a date or of a local datetime."""
    if isinstance(term.value, date):
        if part == "weekday":
            return constants.number(engine, Decimal(term.value.isoweekday()))
        return constants.number(engine, Decimal(getattr(term.value, part)))
    return Term(engine.part_of_date(part, wrap(term.sql)), "number", term.nullable, digits=4)


_ONE_NUMBER = (("n",),)
_FUNCTIONS: dict[str, tuple[_Writer, tuple[tuple[str, ...], ...]]] = {
    "not": (_not, (("negand",),)),
    "contains": (_text_test(lambda text, part: part in text, _contains), (("string", "match"),)),
    "starts with": (
        _text_test(str.startswith, lambda engine, text, part: engine.starts_with(text, part)),
        (("string", "match"),),
    ),
    "ends with": (
        _text_test(str.endswith, lambda engine, text, part: engine.ends_with(text, part)),
        (("string", "match"),),
    ),
    "string length": (_length, (("string",),)),
    "substring": (_substring, (("string", "start position"), ("string", "start position", "length"))),
    "upper case": (_case("upper", lambda engine: engine.upper_function), (("string",),)),
    "lower case": (_case("lower", lambda engine: engine.lower_function), (("string",),)),
    "abs": (_abs, _ONE_NUMBER),
    "floor": (_rounded(ROUND_FLOOR, lambda engine, sql: engine.floor(sql)), _ONE_NUMBER),
    "ceiling": (_rounded(ROUND_CEILING, lambda engine, sql: engine.ceiling(sql)), _ONE_NUMBER),
    "date": (_date, (("from",), ("year", "month", "day"))),
    "date and time": (_date_and_time, (("from",),)),
    "duration": (_duration, (("from",),)),
    "list contains": (_list_contains, (("list", "element"),)),
}
KINDS_WITH_PARTS: frozenset[Kind] = frozenset({"date", "datetime"})
