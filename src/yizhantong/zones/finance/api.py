"""The API of bank and enterprise matching, below ``/api/v1/finance``: products for everyone, needs and dealings for those they concern."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import not_found
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions import bankfiles, looking, needs, offering
from yizhantong.zones.finance.actions.needs import NeedGiven
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.matching import fitting, suits
from yizhantong.zones.finance.matching.suits import published
from yizhantong.zones.finance.models import BankFile, Engagement, Listing, Product
from yizhantong.zones.finance.queries import visible

router = Router(tags=["finance"])
Number = Annotated[str, Field(max_length=24, pattern=r"^[0-9A-Za-z]*$")]
Uscc = Annotated[str, Field(max_length=18, pattern=r"^[0-9A-Z]*$")]
MOST_BYTES = 5 * 1024 * 1024
SECURED: dict[str, Any] = {"security": SIGNED_IN}


class ProductOut(Schema):
    """A product on offer: amounts in 分, rates yearly simple interest in basis points today."""

    code: str
    bank: str
    name: str
    summary: str
    min_fen: int
    max_fen: int
    min_months: int
    max_months: int
    rate_low_bp: int
    rate_high_bp: int
    guarantees: list[str]
    purposes: list[str]
    conditions: list[str]
    materials: list[str]
    valid_until: dt.date | None


class NeedIn(Schema):
    """A need to be filed; the same ``key`` again is the same need."""

    enterprise: Uscc
    amount_fen: Annotated[int, Field(gt=0, le=10**14)]
    term_months: Annotated[int, Field(ge=1, le=360)]
    purpose: Annotated[str, Field(max_length=8)]
    guarantee: Annotated[str, Field(max_length=8)]
    first_loan: bool = False
    rate_bp: Annotated[int, Field(ge=0, le=2400)] | None = None
    collateral: Annotated[str, Field(max_length=500)] = ""
    use: Annotated[str, Field(max_length=500)] = ""
    needed_by: dt.date | None = None
    key: Annotated[str, Field(max_length=64)] = ""


class NeedOut(Schema):
    """A need as the account may see it: ``enterprise`` is empty for a bank without an authorisation. Amounts in 分, never mixed."""

    number: str
    state: str
    ending: str
    enterprise: str
    industry: str
    district: str
    wanted_fen: int
    contracted_fen: int | None
    drawn_fen: int | None
    term_months: int
    purpose: str
    guarantee: str
    first_loan: bool
    rate_bp: int | None
    grab_places: int


class NeedsOut(Schema):
    """One page of needs, newest first; ``after`` asks for the next one, null at the end."""

    items: list[NeedOut]
    after: int | None


class ReasonOut(Schema):
    """One reason: met, not_met, unknown or needs_person, and how far off."""

    text: str
    verdict: str
    near: str
    missing: list[str]


class SuitOut(Schema):
    """A product for a need: match, near, no, unknown or person, with the points that rank it and why."""

    code: str
    bank: str
    name: str
    state: str
    points: int
    points_text: str
    rate_low_bp: int
    rate_high_bp: int
    reasons: list[ReasonOut]


class SeenOut(Schema):
    """One group of data that was looked at under an authorisation; the look is on record."""

    code: str
    label: str
    until: dt.datetime
    rows: list[dict[str, str]]


class DealingOut(Schema):
    """One bank's dealing with a need; amounts in 分."""

    id: int
    number: str
    bank: str
    state: str
    way: str
    due_at: dt.datetime | None
    granted_fen: int | None
    granted_bp: int | None
    contract_fen: int | None
    drawn_fen: int
    repaid_fen: int
    refusal: str


class LineOut(Schema):
    """What became of one line of a bank's file."""

    line: int
    reference: str
    result: str
    code: str
    text: str


class FileOut(Schema):
    """What became of a bank's file of drawdowns."""

    id: int
    sha256: str
    recorded: int
    unchanged: int
    reversed: int
    failed: int
    lines: list[LineOut]


@router.get("/products", response=list[ProductOut], summary="银行信贷产品")
def list_products(request: HttpRequest) -> list[dict[str, Any]]:
    """Return all products on offer today."""
    return [_product(one) for one in published()]


@router.get("/products/{code}", response=ProductOut, summary="一个信贷产品")
def get_product(request: HttpRequest, code: Number) -> dict[str, Any]:
    """Return one product on offer."""
    found = next((one for one in published() if one.code == code), None)
    if found is None:
        raise not_found("finance.unknown_product", f"没有编号为 {code} 的在售产品,请核对编号")
    return _product(found)


