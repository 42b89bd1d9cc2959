"""Issuing documents: number, PDF, verification code and record in one transaction; revoking them, once.

Who may issue is decided by whoever decides the case; what is issued cannot be changed any more. Numbers run without gaps
for each issuer, kind and year: they are given under a lock, and a transaction that fails gives its number back.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import city, clock
from yizhantong.kernel.files import codes, typesetting
from yizhantong.kernel.files.actions import record
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.kinds import PDF
from yizhantong.kernel.files.models import Issued, Series, Stored
from yizhantong.kernel.ledger.audit import Event, audit
from yizhantong.kernel.parties.models import Organisation

HolderKind = Literal["person", "organisation"]
Layout = Literal["document", "certificate", "slip"]
WORDS = {"certificate": "证", "decision": "决", "notice": "告", "receipt": "收"}
REVOKE = "cases.decide"
_MARKED = re.compile(r"[((][^()()]*演示[^()()]*[))]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about: ``kind`` (``case``) and number, by which it is found again."""

    kind: str
    number: str


@transaction.atomic
def issue(
    kind: str,
    *,
    title: str,
    issuer: Organisation,
    holder_name: str,
    subject: Subject | tuple[str, str],
    fields: Sequence[tuple[str, str]] = (),
    paragraphs: Sequence[str] = (),
    remedy: str = "",
    footnote: str = "",
    number: str | None = None,
    holder_kind: HolderKind = "person",
    layout: Layout | None = None,
    account: Account | None = None,
    verify_base_url: str = "",
    replaces: Issued | None = None,
) -> Issued:
    """Issue a document and return it; the caller has checked that ``account`` may (None: the platform itself).

    ``number`` None takes the next of the issuer's series; a number of one's own must be new (``files.number_taken``).
    ``holder_kind`` decides how the public page shows the holder: persons are masked. ``replaces`` is a document that this
    one takes the place of. ``verify_base_url`` is the platform's address (``YZT_ADDRESS`` if empty). Raises
    :class:`FileError`; then nothing was issued and no number is lost.
    """
    if kind not in Issued.Kind.values:
        raise FileError("kind", f"文书种类“{kind}”不认识,可用:{'、'.join(Issued.Kind.values)}")
    now = clock.now()
    subject = subject if isinstance(subject, Subject) else Subject(*subject)
    chosen: Layout = layout or ("certificate" if kind == Issued.Kind.CERTIFICATE else "document")
    body = {
        "fields": [list(pair) for pair in fields],
        "paragraphs": list(paragraphs),
        "remedy": remedy,
        "footnote": footnote,
        "holder_kind": holder_kind,
        "layout": chosen,
    }
    made = Issued(
        number=number or _next_number(issuer, kind, timezone.localtime(now).year),
        kind=kind,
        title=title,
        subject_kind=subject.kind,
        subject_number=subject.number,
        holder_name=holder_name,
        issuer=issuer,
        body=body,
        issued_at=now,
        verify_code=codes.make(),
        replaces=replaces,
    )
    _check_lengths(made)
    content = typesetting.typeset(chosen, _data(made, verify_base_url or settings.YZT_ADDRESS), now)
    made.stored = record(
        content, PDF.media_type, account=account, name=_file_name(made), purpose=title, trust=Stored.Trust.A
    )
    made.sha256 = made.stored.sha256
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(made) from error
    return made


@transaction.atomic
def revoke(issued: Issued, *, reason: str, account: Account | None) -> Issued:
    """Revoke a document for good; the public page says so, with the reason. Return it.

    Needs the permission to decide for its issuer (``account`` None: the platform itself). A second revocation is
    ``files.already_revoked`` and says when the first one was.
    """
    if not reason.strip():
        raise FileError("reason", "请填写撤销原因,它会显示在验证页上")
    if account is not None:
        reach = policy.reach(account, REVOKE)
        if not reach.includes(issued.issuer_id, issued.issuer.division_id):
            raise policy.Refused(REVOKE)
    locked = Issued.objects.select_for_update().get(pk=issued.pk)
    if locked.revoked_at is not None:
        day = timezone.localtime(locked.revoked_at)
        raise FileError("already_revoked", f"{locked.number} 已于 {day:%Y-%m-%d %H:%M} 撤销,不能重复撤销")
    locked.revoked_at, locked.revoked_reason = clock.now(), reason.strip()[:200]
    locked.save(update_fields=["revoked_at", "revoked_reason"])
    audit(account, Event.PUBLISH, f"issued:{locked.number}", how="revoked", reason=locked.revoked_reason)
    return locked


def letterhead(name: str) -> str:
    """Return the name of an organisation as it stands on paper: without the mark that says its code is a sample."""
    return _MARKED.sub("", name).strip() or name


def date_text(moment: dt.datetime) -> str:
    """Return the day of a moment as documents write it: 2021年8月16日."""
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _check_lengths(made: Issued) -> None:
    for name in ("number", "title", "subject_kind", "subject_number", "holder_name"):
        field = Issued._meta.get_field(name)
        given, most = getattr(made, name), int(getattr(field, "max_length", 0) or 0)
        if not given.strip() or len(given) > most:
            text = f"文书的“{getattr(field, 'verbose_name', name)}”应有 1 至 {most} 个字,现有 {len(given)} 个,请修改"
            raise FileError("length", text)


def _next_number(issuer: Organisation, kind: str, year: int) -> str:
    Series.objects.get_or_create(issuer=issuer, kind=kind, year=year)
    series = Series.objects.select_for_update().get(issuer=issuer, kind=kind, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{_mark(issuer)}{WORDS[kind]}字〔{year}〕{series.last}号"


def _mark(issuer: Organisation) -> str:
    """Return the issuer's mark 机关代字 of the city's table, else its name, else (a very long name) its code."""
    mark = city.settings_of().get("document_marks", {}).get(issuer.pk)
    name = letterhead(issuer.name)
    return str(mark) if mark else name if len(name) <= 36 else issuer.pk


def _data(made: Issued, address: str) -> dict[str, Any]:
    demonstration = clock.demonstration_day() is not None
    page = f"{address.rstrip('/')}/verify/"
    name = letterhead(made.issuer.name)
    return {
        "kind_label": str(Issued.Kind(made.kind).label),
        "title": made.title,
        "number": made.number,
        "issuer": name,
        "seal_name": name,
        "holder": made.holder_name,
        "date_text": date_text(made.issued_at),
        "demonstration": demonstration,
        "verify_page": page,
        "code": codes.grouped(made.verify_code),
        "qr": typesetting.qr_svg(f"{page}{made.verify_code}/"),
        **{key: made.body[key] for key in ("fields", "paragraphs", "remedy", "footnote")},
    }


def _file_name(made: Issued) -> str:
    return f"{made.title}{made.number}.pdf".replace("/", "-")[-160:]


def _taken(made: Issued) -> FileError:
    if made.replaces_id and Issued.objects.filter(replaces_id=made.replaces_id).exists():
        return FileError("already_replaced", f"{made.replaces} 已被另一份文书替代,请核对")
    return FileError("number_taken", f"文号“{made.number}”已被使用,请换一个,或留空由系统编号")
