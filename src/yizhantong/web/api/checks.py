"""Checks of drafts: hand in a text or a file, get what ``yzt check --json`` gives; one's own checks are kept."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any

import pydantic
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.articles import actions, queries
from yizhantong.kernel.articles.documents import MAX_BYTES, MAX_CHARACTERS, Document, read_document
from yizhantong.kernel.articles.models import Check
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures.queries import day_of
from yizhantong.web.api import problems
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.parsing import strict_json
from yizhantong.web.api.problems import Fault, Problem, not_found
from yizhantong.web.api.schemas import Code, Day, Flag, Strict, Text

router = Router(tags=["checks"])


class Draft(Strict):
    """A draft as text; compared with the ledgers as of a day (today when left out) unless ``ledger`` is false."""

    text: Annotated[Text, Field(min_length=1, max_length=MAX_CHARACTERS)]
    as_of: Day | None = None
    ledger: Flag = True


class Options(Strict):
    """What goes with a draft that is handed in as a file."""

    as_of: Day | None = None
    ledger: Flag = True


class CheckOut(Schema):
    """A checked draft; ``result`` is what ``yzt check --json`` gives: claims, relations, conflicts, repeats, breaks."""

    key: str
    title: str
    kind: str
    as_of: dt.date
    with_ledger: bool
    created_at: dt.datetime
    result: dict[str, Any]


_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "additionalProperties": False,
                "properties": {
                    "text": {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS},
                    "as_of": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                    "ledger": {"type": "boolean", "default": True},
                },
            }
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "as_of": {"type": "string", "format": "date"},
                    "ledger": {"type": "boolean", "default": True},
                },
            }
        },
    },
}


@router.post(
    "/checks",
    response={201: CheckOut},
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN, "requestBody": _BODY},
    summary="核对一份稿件",
)
def check_draft(request: HttpRequest, response: HttpResponse) -> Status[Check]:
    """Check a draft: JSON with ``text``, or a TXT, DOCX or PDF file as multipart (permission ``articles.check``)."""
    account = account_of(request)
    assert isinstance(account, User)
    is_file = request.content_type == "multipart/form-data"
    document, given = _from_file(request) if is_file else _from_json(request)
    day = day_of(given.as_of) if given.as_of else clock.today()
    made = actions.check_draft(account, document, as_of=day, with_ledger=given.ledger)
    response["Location"] = reverse("api:get_check", kwargs={"key": made.key})
    return Status(201, made)


@router.get(
    "/checks/{key}",
    response=CheckOut,
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN},
    summary="一次自己的核对",
)
def get_check(request: HttpRequest, key: Code) -> Check:
    """Return one of one's own checks."""
    found = queries.visible_to(account_of(request)).filter(key=key).first()
    if found is None:
        raise not_found("articles.no_such_check", _("没有这次核对,或不是本账号做的"))
    return found


def _from_json(request: HttpRequest) -> tuple[Document, Draft]:
    given = _valid(Draft, strict_json(request.body))
    return Document(given.text.replace("\r\n", "\n"), "txt"), given


def _from_file(request: HttpRequest) -> tuple[Document, Options]:
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        fault = Fault(_("必须给出文件"), "api.missing", "file")
        raise Problem(400, "api.invalid", _("“file”必须给出文件"), [fault])
    given = _valid(Options, request.POST.dict())
    if (file.size or 0) > MAX_BYTES:
        raise Problem(413, "articles.too_large", _("文件超过 20 MB 上限,请拆分后再核对"))
    return read_document(file.read()), given


def _valid(kind: Any, data: Any) -> Any:
    try:
        return kind.model_validate(data)
    except pydantic.ValidationError as error:
        raise problems.invalid("body", json.loads(error.json(include_url=False, include_input=False))) from error
