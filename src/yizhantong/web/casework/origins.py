"""Where an item comes from in its zone (a policy's card, say): zones tell it, guide and builder link to it.

A zone registers a function for its own items from its pages, so that it is loaded with the addresses::

    @tells_origin("policies")
    def card_of(item: Item) -> Origin | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yizhantong.kernel.items.models import Item


@dataclass(frozen=True, slots=True)
class Origin:
    """A page of the zone: ``title`` to be shown, ``url`` of the page for everybody."""

    title: str
    url: str


Tells = Callable[[Item], Origin | None]
_telling: dict[str, Tells] = {}


def tells_origin(zone: str) -> Callable[[Tells], Tells]:
    """Register what tells the origin of a zone's items; ValueError when the zone has another one already."""

    def register(function: Tells) -> Tells:
        if zone in _telling and _telling[zone] is not function:
            raise ValueError(f"{zone} is registered already")
        _telling[zone] = function
        return function

    return register


def origin_of(item: Item) -> Origin | None:
    """Return where an item comes from, or None where its zone does not say."""
    function = _telling.get(item.zone)
    return function(item) if function is not None else None
