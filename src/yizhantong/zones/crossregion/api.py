"""The API of cross-region handling, below ``/api/v1/crossregion``: for people's programs. Other cities use the signed exchange instead."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people
from yizhantong.kernel.files import actions as files
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import Problem, not_found
from yizhantong.zones.crossregion.access import check_party, visible
from yizhantong.zones.crossregion.actions import ending, sending
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, Mode
from yizhantong.zones.crossregion.queries import crossings as queries
from yizhantong.zones.crossregion.queries import hello

router = Router(tags=["crossregion"])
Number = Annotated[str, Field(max_length=24)]
MOST_FILES = 60
PURPOSE = "跨区通办"
FILE: Any = File(...)  # type: ignore[type-arg]


class OfferOut(Schema):
    """An item of another city that can be asked for."""

    id: int
    city: str
    city_name: str
    code: str
    name: str
    version: str
    modes: list[str]
    agency: str
    limit: str
    fields: list[dict[str, Any]]
    materials: list[dict[str, Any]]


class OpeningOut(Schema):
    """An item of ours that other cities may send to us."""

    code: str
    name: str
    agency: str
    modes: list[str]


class SpanOut(Schema):
    """Who answered from when to when (null: still)."""

    who: str
    since: dt.datetime
    until: dt.datetime | None


class CrossingOut(Schema):
    """A request between this city and another."""

    number: str
    direction: str
    mode: str
    city: str
    item: str
    stage: str
    outcome: str
    reason: str
    other_number: str
    due_at: dt.datetime | None
    received_at: dt.datetime | None
    ended_at: dt.datetime | None
    spans: list[SpanOut]


class CrossingsOut(Schema):
    """One page of requests; ``after`` asks for the next one."""

    items: list[CrossingOut]
    after: int | None


class FileIn(Schema):
    """A file for a material of the list: ``file`` is the number that :func:`keep_file` answered to this very account."""

    material: Annotated[str, Field(min_length=1, max_length=48)]
    file: Annotated[int, Field(ge=1, le=2**62)]


class FileOut(Schema):
    """A file that was kept, to be named in a request or a supplement."""

    file: int
    name: str
    media_type: str
    size: int
    sha256: str


class RequestIn(Schema):
    """A request to another city, wholly online; ``organisation`` empty: for oneself."""

    offer: Annotated[int, Field(ge=1, le=2**62)]
    organisation: Annotated[str, Field(max_length=18)] = ""
    form: dict[str, Any] = {}
    files: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []
    key: Annotated[str, Field(max_length=64)] = ""


class SupplementIn(Schema):
    """What the other city lacks: values of the form by their codes, and files."""

    form: dict[str, Any] = {}
    files: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []


class ReasonIn(Schema):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def shown(row: Crossing) -> dict[str, Any]:
    """Return a crossing as the API tells it."""
    return {
        "number": row.number, "direction": row.direction, "mode": row.mode, "city": row.partner.code, "item": row.item_name,
        "stage": row.stage, "outcome": row.outcome, "reason": row.reason, "other_number": row.other_number, "due_at": row.due_at,
        "received_at": row.received_at, "ended_at": row.ended_at, "spans": queries.spans(row),
    }  # fmt: skip


@router.get("/offers", response=list[OfferOut], summary="外地可办事项")
def list_offers(request: HttpRequest, q: Annotated[str, Query(max_length=60)] = "") -> list[dict[str, Any]]:
    """Return what other cities have opened to this one."""
    return [
        {
            "id": row.pk, "city": row.partner.code, "city_name": row.partner.name, "code": row.code, "name": row.name, "version": row.version,
            "modes": row.modes, "agency": row.agency, "limit": row.limit, "fields": row.fields, "materials": row.materials,
        }
        for row in queries.offers(q.replace("\x00", ""))[:500]
    ]  # fmt: skip


@router.get("/openings", response=list[OpeningOut], summary="本市向外地开放的事项")
def list_openings(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what this city has opened to others."""
    return [
        {"code": row.item_id, "name": row.item.name, "agency": row.item.agency.name, "modes": row.modes} for row in hello.openings()
    ]  # fmt: skip


