"""How amounts, rates and lights of this zone are written on pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yizhantong.kernel.divisions import clock
from yizhantong.web import units
from yizhantong.zones.finance.models import Engagement, Listing, MatchEvent, Need, Product, Talk
from yizhantong.zones.finance.models.events import Invitation

register = template.Library()
NO_AMOUNT = "—"
TAGS: dict[str, str] = {
    "pushed": "tag-warn", "taken": "tag-warn", "contacted": "tag-info", "diligence": "tag-info", "granted": "tag-info",
    "signed": "tag-info", "drawn": "tag-good", "overdue": "tag-bad", "settled": "tag-good", "refused": "tag-bad",
    "missed": "tag-bad", "review": "tag-warn", "pool": "tag-info", "dealing": "tag-info", "solved": "tag-good",
    "unsolved": "tag-bad", "submitted": "tag-warn", "published": "tag-good", "inviting": "tag-info", "planned": "tag-warn",
    "accepted": "tag-good", "invited": "tag-warn", "declined": "", "left": "tag-bad", "called_off": "tag-bad",
    "recorded": "tag-good", "reversed": "tag-warn", "failed": "tag-bad", "match": "tag-good", "near": "tag-warn",
    "no": "tag-bad", "unknown": "tag-info", "person": "tag-info",
}  # fmt: skip
NUMERALS = {"met": "✓", "not_met": "✗", "unknown": "?", "needs_person": "…"}


@register.filter
def wan(fen: int | None) -> str:
    """Return an amount in 分 for a column headed 万元, which is thousand yuan in English, or a dash."""
    if fen is None:
        return NO_AMOUNT
    return units.english(Decimal(fen) / 100_000) if units.speaks_english() else _wan(fen)


@register.filter
def money(fen: int | None) -> str:
    """Return an amount in 分 with its unit, as the language in use counts: 60 万元, 600 thousand yuan; or a dash."""
    return " ".join(_parts(fen)) if fen is not None else NO_AMOUNT


@register.filter
def amount(fen: int | None) -> str:
    """Return the same with the unit set smaller, for amounts that stand alone."""
    return NO_AMOUNT if fen is None else format_html("{}<small>{}</small>", *_parts(fen))


@register.simple_tag
def money_range(least: int, most: int) -> str:
    """Return a range of amounts in 分 with one unit, that of the greater."""
    scale = units.scale_of("元", Decimal(most) / 100)
    if not units.speaks_english():
        return f"{_wan(least)}–{_wan(most)} 万元"
    return f"{scale.number(str(Decimal(least) / 100))}–{scale.said(str(Decimal(most) / 100))}"


def _wan(fen: int) -> str:
    """Return 分 as 万元 without needless zeros."""
    text = f"{Decimal(fen) / 1_000_000:,.2f}"
    return text[:-3] if text.endswith(".00") else text


def _parts(fen: int) -> tuple[str, str]:
    """Return the number and the unit of an amount."""
    if not units.speaks_english():
        return _wan(fen), "万元"
    yuan_ = Decimal(fen) / 100
    scale = units.scale_of("元", yuan_)
    return scale.number(str(yuan_)), scale.name


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in 分 as 元 with two decimals, or a dash."""
    return NO_AMOUNT if fen is None else f"{Decimal(fen) / 100:,.2f}"


@register.filter
def rate(bp: int | Decimal | None) -> str:
    """Return a yearly rate in basis points as a percentage rounded as published figures are, or a dash."""
    if bp is None:
        return NO_AMOUNT
    return f"{(Decimal(bp) / 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


@register.filter
def points(bp: int) -> str:
    """Return a spread in basis points with its sign."""
    return f"{bp:+d}" if bp else "0"


@register.filter
def tag_of(state: str) -> str:
    """Return the class of a state's tag."""
    return TAGS.get(state, "")


@register.filter
def sign_of(verdict: str) -> str:
    """Return the sign of a condition's verdict."""
    return NUMERALS.get(verdict, "")


@register.filter
def listed(names: Iterable[Any]) -> str:
    """Return names in a row, parted as the language in use parts them."""
    return _("、").join(str(name) for name in names)


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Return what a mapping holds under a key, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def purpose(code: str) -> Any:
    """Return what the money is for, in words."""
    return dict(Need.Purpose.choices).get(code, code)


@register.filter
def guarantee(code: str) -> Any:
    """Return how a loan is secured, in words."""
    return dict(Need.Guarantee.choices).get(code, code)


@register.simple_tag
def light(due_at: dt.datetime | None, warn_at: dt.datetime | None = None) -> dict[str, str]:
    """Return the light of a moment by which somebody has to act: code, and in words how long is left."""
    if not due_at:
        return {"code": "none", "text": ""}
    now = clock.now()
    hours = int(abs((due_at - now).total_seconds()) // 3600)
    days = hours // 24
    length = (
        ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
        if days
        else ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}
    )
    if due_at < now:
        return {"code": "red", "text": _("超时 %(length)s") % {"length": length}}
    code = "yellow" if warn_at and warn_at <= now else "green"
    return {"code": code, "text": _("还有 %(length)s") % {"length": length}}


@register.simple_tag
def time_of(event: MatchEvent, slot: int) -> str:
    """Return when a slot begins and ends."""
    begins, ends = event.times(slot)
    return f"{begins:%H:%M}–{ends:%H:%M}"


@register.simple_tag
def table_of(event: MatchEvent, table: int) -> str:
    """Return where a table stands."""
    return event.table_name(table)


@register.simple_tag
def partner_of(talk: Talk, invitation: Invitation) -> str:
    """Return the name of whom a participant meets."""
    return (talk.bank if talk.enterprise_id == invitation.pk else talk.enterprise).organisation.name


@register.filter
def free_in(invitation: Invitation, slot: int) -> bool:
    """Tell whether a participant can come in a slot."""
    return invitation.free is None or slot in invitation.free


@register.simple_tag
def term(product: Product) -> str:
    """Return the terms of a product in months."""
    if product.min_months == product.max_months:
        return str(product.max_months)
    return f"{product.min_months}–{product.max_months}"


@register.simple_tag
def part_of(part: int | None, whole: int | None) -> str:
    """Return a part of a whole in percent, at most 100, for drawing its bar."""
    return f"{min(100.0, 100 * (part or 0) / whole):.1f}" if whole else "0"


@register.filter
def is_open(engagement: Engagement) -> bool:
    """Tell whether a dealing goes on."""
    return engagement.state not in Engagement.ENDED


@register.filter
def ending_of(listing: Listing) -> Any:
    """Return how a need ended, or its state."""
    return listing.get_ending_display() if listing.ending else listing.get_state_display()


@register.filter
def need_name(listing: Listing) -> str:
    """Return what a need is called in the language in use."""
    return _("融资需求 %(money)s,%(months)d 个月") % {"money": money(listing.wanted_fen), "months": listing.term_months}


@register.simple_tag
def balance(engagement: Engagement) -> str:
    """Return what is still to be paid back, for a column headed 万元."""
    return wan(engagement.drawn_fen - engagement.repaid_fen)
