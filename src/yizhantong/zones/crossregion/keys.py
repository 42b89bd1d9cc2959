"""This city's own keys (Ed25519, RFC 8032): made here, kept outside the database and the source tree, rotated with overlap.

``YZT_CROSSREGION_KEYS`` names the folder (default ``secrets/crossregion`` below ``YZT_HOME``, readable by its owner only). Each key
is a file ``<keyid>.json``: private key, from when and until when it is announced. The newest key that is in force signs; partners
learn of a new one from a signed answer of the old, so a key is announced before it signs.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from yizhantong.zones.crossregion.errors import CrossingError


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key of this city; it is announced from ``made_at``, signs from ``valid_from`` until ``valid_to``."""

    keyid: str
    private: Ed25519PrivateKey
    made_at: dt.datetime
    valid_from: dt.datetime
    valid_to: dt.datetime | None

    @property
    def public(self) -> str:
        """Return the public key, 32 bytes in base64."""
        return encoded(self.private.public_key())

    def announced(self) -> dict[str, str | None]:
        """Return the key as partners are told of it."""
        until = self.valid_to.isoformat() if self.valid_to else None
        return {
            "keyid": self.keyid,
            "public": self.public,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": until,
        }


def folder() -> Path:
    """Return where the keys lie."""
    return Path(os.environ.get("YZT_CROSSREGION_KEYS") or settings.HOME / "secrets" / "crossregion")


def encoded(public: Ed25519PublicKey) -> str:
    """Return a public key in base64."""
    return base64.b64encode(public.public_bytes_raw()).decode()


def decoded(text: str) -> Ed25519PublicKey:
    """Return the public key of a base64 text; ``crossregion.bad_key`` when it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise CrossingError("bad_key", "这不是 Ed25519 公钥(32 字节的 base64),请向对方核对", field="public") from error


def own() -> list[OwnKey]:
    """Return this city's keys that have not run out, the oldest first; makes the first one where there is none."""
    now = timezone.now()
    found = sorted((_read(path) for path in folder().glob("*.json")), key=lambda key: (key.valid_from, key.keyid))
    kept = [key for key in found if key.valid_to is None or key.valid_to > now]
    return kept or [make(timezone.now())]


def signing() -> OwnKey:
    """Return the key that signs now: the newest that is in force."""
    found = own()
    in_force = [key for key in found if key.valid_from <= timezone.now()]
    if not in_force:
        raise CrossingError("no_key", "没有已生效的签名密钥,请先运行 yzt crossregion keys --rotate")
    return in_force[-1]


def make(valid_from: dt.datetime) -> OwnKey:
    """Make a key and write it; it signs from ``valid_from`` on."""
    now = timezone.now()
    made = OwnKey(f"{now:%Y%m%d}-{secrets.token_hex(6)}", Ed25519PrivateKey.generate(), now, valid_from, None)
    _write(made)
    return made


def rotate(overlap: dt.timedelta) -> OwnKey:
    """Make the next key: announced now, it signs after half of ``overlap``; those before it run out at the end of ``overlap``."""
    now = timezone.now()
    if overlap < dt.timedelta(minutes=1):
        raise CrossingError("overlap", "新旧密钥至少重叠 1 分钟,对方才来得及取到新公钥")
    before = own()
    made = make(now + overlap / 2)
    for key in before:
        ends = now + overlap
        if key.valid_to is None or key.valid_to > ends:
            _write(OwnKey(key.keyid, key.private, key.made_at, key.valid_from, ends))
    return made


def _read(path: Path) -> OwnKey:
    try:
        said = json.loads(path.read_text(encoding="ascii"))
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(said["private"], validate=True))
        made_at, valid_from = (dt.datetime.fromisoformat(said[name]) for name in ("made_at", "valid_from"))
        valid_to = dt.datetime.fromisoformat(said["valid_to"]) if said["valid_to"] else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CrossingError("bad_key_file", f"密钥文件 {path.name} 读不出来,请从备份恢复") from error
    return OwnKey(path.stem, private, made_at, valid_from, valid_to)


def _write(key: OwnKey) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    said = {
        "private": base64.b64encode(key.private.private_bytes_raw()).decode(), "made_at": key.made_at.isoformat(),
        "valid_from": key.valid_from.isoformat(), "valid_to": key.valid_to.isoformat() if key.valid_to else None,
    }  # fmt: skip
    temporary = folder() / f".{key.keyid}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        json.dump(said, handle)
    os.replace(temporary, folder() / f"{key.keyid}.json")
