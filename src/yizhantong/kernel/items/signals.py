"""What others are told of items, inside the transaction of the action: zones keep their own tables in step, search its index.

::

    @when("published")            # published, suspended, resumed, retired
    def index(item, version): …
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

from yizhantong.kernel.items.models import Item, ItemVersion

Listener: TypeAlias = Callable[[Item, ItemVersion], object]
EVENTS = frozenset({"published", "suspended", "resumed", "retired"})
_listeners: dict[str, list[Listener]] = defaultdict(list)


def when(event: str) -> Callable[[Listener], Listener]:
    """Return a decorator that has a function called at every such event; an unknown event is a mistake of the caller."""
    if event not in EVENTS:
        raise ValueError(f"unknown event of items: {event}")

    def register(listener: Listener) -> Listener:
        if listener not in _listeners[event]:
            _listeners[event].append(listener)
        return listener

    return register


def announce(event: str, item: Item, version: ItemVersion) -> None:
    """Tell all listeners."""
    for listener in _listeners[event]:
        listener(item, version)
