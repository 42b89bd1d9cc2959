"""What a city decides of bank and enterprise matching: ``finance/settings.toml`` of its folder, read once.

Limits and lists that no norm fixes carry their ``source`` (待核 while unconfirmed); pages show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yizhantong.kernel.divisions import city
from yizhantong.kernel.divisions.city import CityFolderError
from yizhantong.kernel.parties import vocabulary
from yizhantong.zones.finance.errors import FinanceError

FILE = "finance/settings.toml"
GUARANTOR = "guarantor"
"""The group of data that a guarantor authorises for himself."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of a list of reasons: its code, its text, the law it rests on (or empty)."""

    code: str
    text: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of data that can be authorised: ``names`` of the vocabulary of enterprises."""

    code: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """The loan prime rates in force from a day on, in basis points."""

    since: dt.date
    one: int
    five: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration; days are working days, except those of authorisations."""

    refusals: Mapping[str, Reason]
    unsolved: Mapping[str, Reason]
    not_accepted: Mapping[str, Reason]
    groups: Mapping[str, Group]
    rates: tuple[Rates, ...]
    authorisation_days: tuple[int, ...]
    most_days: int
    answer_days: int
    contact_days: int
    warn_days: int
    grab_places: int
    grab_days: int
    most_bp: int
    source: str
    contact_source: str

    def lpr(self, kind: str, day: dt.date) -> int:
        """Return the loan prime rate (``1y`` or ``5y``) in force on a day, in basis points.

        Raises :class:`FinanceError` ``finance.no_lpr`` for a day before the first that the table knows.
        """
        found = [rates for rates in self.rates if rates.since <= day]
        if not found:
            raise FinanceError("finance.no_lpr", f"城市配置里没有 {day} 的贷款市场报价利率,请补充")
        return found[-1].one if kind == "1y" else found[-1].five


def settings() -> Settings:
    """Return what the city served here decided; :class:`CityFolderError` names what is wrong."""
    return _settings(str(city.folder()))


def reason_of(reasons: Mapping[str, Reason], code: str, what: str) -> Reason:
    """Return the entry of a list; ``finance.unknown_reason`` where there is none."""
    found = reasons.get(code)
    if found is None:
        raise FinanceError("finance.unknown_reason", f"请从清单中选择{what}", field="code")
    return found


@lru_cache(maxsize=4)
def _settings(_folder: str) -> Settings:
    document = city.settings_of(FILE)
    try:
        return _read(document)
    except (KeyError, TypeError) as error:
        raise CityFolderError(f"{FILE} 缺少或多出 {error},请对照示例城市核对") from None


def _read(document: Mapping[str, Any]) -> Settings:
    authorisation, contact, grabbing = document["authorisation"], document["contact"], document["grabbing"]
    groups = [Group(row["code"], row["label"], tuple(row["names"])) for row in document["groups"]]
    unknown = sorted({name for group in groups for name in group.names} - vocabulary.NAMES)
    if unknown or GUARANTOR not in {group.code for group in groups}:
        raise CityFolderError(
            f"{FILE} 的 groups 有企业画像没有的名称:{'、'.join(unknown) or '缺少保证人信息 guarantor'}"
        )
    rates = sorted((Rates(**row) for row in document["lpr"]), key=lambda row: row.since)
    return Settings(
        refusals=_reasons(document["refusals"]), unsolved=_reasons(document["unsolved"]),
        not_accepted=_reasons(document["not_accepted"]), groups={group.code: group for group in groups},
        rates=tuple(rates), authorisation_days=tuple(authorisation["days"]), most_days=authorisation["most_days"],
        answer_days=document["answering"]["days"], contact_days=contact["days"], warn_days=contact["warn_days"],
        grab_places=grabbing["places"], grab_days=grabbing["days"], most_bp=document["interest"]["most_bp"],
        source=document["source"], contact_source=contact["source"],
    )  # fmt: skip


def _reasons(rows: Iterable[Mapping[str, str]]) -> dict[str, Reason]:
    return {row["code"]: Reason(**row) for row in rows}
