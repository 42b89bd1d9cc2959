"""One version as it stands, what it changes, and its approval by somebody else than who wrote it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yizhantong.foundation.flow import Flow, FlowError, to_bpmn
from yizhantong.foundation.flow import read as read_flow
from yizhantong.kernel.items import actions, checking, differences, queries
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import ItemVersion
from yizhantong.web.casework.flows import Stop
from yizhantong.web.views.items.shared import account_of, asked, linked, version_of


@login_required
@require_GET
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a version, what it changes against the one before, and to the approver the two answers."""
    item = asked(request, code)
    found = version_of(item, number)
    earlier = queries.versions(code).filter(number__lt=number, state__in=["published", "retired"]).first()
    own = found.written_by_id == account_of(request).pk
    submitted = found.state == ItemVersion.State.SUBMITTED
    drawn = _flow(found)
    context = {
        "flow_url": reverse("web:item-flow", args=[code, number]) if drawn else "",
        "flow_steps": [Stop(step.code, step.name, "ahead") for step in drawn.steps.values()] if drawn else [],
        "item": item, "version": found, "earlier": earlier, "own": own, "content": found.content,
        "limits": contents.read(found.content).limits,
        "changes": differences.changes(earlier.content if earlier else None, found.content) if earlier else [],
        "findings": linked(item, checking.check(found.content, kind=item.kind)) if submitted else [],
        "may_approve": submitted and queries.may_publish(request.user, item),
        "may_withdraw": submitted and own and queries.may_edit(request.user, item),
    }  # fmt: skip
    return render(request, "web/items/version.html", context)


@login_required
@require_GET
def flow(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out the drawing (BPMN 2.0) of a version in whatever state, to who may write or approve it."""
    item = asked(request, code)
    drawn = _flow(version_of(item, number))
    if drawn is None:
        raise Http404(_("这一版的流程还画不出来"))
    name = "flow-" + "".join(char if char.isalnum() else "-" for char in code)
    response = HttpResponse(to_bpmn(drawn, name, item.name), content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _flow(version: ItemVersion) -> Flow | None:
    """Return the flow of a version, or None while it is none yet."""
    try:
        return read_flow(version.content.get("flow", {}))
    except FlowError:
        return None


@login_required
@require_POST
def publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Publish a submitted version, now or from a later day."""
    found = version_of(asked(request, code), number)
    try:
        text = request.POST.get("valid_from", "").strip()
        made = actions.publish(found, account_of(request), valid_from=_day(text))
    except ItemError as error:
        messages.error(request, error.sentence)
        return redirect("web:item-version", code, number)
    messages.success(request, _("已发布,自 %(day)s 起启用") % {"day": made.valid_from})
    return redirect("web:item", code)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ItemError("items.bad_day", _("启用日请写成 2021-08-16 的形式"), "valid_from") from error


@login_required
@require_POST
def send_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a submitted version back with a remark; who wrote it may take it back himself."""
    found = version_of(asked(request, code), number)
    try:
        actions.send_back(found, request.POST.get("remark", ""), account_of(request))
    except ItemError as error:
        messages.error(request, error.sentence)
        return redirect("web:item-version", code, number)
    messages.success(request, _("已退回修改"))
    return redirect("web:item", code)
