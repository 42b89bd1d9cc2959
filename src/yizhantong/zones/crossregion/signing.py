"""Signatures of requests and answers between cities: RFC 9421 HTTP Message Signatures with Ed25519, Content-Digest of RFC 9530.

A request covers ``@method``, ``@target-uri`` and ``content-digest`` (of the empty body too), with ``created``, ``keyid`` and ``nonce``;
an answer covers ``@status`` and ``content-digest`` and, of the request that it answers, method, address and signature, so that no
answer can be given for another. What is older than :data:`OLDEST`, or of a nonce seen before, is refused. Time here is the server's.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from yizhantong.zones.crossregion.keys import OwnKey
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

TAG = "yzt-crossregion"
LABEL = "yzt"
OLDEST = dt.timedelta(minutes=5)
SKEW = dt.timedelta(seconds=60)
REQUEST = ("@method", "@target-uri", "content-digest")
ANSWER = ("@status", "content-digest", '"@method";req', '"@target-uri";req', '"signature";req')
_UNKNOWN = "unknown"


@dataclass
class Asked:
    """A request as it is signed: ``url`` is absolute and encoded."""

    method: str
    url: str
    headers: MutableMapping[str, str] = field(default_factory=dict)


@dataclass
class Answered:
    """An answer as it is signed, with the request that it answers."""

    status_code: int
    request: Asked
    headers: MutableMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """By which key, and with which nonce, something was signed."""

    keyid: str
    nonce: str


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = SKEW


class _One(HTTPSignatureKeyResolver):
    """The key that signs, or those that may have signed."""

    def __init__(
        self, *, own: OwnKey | None = None, find: Callable[[str], Ed25519PublicKey | None] | None = None
    ) -> None:
        self._own, self._find = own, find

    def resolve_private_key(self, key_id: str) -> object:
        """Return the private key."""
        assert self._own is not None
        return self._own.private

    def resolve_public_key(self, key_id: str) -> object:
        """Return the public key; None where it is not known."""
        return self._find(key_id) if self._find is not None else None


def sign(asked: Asked, body: bytes, key: OwnKey, *, created: dt.datetime | None = None, nonce: str = "") -> None:
    """Sign a request in place."""
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_One(own=key))
    signer.sign(
        asked, key_id=key.keyid, created=created, nonce=nonce or secrets.token_urlsafe(18), label=LABEL, tag=TAG,
        covered_component_ids=REQUEST, body=body,
    )  # fmt: skip


def sign_answer(answered: Answered, body: bytes, key: OwnKey) -> None:
    """Sign an answer in place."""
    covered = ANSWER if "Signature" in answered.request.headers else ANSWER[:4]
    signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_One(own=key))
    signer.sign(answered, key_id=key.keyid, label=LABEL, tag=TAG, covered_component_ids=covered, body=body)


def verify(asked: Asked, body: bytes, find: Callable[[str], Ed25519PublicKey | None]) -> Verified:
    """Return who signed a request; :class:`ProtocolError` 401 ``exchange.signature``, ``unknown_key``, ``digest``."""
    found = _verified(asked, body, find, REQUEST)
    if not found.nonce:
        raise ProtocolError("signature", "签名缺少 nonce 参数", 401)
    return found


def verify_answer(answered: Answered, body: bytes, find: Callable[[str], Ed25519PublicKey | None]) -> Verified:
    """Return who signed an answer; raises like :func:`verify`."""
    return _verified(answered, body, find, ANSWER)


def headers_of(given: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that signatures are about, by their usual names."""
    wanted = ("Signature", "Signature-Input", "Content-Digest", "Content-Type")
    lower = {name.lower(): value for name, value in given.items()}
    return {name: lower[name.lower()] for name in wanted if name.lower() in lower}


def _verified(
    message: Asked | Answered, body: bytes, find: Callable[[str], Ed25519PublicKey | None], covered: tuple[str, ...]
) -> Verified:
    missing: list[str] = []

    def known(keyid: str) -> Ed25519PublicKey | None:
        found = find(keyid)
        if found is None:
            missing.append(keyid)
        return found

    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=_One(find=known))
    try:
        results = verifier.verify(
            message, max_age=OLDEST, expect_tag=TAG, expect_label=None, require_components=covered, body=body
        )
    except HTTPMessageSignaturesException as error:
        if missing:
            text = f"不认识或已失效的签名密钥“{missing[0][:64]}”,请先由双方互相登记公钥"
            raise ProtocolError("unknown_key", text, 401) from error
        raise ProtocolError("signature", f"签名无效:{str(error)[:200]}", 401) from error
    if len(results) != 1:
        raise ProtocolError("signature", "应有且只有一个签名", 401)
    return Verified(str(results[0].parameters["keyid"]), str(results[0].nonce or ""))
