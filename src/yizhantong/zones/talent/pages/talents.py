"""For officers: who is recognised, everything of one talent, stopping a subsidy, taking a class away; the posts; opening an estate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel.divisions import tree
from yizhantong.web.paging import page_of
from yizhantong.zones.talent.actions import housing, posts, recognition, subsidies
from yizhantong.zones.talent.models import Award, Category, Estate, Talent, Vacancy
from yizhantong.zones.talent.pages.common import REFUSALS, doing, me, officers, show
from yizhantong.zones.talent.pages.reading import number_of
from yizhantong.zones.talent.queries import papers

KINDS = (1, 2, 3)


@officers
@require_GET
def talent_list(request: HttpRequest) -> HttpResponse:
    """Show who is recognised, narrowed by code or name, class and state."""
    asked, rows = request.GET, Talent.objects.select_related("person", "employer")
    if words := asked.get("q", "").strip().replace("\x00", "")[:60]:
        rows = rows.filter(
            Q(code__icontains=words) | Q(person__name__icontains=words) | Q(employer__name__icontains=words)
        )
    for name, known in (("category", Category.values), ("state", Talent.State.values)):
        if asked.get(name) in known:
            rows = rows.filter(**{name: asked[name]})
    context = {
        "page": page_of(request, rows, ("-since", "-id")),
        "asked": asked,
        "categories": Category.choices,
        "states": Talent.State.choices,
    }
    return show(request, "desk/talents.html", context)


@officers
@require_http_methods(["GET", "POST"])
def talent(request: HttpRequest, code: str) -> HttpResponse:
    """Show one talent: class, claims, subsidies and checks; stop a subsidy or take the class away, with the reason."""
    found = get_object_or_404(Talent.objects.select_related("person", "employer"), code=code)
    if request.method == "POST":
        return _act(request, found)
    context = {
        "talent": found, "claims": found.claims.select_related("case", "rules").order_by("-pk")[:20],
        "awards": found.awards.select_related("case").prefetch_related("instalments").order_by("-pk"),
        "rechecks": found.rechecks.select_related("done_by").order_by("-year"),
        "waitings": found.waitings.select_related("case").order_by("-pk"),
        "papers": papers.of_talent(code),
    }  # fmt: skip
    return show(request, "desk/talent.html", context)


def _act(request: HttpRequest, found: Talent) -> HttpResponse:
    said, account, here = request.POST, me(request), reverse("talent:desk-talent", args=[found.code])
    reason = said.get("reason", "")
    if said.get("do") == "stop":
        award = get_object_or_404(Award, pk=number_of(said.get("award")), talent=found)
        return doing(
            request, lambda: subsidies.stop(award, reason, account=account), _("补贴已停发,未发各期不再发放"), here
        )
    lose = lambda: recognition.lose(found, reason=reason, account=account)  # noqa: E731
    return doing(request, lose, _("认定已取消,证书已注销,并通知本人"), here)


@officers
@require_http_methods(["GET", "POST"])
def post_list(request: HttpRequest) -> HttpResponse:
    """Show every post, narrowed by words and state, with how many applied; end one before its day."""
    if request.method == "POST":
        found = get_object_or_404(Vacancy, number=request.POST.get("post", ""))
        back = f"{reverse('talent:desk-posts')}?{request.GET.urlencode()}"
        return doing(request, lambda: posts.close(found, account=me(request)), _("岗位已结束"), back)
    asked, rows = request.GET, Vacancy.objects.select_related("employer", "case")
    if words := asked.get("q", "").strip().replace("\x00", "")[:60]:
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words) | Q(employer__name__icontains=words))
    if asked.get("state") in Vacancy.State.values:
        rows = rows.filter(state=asked["state"])
    context = {
        "page": page_of(request, rows.annotate(applied=Count("candidacies")), ("-id",)), "asked": asked,
        "states": Vacancy.State.choices,
    }  # fmt: skip
    return show(request, "desk/posts.html", context)


class EstateForm(forms.Form):
    """An estate and up to three kinds of flats in it; a kind without a number of flats is left out."""

    code = forms.SlugField(
        label=gettext_lazy("项目代码"), max_length=24, help_text=gettext_lazy("字母、数字和短横,如 binhai-1")
    )
    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=80)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160)
    division = forms.ChoiceField(label=gettext_lazy("所在区划"))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["division"].choices = [(unit.code, unit.name) for unit in tree.units()]  # type: ignore[attr-defined]
        for rooms in KINDS:
            what = _("%(rooms)s 居室") % {"rooms": rooms}
            self.fields[f"count_{rooms}"] = forms.IntegerField(
                label=_("%s:套数") % what, min_value=0, max_value=99, required=False
            )
            self.fields[f"area_{rooms}"] = forms.DecimalField(
                label=_("%s:面积(平方米)") % what, min_value=1, max_value=999, decimal_places=2, required=False
            )
            self.fields[f"rent_{rooms}"] = forms.IntegerField(
                label=_("%s:月租金(元)") % what, min_value=0, max_value=99_999, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Ask for size and rent of every kind that has flats."""
        said = super().clean() or {}
        for rooms in KINDS:
            for name in (f"area_{rooms}", f"rent_{rooms}"):
                if said.get(f"count_{rooms}") and said.get(name) is None and name not in self.errors:
                    self.add_error(name, _("有房源的户型请填写面积和月租金"))
        return said

    def row(self) -> dict[str, Any]:
        """Return what was written, as the action reads it."""
        said = self.cleaned_data
        flats = [
            {
                "rooms": rooms,
                "count": said[f"count_{rooms}"],
                "area": said[f"area_{rooms}"],
                "rent_yuan": said[f"rent_{rooms}"],
            }
            for rooms in KINDS
            if said.get(f"count_{rooms}")
        ]
        return {name: said[name] for name in ("code", "name", "address", "division")} | {"flats": flats}


@officers
@require_http_methods(["GET", "POST"])
def estate(request: HttpRequest) -> HttpResponse:
    """Open an estate with its flats; what was typed is not lost."""
    form = EstateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made: Estate = housing.open_estate(form.row(), account=me(request))
        except REFUSALS as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, getattr(error, "sentence", str(error)))
        else:
            told = _("“%(name)s”已开放,%(count)s 套房源") % {"name": made.name, "count": made.flats.count()}
            return doing(request, lambda: None, told, reverse("talent:desk-housing"))
    return show(request, "desk/estate.html", {"form": form}, status=422 if form.errors else 200)
