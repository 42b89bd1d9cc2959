"""What each engine calls things. One :class:`Engine` per dialect, differences only; all take and give sqlglot nodes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlglot import exp

Sql = exp.Expression


def call(name: str, *arguments: Sql) -> Sql:
    """``name(arguments)``, the name written as given."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def whole(value: int) -> Sql:
    """A whole number as a literal node."""
    literal = exp.Literal.number(str(abs(value)))
    return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal


class Engine:
    """The common SQL, which DuckDB speaks as it is."""

    dialect = "duckdb"
    float_type = "DOUBLE"
    date_type = "DATE"
    datetime_type = "TIMESTAMP"
    boolean_type = "BOOLEAN"
    exact_decimals = True
    position_function = "strpos"
    length_function = "length"
    substring_function = "substring"
    upper_function = "upper"
    lower_function = "lower"
    starts_function = "starts_with"
    ends_function = "ends_with"

    def cast(self, term: Sql, to: str) -> Sql:
        """``CAST(term AS to)``, ``to`` being one of this module's own type names in the engine's words."""
        return exp.Cast(this=term, to=exp.DataType.build(to, dialect=self.dialect))

    def null(self) -> Sql:
        """An unknown truth value, typed so that it may stand anywhere."""
        return self.cast(exp.Null(), self.boolean_type)

    def number(self, value: Decimal) -> Sql:
        """A literal; beyond what exact types hold it is floating point."""
        text = format(abs(value), "f")
        literal: Sql = exp.Literal.number(text)
        if len(text) > 30 or ("." in text and len(text.split(".")[1]) > 15):
            literal = self.cast(exp.Literal.number(f"{abs(value):E}"), self.float_type)
        return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal

    def exact(self, term: Sql, digits: int, scale: int) -> Sql:
        """``term`` as an exact decimal, so that whole numbers neither overflow nor divide as whole numbers."""
        return self.cast(term, f"DECIMAL({digits}, {scale})")

    def inexact(self, term: Sql) -> Sql:
        """``term`` as the engine's widest number for quotients."""
        return self.cast(term, self.float_type)

    def day_literal(self, value: date) -> Sql:
        """A date literal."""
        return self.cast(exp.Literal.string(value.isoformat()), self.date_type)

    def moment_literal(self, value: datetime) -> Sql:
        """A date and time literal, in UTC when it has an offset."""
        return self.cast(exp.Literal.string(self._moment(value)), self.datetime_type)

    def _moment(self, value: datetime) -> str:
        naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo is not None else value
        return naive.isoformat(sep=" ", timespec="microseconds" if naive.microsecond else "seconds")

    def collated(self, term: Sql) -> Sql:
        """Text that orders by code point."""
        return term

    def day_of(self, term: Sql) -> Sql:
        """The date of a datetime."""
        return self.cast(term, self.date_type)

    def second_of(self, term: Sql) -> Sql:
        """A datetime cut to its whole second, which is what FEEL compares."""
        return call("date_trunc", exp.Literal.string("second"), term)

    def part_of_date(self, part: str, term: Sql) -> Sql:
        """``year``, ``month``, ``day`` or ``weekday`` (1 for Monday) as a whole number."""
        return call("isodow" if part == "weekday" else part, term)

    def add_days(self, term: Sql, days: Sql) -> Sql:
        """A date some days later."""
        return exp.Paren(this=exp.Add(this=term, expression=days))

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        """Whole days from ``earlier`` to ``later``."""
        return call("date_diff", exp.Literal.string("day"), earlier, later)

    def position(self, text: Sql, part: Sql) -> Sql:
        """1-based place of ``part`` in ``text``, 0 if it is not there."""
        return call(self.position_function, text, part)

    def length(self, text: Sql) -> Sql:
        """Number of code points."""
        return call(self.length_function, text)

    def substring(self, text: Sql, start: Sql, length: Sql | None = None) -> Sql:
        """From the 1-based ``start``, which is positive here."""
        return call(self.substring_function, text, start, *([length] if length is not None else []))

    def starts_with(self, text: Sql, part: Sql) -> Sql:
        """Whether ``text`` begins with ``part``, letters' case told apart."""
        return call(self.starts_function, text, part)

    def ends_with(self, text: Sql, part: Sql) -> Sql:
        """Whether ``text`` ends with ``part``, letters' case told apart."""
        return call(self.ends_function, text, part)

    def floor(self, term: Sql) -> Sql:
        """Largest whole number not above ``term``."""
        return call("floor", term)

    def ceiling(self, term: Sql) -> Sql:
        """Smallest whole number not below ``term``."""
        return call("ceil", term)


