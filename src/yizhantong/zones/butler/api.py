"""The API of the butler service, below ``/api/v1/butler``: appeals and visits as their accounts may see them, for programs and phones."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import not_found
from yizhantong.zones.butler.actions import appeals as actions
from yizhantong.zones.butler.actions import endings
from yizhantong.zones.butler.actions.visits import log_visit
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.payloads import VisitIn
from yizhantong.zones.butler.queries import appeals as queries
from yizhantong.zones.butler.queries.knowledge import suggested

router = Router(tags=["butler"])
Number = Annotated[str, Field(max_length=24)]


class AppealOut(Schema):
    """An appeal; ``enterprise`` is withheld where its asker wished so."""

    number: str
    subject: str
    kind: str
    channel: str
    enterprise: str
    agency: str
    state: str
    result: str
    submitted_at: dt.datetime | None
    due_at: dt.datetime | None
    closed_at: dt.datetime | None
    ending: str


class AppealsOut(Schema):
    """One page of appeals; ``after`` asks for the next one."""

    items: list[AppealOut]
    after: int | None


class AppealIn(Schema):
    """An appeal to be filed."""

    enterprise: Annotated[str, Field(max_length=18)]
    kind: Annotated[str, Field(max_length=32)]
    subject: Annotated[str, Field(min_length=4, max_length=80)]
    text: Annotated[str, Field(min_length=4, max_length=2000)]
    channel: Annotated[str, Field(max_length=12)] = "platform"
    is_secret: bool = False
    key: Annotated[str, Field(max_length=64)] = ""


class AnswerOut(Schema):
    """An answer of the knowledge base."""

    id: int
    question: str
    answer: str
    kind: str
    valid_until: dt.date


class VisitOut(Schema):
    """A visit that was taken; ``fresh`` is false when it was there already."""

    uuid: str
    fresh: bool
    notes: list[str]


def shown(case: Case, account: Any) -> dict[str, Any]:
    """Return an appeal as the account may see it."""
    ending = next(iter(sorted(case.endings.all(), key=lambda row: -row.round)), None)
    return {
        "number": case.number,
        "subject": case.title,
        "kind": case.item_id.removeprefix("butler."),
        "channel": case.details.get("channel", ""),
        "enterprise": queries.asker_of(case, account),
        "agency": case.office.name if case.office else "",
        "state": case.state,
        "result": case.result,
        "submitted_at": case.submitted_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "ending": ending.state if ending else "",
    }


@router.get("/appeals", response=AppealsOut, auth=signed_in, openapi_extra={"security": SIGNED_IN}, summary="诉求列表")
def list_appeals(
    request: HttpRequest,
    after: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """Return the appeals an account may see, newest first, by keys."""
    account = account_of(request)
    found = queries.with_progress(queries.visible_appeals(account))
    rows = list((found.filter(pk__lt=after) if after else found)[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return {"items": [shown(case, account) for case in rows[:limit]], "after": more}


@router.post(
    "/appeals", response={201: AppealOut}, auth=signed_in, openapi_extra={"security": SIGNED_IN}, summary="提出诉求"
)
def file_appeal(request: HttpRequest, body: AppealIn) -> Status[dict[str, Any]]:
    """File an appeal; the same ``key`` again is the same appeal."""
    account = account_of(request)
    firm = Organisation.objects.filter(pk=body.enterprise, kind=Organisation.Kind.ENTERPRISE).first()
    if firm is None:
        raise LedgerError("butler.no_enterprise", "没有这家企业,请核对统一社会信用代码", "企业")
    case = actions.file_appeal(
        firm, kind=body.kind, subject=body.subject, text=body.text, channel=body.channel, is_secret=body.is_secret,
        account=account, key=body.key or None,
    )  # fmt: skip
    return Status(201, shown(case, account))


@router.get(
    "/appeals/{number}", response=AppealOut, auth=signed_in, openapi_extra={"security": SIGNED_IN}, summary="一件诉求"
)
def get_appeal(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one appeal."""
    account = account_of(request)
    return shown(_visible(account, number), account)


@router.post(
    "/appeals/{number}/confirmation",
    response=AppealOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="确认诉求的结局",
)
def confirm(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Confirm the ending, by who acts for the enterprise."""
    account = account_of(request)
    endings.confirm(_visible(account, number), account=account)
    return shown(_visible(account, number), account)


@router.get("/answers", response=list[AnswerOut], summary="知识库中与一段话相近的答复")
def answers(
    request: HttpRequest,
    text: Annotated[str, Query(min_length=2, max_length=200)],
    kind: Annotated[str, Query(max_length=32)] = "",
) -> list[Any]:
    """Return the answers nearest to a text, as far as the account may read them."""
    return suggested(account_of(request), text, kind if kind in settings().kinds else "", most=10)


@router.post(
    "/visits",
    response={200: VisitOut, 201: VisitOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="上传一次走访",
)
def upload_visit(request: HttpRequest, body: VisitIn) -> Status[dict[str, Any]]:
    """Take a visit of a butler; the same uuid may be sent any number of times."""
    logged = log_visit(body.given(), account=account_of(request))
    answer = {"uuid": str(logged.visit.pk), "fresh": logged.fresh, "notes": list(logged.notes)}
    return Status(201 if logged.fresh else 200, answer)


def _visible(account: Any, number: str) -> Case:
    found = queries.with_progress(queries.visible_appeals(account)).filter(number=number).first()
    if found is None:
        raise not_found("butler.no_appeal", "没有这件诉求,或当前账号不能查看")
    return found
