"""Verification: seals of a ledger, proofs for a fact and for history, checking a proof, recomputing a ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict

from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger import proofs
from yizhantong.kernel.ledger.verify import verify
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, costly, signed_in
from yizhantong.web.api.parsing import strict_json
from yizhantong.web.api.schemas import Code, Id, Size

router = Router(tags=["verification"])


class SegmentOut(Schema):
    """A sealed stretch of a ledger: facts with ``after_id < id <= last_id``, Merkle ``root``, chained ``seal``, ``head``."""

    number: int
    after_id: int
    last_id: int
    count: int
    root: str
    previous: str
    seal: str
    head: str
    sha256: str
    sealed_at: dt.datetime
    software: str


class SegmentList(Schema):
    """A page of segments in the order of their numbers; ``after`` leads to the next one, null on the last."""

    ledger: str
    items: list[SegmentOut]
    after: int | None


class Proof(Schema):
    """A proof as this platform hands it out; members that its kind does not know are not looked at."""

    model_config = ConfigDict(extra="allow")
    kind: Literal["yizhantong inclusion proof v1", "yizhantong consistency proof v1"]


class Answer(Schema):
    """Whether a proof holds."""

    kind: str
    holds: bool


class FailureOut(Schema):
    """What is wrong: ``reason`` is a stable code; ``fact`` an id, ``segment`` a number."""

    ledger: str
    reason: str
    sentence: str
    fact: int | None
    column: str
    segment: int | None


class LedgerReportOut(Schema):
    """What was found of a ledger: ``sealed`` and ``open`` count facts, ``head`` is its total seal."""

    ledger: str
    label: str
    sealed: int
    open: int
    segments: int
    head: str
    failures: list[FailureOut]


class VerificationOut(Schema):
    """The answer of a verification."""

    ok: bool
    ledgers: list[LedgerReportOut]
    first_failure: FailureOut | None


@router.get("/ledgers/{code}/segments", response=SegmentList, summary="台账的封存段")
def list_segments(request: HttpRequest, code: Code, after: Id | None = None, size: Size = 50) -> dict[str, Any]:
    """Return the seals of a ledger; they are for everyone, and tell nothing of the facts."""
    declared = lookups.declared_ledger(code)
    items, place = lookups.segments(declared, after or 0, size)
    return {"ledger": code, "items": items, "after": place}


@router.get(
    "/ledgers/{code}/facts/{fact_id}/proof",
    response=dict[str, Any],
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="一条记录的封存证明",
)
def get_proof(request: HttpRequest, code: Code, fact_id: Id) -> dict[str, Any]:
    """Return the proof that a fact is sealed. It holds the whole record: it is for those who may see all of it."""
    account = account_of(request)
    declared = lookups.seen_ledger(account, code)
    fact = lookups.seen_fact(account, declared, fact_id)
    policy.check(account, declared.view, fact.division_id, declared.zone)
    if any(item.personal for item in declared.fields):
        policy.check(account, "personal.reveal", zone=declared.zone)
    return proofs.inclusion_proof(declared, fact_id)


@router.get("/ledgers/{code}/consistency", response=dict[str, Any], throttle=costly(), summary="台账只增不改的证明")
def get_consistency(request: HttpRequest, code: Code, earlier: Id, later: Id | None = None) -> dict[str, Any]:
    """Return the proof that segments 1 to ``earlier`` are a prefix of those up to ``later`` (all when left out)."""
    return proofs.consistency_proof(lookups.declared_ledger(code), earlier, later)


@router.post("/proofs/verify", response=Answer, throttle=costly(), summary="检验一份证明")
def verify_proof(request: HttpRequest, body: Proof) -> dict[str, Any]:
    """Say whether a proof holds; needs nothing but the proof."""
    holds = proofs.verify_inclusion if body.kind == proofs.INCLUSION else proofs.verify_consistency
    return {"kind": body.kind, "holds": holds(strict_json(request.body))}


@router.get(
    "/ledgers/{code}/verification",
    response=VerificationOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="重算一本台账",
)
def get_verification(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Recompute a ledger from its files and its facts; name the first fact that fails (permission to view the ledger)."""
    declared = lookups.declared_ledger(code)
    policy.check(account_of(request), declared.view, zone=declared.zone)
    return verify(declared).as_json()
