"""Divisions: the tree of the city, every official code with its source and days of validity."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from yizhantong.kernel.divisions import tree
from yizhantong.web.api import lookups, schemas
from yizhantong.web.api.problems import not_found

router = Router(tags=["divisions"])
DivisionLevel = Literal["province", "city", "county", "zone", "township", "village"]


class DivisionCodeOut(Schema):
    """A code that an official list gave, with the days on which it held."""

    code: str
    name: str
    source: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class DivisionOut(Schema):
    """A division: ``parent`` in law, ``unit`` that manages it, all its ``codes``."""

    code: str
    name: str
    level: str
    parent: str | None
    unit: str | None
    coastal: bool
    source: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    codes: list[DivisionCodeOut]


class DivisionList(Schema):
    """Divisions in the order of their codes; the tree is in ``parent`` and ``unit``."""

    root: str | None
    items: list[DivisionOut]


@router.get("/divisions", response=DivisionList, summary="行政区划与管理单位")
def list_divisions(
    request: HttpRequest, under: schemas.Division | None = None, level: DivisionLevel | None = None
) -> dict[str, Any]:
    """Return the divisions of the city, or those which ``under`` manages, of all levels or one."""
    if under is not None and under not in tree.branches():
        raise not_found("figures.unknown_division", _("没有代码为“%(code)s”的行政区划,请核对代码") % {"code": under})
    rows = lookups.divisions(under, level)
    items = [
        {
            "code": row.code, "name": row.name, "level": row.level, "parent": row.parent_id, "unit": row.unit_id,
            "coastal": row.coastal, "source": row.source, "valid_from": row.valid_from, "valid_to": row.valid_to,
            "codes": codes,
        }
        for row, codes in rows
    ]  # fmt: skip
    return {"root": tree.root() if tree.branches() else None, "items": items}
