"""Enrolment for programs: seasons, the school of an address, handing in, how far a receipt is, the lottery's proof, statistics."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.facts import Key
from yizhantong.web.api.filing import Data
from yizhantong.web.api.problems import not_found, sign_in_first
from yizhantong.web.api.schemas import Strict
from yizhantong.zones.onething.enrolment.actions import intake
from yizhantong.zones.onething.enrolment.models import Intake, Season
from yizhantong.zones.onething.enrolment.queries import mine
from yizhantong.zones.onething.enrolment.queries import seasons as queries

router = Router(tags=["enrolment"])
EXTRA: dict[str, Any] = {"auth": signed_in, "openapi_extra": {"security": SIGNED_IN}}
Code = Annotated[str, Field(max_length=32, pattern=r"^[a-z0-9-]+$")]
KEY: Any = Header(..., alias="Idempotency-Key")  # type: ignore[type-arg]
Receipt = Annotated[str, Field(max_length=20, pattern=r"^R[0-9]{19}$")]


class SeasonOut(Schema):
    """One season: ``phase`` is coming, open, over or closed."""

    code: str
    name: str
    division: str
    stage: str
    year: int
    phase: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    born_from: dt.date
    born_to: dt.date
    source: str


class SchoolOut(Schema):
    """One school with its places."""

    code: str
    name: str
    address: str
    places: int


class LotteryOut(Schema):
    """What is needed to compute every lot; ``seed`` is empty until it is told."""

    commitment: str
    listed: str
    seed: str
    fits: bool
    formula: str
    codes: list[str]


class CountOut(Schema):
    """A school in numbers; null where a number is too small to be published."""

    code: str
    name: str
    places: int
    asked: int | None
    placed: int | None


class Submission(Strict):
    """The form of ``onething.school`` by data element."""

    data: Data


class ReceiptOut(Schema):
    """A receipt: ``state`` is waiting, opened (``number`` is the case's) or refused (``reason``)."""

    receipt: str
    season: str
    state: str
    received_at: dt.datetime
    number: str | None
    reason: str


@router.get("/seasons", response=list[SeasonOut], summary="入学报名批次")
def list_seasons(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the published seasons, newest first."""
    now = clock.now()
    return [
        {
            name: getattr(one, name)
            for name in ("code", "name", "stage", "year", "opens_at", "closes_at", "born_from", "born_to", "source")
        }
        | {"division": one.division_id, "phase": one.phase(now)}
        for one in queries.public()[:100]
    ]


@router.get("/seasons/{code}/schools", response=list[SchoolOut], summary="按住址查学校")
def find_school(
    request: HttpRequest,
    code: Code,
    address: Annotated[str, Query(min_length=2, max_length=120, pattern=r"^[^\x00]*$")],
) -> list[Any]:
    """Return the schools that serve an address; usually one, none where it is not found."""
    return queries.schools_for(_season(code), address)


@router.get("/seasons/{code}/lottery", response=LotteryOut, summary="摇号的公开验证")
def get_lottery(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return the commitment, the list, and (once told) the seed: anybody can compute all lots."""
    return queries.lottery_of(_season(code))


@router.get("/seasons/{code}/statistics", response=list[CountOut], summary="报名和录取统计")
def get_statistics(request: HttpRequest, code: Code) -> list[dict[str, Any]]:
    """Return places, applications and placements by school, without personal data."""
    return queries.statistics(_season(code))


@router.post("/seasons/{code}/submissions", response={201: ReceiptOut}, summary="提交入学报名", **EXTRA)
def submit(
    request: HttpRequest, response: HttpResponse, code: Code, body: Submission, idempotency_key: Key = KEY
) -> Status[dict[str, Any]]:
    """Hand a child in; what is acknowledged is kept for good. The same ``Idempotency-Key`` again gives the same receipt."""
    account = account_of(request)
    if not isinstance(account, User):
        raise sign_in_first()
    row = intake.receive(_season(code), body.data, account=account, key=idempotency_key)
    response["Location"] = reverse("api:enrolment-receipt", kwargs={"receipt": row.receipt})
    return Status(201, _told(row, code))


@router.get("/receipts/{receipt}", response=ReceiptOut, summary="收件进度", url_name="enrolment-receipt", **EXTRA)
def get_receipt(request: HttpRequest, receipt: Receipt) -> dict[str, Any]:
    """Return how far a receipt of one's own is."""
    row = mine.receipts(account_of(request)).filter(receipt=receipt).first()
    if row is None:
        raise not_found("enrolment.unknown_receipt", f"没有编号为 {receipt} 的收件,请核对编号")
    return _told(row, row.season.code)


def _season(code: str) -> Season:
    found = queries.standing(code)
    if found is None:
        raise not_found("enrolment.unknown_season", f"没有代码为“{code}”的招生批次")
    return found


def _told(row: Intake, season: str) -> dict[str, Any]:
    number = row.case.number if row.case is not None else None
    return {
        "receipt": row.receipt,
        "season": season,
        "state": row.state,
        "received_at": row.received_at,
        "number": number,
        "reason": row.reason,
    }
