"""Work on cases: taking in, steps, supplements; and what the asker does: confirming, withdrawing, disputing, rating, messages."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import BeforeValidator, Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, engine
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import account_of, source_of
from yizhantong.web.api.cases import EXTRA
from yizhantong.web.api.caseshapes import CaseOut
from yizhantong.web.api.filing import Data, told
from yizhantong.web.api.schemas import CaseNumber, Code, Flag, StepCode, Strict, Text

router = Router(tags=["handling"])
Reason = Annotated[Text, Field(min_length=1, max_length=500)]
Law = Annotated[Text, Field(max_length=200)]
Codes = Annotated[list[Code], Field(max_length=50)]


def _whole(value: Any) -> Any:
    """Read a whole number however JSON writes it (4 or 4.0), and nothing else."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value % 1:
        raise ValueError("应为 1 至 5 的整数")
    return int(value)


class Completion(Strict):
    """How a step ends. A ``fail`` that refuses the case needs ``opinion`` (the reason) and ``law``."""

    outcome: Code
    opinion: Annotated[Text, Field(max_length=1000)] = ""
    law: Law = ""


class Acceptance(Strict):
    """Codes of materials that may come later (容缺受理), and of those that a commitment stands for (告知承诺)."""

    deferred: Codes = []
    committed: Codes = []


class Refusal(Strict):
    """Why nothing is accepted, and by which law (行政许可法第三十二条)."""

    reason: Reason
    law: Annotated[Text, Field(min_length=1, max_length=200)]


class Defect(Strict):
    """One thing that is missing or wrong: a material or a data element by its code, or something else."""

    kind: Literal["material", "field", "other"] = "other"
    code: Annotated[Text, Field(max_length=48)] = ""
    text: Annotated[Text, Field(min_length=1, max_length=300)]


class Defects(Strict):
    """Everything that is to be brought, at once; a second notice needs ``approved_by`` (an account's name)."""

    defects: Annotated[list[Defect], Field(min_length=1, max_length=50)]
    approved_by: Annotated[Text, Field(max_length=150)] = ""


class Supplemented(Strict):
    """What of the form has changed; materials are given before."""

    data: Data = {}


class Because(Strict):
    """A reason."""

    reason: Reason


class Answered(Strict):
    """Whether what the office proposes settles it; if not, why."""

    solved: Flag
    reason: Annotated[Text, Field(max_length=500)] = ""


class Rating(Strict):
    """5 very satisfied to 1 very dissatisfied (国办发〔2019〕51号), with words and aspects if one likes."""

    rating: Annotated[int, Field(ge=1, le=5), BeforeValidator(_whole)]
    comment: Annotated[Text, Field(max_length=300)] = ""
    aspects: Annotated[list[Code], Field(max_length=10)] = []


class Letter(Strict):
    """A message; ``internal`` ones are for the offices only."""

    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    internal: Flag = False


class LetterOut(Schema):
    """A message as it was written."""

    text: str
    internal: bool


@router.post("/cases/{number}/acceptance", response=CaseOut, summary="受理", **EXTRA)
def accept_case(request: HttpRequest, number: CaseNumber, body: Acceptance) -> dict[str, Any]:
    """Accept a case: its clock starts, its flow begins."""
    by = _by(request)
    return told(request, actions.accept(_case(request, number), deferred=body.deferred, committed=body.committed, **by))


@router.post("/cases/{number}/refusal", response=CaseOut, summary="不予受理", **EXTRA)
def refuse_case(request: HttpRequest, number: CaseNumber, body: Refusal) -> dict[str, Any]:
    """Refuse to accept, with reason and law."""
    by = _by(request)
    return told(request, actions.refuse_acceptance(_case(request, number), reason=body.reason, law=body.law, **by))


@router.post("/cases/{number}/supplement-notice", response=CaseOut, summary="一次性补正告知", **EXTRA)
def ask_supplement(request: HttpRequest, number: CaseNumber, body: Defects) -> dict[str, Any]:
    """Tell the asker once and completely what is missing; the clock stops."""
    approver = User.objects.filter(username=body.approved_by, is_active=True).first() if body.approved_by else None
    listed = [defect.dict() for defect in body.defects]
    case = _case(request, number)
    return told(request, actions.ask_supplement(case, listed, approved_by=approver, **_by(request)))


