"""Visits: the list of what is due, writing one down (with or without a network), reading them, the calendar."""

from __future__ import annotations

import json
import uuid
from importlib import resources
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.files.queries import open_for
from yizhantong.web.calendars import answer as calendar_file
from yizhantong.zones.butler import calendars
from yizhantong.zones.butler.access import butler_of, management
from yizhantong.zones.butler.actions import visits as actions
from yizhantong.zones.butler.forms import VisitForm
from yizhantong.zones.butler.models import VisitLog, VisitPhoto, VisitProblem
from yizhantong.zones.butler.pages.common import (
    REFUSALS,
    doing,
    me,
    page_of,
    refuse_at,
    refusing,
    show,
    the_butler_asking,
)
from yizhantong.zones.butler.payloads import PayloadError, visit_of
from yizhantong.zones.butler.queries import visits as queries

FIELDS = {"企业": "enterprise", "走访日期": "day", "走访方式": "mode", "走访情况": "summary"}
MOST_BYTES = 64 * 1024


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a butler what is due and what he wrote, a manager what is overdue and what was written."""
    butler = butler_of(request.user)
    if butler is None and not management(request.user):
        raise Refused("butler.serve")
    due = list(queries.upcoming(butler)[:100]) if butler else list(queries.overdue(request.user)[:100])
    page = page_of(request, queries.visible_visits(request.user), ("-day", "uuid"))
    return show(request, "visits.html", {"butler": butler, "due": due, "page": page})


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a visit down. With scripts the page keeps it on the phone first and uploads it by :func:`sync`."""
    butler = the_butler_asking(request)
    initial = {"enterprise": request.GET.get("enterprise", ""), "uuid": uuid.uuid4()}
    form = VisitForm(butler, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            logged = actions.log_visit(form.given(), account=me(request))
            for upload in request.FILES.getlist("photos"):
                actions.add_photo(logged.visit, uuid.uuid4(), upload, account=me(request), name=upload.name or "")
        except REFUSALS as error:
            refuse_at(form, error, FIELDS)
        else:
            return HttpResponseRedirect(reverse("butler:visit", args=[logged.visit.pk]))
    context = {"form": form, "butler": butler, "texts": _texts()}
    return show(request, "visit_new.html", context, status=422 if form.errors else 200)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the folder that it rules; it holds nothing about anybody."""
    source = resources.files("yizhantong.zones.butler").joinpath("static/butler/visit_worker.js").read_text("utf-8")
    return HttpResponse(source, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_POST
def sync(request: HttpRequest) -> JsonResponse:
    """Take one visit as JSON; the same uuid may be sent any number of times. Refusals are problem details (RFC 9457)."""
    if not request.user.is_authenticated:
        return _problem(401, "access.sign_in", _("请重新登录后再上传"))
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            raise PayloadError("butler.payload", "内容过大")
        given = visit_of(json.loads(request.body))
        logged = actions.log_visit(given, account=me(request))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return _problem(400, "butler.payload", _("内容不是合法的 JSON"))
    except PayloadError as error:
        return _problem(400, error.code, str(error))
    except Refused as error:
        return _problem(403, error.code, str(error))
    except REFUSALS as error:
        status = 409 if error.code == "butler.visit_changed" else 422
        return _problem(status, error.code, str(error))
    url = reverse("butler:visit", args=[logged.visit.pk])
    answer = {"url": url, "notes": list(logged.notes), "fresh": logged.fresh}
    return JsonResponse(answer, status=201 if logged.fresh else 200)


@require_POST
def photos(request: HttpRequest, number: uuid.UUID) -> JsonResponse:
    """Take one photo of a visit under the phone's uuid; the same one may be sent again."""
    if not request.user.is_authenticated:
        return _problem(401, "access.sign_in", _("请重新登录后再上传"))
    visit = get_object_or_404(VisitLog, pk=number)
    upload = request.FILES.get("photo")
    try:
        key = uuid.UUID(request.POST.get("uuid", ""))
    except ValueError:
        return _problem(400, "butler.payload", _("照片编号不是 UUID"))
    if upload is None:
        return _problem(400, "butler.payload", _("没有照片"))
    try:
        actions.add_photo(visit, key, upload, account=me(request), name=upload.name or "")
    except Refused as error:
        return _problem(403, error.code, str(error))
    except REFUSALS as error:
        return _problem(422, error.code, str(error))
    return JsonResponse({"uuid": str(key)})


@refusing
@require_GET
def visit(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Show one visit with its problems and photos."""
    found = _visible(request, number)
    problems = found.raised.select_related("case")
    own = butler_of(request.user)
    context = {
        "visit": found,
        "problems": problems,
        "photos": found.photos.select_related("file"),
        "serving": own is not None,
    }
    return show(request, "visit.html", context)


@refusing
@require_GET
def photo(request: HttpRequest, number: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Serve a photo to whoever may read the visit."""
    found = get_object_or_404(VisitPhoto.objects.select_related("file"), pk=key, visit=_visible(request, number))
    opened = open_for(me(request), found.file, may=True)
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(opened.content, content_type=opened.media_type, headers=headers)


@refusing
@require_POST
def raise_problem(request: HttpRequest, number: int) -> HttpResponse:
    """Make a noted problem an appeal, in one step."""
    policy.check(request.user, "butler.serve", zone="butler")
    problem = get_object_or_404(VisitProblem, pk=number)
    back = reverse("butler:visit", args=[problem.visit_id])
    return doing(request, lambda: actions.raise_noted(problem, account=me(request)), _("已转为诉求"), back)


@refusing
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Return the butler's visits of the coming year as a calendar file (RFC 5545)."""
    butler = the_butler_asking(request)
    members = queries.upcoming(butler, days=366)
    events = calendars.events(members, host=request.get_host())
    return calendar_file(events, name=_("走访计划"), filename="visits.ics")


def _visible(request: HttpRequest, number: uuid.UUID) -> VisitLog:
    found = queries.visible_visits(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    body = {"type": f"urn:yizhantong:{code}", "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _texts() -> dict[str, Any]:
    """Return what the page's script says."""
    return {
        "online": _("有网络"), "offline": _("无网络"), "waiting": _("未上传 {count} 条"), "none": _("没有待上传的走访"),
        "saved": _("已保存在本机:{firm}"), "sent": _("已上传:{firm}"), "signIn": _("登录已过期,请联网后重新登录,再上传;内容仍在本机"),
        "other": _("由 {owner} 填写,请用其账号登录后上传"), "remove": _("删除"), "confirm": _("这条走访还没有上传,删除后不能恢复。确定删除?"),
        "confirmForget": _("还有未上传的走访;清除离线页面不会删除它们。继续?"), "ready": _("本页可离线使用"),
        "unable": _("本页暂时不能离线使用"), "forgotten": _("已从本机清除离线页面"),
    }  # fmt: skip
