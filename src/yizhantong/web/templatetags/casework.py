"""Tags for cases: lights as shapes with words, names, values of forms, sizes of files."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.models import Case, SpecialProcedure
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.web.casework import lights, moments, origins, people
from yizhantong.web.casework.page import CasePage

register = template.Library()

SHAPES = {
    "red": "M0 0h12v12H0z",
    "yellow": "M6 0l6 12H0z",
    "green": "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0z",
    "paused": "M1 0h3.5v12H1zM7.5 0H11v12H7.5z",
    "none": "M0 5h12v2H0z",
}
"""A square, a triangle, a disc, two bars, a dash: told apart without their colours."""
KILO = 1024


@register.simple_tag
def light(shown: lights.Light) -> SafeString:
    """Return a light: shape, its name for screen readers, and what it means here."""
    shape = mark_safe(
        f'<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="{SHAPES[shown.code]}"/></svg>'
    )
    name = {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯"), "paused": _("停表"), "none": ""}[shown.code]
    name = "" if name == shown.text else name
    return format_html(
        '<span class="light light-{}">{}<span class="visually-hidden">{} </span>{}</span>',
        shown.code,
        shape,
        name,
        shown.text,
    )


@register.simple_tag
def lamp(code: str, name: str) -> SafeString:
    """Return the lamp of a supervision order: its shape and its name."""
    return light(lights.Light(code, str(name)))


@register.simple_tag
def light_of(case: Any) -> SafeString:
    """Return the light of a case now."""
    return light(lights.of_case(case, clock.now()))


@register.simple_tag
def light_of_step(step: Any, case: Any = None) -> SafeString:
    """Return the light of an open step now, of the case that is given or was fetched with it."""
    return light(lights.of_step(step, clock.now(), case))


@register.simple_tag(takes_context=True)
def applicant(context: Any, case: Any, own: bool = False) -> str:
    """Return who asks: an organisation in full, a person masked unless the page is their own, the unnamed not at all."""
    return people.applicant_name(case, own, context["user"])


@register.filter
def masked(name: str) -> str:
    """Return a person's name, masked."""
    return people.masked_name(name)


@register.filter
def limit(given: Any) -> str:
    """Return a limit as a guide tells it."""
    return lights.limit_text(given)


register.filter("moment", moments.moment)
register.filter("day", moments.day)


@register.filter
def size(octets: int) -> str:
    """Return the size of a file in words."""
    if octets < KILO:
        return f"{octets} B"
    return f"{octets / KILO:.0f} KB" if octets < KILO * KILO else f"{octets / KILO / KILO:.1f} MB"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Return what a mapping holds for a key, or None."""
    return mapping.get(key) if mapping is not None else None


@register.filter
def reason(code: str) -> str:
    """Return why a clock's segment began, in words."""
    known = {
        "accepted": _("受理"), "resumed": _("恢复"), "reopened": _("重办"), "supplement": _("补正"), "confirm": _("待申请人确认"),
    }  # fmt: skip
    if code.startswith("procedure:"):
        kinds = dict(SpecialProcedure.Kind.choices)
        return str(kinds.get(code.partition(":")[2], code))
    return str(known.get(code, code))


@register.filter
def outcome(code: str) -> str:
    """Return how a case ended, in words."""
    return str(Case.Outcome(code).label) if code in Case.Outcome.values else code


@register.filter
def state(code: str) -> str:
    """Return how a case stands, in words."""
    return str(Case.State(code).label) if code in Case.State.values else code


@register.simple_tag
def step_outcome(page: CasePage, step: Any) -> str:
    """Return how a step of a page's case was done, in words."""
    return page.outcome_of(step)


@register.simple_tag
def event_outcome(page: CasePage, event: Any) -> str:
    """Return what came of an event, in words."""
    return page.outcome_of_event(event)


@register.simple_tag
def step_name(page: CasePage, code: str) -> str:
    """Return the name of a step of a page's case."""
    return page.step_name(code)


@register.simple_tag
def origin_of(item: Item) -> origins.Origin | None:
    """Return the page of its zone that an item comes from, or None."""
    return origins.origin_of(item)