@router.get(
    "/cases", response=CrossingsOut, auth=signed_in, openapi_extra={"security": SIGNED_IN}, summary="通办业务列表"
)
def list_crossings(
    request: HttpRequest,
    after: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """Return the requests that an account may see, newest first, by keys."""
    found = visible(account_of(request)).order_by("-pk")
    rows = list((found.filter(pk__lt=after) if after else found)[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return {"items": [shown(row) for row in rows[:limit]], "after": more}


@router.post(
    "/files",
    response={201: FileOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="上传一份材料的文件",
)
def keep_file(request: HttpRequest, file: UploadedFile = FILE) -> Status[dict[str, Any]]:
    """Keep a file (at most 20 MB; images, PDF, office documents) for a request or a supplement that this account makes afterwards.

    What no request names within the days that files are kept is removed. Refused is an account that acts for nobody.
    """
    account = account_of(request)
    _check_party(account)
    kept = files.store(file, account=account, name=file.name or "", purpose=PURPOSE)
    told = {"file": kept.pk, "name": kept.name, "media_type": kept.media_type, "size": kept.size, "sha256": kept.sha256}
    return Status(201, told)


@router.post(
    "/cases",
    response={201: CrossingOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="向外地申请(全程网办)",
)
def ask(request: HttpRequest, body: RequestIn) -> Status[dict[str, Any]]:
    """Ask another city for something, with the files that were kept before; the same ``key`` again is the same request."""
    account = account_of(request)
    offer = queries.offers(mode=Mode.ONLINE).filter(pk=body.offer).first()
    if offer is None:
        raise not_found("crossregion.no_offer", "没有这个外地事项,或它不能全程网办")
    party: Any = account.person if isinstance(account, User) else None
    if body.organisation:
        own = people.mandated(account, ZONE)
        party = Organisation.objects.filter(pk=body.organisation, pk__in=own).first()
    if party is None:
        raise not_found("crossregion.no_party", "当前账号没有实名,或不能代表这个单位")
    case = sending.receive_for(
        party, [sending.Wanted(offer, body.form, _kept(account, body.files))], Mode.ONLINE, account=account, key=body.key or None
    )  # fmt: skip
    return Status(201, shown(Crossing.objects.select_related("partner").get(case=case)))


@router.get(
    "/cases/{number}",
    response=CrossingOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="一件通办业务",
)
def get_crossing(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one request."""
    return shown(_visible(account_of(request), number))


@router.post(
    "/cases/{number}/supplement",
    response=CrossingOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="补正",
)
def supplement(request: HttpRequest, number: Number, body: SupplementIn) -> dict[str, Any]:
    """Give what the other city lacks, by who asks or who handles what goes between cities."""
    account = account_of(request)
    given = _kept(account, body.files)
    sending.give_supplement(_visible(account, number), form=body.form, files=given, account=account)
    return shown(_visible(account, number))


@router.post(
    "/cases/{number}/withdrawal",
    response=CrossingOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="撤回申请",
)
def withdraw(request: HttpRequest, number: Number, body: ReasonIn) -> dict[str, Any]:
    """Take a request back, by who asks."""
    account = account_of(request)
    crossing = _visible(account, number)
    if crossing.direction != "sent":
        raise not_found("crossregion.no_case", "没有这件通办业务,或当前账号不能撤回")
    sending.withdraw(crossing, body.reason, account=account)
    return shown(_visible(account, number))


@router.post(
    "/cases/{number}/return",
    response=CrossingOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="退回对方城市",
)
def give_back(request: HttpRequest, number: Number, body: ReasonIn) -> dict[str, Any]:
    """Give a request back that is not ours, by who handles what goes between cities."""
    account = account_of(request)
    ending.give_back(_visible(account, number), body.reason, account=account)
    return shown(_visible(account, number))


def _check_party(account: Any) -> None:
    try:
        check_party(account)
    except CrossingError as error:
        raise Problem(403, error.code, error.sentence) from error


def _visible(account: Any, number: str) -> Crossing:
    found = visible(account).filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise not_found("crossregion.no_case", "没有这件通办业务,或当前账号不能查看")
    return found


def _kept(account: Any, named: list[FileIn]) -> list[tuple[str, Stored]]:
    """Return the files by the code of their material; one that this account did not upload for this is not known."""
    own = Stored.objects.filter(uploaded_by=account, purpose=PURPOSE, pk__in=[each.file for each in named])
    held = {stored.pk: stored for stored in own}
    if any(each.file not in held for each in named):
        raise not_found("crossregion.no_file", "没有这个文件,请先由同一账号上传")
    return [(each.material, held[each.file]) for each in named]