@router.post("/cases/{number}/supplement", response=CaseOut, summary="补正", **EXTRA)
def supplement_case(request: HttpRequest, number: CaseNumber, body: Supplemented) -> dict[str, Any]:
    """Answer such a notice; the clock runs again."""
    return told(request, actions.supplement(_case(request, number), data=body.data, **_by(request)))


@router.post("/cases/{number}/steps/{step}/completion", response=CaseOut, summary="办结环节", **EXTRA)
def complete_step(request: HttpRequest, number: CaseNumber, step: StepCode, body: Completion) -> dict[str, Any]:
    """Complete an open step; of two who do it at once one wins, the other gets 409 ``cases.already_done`` with who and when."""
    details = {"law": body.law} if body.law else None
    done = actions.complete_step(
        _case(request, number), step, outcome=body.outcome, opinion=body.opinion, details=details, **_by(request)
    )
    return told(request, done)


@router.post("/cases/{number}/steps/{step}/claim", response=CaseOut, summary="领取环节", **EXTRA)
def claim_step(request: HttpRequest, number: CaseNumber, step: StepCode) -> dict[str, Any]:
    """Take an open step off the office's list for oneself."""
    account = account_of(request)
    assert isinstance(account, User)
    found = _step(request, number, step)
    actions.claim(found, account, source_of(request))
    return told(request, found.case)


@router.post("/cases/{number}/steps/{step}/release", response=CaseOut, summary="退回待领", **EXTRA)
def release_step(request: HttpRequest, number: CaseNumber, step: StepCode) -> dict[str, Any]:
    """Put a step back on the office's list."""
    found = _step(request, number, step)
    actions.release(found, account_of(request), source_of(request))
    return told(request, found.case)


@router.post("/cases/{number}/confirmation", response=CaseOut, summary="确认办理结果", **EXTRA)
def confirm_case(request: HttpRequest, number: CaseNumber, body: Answered) -> dict[str, Any]:
    """Confirm the ending that the office proposes, or reject it, once, with a reason."""
    case = _case(request, number)
    return told(request, actions.confirm(case, solved=body.solved, reason=body.reason, **_by(request)))


@router.post("/cases/{number}/withdrawal", response=CaseOut, summary="撤回申请", **EXTRA)
def withdraw_case(request: HttpRequest, number: CaseNumber, body: Because) -> dict[str, Any]:
    """Take the application back, as long as nothing is decided."""
    return told(request, actions.withdraw(_case(request, number), body.reason, **_by(request)))


@router.post("/cases/{number}/dispute", response=CaseOut, summary="对结果提出异议", **EXTRA)
def dispute_case(request: HttpRequest, number: CaseNumber, body: Because) -> dict[str, Any]:
    """Dispute the ending, once: the case is reopened with the same office."""
    return told(request, actions.dispute(_case(request, number), body.reason, **_by(request)))


@router.post("/cases/{number}/rating", response=CaseOut, summary="评价", **EXTRA)
def rate_case(request: HttpRequest, number: CaseNumber, body: Rating) -> dict[str, Any]:
    """Rate the handling, once."""
    case = _case(request, number)
    return told(request, actions.rate(case, body.rating, comment=body.comment, aspects=body.aspects, **_by(request)))


@router.post("/cases/{number}/messages", response={201: LetterOut}, summary="留言", **EXTRA)
def write_message(request: HttpRequest, number: CaseNumber, body: Letter) -> Status[dict[str, Any]]:
    """Write to the other side, or (``internal``) to the offices alone."""
    made = actions.write(_case(request, number), body.text, internal=body.internal, **_by(request))
    return Status(201, {"text": made.text, "internal": made.internal})


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"account": account_of(request), "source": source_of(request)}


def _case(request: HttpRequest, number: str) -> Case:
    return lookups.seen_case(account_of(request), number)


def _step(request: HttpRequest, number: str, code: str) -> CaseStep:
    case = _case(request, number)
    found = CaseStep.objects.filter(case=case, code=code, done_at__isnull=True).first()
    if found is None:
        raise engine.not_open(case, code)
    found.case = case
    return found
