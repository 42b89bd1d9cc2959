"""For enterprises: the money of one case, from approval to its arrival, and what is asked back of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.zones.policies.actions import applications
from yizhantong.zones.policies.models import Application
from yizhantong.zones.policies.pages.common import account, attempt, back, enterprises


@login_required
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """Show the money of one of my enterprises' cases; confirm that it has arrived."""
    rows = Application.objects.filter(organisation__in=[one.pk for one in enterprises(request)])
    found = get_object_or_404(rows.select_related("case", "card", "organisation", "account"), case__number=number)
    if request.method == "POST":
        if request.POST.get("do") == "arrived":
            attempt(request, _("已确认到账"), lambda: applications.confirm_arrival(found, account=account(request)))
        return back(reverse("policies:payment", args=[number]))
    context = {
        "application": found, "lines": found.lines.order_by("id"), "recoveries": found.recoveries.order_by("-id"),
        "results": found.follow_ups.order_by("due_on"),
    }  # fmt: skip
    return render(request, "policies/payment.html", context)
