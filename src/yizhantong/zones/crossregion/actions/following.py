"""What the sender does with what it hears: responsibility passes, the asker is told, the result is entered and delivered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion import notices
from yizhantong.zones.crossregion.actions import casework, facts
from yizhantong.zones.crossregion.actions.outbox import not_taken
from yizhantong.zones.crossregion.actions.talking import (
    day_of,
    document,
    office_in,
    pass_responsibility,
    say,
    station,
)
from yizhantong.zones.crossregion.models import Crossing, CrossingFile, Mode
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.machine import ENDED, Stage
from yizhantong.zones.crossregion.protocol.messages import Envelope

LIVE = frozenset(str(stage) for stage in Stage if stage not in ENDED)
RESULTS = {
    "granted": "done", "answered": "done", "partial": "done", "refused": "refused", "not_accepted": "refused", "withdrawn": "withdrawn",
    "terminated": "returned",
}  # fmt: skip
"""How the ledger counts an ending."""


def received(crossing: Crossing, body: messages.Receipt, envelope: Envelope) -> None:
    """The other city has taken the case: from the moment of its receipt it answers, in both records."""
    moment = max(body.received_at, crossing.handed_at or body.received_at)
    crossing.received_at, crossing.other_number, crossing.other_office = moment, body.number[:64], body.office[:120]
    crossing.due_at = body.due_at
    pass_responsibility(crossing, "receipt", moment)
    station(crossing, f"{office_in(crossing.partner.name, body.office)}已接收,编号 {body.number}", moment)
    crossing.save()
    _record(crossing, moment)
    case = crossing.case
    if case is not None:
        casework.handed_over(case)
        if crossing.mode != Mode.JOINT:
            casework.pass_to(case, crossing.partner.organisation, moment)
    text = f"{crossing.partner.name}已接收(对方编号 {body.number}),由{body.office}负责办理。"
    notices.asker(crossing, f"已转{crossing.partner.name}办理:{crossing.item_name}", text)


def refused(crossing: Crossing, body: messages.Reasoned, envelope: Envelope) -> None:
    """The other city did not take it over."""
    station(crossing, f"{crossing.partner.name}未接收:{body.reason}", body.at)
    if crossing.stage == Stage.REFUSED:
        crossing.stage = str(Stage.SENT)
    not_taken(crossing, body.reason)


def supplement_asked(crossing: Crossing, body: messages.SupplementAsked, envelope: Envelope) -> None:
    """Tell the asker, once and completely, what the other city lacks."""
    crossing.defects = [document(each) for each in body.defects]
    said = ";".join(each.text for each in body.defects)
    until = f",请于 {body.due_on} 前补正" if body.due_on else ""
    station(crossing, f"需要补正:{said}"[:300], body.at)
    crossing.save()
    notices.asker(
        crossing, f"请补正:{crossing.item_name}", f"{crossing.partner.name}告知:{said}{until}"[:480], needed=True
    )
    notices.staff(crossing, f"需要补正:{crossing.number}", said[:480])


def status(crossing: Crossing, body: messages.Status, envelope: Envelope) -> None:
    """Keep a station, and fetch documents that were issued."""
    if body.due_at is not None:
        crossing.due_at = body.due_at
    station(crossing, body.text or body.station, body.at)
    crossing.save()
    if body.documents:
        expect(crossing, body.documents, CrossingFile.Kind.DOCUMENT)
        _fetch(crossing)


def decided(crossing: Crossing, body: messages.Decision, envelope: Envelope) -> None:
    """The other city has decided: this one answers again from that moment, for the delivery."""
    crossing.outcome, crossing.reason, crossing.law = body.outcome, body.reason[:500], body.law
    crossing.papers = body.papers
    crossing.segments = [document(each) for each in body.segments]
    pass_responsibility(crossing, "decision", body.decided_at)
    label = Case.Outcome(body.outcome).label
    station(crossing, f"{crossing.partner.name}办结:{label}", body.decided_at)
    crossing.save()
    _close(crossing, RESULTS[body.outcome], body.decided_at)
    back(crossing, body.decided_at)
    settle(crossing)
    title = f"{crossing.item_name}:{label}"
    notices.asker(crossing, title, (body.reason or "结果已出,请查看。")[:480])
    if crossing.mode == Mode.PROXY and crossing.stage == Stage.DECIDED:
        notices.staff(crossing, f"请送达结果:{crossing.number}", f"{crossing.partner.name}已办结:{label}")


def returned(crossing: Crossing, body: messages.Reasoned, envelope: Envelope) -> None:
    """The other city gives it back as not theirs: this office answers again from that moment, and a person here goes on with it."""
    crossing.reason, crossing.ended_at = body.reason[:500], clock.now()
    pass_responsibility(crossing, "return", body.at)
    station(crossing, f"{crossing.partner.name}退回:{body.reason}", body.at)
    crossing.save()
    _close(crossing, "returned", body.at)
    back(crossing, body.at)
    text = f"{crossing.partner.name}退回:{body.reason}。责任自退回时起回到本单位,请改转他处或直接答复申请人。"
    notices.staff(crossing, f"已退回:{crossing.number}", text[:480])


def back(crossing: Crossing, since: dt.datetime) -> None:
    """Let our own office answer for our case again."""
    if crossing.case is not None and crossing.mode != Mode.JOINT:
        own = Organisation.objects.get(pk=crossing.case.item.agency_id)
        casework.pass_to(crossing.case, own, since)


def settle(crossing: Crossing) -> None:
    """Say that it was delivered where nobody has to hand anything out, or nothing of it is still to come."""
    if crossing.outcome in ("withdrawn", "terminated") or (crossing.mode != Mode.PROXY and not crossing.papers):
        delivered(crossing, "网上送达")


def conclude(crossing: Crossing) -> None:
    """End our case as decided elsewhere; one of several parts when all of them are over."""
    case = crossing.case
    if case is None:
        return
    parts = [crossing]
    if crossing.mode == Mode.JOINT:
        every = list(Crossing.objects.filter(case=case, direction="sent").order_by("id"))
        parts = [part for part in every if part.outcome]
        if any(part.stage not in ENDED for part in every):
            return
    results = [RESULTS[part.outcome] for part in parts]
    result = "done" if "done" in results else "refused" if "refused" in results else results[0]
    casework.conclude(case, result, ";".join(map(answer_of, parts)))


def answer_of(crossing: Crossing) -> str:
    """Return in words what the other city decided, for the asker."""
    label = Case.Outcome(crossing.outcome).label
    law = f"(依据:{crossing.law})" if crossing.law else ""
    return f"{crossing.partner.name}{crossing.item_name}:{label}。{crossing.reason}{law}".strip()


def delivered(crossing: Crossing, how: str) -> None:
    """Say that the result is in the asker's hands: the crossing is over, and our case ends as it was decided."""
    if crossing.stage != Stage.DECIDED:
        return
    crossing.ended_at = clock.now()
    station(crossing, f"已送达({how})", clock.now())
    say(crossing, "delivery", messages.Delivery(at=clock.now(), how=how))
    conclude(crossing)


