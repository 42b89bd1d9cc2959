"""One data element as a field of a Django form: what may be typed, how it is checked, and what is stored of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from yizhantong.foundation.codes import identity, industries, phones, uscc
from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.parties.models import Industry

ACCOUNT_LENGTH = (8, 32)
"""Fewest and most characters of a bank account."""


class Coded(forms.CharField):
    """A text that is a code: half-width, checked by its room of ``foundation.codes``."""

    def __init__(self, validate: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.validate_code = validate

    def clean(self, value: Any) -> Any:
        """Return the code in its one way of writing."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.validate_code(text)
        except CodeError as error:
            raise ValidationError(str(error), code=error.code) from None


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not answered (None), which a check box could not tell apart."""

    def __init__(self, **options: Any) -> None:
        choices = [("true", _("是")), ("false", _("否"))]
        options |= {"choices": choices, "coerce": lambda value: value == "true", "empty_value": None}
        super().__init__(widget=forms.RadioSelect, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show stored booleans as their choice."""
        return {True: "true", False: "false"}.get(value, value)


def _account(text: str) -> str:
    bare = "".join(text.split()).replace("-", "")
    low, high = ACCOUNT_LENGTH
    if not bare.isascii() or not bare.isdigit() or not low <= len(bare) <= high:
        raise CodeError("codes.account.shape", f"银行账号应为 {low} 至 {high} 位数字,请核对")
    return bare


def _industry(text: str) -> str:
    code = industries.validate(text)
    if not Industry.objects.filter(pk=code[1:] if len(code) > 1 else code).exists():
        raise CodeError("codes.industry.unknown", f"国民经济行业分类中没有“{code}”,请核对代码(GB/T 4754-2017)")
    return code


_CODES: Mapping[str, Callable[[str], str]] = {
    "phone": phones.validate,
    "identity": identity.validate,
    "uscc": uscc.validate,
    "account": _account,
    "industry": _industry,
}
_INPUTS = {"phone": "tel", "identity": "text", "uscc": "text", "account": "text", "industry": "text"}


def form_field(element: Element, help_text: str = "") -> forms.Field:
    """Return the form field of an element; whether it is required is for the form to say."""
    common: dict[str, Any] = {"label": element.name, "help_text": help_text, "required": False}
    if element.kind in _CODES:
        attributes = {"autocomplete": "off"} | ({"inputmode": "numeric"} if element.kind == "account" else {})
        widget = forms.TextInput({"type": _INPUTS[element.kind], **attributes})
        return Coded(_CODES[element.kind], max_length=element.max_length or 64, widget=widget, **common)
    return _MAKERS.get(element.kind, _text)(element, common)


def _text(element: Element, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=element.max_length or 200, **common)


def _long_text(element: Element, common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=element.max_length or 2000, widget=forms.Textarea({"rows": 4}), **common)


def _number(element: Element, common: dict[str, Any]) -> forms.Field:
    limits: dict[str, Any] = {"min_value": element.minimum, "max_value": element.maximum}
    if element.kind == "integer":
        whole: dict[str, Any] = {name: None if bound is None else int(bound) for name, bound in limits.items()}
        return forms.IntegerField(**whole, **common)
    places = 2 if element.kind == "money" else 4
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.DecimalField(max_digits=20, decimal_places=places, widget=widget, **limits, **common)


def _date(element: Element, common: dict[str, Any]) -> forms.Field:
    made = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **common)
    made.validators += [
        MinValueValidator(dt.date(1900, 1, 1), _("日期早于 1900 年,请核对")),
        MaxValueValidator(dt.date(2200, 1, 1), _("日期晚于 2200 年,请核对")),
    ]
    return made


def _boolean(element: Element, common: dict[str, Any]) -> forms.Field:
    return YesNo(**common)


def _choice(element: Element, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("请选择")), *element.choices], **common)


def _choices(element: Element, common: dict[str, Any]) -> forms.Field:
    return forms.MultipleChoiceField(choices=element.choices, widget=forms.CheckboxSelectMultiple, **common)


def _division(element: Element, common: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=division_choices, **common)


def division_choices() -> list[tuple[str, Any]]:
    """Return city, units and townships for a choice: townships below the unit that manages them."""
    groups: dict[str, list[tuple[str, str]]] = {unit.code: [(unit.code, unit.name)] for unit in tree.units()}
    for branch in tree.branches().values():
        if branch.level == "township" and branch.unit in groups:
            groups[branch.unit].append((branch.code, branch.name))
    named = tree.branches()
    rest: list[tuple[str, Any]] = [(named[code].name, members) for code, members in groups.items()]
    return [("", _("请选择")), *[(b.code, b.name) for b in named.values() if b.level == "city"], *rest]


_MAKERS: Mapping[str, Callable[[Element, dict[str, Any]], forms.Field]] = {
    "long_text": _long_text,
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "division": _division,
}


def stored(element: Element, value: Any) -> Any:
    """Return a cleaned value as it is stored (JSON): numbers with fractions as text, days ISO 8601; None when empty."""
    if value in (None, "", []):
        return None
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal("0.01")) if element.kind == "money" else value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
