"""What a city decides of its talent service: ``talent/settings.toml`` of its folder, read once, wrong entries refused by name.

Nothing of it is a norm that was found written down: every part carries its source, 待核 while unconfirmed, and pages show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from yizhantong.kernel.divisions import city
from yizhantong.kernel.divisions.city import CityFolderError
from yizhantong.zones.talent import classes
from yizhantong.zones.talent.classes import ClassRules
from yizhantong.zones.talent.points import PointRule
from yizhantong.zones.talent.schedule import Plan
from yizhantong.zones.talent.sheets import Sheet

FILE = "talent/settings.toml"
KINDS = ("living", "housing", "settling")


class Qualification(BaseModel):
    """One condition that a station meets before experts come."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class YearRules:
    """The rules of a year in one version, with their document as it is kept."""

    year: int
    version: int
    source: str
    rules: ClassRules


@dataclass(frozen=True, slots=True)
class Stations:
    """How stations are judged and how long they stand."""

    law: str
    cycle_years: int
    bar_years: int
    prefix: str
    label: str
    rooms: dict[str, str]
    qualification: tuple[Qualification, ...]
    sheet: Sheet
    term_mark: Decimal


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration."""

    office: str
    remind_days: int
    recheck_month: int
    years: tuple[YearRules, ...]
    plans: dict[str, dict[str, Plan]]
    subsidy_law: str
    subsidy_source: str
    return_days: int
    points: tuple[PointRule, ...]
    housing_source: str
    answer_days: int
    declines: int
    lease_months: int
    consent_days: int
    post_answer_days: int
    suggest_from: int
    title_mark: Decimal
    title_law: str
    stations: Stations
    funds: tuple[dict[str, int], ...]
    estates: tuple[dict[str, Any], ...]

    def plan(self, kind: str, category: str) -> Plan | None:
        """Return what a kind of subsidy pays to a class; None where it pays it nothing."""
        return self.plans.get(kind, {}).get(category)


def settings() -> Settings:
    """Return what the city served here decided; :class:`CityFolderError` names what is wrong."""
    return _settings(str(city.folder()))


@lru_cache(maxsize=4)
def _settings(_folder: str) -> Settings:
    document = city.settings_of(FILE)
    try:
        return _read(document)
    except KeyError as error:
        raise CityFolderError(f"{FILE} 缺少 {error.args[0]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise CityFolderError(f"{FILE} 有误({place}):{first['msg']}") from error


def _read(document: dict[str, Any]) -> Settings:
    subsidies, housing, posts, titles = (document[name] for name in ("subsidies", "housing", "posts", "titles"))
    return Settings(
        office=str(document["offices"]["lead"]),
        remind_days=int(document["recognition"]["remind_days"]),
        recheck_month=int(document["recognition"]["recheck_month"]),
        years=tuple(_year(row) for row in document["years"]),
        plans={kind: TypeAdapter(dict[str, Plan]).validate_python(subsidies[kind]) for kind in KINDS},
        subsidy_law=str(subsidies["law"]),
        subsidy_source=str(subsidies["source"]),
        return_days=int(subsidies["return_days"]),
        points=tuple(PointRule.model_validate(row) for row in housing["points"]),
        housing_source=str(housing["source"]),
        answer_days=int(housing["answer_days"]),
        declines=int(housing["declines"]),
        lease_months=int(housing["lease_months"]),
        consent_days=int(posts["consent_days"]),
        post_answer_days=int(posts["answer_days"]),
        suggest_from=int(posts["suggest_from"]),
        title_mark=Decimal(titles["pass_mark"]),
        title_law=str(titles["law"]),
        stations=_stations(document["stations"]),
        funds=tuple(document.get("funds", ())),
        estates=tuple(document.get("estates", ())),
    )


def _year(row: dict[str, Any]) -> YearRules:
    document = {"valid_years": row["valid_years"], "classes": row["classes"]}
    return YearRules(int(row["year"]), int(row["version"]), str(row["source"]), classes.read(document))


def _stations(row: dict[str, Any]) -> Stations:
    return Stations(
        law=str(row["law"]),
        cycle_years=int(row["cycle_years"]),
        bar_years=int(row["bar_years"]),
        prefix=str(row["plaque_prefix"]),
        label=str(row["plaque_label"]),
        rooms={code: str(row["room_names"][code]) for code in row["rooms"]},
        qualification=tuple(Qualification.model_validate(one) for one in row["qualification"]),
        sheet=Sheet.model_validate(row["sheet"]),
        term_mark=Decimal(row["term"]["pass_mark"]),
    )
