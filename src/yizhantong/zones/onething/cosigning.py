"""Signing together 共同签署: another person (seller, spouse, employer) signs what the asker filled in, by a link that dies by itself.

A link is known by its word, which is never kept: it is made of the platform's key and a nonce of the row, so that it can be sent again by a
job, and found by its digest. It dies when it is used, when it is withdrawn, when its time is over, after too many wrong identity
numbers, and when what it shows is no longer what the form says: a changed form voids signatures. A package is not submitted before all
have signed exactly what is submitted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from yizhantong.foundation.codes import phones
from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import rules
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.sealed import open_data
from yizhantong.kernel.items.showing import masked_text, text_of
from yizhantong.kernel.parties import sealing
from yizhantong.zones.onething import notices
from yizhantong.zones.onething.assembling import is_true
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.loading import Loaded, package
from yizhantong.zones.onething.models import Cosignature
from yizhantong.zones.onething.spec import CosignerSpec

State = Cosignature.State
LIVE = (State.WAITING, State.SIGNED)
CHANGED = "申请内容已变更"
"""Why a signature is void whose data were changed."""
TRIES = 5
"""How often a wrong identity number may be given before the link dies."""


@dataclass(frozen=True, slots=True)
class Document:
    """Exactly what is signed: the statement, and the rows as they are shown (element, label, text)."""

    title: str
    label: str
    statement: str
    rows: tuple[tuple[str, str, str], ...]

    def text(self) -> str:
        """The document as canonical JSON: what its digest is over."""
        shown = {
            "title": self.title,
            "label": self.label,
            "statement": self.statement,
            "rows": [list(row) for row in self.rows],
        }
        return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of :meth:`text` (64 hexadecimal characters)."""
        return hashlib.sha256(self.text().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One signature that a package wants: by whom, of what, and the signature at hand (None: nobody was asked yet)."""

    signer: CosignerSpec
    document: Document
    name: str
    contact: str
    signature: Cosignature | None

    @property
    def signed(self) -> bool:
        """Tell whether exactly this document was signed."""
        found = self.signature
        return found is not None and found.state == State.SIGNED and found.data_digest == self.document.digest


# --- what is to be signed -------------------------------------------------------------------------------------------


def wanted(case: Case, data: Mapping[str, Any] | None = None) -> list[Wanted]:
    """Return the signatures that a package wants for its data (in clear; None: as they are stored), with those at hand."""
    loaded = package(case.version_id)
    given = open_data(loaded.ready, case.data) if data is None else data
    live = {row.role: row for row in Cosignature.objects.filter(case_id=case.pk, state__in=LIVE)} if case.pk else {}
    return [
        Wanted(signer, document(loaded, signer, given), str(given.get(signer.name) or ""), str(given.get(signer.contact) or ""),
               live.get(signer.code))
        for signer in signers(loaded, given)
    ]  # fmt: skip


def signers(loaded: Loaded, data: Mapping[str, Any]) -> Iterator[CosignerSpec]:
    """Yield who must sign for these answers."""
    visible = loaded.ready.visible(data)
    facts = loaded.ready.facts({code: value for code, value in data.items() if code in visible})
    for signer in loaded.spec.cosigners:
        if not signer.when or is_true(signer.when, facts):
            yield signer


def document(loaded: Loaded, signer: CosignerSpec, data: Mapping[str, Any]) -> Document:
    """Return what that person signs: the elements named (all shown ones where none is), in the order of the form."""
    visible = loaded.ready.visible(data)
    rows = []
    for code, (_field, element) in loaded.ready.fields.items():
        if code in visible and (code in signer.signs or not signer.signs):
            rows.append((code, element.name, text_of(element, data.get(code))))
    return Document(loaded.ready.name, signer.label, signer.statement, tuple(rows))


def require(case: Case, loaded: Loaded, data: Mapping[str, Any]) -> None:
    """Refuse a submission that not everybody has signed as it is: ``onething.unsigned`` (``details["missing"]``: roles)."""
    if not loaded.spec.cosigners:
        return
    missing = [each for each in wanted(case, data) if not each.signed]
    if missing:
        names = "、".join(each.signer.label for each in missing)
        roles = [each.signer.code for each in missing]
        void = Cosignature.objects.filter(case_id=case.pk, role__in=roles, state=State.VOID, reason=CHANGED)
        changed = case.pk is not None and void.exists()
        why = "签署后内容有变更,须重新签署" if changed else "尚未签署"
        text = f"{names}{why};请发送签署链接,签署后再提交"
        raise OnethingError("onething.unsigned", text, field="cosigners", missing=roles)


# --- asking ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(case: Case, role: str, account: policy.Account | None) -> tuple[Cosignature, str]:
    """Ask somebody to sign a draft; return the row and the path of the link. An earlier link of the same role dies.

    Raises ``onething.no_cosigner``, ``onething.cosigner_contact`` (no valid mobile number on the form), ``onething.already_signed``; Refused.
    """
    held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    rules.check(account, "save_draft", held)
    found = next((each for each in wanted(held) if each.signer.code == role), None)
    if found is None:
        raise OnethingError("onething.no_cosigner", "按所填情形不需要这位签署人,请刷新后查看", field=role)
    if found.signed:
        raise OnethingError(
            "onething.already_signed", f"{found.signer.label}已经签署,内容没有变更,不必再签", field=role
        )
    if not found.name or not _is_mobile(found.contact):
        text = f"请先在表单里填写{found.signer.label}的姓名和手机号,签署链接将发到这个手机号"
        raise OnethingError("onething.cosigner_contact", text, field=found.signer.contact)
    return _invited(held, found, account)


def _invited(case: Case, found: Wanted, account: policy.Account | None) -> tuple[Cosignature, str]:
    now, signer = clock.now(), found.signer
    _settle(
        Cosignature.objects.filter(case_id=case.pk, role=signer.code, state__in=LIVE), State.VOID, "已重新发出签署链接"
    )
    loaded = package(case.version_id)
    identity = open_data(loaded.ready, case.data).get(signer.identity) if signer.identity else None
    nonce = secrets.token_hex(16)
    row = Cosignature.objects.create(
        case=case, role=signer.code, label=signer.label, name=found.name, contact=found.contact,
        identity_index=sealing.index_of(str(identity)) if identity else "", shown=found.document.text(),
        data_digest=found.document.digest, nonce=nonce, token_digest=_digest(_token(nonce)), invited_at=now,
        invited_by_id=account.pk if isinstance(account, User) else None, expires_at=now + dt.timedelta(days=signer.days),
    )  # fmt: skip
    transaction.on_commit(lambda: _send(row.pk))
    return row, path_of(row)


def _send(pk: int) -> None:
    from yizhantong.zones.onething.tasks import send_link

    send_link.enqueue(pk=pk)


def path_of(row: Cosignature) -> str:
    """Return the path of a signature's link."""
    return f"/onething/sign/{_token(row.nonce)}/"


def _token(nonce: str) -> str:
    return (
        nonce
        + hmac.new(settings.SECRET_KEY.encode(), f"onething.cosigning:{nonce}".encode(), hashlib.sha256).hexdigest()[
            :32
        ]
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_mobile(text: str) -> bool:
    try:
        return phones.kind(text) == "mobile"
    except CodeError:
        return False


@transaction.atomic
def withdraw(signature: Cosignature, account: policy.Account | None) -> Cosignature:
    """Call an invitation back before it is signed; the link dies. Raises ``onething.link_settled``; Refused."""
    held = Case.objects.select_for_update(of=("self",)).get(pk=signature.case_id)
    rules.check(account, "save_draft", held)
    _settle_one(signature, State.WITHDRAWN, "申请人撤销了签署邀请")
    return signature


# --- signing --------------------------------------------------------------------------------------------------------


def opened(token: str) -> Cosignature:
    """Return the living invitation of a link; raise ``onething.link_dead`` with why for one that is used, withdrawn, void or over."""
    row = Cosignature.objects.select_related("case").filter(token_digest=_digest(token)).first()
    if row is None:
        raise OnethingError("onething.link_dead", "签署链接不完整或不存在,请核对短信里的链接", state="unknown")
    if row.state == State.WAITING and clock.now() >= row.expires_at:
        raise _dead(row, State.EXPIRED)
    if row.state != State.WAITING:
        raise _dead(row, State(row.state))
    if not _stands(row):
        raise _dead(row, State.VOID)
    return row


def shown(row: Cosignature, *, reveal: bool = False) -> Document:
    """Return what an invitation shows and signs, as it was when it was made; personal values masked unless revealed to the signer."""
    kept = json.loads(row.shown)
    rows = tuple((code, label, text) for code, label, text in kept["rows"])
    if not reveal:
        fields = package(row.case.version_id).ready.fields
        rows = tuple(
            (
                code,
                label,
                masked_text(fields[code][1], text) if code in fields and fields[code][1].personal and text else text,
            )
            for code, label, text in rows
        )
    return Document(kept["title"], kept["label"], kept["statement"], rows)


def sign(token: str, *, digest: str, identity: str = "") -> Cosignature:
    """Sign what the link shows; ``digest`` is that of the document on the signer's screen.

    Of two clicks at once one signs, and the other gets ``onething.link_dead``. Further errors: ``onething.signed_other`` (the screen
    showed something else), ``onething.signer_identity`` (not the person who was asked; after five times the link dies).
    """
    try:
        with transaction.atomic():
            row = _locked(token)
            if digest != row.data_digest:
                raise OnethingError("onething.signed_other", "页面上的内容已不是最新,请刷新后核对再签署")
            _check_identity(row, identity)
            _settle_one(row, State.SIGNED, "")
            transaction.on_commit(lambda: notices.signed(row))
            return row
    except _WrongIdentity as error:
        _count_try(error.row)
        raise


def identified(token: str, identity: str) -> Cosignature:
    """Return the invitation of a link after its signer was checked, so that it may be shown in clear.

    Errors as of :func:`sign`; a wrong number counts there and here.
    """
    row = opened(token)
    try:
        _check_identity(row, identity)
    except _WrongIdentity as error:
        _count_try(error.row)
        raise
    return row


def decline(token: str, *, reason: str) -> Cosignature:
    """Refuse to sign, saying why; the asker is told."""
    reason = reason.strip()
    if not reason:
        raise OnethingError("onething.no_reason", "请写明不同意签署的原因,申请人会看到", field="reason")
    with transaction.atomic():
        row = _locked(token)
        _settle_one(row, State.DECLINED, reason[:200])
        transaction.on_commit(lambda: notices.declined(row))
    return row


class _WrongIdentity(OnethingError):
    def __init__(self, row: Cosignature) -> None:
        self.row = row
        left = max(TRIES - row.tries - 1, 0)
        text = f"身份证号与申请人填写的{row.label}不一致,请核对(还可以试 {left} 次)"
        super().__init__("onething.signer_identity", text, field="identity", left=left)


def _locked(token: str) -> Cosignature:
    """Lock the draft first, as whoever changes or submits it does, then look at the link as it is now."""
    found = opened(token)
    Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
    return opened(token)


def _check_identity(row: Cosignature, identity: str) -> None:
    given = identity.strip().upper()
    if row.identity_index and not hmac.compare_digest(sealing.index_of(given) if given else "", row.identity_index):
        raise _WrongIdentity(row)


def _count_try(row: Cosignature) -> None:
    with transaction.atomic():
        held = Cosignature.objects.select_for_update(of=("self",)).get(pk=row.pk)
        held.tries += 1
        held.save(update_fields=["tries"])
        if held.tries >= TRIES and held.state == State.WAITING:
            _settle_one(held, State.VOID, "身份证号多次核对不一致")


def _stands(row: Cosignature) -> bool:
    """Tell whether the form still says what the invitation shows."""
    if row.case.state != Case.State.DRAFT:
        return False
    return any(each.signer.code == row.role and each.document.digest == row.data_digest for each in wanted(row.case))


_DEAD = {
    State.SIGNED: "已经签署过,不能重复使用", State.DECLINED: "已经拒绝签署", State.WITHDRAWN: "已被申请人撤销",
    State.EXPIRED: "已过有效期", State.VOID: "因申请内容变更已经作废",
}  # fmt: skip


def _dead(row: Cosignature, state: State) -> OnethingError:
    text = f"这个签署链接{_DEAD[state]};如需签署,请联系申请人重新发送"
    return OnethingError("onething.link_dead", text, state=str(state), at=row.settled_at)


# --- dying ----------------------------------------------------------------------------------------------------------


def _settle_one(row: Cosignature, state: State, reason: str) -> None:
    """Settle a waiting invitation, once: of two at once the later finds it settled."""
    changed = Cosignature.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=state, reason=reason, settled_at=clock.now()
    )
    row.refresh_from_db()
    if not changed:
        raise _dead(row, State(row.state))


def _settle(rows: Any, state: State, reason: str) -> int:
    return int(rows.update(state=state, reason=reason, settled_at=clock.now()))


def refresh(case: Case) -> int:
    """Void what was asked for or signed of a draft that has changed since; return how many. Pages call it after saving."""
    stands = {each.signer.code: each.document.digest for each in wanted(case)}
    live = Cosignature.objects.filter(case_id=case.pk, state__in=LIVE)
    void = [row.pk for row in live if stands.get(row.role) != row.data_digest]
    return _settle(Cosignature.objects.filter(pk__in=void, state__in=LIVE), State.VOID, CHANGED) if void else 0


def expire_due() -> int:
    """Mark links whose time is over; return how many. A job calls it."""
    return _settle(
        Cosignature.objects.filter(state=State.WAITING, expires_at__lte=clock.now()),
        State.EXPIRED,
        "超过有效期没有签署",
    )


def end(case: Case) -> None:
    """Let the links of a package that has ended die."""
    _settle(Cosignature.objects.filter(case_id=case.pk, state=State.WAITING), State.VOID, "申请已办结")
