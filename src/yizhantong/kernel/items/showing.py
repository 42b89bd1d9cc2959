"""The values of a form for display: labels instead of codes, personal ones masked unless they are to be revealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from yizhantong.foundation.codes import identity, phones
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.sealed import open_value


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One value: label, text (empty when not given), unit, and whether it is masked."""

    code: str
    label: str
    text: str
    unit: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section with its rows."""

    title: str
    rows: tuple[ShownRow, ...]


def shown(ready: Ready, data: Mapping[str, Any], reveal: bool = False) -> list[ShownSection]:
    """Return the values by section, hidden fields left out; ``reveal`` shows personal values (to be audited by the caller)."""
    visible = ready.visible(data)
    sections = []
    for section in ready.content.form:
        codes = [spec.element for spec in section.fields if spec.element in visible]
        rows = tuple(_row(ready.fields[code][1], data.get(code), reveal) for code in codes)
        if rows:
            sections.append(ShownSection(section.title, rows))
    return sections


def _row(element: Element, value: Any, reveal: bool) -> ShownRow:
    text = text_of(element, open_value(value))
    masked = element.personal and not reveal and bool(text)
    unit = _("元") if element.kind == "money" else element.unit
    return ShownRow(element.code, element.name, masked_text(element, text) if masked else text, unit, masked)


def text_of(element: Element, value: Any) -> str:
    """Return a stored value in words: choices by name, amounts with thousands, divisions by name."""
    if value is None or value == "" or value == []:
        return ""
    if element.kind == "boolean":
        return _("是") if value else _("否")
    if element.kind in ("choice", "choices"):
        names = dict(element.choices)
        return "、".join(str(names.get(code, code)) for code in (value if isinstance(value, list) else [value]))
    if element.kind in ("money", "decimal", "integer"):
        return _amount(value)
    if element.kind == "division":
        branch = tree.branches().get(value)
        return branch.name if branch else str(value)
    return str(value)


def _amount(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def masked_text(element: Element, text: str) -> str:
    """Return a personal text as it may be shown: 138****1234, 2107**********1234, 张*, last four of an account."""
    if element.kind == "identity":
        return identity.mask(text)
    if element.kind == "phone":
        return phones.mask(text)
    if element.kind == "account":
        return "*" * max(len(text) - 4, 4) + text[-4:]
    if element.kind == "date":
        return f"{text[:4]}-**-**"
    return text[:1] + "*" * min(max(len(text) - 1, 1), 8)
