"""For officers: the list of experts, entered, changed and retired."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yizhantong.kernel.access.models import User
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.actions import experts
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.forms import ExpertForm
from yizhantong.zones.policies.models import Expert
from yizhantong.zones.policies.pages.common import attempt, back, fill, page_of, query_of, staff


@login_required
@require_http_methods(["GET", "POST"])
def expert_list(request: HttpRequest) -> HttpResponse:
    """Show the list with what each expert owes and has given; enter one, change one, retire one."""
    user = staff(request, *experts.MANAGE)
    here = reverse("policies:desk-experts")
    entering = request.method == "POST" and request.POST.get("do") == "enlist"
    form = ExpertForm(request.POST if entering else None)
    if entering:
        if form.is_valid() and fill(form, lambda: _enlist(form, user)) is not None:
            return back(here)
    elif request.method == "POST":
        one = get_object_or_404(Expert.objects.select_related("account"), pk=request.POST.get("expert") or 0)
        work = {
            "retire": (_("已出库"), lambda: experts.retire(one, account=user)),
            "return": (_("已重新入库"), lambda: experts.enlist(one.account, one.field, one.employer_id, account=user)),
        }.get(request.POST.get("do", ""))
        if work is not None:
            attempt(request, *work)
        return back(here)
    rows = experts.listed()
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(field__icontains=words)
    context = {"page": page_of(request, rows), "query": query_of(request), "form": form, "asked": request.GET}
    return render(request, "policies/desk/experts.html", context, status=422 if form.is_bound else 200)


def _enlist(form: ExpertForm, user: User) -> Expert:
    said = form.cleaned_data
    account_of = User.objects.filter(username=said["username"].strip()).first()
    if account_of is None:
        raise PolicyError("policies.expert_account", _("没有这个账号,请核对登录名"), field="username")
    return experts.enlist(account_of, said["field"], _employer(said["employer"].strip()), account=user)


def _employer(said: str) -> str | None:
    """Return the code of an employer that is named by its code or its full name."""
    if not said:
        return None
    found = Organisation.objects.filter(pk=said).first() or Organisation.objects.filter(name=said).first()
    if found is None:
        raise PolicyError(
            "policies.expert_employer", _("没有找到这个单位,请填写全称或统一社会信用代码"), field="employer"
        )
    return found.pk
