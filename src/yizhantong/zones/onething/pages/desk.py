"""The lead's list of packages on their way: every part with its light, what is late, what was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import queries as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.web.casework import lights
from yizhantong.web.paging import KeysetPage, page_of
from yizhantong.zones.onething.loading import ZONE
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.pages.common import handles, me, refusing, show

State = PackagePart.State
SHAPES = {
    State.GRANTED: "done", State.REFUSED: "bad", State.FAILED: "bad", State.WITHDRAWN: "gone", State.NOT_OPENED: "gone",
    State.WAITING: "waiting",
}  # fmt: skip
STATES = (
    ("open", _("办理中")),
    ("submitted", _("待受理")),
    ("late", _("有事项超期")),
    ("failed", _("有事项没办成")),
    ("closed", _("已办结")),
)


@dataclass(frozen=True, slots=True)
class Lamp:
    """One part as a lamp: its shape and colour, and in words what it is and how it stands."""

    code: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """One package with the lamps of its parts, in their order."""

    case: Case
    lamps: tuple[Lamp, ...]

    @property
    def done(self) -> int:
        """How many parts were granted."""
        return sum(1 for lamp in self.lamps if lamp.code == "done")


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the packages that the account may see as an official; three queries a page, however many parts there are."""
    account = me(request)
    if not handles(account):
        raise policy.Refused("cases.view")
    rows = cases.visible_to(account).filter(zone=ZONE, item__kind=Item.Kind.PACKAGE).exclude(state=Case.State.DRAFT)
    state, item = request.GET.get("state", "open"), request.GET.get("item", "")[:48].replace("\x00", "")
    words = request.GET.get("q", "").strip().replace("\x00", "")[:40]
    found = _filtered(rows, state)
    if item:
        found = found.filter(item_id=item)
    if words:
        found = found.filter(number__startswith=words)
    page = page_of(request, found.select_related("item", "office", "person", "organisation"))
    context = {
        "page": page, "lines": list(_lines(page)), "states": STATES, "state": state, "item": item, "words": words,
        "items": Item.objects.filter(zone=ZONE, kind=Item.Kind.PACKAGE).order_by("code").only("code", "name"),
        "narrowed": bool(item or words or state != "open"),
    }  # fmt: skip
    return show(request, "desk/index.html", context)


def _filtered(rows: QuerySet[Case], state: str) -> QuerySet[Case]:
    parts = PackagePart.objects.filter(case=OuterRef("pk"))
    late = parts.filter(state=State.OPEN, child__due_at__lt=clock.now())
    failed = parts.filter(state__in=[State.REFUSED, State.FAILED, State.NOT_OPENED])
    going = rows.exclude(state=Case.State.CLOSED)
    ways = {
        "open": going, "submitted": rows.filter(state=Case.State.SUBMITTED), "late": going.filter(Exists(late)),
        "failed": rows.filter(Exists(failed)), "closed": rows.filter(state=Case.State.CLOSED),
    }  # fmt: skip
    return ways.get(state, rows)


def _lines(page: KeysetPage) -> Iterable[Line]:
    listed = [case.pk for case in page]
    parts = PackagePart.objects.filter(case_id__in=listed).select_related("child").order_by("case_id", "position")
    by_case: dict[int, list[Lamp]] = {}
    now = clock.now()
    for part in parts if listed else ():
        by_case.setdefault(part.case_id, []).append(_lamp(part, now))
    for case in page:
        yield Line(case, tuple(by_case.get(case.pk, ())))


def _lamp(part: PackagePart, now: dt.datetime) -> Lamp:
    state = State(part.state)
    if state != State.OPEN or part.child is None:
        said = str(state.label) + (f":{part.reason}" if part.reason else "")
        return Lamp(SHAPES[state], part.title, said)
    light = lights.of_case(part.child, now)
    return Lamp(light.code, part.title, " ".join(filter(None, (str(state.label), light.text))))
