"""The tree of divisions in memory: a few thousand nodes, read once and again after each change.

Two trees share the nodes: the statutory one (``parent``) and the managed one, in which a township hangs below the unit
that manages it. Facts are rolled up along the managed tree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from yizhantong.kernel.divisions.models import Division

RollupLevel = Literal["unit", "county", "township", "village"]


@dataclass(frozen=True, slots=True)
class Branch:
    """One division as the tree knows it."""

    code: str
    name: str
    level: str
    parent: str | None
    unit: str | None


@lru_cache(maxsize=1)
def branches() -> dict[str, Branch]:
    """Return all divisions by code, in the order of their codes."""
    rows = Division.objects.order_by("code").values_list("code", "name", "level", "parent_id", "unit_id")
    return {code: Branch(code, name, level, parent, unit) for code, name, level, parent, unit in rows}


@lru_cache(maxsize=1)
def _managed_children() -> dict[str, list[str]]:
    children: dict[str, list[str]] = defaultdict(list)
    for branch in branches().values():
        above = managed_parent(branch)
        if above:
            children[above].append(branch.code)
    return children


def managed_parent(branch: Branch) -> str | None:
    """Return the code above ``branch`` in the managed tree: zones hang below the city, townships below their unit."""
    if branch.level == Division.Level.TOWNSHIP:
        return branch.unit or branch.parent
    if branch.level == Division.Level.ZONE:
        return root()
    return branch.parent


@lru_cache(maxsize=1)
def root() -> str:
    """Return the code of the city itself."""
    return next(b.code for b in branches().values() if b.level == Division.Level.CITY)


@lru_cache(maxsize=4096)
def subtree(code: str) -> frozenset[str]:
    """Return the codes that ``code`` manages, itself included; an unknown code has none."""
    if code not in branches():
        return frozenset()
    found, queue = set(), [code]
    while queue:
        current = queue.pop()
        found.add(current)
        queue.extend(_managed_children().get(current, ()))
    return frozenset(found)


def unit_of(code: str) -> str | None:
    """Return the managing unit of a division, or None for the city and above."""
    branch = branches().get(code)
    return branch.unit if branch else None


def units() -> list[Branch]:
    """Return the managing units: counties and functional zones, in the order of their codes, zones last."""
    levels = (Division.Level.COUNTY, Division.Level.ZONE)
    return sorted((b for b in branches().values() if b.level in levels), key=lambda b: (b.level, b.code))


@lru_cache(maxsize=4)
def rollup(level: RollupLevel) -> dict[str, str]:
    """Return, for each code at or below ``level``, the code of that level which contains it.

    ``unit`` follows the managed tree, ``county`` the statutory one (GB/T 2260), ``township`` and ``village`` either.
    """
    return {code: above for code in branches() if (above := _climb(code, level)) is not None}


def _climb(code: str, level: RollupLevel) -> str | None:
    if level == "unit":
        return branches()[code].unit
    current: str | None = code
    while current is not None and branches()[current].level != level:
        current = branches()[current].parent
    return current


@receiver([post_save, post_delete], sender=Division)
def forget(**_kwargs: Any) -> None:
    """Drop what is remembered of the tree, after a change or a bulk load."""
    for remembered in (branches, _managed_children, root, subtree, rollup):
        remembered.cache_clear()