def expect(crossing: Crossing, listed: tuple[messages.Material, ...], kind: str) -> None:
    """Keep the list of files by digest; their bytes come later."""
    CrossingFile.objects.bulk_create(
        [
            CrossingFile(
                crossing=crossing, kind=kind, code=each.code, name=each.name, sha256=each.sha256, size=each.size,
                media_type=each.media_type, trust=each.trust,
            )
            for each in listed
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def documents_here(crossing: Crossing) -> None:
    """Go on once the documents of a decision have been fetched; the caller locks."""
    missing = crossing.files.filter(kind=CrossingFile.Kind.DOCUMENT, stored__isnull=True).exists()
    if not missing and crossing.mode != Mode.PROXY and crossing.stage == Stage.DECIDED:
        delivered(crossing, "网上送达")
        notices.asker(crossing, f"结果文书已到:{crossing.item_name}", "可在“我的通办”中查看和下载。")


def _fetch(crossing: Crossing) -> None:
    from yizhantong.zones.crossregion.tasks import fetch_documents

    fetch_documents.enqueue(crossing=crossing.pk)


def _record(crossing: Crossing, moment: dt.datetime) -> None:
    assert crossing.case is not None
    facts.hand_over(
        crossing.number, crossing.item_name, crossing.mode, "sent", (crossing.partner.code, crossing.partner.name),
        division=crossing.case.division_id, on=day_of(moment), account=None, source=f"case:{crossing.case.number}",
    )  # fmt: skip


def _close(crossing: Crossing, result: str, moment: dt.datetime) -> None:
    assert crossing.case is not None
    facts.close(crossing.number, result, on=day_of(moment), account=None, source=f"case:{crossing.case.number}")


def outcome_label(value: Any) -> str:
    """Return an outcome as people read it."""
    return str(Case.Outcome(value).label) if value else ""
