"""The pages of other cities, of what this one opens to them, and of the messages on their way."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.web.paging import page_of
from yizhantong.zones.crossregion.access import handles
from yizhantong.zones.crossregion.actions import outbox
from yizhantong.zones.crossregion.actions import partners as actions
from yizhantong.zones.crossregion.forms import OpeningForm, PartnerForm
from yizhantong.zones.crossregion.models import Incoming, Opening, Outgoing, Partner, PartnerKey
from yizhantong.zones.crossregion.pages.common import REFUSALS, clerks_only, doing, me, refuse_at, show
from yizhantong.zones.crossregion.queries import crossings as queries
from yizhantong.zones.crossregion.queries import hello


@clerks_only
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the cities with state, last contact and versions; and our own introduction, to be handed over."""
    introduction = json.dumps(hello.introduction(), ensure_ascii=False, indent=1)
    return show(request, "partners.html", {"partners": Partner.objects.order_by("code"), "introduction": introduction})


@clerks_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a city by its introduction."""
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.introduce(
                form.cleaned_data["introduction"], account=me(request), contact=form.cleaned_data["contact"]
            )
        except REFUSALS as error:
            refuse_at(form, error)
        else:
            return HttpResponseRedirect(reverse("crossregion:partner", args=[made.code]))
    context = {"form": form, "title": _("登记通办城市"), "back": reverse("crossregion:partners")}
    return show(request, "form.html", context, 422 if form.errors else 200)


@clerks_only
@require_GET
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """Show a city: keys, versions, items, connection."""
    found = get_object_or_404(Partner.objects.select_related("organisation"), code=code)
    context = {
        "partner": found, "keys": found.keys.order_by("-valid_from"), "items": found.items.filter(open=True).order_by("name"),
        "ours": hello.openings(found), "waiting": Outgoing.objects.filter(crossing__partner=found, state="waiting").count(),
    }  # fmt: skip
    return show(request, "partner.html", context)


@clerks_only
@require_POST
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Activate, suspend, test a city, or revoke one of its keys."""
    found, account = get_object_or_404(Partner, code=code), me(request)
    back = reverse("crossregion:partner", args=[code])
    if what == "test":
        return doing(
            request,
            lambda: actions.test_connection(found, account=account),
            _("连接正常:版本、公钥和通办清单已更新。"),
            back,
        )
    if what == "revoke":
        key = get_object_or_404(PartnerKey, partner=found, keyid=request.POST.get("keyid", ""))
        return doing(
            request, lambda: actions.revoke_key(key, account=account), _("公钥已撤销,不再信任它的签名。"), back
        )
    states = {"activate": ("active", _("已启用。")), "suspend": ("suspended", _("已停用;待发消息留在发件箱。"))}
    if what not in states:
        raise Http404
    state, said = states[what]
    return doing(request, lambda: actions.set_state(found, state, account=account), said, back)


@require_http_methods(["GET", "POST"])
def openings(request: HttpRequest) -> HttpResponse:
    """Show everybody what this city does for people of others; let clerks open items."""
    if request.method == "GET" and not handles(request.user):
        return show(request, "openings.html", {"openings": hello.openings()})
    return _opening(request)


@clerks_only
def _opening(request: HttpRequest) -> HttpResponse:
    form = OpeningForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.open_item(data["item"], data["modes"], account=me(request), partner=data["partner"])
        except REFUSALS as error:
            refuse_at(form, error)
        else:
            return HttpResponseRedirect(reverse("crossregion:openings"))
    return show(request, "openings.html", {"openings": hello.openings(), "form": form}, 422 if form.errors else 200)


@clerks_only
@require_POST
def close_opening(request: HttpRequest, number: int) -> HttpResponse:
    """Take an item off the list."""
    found = get_object_or_404(Opening, pk=number)
    back = reverse("crossregion:openings")
    return doing(request, lambda: actions.close_item(found, account=me(request)), _("已停止开放。"), back)


@clerks_only
@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """List messages: what goes out (or, ``?box=in``, what came in), with state and failures."""
    box = "in" if request.GET.get("box") == "in" else "out"
    state = request.GET.get("state", "")
    if box == "in":
        rows = Incoming.objects.select_related("partner", "crossing")
        rows, order = (rows.filter(state=state) if state in Incoming.State.values else rows), ("-arrived_at", "pk")
        return show(
            request,
            "mail.html",
            {"box": box, "page": page_of(request, rows, order), "waiting": queries.waiting(), "state": state},
        )
    sent = Outgoing.objects.select_related("crossing__partner")
    sent = sent.filter(state=state) if state in Outgoing.State.values else sent
    page = page_of(request, sent, ("-queued_at", "pk"))
    return show(request, "mail.html", {"box": box, "page": page, "waiting": queries.waiting(), "state": state})


@clerks_only
@require_POST
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Send a waiting message right now."""
    back = reverse("crossregion:mail")

    def again() -> None:
        outbox.retry(get_object_or_404(Outgoing, pk=outbox.message_id(number)), me(request))

    return doing(request, again, _("已排入发送,请稍后刷新。"), back)
