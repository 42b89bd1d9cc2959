"""Briefs: all of them, one as it reads on a day, its wording changed by an editor, and the way out as DOCX."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yizhantong.kernel import figures
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.articles import briefs as articles
from yizhantong.kernel.articles import queries
from yizhantong.kernel.articles.models import Brief
from yizhantong.kernel.articles.wording import WordingError
from yizhantong.web.dates import day_asked_for
from yizhantong.web.zones import ZONES

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class WordingForm(forms.Form):
    """Headline and body with figures in braces, in Chinese and, where wanted, in English."""

    headline = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    body = forms.CharField(label=gettext_lazy("正文"), max_length=20_000, widget=forms.Textarea({"rows": 10}))
    headline_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200, required=False)
    body_en = forms.CharField(
        label=gettext_lazy("英文正文"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 6})
    )


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show all briefs as they read today."""
    context = {
        "stories": articles.stories(list(queries.briefs()), day_asked_for(request)),
        "may_edit": policy.may(request.user, "articles.brief"),
    }
    return render(request, "web/briefs/index.html", context)


@require_GET
def brief(request: HttpRequest, code: str) -> HttpResponse:
    """Show one brief as of a day, with the figures it is made of."""
    found, day = _found(code), day_asked_for(request)
    story = articles.stories([found], day)[0]
    context = {
        "story": story,
        "as_of": day,
        "used": [(live, figures.figure(live.value.code)) for live in _once(story.live)],
        "versions": found.versions.select_related("written_by"),
        "may_edit": policy.may(request.user, "articles.brief"),
    }
    return render(request, "web/briefs/brief.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change the wording: preview first, or keep it as a new version."""
    policy.check(request.user, "articles.brief")
    found = _found(code)
    newest = found.versions.first()
    start = {name: getattr(newest, name) for name in WordingForm.base_fields} if newest else {}
    form = WordingForm(request.POST or None, initial=_restored(request, found, start))
    preview = None
    if form.is_valid():
        try:
            if "preview" in request.POST:
                preview = articles.story_of(form.cleaned_data["headline"], form.cleaned_data["body"])
            else:
                assert isinstance(request.user, User)
                made = articles.rewrite(request.user, code, **form.cleaned_data)
                messages.success(request, _("已保存为第 %(number)s 版") % {"number": made.number})
                return HttpResponseRedirect(reverse("web:brief", args=[code]))
        except WordingError as error:
            form.add_error(None, str(error))
    context = {
        "brief": found,
        "form": form,
        "preview": preview,
        "catalogue": [(room, [f for f in figures.figures() if f.zone == room.code]) for room in ZONES],
    }
    return render(request, "web/briefs/edit.html", context, status=422 if form.errors else 200)


@require_GET
def docx(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a brief as DOCX with its figures and definitions."""
    day = day_asked_for(request)
    story = articles.stories([_found(code)], day)[0]
    note = _("数据截至 %(day)s,由平台按台账自动生成。") % {"day": day}
    response = HttpResponse(articles.to_docx(story, note), content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{code}-{day}.docx")
    return response


def _restored(request: HttpRequest, found: Brief, start: dict[str, Any]) -> dict[str, Any]:
    """Return an earlier version's wording when the address asks for it, to be looked at and kept anew."""
    asked = request.GET.get("version", "")
    earlier = found.versions.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 9 else None
    return {name: getattr(earlier, name) for name in WordingForm.base_fields} if earlier else start


def _once(used: list[articles.Live]) -> list[articles.Live]:
    """Return each figure of each division once, in the order in which they stand."""
    return list({(live.value.code, live.value.division): live for live in reversed(used)}.values())[::-1]


def _found(code: str) -> Brief:
    return get_object_or_404(queries.briefs(), code=code)
