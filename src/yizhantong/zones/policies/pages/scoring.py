"""For experts: what waits for one's score, and the score sheet. Blind: nothing on these pages names who applies."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.access import policy
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.elements import Element
from yizhantong.zones.policies.actions import reviews
from yizhantong.zones.policies.actions.applications import data_of
from yizhantong.zones.policies.models import Application, ExpertReview
from yizhantong.zones.policies.pages.common import account, attempt, back

HIDDEN = frozenset(
    {
        "organisation_name",
        "uscc",
        "account_name",
        "account_number",
        "bank_name",
        "website",
        "registered_address",
        "business_address",
    }
)
"""Elements that tell who applies; personal ones are hidden besides."""


@login_required
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the expert's own reviews, open ones first."""
    policy.check(request.user, "experts.score", zone="policies")
    rows = ExpertReview.objects.filter(expert__account=account(request)).select_related("application__card__document")
    return render(request, "policies/scoring/tasks.html", {"rows": rows.order_by("state", "-id")[:100]})


@login_required
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is to be judged without who applies, and take scores or a declaration of conflict."""
    policy.check(request.user, "experts.score", zone="policies")
    rows = ExpertReview.objects.select_related("application__case", "application__card__document")
    review = get_object_or_404(rows, pk=number, expert__account=account(request))
    experts = reviews.sheet_of(review.application)
    if request.method == "POST" and _given(request, review, [line.code for line in experts.criteria]):
        return back(reverse("policies:scoring"))
    lines = [
        (line, request.POST.get(f"score.{line.code}", review.scores.get(line.code, ""))) for line in experts.criteria
    ]
    context = {
        "review": review, "experts": experts, "lines": lines, "facts": blind_facts(review.application), "posted": request.POST,
        "code": f"S{review.application_id:05d}",
    }  # fmt: skip
    return render(request, "policies/scoring/sheet.html", context)


def _given(request: HttpRequest, review: ExpertReview, codes: list[str]) -> bool:
    asked = request.POST
    if "conflict" in asked:
        reason = asked.get("conflict_reason", "")
        return attempt(
            request, _("已登记回避"), lambda: reviews.declare_conflict(review, reason, account=account(request))
        )
    scores = {code: asked.get(f"score.{code}", "") for code in codes}
    independent, opinion = asked.get("independent") == "on", asked.get("opinion", "")
    return attempt(
        request,
        _("评分已提交"),
        lambda: reviews.score(review, scores, opinion=opinion, independent=independent, account=account(request)),
    )


def blind_facts(application: Application) -> list[tuple[str, str]]:
    """Return the form's values that do not tell who applies; the enterprise's name is struck from texts."""
    ready = catalogue.content_of(application.case.version_id)
    data = data_of(application.case)
    names = [application.organisation.name, application.organisation_id]
    found = []
    for code, (_spec, element) in ready.fields.items():
        if code in HIDDEN or element.personal or data.get(code) in (None, "", []):
            continue
        found.append((element.name, _struck(_text(element, data[code]), names)))
    return found


def _text(element: Element, value: object) -> str:
    words = dict(element.choices)
    if isinstance(value, list):
        return "、".join(words.get(one, str(one)) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return words.get(str(value), str(value)) + (element.unit or ("元" if element.kind == "money" else ""))


def _struck(text: str, names: list[str]) -> str:
    for name in names:
        text = text.replace(name, "××××")
    return text
