"""What is read of files and documents, and by whom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.files import codes, vault
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Issued, Stored


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be seen: its bytes, checked against the digest, with type and name for the answer."""

    content: bytes
    media_type: str
    name: str


def open_for(account: Account, stored: Stored, may: bool) -> Opened:
    """Return the bytes for an account, if whoever refers to the file says that it may (``may``).

    There is no other way to the bytes: files have no address of their own. Who uploaded a file may always open it.
    Raises ``files.refused``, ``files.missing`` or ``files.damaged``.
    """
    own = account.is_authenticated and stored.uploaded_by_id == account.pk
    if not (may or own):
        raise FileError("refused", "当前账号不能打开这个文件,请由办件的申请人或承办人员打开")
    return Opened(vault.read(stored.sha256), stored.media_type, stored.name)


def verified(code: str) -> Issued | None:
    """Return the document of a verification code, however it is typed (lower case, hyphens), or None."""
    plain = codes.plain(code)
    return _documents().filter(verify_code=plain).first() if plain else None


def verified_by_content(content: bytes) -> Issued | None:
    """Return the document whose PDF is exactly these bytes, or None: changed by one bit, it is no longer found."""
    return _documents().filter(sha256=hashlib.sha256(content).hexdigest()).first()


def issued_for(kind: str, number: str) -> QuerySet[Issued]:
    """Return the documents of one subject (a case, say), oldest first; whoever may see the subject may see them."""
    return _documents().filter(subject_kind=kind, subject_number=number).order_by("issued_at", "pk")


def _documents() -> QuerySet[Issued]:
    return Issued.objects.select_related("issuer", "stored", "replaced_by")
