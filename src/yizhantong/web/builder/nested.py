"""Posted names as a document: ``materials.0.name`` is the name of the first material, ``guide.audience[]`` a list of choices."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

MOST = 5_000
"""Most names taken from one post."""


def nested(posted: QueryDict) -> dict[str, Any]:
    """Return what was posted under names with dots; a name without any stands for itself; numbers make lists."""
    tree: dict[str, Any] = {}
    for name in list(posted)[:MOST]:
        values = [str(value) for value in posted.getlist(name)]
        listed = name.endswith("[]")
        value: Any = [item for item in values if item] if listed else values[-1]
        _put(tree, name.removesuffix("[]").split("."), value)
    return {key: _with_lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree[path[-1]] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(part) for key, part in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def at(tree: Any, path: str) -> Any:
    """Return what stands at a path, or None."""
    for part in path.split("."):
        if isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        elif isinstance(tree, dict):
            tree = tree.get(part)
        else:
            return None
    return tree
