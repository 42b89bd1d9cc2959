"""What changed between two versions, for the one who has to approve it: place, what it is, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yizhantong.kernel.items import elements


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``kind`` added, removed or changed; texts for people, empty where there is nothing."""

    place: str
    kind: str
    before: str = ""
    after: str = ""

    @property
    def tab(self) -> str:
        """The part of the content it belongs to (``form`` …)."""
        return self.place.partition("[")[0].partition(".")[0]


_KEYS = ("code", "element")


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """Return the changes from one document to another, in the order of the content; lists with codes go by their codes."""
    return list(_mapping("", before or {}, after))


def _mapping(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*after, *before]):
        inner = f"{place}.{key}" if place else key
        yield from _value(inner, before.get(key), after.get(key))


def _value(place: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after or (_empty(before) and _empty(after)):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mapping(place, before, after)
    elif _coded(before) or _coded(after):
        yield from _listed(place, before or [], after or [])
    elif _empty(before):
        yield Change(place, "added", after=told(after))
    elif _empty(after):
        yield Change(place, "removed", before=told(before))
    else:
        yield Change(place, "changed", told(before), told(after))


def _listed(place: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    old, new = ({_key(item): item for item in items} for items in (before, after))
    for key, item in new.items():
        if key in old:
            yield from _value(f"{place}[{key}]", old[key], item)
        else:
            yield Change(f"{place}[{key}]", "added", after=told(item))
    for key in old.keys() - new.keys():
        yield Change(f"{place}[{key}]", "removed", before=told(old[key]))
    kept = [key for key in new if key in old]
    if kept != [key for key in old if key in new]:
        yield Change(place, "changed", "、".join(key for key in old if key in new), "、".join(kept))


def _coded(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and _key(value[0]) != ""


def _key(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    return next((str(item[key]) for key in _KEYS if item.get(key)), "")


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def told(value: Any) -> str:
    """Return a value of a document for people."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        name = value.get("name") or value.get("title") or value.get("text")
        if name:
            return str(name)
        element = elements.find(str(value.get("element", "")))
        if element is not None:
            return element.name
        return "、".join(f"{key} {told(item)}" for key, item in value.items() if not _empty(item))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(told(item) for item in value)
    return str(value)
