"""What the pages of enrolment share: its tabs, and the season that an address names."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yizhantong.kernel.divisions import clock
from yizhantong.zones.onething.enrolment.access import check_manages, is_manager
from yizhantong.zones.onething.enrolment.models import Season
from yizhantong.zones.onething.enrolment.queries import seasons as queries
from yizhantong.zones.onething.pages.common import REFUSALS, doing, me, refusing, tabs

PHASES = {
    "draft": gettext_lazy("编制中"), "coming": gettext_lazy("即将开始"), "open": gettext_lazy("报名中"), "over": gettext_lazy("报名已截止"),
    "closed": gettext_lazy("已结束"),
}  # fmt: skip


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a page with enrolment's tabs."""
    listed = [
        ("home", _("一件事套餐"), True), ("enrolment", _("招生批次"), True),
        ("enrolment-mine", _("我的报名"), request.user.is_authenticated),
        ("enrolment-desk", _("招生管理"), is_manager(request.user)),
    ]  # fmt: skip
    base = {"tabs": tabs(request, listed), "now": clock.now()}
    return render(request, f"onething/enrolment/{template}", base | (context or {}), status=status)


def published(code: str) -> Season:
    """Return a published season; 404 otherwise."""
    found = queries.standing(code)
    if found is None:
        raise Http404(_("没有这个招生批次"))
    return found


def managed(request: HttpRequest, code: str) -> Season:
    """Return a season that the account manages; 404, or ``Refused``."""
    found = Season.objects.select_related("division", "office").filter(code=code).first()
    if found is None:
        raise Http404(_("没有这个招生批次"))
    check_manages(request.user, found)
    return found


__all__ = ["PHASES", "REFUSALS", "doing", "managed", "me", "published", "refusing", "show"]
