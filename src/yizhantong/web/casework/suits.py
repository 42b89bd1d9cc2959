"""What suits me: zones say what fits an asker, the shell shows it.

A zone registers a function when its app is ready; it gets the account and those for whom it may ask, and returns what fits::

    @suggests("policies")
    def fitting(account, parties) -> list[Suggestion]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.items import catalogue, queries
from yizhantong.kernel.items.models import Item
from yizhantong.web.casework.parties import Party

MOST = 6
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that fits: ``why`` in one sentence, ``whose`` the party that it fits."""

    title: str
    url: str
    why: str = ""
    whose: str = ""


Suggests = Callable[[Account, Sequence[Party]], list[Suggestion]]
_suggesting: dict[str, Suggests] = {}


def suggests(name: str) -> Callable[[Suggests], Suggests]:
    """Register what a zone suggests, under its code; ValueError when the name is taken."""

    def register(function: Suggests) -> Suggests:
        if name in _suggesting and _suggesting[name] is not function:
            raise ValueError(f"{name} is registered already")
        _suggesting[name] = function
        return function

    return register


def suggestions(account: Account, parties: Sequence[Party]) -> list[Suggestion]:
    """Return what suits the asker: what zones say first, then items for people or organisations like these."""
    found = [one for function in _suggesting.values() for one in function(account, parties)] if parties else []
    if len(found) >= MOST:
        return found[:MOST]
    return found + _items(parties)[: MOST - len(found)]


def _items(parties: Sequence[Party]) -> list[Suggestion]:
    audiences = {party.audience for party in parties}
    rows = queries.published().filter(kind=Item.Kind.APPLICATION).order_by("code")[:LOOKED_AT]
    return [
        Suggestion(
            item.name,
            reverse("web:service", args=[item.code]),
            catalogue.content_of(item.current_id or 0).content.guide.summary,
        )
        for item in rows
        if audiences & set(catalogue.content_of(item.current_id or 0).content.guide.audience)
    ]
