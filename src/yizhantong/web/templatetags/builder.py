"""Inputs of the builder: each named by its place in the document (``materials.0.name``), its id made of it (``f-materials-0-name``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yizhantong.web.views.items.shared import anchor

register = template.Library()


def _label(name: str, label: Any) -> SafeString:
    return format_html('<label class="form-label" for="{}">{}</label>', anchor(name), label)


@register.simple_tag
def text(name: str, value: Any, label: Any, size: str = "", hint: str = "", kind: str = "text") -> SafeString:
    """Return a line of text with its label."""
    told = format_html('<small class="field-help" id="{}-hint">{}</small>', anchor(name), hint) if hint else ""
    described = format_html(' aria-describedby="{}-hint"', anchor(name)) if hint else ""
    return format_html(
        '<div class="bf {}">{}<input class="form-control" type="{}" id="{}" name="{}" value="{}"{}>{}</div>',
        size, _label(name, label), kind, anchor(name), name, "" if value is None else value, described, told,
    )  # fmt: skip


@register.simple_tag
def area(name: str, value: Any, label: Any, rows: int = 2, code: bool = False) -> SafeString:
    """Return several lines of text with their label."""
    return format_html(
        '<div class="bf wide">{}<textarea class="form-control{}" rows="{}" id="{}" name="{}">{}</textarea></div>',
        _label(name, label), " code" if code else "", rows, anchor(name), name, value or "",
    )  # fmt: skip


@register.simple_tag
def pick(name: str, value: Any, label: Any, choices: Iterable[tuple[str, Any]]) -> SafeString:
    """Return a choice with its label."""
    options = format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((code, SafeString(" selected") if str(value) == code else "", told) for code, told in choices),
    )  # fmt: skip
    return format_html(
        '<div class="bf">{}<select class="form-select" id="{}" name="{}">{}</select></div>',
        _label(name, label), anchor(name), name, options,
    )  # fmt: skip


def is_on(value: Any) -> bool:
    """Tell whether a value of a document, or a posted one, says yes."""
    return value is True or value in ("true", "on", "1")


@register.simple_tag
def tick(name: str, value: Any, label: Any) -> SafeString:
    """Return a box to tick; unticked it posts ``false``."""
    return format_html(
        '<div class="bf tick"><input type="hidden" name="{0}" value="false"><label><input type="checkbox" class="form-check-input" '
        'id="{1}" name="{0}" value="true"{2}> {3}</label></div>',
        name, anchor(name), SafeString(" checked") if is_on(value) else "", label,
    )  # fmt: skip


@register.simple_tag
def ticks(name: str, values: Iterable[str], label: Any, choices: Iterable[tuple[str, Any]]) -> SafeString:
    """Return boxes to tick for a list of codes."""
    held = set(values or ())
    boxes = format_html_join(
        "", '<label><input type="checkbox" class="form-check-input" name="{}[]" value="{}"{}> {}</label>',
        ((name, code, SafeString(" checked") if code in held else "", told) for code, told in choices),
    )  # fmt: skip
    return format_html(
        '<fieldset class="bf ticks" id="{}"><legend>{}</legend><input type="hidden" name="{}[]" value="">{}</fieldset>',
        anchor(name), label, name, boxes,
    )  # fmt: skip


@register.simple_tag
def act(do: str, label: Any, sign: str = "", disabled: bool = False) -> SafeString:
    """Return a button that changes rows; ``sign`` is shown, the label is read aloud."""
    return format_html(
        '<button type="submit" class="btn btn-small" name="do" value="{}"{}{}>{}</button>',
        do, SafeString(" disabled") if disabled else "", format_html(' aria-label="{}" title="{}"', label, label) if sign else "",
        sign or label,
    )  # fmt: skip


@register.filter
def of(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """Return an entry of a mapping, or nothing."""
    return (mapping or {}).get(key, "")
