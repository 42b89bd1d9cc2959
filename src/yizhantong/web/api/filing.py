"""Asking: a case filed at once, or a draft that is kept, filled in, given its materials, and submitted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field, WithJsonSchema

from yizhantong.kernel.cases import actions, lookup, people
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.forms import clean_data
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import account_of, source_of
from yizhantong.web.api.cases import EXTRA
from yizhantong.web.api.cases import router as cases
from yizhantong.web.api.caseshapes import CaseOut, ReceiptOut, case_out
from yizhantong.web.api.facts import KEY, Key
from yizhantong.web.api.problems import Fault, Problem
from yizhantong.web.api.schemas import CaseNumber, Code, Party, Strict, Text

router = Router(tags=["filing"])
Line = Annotated[Text, Field(max_length=4000)]
Value = Annotated[
    Line | bool | int | Decimal | Annotated[list[Line], Field(max_length=100)] | None,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 4000},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "array", "items": {"type": "string", "maxLength": 4000}, "maxItems": 100},
                {"type": "null"},
            ]
        }
    ),
]
Data = Annotated[dict[str, Value], Field(max_length=300)]
Channel = Literal["online", "counter", "behalf", "batch"]
PLAIN = ("committed", "paper", "register")
_OFFICIAL = frozenset({"paper", "register"})
"""Ways of giving a material that an official vouches for: the original was seen, or the register was asked."""


class PlainMaterial(Strict):
    """A material that is no file: committed to (告知承诺), or, by window staff, seen on paper or found in a register."""

    code: Code
    mode: Literal["committed", "paper", "register"]
    remark: Annotated[Text, Field(max_length=200)] = ""


class NewDraft(Strict):
    """For whom, which item, by which channel; the form as far as it is filled in. ``agent`` came to the counter for the asker."""

    item: Code
    applicant: Party
    channel: Channel = "online"
    data: Data = {}
    agent: Annotated[Text, Field(max_length=64)] = ""


class Filing(NewDraft):
    """A whole application; materials that are files need a draft first."""

    materials: Annotated[list[PlainMaterial], Field(max_length=50)] = []


class DraftData(Strict):
    """The form as far as it is filled in, by data element; it takes the place of what was kept before."""

    data: Data


class PasswordOut(Schema):
    """A new query password, told once."""

    number: str
    query_password: str


@cases.post("/cases", response={201: ReceiptOut}, tags=["filing"], summary="提交一个办件", **EXTRA)
def file_case(
    request: HttpRequest, response: HttpResponse, body: Filing, idempotency_key: Key | None = KEY
) -> Status[dict[str, Any]]:
    """File a case: it is checked, and from now on an office answers for it. With an ``Idempotency-Key``, sending it again
    (however often, and at once) gives the same case; the query password is told the first time only."""
    account = account_of(request)
    item = lookups.item_in_force(body.item)
    refuse_unvouched(account, [one.mode for one in body.materials])
    said = _digest(body.dict())
    made = actions.file(
        item, applicant=lookups.party(account, body.applicant, item.zone), data=body.data, account=account,
        channel=body.channel, materials=[one.dict() for one in body.materials], agent=body.agent,
        idempotency_key=_key(idempotency_key), source=source_of(request), details={"request": said},
    )  # fmt: skip
    _refuse_reused(made, said)
    return _receipt(request, response, made)


@router.post("/drafts", response={201: CaseOut}, summary="新建草稿", **EXTRA)
def create_draft(request: HttpRequest, response: HttpResponse, body: NewDraft) -> Status[dict[str, Any]]:
    """Begin a draft; what is filled in must be right, and nothing must be filled in yet."""
    account = account_of(request)
    item = lookups.item_in_force(body.item)
    data = clean_data(catalogue.content_of(item.current_id or 0), body.data, account, partial=True)
    made = actions.draft(
        item, applicant=lookups.party(account, body.applicant, item.zone), account=account, channel=body.channel,
        data=data, agent=body.agent,
    )  # fmt: skip
    response["Location"] = reverse("api:get_case", kwargs={"number": made.number})
    return Status(201, told(request, made))


@router.put("/drafts/{number}", response=CaseOut, summary="保存草稿", **EXTRA)
def save_draft(request: HttpRequest, number: CaseNumber, body: DraftData) -> dict[str, Any]:
    """Keep the form of a draft as it is filled in now."""
    account = account_of(request)
    held = lookups.seen_case(account, number)
    data = clean_data(catalogue.content_of(held.version_id), body.data, account, partial=True)
    return told(request, actions.save_draft(held, data, account))


@router.post("/drafts/{number}/renewal", response=CaseOut, summary="按新版本更新草稿", **EXTRA)
def renew_draft(request: HttpRequest, number: CaseNumber) -> dict[str, Any]:
    """Take a draft over to the version in force, keeping what is still asked (after ``cases.version_changed``)."""
    account = account_of(request)
    return told(request, actions.renew_draft(lookups.seen_case(account, number), account))


@router.post("/drafts/{number}/submission", response={201: ReceiptOut}, summary="提交草稿", **EXTRA)
def submit_draft(
    request: HttpRequest, response: HttpResponse, number: CaseNumber, idempotency_key: Key | None = KEY
) -> Status[dict[str, Any]]:
    """Submit a draft with the materials that it was given; with an ``Idempotency-Key`` it can be sent again."""
    account = account_of(request)
    held = lookups.seen_case(account, number)
    made = actions.submit(held, account=account, idempotency_key=_key(idempotency_key), source=source_of(request))
    if made.number != number:
        raise _reused()
    return _receipt(request, response, made)


@router.delete("/drafts/{number}", response={204: None}, summary="删除草稿", **EXTRA)
def discard_draft(request: HttpRequest, number: CaseNumber) -> Status[None]:
    """Throw a draft away, with what was attached to it."""
    account = account_of(request)
    actions.discard(lookups.seen_case(account, number), account)
    return Status(204, None)


@router.post("/cases/{number}/query-password", response=PasswordOut, summary="重置查询密码", **EXTRA)
def renew_password(request: HttpRequest, number: CaseNumber) -> dict[str, str]:
    """Give a case a new query password; the old one holds no longer."""
    account = account_of(request)
    return {"number": number, "query_password": lookup.new_password(lookups.seen_case(account, number), account)}


def told(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Return a case as it stands after a change, as :class:`CaseOut`."""
    account = account_of(request)
    return case_out(account, lookups.fetched(case), people.mandated(account))


