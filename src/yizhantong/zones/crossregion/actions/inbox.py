"""The inbox: each message is kept with the answer that it got and processed once, in the order in which it was said."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion import config, notices
from yizhantong.zones.crossregion.actions import arriving, following
from yizhantong.zones.crossregion.actions.talking import locked, station
from yizhantong.zones.crossregion.models import Crossing, Incoming, Nonce, Outgoing, Partner
from yizhantong.zones.crossregion.protocol import machine, messages
from yizhantong.zones.crossregion.protocol.machine import Stage, Verdict
from yizhantong.zones.crossregion.protocol.messages import Envelope, ProtocolError
from yizhantong.zones.crossregion.signing import OLDEST, SKEW

MOST_WAITING = 50
"""Messages of one case that may wait for those before them."""
State = Incoming.State
Handler = Callable[[Crossing, Any, Envelope], None]
HANDLERS: dict[tuple[str, str], Handler] = {
    ("receiver", "supplement_given"): arriving.supplement_given,
    ("receiver", "delivery"): arriving.delivered,
    ("receiver", "withdrawal"): arriving.withdrawn,
    ("sender", "receipt"): following.received,
    ("sender", "refusal"): following.refused,
    ("sender", "supplement_asked"): following.supplement_asked,
    ("sender", "status"): following.status,
    ("sender", "decision"): following.decided,
    ("sender", "return"): following.returned,
}


def seen(keyid: str, nonce: str) -> None:
    """Remember a nonce; :class:`ProtocolError` 409 ``exchange.replay`` when this key has used it before."""
    try:
        with transaction.atomic():
            Nonce.objects.create(keyid=keyid, nonce=hashlib.sha256(nonce.encode()).hexdigest(), seen_at=timezone.now())
    except IntegrityError as error:
        raise ProtocolError("replay", "这个签名已经用过(nonce 重复),请重新签名后再发", 401) from error


def forget_nonces() -> int:
    """Forget the nonces whose signatures are too old to be accepted anyway; return how many."""
    return Nonce.objects.filter(seen_at__lt=timezone.now() - OLDEST - 3 * SKEW).delete()[0]


def take(partner: Partner, raw: bytes) -> tuple[int, dict[str, Any]]:
    """Take a message; return status and answer, the same for the same message however often it comes.

    Raises :class:`ProtocolError` for what cannot be taken; then nothing was written.
    """
    envelope = messages.read(raw)
    if envelope.sender != partner.code or envelope.receiver != config.own_code():
        raise ProtocolError("addressee", "消息的发送方与签名不符,或不是发给本市的", 403)
    digest = hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            return _take(partner, envelope, raw, digest)
    except IntegrityError:
        earlier = _earlier(partner, envelope, digest)  # another process took the same message at the same moment
        if earlier is None:
            raise
        return earlier


def _earlier(partner: Partner, envelope: Envelope, digest: str) -> tuple[int, dict[str, Any]] | None:
    row = Incoming.objects.filter(pk=envelope.id).first()
    if row is None:
        return None
    if row.digest != digest or row.partner_id != partner.pk:
        raise ProtocolError("id_taken", "这个消息标识已用于另一条消息,请换一个标识", 409)
    return row.status, row.answer


def _take(partner: Partner, envelope: Envelope, raw: bytes, digest: str) -> tuple[int, dict[str, Any]]:
    known = Crossing.objects.filter(key=envelope.case).values_list("pk", flat=True).first()
    crossing = locked(known) if known is not None else None
    earlier = _earlier(partner, envelope, digest)
    if earlier is not None:
        return earlier
    if crossing is not None and crossing.partner_id != partner.pk:
        raise ProtocolError("not_your_case", "这件通办业务不是与贵市之间的", 403)
    verdict = machine.verdict(crossing.heard if crossing else 0, envelope.sequence)
    if verdict is Verdict.DUPLICATE:
        raise ProtocolError("sequence_taken", f"序号 {envelope.sequence} 已用于另一条消息", 409)
    row = Incoming(
        id=envelope.id, partner=partner, crossing=crossing, case_key=envelope.case, sequence=envelope.sequence, kind=envelope.kind,
        text=raw.decode(), digest=digest, arrived_at=timezone.now(), state=State.WAITING, status=202,
        answer={"id": str(envelope.id), "state": "waiting"},
    )  # fmt: skip
    if verdict is Verdict.WAITS:
        if (
            Incoming.objects.filter(partner=partner, case_key=envelope.case, state=State.WAITING).count()
            >= MOST_WAITING
        ):
            raise ProtocolError("too_early", "等待前序的消息过多,请先补发前面的消息", 429)
        row.save(force_insert=True)
        return row.status, row.answer
    crossing = _process(partner, crossing, envelope)
    row.state, row.status, row.crossing = State.DONE, 200, crossing
    row.answer = {"id": str(envelope.id), "state": "done", "number": crossing.number, "at": clock.now().isoformat()}
    row.save(force_insert=True)
    _process_waiting(partner, crossing)
    return row.status, row.answer


def _process_waiting(partner: Partner, crossing: Crossing) -> None:
    """Process what has waited and can go on now; what is refused only now is told to a person, and does not block the rest."""
    while True:
        crossing.refresh_from_db()
        row = Incoming.objects.filter(
            partner=partner, case_key=crossing.key, state=State.WAITING, sequence=crossing.heard + 1
        ).first()
        if row is None:
            return
        try:
            with transaction.atomic():
                _process(partner, crossing, messages.read(row.text.encode()))
            row.state, row.answer = State.DONE, {**row.answer, "state": "done"}
        except ProtocolError as error:
            Crossing.objects.filter(pk=crossing.pk).update(heard=row.sequence)
            row.state, row.answer = State.REFUSED, {**row.answer, "state": "refused", "detail": error.sentence}
            notices.staff(crossing, f"来自{partner.name}的消息不能处理:{crossing.number}", error.sentence)
        row.crossing = crossing
        row.save()


def _process(partner: Partner, crossing: Crossing | None, envelope: Envelope) -> Crossing:
    """Do what the next message says."""
    if crossing is None:
        if envelope.kind != "handover":
            raise ProtocolError("unknown_case", "没有这件通办业务,第一条消息应为 handover", 404)
        return arriving.arrive(partner, envelope)
    if envelope.after is not None and not Outgoing.objects.filter(pk=envelope.after, crossing=crossing).exists():
        raise ProtocolError("predecessor", "消息所承接的前序不是本市发出的,请核对 after", 409)
    body = envelope.content
    stage = machine.after_hearing(crossing.role, Stage(crossing.stage), envelope.kind)
    before = Stage(crossing.stage)
    crossing.stage, crossing.heard, crossing.last = str(stage), envelope.sequence, envelope.id  # the handler saves
    handler = HANDLERS.get((crossing.role, envelope.kind))
    if handler is None:
        raise ProtocolError("role", f"“{envelope.kind}”不是对方在这件业务里可以发的消息", 409)
    if stage == before and (crossing.role, envelope.kind) not in ALWAYS:
        return _crossed(crossing, envelope, body)
    handler(crossing, body, envelope)
    return crossing


ALWAYS = frozenset({("sender", "status"), ("receiver", "withdrawal"), ("sender", "receipt")})
"""What is heard in any stage; anything else that does not move the case on has crossed with a message of ours on the way."""


def _crossed(crossing: Crossing, envelope: Envelope, body: Any) -> Crossing:
    at = getattr(body, "at", None)
    text = f"对方的“{envelope.kind}”与本市的消息在途中交错,不再处理"
    station(crossing, text, at if isinstance(at, dt.datetime) else clock.now())
    crossing.save()
    return crossing
