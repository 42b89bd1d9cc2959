"""Ledgers as declared by zones, and the registry in which everyone finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from yizhantong.kernel.ledger.models import Fact

FieldType = Literal["integer", "decimal", "string", "boolean", "date", "datetime"]

UNITS: dict[str, Decimal] = {
    name: Decimal(factor)
    for name, factor in {
        "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000,
        "千克": 1, "吨": 1_000, "万吨": 10_000_000,
        "米": 1, "公里": 1_000, "平方米": 1, "秒": 1, "分钟": 60, "小时": 3_600,
        "个": 1, "万个": 10_000, "件": 1, "万件": 10_000, "人次": 1, "万人次": 10_000,
    }.items()
}  # fmt: skip
"""How many stored units (分, 千克, 米, counts) one named unit is; rules may write ``合同额 >= 1 * 亿元``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a ledger as people know it.

    ``name`` is the Chinese name for rules, headings and pages; ``column`` the model's attribute name (``contract_fen``,
    ``enterprise_id``); ``unit`` the unit people write, when it differs from what is stored (see :data:`UNITS`).
    ``personal`` columns are masked unless revealed; ``public`` ones may be shown to anyone.
    """

    name: str
    column: str
    unit: str | None = None
    personal: bool = False
    public: bool = True
    help: StrOrPromise = ""

    @property
    def factor(self) -> Decimal:
        """Return how many stored units one unit of ``unit`` is (1 without a unit)."""
        return UNITS[self.unit] if self.unit else Decimal(1)


COMMON = (
    Field("编号", "id"),
    Field("区划", "division_id"),
    Field("发生日期", "occurred_on"),
    Field("登记时间", "recorded_at"),
    Field("登记人", "recorded_by_id", public=False),
    Field("来源", "source", public=False),
    Field("符号", "sign"),
    Field("冲销", "reverses_id"),
    Field("备注", "note", public=False),
)


@dataclass(frozen=True)
class Ledger:
    """A ledger: a model of facts, its fields by their Chinese names, and what makes one of its records the same record.

    ``code`` is ``<zone>.<name>``. ``key`` names the columns that identify what a fact is about: recording the same key
    twice is refused unless the first was reversed (no key: every row is its own). ``register`` marks a ledger whose
    entries stay in force until withdrawn. ``earliest`` is the first day on which a fact of it may have happened, ``view``
    the permission by which staff see it (the public sees the public columns of a ``public`` one). A ``guarded`` ledger is written
    by its owner's actions alone: it cannot be imported into, recorded into by hand, or reversed from outside (``ledger.through_its_zone``).
    """

    code: str
    label: StrOrPromise
    model: type[Fact]
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    register: bool = False
    public: bool = True
    description: StrOrPromise = ""
    date_label: StrOrPromise = ""
    earliest: str = "2000-01-01"
    view: str = "ledger.view"
    guarded: bool = False
    _types: dict[str, FieldType] = field(default_factory=dict, repr=False, compare=False)

    @property
    def zone(self) -> str:
        """Return the code of the zone that declared it."""
        return self.code.partition(".")[0]

    @property
    def table(self) -> str:
        """Return the name of the database table."""
        return self.model._meta.db_table

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """Return what every fact has, then the ledger's own fields."""
        own = {item.column for item in self.fields}
        return tuple(item for item in COMMON if item.column not in own) + self.fields

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Return the fields by their Chinese name."""
        return {item.name: item for item in self.all_fields}

    @cached_property
    def by_column(self) -> dict[str, Field]:
        """Return the fields by their column."""
        return {item.column: item for item in self.all_fields}

    def type_of(self, column: str) -> FieldType:
        """Return the type of a column as rules and files know it."""
        if column not in self._types:
            self._types[column] = _type_of(self.model, column)
        return self._types[column]

    def choices_of(self, column: str) -> dict[object, StrOrPromise]:
        """Return code and label of each allowed value, or an empty mapping where any value is allowed."""
        return dict(_model_field(self.model, column).flatchoices)


def _model_field(model: type[models.Model], column: str) -> models.Field[object, object]:
    for candidate in model._meta.concrete_fields:
        if column in (candidate.attname, candidate.name):
            return candidate
    raise ImproperlyConfigured(f"{model._meta.label} has no column {column}")


def _type_of(model: type[models.Model], column: str) -> FieldType:
    target = _model_field(model, column)
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    kinds: tuple[tuple[type, FieldType], ...] = (
        (models.BooleanField, "boolean"),
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
        (models.DecimalField, "decimal"),
        (models.IntegerField, "integer"),
        (models.AutoField, "integer"),
        (models.CharField, "string"),
        (models.TextField, "string"),
    )
    for kind, name in kinds:
        if isinstance(target, kind):
            return name
    raise ImproperlyConfigured(f"{model._meta.label}.{column}: facts hold no {type(target).__name__}")


_LEDGERS: dict[str, Ledger] = {}


def register(declared: Ledger) -> Ledger:
    """Enter a ledger into the registry; a code, a column or a name that is wrong or used twice is a configuration error."""
    if declared.code in _LEDGERS:
        raise ImproperlyConfigured(f"ledger {declared.code} is declared twice")
    if declared.code.count(".") != 1:
        raise ImproperlyConfigured(f"ledger code {declared.code} is not <zone>.<name>")
    names = [item.name for item in declared.all_fields]
    if len(set(names)) != len(names):
        raise ImproperlyConfigured(f"ledger {declared.code} names a field twice")
    for item in declared.all_fields:
        declared.type_of(item.column)
    _LEDGERS[declared.code] = declared
    return declared


def ledger(code: str) -> Ledger:
    """Return the ledger of that code; KeyError when there is none."""
    return _LEDGERS[code]


def ledgers() -> Iterator[Ledger]:
    """Return all ledgers in the order of their codes."""
    return iter(sorted(_LEDGERS.values(), key=lambda item: item.code))
