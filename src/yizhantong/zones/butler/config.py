"""What a city decides of its butler service: ``butler/appeals.toml`` of its folder, read once, wrong entries refused by name.

Limits and rungs that no norm fixes carry their ``source`` (待核 while unconfirmed); pages show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeVar

from yizhantong.kernel.access.policy import PERMISSIONS
from yizhantong.kernel.divisions import city
from yizhantong.kernel.divisions.city import CityFolderError
from yizhantong.zones.butler.models import Appeal

FILE = "butler/appeals.toml"
SCOPES = ("handler", "office", "city")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of appeal, an item of its own: ``counts_as`` is its class in the ledger, ``agency`` who is asked first (首问责任)."""

    code: str
    label: str
    counts_as: str
    agency: str
    limits: str

    @property
    def item(self) -> str:
        """Return the code of the item by which it is handled."""
        return f"butler.{self.code}"


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of the ladder: after ``days`` calendar days open, ``to`` is told and has ``limit_days`` to say what he does."""

    days: int
    to: str
    label: str
    permission: str
    scope: str
    limit_days: int
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which an appeal is not accepted, with its law."""

    code: str
    text: str
    law: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration."""

    kinds: Mapping[str, Kind]
    ladder: tuple[Rung, ...]
    not_accepted: Mapping[str, Reason]
    confirm_days: int
    duplicate_days: int
    likeness: float
    valid_days: int
    source: str

    def kind_of(self, item: str) -> Kind | None:
        """Return the kind that is handled by an item; None for an item that is no kind of appeal here."""
        return self.kinds.get(item.removeprefix("butler."))

    def label_of(self, kind: str) -> str:
        """Return the label of a kind; a code that was dropped since is shown as it is."""
        return self.kinds[kind].label if kind in self.kinds else kind


def settings() -> Settings:
    """Return what the city served here decided; :class:`CityFolderError` names what is wrong."""
    return _settings(str(city.folder()))


@lru_cache(maxsize=4)
def _settings(_folder: str) -> Settings:
    document = city.settings_of(FILE)
    kinds = {kind.code: kind for kind in _rows(Kind, document, "kinds")}
    ladder = tuple(sorted(_rows(Rung, document, "ladder"), key=lambda rung: rung.days))
    reasons = {reason.code: reason for reason in _rows(Reason, document, "not_accepted")}
    _check(kinds.values(), ladder)
    return Settings(
        kinds=kinds,
        ladder=ladder,
        not_accepted=reasons,
        confirm_days=int(document["confirmation"]["days"]),
        duplicate_days=int(document["duplicates"]["days"]),
        likeness=float(document["duplicates"]["likeness"]),
        valid_days=int(document["knowledge"]["valid_days"]),
        source=str(document["source"]),
    )


def _rows(kind: type[T], document: Mapping[str, Any], name: str) -> list[T]:
    wanted = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    made = []
    for position, row in enumerate(document.get(name, []), start=1):
        if set(row) != wanted:
            odd = "、".join(sorted(set(row) ^ wanted))
            raise CityFolderError(f"{FILE} 的 {name} 第 {position} 项多出或缺少:{odd}")
        made.append(kind(**row))
    if not made:
        raise CityFolderError(f"{FILE} 没有 {name},请至少写一项")
    return made


def _check(kinds: Any, ladder: tuple[Rung, ...]) -> None:
    for kind in kinds:
        if kind.counts_as not in Appeal.Kind.values:
            raise CityFolderError(f"{FILE} 的种类 {kind.code}:没有统计类别 {kind.counts_as}")
    if len({rung.days for rung in ladder}) != len(ladder):
        raise CityFolderError(f"{FILE} 的 ladder 有两级天数相同")
    for rung in ladder:
        if rung.permission not in PERMISSIONS or rung.scope not in SCOPES:
            raise CityFolderError(f"{FILE} 的 ladder {rung.days} 天:没有权限 {rung.permission} 或范围 {rung.scope}")
