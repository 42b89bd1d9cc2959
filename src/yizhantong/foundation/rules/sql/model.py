"""Columns, typed terms, the compiled result, and the refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from sqlglot import exp

from .. import ast
from ..limits import FeelError
from ..unparse import to_text

ColumnType = Literal["number", "string", "boolean", "date", "datetime"]
Kind = Literal["number", "string", "boolean", "date", "datetime", "days", "null"]
Constant = Decimal | str | bool | date | datetime

MAX_DIGITS: Final = 38
"""Widest exact decimal that DuckDB, Spark and ClickHouse share."""


class Variable:
    """Marks a term whose value is only known row by row."""


VARIABLE: Final = Variable()


@dataclass(frozen=True, slots=True)
class Column:
    """Where a FEEL name lives.

    ``name`` (and ``table``) are SQL identifiers, always quoted. ``scale`` of a number: decimals after the point if the column
    holds exact numbers (0: whole numbers), ``None`` if it may hold floating point; ``digits``: most digits in all.
    ``nullable=False`` promises that no row holds null. ``ascii`` promises text of codes only, which makes upper and lower
    case exact. ``aware``: a datetime column of instants in UTC; otherwise local times without offset.
    """

    name: str
    type: ColumnType
    table: str | None = None
    nullable: bool = True
    scale: int | None = None
    digits: int = 19
    ascii: bool = False
    aware: bool = False

    def to_sql(self) -> exp.Expression:
        """The quoted column reference."""
        return exp.column(self.name, table=self.table, quoted=True)


@dataclass(frozen=True, slots=True)
class Term:
    """A typed SQL expression.

    ``value`` is the constant it stands for, or ``VARIABLE``. ``digits`` and ``scale`` bound an exact number
    (``digits is None``: floating point). ``ascii`` and ``aware`` as in :class:`Column`.
    """

    sql: exp.Expression
    kind: Kind
    nullable: bool = True
    value: object = VARIABLE
    digits: int | None = None
    scale: int = 0
    ascii: bool = False
    aware: bool = False

    @property
    def constant(self) -> bool:
        """Whether the value is known before any row is read."""
        return self.value is not VARIABLE


@dataclass(frozen=True, slots=True)
class Compiled:
    """An SQL expression equal to a FEEL expression on every row; ``sql`` may be shared, copy it before changing it."""

    sql: exp.Expression
    kind: Kind
    nullable: bool
    names: frozenset[str]
    dialect: str

    def text(self) -> str:
        """The expression in the SQL of its dialect."""
        return self.sql.sql(dialect=self.dialect)


class NotCompilable(FeelError):
    """A part of an expression that cannot be said exactly in SQL: ``code``, ``part`` (its FEEL text), ``reason`` in Chinese."""

    def __init__(self, code: str, node: ast.Node, reason: str) -> None:
        self.part = to_text(node)
        self.reason = reason
        message = f"“{self.part}”不能编译为 SQL：{reason}。可改写这一部分，或交由规则引擎逐条计算。"
        super().__init__(f"rules.sql.{code}", message)
