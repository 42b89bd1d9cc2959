"""What a person sees of his own: one look over everything, and who may see and who saw his resume."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.talent.models import Award, Candidacy, Instalment, Lease, Offer, Resume, Talent, Waiting
from yizhantong.zones.talent.queries import papers

MOST = 50


@dataclass
class Overview:
    """Everything of one person; ``place`` is his rank in the queue (0: he does not wait)."""

    talent: Talent | None = None
    cases: list[Case] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    calendar: list[Instalment] = field(default_factory=list)
    waiting: Waiting | None = None
    place: int = 0
    offer: Offer | None = None
    lease: Lease | None = None
    candidacies: list[Candidacy] = field(default_factory=list)
    papers: list[Issued] = field(default_factory=list)

    @property
    def certified(self) -> bool:
        """Tell whether what he holds now has its certificate."""
        held = self.talent
        return held is not None and any(
            one.subject_number == f"{held.code}/{held.number}"[:40] and one.revoked_at is None for one in self.papers
        )


def overview(person: Person) -> Overview:
    """Return everything of a person, in at most eleven questions."""
    found = Overview()
    found.cases = list(Case.objects.filter(zone="talent", person=person).exclude(state="draft").order_by("-id")[:MOST])
    found.candidacies = list(
        Candidacy.objects.filter(resume__person=person).select_related("vacancy__employer").order_by("-id")[:MOST]
    )
    found.talent = Talent.objects.select_related("employer").filter(person=person).first()
    found.papers = papers.of_person(person, found.talent)
    if found.talent is None:
        return found
    rows = Instalment.objects.filter(award__talent=found.talent).select_related("award").order_by("due_on", "pk")
    found.calendar = list(rows[:MOST])
    found.awards = list(Award.objects.filter(talent=found.talent).order_by("-pk")[:MOST])
    found.waiting = Waiting.objects.filter(talent=found.talent).exclude(state="left").order_by("-pk").first()
    if found.waiting is not None:
        found.place = place_of(found.waiting)
        found.offer = found.waiting.offers.filter(state="open").select_related("flat__estate").first()
        found.lease = Lease.objects.filter(talent=found.talent, ended_on=None).select_related("flat__estate").first()
    return found


def place_of(waiting: Waiting) -> int:
    """Return somebody's rank among those who wait for as many rooms: 1 is next, 0 does not wait."""
    if waiting.state != Waiting.State.WAITING:
        return 0
    queue = Waiting.objects.filter(state=Waiting.State.WAITING, rooms=waiting.rooms)
    better = queue.filter(points__gt=waiting.points).count()
    same = queue.filter(points=waiting.points)
    earlier = same.filter(since__lt=waiting.since).count() + same.filter(since=waiting.since, pk__lt=waiting.pk).count()
    return 1 + better + earlier


def privacy(resume: Resume) -> dict[str, Any]:
    """Return the consents and the newest looks of a resume."""
    consents = resume.consents.select_related("employer").order_by("withdrawn_at", "-pk")[:MOST]
    looks = resume.looks.select_related("employer", "consent").order_by("-id")[:MOST]
    return {"consents": list(consents), "looks": list(looks)}
