"""How lanes, parts and gains are drawn on pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yizhantong.zones.onething.loading import short
from yizhantong.zones.onething.queries.shown import Lane, told

register = template.Library()
register.filter("told", told)
register.filter("short", short)
INSTANT = 0.2
"""How wide a part is drawn that is done on the day itself."""


@register.simple_tag
def bar(lane: Lane, total: int) -> SafeString:
    """Return when a part runs, as a bar on the common line of working days; for the eye only, the days stand beside it."""
    whole = max(total, 1)
    width = max(lane.days, INSTANT)
    return format_html(
        '<svg class="lane-bar" viewBox="0 0 {0} 1" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" x="0" y="0" width="{0}" height="1"/><rect class="{1}" x="{2}" y="0" width="{3}" height="1"/></svg>',
        whole, "on-path" if lane.on_path else "beside", min(lane.start, whole - INSTANT), width,
    )  # fmt: skip


@register.simple_tag
def share(part: int, whole: int) -> SafeString:
    """Return a measure now against what it was before, as a bar."""
    most = max(part, whole, 1)
    return format_html(
        '<svg class="gain-bar" viewBox="0 0 {0} 2" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="was" x="0" y="0.1" width="{1}" height="0.8"/><rect class="now" x="0" y="1.1" width="{2}" height="0.8"/></svg>',
        most, whole, part,
    )  # fmt: skip


@register.filter
def measure(gains: Any, code: str) -> Any:
    """Return one measure of the gains."""
    return gains.of(code)
