"""The outbox: each message is sent until the other city has taken it; what it refuses for good goes to a person here."""

from __future__ import annotations

import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, SupervisionOrder
from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion import config, keys, notices, transport
from yizhantong.zones.crossregion.access import check
from yizhantong.zones.crossregion.actions.talking import locked
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, Outgoing, Partner, PartnerKey
from yizhantong.zones.crossregion.protocol.machine import Stage

FOR_GOOD = frozenset({400, 404, 405, 409, 413, 415, 422})
"""Answers that the same message would get again; all others are tried again later."""
State = Outgoing.State


def key_of(keyid: str, partner: Partner | None = None) -> Ed25519PublicKey | None:
    """Return a partner's public key that is in force now (the server's clock), or None."""
    now = timezone.now()
    found = PartnerKey.objects.filter(keyid=keyid, revoked_at__isnull=True, valid_from__lte=now)
    found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now))
    row = (found.filter(partner=partner) if partner is not None else found).first()
    return keys.decoded(row.public) if row is not None else None


def deliver(pk: str) -> str:
    """Send a message; return its state. Raises :class:`~..transport.Unreachable` to be tried again; may be called any number of times."""
    row = Outgoing.objects.select_related("crossing__partner").get(pk=pk)
    if row.state != State.WAITING:
        return row.state
    partner = row.crossing.partner
    if partner.state != Partner.State.ACTIVE:
        _failed(row, f"{partner.name}已停用,暂不发送")
        raise transport.Unreachable(f"{partner.name}已停用")
    try:
        reply = transport.ask(partner.base_url, "POST", "/messages", row.text.encode(), lambda k: key_of(k, partner))
    except transport.Unreachable as error:
        _failed(row, str(error))
        Partner.objects.filter(pk=partner.pk).update(failed_at=timezone.now(), failure=str(error)[:300])
        raise
    answer = _json(reply.body)
    if reply.status < 300:
        _taken(row, answer)
    elif reply.status in FOR_GOOD:
        _refused(row, answer, reply.status)
    else:
        said = str(answer.get("detail") or f"HTTP {reply.status}")
        _failed(row, said)
        raise transport.Unreachable(said[:280])
    Partner.objects.filter(pk=partner.pk).update(seen_at=timezone.now(), failure="")
    return Outgoing.objects.values_list("state", flat=True).get(pk=pk)


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _failed(row: Outgoing, why: str) -> None:
    Outgoing.objects.filter(pk=row.pk, state=State.WAITING).update(
        attempts=F("attempts") + 1, tried_at=timezone.now(), failure=why[:300]
    )


def _taken(row: Outgoing, answer: dict[str, Any]) -> None:
    now = timezone.now()
    Outgoing.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=State.TAKEN, attempts=F("attempts") + 1, tried_at=now, taken_at=now, answer=answer, failure=""
    )


@transaction.atomic
def _refused(row: Outgoing, answer: dict[str, Any], status: int) -> None:
    crossing = locked(row.crossing_id)
    said = str(answer.get("detail") or f"HTTP {status}")[:300]
    changed = Outgoing.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=State.REFUSED, attempts=F("attempts") + 1, tried_at=timezone.now(), answer=answer, failure=said
    )
    if not changed:
        return
    if row.kind == "handover" and crossing.stage in (Stage.SENT, Stage.WITHDRAWING):
        not_taken(crossing, said)
    else:
        notices.staff(crossing, f"对方拒收消息:{crossing.number}", f"{crossing.partner.name}拒收“{row.kind}”:{said}")


def not_taken(crossing: Crossing, why: str) -> None:
    """The other city did not take the request over: this office answers for it as it did all along, and is told; the caller locks."""
    crossing.stage = str(Stage.REFUSED if crossing.stage == Stage.SENT else Stage.CLOSED)
    crossing.reason, crossing.ended_at = why[:500], clock.now()
    crossing.save()
    body = f"{crossing.partner.name}没有接收“{crossing.item_name}”:{why}。责任仍在本单位,请改正后重新转出,或直接答复申请人。"
    notices.staff(crossing, f"转出未被接收:{crossing.number}", body[:480])


def retry(row: Outgoing, account: policy.Account | None) -> None:
    """Try a waiting message again right now, whatever its next turn is."""
    from yizhantong.zones.crossregion.tasks import deliver as job

    check(account)
    if row.state != State.WAITING:
        raise CrossingError("not_waiting", f"这条消息现为“{State(row.state).label}”,不需要重发")
    job.enqueue(message=str(row.pk))


def watch() -> int:
    """Tell the office, and light a lamp at its case, where a message has waited too long (once each); return how many."""
    late = Outgoing.objects.filter(state=State.WAITING, queued_at__lt=timezone.now() - config.SILENT)
    found = sorted(set(late.values_list("crossing_id", flat=True)))
    return sum(_tell_silence(pk) for pk in found)


@transaction.atomic
def _tell_silence(pk: int) -> bool:
    crossing = locked(pk)
    waiting = crossing.outgoing.filter(state=State.WAITING).order_by("sequence").first()
    if waiting is None or waiting.answer.get("told"):
        return False
    hours = int((timezone.now() - waiting.queued_at).total_seconds() // 3600)
    text = f"发往{crossing.partner.name}的“{waiting.kind}”已等待 {hours} 小时未送达({waiting.failure or '没有应答'}),时限照常计算"
    Outgoing.objects.filter(pk=waiting.pk).update(answer={"told": True})
    notices.staff(
        crossing, f"对方未联通:{crossing.number}", f"{text}。请与对方联系人{crossing.partner.contact}核实。"[:480]
    )
    if crossing.case is not None and crossing.case.state not in (Case.State.CLOSED, Case.State.DRAFT):
        try:
            cases.order(
                crossing.case, text=text[:500], light=SupervisionOrder.Light.YELLOW, account=None, source="crossregion"
            )
        except CaseError:  # the case ended meanwhile
            return True
    return True


def message_id(text: str) -> uuid.UUID:
    """Return the id of a message; ``crossregion.unknown_message`` when it is none."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise CrossingError("unknown_message", "没有这条消息,请从发件箱中选择") from error
