"""The addresses by which other cities reach this one, below ``/crossregion/exchange/1/``: hello, messages, materials; all signed both ways."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from yizhantong.kernel.files import vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.zones.crossregion import keys, signing
from yizhantong.zones.crossregion.actions import inbox
from yizhantong.zones.crossregion.actions.outbox import key_of
from yizhantong.zones.crossregion.models import CrossingFile, Partner, PartnerKey
from yizhantong.zones.crossregion.protocol.messages import ProtocolError
from yizhantong.zones.crossregion.queries import hello as hello_query

logger = logging.getLogger("yizhantong.crossregion")
Answer = tuple[int, bytes, str]
JSON, PROBLEM = "application/json", "application/problem+json"


def _problem(error: ProtocolError) -> Answer:
    said = {
        "type": f"urn:yizhantong:{error.code}", "title": "消息没有被接收", "status": error.status, "detail": error.sentence,
        "code": error.code, "details": error.details,
    }  # fmt: skip
    return error.status, json.dumps(said, ensure_ascii=False, default=str).encode(), PROBLEM


def _signed(method: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Have a view answer signed requests of one method; it gets the partner and the body, and its answer is signed."""

    def declare(view: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        def answer(request: HttpRequest, **path: Any) -> HttpResponse:
            asked = signing.Asked(
                request.method or "GET",
                settings.YZT_ADDRESS + request.get_full_path(),
                signing.headers_of(request.headers),
            )
            try:
                if request.method != method:
                    raise ProtocolError("method", f"这里只接受 {method}", 405)
                body = request.body
                partner = _partner(asked, body)
                status, content, media_type = view(request, partner, body, **path)
            except RequestDataTooBig:
                status, content, media_type = _problem(ProtocolError("too_large", "消息正文过大", 413))
            except ProtocolError as error:
                status, content, media_type = _problem(error)
            except Exception:
                logger.exception("exchange failed")
                status, content, media_type = _problem(ProtocolError("failed", "平台内部出错,请稍后重发", 500))
            response = HttpResponse(content, status=status, content_type=media_type)
            answered = signing.Answered(status, asked)
            signing.sign_answer(answered, content, keys.signing())
            for name, value in answered.headers.items():
                response[name] = value
            return response

        return answer

    return declare


def _partner(asked: signing.Asked, body: bytes) -> Partner:
    """Return the city that signed the request; its nonce is used up by that."""
    by: list[Ed25519PublicKey | None] = []

    def find(keyid: str) -> Ed25519PublicKey | None:
        by.append(key_of(keyid))
        return by[-1]

    verified = signing.verify(asked, body, find)
    partner = PartnerKey.objects.select_related("partner").get(keyid=verified.keyid).partner
    if partner.state == Partner.State.SUSPENDED:
        raise ProtocolError("suspended", "本市已暂停与贵市的通办,请与本市联系人核实", 403)
    inbox.seen(verified.keyid, verified.nonce)
    return partner


def _json(status: int, said: Any) -> Answer:
    return status, json.dumps(said, ensure_ascii=False, default=str).encode(), JSON


@_signed("GET")
def hello(request: HttpRequest, partner: Partner, body: bytes) -> Answer:
    """Tell who we are: versions, keys, the city's moment, items that are open to the asking city."""
    return _json(200, hello_query.hello(partner))


@_signed("POST")
def messages(request: HttpRequest, partner: Partner, body: bytes) -> Answer:
    """Take one message."""
    if partner.state != Partner.State.ACTIVE:
        raise ProtocolError("not_active", "本市尚未启用与贵市的通办", 403)
    return _json(*inbox.take(partner, body))


@_signed("GET")
def material(request: HttpRequest, partner: Partner, body: bytes, sha256: str) -> Answer:
    """Hand out the bytes of a file that we have offered to that city in that case."""
    try:
        key = UUID(request.GET.get("case", ""))
    except ValueError as error:
        raise ProtocolError("material", "请以 case 参数给出通办标识", 400) from error
    offered = CrossingFile.objects.filter(sha256=sha256, offered=True, crossing__key=key, crossing__partner=partner)
    row = offered.select_related("stored").first()
    if row is None or row.stored is None:
        raise ProtocolError("material", "没有向贵市提供过这份材料", 404)
    try:
        return 200, vault.read(row.stored.sha256), row.media_type
    except FileError as error:
        raise ProtocolError("material", str(error), 500) from error
