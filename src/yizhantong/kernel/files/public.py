"""What anyone who holds a document's code may know of it: genuine or not, and nothing that the paper does not show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yizhantong.kernel.files.issuing import letterhead
from yizhantong.kernel.files.models import Issued

State = Literal["valid", "replaced", "revoked"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as the public sees it; ``holder`` is masked unless it is an organisation."""

    state: State
    number: str
    kind: str
    kind_label: str
    title: str
    issuer: str
    holder: str
    issued_at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_reason: str
    replaced_by: str
    sha256: str


def shown(issued: Issued) -> Shown:
    """Return what the public may know; a document that was revoked is told as such even if another replaced it."""
    successor: Issued | None = getattr(issued, "replaced_by", None)
    organisation = issued.body.get("holder_kind") == "organisation"
    return Shown(
        state="revoked" if issued.revoked_at else "replaced" if successor else "valid",
        number=issued.number,
        kind=issued.kind,
        kind_label=str(Issued.Kind(issued.kind).label),
        title=issued.title,
        issuer=letterhead(issued.issuer.name),
        holder=issued.holder_name if organisation else masked(issued.holder_name),
        issued_at=issued.issued_at,
        revoked_at=issued.revoked_at,
        revoked_reason=issued.revoked_reason,
        replaced_by=successor.number if successor else "",
        sha256=issued.sha256,
    )


def masked(name: str) -> str:
    """Return a person's name with only its first character, and its last if it has three or more: 张*, 张*明."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
