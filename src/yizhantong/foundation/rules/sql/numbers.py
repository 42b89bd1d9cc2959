"""Arithmetic: exact decimals while 38 digits hold them, floating point beyond; division by zero is null."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from . import constants
from .engines import Engine, Sql
from .model import MAX_DIGITS, Term
from .relations import wrap

_BINARY: dict[str, type[Sql]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div}


def arithmetic(engine: Engine, op: str, left: Term, right: Term) -> Term:
    """``left op right`` for ``+ - * /`` over numbers; for ``+`` over texts; null for other kinds."""
    kinds = (left.kind, right.kind)
    if kinds == ("number", "number"):
        return _numbers(engine, op, left, right)
    if kinds == ("string", "string") and op == "+":
        return _joined(engine, left, right)
    return constants.null(engine)


def _joined(engine: Engine, left: Term, right: Term) -> Term:
    if isinstance(left.value, str) and isinstance(right.value, str):
        return constants.literal(engine, left.value + right.value)
    sql = exp.Paren(this=exp.DPipe(this=wrap(left.sql), expression=wrap(right.sql), safe=True))
    return Term(sql, "string", left.nullable or right.nullable, ascii=left.ascii and right.ascii)


def _numbers(engine: Engine, op: str, left: Term, right: Term) -> Term:
    if isinstance(left.value, Decimal) and isinstance(right.value, Decimal):
        value = constants.fold_numbers(op, left.value, right.value)
        return constants.null(engine) if value is None else constants.number(engine, value)
    if op == "/":
        return _quotient(engine, left, right)
    digits, scale = _size(op, left, right)
    if digits is None:
        first, second = _inexact(engine, left), _inexact(engine, right)
    else:
        first, second = _exact(engine, left), _exact(engine, right)
    sql = exp.Paren(this=_BINARY[op](this=first, expression=second))
    return Term(sql, "number", left.nullable or right.nullable, digits=digits, scale=scale)


def _size(op: str, left: Term, right: Term) -> tuple[int | None, int]:
    """Digits and scale of an exact result, or ``(None, 0)`` if it must be floating point."""
    if left.digits is None or right.digits is None:
        return None, 0
    if op == "*":
        digits, scale = left.digits + right.digits, left.scale + right.scale
    else:
        scale = max(left.scale, right.scale)
        digits = max(left.digits - left.scale, right.digits - right.scale) + scale + 1
    return (digits, scale) if digits <= MAX_DIGITS else (None, 0)


def _exact(engine: Engine, term: Term) -> Sql:
    return wrap(engine.exact(wrap(term.sql), term.digits or MAX_DIGITS, term.scale))


def _inexact(engine: Engine, term: Term) -> Sql:
    return wrap(engine.inexact(wrap(term.sql)))


def _quotient(engine: Engine, left: Term, right: Term) -> Term:
    divisor = _inexact(engine, right)
    if isinstance(right.value, Decimal):
        if right.value == 0:
            return constants.null(engine)
    else:
        divisor = exp.Nullif(this=divisor, expression=exp.Literal.number("0"))
    sql = exp.Paren(this=exp.Div(this=_inexact(engine, left), expression=divisor, typed=True, safe=False))
    return Term(sql, "number", left.nullable or not right.constant)


def negative(engine: Engine, term: Term) -> Term:
    """``-term``; of a duration too."""
    if isinstance(term.value, Decimal):
        return constants.number(engine, -term.value)
    if term.kind == "days" and isinstance(term.value, int):
        return constants.days(-term.value)
    if term.kind not in ("number", "days"):
        return constants.null(engine)
    inner = wrap(term.sql) if term.digits is None or term.kind == "days" else _exact(engine, term)
    sql = exp.Paren(this=exp.Neg(this=inner))
    return Term(sql, term.kind, term.nullable, digits=term.digits, scale=term.scale)
