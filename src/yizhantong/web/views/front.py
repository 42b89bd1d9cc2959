"""The front page: the city's figures as a newspaper, every numeral live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yizhantong.kernel.articles import briefs
from yizhantong.web.dates import day_asked_for


def front(request: HttpRequest) -> HttpResponse:
    """Show the stories of the front page as of today, or of the day that was asked for."""
    day = day_asked_for(request)
    stories = briefs.front(day)
    context = {"lead": stories[0] if stories else None, "second": stories[1:4], "rest": stories[4:], "as_of": day}
    return render(request, "web/front.html", context)
