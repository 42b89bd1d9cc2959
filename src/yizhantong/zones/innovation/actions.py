"""What changes in innovation: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. Statistics
of carriers arrive in 千元 and are kept in 分.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.innovation import queries
from yizhantong.zones.innovation.ledgers import (
    CARRIER_YEARS,
    CARRIERS,
    CERTIFIED,
    FACILITIES,
    PATENTS,
    PROJECTS,
    STATIONS,
)
from yizhantong.zones.innovation.models import Carrier, SkillStation
from yizhantong.zones.innovation.units import from_thousand_yuan


def list_project(
    project: str, name: str, owner: Organisation, *, category: str, level: str, fills_gap: bool, sales_fen: int,
    profit_tax_fen: int, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Enter a project into the plan of the day's year; its incomes are estimates."""
    values = {
        "division_id": owner.division_id,
        "occurred_on": on,
        "project": project,
        "name": name,
        "owner_id": owner.uscc,
        "plan_year": on.year,
        "category": category,
        "level": level,
        "fills_gap": fills_gap,
        "sales_fen": sales_fen,
        "profit_tax_fen": profit_tax_fen,
    }
    return record(PROJECTS, values, account=account, source=source)


@transaction.atomic
def strike_project(project: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take a project out of its plan."""
    listed = queries.project(project, lock=True)
    if listed is None:
        raise LedgerError("innovation.no_project", f"没有编号为 {project} 的重点项目", "项目编号")
    return reverse(listed, account=account, reason=reason, source=source)


def found_station(
    station: str, name: str, host: Organisation, *, batch: int, craft: str, on: dt.date, account: Account | None,
    source: str,
) -> Fact:  # fmt: skip
    """Enter a master's station that was confirmed in a batch."""
    if batch < 1:
        raise LedgerError("innovation.batch", "批次从 1 开始", "批次")
    values = {
        "division_id": host.division_id,
        "occurred_on": on,
        "station": station,
        "name": name,
        "batch": batch,
        "craft": craft,
        "host_id": host.uscc,
    }
    return record(STATIONS, values, account=account, source=source)


@transaction.atomic
def add_facility(station: str, kind: str, area: int, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record a room of a station, ``area`` in square metres."""
    standing = _station(station)
    if area <= 0:
        raise LedgerError("innovation.area", "面积应大于零", "面积")
    values = {
        "division_id": standing.division_id, "occurred_on": on, "station": station, "kind": kind, "area": area,
    }  # fmt: skip
    return record(FACILITIES, values, account=account, source=source)


@transaction.atomic
def close_station(station: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Take a station off the register from that day (摘牌)."""
    standing = _station(station)
    return reverse(standing, account=account, reason=reason, occurred_on=on, source=source)


def register_carrier(
    carrier: str, name: str, operator: Organisation, *, kind: str, level: str, on: dt.date, account: Account | None,
    source: str,
) -> Fact:  # fmt: skip
    """Enter a carrier that was recognised at a level."""
    values = {
        "division_id": operator.division_id,
        "occurred_on": on,
        "carrier": carrier,
        "name": name,
        "kind": kind,
        "level": level,
        "operator_id": operator.uscc,
    }
    return record(CARRIERS, values, account=account, source=source)


@transaction.atomic
def withdraw_carrier(carrier: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Take a carrier off the register from that day (取消资格, or before it is entered at another level)."""
    return reverse(_carrier(carrier), account=account, reason=reason, occurred_on=on, source=source)


@transaction.atomic
def report_year(
    carrier: str, year: int, *, operating_thousand: int, total_thousand: int, jobs: int, enterprises: int,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a carrier's statistics of a year from the State's form, incomes in whole 千元."""
    standing = _carrier(carrier)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise LedgerError("innovation.year", f"没有 {year} 年", "统计年度")
    if min(jobs, enterprises) < 0:
        raise LedgerError("innovation.count", "就业人数和在孵企业数不能为负", "吸纳就业")
    values = {
        "division_id": standing.division_id,
        "occurred_on": dt.date(year, 12, 31),
        "carrier": carrier,
        "kind": standing.kind,
        "level": standing.level,
        "year": year,
        "operating_fen": from_thousand_yuan(operating_thousand),
        "total_fen": from_thousand_yuan(total_thousand),
        "jobs": jobs,
        "enterprises": enterprises,
    }
    return record(CARRIER_YEARS, values, account=account, source=source)


@transaction.atomic
def take_back_year(carrier: str, year: int, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a carrier's statistics of a year."""
    reported = queries.carrier_year(carrier, year, lock=True)
    if reported is None:
        raise LedgerError("innovation.no_year", f"载体 {carrier} 没有 {year} 年年报", "统计年度")
    return reverse(reported, account=account, reason=reason, source=source)


@transaction.atomic
def certify(
    enterprise: Organisation, kind: str, certificate: str, *, carrier: str, on: dt.date, account: Account | None,
    source: str,
) -> Fact:  # fmt: skip
    """Record that an enterprise grown in a carrier was certified; a certificate's number counts once."""
    _carrier(carrier)
    values = {
        "division_id": enterprise.division_id,
        "occurred_on": on,
        "enterprise_id": enterprise.uscc,
        "kind": kind,
        "carrier": carrier,
        "certificate": certificate,
    }
    return record(CERTIFIED, values, account=account, source=source)


@transaction.atomic
def grant_patent(
    patent: str, kind: str, owner: Organisation, *, carrier: str, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Record a patent granted to an enterprise of a carrier."""
    _carrier(carrier)
    values = {
        "division_id": owner.division_id,
        "occurred_on": on,
        "patent": patent,
        "kind": kind,
        "owner_id": owner.uscc,
        "carrier": carrier,
    }
    return record(PATENTS, values, account=account, source=source)


@transaction.atomic
def lapse_patent(patent: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Take a patent out of force from that day."""
    granted = queries.patent(patent, lock=True)
    if granted is None:
        raise LedgerError("innovation.no_patent", f"没有专利号为 {patent} 的有效专利", "专利号")
    return reverse(granted, account=account, reason=reason, occurred_on=on, source=source)


def _carrier(number: str) -> Carrier:
    standing = queries.carrier(number, lock=True)
    if standing is None:
        raise LedgerError("innovation.no_carrier", f"没有编号为 {number} 的双创载体", "载体编号")
    return standing


def _station(number: str) -> SkillStation:
    standing = queries.station(number, lock=True)
    if standing is None:
        raise LedgerError("innovation.no_station", f"没有编号为 {number} 的技能大师工作站", "工作站编号")
    return standing