def refuse_unvouched(account: Any, modes: list[str]) -> None:
    """Refuse that an asker says of his own materials what only an official can vouch for."""
    if _OFFICIAL.intersection(modes) and not account.is_staff:
        said = _("“窗口提交原件”和“数据共享”只能由工作人员登记;请上传文件,或按事项规定作出承诺")
        raise Problem(403, "cases.material_mode", said, [Fault(said, "cases.material_mode", "mode")])


def _receipt(request: HttpRequest, response: HttpResponse, made: Case) -> Status[dict[str, Any]]:
    response["Location"] = reverse("api:get_case", kwargs={"number": made.number})
    return Status(201, told(request, made) | {"query_password": made.query_password})


def _key(given: str | None) -> str | None:
    """Return a key in the length that is kept."""
    return None if given is None else hashlib.sha256(given.encode()).hexdigest()


def _digest(body: Any) -> str:
    plain: Callable[[Any], str] = str
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True, default=plain).encode()).hexdigest()


def _refuse_reused(made: Case, said: str) -> None:
    """Refuse a key that was used for another application: its case is not what was asked for now."""
    if made.details.get("request") != said:
        raise _reused()


def _reused() -> Problem:
    return Problem(
        409, "api.idempotency_key_reused", _("这个 Idempotency-Key 已用于另一个请求;内容不同的请求请用新的键")
    )
