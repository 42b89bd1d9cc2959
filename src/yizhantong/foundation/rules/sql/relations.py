"""Equality, order, membership and truth tables, with FEEL's null logic (OMG DMN 1.5, clauses 10.3.2.7 and 10.3.2.13)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from . import constants
from .engines import Engine, Sql
from .model import VARIABLE, Term

_ORDERABLE = frozenset({"number", "string", "date", "datetime", "days"})
_ORDER: dict[str, type[Sql]] = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_PRIMARY = (exp.Column, exp.Literal, exp.Paren, exp.Boolean, exp.Null, exp.Case, exp.Cast, exp.Anonymous, exp.Extract)


def wrap(sql: Sql) -> Sql:
    """A copy of ``sql`` that may stand as an operand."""
    copy = sql.copy()
    return copy if isinstance(copy, _PRIMARY) else exp.Paren(this=copy)


def is_null(term: Term) -> Sql:
    """``term IS NULL``."""
    return exp.Is(this=wrap(term.sql), expression=exp.Null())


def is_not_null(term: Term) -> Sql:
    """``term IS NOT NULL``."""
    return exp.Not(this=is_null(term))


def all_of(parts: Iterable[Sql]) -> Sql:
    """``a AND b AND …`` of at least one part."""
    return _joined(exp.And, parts)


def any_of(parts: Iterable[Sql]) -> Sql:
    """``a OR b OR …`` of at least one part."""
    return _joined(exp.Or, parts)


def _joined(connector: type[exp.And] | type[exp.Or], parts: Iterable[Sql]) -> Sql:
    items = list(parts)
    result = items[0]
    if len(items) > 1 and isinstance(result, exp.Connector) and not isinstance(result, connector):
        result = exp.Paren(this=result)
    for item in items[1:]:
        right = exp.Paren(this=item) if isinstance(item, exp.Connector) else item
        result = connector(this=result, expression=right)
    return result


def variable(sql: Sql, *operands: Term) -> Term:
    """A truth value that is null only where an operand is."""
    return Term(sql, "boolean", any(term.nullable for term in operands), VARIABLE)


def equal(engine: Engine, left: Term, right: Term, *, loose: bool = False) -> Term:
    """``left = right``: null only where two values of different kinds meet.

    ``loose`` allows null for false, where only rows that are true matter.
    """
    if left.constant and right.constant:
        return _equal_constants(engine, left, right)
    if left.kind == "null" or right.kind == "null":
        other = right if left.kind == "null" else left
        return Term(is_null(other), "boolean", False) if other.nullable else constants.truth(False)
    if left.kind != right.kind:
        return _equal_across_kinds(engine, left, right)
    same = exp.EQ(this=wrap(left.sql), expression=wrap(right.sql))
    nullable = [term for term in (left, right) if term.nullable]
    if loose and len(nullable) < 2:
        return variable(same, left, right)
    if len(nullable) < 2:
        return Term(all_of([same, *(is_not_null(term) for term in nullable)]), "boolean", False)
    both = exp.Paren(this=all_of([is_null(left), is_null(right)]))
    either = any_of([is_null(left), is_null(right)])
    return Term(exp.Case(ifs=[exp.If(this=either, true=both)], default=same), "boolean", False)


def _equal_constants(engine: Engine, left: Term, right: Term) -> Term:
    if left.value is None or right.value is None:
        return constants.truth(left.value is None and right.value is None)
    if left.kind != right.kind or left.aware != right.aware:
        return constants.null(engine)
    return constants.truth(left.value == right.value)


def _equal_across_kinds(engine: Engine, left: Term, right: Term) -> Term:
    nullable = [term for term in (left, right) if term.nullable]
    if not nullable:
        return constants.null(engine)
    both: Sql = all_of([is_null(left), is_null(right)]) if len(nullable) == 2 else exp.Boolean(this=False)
    either = any_of(is_null(term) for term in nullable)
    return Term(exp.Case(ifs=[exp.If(this=either, true=both)], default=engine.null()), "boolean", True)


def ordering(engine: Engine, op: str, left: Term, right: Term) -> Term:
    """``left op right`` for ``< <= > >=``: null with null, between kinds, and for kinds that have no order."""
    if left.kind != right.kind or left.kind not in _ORDERABLE:
        return constants.null(engine)
    if left.constant and right.constant:
        return constants.truth(constants.ordered(op, left.value, right.value))
    first, second = wrap(left.sql), wrap(right.sql)
    if left.kind == "string":
        first = engine.collated(first)
    return variable(_ORDER[op](this=first, expression=second), left, right)


def negation(engine: Engine, term: Term) -> Term:
    """``not(term)``: null for what is not a truth value."""
    if term.kind != "boolean":
        return constants.null(engine)
    if term.constant:
        return constants.truth(not term.value)
    return variable(exp.Not(this=wrap(term.sql)), term)


def conjunction(engine: Engine, terms: Iterable[Term]) -> Term:
    """``and``: false if any is false, else null if any is not true."""
    return _combined(engine, terms, absorbing=False)


def disjunction(engine: Engine, terms: Iterable[Term]) -> Term:
    """``or``: true if any is true, else null if any is not false."""
    return _combined(engine, terms, absorbing=True)


def _combined(engine: Engine, terms: Iterable[Term], *, absorbing: bool) -> Term:
    left: list[Term] = []
    unknown = False
    for term in terms:
        if term.kind == "boolean" and term.constant:
            if term.value is absorbing:
                return constants.truth(absorbing)
        elif term.kind == "boolean":
            left.append(term)
        else:
            unknown = True
    if unknown:
        left.append(constants.null(engine))
    if not left:
        return constants.truth(not absorbing)
    if len(left) == 1:
        return left[0]
    join = any_of if absorbing else all_of
    return variable(join(term.sql.copy() for term in left), *left)


def member(engine: Engine, term: Term, items: list[Term], *, loose: bool = False) -> Term:
    """``term = item`` for any of ``items``, as one ``IN`` where the engine can."""
    plain = [item for item in items if item.constant and constants.same_kind(item.kind, term.kind)]
    if term.constant or len(plain) < 2:
        return disjunction(engine, [equal(engine, term, item, loose=loose) for item in items])
    listed: Sql = exp.In(this=wrap(term.sql), expressions=[item.sql.copy() for item in plain])
    if term.nullable and not loose:
        listed = all_of([listed, is_not_null(term)])
    first = Term(listed, "boolean", term.nullable and loose)
    rest = [equal(engine, term, item, loose=loose) for item in items if item not in plain]
    return disjunction(engine, [first, *rest])


def settled(engine: Engine, operand: Term | None, found: Term) -> Term:
    """``found`` with null only where ``operand`` is null; ``None``: nowhere."""
    if not found.nullable:
        return found
    if found.kind == "null":
        if operand is None or not operand.nullable:
            return constants.truth(False)
        case = exp.Case(ifs=[exp.If(this=is_null(operand), true=engine.null())], default=exp.Boolean(this=False))
        return Term(case, "boolean", True)
    never = exp.Coalesce(this=found.sql.copy(), expressions=[exp.Boolean(this=False)])
    if operand is None or not operand.nullable:
        return Term(never, "boolean", False)
    return Term(exp.Case(ifs=[exp.If(this=is_null(operand), true=found.sql.copy())], default=never), "boolean", True)


def null_unless(engine: Engine, needed: list[Term], found: Term) -> Term:
    """``found``, but null wherever a term of ``needed`` is, even if it is false there."""
    nullable = [term for term in needed if term.nullable]
    if not nullable or found.kind == "null":
        return found
    case = exp.Case(
        ifs=[exp.If(this=any_of(is_null(term) for term in nullable), true=engine.null())], default=found.sql
    )
    return Term(case, "boolean", True)
