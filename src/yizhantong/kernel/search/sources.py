"""Where what is indexed comes from: each room declares its kinds in its ``search.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

from yizhantong.kernel.search import actions
from yizhantong.kernel.search.actions import Document

Iterate = Callable[[], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of things that can be found: its code, its name, and a function that yields all of them."""

    kind: str
    label: Any
    iterate: Iterate


_SOURCES: dict[str, Source] = {}


def declare_source(kind: str, label: Any, iterate: Iterate) -> None:
    """Declare a kind (``item``, ``policy``, ``help`` …; at most 20 letters) with all its things as they are now."""
    held = _SOURCES.setdefault(kind, Source(kind, label, iterate))
    if held.iterate is not iterate:
        raise ValueError(f"检索来源 {kind} 已经声明过")


@lru_cache(maxsize=1)
def _discover() -> None:
    autodiscover_modules("search")


def sources() -> list[Source]:
    """Return all sources of the installed apps, by kind (their ``search.py`` are imported once, here)."""
    _discover()
    return [_SOURCES[kind] for kind in sorted(_SOURCES)]


def label_of(kind: str) -> Any:
    """Return the name of a kind; of an undeclared one its code."""
    held = {source.kind: source.label for source in sources()}
    return held.get(kind, kind)


def rebuild(only: str = "") -> dict[str, tuple[int, int]]:
    """Bring the index into line with the sources (or one of them); return by kind how many changed and how many went.

    What did not change is left alone, so that it can be done at every start. Raises ``KeyError`` for an unknown kind.
    """
    found = {source.kind: source for source in sources()}
    if only:
        found = {only: found[only]}
    done: dict[str, tuple[int, int]] = {}
    for kind, source in found.items():
        documents = list(source.iterate())
        changed = actions.put(kind, documents)
        done[kind] = (changed, actions.keep_only(kind, (document.key for document in documents)))
    return done
