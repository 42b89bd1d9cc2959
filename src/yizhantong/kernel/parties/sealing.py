"""Sealing of identity numbers, phones and accounts: encryption by a pluggable provider, and a keyed index for equality.

A sealed text is ``<provider>:<base64>``, so that texts sealed by an earlier provider stay readable after a change.
AES-256-GCM (NIST SP 800-38D) is the default; SM4-GCM (GB/T 32907-2016) is the provider where commercial cryptography is
assessed (GB/T 39786-2021). The index is HMAC-SHA-256, or HMAC-SM3 with the SM4 provider.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE = 12
TAG = 16


class SealError(Exception):
    """A sealed text cannot be opened: the key is another one, or the text was altered."""

    code = "parties.seal_broken"


def _aes_seal(key: bytes, nonce: bytes, text: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, text, None)


def _aes_open(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, None)


def _sm4_seal(key: bytes, nonce: bytes, text: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def _sm4_open(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, sealed[-TAG:])).decryptor()
    return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


@dataclass(frozen=True, slots=True)
class Provider:
    """One way of sealing: both directions take key (32 bytes), nonce (12 bytes) and bytes."""

    seal: Callable[[bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes], bytes]
    digest: hashes.HashAlgorithm


PROVIDERS = {
    "aes": Provider(_aes_seal, _aes_open, hashes.SHA256()),
    "sm4": Provider(_sm4_seal, _sm4_open, hashes.SM3()),
}


def _key(purpose: str) -> bytes:
    return _derived(settings.YZT_SEALING_KEY, purpose)


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def seal(text: str, provider: str | None = None) -> str:
    """Return ``text`` sealed under a fresh nonce."""
    name = provider or settings.YZT_SEALING_PROVIDER
    nonce = os.urandom(NONCE)
    body = PROVIDERS[name].seal(_key("seal"), nonce, text.encode())
    return f"{name}:{base64.b64encode(nonce + body).decode()}"


def unseal(sealed: str) -> str:
    """Return the text of a sealed one; raise :class:`SealError` when it was altered or the key does not fit."""
    name, _, body = sealed.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
        return PROVIDERS[name].open(_key("seal"), raw[:NONCE], raw[NONCE:]).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise SealError("加密字段无法解开:密钥不符或数据被改动,请联系安全管理员") from error


def index_of(text: str) -> str:
    """Return the keyed index of a text (64 hexadecimal characters), by which equal texts are found without opening any."""
    mac = HMAC(_key("index"), PROVIDERS[settings.YZT_SEALING_PROVIDER].digest)
    mac.update(text.encode())
    return mac.finalize().hex()
