"""What the receiver does: a request of another city arrives, its materials are fetched, it becomes our case; ``telling`` tells its way and end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import Q

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.files import actions as files
from yizhantong.kernel.files import kinds
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.crossregion import notices, transport
from yizhantong.zones.crossregion.actions import facts
from yizhantong.zones.crossregion.actions.following import expect
from yizhantong.zones.crossregion.actions.numbers import draw
from yizhantong.zones.crossregion.actions.outbox import key_of
from yizhantong.zones.crossregion.actions.talking import (
    content_of,
    day_of,
    document,
    locked,
    office_in,
    pass_responsibility,
    queue,
    say,
    station,
)
from yizhantong.zones.crossregion.actions.telling import LIVE
from yizhantong.zones.crossregion.models import Crossing, CrossingFile, Direction, Mode, Opening, Partner
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.machine import Stage
from yizhantong.zones.crossregion.protocol.messages import Envelope, ProtocolError

CLOCKS_APART = dt.timedelta(days=1)
CHANNELS = {Mode.ONLINE: Case.Channel.ONLINE, Mode.PROXY: Case.Channel.COUNTER, Mode.JOINT: Case.Channel.ONLINE}

MATERIAL = CrossingFile.Kind.MATERIAL


def opening_of(partner: Partner, code: str) -> Opening | None:
    """Return the opening by which a partner may send an item to us, or None."""
    found = Opening.objects.select_related("item__current").filter(closed_at__isnull=True, item_id=code)
    return found.filter(Q(partner=partner) | Q(partner__isnull=True)).order_by("partner_id").first()


def version_of(opening: Opening) -> str:
    """Return the version of an opened item as partners know it: the number of its published version."""
    return f"{opening.item.current.number}.0" if opening.item.current is not None else "0.0"


def arrive(partner: Partner, envelope: Envelope) -> Crossing:
    """Keep a request of another city that can be taken, and have its materials fetched; refused at once is what cannot be."""
    body: messages.Handover = envelope.content
    opening = opening_of(partner, body.item.code)
    if opening is None or opening.item.current is None:
        raise ProtocolError("not_open", f"事项“{body.item.code}”没有对贵市开放通办,请更新通办清单", 422)
    if body.mode not in opening.modes:
        raise ProtocolError("mode", f"“{opening.item.name}”不以这种方式通办,开放的方式:{'、'.join(opening.modes)}", 422)
    if version_of(opening).partition(".")[0] != body.item.version.partition(".")[0]:
        text = f"“{opening.item.name}”现行版本为 {version_of(opening)},不认识版本 {body.item.version};请更新通办清单后按新的表单和材料重新转出"
        raise ProtocolError("item_version", text, 422, current=version_of(opening))
    if abs(envelope.at - clock.now()) > CLOCKS_APART:
        raise ProtocolError("clocks", "两市时钟相差超过一天,不能确定责任起止,请校准后再转出", 409)
    made = Crossing(
        key=envelope.case, number=draw(), direction=Direction.RECEIVED, mode=body.mode, partner=partner, item_code=body.item.code,
        item_name=opening.item.name[:80], item_version=body.item.version, stage=str(Stage.ARRIVED), heard=1, last=envelope.id,
        content=body.model_dump_json(), other_number=body.number[:64], other_office=body.office[:120], handed_at=envelope.at,
        segments=[document(each) for each in body.segments], assurance=body.applicant.assurance, created_at=clock.now(),
    )  # fmt: skip
    pass_responsibility(made, "handover", envelope.at)
    station(made, f"{office_in(partner.name, body.office)}转来", envelope.at)
    made.save(force_insert=True)
    expect(made, body.materials, MATERIAL)
    queue("take_in", made)
    return made


def fetch(crossing: Crossing) -> None:
    """Fetch the files of a crossing that are not here yet, each verified by its digest; bytes that are here already are not asked for.

    Raises :class:`ProtocolError` ``exchange.digest_mismatch`` for bytes that are not what was announced, ``Unreachable`` to be tried again.
    """
    for row in crossing.files.filter(stored__isnull=True, offered=False):
        held = Stored.objects.filter(sha256=row.sha256).order_by("pk").first()
        if held is None:
            content = _fetched(crossing, row)
            held = files.record(
                content,
                _kind(content, row),
                account=None,
                name=row.name[:160],
                purpose=f"跨区通办 {crossing.number}",
                trust=row.trust,
            )
        CrossingFile.objects.filter(pk=row.pk).update(stored=held)


def _fetched(crossing: Crossing, row: CrossingFile) -> bytes:
    partner = crossing.partner
    path = f"/materials/{row.sha256}?case={quote(str(crossing.key))}"
    reply = transport.ask(partner.base_url, "GET", path, b"", lambda keyid: key_of(keyid, partner))
    if reply.status in (404, 403):
        raise ProtocolError("material_missing", f"对方没有提供材料“{row.name}”")
    if reply.status != 200:
        raise transport.Unreachable(f"取材料“{row.name}”时对方答复 HTTP {reply.status}")
    if len(reply.body) != row.size or hashlib.sha256(reply.body).hexdigest() != row.sha256:
        raise ProtocolError("digest_mismatch", f"材料“{row.name}”的内容与清单上的摘要不符,已拒收")
    return reply.body


def _kind(content: bytes, row: CrossingFile) -> str:
    try:
        return kinds.recognise(content, row.name).media_type
    except FileError as error:
        raise ProtocolError("material_kind", f"材料“{row.name}”不能接收:{error}") from error


def take_in(pk: int) -> str:
    """Fetch, file and sign for a request that has arrived; return its stage. May be called any number of times.

    What cannot be filed is refused to the sender with the reason; its office answers for it as it did all along.
    """
    crossing = Crossing.objects.select_related("partner").get(pk=pk)
    if crossing.stage == Stage.ARRIVED:
        try:
            fetch(crossing)
        except ProtocolError as error:
            return _refuse(pk, error.code, error.sentence)
    try:
        with transaction.atomic():
            held = locked(pk)
            if held.stage == Stage.ARRIVED:
                _become_ours(held)
                return held.stage
    except (CaseError, ItemError, FileError, ProtocolError) as error:
        return _refuse(pk, error.code, _sentence(error))
    return _refuse(pk, "exchange.withdrawn", "申请人已撤回") if held.stage == Stage.WITHDRAWING else held.stage


def _sentence(error: Exception) -> str:
    listed = getattr(error, "details", {}).get("errors") or {}
    said = ";".join(f"{name}:{''.join(texts)}" for name, texts in listed.items())
    return (str(error) + (f"({said})" if said else ""))[:500]


@transaction.atomic
def _refuse(pk: int, code: str, reason: str) -> str:
    crossing = locked(pk)
    if crossing.stage not in (Stage.ARRIVED, Stage.WITHDRAWING):
        return crossing.stage
    crossing.reason, crossing.ended_at = reason[:500], clock.now()
    station(crossing, f"未接收:{reason}"[:300], clock.now())
    say(crossing, "refusal", messages.Reasoned(code=code, reason=reason[:500], at=clock.now()))
    return crossing.stage


def _become_ours(crossing: Crossing) -> None:
    body = content_of(crossing)
    opening = opening_of(crossing.partner, body.item.code)
    if opening is None:
        raise ProtocolError("not_open", "事项已停止开放通办")
    moment = max(clock.now(), crossing.handed_at or clock.now())
    given = [
        {
            "code": row.code,
            "mode": "upload",
            "file": row.stored,
            "trust": row.trust,
            "remark": f"{crossing.partner.name}收件",
        }
        for row in crossing.files.filter(kind=MATERIAL, stored__isnull=False).select_related("stored")
    ]
    with clock.at(moment):
        case = cases.file(
            opening.item, applicant=_applicant(crossing, body.applicant), data=body.form, account=None,
            channel=CHANNELS[Mode(crossing.mode)], materials=given, idempotency_key=f"crossregion:{crossing.key}",
            source=f"crossregion:{crossing.partner.code}", details={"crossregion": crossing.number},
        )  # fmt: skip
    moment = case.submitted_at or moment
    crossing.case, crossing.received_at = case, moment
    crossing.due_at = case.due_at
    office = case.office.name if case.office else ""
    station(crossing, f"{office}已接收", moment)
    facts.hand_over(
        crossing.number, crossing.item_name, crossing.mode, "received", (crossing.partner.code, crossing.partner.name),
        division=case.division_id, on=day_of(moment), account=None, source=f"case:{case.number}",
    )  # fmt: skip
    receipt = messages.Receipt(received_at=moment, number=case.number, office=office[:200], due_at=case.due_at)
    say(crossing, "receipt", receipt, moment=moment)
    notices.staff(
        crossing, f"收到{crossing.partner.name}转来:{crossing.item_name}", f"办件 {case.number} 由{office}办理。"
    )


def _applicant(crossing: Crossing, said: messages.Applicant) -> Organisation | Person:
    """Return who asks as our own register has it, made from what the home city vouches for where it is not known here yet."""
    if said.kind == "organisation":
        found, _made = Organisation.objects.get_or_create(
            uscc=said.identity,
            defaults={"name": said.name, "kind": Organisation.Kind.ENTERPRISE, "division_id": tree.root()},
        )
        return found
    index = sealing.index_of(said.identity)
    known = Person.objects.filter(identity_index=index).order_by("pk").first()
    if known is not None:
        if known.name != said.name:
            raise ProtocolError("identity", "姓名与证件号码在本市的登记不一致,请核对后重新转出")
        return known
    return Person.objects.create(
        name=said.name[:64], identity=said.identity, identity_index=index, phone=said.phone,
        phone_index=sealing.index_of(said.phone) if said.phone else "", division_id=tree.root(),
        demonstration=crossing.partner.demonstration,
    )  # fmt: skip


# --- what the sender says afterwards -------------------------------------------------------------------------------------


def supplement_given(crossing: Crossing, body: messages.SupplementGiven, envelope: Envelope) -> None:
    """Keep the list of what was given since; a job fetches it and answers the notice of our own case."""
    expect(crossing, body.materials, MATERIAL)
    crossing.defects = []
    station(crossing, "对方已补正,正在核取材料", body.at)
    crossing.save()
    from yizhantong.zones.crossregion.tasks import take_supplement

    take_supplement.enqueue(
        crossing=crossing.pk, form=sealing.seal(json.dumps(body.form)), codes=[each.sha256 for each in body.materials]
    )


def take_supplement(pk: int, form: Mapping[str, Any], digests: list[str]) -> str:
    """Fetch what was given and answer the notice of our case; what still lacks is asked for again by its sentence."""
    crossing = Crossing.objects.select_related("partner").get(pk=pk)
    try:
        fetch(crossing)
        with transaction.atomic():
            held = locked(pk)
            if held.case is None or held.case.state != Case.State.SUPPLEMENT:
                return held.stage
            for row in held.files.filter(kind=MATERIAL, sha256__in=digests).select_related("stored"):
                old = held.case.materials.filter(code=row.code, replaced=False).order_by("-id").first()
                cases.give_material(
                    held.case,
                    row.code,
                    mode="upload",
                    file=row.stored,
                    account=None,
                    trust=row.trust,
                    replace=old,
                    source="crossregion",
                )
            cases.supplement(held.case, data=form, account=None, source="crossregion")
            return held.stage
    except (CaseError, ItemError, FileError, ProtocolError) as error:
        return _ask_again(pk, _sentence(error))


@transaction.atomic
def _ask_again(pk: int, why: str) -> str:
    crossing = locked(pk)
    if crossing.stage == Stage.HELD:
        defect = messages.Defect(kind="other", text=why[:300])
        crossing.defects = [document(defect)]
        say(crossing, "supplement_asked", messages.SupplementAsked(defects=(defect,), at=clock.now()))
    return crossing.stage


def delivered(crossing: Crossing, body: messages.Delivery, envelope: Envelope) -> None:
    """The result is in the asker's hands: our own step of delivery ends with it."""
    crossing.ended_at = clock.now()
    station(crossing, f"{crossing.partner.name}已送达{'(' + body.how + ')' if body.how else ''}", body.at)
    crossing.save()
    case = crossing.case
    if case is not None and case.steps.filter(code="delivery", done_at__isnull=True).exists():
        cases.deliver(case, account=None, remark=f"由{crossing.partner.name}送达", source="crossregion")


def withdrawn(crossing: Crossing, body: messages.Withdrawal, envelope: Envelope) -> None:
    """The asker takes it back: our case ends, and its end is told as a decision; what is decided already stays."""
    station(crossing, f"申请人撤回:{body.reason}"[:300], body.at)
    crossing.save()
    if crossing.stage == Stage.WITHDRAWING:
        queue("take_in", crossing)
    elif (
        crossing.stage in LIVE
        and crossing.case is not None
        and crossing.case.state not in (Case.State.CLOSED, Case.State.DRAFT)
    ):
        cases.withdraw(crossing.case, body.reason, None, "crossregion")
        crossing.refresh_from_db()
