"""Policies for programs: what there is for everyone, and what suits the enterprises that the account acts for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yizhantong.kernel.cases.people import mandated
from yizhantong.web.api.auth import SIGNED_IN, signed_in
from yizhantong.web.api.problems import not_found
from yizhantong.zones.policies.amounts import text_of
from yizhantong.zones.policies.benefit import read as read_benefit
from yizhantong.zones.policies.models import PolicyCard
from yizhantong.zones.policies.queries import eligibility

router = Router(tags=["policies"])
MOST = 200
Text = Annotated[str, Field(max_length=120, pattern=r"^[^\x00]*$")]
Number = Annotated[str, Field(max_length=24, pattern=r"^[A-Za-z0-9-]*$")]


class CardOut(Schema):
    """One matter of a policy: ``standard`` in words, the window of applications by days, null where there is none."""

    number: str
    title: str
    policy_class: str
    target: str
    document: str
    document_title: str
    issuer: str
    level: str
    area: str
    standard: str
    window_start: dt.date | None
    window_end: dt.date | None
    valid_until: dt.date | None
    item: str | None


class CardList(Schema):
    """Cards in the order of their numbers; ``next`` is the number to ask for ``after``, null at the end."""

    items: list[CardOut]
    next: str | None


class ReasonOut(Schema):
    """One condition: met, not_met, unknown or needs_person, how far off, and what is missing."""

    text: str
    verdict: str
    near: str
    missing: list[str]
    values: list[dict[str, str]]


class MatchOut(Schema):
    """One card for one enterprise: match, near, no, unknown or person; ``amount_fen`` where it can be computed."""

    number: str
    title: str
    state: str
    amount_fen: int | None
    reasons: list[ReasonOut]


class MatchList(Schema):
    """All cards for one enterprise, what suits best first."""

    enterprise: str
    name: str
    items: list[MatchOut]


@router.get("/cards", response=CardList, summary="在线惠企政策(兑现事项)")
def list_cards(
    request: HttpRequest,
    policy_class: Literal["apply", "automatic", "notice"] | None = None,
    q: Text = "",
    after: Number = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> dict[str, Any]:
    """Return the cards online, by class and words."""
    rows = PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED, number__gt=after).select_related(
        "document__issuer"
    )
    if policy_class:
        rows = rows.filter(policy_class=policy_class)
    if words := q.strip():
        rows = rows.filter(Q(title__icontains=words) | Q(target__icontains=words) | Q(document__title__icontains=words))
    found = list(rows.order_by("number")[: limit + 1])
    return {
        "items": [_card(one) for one in found[:limit]],
        "next": found[limit - 1].number if len(found) > limit else None,
    }


@router.get("/cards/{number}", response=CardOut, summary="一项惠企政策")
def get_card(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one card online."""
    rows = PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED).select_related("document__issuer")
    try:
        return _card(rows.get(number=number))
    except ObjectDoesNotExist:
        raise not_found("policies.unknown_card", f"没有编号为 {number} 的在线政策,请核对编号") from None


@router.get("/match", response=MatchList, summary="本企业的政策匹配", openapi_extra={"security": SIGNED_IN})
def match(
    request: HttpRequest, enterprise: Annotated[str, Query(max_length=18, pattern=r"^[0-9A-Z]*$")] = ""
) -> dict[str, Any]:
    """Return all cards for an enterprise that the account acts for (its GB 32100 code; the only one where it is left out)."""
    account = signed_in(request)
    own = sorted(mandated(account, "policies"))
    if not own or (enterprise and enterprise not in own):
        raise not_found("policies.not_your_enterprise", "当前账号没有代表该企业,请核对统一社会信用代码")
    code = enterprise or own[0]
    suits = eligibility.suits(code)
    return {"enterprise": code, "name": eligibility.subject_of(code).name, "items": [_match(one) for one in suits]}


def _card(one: PolicyCard) -> dict[str, Any]:
    document = one.document
    return {
        "number": one.number, "title": one.title, "policy_class": one.policy_class, "target": one.target,
        "document": document.document, "document_title": document.title, "issuer": document.issuer.name, "level": document.level,
        "area": document.area, "standard": text_of(read_benefit(one.benefit).standard), "window_start": one.window_start,
        "window_end": one.window_end, "valid_until": document.valid_until, "item": one.item_id,
    }  # fmt: skip


def _match(one: eligibility.Suit) -> dict[str, Any]:
    reasons = [
        {
            "text": reason.condition.text, "verdict": reason.verdict, "near": reason.near, "missing": list(reason.missing),
            "values": [
                {"name": value.name, "text": value.text, "source": value.source, "as_of": value.as_of} for value in reason.values
            ],
        }
        for reason in one.verdict.reasons
    ]  # fmt: skip
    fen = one.amount.fen if one.amount is not None else None
    return {
        "number": one.card.number,
        "title": one.card.title,
        "state": one.state,
        "amount_fen": fen,
        "reasons": reasons,
    }
