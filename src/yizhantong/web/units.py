"""Numbers with their units as people of either language read them; the one place where a page converts.

In Chinese a figure is printed in its own unit (359.04亿元). English does not count in 万 and 亿, so the exact decimal is moved:
35.904 billion yuan, 133,800 attendances. Counting words (个, 家, 件 …) say nothing in English and are left out there: the
catalogue gives them, under the context ``unit``, as "number".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext, pgettext

from yizhantong.kernel.figures.values import NO_VALUE

if TYPE_CHECKING:
    from yizhantong.kernel.figures.values import Value

YUAN = {"元": 0, "万元": 4, "亿元": 8}
"""Units of money by the power of ten that makes them yuan."""
MYRIADS = {"万个": "个", "万人次": "人次", "万件": "件", "万吨": "吨"}
"""Units of ten thousand by the unit of which they are ten thousand."""
STEPS = ((9, "billion yuan"), (6, "million yuan"), (3, "thousand yuan"))
UNSAID = "number"


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers of one unit are printed: moved by a power of ten, then named; ``spaced`` in English."""

    power: int
    name: str
    spaced: bool = False

    def number(self, text: str) -> str:
        """Return a printed decimal moved to this scale; what is no number stays as it is."""
        if not self.spaced or text == NO_VALUE:
            return text
        return english(Decimal(text).scaleb(self.power))

    def said(self, text: str) -> str:
        """Return the number with its unit."""
        number = self.number(text)
        if not self.name or number == NO_VALUE:
            return number
        return f"{number} {self.name}" if self.spaced and self.name != "%" else f"{number}{self.name}"


def scale_of(unit: str, size: Decimal | None = None) -> Scale:
    """Return the scale for numbers of a unit in the language in use; ``size`` is a typical number of them."""
    if not speaks_english():
        return Scale(0, unit)
    if unit in YUAN:
        return _yuan(YUAN[unit], abs(size) if size is not None else Decimal(1))
    power = 4 if unit in MYRIADS else 0
    name = name_of(MYRIADS.get(unit, unit))
    return Scale(power, "" if name == UNSAID else name, spaced=True)


def _yuan(power: int, size: Decimal) -> Scale:
    whole = size.scaleb(power)
    for step, name in STEPS:
        if whole >= 10**step:
            return Scale(power - step, name, spaced=True)
    return Scale(power, "yuan", spaced=True)


def scale_of_value(value: Value) -> Scale:
    """Return the scale in which a figure's value, and all that is shown beside it, is printed."""
    return scale_of(value.unit, value.shown)


def name_of(unit: str) -> str:
    """Return a unit's name in the language in use."""
    return pgettext("unit", unit) if unit else ""


def heading_of(item: Any) -> str:
    """Return a ledger field's name with its unit, in the language in use."""
    name = gettext(item.name)
    unit = name_of(item.unit) if item.unit else ""
    if not unit or unit == UNSAID:
        return name
    return f"{name} ({unit})" if speaks_english() else f"{name}({unit})"


def english(number: Decimal) -> str:
    """Return a number with thousands separators and without trailing zeros."""
    plain = number.normalize()
    exponent = plain.as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{plain:,.{max(-exponent, 0)}f}"


def speaks_english() -> bool:
    """Tell whether the page is in English."""
    return (get_language() or "").startswith("en")
