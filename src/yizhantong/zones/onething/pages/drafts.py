"""What the asker does for signatures on a draft: send a link, send it anew, withdraw it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yizhantong.web.views.hall.apply import found_draft
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.models import Cosignature
from yizhantong.zones.onething.pages.common import doing, me, refusing


@refusing
@require_POST
def invite(request: HttpRequest, number: str, role: str) -> HttpResponse:
    """Send a link to sign; an earlier one of the same person dies."""
    case = found_draft(me(request), number)
    if isinstance(case, HttpResponse):
        return case
    return doing(request, lambda: cosigning.invite(case, role, me(request)), _("签署链接已发出"), _back(number))


@refusing
@require_POST
def withdraw(request: HttpRequest, number: str, role: str) -> HttpResponse:
    """Call a link back."""
    case = found_draft(me(request), number)
    if isinstance(case, HttpResponse):
        return case
    row = get_object_or_404(Cosignature, case=case, role=role, state=Cosignature.State.WAITING)
    return doing(request, lambda: cosigning.withdraw(row, me(request)), _("签署链接已撤销"), _back(number))


def _back(number: str) -> str:
    return reverse("web:draft-check", args=[number]) + "#cosigners"
