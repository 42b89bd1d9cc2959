"""How amounts are written on the zone's pages."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in 分 as 元 with thousands, two decimals ("" for none)."""
    return "" if fen is None else f"{fen / 100:,.2f}"


@register.filter
def wan(fen: int | None) -> str:
    """Return an amount in 分 as 万元, two decimals ("" for none)."""
    return "" if fen is None else f"{fen / 1_000_000:,.2f}"
