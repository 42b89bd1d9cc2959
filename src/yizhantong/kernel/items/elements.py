"""The city's data dictionary in memory: data elements by code and by name, as forms and rules need them.

A few hundred elements are read once and again after each change of them in this process; an element that another process
added is found, because a code or name that is not known is looked up once more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from yizhantong.kernel.items.models import DataElement

NUMBERS = frozenset({"integer", "decimal", "money"})


@dataclass(frozen=True, slots=True)
class Element:
    """A data element as it stood when it was read. ``choices`` are pairs of code and Chinese name; rules see the code."""

    code: str
    name: str
    kind: str
    name_en: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    register: str = ""
    personal: bool = False

    def fact(self, value: Any) -> Any:
        """Return a stored value as rules see it: numbers exact (money in 元), days as dates; None is not known."""
        if value is None or value == "" or value == []:
            return None
        if self.kind in NUMBERS:
            try:
                return Decimal(str(value))
            except InvalidOperation:
                return None
        if self.kind == "date":
            try:
                return dt.date.fromisoformat(value) if isinstance(value, str) else value
            except ValueError:
                return None
        return value


def element_of(row: DataElement) -> Element:
    """Return a row of the dictionary as an element."""
    return Element(
        row.code, row.name, row.kind, row.name_en, row.unit, tuple(map(_choice, row.choices)), row.max_length,
        row.minimum, row.maximum, row.register, row.personal,
    )  # fmt: skip


def _choice(given: Any) -> tuple[str, str]:
    return (given, given) if isinstance(given, str) else (given["code"], given["name"])


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, Element]:
    """Return all data elements by code."""
    return {row.code: element_of(row) for row in DataElement.objects.all()}


@lru_cache(maxsize=1)
def by_name() -> Mapping[str, Element]:
    """Return all data elements by their Chinese name."""
    return {element.name: element for element in dictionary().values()}


def find(code: str) -> Element | None:
    """Return an element by its code, or None."""
    found = dictionary().get(code)
    if found is None:
        row = DataElement.objects.filter(code=code).first()
        if row is not None:
            forget()
            found = element_of(row)
    return found


def names() -> frozenset[str]:
    """Return the Chinese names of all elements."""
    return frozenset(by_name())


@receiver([post_save, post_delete], sender=DataElement)
def forget(**_kwargs: Any) -> None:
    """Drop what is remembered, after a change or a bulk load."""
    dictionary.cache_clear()
    by_name.cache_clear()