class Sqlite(Engine):
    """Dates are ISO text, truth values 0 and 1, decimals floating point; LIKE and lower() are ASCII only, so never used."""

    dialect = "sqlite"
    float_type = "REAL"
    exact_decimals = False
    position_function = "INSTR"
    length_function = "LENGTH"
    substring_function = "SUBSTR"

    def null(self) -> Sql:
        return exp.Null()

    def number(self, value: Decimal) -> Sql:
        literal = exp.Literal.number(format(abs(value), "f") if abs(value.adjusted()) < 30 else f"{abs(value):E}")
        return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal

    def exact(self, term: Sql, digits: int, scale: int) -> Sql:
        return term

    def day_literal(self, value: date) -> Sql:
        return exp.Literal.string(value.isoformat())

    def moment_literal(self, value: datetime) -> Sql:
        return exp.Literal.string(self._moment(value))

    def day_of(self, term: Sql) -> Sql:
        return self.substring(term, whole(1), whole(10))

    def second_of(self, term: Sql) -> Sql:
        return self.substring(term, whole(1), whole(19))

    def part_of_date(self, part: str, term: Sql) -> Sql:
        if part == "weekday":
            sunday_first = self.cast(call("STRFTIME", exp.Literal.string("%w"), term), "INTEGER")
            shifted = exp.Paren(this=exp.Add(this=sunday_first, expression=whole(6)))
            return exp.Paren(this=exp.Add(this=exp.Mod(this=shifted, expression=whole(7)), expression=whole(1)))
        start, length = {"year": (1, 4), "month": (6, 2), "day": (9, 2)}[part]
        return self.cast(self.substring(term, whole(start), whole(length)), "INTEGER")

    def add_days(self, term: Sql, days: Sql) -> Sql:
        shift = exp.Paren(this=exp.DPipe(this=self.cast(days, "TEXT"), expression=exp.Literal.string(" days")))
        return call("DATE", term, shift)

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        gap = exp.Sub(this=call("JULIANDAY", later), expression=call("JULIANDAY", earlier))
        return self.cast(call("ROUND", gap), "INTEGER")

    def starts_with(self, text: Sql, part: Sql) -> Sql:
        return exp.EQ(this=self.substring(text, whole(1), self.length(part)), expression=part)

    def ends_with(self, text: Sql, part: Sql) -> Sql:
        start = exp.Add(this=exp.Sub(this=self.length(text), expression=self.length(part)), expression=whole(1))
        fits = exp.GTE(this=self.length(text.copy()), expression=self.length(part.copy()))
        same = exp.EQ(this=self.substring(text.copy(), start), expression=part.copy())
        return exp.Paren(this=exp.And(this=fits, expression=same))

    def floor(self, term: Sql) -> Sql:
        cut = self.cast(term, "INTEGER")
        return exp.Paren(
            this=exp.Sub(this=cut, expression=exp.Paren(this=exp.GT(this=cut.copy(), expression=term.copy())))
        )

    def ceiling(self, term: Sql) -> Sql:
        cut = self.cast(term, "INTEGER")
        return exp.Paren(
            this=exp.Add(this=cut, expression=exp.Paren(this=exp.LT(this=cut.copy(), expression=term.copy())))
        )


class Postgres(Engine):
    """All arithmetic in NUMERIC; text orders by the database's locale unless told otherwise."""

    dialect = "postgres"
    float_type = "NUMERIC"

    def number(self, value: Decimal) -> Sql:
        literal = exp.Literal.number(format(abs(value), "f") if abs(value.adjusted()) < 200 else f"{abs(value):E}")
        return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal

    def exact(self, term: Sql, digits: int, scale: int) -> Sql:
        return self.cast(term, "NUMERIC")

    def moment_literal(self, value: datetime) -> Sql:
        if value.tzinfo is None:
            return self.cast(exp.Literal.string(self._moment(value)), "TIMESTAMP")
        return self.cast(exp.Literal.string(self._moment(value) + "+00"), "TIMESTAMPTZ")

    def collated(self, term: Sql) -> Sql:
        return exp.Paren(this=exp.Collate(this=term, expression=exp.to_identifier("C", quoted=True)))

    def part_of_date(self, part: str, term: Sql) -> Sql:
        return exp.Extract(this=exp.var("ISODOW" if part == "weekday" else part.upper()), expression=term)

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        return exp.Paren(this=exp.Sub(this=later, expression=earlier))

    def ends_with(self, text: Sql, part: Sql) -> Sql:
        return exp.EQ(this=call("right", text, self.length(part)), expression=part.copy())


class Spark(Engine):
    """ANSI mode or not: nothing here overflows or divides by zero."""

    dialect = "spark"
    position_function = "instr"
    length_function = "char_length"
    starts_function = "startswith"
    ends_function = "endswith"

    def part_of_date(self, part: str, term: Sql) -> Sql:
        if part == "weekday":
            return exp.Paren(this=exp.Add(this=call("weekday", term), expression=whole(1)))
        return call(part, term)

    def add_days(self, term: Sql, days: Sql) -> Sql:
        return call("date_add", term, self.cast(days, "INT"))

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        return call("datediff", later, earlier)


_CLICKHOUSE_PARTS = {"year": "toYear", "month": "toMonth", "day": "toDayOfMonth", "weekday": "toDayOfWeek"}


class ClickHouse(Engine):
    """Text is bytes unless a function says UTF8; a cast that does not say Nullable refuses null."""

    dialect = "clickhouse"
    float_type = "Nullable(Float64)"
    date_type = "Nullable(Date32)"
    datetime_type = "Nullable(DateTime64(6, 'UTC'))"
    boolean_type = "Nullable(Bool)"
    position_function = "position"
    length_function = "lengthUTF8"
    substring_function = "substringUTF8"
    upper_function = "upperUTF8"
    lower_function = "lowerUTF8"
    starts_function = "startsWith"
    ends_function = "endsWith"

    def exact(self, term: Sql, digits: int, scale: int) -> Sql:
        return self.cast(term, f"Nullable(Decimal({digits}, {scale}))")

    def number(self, value: Decimal) -> Sql:
        literal: Sql = exp.Literal.number(format(abs(value), "f") if abs(value.adjusted()) < 18 else f"{abs(value):E}")
        return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal

    def part_of_date(self, part: str, term: Sql) -> Sql:
        return call(_CLICKHOUSE_PARTS[part], term)

    def second_of(self, term: Sql) -> Sql:
        return call("toStartOfSecond", term)

    def add_days(self, term: Sql, days: Sql) -> Sql:
        return call("addDays", term, days)

    def days_between(self, later: Sql, earlier: Sql) -> Sql:
        return call("dateDiff", exp.Literal.string("day"), earlier, later)


ENGINES: dict[str, Engine] = {
    engine.dialect: engine for engine in (Engine(), Sqlite(), Postgres(), Spark(), ClickHouse())
}