@router.get("/needs", response=NeedsOut, auth=signed_in, openapi_extra=SECURED, summary="融资需求")
def list_needs(
    request: HttpRequest,
    after: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """Return the needs that the account may see."""
    account = account_of(request)
    seen = visible.listings(account).select_related("enterprise__industry")
    rows = list((seen.filter(pk__lt=after) if after else seen).order_by("-pk")[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return {"items": [_need(one, account) for one in rows[:limit]], "after": more}


@router.post("/needs", response={201: NeedOut}, auth=signed_in, openapi_extra=SECURED, summary="发布融资需求")
def file_need(request: HttpRequest, body: NeedIn) -> Status[dict[str, Any]]:
    """File a need for an enterprise that the account acts for."""
    account = account_of(request)
    firm = Organisation.objects.filter(pk=body.enterprise, kind=Organisation.Kind.ENTERPRISE).first()
    if firm is None:
        raise not_found("finance.no_enterprise", "没有这家企业,请核对统一社会信用代码")
    given = NeedGiven(**body.model_dump(exclude={"enterprise", "key"}))
    case = needs.file_need(firm, given, account=account, key=body.key or None)
    return Status(201, _need(_visible(account, case.number), account))


@router.get("/needs/{number}", response=NeedOut, auth=signed_in, openapi_extra=SECURED, summary="一笔融资需求")
def get_need(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one need."""
    account = account_of(request)
    return _need(_visible(account, number), account)


@router.get("/needs/{number}/suits", response=list[SuitOut], auth=signed_in, openapi_extra=SECURED, summary="产品匹配")
def get_suits(request: HttpRequest, number: Number) -> list[dict[str, Any]]:
    """Return all products for a need with reasons, best first: for who asks and the office, never for other banks."""
    account = account_of(request)
    listing = _visible(account, number)
    if not access.manages(account) and not access.acts(account, listing.enterprise_id):
        raise not_found("finance.unknown_need", f"没有编号为 {number} 的需求,或当前账号不能查看")
    return [_suit(one) for one in suits(listing)]


@router.post("/needs/{number}/grab", response=DealingOut, auth=signed_in, openapi_extra=SECURED, summary="抢单")
def grab(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Take a need for the account's bank, as long as there are places."""
    account = account_of(request)
    return _dealing(offering.grab(_visible(account, number), account=account))


@router.post(
    "/needs/{number}/look", response=list[SeenOut], auth=signed_in, openapi_extra=SECURED, summary="查看授权数据"
)
def look(
    request: HttpRequest, number: Number, group: Annotated[list[str] | None, Query(max_length=10)] = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Look at data under an authorisation (default: all that is authorised); who, when and what is kept and shown to the grantor."""
    account = account_of(request)
    sight = looking.look(_visible(account, number), account=account, groups=group)
    return [
        {
            "code": one.code, "label": one.label, "until": one.until,
            "rows": [{"name": row.name, "text": row.text, "source": row.source, "as_of": row.as_of} for row in one.rows],
        }
        for one in sight.groups
    ]  # fmt: skip


@router.get("/dealings", response=list[DealingOut], auth=signed_in, openapi_extra=SECURED, summary="银行对接")
def list_dealings(
    request: HttpRequest,
    after: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[dict[str, Any]]:
    """Return the dealings that the account may see, newest first; ``after`` is the id of the last one seen."""
    rows = visible.engagements(account_of(request))
    return [_dealing(one) for one in (rows.filter(pk__lt=after) if after else rows)[:limit]]


@router.post("/drawdowns/import", response=FileOut, auth=signed_in, openapi_extra=SECURED, summary="导入放款文件")
def import_drawdowns(request: HttpRequest, file: UploadedFile = File(...)) -> dict[str, Any]:  # type: ignore[type-arg]  # noqa: B008
    """Import the file of the account's bank; the same file again changes nothing."""
    account = account_of(request)
    bank = access.the_bank(account)
    if file.size is None or file.size > MOST_BYTES:
        raise FinanceError("finance.bank_file", "文件不能超过 5 MB,请分开导入")
    return _file(bankfiles.import_file(file.read(), file.name or "放款文件", bank=bank, account=account))


def _visible(account: Account, number: str) -> Listing:
    found = visible.listings(account).select_related("enterprise__industry").filter(case__number=number).first()
    if found is None:
        raise not_found("finance.unknown_need", f"没有编号为 {number} 的需求,或当前账号不能查看")
    return found


def _product(one: Product) -> dict[str, Any]:
    low, high = fitting.rates_of(one, clock.today())
    said = {name: getattr(one, name) for name in (
        "code", "name", "summary", "min_fen", "max_fen", "min_months", "max_months", "guarantees", "purposes", "materials",
        "valid_until",
    )}  # fmt: skip
    texts = [condition["text"] for condition in one.conditions]
    return said | {"bank": one.bank.name, "rate_low_bp": low, "rate_high_bp": high, "conditions": texts}


def _need(one: Listing, account: Account) -> dict[str, Any]:
    inside = access.manages(account) or access.acts(account, one.enterprise_id)
    seen = visible.as_bank(one, account)
    return {
        "number": one.number, "state": one.state, "ending": one.ending, "enterprise": one.enterprise.name if inside else seen.name,
        "industry": seen.industry, "district": seen.district, "wanted_fen": one.wanted_fen,
        "contracted_fen": one.contracted_fen if inside else None, "drawn_fen": one.drawn_fen if inside else None,
        "term_months": one.term_months, "purpose": one.purpose, "guarantee": one.guarantee, "first_loan": one.first_loan,
        "rate_bp": one.rate_bp, "grab_places": one.grab_places,
    }  # fmt: skip


def _suit(one: Any) -> dict[str, Any]:
    reasons = [
        {"text": reason.condition.text, "verdict": reason.verdict, "near": reason.near, "missing": list(reason.missing)}
        for reason in one.reasons
    ]
    return {
        "code": one.product.code, "bank": one.product.bank.name, "name": one.product.name, "state": one.state,
        "points": one.points.total, "points_text": one.points.text, "rate_low_bp": one.rate_low,
        "rate_high_bp": one.rate_high, "reasons": reasons,
    }  # fmt: skip


def _dealing(one: Engagement) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in (
        "id", "state", "way", "due_at", "granted_fen", "granted_bp", "contract_fen", "drawn_fen", "repaid_fen", "refusal",
    )}  # fmt: skip
    return said | {"number": one.listing.number, "bank": one.bank.name}


def _file(made: BankFile) -> dict[str, Any]:
    lines = [
        {"line": row.line, "reference": row.reference, "result": row.result, "code": row.code, "text": row.text}
        for row in made.lines.all()
    ]
    counts = {name: getattr(made, name) for name in ("id", "sha256", "recorded", "unchanged", "reversed", "failed")}
    return counts | {"lines": lines}
