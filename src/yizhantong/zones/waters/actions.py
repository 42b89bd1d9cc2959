"""What changes in waters: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. Every result
is judged by GB 11607-89 as it is recorded.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.waters import queries
from yizhantong.zones.waters.figures import RESULTS, SAMPLES, STATIONS, SURVEYS
from yizhantong.zones.waters.models import Result, Station
from yizhantong.zones.waters.standards import Reading, judge


def establish(
    station: str, name: str, water: str, *, division: str, plan_year: int, target_class: int | None,
    position: tuple[Decimal, Decimal] | None, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Enter a station into the plan of a year; ``position`` is longitude and latitude in degrees, None while not surveyed."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "station": station,
        "name": name,
        "water": water,
        "plan_year": plan_year,
        "target_class": target_class,
        "longitude": position[0] if position else None,
        "latitude": position[1] if position else None,
    }
    return record(STATIONS, values, account=account, source=source)


@transaction.atomic
def withdraw_station(
    station: str, plan_year: int, *, reason: str, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Take a station out of the plan of a year from that day; its samples stay."""
    standing = _station(station, plan_year)
    return reverse(standing, account=account, reason=reason, occurred_on=on, source=source)


def survey(number: str, mode: str, *, division: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record a survey at sea or on shore."""
    values = {"division_id": division, "occurred_on": on, "survey": number, "mode": mode}
    return record(SURVEYS, values, account=account, source=source)


@transaction.atomic
def take(sample: str, survey: str, station: str, layer: str, *, account: Account | None, source: str) -> Fact:
    """Record a sample taken in a survey at a station of that year's plan; the day is that of the survey."""
    held = queries.survey(survey, lock=True)
    if held is None:
        raise LedgerError("waters.no_survey", f"没有编号为 {survey} 的监测", "监测编号")
    place = _station(station, held.occurred_on.year)
    values = {
        "division_id": place.division_id,
        "occurred_on": held.occurred_on,
        "sample": sample,
        "survey": survey,
        "station": station,
        "water": place.water,
        "layer": layer,
    }
    return record(SAMPLES, values, account=account, source=source)


@transaction.atomic
def measure(
    sample: str, parameter: str, value: Decimal, *, detected: bool = True, quality: str = Result.Quality.VALID.value,
    method: str = "", account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a result of an existing sample; of a non-detect ``value`` is the limit of detection."""
    taken = queries.sample(sample, lock=True)
    if taken is None:
        raise LedgerError("waters.no_sample", f"没有样品编号为 {sample} 的水样,请先登记采样", "样品编号")
    if not value.is_finite():
        raise LedgerError("waters.value", "测值应是有限的数", "测值")
    values = {
        "division_id": taken.division_id,
        "occurred_on": taken.occurred_on,
        "sample": sample,
        "station": taken.station,
        "water": taken.water,
        "parameter": parameter,
        "value": value,
        "detected": detected,
        "quality": quality,
        "verdict": judge(parameter, Reading(value, detected)).verdict.value,
        "method": method,
    }
    return record(RESULTS, values, account=account, source=source)


@transaction.atomic
def measure_again(
    sample: str, parameter: str, value: Decimal, *, detected: bool = True, reason: str, account: Account | None,
    source: str,
) -> Fact:  # fmt: skip
    """Replace a result by that of a second test: the first is taken back in red letters, the second recorded."""
    first = queries.result(sample, parameter, lock=True)
    if first is None:
        raise LedgerError("waters.no_result", f"水样 {sample} 没有该项目的数据", "监测项目")
    reverse(first, account=account, reason=reason, source=source)
    return measure(sample, parameter, value, detected=detected, method=first.method, account=account, source=source)


@transaction.atomic
def take_back_sample(sample: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a sample with all its results."""
    taken = queries.sample(sample, lock=True)
    if taken is None:
        raise LedgerError("waters.no_sample", f"没有样品编号为 {sample} 的水样", "样品编号")
    for result in queries.results(sample):
        reverse(result, account=account, reason=reason, source=source)
    return reverse(taken, account=account, reason=reason, source=source)


def _station(number: str, plan_year: int) -> Station:
    standing = queries.station(number, plan_year, lock=True)
    if standing is None:
        raise LedgerError("waters.no_station", f"{plan_year} 年方案中没有编号为 {number} 的监测站", "站位编号")
    return standing
