"""Verification for everyone: seals of every ledger, proofs of a fact or of history, and a check of a proof one holds."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel import ledger as kernel_ledger
from yizhantong.kernel.access import policy
from yizhantong.kernel.ledger import proofs
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Segment
from yizhantong.kernel.ledger.verify import verify

MAX_PROOF = 200_000


class ProofForm(forms.Form):
    """A proof as JSON, pasted."""

    proof = forms.CharField(label=_("证明(JSON)"), max_length=MAX_PROOF, widget=forms.Textarea)

    def clean_proof(self) -> dict[str, Any]:
        """Read the JSON."""
        try:
            found = json.loads(self.cleaned_data["proof"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("不是合法的 JSON,请完整粘贴证明文件的内容")) from error
        if not isinstance(found, dict) or found.get("kind") not in (proofs.INCLUSION, proofs.CONSISTENCY):
            raise ValidationError(_("不是本平台的证明:缺少 kind,或版本不认识"))
        return found


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the seals of all ledgers; say whether a pasted proof holds."""
    form = ProofForm(request.POST or None)
    holds = None
    if request.method == "POST" and form.is_valid():
        proof = form.cleaned_data["proof"]
        check = proofs.verify_inclusion if proof["kind"] == proofs.INCLUSION else proofs.verify_consistency
        holds = check(proof)
    context = {"form": form, "holds": holds, "rows": _rows(), "may_verify": request.user.is_authenticated}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/proofs/index.html", context, status=status)


@require_GET
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Show the segments of one ledger."""
    declared = _declared(code)
    segments = Segment.objects.filter(ledger=code).order_by("-number")
    return render(request, "web/proofs/ledger.html", {"ledger": declared, "segments": segments})


@require_http_methods(["POST"])
def recompute(request: HttpRequest, code: str) -> HttpResponse:
    """Verify one ledger now: recompute everything and name the first fact that fails."""
    declared = _declared(code)
    policy.check(request.user, declared.view, zone=declared.zone)
    report = verify(declared)
    segments = Segment.objects.filter(ledger=code).order_by("-number")
    context = {"ledger": declared, "segments": segments, "report": report.ledgers[0], "failure": report.first_failure}
    return render(request, "web/proofs/ledger.html", context)


@require_GET
def inclusion(request: HttpRequest, code: str, fact: int) -> HttpResponse:
    """Hand out the proof that a fact is sealed; it holds the whole record, so it is for those who may see that."""
    declared = _declared(code)
    policy.check(request.user, declared.view, zone=declared.zone)
    if any(item.personal for item in declared.all_fields):
        policy.check(request.user, "personal.reveal", zone=declared.zone)
    try:
        proof = proofs.inclusion_proof(declared, fact)
    except LedgerError as error:
        return render(request, "web/errors/problem.html", {"problem": error}, status=404)
    policy.check(request.user, declared.view, str(proof["record"]["division_id"]), declared.zone)
    response = JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="proof-{code}-{fact}.json"'
    return response


@require_GET
def consistency(request: HttpRequest, code: str, earlier: int) -> HttpResponse:
    """Hand out the proof that the ledger was only appended to since segment ``earlier``."""
    try:
        proof = proofs.consistency_proof(_declared(code), earlier)
    except LedgerError as error:
        return render(request, "web/errors/problem.html", {"problem": error}, status=404)
    return JsonResponse(proof, json_dumps_params={"indent": 1})


def _rows() -> list[dict[str, Any]]:
    sums = {
        row["ledger"]: row
        for row in Segment.objects.values("ledger").annotate(
            segments=Count("id"), facts=Sum("count"), last=Max("number"), sealed_at=Max("sealed_at")
        )
    }
    heads = {(s.ledger, s.number): s.head for s in Segment.objects.only("ledger", "number", "head")}
    rows = []
    for declared in kernel_ledger.ledgers():
        found = sums.get(declared.code)
        head = heads[declared.code, found["last"]] if found else ""
        rows.append({"ledger": declared, "found": found, "head": head})
    return rows


def _declared(code: str) -> kernel_ledger.Ledger:
    try:
        return kernel_ledger.ledger(code)
    except KeyError:
        raise Http404 from None
