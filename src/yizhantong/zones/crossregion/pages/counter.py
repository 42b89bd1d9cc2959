"""The clerk's pages: receiving for another city, following, handing out, giving back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.paging import page_of
from yizhantong.zones.crossregion.access import visible
from yizhantong.zones.crossregion.actions import ending, sending
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.forms import MOST_PARTS, AskerForm, PartForm, part_forms
from yizhantong.zones.crossregion.models import Crossing, Direction, Mode, Partner, PartnerItem
from yizhantong.zones.crossregion.pages.common import REFUSALS, clerks_only, doing, me, refuse_at, show, wanted_of
from yizhantong.zones.crossregion.queries import crossings as queries


@clerks_only
@require_GET
def counter(request: HttpRequest) -> HttpResponse:
    """Choose the city and the item; for several cities at once, several."""
    wanted = request.GET.get("q", "").strip()[:60]
    items = queries.offers(wanted)
    return show(request, "counter.html", {"items": items, "q": wanted})


@clerks_only
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Take a request in for one city, or for several as one matter, and hand it over."""
    items = _chosen(request)
    given: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    asker, parts = AskerForm(*given[:1]), part_forms(items, *given)
    if request.method == "POST" and all([asker.is_valid(), *[part.is_valid() for part in parts]]):
        try:
            mode = Mode.JOINT if len(items) > 1 else Mode.PROXY
            wanted = [wanted_of(part, me(request), "B") for part in parts]
            case = sending.receive_for(
                _asker(asker.cleaned_data), wanted, mode, account=me(request), key=request.POST.get("key") or None
            )
        except REFUSALS as error:
            refuse_at(asker, error)
        else:
            made = Crossing.objects.filter(case=case).order_by("id").first()
            said = ngettext("已收件并转出,等待对方签收。", "已收件并转出 %(n)s 个城市,等待对方签收。", len(items)) % {
                "n": len(items)
            }
            messages.success(request, said)
            return HttpResponseRedirect(reverse("crossregion:case", args=[made.number if made else ""]))
    status = 422 if asker.errors or any(part.errors for part in parts) else 200
    return show(
        request, "receive.html", {"items": items, "form": asker, "parts": parts, "key": queries.fresh_key()}, status
    )


def _chosen(request: HttpRequest) -> list[PartnerItem]:
    chosen = [int(text) for text in request.GET.getlist("item") if text.isdigit()][:MOST_PARTS]
    found = {row.pk: row for row in queries.offers("").filter(pk__in=chosen)}
    if not found:
        raise Http404(_("请先选择外地的事项"))
    return [found[pk] for pk in dict.fromkeys(chosen) if pk in found]


def _asker(data: dict[str, Any]) -> Organisation | Person:
    """Return who asks as our register has it; a person who is not known yet is entered as the clerk has verified."""
    if data["kind"] == "organisation":
        held = Organisation.objects.filter(pk=data["identity"]).first()
        if held is None or held.name != data["name"].strip():
            raise CrossingError("unknown_organisation", "名称与信用代码在本市的登记不一致,请核对", field="identity")
        return held
    index = sealing.index_of(data["identity"])
    known = Person.objects.filter(identity_index=index).order_by("pk").first()
    if known is not None:
        if known.name != data["name"].strip():
            raise CrossingError("identity", "姓名与身份证号在本市的登记不一致,请核对证件", field="name")
        return known
    return Person.objects.create(
        name=data["name"].strip()[:64], identity=data["identity"], identity_index=index, phone=data["phone"],
        phone_index=sealing.index_of(data["phone"]) if data["phone"] else "", division_id=tree.root(),
    )  # fmt: skip


@clerks_only
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """List what goes between cities, filtered."""
    rows = visible(me(request))
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("direction", "stage", "partner", "q")}
    if asked["direction"] in Direction.values:
        rows = rows.filter(direction=asked["direction"])
    if asked["stage"] in Crossing.Stage.values:
        rows = rows.filter(stage=asked["stage"])
    if asked["partner"]:
        rows = rows.filter(partner__code=asked["partner"])
    if asked["q"]:
        rows = queries.searched(rows, asked["q"])
    context = {
        "page": page_of(request, rows), "asked": asked, "directions": Direction.choices, "stages": Crossing.Stage.choices,
        "cities": Partner.objects.order_by("code"),
    }  # fmt: skip
    return show(request, "cases.html", context)


@clerks_only
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one: its stations, who answered when, files, messages, and what can be done now."""
    crossing = get_object_or_404(visible(me(request)), number=number)
    return show(
        request, "case.html", queries.shown(crossing) | {"supplement": supplement_form(crossing), "clerk": True}
    )


def supplement_form(crossing: Crossing, *given: Any) -> PartForm | None:
    """Return the form by which what the other city lacks is given, or None where it lacks nothing."""
    if crossing.stage != Crossing.Stage.SUPPLEMENT or crossing.direction != Direction.SENT:
        return None
    item = PartnerItem.objects.filter(partner=crossing.partner, code=crossing.item_code).first()
    return PartForm(item, *given, needed=False) if item is not None else None


@clerks_only
@require_POST
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Do one thing: deliver, return, again, answer, supplement."""
    crossing = get_object_or_404(visible(me(request)), number=number)
    back = reverse("crossregion:case", args=[number])
    return act_on(request, crossing, what, back)


def act_on(request: HttpRequest, crossing: Crossing, what: str, back: str) -> HttpResponse:
    """Do what a button asks, for a clerk or for who asks."""
    account, given = me(request), request.POST
    deeds = {
        "deliver": (lambda: ending.deliver(crossing, given.get("how", ""), account=account), _("已登记送达,业务办结。")),
        "return": (lambda: ending.give_back(crossing, given.get("reason", ""), account=account), _("已退回,责任自此刻回到对方城市。")),
        "again": (lambda: sending.hand_over_again(crossing, account=account), _("已重新转出。")),
        "answer": (
            lambda: ending.answer_here(crossing, given.get("reason", ""), given.get("law", ""), account=account), _("已答复申请人。")
        ),
        "withdraw": (lambda: sending.withdraw(crossing, given.get("reason", ""), account=account), _("已撤回,并告知对方城市。")),
        "supplement": (lambda: _supplement(request, crossing), _("补正已转对方。")),
    }  # fmt: skip
    if what not in deeds:
        raise Http404
    change, said = deeds[what]
    return doing(request, change, said, back)


def _supplement(request: HttpRequest, crossing: Crossing) -> None:
    form = supplement_form(crossing, request.POST, request.FILES)
    if form is None:
        raise CrossingError("stage", "这件业务现在不需要补正;请刷新后查看")
    if not form.is_valid():
        told = ";".join(
            f"{form.fields[name].label}:{''.join(map(str, errors))}"
            for name, errors in form.errors.items()
            if name in form.fields
        )
        raise CrossingError("form", told or "补正内容有误", field="form")
    wanted = wanted_of(form, me(request), "C")
    sending.give_supplement(crossing, form=wanted.form, files=wanted.files, account=me(request))
