"""Published figures: publishing one, and counting it again from the segments that it names."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.kernel.access.models import User
from yizhantong.kernel.figures import actions
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.web.dates import day_asked_for
from yizhantong.web.views.figures import declared_figure, division_asked_for


@login_required
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish a figure as of the page's day: seal, count, keep."""
    declared = declared_figure(code)
    day, division = day_asked_for(request), division_asked_for(request)
    assert isinstance(request.user, User)
    try:
        made = actions.publish([code], day, request.user, division=division, note=request.POST.get("note", "").strip())
    except FigureError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("已发布“%(label)s”,编号 %(number)s") % {"label": declared.label, "number": made[0].pk}
        )
    pairs = {"as_of": day.isoformat()} | ({"division": division} if division else {})
    return HttpResponseRedirect(f"{reverse('web:figure', args=[code])}?{urlencode(pairs)}#published")


@require_GET
def snapshot(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one published figure, counted again now."""
    declared = declared_figure(code)
    found = get_object_or_404(Snapshot.objects.select_related("division", "published_by"), figure=code, pk=number)
    context = {"figure": declared, "snapshot": found, "check": actions.check_snapshot(number)}
    return render(request, "web/figures/snapshot.html", context)
