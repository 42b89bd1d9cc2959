"""Figures: the catalogue, one, its series, its parts, and the records behind it. Everyone may ask; records show what one may see."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from yizhantong.kernel import figures
from yizhantong.kernel.figures import periods, queries
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.records import records as records_behind
from yizhantong.kernel.figures.values import Raw, Value
from yizhantong.web.api.auth import account_of, costly
from yizhantong.web.api.schemas import (
    Bucket,
    Code,
    Day,
    Division,
    Level,
    Number,
    Place,
    Size,
    Words,
    number,
)  # fmt: skip
from yizhantong.web.api.showing import FactOut, fact_out

router = Router(tags=["figures"])


class PeriodOut(Schema):
    """The days that a figure takes, both included; without ``start`` from the beginning."""

    start: str | None
    end: str
    text: str


class FigureOut(Schema):
    """A figure and its value: ``value`` and ``text`` in ``unit`` and rounded, ``raw`` exact in stored units (``28/45`` for ratios)."""

    code: str
    zone: str
    label: str
    definition: str
    unit: str
    value: Number
    text: str
    raw: str | None
    as_of: str
    period: PeriodOut
    division: str | None
    ledgers: list[str]
    dimensions: list[str]
    parent: str
    estimate: bool
    norm: str
    definition_version: str
    live: bool
    sealed_ids: dict[str, int]


class FigureList(Schema):
    """The figures that were asked for."""

    items: list[FigureOut]


class PointOut(Schema):
    """One bucket: the value within it, and ``total`` from the beginning up to its end."""

    start: str
    value: Number
    text: str
    total: Number
    total_text: str


class SeriesOut(Schema):
    """A figure in time."""

    code: str
    unit: str
    by: str
    points: list[PointOut]


class PartOut(Schema):
    """One part; ``key`` is null for facts above the level, or without a value."""

    key: str | None
    label: str
    value: Number
    text: str


class PartsOut(Schema):
    """A figure in parts by ``level`` of divisions or by ``dimension``."""

    code: str
    unit: str
    by: str
    parts: list[PartOut]


class RecordOut(Schema):
    """One record and what it contributes: ``raw`` in stored units, ``text`` in the figure's unit."""

    fact: FactOut
    raw: str
    text: str


class RecordsOut(Schema):
    """A page of the records behind a figure; ``complete``: the contributions of all pages add up to its value."""

    figure: str
    ledger: str
    items: list[RecordOut]
    after: str
    count: int
    capped: bool
    complete: bool


@router.get("/figures", response=FigureList, throttle=costly(), summary="全部数据")
def list_figures(
    request: HttpRequest,
    q: Words = "",
    zone: Code | None = None,
    as_of: Day | None = None,
    division: Division | None = None,
) -> dict[str, Any]:
    """Return figures with their values as of a day, by words (``q``), zone and division."""
    words = q.lower().split()
    asked = [item for item in figures.figures() if (not zone or item.zone == zone) and _matches(item, words)]
    found = queries.values([item.code for item in asked], as_of, division)
    return {"items": [_figure(item, found[item.code]) for item in asked]}


@router.get("/figures/{code}", response=FigureOut, throttle=costly(), summary="一项数据")
def get_figure(
    request: HttpRequest, code: Code, as_of: Day | None = None, division: Division | None = None
) -> dict[str, Any]:
    """Return one figure with its value as of a day."""
    return _figure(queries.find(code), queries.value(code, as_of, division))


@router.get("/figures/{code}/series", response=SeriesOut, throttle=costly(), summary="一项数据的时间序列")
def get_series(
    request: HttpRequest, code: Code, by: Bucket = "month", as_of: Day | None = None, division: Division | None = None
) -> dict[str, Any]:
    """Return a figure in buckets of days, weeks (from Monday) or months, without gaps."""
    points = queries.series(code, by, as_of, division)
    return {
        "code": code,
        "unit": queries.find(code).unit,
        "by": by,
        "points": [
            {
                "start": point.start.isoformat(), "value": number(point.shown), "text": point.text,
                "total": number(point.total_shown), "total_text": point.total_text,
            }
            for point in points
        ],
    }  # fmt: skip


@router.get("/figures/{code}/parts", response=PartsOut, throttle=costly(), summary="一项数据的分项")
def get_parts(
    request: HttpRequest,
    code: Code,
    level: Level | None = None,
    dimension: Words | None = None,
    as_of: Day | None = None,
    division: Division | None = None,
) -> dict[str, Any]:
    """Return a figure by division (``level``, by default by managing unit) or by one of its dimensions, not both at once."""
    if level is not None and dimension is not None:
        raise FigureError("figures.two_ways", "level 与 dimension 只能给一个")
    figure = queries.find(code)
    if dimension is not None:
        parts = queries.by_dimension(code, dimension, as_of, division)
    else:
        parts = queries.by_division(code, level or "unit", as_of, division)
    rows = [{"key": part.key, "label": part.label, "value": number(part.shown), "text": part.text} for part in parts]
    return {"code": code, "unit": figure.unit, "by": dimension or level or "unit", "parts": rows}


@router.get("/figures/{code}/records", response=RecordsOut, throttle=costly(), summary="一项数据背后的记录")
def get_records(
    request: HttpRequest,
    code: Code,
    as_of: Day | None = None,
    division: Division | None = None,
    part: Literal["numerator", "denominator"] = "numerator",
    after: Place = "",
    size: Size = 50,
) -> dict[str, Any]:
    """Return a page of the facts that were counted, the newest first; of a ratio those of ``part``."""
    page = records_behind(
        code, account_of(request), as_of=as_of, division=division, part=part, after=after or None, size=size
    )
    items = [{"fact": fact_out(page.columns, row.fact), "raw": str(row.raw), "text": row.text} for row in page.rows]
    return {
        "figure": page.figure.code, "ledger": page.ledger.code, "items": items, "after": page.after,
        "count": page.count, "capped": page.capped, "complete": page.complete,
    }  # fmt: skip


def _matches(item: Figure, words: list[str]) -> bool:
    text = " ".join([item.code, str(item.label), *item.phrases, str(item.definition)]).lower()
    return all(word in text for word in words)


def _figure(item: Figure, value: Value) -> dict[str, Any]:
    start, end = value.period.start, value.period.end
    return {
        "code": item.code, "zone": item.zone, "label": str(item.label), "definition": str(item.definition),
        "unit": item.unit, "value": number(value.shown), "text": value.text, "raw": raw_text(value.raw),
        "as_of": value.as_of.isoformat(), "division": value.division,
        "period": {"start": start and start.isoformat(), "end": end.isoformat(), "text": periods.text(value.period)},
        "ledgers": list(dict.fromkeys(part.ledger for part in queries.parts_of(item))),
        "dimensions": list(queries.dimensions_of(item)), "parent": item.parent, "estimate": item.estimate,
        "norm": str(item.norm), "definition_version": value.definition_version, "live": value.live,
        "sealed_ids": value.sealed_ids,
    }  # fmt: skip


def raw_text(raw: Raw | None) -> str | None:
    """Return an exact value as text."""
    return None if raw is None else str(raw)
