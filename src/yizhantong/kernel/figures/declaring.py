"""Declaring the figures of a zone without saying the same of each: what most of them share is said once.

::

    declare = Declaring("training", period=Period.THIS_YEAR, norm=_("…"))
    sessions = declare.over(SESSIONS, dimensions=("培训类型",))
    sessions.count("sessions", _("培训场次"), ("组织培训", "举办培训"), _("今年以来举办的培训场次。"), unit="场")
    declare.ratio("attendance_per_session", _("每场平均参训"), (), _("…"), of=("attendance", "sessions"), unit="人次")

Codes are those within the zone (``parent`` and the parts of a ratio too). Conditions add up: a figure's ``where`` is joined by
``and`` to that of the object which declares it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from yizhantong.kernel.figures.declare import Count, Distinct, Figure, Period, Ratio, Sum, figure, register
from yizhantong.kernel.ledger import Ledger

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from yizhantong.kernel.figures.declare import Measure


class Further(TypedDict, total=False):
    """What may be said of a figure besides, once for many or of one alone: see :class:`Figure`."""

    where: str
    date: str
    period: Period
    decimals: int
    dimensions: tuple[str, ...]
    parent: str
    estimate: bool
    norm: StrOrPromise


class Declaring:
    """Declares figures of one zone; ``further`` holds for each of them that does not say otherwise."""

    def __init__(self, zone: str, ledger: str = "", **further: Unpack[Further]) -> None:
        self._zone, self._ledger, self._shared = zone, ledger, further

    def over(self, ledger: Ledger, **further: Unpack[Further]) -> Declaring:
        """Return one that declares figures over ``ledger``, with what is said here already."""
        return Declaring(self._zone, ledger.code, **self._joined(further))

    def count(
        self, code: str, label: StrOrPromise, phrases: tuple[str, ...], definition: StrOrPromise, *,
        unit: str, **further: Unpack[Further],
    ) -> Figure:  # fmt: skip
        """Declare how many facts there are."""
        return self._register(code, label, phrases, definition, Count(), unit, further)

    def sum(
        self, code: str, label: StrOrPromise, phrases: tuple[str, ...], definition: StrOrPromise, *,
        of: str, unit: str, **further: Unpack[Further],
    ) -> Figure:  # fmt: skip
        """Declare the sum of the column ``of``."""
        return self._register(code, label, phrases, definition, Sum(of), unit, further)

    def distinct(
        self, code: str, label: StrOrPromise, phrases: tuple[str, ...], definition: StrOrPromise, *,
        of: str, unit: str, **further: Unpack[Further],
    ) -> Figure:  # fmt: skip
        """Declare how many different values of the column ``of`` there are."""
        return self._register(code, label, phrases, definition, Distinct(of), unit, further)

    def ratio(
        self, code: str, label: StrOrPromise, phrases: tuple[str, ...], definition: StrOrPromise, *,
        of: tuple[str, str], unit: str, **further: Unpack[Further],
    ) -> Figure:  # fmt: skip
        """Declare the first of two figures of this zone over the second, a share when ``unit`` is %.

        Its period is that of the first unless it says otherwise; no shared condition, ledger or dimension is its own.
        """
        top, bottom = self._code(of[0]), self._code(of[1])
        common: Further = {"period": figure(top).period, "norm": self._shared.get("norm", "")}
        apart = Declaring(self._zone, **common)
        return apart._register(code, label, phrases, definition, Ratio(top, bottom, percent=unit == "%"), unit, further)

    def _register(
        self, code: str, label: StrOrPromise, phrases: tuple[str, ...], definition: StrOrPromise, measure: Measure,
        unit: str, further: Further,
    ) -> Figure:  # fmt: skip
        said = self._joined(further)
        if "parent" in said:
            said["parent"] = self._code(said["parent"])
        return register(
            Figure(
                code=self._code(code), label=label, measure=measure, unit=unit, definition=definition, phrases=phrases,
                ledger=self._ledger, **said,
            )
        )  # fmt: skip

    def _joined(self, further: Further) -> Further:
        conditions = [part["where"] for part in (self._shared, further) if part.get("where")]
        if len(conditions) > 1:
            conditions = [f"({text})" if " or " in text else text for text in conditions]
        return {**self._shared, **further, "where": " and ".join(conditions)}

    def _code(self, name: str) -> str:
        return f"{self._zone}.{name}" if name else ""
