"""Days that matter in this zone, for the city's calendar: fairs and examinations for everybody, one's own offers, interviews, checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.talent.actions.common import manages
from yizhantong.zones.talent.models import Candidacy, Exam, Fair, Inspection, Offer, Recheck

MOST = 300


@deadlines("talent")
def public(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield fairs and examinations."""
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    for fair in Fair.objects.filter(state="open", starts_at__gte=since, starts_at__lt=until)[:MOST]:
        yield Deadline(
            timezone.localtime(fair.starts_at).date(), fair.title, reverse("talent:fair", args=[fair.code]), "talent", "fair",
            uid=f"fair-{fair.pk}", start=fair.starts_at, end=fair.ends_at, place=fair.place,
        )  # fmt: skip
    for exam in Exam.objects.filter(state="open", held_on__range=(first, last))[:MOST]:
        title = _("技能考试:%(what)s") % {"what": f"{exam.occupation} {exam.get_level_display()}"}
        yield Deadline(
            exam.held_on, title, reverse("talent:index"), "talent", "other", uid=f"exam-{exam.pk}", place=exam.place
        )


@deadlines("talent")
def own(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield until when a person must answer, and his interviews."""
    person = getattr(account, "person", None)
    if person is None:
        return
    since, until, url = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last), reverse("talent:mine")
    offers = Offer.objects.filter(
        state="open", waiting__talent__person=person, expires_at__gt=since, expires_at__lte=until
    )
    for offer in offers[:MOST]:
        day = offer.last_day
        yield Deadline(day, _("答复公寓配租"), url, "talent", "other", whose=person.name, uid=f"flat-{offer.pk}")
    rows = Candidacy.objects.filter(
        resume__person=person, state="interview", interview_at__gte=since, interview_at__lt=until
    )
    for one in rows.select_related("vacancy")[:MOST]:
        assert one.interview_at is not None
        title = _("面试:%(post)s") % {"post": one.vacancy.title}
        day = timezone.localtime(one.interview_at).date()
        yield Deadline(
            day, title, url, "talent", "meeting", whose=person.name, uid=f"interview-{one.pk}", start=one.interview_at,
            end=one.interview_at + dt.timedelta(hours=1), place=one.interview_place,
        )  # fmt: skip


@deadlines("talent")
def office(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield for officers by when checks and inspections are to be done, one entry a day."""
    if not account.is_authenticated or not getattr(account, "is_staff", False) or not manages(account):
        return
    for model, title, name in (
        (Recheck, _("人才年度核查截止"), "desk-checks"),
        (Inspection, _("工作站检查截止"), "desk-stations"),
    ):
        days = model.objects.filter(state="open", due_on__range=(first, last)).order_by("due_on")
        for day in days.values_list("due_on", flat=True).distinct()[:MOST]:
            yield Deadline(
                day, title, reverse(f"talent:{name}"), "talent", "other", whose=_("人才服务"), uid=f"{name}-{day}"
            )
