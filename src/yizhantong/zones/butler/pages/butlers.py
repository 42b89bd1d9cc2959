"""The managers' page of butlers: who carries how much, giving and handing over enterprises."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler.access import MANAGE, ZONE
from yizhantong.zones.butler.actions import butlers as actions
from yizhantong.zones.butler.forms import ButlerForm, CarryForm
from yizhantong.zones.butler.models import Butler
from yizhantong.zones.butler.pages.common import REFUSALS, doing, me, refuse_at, refusing, show
from yizhantong.zones.butler.queries import butlers as queries

FIELDS = {"所属单位": "agency", "账号": "username", "最多服务企业数": "capacity", "在岗": "active"}


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show butlers with their load, and enterprises that have none."""
    policy.check(request.user, MANAGE, zone=ZONE)
    wanted = request.GET.get("q", "").strip()[:60]
    context = {
        "loads": queries.load_of(queries.visible_butlers(request.user)),
        "firms": queries.without_butler(request.user, wanted),
        "q": wanted,
    }
    return show(request, "butlers.html", context)


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a butler."""
    policy.check(request.user, MANAGE, zone=ZONE)
    form = ButlerForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        holder = User.objects.filter(username=data["username"]).first() if data["username"] else None
        if data["username"] and holder is None:
            form.add_error("username", _("没有这个账号"))
        else:
            try:
                made = actions.register_butler(
                    agency=data["agency"], division=data["agency"].division_id, level=data["level"], account=me(request),
                    holder=holder, capacity=data["capacity"], office_phone=data["office_phone"], hours=data["hours"],
                )  # fmt: skip
            except REFUSALS as error:
                refuse_at(form, error, FIELDS)
            else:
                messages.success(request, _("已登记管家 %(code)s") % {"code": made.code})
                return HttpResponseRedirect(reverse("butler:butler", args=[made.code]))
    title = _("登记管家")
    return show(
        request,
        "form.html",
        {"form": form, "title": title, "back": reverse("butler:butlers")},
        422 if form.errors else 200,
    )


@refusing
@require_http_methods(["GET", "POST"])
def butler(request: HttpRequest, code: str) -> HttpResponse:
    """Show one butler with his enterprises; change how he is reached."""
    found = queries.visible_butlers(request.user).filter(pk=code).first()
    if found is None:
        raise Http404
    initial = {
        "capacity": found.capacity,
        "office_phone": found.office_phone,
        "hours": found.hours,
        "active": found.active,
    }
    form = CarryForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change_butler(found, account=me(request), **form.cleaned_data)
        except REFUSALS as error:
            refuse_at(form, error, FIELDS)
        else:
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(reverse("butler:butler", args=[code]))
    others = queries.visible_butlers(request.user).filter(active=True).exclude(pk=code)
    context = {
        "butler": found,
        "form": form,
        "firms": queries.enterprises_of(found),
        "others": others[:300],
        "manages": policy.may(request.user, MANAGE, zone=ZONE),
    }
    return show(request, "butler.html", context, status=422 if form.errors else 200)


@refusing
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give an enterprise to a butler, hand it over to another, or relieve it."""
    policy.check(request.user, MANAGE, zone=ZONE)
    firm = get_object_or_404(Organisation, pk=request.POST.get("enterprise", ""), kind="enterprise")
    reason = request.POST.get("reason", "").strip()
    what = request.POST.get("what", "assign")
    back = request.POST.get("back", "")
    target = (
        reverse("butler:butler", args=[back]) if Butler.objects.filter(pk=back).exists() else reverse("butler:butlers")
    )
    if what == "relieve":
        return doing(request, lambda: actions.relieve(firm, reason=reason, account=me(request)), _("已解除"), target)
    chosen = get_object_or_404(Butler, pk=request.POST.get("butler", ""))
    if what == "hand_over":
        return doing(
            request, lambda: actions.hand_over(firm, chosen, reason=reason, account=me(request)), _("已移交"), target
        )
    return doing(request, lambda: actions.assign(firm, chosen, account=me(request)), _("已指派"), target)
