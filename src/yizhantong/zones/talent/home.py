"""What is on its way in this zone and is no case: flats offered, applications for posts, candidates who wait, instalments to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.casework.parties import Party
from yizhantong.web.home import Thing, things
from yizhantong.zones.talent.models import Candidacy, Instalment, Offer, StationReview

C = Candidacy.State
ASKED: dict[str, Any] = {C.INVITED: gettext_lazy("同意或谢绝"), C.OFFERED: gettext_lazy("接受或谢绝录用")}
MOST = 100


@things("talent")
def own(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield a person's offers, applications and the next instalments."""
    people = [party.applicant.pk for party in parties if isinstance(party.applicant, Person)]
    if not people:
        return
    url = reverse("talent:mine")
    offers = Offer.objects.filter(state="open", waiting__talent__person__in=people).select_related("flat__estate")
    for offer in offers[:MOST]:
        due = offer.last_day
        yield Thing(
            _("人才公寓 %s") % offer.flat,
            str(offer.get_state_display()),
            url,
            "talent",
            action=_("接受或放弃"),
            due=due,
        )
    rows = Candidacy.objects.filter(resume__person__in=people, state__in=[C.INVITED, C.APPLIED, C.INTERVIEW, C.OFFERED])
    for one in rows.select_related("vacancy__employer").order_by("-id")[:MOST]:
        title = f"{one.vacancy.employer.name} {one.vacancy.title}"
        yield Thing(
            title, str(one.get_state_display()), url, "talent", action=str(ASKED.get(one.state, "")), due=one.answer_by
        )
    dues = Instalment.objects.filter(
        award__talent__person__in=people, award__state="running", state__in=["planned", "ready"]
    )
    for due_one in dues.select_related("award").order_by("due_on", "pk")[:3]:
        title = f"{due_one.award.get_kind_display()} {due_one.ordinal}"
        yield Thing(title, str(due_one.get_state_display()), url, "talent", due=due_one.due_on)


@things("talent")
def hiring(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield the candidates who wait for an employer's answer."""
    firms = [party.applicant.pk for party in parties if isinstance(party.applicant, Organisation)]
    if not firms:
        return
    rows = Candidacy.objects.filter(vacancy__employer__in=firms, state__in=[C.APPLIED, C.INTERVIEW])
    for one in rows.select_related("vacancy__employer", "resume").order_by("changed_at")[:MOST]:
        url = reverse("talent:candidates", args=[one.vacancy.number])
        title = f"{one.vacancy.title} {one.resume.code}"
        yield Thing(
            title, str(one.get_state_display()), url, "talent", action=_("答复应聘者"), whose=one.vacancy.employer.name
        )


@things("talent")
def reviews(account: Account, parties: Sequence[Party]) -> Iterator[Thing]:
    """Yield the score sheets that an expert owes."""
    if not account.is_authenticated:
        return
    rows = StationReview.objects.filter(expert__account=account.pk, state="asked").select_related("station")
    for one in rows.order_by("pk")[:MOST]:
        url = reverse("talent:sheet", args=[one.pk])
        yield Thing(one.station.name, str(one.get_state_display()), url, "talent", action=_("填写评分表"))
