"""Tags for live figures: every numeral is a link to its records, and works without scripts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yizhantong.kernel import figures
from yizhantong.kernel.articles.wording import Text
from yizhantong.kernel.figures.values import NO_VALUE
from yizhantong.web.units import heading_of, scale_of, scale_of_value

if TYPE_CHECKING:
    from yizhantong.kernel.articles.briefs import Live
    from yizhantong.kernel.figures.values import Value

register = template.Library()


@register.simple_tag
def live(piece: Text | Live) -> SafeString | str:
    """Return plain text, or a figure as a link that opens its records beside the text."""
    if isinstance(piece, Text):
        return piece.text
    return format_html(
        '<a class="live num" href="{}" hx-get="{}" hx-target="#drawer" title="{}">{}</a>',
        figure_url(piece.value),
        drawer_url(piece.value),
        figures.figure(piece.value.code).label,
        spoken(piece),
    )


def spoken(piece: Live) -> str:
    """Return a figure in a text as the language in use says it: bare, or with its unit."""
    scale = scale_of_value(piece.value)
    return scale.number(piece.value.text) if piece.text == piece.value.text else scale.said(piece.value.text)


@register.simple_tag
def plain(line: list[Text | Live]) -> str:
    """Return a line of a brief without links, for titles."""
    return "".join(piece.text if isinstance(piece, Text) else spoken(piece) for piece in line)


@register.simple_tag
def said(value: Value, text: str = "") -> str:
    """Return a figure's value with its unit, or another number of the same figure."""
    return scale_of_value(value).said(text or value.text)


@register.simple_tag
def printed(text: str, unit_name: str) -> str:
    """Return a number that was printed in a unit, with that unit, as the language in use says it."""
    size = None if text in ("", NO_VALUE) else Decimal(text)
    return scale_of(unit_name, size).said(text)


@register.simple_tag
def number(value: Value, text: str = "") -> str:
    """Return a figure's value without its unit, or another number of the same figure."""
    return scale_of_value(value).number(text or value.text)


@register.simple_tag
def unit(value: Value) -> str:
    """Return the unit in which a figure's value is printed; empty for counts in English."""
    return scale_of_value(value).name


@register.filter
def heading(column: Any) -> str:
    """Return the heading of a ledger's column in the language in use."""
    return heading_of(column.field)


@register.filter
def is_number(column: Any) -> bool:
    """Tell whether a ledger's column holds numbers to be set right-aligned (not years or codes with labels)."""
    name = column.field.column
    kind = column.ledger.type_of(name)
    return kind in ("integer", "decimal") and not column.masked and not column.ledger.choices_of(name)


@register.filter
def translated(text: str) -> str:
    """Return the translation of a text that data hold, such as the name of a role or a field."""
    return gettext(text) if text else ""


@register.simple_tag
def figure_url(value: Value) -> str:
    """Return the address of the figure's page for the same day and division."""
    return reverse("web:figure", args=[value.code]) + _query(value)


@register.simple_tag
def drawer_url(value: Value) -> str:
    """Return the address of the figure's records beside the text."""
    return reverse("web:figure-drawer", args=[value.code]) + _query(value)


@register.simple_tag
def figure_label(code: str) -> Any:
    """Return the label of a figure."""
    return figures.figure(code).label


@register.simple_tag
def zone_name(code: str) -> Any:
    """Return the name of a zone; a code that is no zone is shown as it is."""
    return apps.get_app_config(code).verbose_name if code in apps.app_configs else code


def _query(value: Value) -> str:
    pairs = {"as_of": value.as_of.isoformat()}
    if value.division:
        pairs["division"] = value.division
    return "?" + urlencode(pairs)


@register.simple_tag
def share(part: Any, parts: Any) -> str:
    """Return a part as a percentage of the largest one, for drawing its bar."""
    largest = max((float(item.raw) for item in parts if item.raw), default=0.0)
    return f"{100 * float(part.raw or 0) / largest:.1f}" if largest > 0 else "0"
