"""For a person: recognition and certificate, subsidies by date, place in the queue, offers, applications, resume, consents, who looked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import queries as files
from yizhantong.kernel.parties.models import Person
from yizhantong.web.views.hall.files import served
from yizhantong.zones.talent.actions import hiring, housing, posts, recognition
from yizhantong.zones.talent.actions.common import organisation_of
from yizhantong.zones.talent.actions.posts import ResumeGiven
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import Candidacy, Consent, Lease, Offer, Post, Resume, Talent
from yizhantong.zones.talent.pages.common import REFUSALS, doing, me, show
from yizhantong.zones.talent.pages.reading import number_of
from yizhantong.zones.talent.queries import mine as queries
from yizhantong.zones.talent.queries import papers


def _person(request: HttpRequest) -> Person:
    person = me(request).person
    if person is None:
        raise Http404(_("当前账号没有关联个人身份"))
    return person


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show everything of one's own, and what to do next."""
    return show(request, "mine.html", {"view": queries.overview(_person(request)), "today": clock.today()})


@login_required
@require_POST
def certificate(request: HttpRequest) -> HttpResponse:
    """Issue one's certificate, once: it is there to be opened and verified."""
    talent = get_object_or_404(Talent, person=_person(request))
    change = lambda: recognition.certificate(talent, account=None)  # noqa: E731
    return doing(request, change, _("证书已出具"), reverse("talent:mine"))


@login_required
@require_GET
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the PDF of a certificate to its holder and to the talent office; to others it does not exist."""
    issued = files.verified(code)
    if issued is None or issued.stored is None or not papers.may_open(request.user, issued):
        raise Http404(_("没有这份证书,或它不是您的"))
    opened = files.open_for(me(request), issued.stored, may=True)
    return served(opened.content, opened.media_type, opened.name, inline="download" not in request.GET)


@login_required
@require_POST
def answer_offer(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Accept or decline an offered flat."""
    offer = get_object_or_404(Offer, pk=number, waiting__talent__person=_person(request))
    back = reverse("talent:mine")
    if what == "accept":
        return doing(request, lambda: housing.accept(offer, account=me(request)), _("已接受配租,租约已生效"), back)
    return doing(request, lambda: housing.decline(offer, account=me(request)), _("已放弃本次配租"), back)


@login_required
@require_POST
def leave_flat(request: HttpRequest, number: str) -> HttpResponse:
    """Leave one's flat."""
    lease = get_object_or_404(Lease, number=number, talent__person=_person(request))
    reason = request.POST.get("reason", "")
    change = lambda: housing.end_lease(lease, reason=reason, account=me(request))  # noqa: E731
    return doing(request, change, _("已办理退租"), reverse("talent:mine"))


class ResumeForm(forms.Form):
    """What a candidate writes of himself; nothing in it may tell who he is."""

    wanted = forms.CharField(label=gettext_lazy("求职意向"), max_length=60)
    occupation = forms.CharField(label=gettext_lazy("职业"), max_length=40, required=False)
    education = forms.ChoiceField(label=gettext_lazy("学历"), choices=Post.Education.choices)
    skills = forms.CharField(label=gettext_lazy("技能(用顿号分开)"), max_length=200, required=False)
    years = forms.IntegerField(label=gettext_lazy("工作年限"), min_value=0, max_value=60, initial=0)
    pay = forms.DecimalField(label=gettext_lazy("期望月薪(元)"), min_value=0, max_digits=9, decimal_places=2, initial=0)
    experience = forms.CharField(
        label=gettext_lazy("工作经历"), max_length=2000, required=False, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("不要写姓名、电话、证件号:授权之前,用人单位只看到这段文字。"),
    )  # fmt: skip
    open = forms.BooleanField(label=gettext_lazy("允许用人单位匿名匹配到我"), required=False)

    def given(self) -> ResumeGiven:
        """Return what was written."""
        said = self.cleaned_data
        return ResumeGiven(
            said["wanted"], said["occupation"], said["education"], tuple(posts.words(said["skills"])), said["years"],
            posts.fen(said["pay"], "pay"), (), said["experience"], said["open"],
        )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show and change one's resume, consents, and who looked."""
    person = _person(request)
    held = Resume.objects.filter(person=person).first()
    form = ResumeForm(request.POST if request.method == "POST" else None, initial=_initial(held))
    if request.method == "POST" and form.is_valid():
        try:
            posts.write_resume(person, form.given(), account=me(request))
        except REFUSALS as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, getattr(error, "sentence", str(error)))
        else:
            return doing(request, lambda: None, _("简历已保存"), reverse("talent:resume"))
    context: dict[str, Any] = {
        "form": form,
        "resume": held,
        "purposes": Consent.Purpose.choices,
        "days": settings().consent_days,
    }
    if held is not None:
        context |= queries.privacy(held)
    return show(request, "resume.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def give_consent(request: HttpRequest) -> HttpResponse:
    """Let an employer, named by its code, see who one is, for a purpose and some days."""
    held, said = get_object_or_404(Resume, person=_person(request)), request.POST

    def change() -> None:
        employer = organisation_of(said.get("employer", "")[:18], "employer")
        posts.consent(held, employer, said.get("purpose", ""), days=number_of(said.get("days")), account=me(request))

    return doing(request, change, _("授权已生效"), reverse("talent:resume"))


@login_required
@require_POST
def withdraw_consent(request: HttpRequest, number: int) -> HttpResponse:
    """Take a consent back."""
    given = get_object_or_404(Consent, pk=number, resume__person=_person(request))
    change = lambda: posts.withdraw_consent(given, account=me(request))  # noqa: E731
    return doing(request, change, _("授权已撤回,对方不能再看到您的姓名和电话"), reverse("talent:resume"))


@login_required
@require_POST
def candidacy(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Apply after an invitation, accept an offer, or withdraw."""
    found = get_object_or_404(
        Candidacy.objects.select_related("vacancy", "resume"), pk=number, resume__person=_person(request)
    )
    account, back = me(request), reverse("talent:mine")
    if what == "accept":
        return doing(request, lambda: hiring.accept(found, account=account), _("已接受录用"), back)
    if what == "apply":
        return doing(request, lambda: hiring.apply(found.vacancy, found.resume, account=account), _("已投递"), back)
    return doing(request, lambda: hiring.withdraw(found, account=account), _("已退出应聘,授权随之结束"), back)


def _initial(held: Resume | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {
        "wanted": held.wanted, "occupation": held.occupation, "education": held.education, "skills": "、".join(held.skills),
        "years": held.years, "pay": held.pay_fen / 100, "experience": held.experience, "open": held.open,
    }  # fmt: skip
