"""The front page: the city's figures as a newspaper, every numeral live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yizhantong.kernel.articles import briefs
from yizhantong.web.dates import day_asked_for

LEADING = 4


def front(request: HttpRequest) -> HttpResponse:
    """Show the stories of the front page as of today, or of the day that was asked for."""
    day = day_asked_for(request)
    stories = briefs.front(day)
    lead = stories[0] if stories else None
    leading = list({live.value.code: live for live in lead.live}.values())[:LEADING] if lead else []
    context = {"lead": lead, "leading": leading, "second": stories[1:5], "rest": stories[5:], "as_of": day}
    return render(request, "web/front.html", context)
