"""Verification of issued documents by their code, for everyone."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from yizhantong.kernel.files import public, queries
from yizhantong.web.api.auth import costly
from yizhantong.web.api.problems import not_found
from yizhantong.web.api.schemas import Code

router = Router(tags=["verification"])


class DocumentOut(Schema):
    """A document as the public may know it; ``holder`` is masked unless it is an organisation."""

    state: Literal["valid", "replaced", "revoked"]
    number: str
    kind: Literal["certificate", "decision", "notice", "receipt"]
    title: str
    issuer: str
    holder: str
    issued_at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_reason: str
    replaced_by: str
    sha256: str


@router.get("/verify/{code}", response=DocumentOut, throttle=costly(), summary="验证一份签发的文书")
def verify_document(request: HttpRequest, code: Code) -> public.Shown:
    """Tell whether the document of a verification code is genuine, revoked or replaced; 404 for a code that is nobody's."""
    issued = queries.verified(code)
    if issued is None:
        raise not_found("files.unknown_code", _("没有这个验证码的文书,请对照原件逐字核对"))
    return public.shown(issued)
