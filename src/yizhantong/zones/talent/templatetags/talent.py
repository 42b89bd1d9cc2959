"""How amounts are written on the zone's pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yizhantong.zones.talent.models import Fund

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in 分 as 元 with thousands, two decimals ("" for none)."""
    return "" if fen is None else f"{fen / 100:,.2f}"


@register.filter
def wan(fen: int | None) -> str:
    """Return an amount in 分 as 万元, two decimals ("" for none)."""
    return "" if fen is None else f"{fen / 1_000_000:,.2f}"


@register.filter
def pay(least: int, most: int) -> str:
    """Return a pay a month from least to most (分), as short as it can be: "5,000–8,000 元"."""
    ends = [f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}" for fen in dict.fromkeys((least, most))]
    return _("%s 元") % "–".join(ends)


@register.simple_tag
def fund_bar(fund: Fund) -> SafeString:
    """Return a year's money as a bar: what was paid, what is held, what is free."""
    total = max(fund.total_fen, 1)
    paid, held = fund.paid_fen * 1000 // total, fund.held_fen * 1000 // total
    return format_html(
        '<svg class="fund-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="paid" d="M0 0h{}v10H0z"/><path class="held" d="M{} 0h{}v10h-{}z"/></svg>',
        paid, paid, held, held,
    )  # fmt: skip
