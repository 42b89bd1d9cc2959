"""Bounds of what one clean-up report may plausibly say; outside them it is most likely a slip of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KG_PER_TRIP = (200, 15_000)
"""Household waste per vehicle trip: 0.2 to 15 tonnes (待核). Kilograms written as tonnes lie a thousand times above."""

HEAPS = ("straw_piles", "dung_piles", "debris_piles")
NOES = ("no_dead_corner", "no_exposed_waste", "no_messy_piles", "no_exposed_manure", "no_sewage")


def implausible(values: Mapping[str, Any]) -> str:
    """Return in a Chinese sentence what cannot be right in a report, or an empty text."""
    trips, waste = values["vehicle_times"], values["waste_kg"]
    if waste and not trips:
        return "清运了垃圾却没有车辆台次,请补填车辆台次"
    if trips and waste > trips * KG_PER_TRIP[1]:
        return f"平均每台次 {waste / trips / 1000:.1f} 吨,超过 {KG_PER_TRIP[1] // 1000} 吨,是否把千克当成了吨"
    if waste and waste < trips * KG_PER_TRIP[0]:
        return f"平均每台次只有 {waste / trips:.0f} 千克,不足 {KG_PER_TRIP[0]} 千克,是否把吨当成了千克"
    return ""
