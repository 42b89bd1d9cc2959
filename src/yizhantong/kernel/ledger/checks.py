"""What a value of a fact must be, compiled once for each ledger: types, bounds, choices, codes, days.

The same checks serve one fact from a form and ten million from a file. Types are exact: an integer column takes an ``int``
(never a ``bool``, a float or a text); what people write is turned into these types by ``sheets``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import FACT_COLUMNS, Fact

Prepare = Callable[[Any], Any]
ModelField: TypeAlias = "models.Field[Any, Any]"

GIVEN = ("division_id", "occurred_on", "note")
"""Columns of the base that the recorder gives; the others belong to the platform."""

_UNFIT_TEXT = re.compile("[\x00\ud800-\udfff]")
_BITS = {
    "SmallIntegerField": 15, "PositiveSmallIntegerField": 15, "IntegerField": 31, "PositiveIntegerField": 31,
    "BigIntegerField": 63, "PositiveBigIntegerField": 63, "AutoField": 31, "BigAutoField": 63, "SmallAutoField": 15,
}  # fmt: skip
_KINDS: dict[str, tuple[type, str]] = {
    "integer": (int, "整数"),
    "decimal": (Decimal, "小数"),
    "string": (str, "文字"),
    "boolean": (bool, "是或否"),
    "date": (dt.date, "日期"),
    "datetime": (dt.datetime, "时刻"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is checked: its Chinese name, whether it may be left out, and how a value is made ready."""

    name: str
    column: str
    required: bool
    default: Callable[[], Any]
    prepare: Prepare


