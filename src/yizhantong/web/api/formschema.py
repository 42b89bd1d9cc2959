"""The form of an item as JSON Schema (2020-12), made from its data elements.

What JSON Schema cannot say stands in keywords of our own: ``x-visible-if`` and ``x-required-if`` (FEEL over the elements by their
Chinese names), ``x-kind`` (the element's kind), ``x-unit``, ``x-register`` (who knows it already), ``x-personal``, and at the top
``x-sections``. The server checks everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.content import FormField
from yizhantong.kernel.items.elements import Element

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def schema_of(ready: Ready, address: str) -> dict[str, Any]:
    """Return the schema; its ``$id`` is ``address``. Always required is what depends on no other answer."""
    always = [code for code, (spec, _element) in ready.fields.items() if spec.required and not spec.visible_if]
    sections = [
        {"code": part.code, "title": part.title, "elements": [one.element for one in part.fields]}
        for part in ready.content.form
    ]
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": ready.name,
        "x-version": ready.number,
        "type": "object",
        "properties": {code: _property(spec, element) for code, (spec, element) in ready.fields.items()},
        "required": always,
        "additionalProperties": False,
        "x-sections": sections,
    }


def _property(spec: FormField, element: Element) -> dict[str, Any]:
    made: dict[str, Any] = {"title": element.name, **_TYPES.get(element.kind, _text)(element), "x-kind": element.kind}
    told = {
        "description": spec.help, "x-unit": "元" if element.kind == "money" else element.unit,
        "x-visible-if": spec.visible_if, "x-required-if": spec.required_if, "x-register": element.register,
        "x-required-when-visible": spec.required and bool(spec.visible_if), "x-personal": element.personal,
    }  # fmt: skip
    return made | {name: value for name, value in told.items() if value}


def _text(element: Element) -> dict[str, Any]:
    return {"type": "string", "maxLength": element.max_length or (2000 if element.kind == "long_text" else 200)}


def _number(element: Element) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "integer" if element.kind == "integer" else ["number", "string"]}
    bounds = {"minimum": element.minimum, "maximum": element.maximum}
    return made | {
        name: float(bound) if bound % 1 else int(bound) for name, bound in bounds.items() if bound is not None
    }


def _choice(element: Element) -> dict[str, Any]:
    return {"oneOf": [{"const": code, "title": str(name)} for code, name in element.choices]}


def _choices(element: Element) -> dict[str, Any]:
    return {"type": "array", "items": _choice(element), "uniqueItems": True}


_TYPES: Mapping[str, Callable[[Element], dict[str, Any]]] = {
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "date": lambda _element: {"type": "string", "format": "date", "pattern": DAY},
    "boolean": lambda _element: {"type": "boolean"},
    "choice": _choice,
    "choices": _choices,
}
