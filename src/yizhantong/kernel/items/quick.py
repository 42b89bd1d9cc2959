"""The short way through a version's form for values that programs send: the same fields, made once for each published version.

A form of Django is made for people: it has widgets, bound fields and sentences. For values that are right none of it is needed, and
most are right; :func:`cleaned` returns what the form would, or None, and then the form is asked, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.fields import division_choices, form_field, stored


def cleaned(ready: Ready, raw: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is stored of complete values by element code; None where the form has to be asked: fields that hide, or anything wrong."""
    fields = _fields(ready)
    if not fields or any(code not in ready.fields for code in raw):
        return None
    try:
        given = {code: _value(field, element, raw.get(code)) for code, field, element in fields}
    except (forms.ValidationError, _Unclear):
        return None
    return None if _lacks(ready, given) else {code: value for code, value in given.items() if value is not None}


class _Unclear(Exception):
    """A value of another shape than the field's own: the form decides."""


@lru_cache(maxsize=64)
def _fields(ready: Ready) -> list[tuple[str, forms.Field, Element]]:
    if any(spec.visible_if for spec, _element in ready.fields.values()):
        return []
    return [(code, form_field(element), element) for code, (_spec, element) in ready.fields.items()]


def _value(field: forms.Field, element: Element, value: Any) -> Any:
    if value is None:
        return None
    if element.kind == "choices":
        raise _Unclear
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str | int):
        raise _Unclear
    if element.kind == "division":
        if value and value not in _divisions():
            raise _Unclear
        return value or None
    return stored(element, field.clean(value))


_kept: list[tuple[object, frozenset[str]]] = []


def _divisions() -> frozenset[str]:
    """Return the codes that a choice of divisions offers, of the tree at hand."""
    standing = tree.branches()
    if not _kept or _kept[0][0] is not standing:
        groups = [members if isinstance(members, list) else [(code, members)] for code, members in division_choices()]
        _kept[:] = [(standing, frozenset(code for group in groups for code, _name in group if code))]
    return _kept[0][1]


def _lacks(ready: Ready, given: Mapping[str, Any]) -> bool:
    """Tell whether something is missing that must be given."""
    empty = [spec for code, (spec, _element) in ready.fields.items() if given[code] is None]
    if any(spec.required for spec in empty):
        return True
    rules = [spec.required_if for spec in empty if spec.required_if]
    facts = ready.facts(given) if rules else {}
    return any(ready.is_true(rule, facts) for rule in rules)
