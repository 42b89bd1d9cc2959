"""One's own notices: reading them, and how one wants to be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices import actions, channels, kinds, queries
from yizhantong.kernel.notices.actions import Wish
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.models import Channel, Mode

SIZE = 30


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show a page of one's notices, unread first."""
    kind, unread = request.GET.get("kind", "")[:50], request.GET.get("unread") == "on"
    problem, status = None, 200
    try:
        page = queries.page(request.user, kind=kind, unread=unread, after=request.GET.get("after", ""), size=SIZE)
    except NoticeError as error:
        problem, status = error, 400
        page = queries.page(request.user, kind=kind, unread=unread, size=SIZE)
    labels = {item.code: item.label for item in kinds.kinds()}
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        "page": page,
        "rows": [(notice, labels.get(notice.kind, "")) for notice in page.notices],
        "kinds": queries.kinds_of(request.user),
        "kind": kind,
        "unread_only": unread,
        "problem": problem,
        "query": asked.urlencode(),
    }
    fragment = request.headers.get("HX-Target") == "notices"
    return render(request, "web/notices/rows.html" if fragment else "web/notices/index.html", context, status=status)


@login_required
@require_GET
def open_notice(request: HttpRequest, number: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = get_object_or_404(queries.visible_to(request.user), pk=number)
    actions.mark_read(_user(request), [notice.pk])
    return HttpResponseRedirect(notice.link or f"{reverse('web:notices')}#notice-{notice.pk}")


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen notices as read, or all (of one kind)."""
    if "all" in request.POST:
        count = actions.mark_all_read(_user(request), request.POST.get("kind", ""))
    else:
        chosen = [int(text) for text in request.POST.getlist("notice") if text.isdigit() and len(text) < 19]
        count = actions.mark_read(_user(request), chosen)
    messages.success(request, _("已标为已读:%(count)s 条") % {"count": count})
    query = request.POST.get("query", "")
    return HttpResponseRedirect(f"{reverse('web:notices')}{'?' + query if query else ''}")


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and change how one wants to be told, by kind and channel."""
    user, problem = _user(request), None
    if request.method == "POST":
        try:
            actions.prefer(user, _wishes(request))
        except NoticeError as error:
            problem = error
        else:
            messages.success(request, _("消息设置已保存"))
            return HttpResponseRedirect(reverse("web:notice-preferences"))
    given = {name: str(value) for name, value in request.POST.items() if ":" in name}
    context = {
        "rows": [(kind, _cells(kind, modes, given)) for kind, modes in queries.modes_of(user)],
        "channels": [(code, label, _set_up(code)) for code, label in Channel.choices],
        "problem": problem,
        "address": user.email,
        "phone": channels.masked(user.person.phone) if user.person is not None and user.person.phone else "",
    }
    return render(request, "web/notices/preferences.html", context, status=422 if problem else 200)


@csrf_exempt  # RFC 8058: mail programs post here without a session; the signed word is the proof
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of a mail leave its kind without signing in: ask on GET, do it on POST."""
    try:
        _account, kind, channel = actions.read_token(token)
        if request.method == "POST":
            actions.unsubscribe(token)
    except NoticeError as error:
        return render(request, "web/errors/problem.html", {"problem": error}, status=400)
    context = {"kind": kind, "channel": Channel(channel).label, "done": request.method == "POST"}
    return render(request, "web/notices/unsubscribe.html", context)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _set_up(channel: str) -> bool:
    return channel == "inbox" or channels.is_set_up(channel)


def _wishes(request: HttpRequest) -> list[Wish]:
    """Return what was chosen where there is a choice (fields ``kind:channel``)."""
    found = []
    for name, mode in request.POST.items():
        code, colon, channel = name.rpartition(":")
        if colon:
            found.append(Wish(code, channel, str(mode)))
    return found


def _cells(kind: kinds.Kind, modes: dict[str, str], given: dict[str, str]) -> list[dict[str, Any]]:
    labels = dict(Mode.choices)
    return [
        {
            "name": f"{kind.code}:{channel}",
            "channel": Channel(channel).label,
            "locked": kind.locked(channel),
            "label": labels[Mode(mode)],
            "choices": [
                (code, labels[Mode(code)], given.get(f"{kind.code}:{channel}", mode) == code)
                for code in kind.modes(channel)
            ],
        }
        for channel, mode in modes.items()
    ]
