"""What the kernel's own rooms put on the calendar: public notices, versions of items to come, and what an asker's cases wait for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.appointments import queries as halls
from yizhantong.kernel.appointments.models import Appointment
from yizhantong.kernel.cases import queries
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep, PublicNotice
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import ItemVersion
from yizhantong.web.agenda import Deadline, deadlines

MOST = 500
"""Entries of one source in one stretch of days; a month of a large city stays below."""
OPEN = [Case.State.DRAFT, Case.State.CLOSED]


@deadlines("cases")
def public_notices(first: dt.date, last: dt.date, _account: Account) -> Iterator[Deadline]:
    """Yield the days on which public notices begin and end; those to come are not told before they begin."""
    rows = PublicNotice.objects.filter(first_day__lte=min(last, clock.today()), last_day__gte=first)
    for notice in rows.order_by("-last_day", "-id")[:MOST]:
        url = reverse("web:public-notice", args=[notice.pk])
        for side, day, what in (("from", notice.first_day, _("公示开始")), ("until", notice.last_day, _("公示截止"))):
            yield Deadline(day, f"{what}: {notice.title}", url, "cases", "notice", uid=f"notice-{notice.pk}-{side}")


@deadlines("items")
def versions(first: dt.date, last: dt.date, _account: Account) -> Iterator[Deadline]:
    """Yield the days on which new versions of items come into force; the first version of an item is no deadline."""
    rows = ItemVersion.objects.filter(
        state=ItemVersion.State.PUBLISHED, valid_from__gte=first, valid_from__lte=last, number__gt=1, item__suspended=""
    )
    for version in rows.select_related("item").defer("content").order_by("valid_from", "id")[:MOST]:
        title = _("%(name)s: 新版指南启用") % {"name": version.item.name}
        url = reverse("web:service", args=[version.item_id])
        assert version.valid_from is not None
        yield Deadline(version.valid_from, title, url, "items", "other", uid=f"version-{version.pk}")


@deadlines("cases")
def mine(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield what the asker's own cases wait for: answers due, papers to be brought, steps that he has to do."""
    if not isinstance(account, User) or account.person_id is None:
        return
    since, until = (clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last))
    own = queries.mine(account).exclude(state__in=OPEN)
    for case in own.filter(due_at__gte=since, due_at__lt=until)[:MOST]:
        assert case.due_at is not None
        yield _of_case(case, case.due_at, _("应办结: %(title)s") % {"title": case.title}, f"case-{case.number}")
    numbers = own.order_by().values("pk")
    beside = ("case__organisation", "case__person")
    steps = CaseStep.objects.filter(
        case__in=numbers,
        done_at__isnull=True,
        waits_for=CaseStep.WaitsFor.APPLICANT,
        due_at__gte=since,
        due_at__lt=until,
    )
    for step in steps.select_related(*beside)[:MOST]:
        assert step.due_at is not None
        title = _("请您办理“%(step)s”: %(title)s") % {"step": step.name, "title": step.case.title}
        yield _of_case(step.case, step.due_at, title, f"step-{step.pk}")
    due = Q(state=CaseMaterial.State.DUE, replaced=False, due_on__gte=first, due_on__lte=last)
    for material in CaseMaterial.objects.filter(due, case__in=numbers).select_related(*beside)[:MOST]:
        assert material.due_on is not None
        title = _("补齐材料“%(name)s”: %(title)s") % {"name": material.name, "title": material.case.title}
        yield _entry(material.case, material.due_on, title, f"material-{material.pk}")


def _of_case(case: Case, moment: dt.datetime, title: str, uid: str) -> Deadline:
    return _entry(case, timezone.localtime(moment).date(), title, uid)


def _entry(case: Case, day: dt.date, title: str, uid: str) -> Deadline:
    whose = str(case.organisation or case.person or case.number)
    return Deadline(day, title, reverse("web:my-case", args=[case.number]), "cases", "case", whose=whose, uid=uid)


@deadlines("appointments")
def appointments(first: dt.date, last: dt.date, account: Account) -> Iterator[Deadline]:
    """Yield the account's own appointments at halls that stand."""
    if not isinstance(account, User) or account.person_id is None:
        return
    since, until = clock.end_of(first - dt.timedelta(days=1)), clock.end_of(last)
    standing = [Appointment.State.BOOKED, Appointment.State.ARRIVED, Appointment.State.SERVED]
    for row in halls.mine(account).filter(start__gte=since, start__lt=until, state__in=standing)[:MOST]:
        local = timezone.localtime(row.start)
        yield Deadline(
            local.date(), f"{row.service.name} · {row.hall.name}", reverse("web:my-appointment", args=[row.number]), "appointments",
            "appointment", whose=str(row.organisation or row.person), uid=f"appointment-{row.number}", start=local,
            end=timezone.localtime(row.end), place=row.hall.address,
        )  # fmt: skip
