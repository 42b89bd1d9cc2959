"""Certificates of the service: whose they are, found for a person, for organisations, for one case; who may open their PDF."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.talent.actions import recognition, stations, titles
from yizhantong.zones.talent.actions.common import manages
from yizhantong.zones.talent.models import Sitting, Station, Talent

SUBJECTS = (recognition.SUBJECT, titles.SUBJECT, stations.SUBJECT)


def of_person(person: Person, talent: Talent | None) -> list[Issued]:
    """Return a person's certificates, the newest first: of his class (``talent`` is what he is or was) and of his skill levels."""
    passed = Sitting.objects.filter(person=person, state="passed").values("case__number")
    wanted = Q(subject_kind=titles.SUBJECT, subject_number__in=passed)
    if talent is not None:
        wanted |= Q(subject_kind=recognition.SUBJECT, subject_number__startswith=f"{talent.code}/")
    return list(_newest(wanted))


def of_talent(code: str) -> list[Issued]:
    """Return the certificates of one talent's classes, the newest first."""
    return list(_newest(Q(subject_kind=recognition.SUBJECT, subject_number__startswith=f"{code}/")))


def of_stations(rows: Collection[Station]) -> dict[int, Issued]:
    """Return the newest certificate of each station (its case is read already), by the station's key."""
    if not rows:
        return {}
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(subject_number__startswith=f"{row.case.number}/")
    newest: dict[str, Issued] = {}
    for one in _newest(Q(subject_kind=stations.SUBJECT) & wanted):
        newest.setdefault(one.subject_number.partition("/")[0], one)
    return {row.pk: newest[row.case.number] for row in rows if row.case.number in newest}


def of_case(case: Case) -> list[Issued]:
    """Return what a case of this zone gave as certificates, the newest first."""
    ends, begins = Q(subject_number__endswith=f"/{case.number}"), Q(subject_number__startswith=f"{case.number}/")
    wanted = {
        "talent.recognition": Q(subject_kind=recognition.SUBJECT) & ends,
        "talent.title": Q(subject_kind=titles.SUBJECT, subject_number=case.number),
        "talent.station": Q(subject_kind=stations.SUBJECT) & begins,
    }.get(case.item_id)
    return list(_newest(wanted)) if wanted is not None else []


def may_open(account: Account, issued: Issued) -> bool:
    """Tell whether an account may open a certificate: its holder, who acts for the holding organisation, the talent office."""
    if issued.subject_kind not in SUBJECTS:
        return False
    if manages(account):
        return True
    head = issued.subject_number.partition("/")[0]
    if issued.subject_kind == recognition.SUBJECT:
        held = Talent.objects.filter(code=head).values_list("person_id", flat=True).first()
        return held is not None and acts_for(account, None, held)
    case = Case.objects.filter(number=head).values_list("organisation_id", "person_id").first()
    return case is not None and acts_for(account, *case)


def _newest(wanted: Q) -> QuerySet[Issued]:
    return Issued.objects.filter(wanted).select_related("stored").order_by("-id")
