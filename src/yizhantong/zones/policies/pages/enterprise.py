"""For enterprises: what suits, what is missing and may be declared, offers to confirm, results to report."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.parties import profile
from yizhantong.kernel.parties.vocabulary import BY_NAME, Term
from yizhantong.zones.policies.actions import automatic, followups, pushing
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import Application, Candidate, FollowUp, OptOut
from yizhantong.zones.policies.pages.common import account, attempt, back, chosen, enterprises
from yizhantong.zones.policies.queries import eligibility


@login_required
@require_GET
def match(request: HttpRequest) -> HttpResponse:
    """Show every card with its verdict for one's enterprise, what suits first."""
    own = enterprises(request)
    firm = chosen(request, own)
    if firm is None:
        return render(request, "policies/no_enterprise.html", status=200)
    found = eligibility.suits(firm.pk)
    counts = eligibility.by_class(found)
    wanted = request.GET.get("state", "")
    missing = sorted({name for suit in found for name in suit.verdict.missing if suit.state == "unknown"})
    context = {
        "firm": firm, "enterprises": own, "counts": counts, "state": wanted, "opted_out": OptOut.objects.filter(pk=firm.pk).exists(),
        "suits": [suit for suit in found if not wanted or suit.state == wanted],
        "missing": [BY_NAME[name] for name in missing if name in BY_NAME and BY_NAME[name].column],
    }  # fmt: skip
    return render(request, "policies/match.html", context)


@login_required
@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """Keep what the enterprise itself says of facts that no register knows, marked as declared."""
    firm = chosen(request, enterprises(request))
    if firm is None:
        raise Http404

    def keep() -> None:
        values = {}
        for name, term in BY_NAME.items():
            text = request.POST.get(f"fact.{name}", "").strip()
            if text and term.column:
                values[term.column] = _value(term, text)
        if not values:
            raise PolicyError("policies.nothing_declared", _("请至少填写一项"))
        profile.update(firm, values, source=_("企业自报"), confidence="declared")

    attempt(request, _("已登记为企业自报,匹配结果已更新"), keep)
    return back(f"{reverse('policies:match')}?enterprise={firm.pk}")


def _value(term: Term, text: str) -> Any:
    """Return a declared value as the profile keeps it."""
    import datetime as dt

    bad = PolicyError(
        "policies.declared", _("“%(name)s”的值“%(text)s”不能识别,请核对") % {"name": term.name, "text": text[:20]}
    )
    if term.kind == "boolean":
        return text == "true"
    if term.kind == "date":
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise bad from None
    if term.kind == "number":
        try:
            return int(Decimal(text.replace(",", "")) * term.divide)
        except (InvalidOperation, ValueError, OverflowError):
            raise bad from None
    return next((code for code, word in term.words.items() if word == text), text)


@login_required
@require_POST
def opt_out(request: HttpRequest) -> HttpResponse:
    """Stop or resume pushing."""
    firm = chosen(request, enterprises(request))
    if firm is None:
        raise Http404
    out = request.POST.get("out") == "1"
    said = _("已停止向本企业推送政策") if out else _("已恢复推送")
    attempt(request, said, lambda: pushing.opt_out(firm, out, account=account(request)))
    return back(f"{reverse('policies:match')}?enterprise={firm.pk}")


@login_required
@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """Show what the enterprise may have without applying, open offers first; and what was paid to it, to be confirmed first."""
    own = [one.pk for one in enterprises(request)]
    rows = Candidate.objects.filter(organisation__in=own).exclude(state__in=["listed", "removed"])
    rows = rows.select_related("list__card__document", "organisation", "application__case").order_by("-list_id", "id")[
        :100
    ]
    money = Application.objects.filter(organisation__in=own, money__in=["committed", "paid", "recovered"])
    paid = money.select_related("card", "case", "organisation").order_by("-paid_on", "-id")[:100]
    context = {
        "rows": sorted(rows, key=lambda one: one.state != "offered"),
        "paid": sorted(paid, key=lambda one: one.money != "paid" or one.arrived_on is not None),
    }
    return render(request, "policies/offers.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm an offer with the account that receives the money, or decline it."""
    own = [one.pk for one in enterprises(request)]
    one = get_object_or_404(Candidate, pk=number, organisation__in=own)
    asked = request.POST
    if "decline" in asked:
        attempt(request, _("已放弃"), lambda: automatic.decline(one, asked.get("reason", ""), account=account(request)))
    else:
        given = {"holder": asked.get("holder", ""), "bank": asked.get("bank", ""), "number": asked.get("number", "")}
        attempt(
            request, _("已确认,资金将拨付到该账户"), lambda: automatic.confirm(one, **given, account=account(request))
        )
    return back(reverse("policies:offers"))


@login_required
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Show the reports of results that one's enterprises owe and have given."""
    own = [one.pk for one in enterprises(request)]
    rows = FollowUp.objects.filter(application__organisation__in=own).select_related(
        "application__card", "application__organisation"
    )
    return render(request, "policies/results.html", {"rows": rows.order_by("state", "due_on")[:100]})


@login_required
@require_http_methods(["GET", "POST"])
def result(request: HttpRequest, number: int) -> HttpResponse:
    """Report results."""
    own = [one.pk for one in enterprises(request)]
    one = get_object_or_404(
        FollowUp.objects.select_related("application__card"), pk=number, application__organisation__in=own
    )
    if request.method == "POST":
        given = {metric["code"]: request.POST.get(f"metric.{metric['code']}", "") for metric in one.metrics}
        text = request.POST.get("explanation", "")
        if attempt(request, _("已填报"), lambda: followups.report(one, given, text, account=account(request))):
            return back(reverse("policies:results"))
    asked = [
        (metric, request.POST.get(f"metric.{metric['code']}", one.values.get(metric["code"], "")))
        for metric in one.metrics
    ]
    return render(
        request,
        "policies/result.html",
        {"one": one, "asked": asked, "explanation": request.POST.get("explanation", one.explanation)},
    )
