"""Open data for programs: the catalogue, a dataset's columns, its rows by pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from yizhantong.web import opendata
from yizhantong.web.api.problems import not_found
from yizhantong.web.api.schemas import Code, Id, Size
from yizhantong.web.opendata import Dataset

router = Router(tags=["open data"])


class DatasetOut(Schema):
    """A dataset: what it is, under which licence, when it changed last (null: not known)."""

    code: str
    title: str
    description: str
    zone: str
    keywords: list[str]
    licence: str
    licence_url: str
    updated: dt.datetime | None


class ColumnOut(Schema):
    """One column; ``kind`` is text, integer, decimal, date, moment or boolean."""

    name: str
    label: str
    kind: str
    description: str


class DatasetDetail(DatasetOut):
    """A dataset with its columns."""

    columns: list[ColumnOut]


class DatasetList(Schema):
    """All datasets."""

    items: list[DatasetOut]


class Rows(Schema):
    """Some rows by the columns' names, from the one numbered ``after``; ``next`` opens the next page, null at the end. ``tag`` changes with the content."""

    items: list[dict[str, Any]]
    total: int
    next: int | None
    tag: str


@router.get("/open-data", response=DatasetList, summary="开放数据目录")
def list_open_data(request: HttpRequest) -> dict[str, Any]:
    """Return all datasets."""
    return {"items": [_shown(each) for each in opendata.datasets()]}


@router.get("/open-data/{code}", response=DatasetDetail, summary="一个数据集")
def get_open_data(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return a dataset with its columns."""
    found = _found(code)
    columns = [
        {"name": each.name, "label": str(each.label), "kind": each.kind, "description": str(each.description)}
        for each in found.columns
    ]
    return _shown(found) | {"columns": columns}


@router.get("/open-data/{code}/rows", response=Rows, summary="数据集的行")
def list_open_data_rows(request: HttpRequest, code: Code, after: Id | None = None, size: Size = 50) -> dict[str, Any]:
    """Return rows of a dataset as it is now."""
    table = opendata.table(_found(code))
    start = min(after or 0, len(table.rows))
    end = start + size
    total = len(table.rows)
    return {
        "items": opendata.objects(table, start, size),
        "total": total,
        "next": end if end < total else None,
        "tag": table.tag,
    }


def _found(code: str) -> Dataset:
    found = opendata.dataset(code)
    if found is None:
        raise not_found("opendata.unknown", _("没有代码为“%(code)s”的数据集,全部见 /api/v1/open-data") % {"code": code})
    return found


def _shown(of: Dataset) -> dict[str, Any]:
    return {
        "code": of.code, "title": str(of.title), "description": str(of.description), "zone": of.zone,
        "keywords": [str(word) for word in of.keywords], "licence": of.terms.code, "licence_url": of.terms.url, "updated": of.updated(),
    }  # fmt: skip
