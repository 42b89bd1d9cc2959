"""What our own case tells the city that sent it: stations, what lacks, how it ended, and the papers of the decision by their digests."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, ClockSegment
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Stored
from yizhantong.zones.crossregion.actions import facts
from yizhantong.zones.crossregion.actions.following import RESULTS
from yizhantong.zones.crossregion.actions.talking import day_of, locked, material_of, queue, say, station
from yizhantong.zones.crossregion.models import Crossing, CrossingFile, Direction
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.machine import Stage

LIVE = (Stage.HELD, Stage.SUPPLEMENT)
"""The stages in which a request of another city is with our own office."""


def held_of(case: Case) -> Crossing | None:
    """Return the crossing under lock by which a case came here from another city and that is not over, or None."""
    if "crossregion" not in case.details:
        return None
    pk = Crossing.objects.filter(case_id=case.pk, direction=Direction.RECEIVED).values_list("pk", flat=True).first()
    return locked(pk) if pk is not None else None


def tell_status(case: Case, name: str, text: str) -> None:
    """Tell the sender a station of our case."""
    crossing = held_of(case)
    if crossing is not None and crossing.stage in LIVE:
        crossing.due_at = case.due_at
        station(crossing, text, clock.now())
        say(crossing, "status", messages.Status(station=name, text=text, due_at=case.due_at, at=clock.now()))


def tell_supplement(case: Case, defects: list[dict[str, str]], due_on: dt.date | None) -> None:
    """Tell the sender what is missing."""
    crossing = held_of(case)
    if crossing is None or crossing.stage != Stage.HELD:
        return
    crossing.defects = defects
    listed = tuple(messages.Defect.model_validate(each) for each in defects)
    due = due_on.isoformat() if due_on else ""
    station(crossing, "已告知补正", clock.now())
    say(crossing, "supplement_asked", messages.SupplementAsked(defects=listed, due_on=due, at=clock.now()))


def tell_ending(case: Case, *, papers: bool) -> None:
    """Tell the sender how our case ended; responsibility passes back at that moment, for the delivery."""
    crossing = held_of(case)
    if crossing is None or crossing.stage not in LIVE or case.closed_at is None:
        return
    moment = case.closed_at
    segments = tuple(
        messages.Segment(kind=row.kind, start=row.start, end=row.end, reason=row.reason)  # type: ignore[arg-type]
        for row in ClockSegment.objects.filter(case_id=case.pk).order_by("start", "id")
    )
    crossing.outcome, crossing.reason, crossing.law, crossing.papers = case.outcome, case.reason, case.law, papers
    station(crossing, f"已办结:{Case.Outcome(case.outcome).label}", moment)
    body = messages.Decision(
        outcome=case.outcome, reason=case.reason, law=case.law, decided_at=moment, papers=papers, segments=segments,  # type: ignore[arg-type]
    )  # fmt: skip
    say(crossing, "decision", body, moment=moment)
    day = day_of(moment)
    facts.close(crossing.number, RESULTS[case.outcome], on=day, account=None, source=f"case:{case.number}")
    if papers:
        queue("offer_documents", crossing)


def offer_documents(pk: int) -> int:
    """Offer the papers of a decided case to the sender, by digest; return how many. Raises to be tried again while none is issued."""
    from yizhantong.kernel.cases import papers

    with transaction.atomic():
        crossing = locked(pk)
        if crossing.case is None or crossing.files.filter(kind=CrossingFile.Kind.DOCUMENT).exists():
            return 0
        issued = [
            paper
            for paper in papers.of(crossing.case)
            if paper.stored is not None and paper.kind in ("decision", "certificate")
        ]
        if not issued:
            raise CaseError("crossregion.no_papers_yet", f"办件 {crossing.case.number} 的决定书还没有签发")
        made = [
            _offered(crossing, f"paper{place}", paper.title, paper.stored)
            for place, paper in enumerate(issued, 1)
            if paper.stored
        ]
        listed = tuple(material_of(row) for row in made)
        text = "结果文书已签发"
        station(crossing, text, clock.now())
        say(crossing, "status", messages.Status(station="documents", text=text, documents=listed, at=clock.now()))
        return len(made)


def _offered(crossing: Crossing, code: str, name: str, stored: Stored) -> CrossingFile:
    try:
        with transaction.atomic():
            return CrossingFile.objects.create(
                crossing=crossing, kind=CrossingFile.Kind.DOCUMENT, code=code, name=f"{name}.pdf"[:200], sha256=stored.sha256,
                size=stored.size, media_type=stored.media_type, trust=stored.trust, stored=stored, offered=True,
            )  # fmt: skip
    except IntegrityError:
        return crossing.files.get(kind=CrossingFile.Kind.DOCUMENT, code=code, sha256=stored.sha256)
