"""For everyone: all policies with filters, one document, one card with one's own eligibility."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yizhantong.kernel.divisions import clock
from yizhantong.zones.policies.actions.attachments import Purpose
from yizhantong.zones.policies.amounts import text_of
from yizhantong.zones.policies.benefit import read as read_benefit
from yizhantong.zones.policies.models import Policy, PolicyCard, PolicyClass
from yizhantong.zones.policies.pages.common import chosen, enterprises, page_of, query_of
from yizhantong.zones.policies.queries import eligibility, visible


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the cards online, narrowed by class, area, level, words, and whether they are open today."""
    cards = PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED).select_related("document", "unit", "item")
    asked = request.GET
    for name, column in (("class", "policy_class"), ("area", "document__area"), ("level", "document__level")):
        if asked.get(name):
            cards = cards.filter(**{column: asked[name]})
    if words := asked.get("q", "").strip():
        found = Q(title__icontains=words) | Q(target__icontains=words) | Q(document__title__icontains=words)
        cards = cards.filter(found | Q(document__document__icontains=words) | Q(number=words))
    if asked.get("open"):
        today = clock.today()
        cards = cards.filter(
            Q(window_start__isnull=True) | Q(window_start__lte=today),
            Q(window_end__isnull=True) | Q(window_end__gte=today),
        )
    context = {
        "page": page_of(request, cards.order_by("-document__published_on", "document_id", "position")),
        "query": query_of(request),
        "classes": PolicyClass.choices, "areas": Policy.Area.choices, "levels": Policy.Level.choices, "asked": asked,
        "enterprises": enterprises(request),
    }  # fmt: skip
    return render(request, "policies/index.html", context)


@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """Show one document: original text, interpretation, guide, its cards."""
    found = get_object_or_404(visible.with_cards(request.user), pk=number)
    kept = list(found.attachments.order_by("id"))
    explaining = [one for one in kept if one.purpose == Purpose.INTERPRETATION]
    context = {
        "document": found, "issuers": found.issuers.all(), "attachments": kept, "explaining": explaining,
        "originals": [one for one in kept if one.purpose == Purpose.ORIGINAL], "explained": found.interpretation or explaining,
        "later": visible.documents(request.user).filter(supersedes=found).order_by("id"),
    }  # fmt: skip
    return render(request, "policies/document.html", context)


@require_GET
def card(request: HttpRequest, number: str) -> HttpResponse:
    """Show one card: for whom, how much, when; and for one's own enterprise whether it suits, condition by condition."""
    rows = visible.cards(request.user).select_related("document", "unit", "item__current", "stacking")
    found = get_object_or_404(rows, number=number)
    own = enterprises(request)
    firm = chosen(request, own)
    suit = None
    if firm is not None and found.item is not None and found.item.current_id:
        suit = eligibility.suits(firm.pk, [found])[0]
    conditions = (
        eligibility.rules_of(found.item.current_id).ruled if found.item is not None and found.item.current_id else ()
    )
    today = clock.today()
    context = {
        "card": found, "suit": suit, "firm": firm, "enterprises": own, "conditions": [one.condition for one in conditions],
        "standard": text_of(read_benefit(found.benefit).standard), "quota": found.quotas.filter(year=today.year).first(),
        "early": found.window_start is not None and today < found.window_start,
        "late": found.window_end is not None and today > found.window_end,
    }  # fmt: skip
    return render(request, "policies/card.html", context)