@dataclass(frozen=True)
class Checker:
    """The checks of one ledger; :meth:`row` returns the values of one fact by column, or raises :class:`LedgerError`."""

    ledger: Ledger
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str, type[models.Model]], ...]
    earliest: dt.date
    whole: Callable[[Mapping[str, Any]], None] | None

    @property
    def names(self) -> list[str]:
        """Columns in the order in which :meth:`row` gives them."""
        return [item.column for item in self.columns]

    def row(self, given: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
        """Check the values of one fact; ``today`` is the last day on which it may have happened."""
        values: dict[str, Any] = {}
        for item in self.columns:
            value = given.get(item.column)
            if value is None or (value == "" and item.required):
                value = item.default()
                if value is None and item.required:
                    raise LedgerError("ledger.missing", "必须填写", item.name)
                values[item.column] = value
                continue
            try:
                values[item.column] = item.prepare(value)
            except LedgerError as error:
                raise LedgerError(error.code, error.sentence, item.name) from error
        if given.keys() - values.keys():
            self._refuse_unknown(given)
        self._day(values["occurred_on"], today)
        if self.whole is not None:
            self.whole(values)
        return values

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        unknown = sorted(set(given) - {item.column for item in self.columns} - {"reverses"})
        if unknown:
            label = str(self.ledger.label)
            raise LedgerError("ledger.unknown_column", f"台账“{label}”没有这些列:{'、'.join(unknown)}", unknown[0])

    def _day(self, day: dt.date, today: dt.date) -> None:
        if day > today:
            raise LedgerError("ledger.future", f"日期 {day} 晚于今天({today}),尚未发生的事不能登记", "发生日期")
        if day < self.earliest:
            text = f"日期 {day} 早于本台账的起始日 {self.earliest},请核对年份"
            raise LedgerError("ledger.before_earliest", text, "发生日期")


_COMPILED: dict[str, Checker] = {}


def checker(ledger: Ledger) -> Checker:
    """Return the checks of a ledger (compiled at first use)."""
    found = _COMPILED.get(ledger.code)
    if found is None or found.ledger is not ledger:
        found = _COMPILED[ledger.code] = _compile(ledger)
    return found


def _compile(ledger: Ledger) -> Checker:
    model = ledger.model
    fields = [f for f in model._meta.concrete_fields if f.attname in GIVEN or f.attname not in FACT_COLUMNS]
    columns = tuple(_column(ledger, field) for field in fields)
    references = tuple(
        (field.attname, _name(ledger, field), field.related_model)
        for field in fields
        if isinstance(field, models.ForeignKey) and field.related_model is not Division
    )
    own = model.check_values.__func__ is not Fact.check_values.__func__  # type: ignore[attr-defined]
    whole = model.check_values if own else None
    return Checker(ledger, columns, references, dt.date.fromisoformat(ledger.earliest), whole)


def _name(ledger: Ledger, field: ModelField) -> str:
    declared = ledger.by_column.get(field.attname)
    return declared.name if declared else str(field.verbose_name)


def _column(ledger: Ledger, field: ModelField) -> Column:
    default: Callable[[], Any] = field.get_default if field.default is not NOT_PROVIDED else _nothing
    if default is _nothing and field.blank and not field.null and ledger.type_of(field.attname) == "string":
        default = _empty
    required = not field.null and default is _nothing
    return Column(_name(ledger, field), field.attname, required, default, _prepare(ledger, field))


def _nothing() -> None:
    return None


def _empty() -> str:
    return ""


def _prepare(ledger: Ledger, field: ModelField) -> Prepare:
    kind = ledger.type_of(field.attname)
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    steps: list[Prepare] = [_typed(kind)]
    if kind == "integer":
        steps.append(_bounded(target))
    elif kind == "decimal":
        steps = [_decimal(target)]
    elif kind == "string":
        steps.append(_text(getattr(target, "max_length", None)))
    elif kind == "datetime":
        steps.append(_aware)
    if field.flatchoices:
        steps.append(_chosen(dict(field.flatchoices)))
    own = [item for item in target.validators if not isinstance(item, _STANDARD)]
    if own:
        steps.append(_validated(own))
    return steps[0] if len(steps) == 1 else _chained(steps)


_STANDARD = (validators.MaxLengthValidator, validators.DecimalValidator, validators.ProhibitNullCharactersValidator)


def _chained(steps: list[Prepare]) -> Prepare:
    def prepare(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return prepare


def _typed(kind: str) -> Prepare:
    wanted: Any
    wanted, label = _KINDS[kind]

    def prepare(value: Any) -> Any:
        if type(value) is wanted:
            return value
        if wanted is not bool and isinstance(value, wanted) and not isinstance(value, (bool, dt.datetime)):
            return wanted(value) if wanted in (str, int) else value
        raise LedgerError("ledger.type", f"应为{label},给的是 {type(value).__name__}")

    return prepare


def _bounded(field: ModelField) -> Prepare:
    kind = field.get_internal_type()
    high = (1 << _BITS.get(kind, 63)) - 1
    low = 0 if kind.startswith("Positive") else -high - 1

    def prepare(value: int) -> int:
        if low <= value <= high:
            return value
        raise LedgerError("ledger.range", f"{value} 超出允许范围 {low} 至 {high}")

    return prepare


def _decimal(field: ModelField) -> Prepare:
    digits, places = getattr(field, "max_digits", None) or 38, getattr(field, "decimal_places", None) or 0
    step, limit = Decimal(1).scaleb(-places), Decimal(10) ** (digits - places)

    def prepare(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            raise LedgerError("ledger.type", f"应为小数,给的是 {type(value).__name__}")
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= limit:
            raise LedgerError("ledger.range", f"{value} 超出 {digits - places} 位整数")
        fixed = number.quantize(step)
        if fixed != number:
            raise LedgerError("ledger.scale", f"{value} 多于 {places} 位小数")
        return fixed

    return prepare


def _text(longest: int | None) -> Prepare:
    def prepare(value: str) -> str:
        if longest is not None and len(value) > longest:
            raise LedgerError("ledger.too_long", f"长 {len(value)} 字,最多 {longest} 字")
        if _UNFIT_TEXT.search(value):
            raise LedgerError("ledger.text", "含有不能保存的字符(空字符或不完整的 Unicode)")
        return value

    return prepare


def _aware(value: dt.datetime) -> dt.datetime:
    if value.utcoffset() is None:
        raise LedgerError("ledger.type", "时刻没有时区")
    return value.astimezone(dt.UTC)


def _chosen(choices: Mapping[Any, Any]) -> Prepare:
    allowed = frozenset(choices)

    def prepare(value: Any) -> Any:
        if value in allowed:
            return value
        known = "、".join(f"{code}({label})" for code, label in list(choices.items())[:20])
        raise LedgerError("ledger.choice", f"“{value}”不是允许的值,可用:{known}")

    return prepare


def _validated(own: Iterable[Callable[[Any], None]]) -> Prepare:
    checks = tuple(own)

    def prepare(value: Any) -> Any:
        try:
            for check in checks:
                check(value)
        except ValidationError as error:
            raise LedgerError("ledger.invalid", ";".join(str(text) for text in error.messages)) from error
        return value

    return prepare
