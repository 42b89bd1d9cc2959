"""Snapshots: figures as they were published, with the seals over their facts; anyone may have one counted again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from yizhantong.kernel.figures import actions
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, costly, signed_in
from yizhantong.web.api.schemas import Code, Day, Division, Id, Size, Strict, Text

router = Router(tags=["snapshots"])


class SnapshotOut(Schema):
    """A published figure; ``raw`` is exact in stored units, ``shown`` as printed, ``seal`` names the segments by ledger."""

    id: int
    figure: str
    label: str
    raw: str
    shown: str
    unit: str
    as_of: dt.date
    period_start: dt.date | None
    period_end: dt.date
    division_id: str | None
    definition_version: str
    definition: str
    declaration: list[dict[str, Any]]
    seal: dict[str, dict[str, Any]]
    published_at: dt.datetime
    note: str


class SnapshotList(Schema):
    """A page of snapshots; ``after`` leads to the next one, null on the last."""

    items: list[SnapshotOut]
    after: int | None


class Publication(Strict):
    """Which figures to publish, as of which day (today when left out), for which division (the city when left out)."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=200)]
    as_of: Day | None = None
    division: Division | None = None
    note: Annotated[Text, Field(max_length=200)] = ""


class ReasonOut(Schema):
    """Why a check did not simply agree."""

    code: str
    sentence: str


class SnapshotCheck(Schema):
    """What became of a snapshot: ``agrees`` when the segments it names stand and give its value again."""

    agrees: bool
    recomputed: str
    current: str
    reasons: list[ReasonOut]


@router.get("/snapshots", response=SnapshotList, summary="已发布的数据")
def list_snapshots(
    request: HttpRequest, figure: Code | None = None, after: Id | None = None, size: Size = 50
) -> dict[str, Any]:
    """Return published figures, the newest first."""
    items, place = lookups.snapshots(figure, after, size)
    return {"items": items, "after": place}


@router.post(
    "/snapshots",
    response={201: SnapshotList},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="发布数据",
)
def publish(request: HttpRequest, body: Publication) -> Status[dict[str, Any]]:
    """Seal the ledgers of the figures, count what is sealed, and publish (permission ``figures.publish``)."""
    made: list[Snapshot] = actions.publish(
        body.codes, body.as_of, account_of(request), division=body.division, note=body.note
    )
    return Status(201, {"items": made, "after": None})


@router.get("/snapshots/{snapshot_id}", response=SnapshotOut, summary="一份已发布的数据")
def get_snapshot(request: HttpRequest, snapshot_id: Id) -> Snapshot:
    """Return one published figure."""
    return lookups.snapshot(snapshot_id)


@router.get("/snapshots/{snapshot_id}/check", response=SnapshotCheck, throttle=costly(), summary="重算一份已发布的数据")
def check_snapshot(request: HttpRequest, snapshot_id: Id) -> Any:
    """Count a published figure again from the segments that it names, and say what changed since."""
    return actions.check_snapshot(snapshot_id)
