"""Pages for everybody and for who asks: what other cities offer, asking online, my requests with their stations, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.cases import people
from yizhantong.kernel.figures import figure
from yizhantong.kernel.figures.queries import values
from yizhantong.kernel.files import queries as files
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.paging import page_of
from yizhantong.web.views.hall.files import served
from yizhantong.zones.crossregion.access import visible
from yizhantong.zones.crossregion.actions import sending
from yizhantong.zones.crossregion.config import ZONE
from yizhantong.zones.crossregion.forms import PartForm
from yizhantong.zones.crossregion.models import Crossing, Mode
from yizhantong.zones.crossregion.pages import counter
from yizhantong.zones.crossregion.pages.common import REFUSALS, audience, me, refuse_at, refusing, show, wanted_of
from yizhantong.zones.crossregion.queries import crossings as queries
from yizhantong.zones.crossregion.queries import hello

LATEST = 6
FIGURES = ("crossregion.handled", "crossregion.handled_this_year", "crossregion.cities", "crossregion.closed_share")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what concerns the account now, and what the three ways are."""
    who = audience(request)
    found = values(FIGURES)
    context: dict[str, Any] = {
        "values": [(figure(code), found[code]) for code in FIGURES], "offers": queries.offers().count(), "openings": len(hello.openings()),
    }  # fmt: skip
    if "clerk" in who:
        context |= {"counts": queries.counts(request.user), "waiting": queries.waiting()}
    if who - {"all"}:
        context |= {"latest": list(visible(request.user)[:LATEST])}
    return show(request, "home.html", context)


@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """List what other cities do for people of this one."""
    wanted = request.GET.get("q", "").strip()[:60]
    return show(request, "offers.html", {"items": queries.offers(wanted), "q": wanted})


@refusing
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, item: int) -> HttpResponse:
    """Ask another city for something, wholly online, as oneself or for an organisation."""
    found = get_object_or_404(queries.offers(mode=Mode.ONLINE), pk=item)
    parties = _parties(request, found.audience)
    form = PartForm(found, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            party = parties.get(request.POST.get("party", ""))
            if party is None:
                raise Http404
            wanted = wanted_of(form, me(request), "C")
            case = sending.receive_for(
                party, [wanted], Mode.ONLINE, account=me(request), key=request.POST.get("key") or None
            )
        except REFUSALS as error:
            refuse_at(form, error)
        else:
            messages.success(request, _("已提交,正在转往办理城市。"))
            made = Crossing.objects.filter(case=case).order_by("id").first()
            return HttpResponseRedirect(reverse("crossregion:mine-one", args=[made.number if made else ""]))
    status = 422 if form.errors else 200
    context = {
        "item": found,
        "form": form,
        "parties": parties,
        "key": queries.fresh_key(),
        "chosen": request.POST.get("party", ""),
    }
    return show(request, "apply.html", context, status)


def _parties(request: HttpRequest, kinds: list[str]) -> dict[str, Any]:
    account = me(request)
    found: dict[str, Any] = {}
    if account.person is not None and "person" in kinds:
        found["me"] = account.person
    if "organisation" in kinds:
        for firm in Organisation.objects.filter(pk__in=people.mandated(account, ZONE)).order_by("name"):
            found[firm.pk] = firm
    return found


@refusing
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """List my requests in other cities."""
    return show(request, "mine.html", {"page": page_of(request, _own(request))})


@refusing
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of my requests: its stations, what is asked of me, the result."""
    crossing = get_object_or_404(_own(request), number=number)
    supplement = counter.supplement_form(crossing)
    return show(request, "case.html", queries.shown(crossing) | {"supplement": supplement, "clerk": False})


@refusing
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Give what lacks, or take the request back."""
    crossing = get_object_or_404(_own(request), number=number)
    if what not in ("supplement", "withdraw"):
        raise Http404
    return counter.act_on(request, crossing, what, reverse("crossregion:mine-one", args=[number]))


def _own(request: HttpRequest) -> Any:
    account = me(request)
    own = people.mandated(account, ZONE)
    found = Crossing.objects.select_related("partner", "case").filter(direction="sent")
    if account.person_id is None:
        return found.none()
    return found.filter(Q(case__person_id=account.person_id) | Q(case__organisation_id__in=own))


@refusing
@require_GET
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Hand out a file of a crossing to whoever sees it."""
    crossing = get_object_or_404(visible(me(request)), number=number)
    row = get_object_or_404(crossing.files.select_related("stored"), pk=pk, stored__isnull=False)
    assert row.stored is not None
    try:
        opened = files.open_for(me(request), row.stored, may=True)
    except FileError as error:
        raise Http404(error.sentence) from error
    return served(opened.content, opened.media_type, row.name, inline=False)
