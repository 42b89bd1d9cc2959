"""The sample city: what it is, and moving its day on, so that days of public notice and due dates can be lived through in minutes."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.calendar import working_calendar


@require_http_methods(["GET", "POST"])
def demonstration(request: HttpRequest) -> HttpResponse:
    """Show the sample city's day; a sample account may move it on. 404 in a real city."""
    if clock.demonstration_day() is None:
        raise Http404(_("这不是示例城市"))
    may = isinstance(request.user, User) and request.user.demonstration
    refusal = ""
    if request.method == "POST" and may:
        try:
            clock.move_on(dt.date.fromisoformat(request.POST.get("day", "")))
        except ValueError:
            refusal = _("请选择日期")
        except clock.ClockError as error:
            refusal = error.sentence
        else:
            messages.success(request, _("城市走到了 %(day)s") % {"day": clock.today()})
            return HttpResponseRedirect(reverse("web:demonstration"))
    following = working_calendar().working_day_after(clock.today(), 1)
    context = {"may_move": may, "next_day": following, "farthest": clock.today() + clock.FARTHEST, "refusal": refusal}
    return render(request, "web/demonstration.html", context, status=422 if refusal else 200)
