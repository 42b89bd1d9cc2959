"""The as-of day of a page: ``?as_of=2021-08-16``, today when it is absent."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yizhantong.kernel.divisions import clock


class BadDay(Exception):
    """The day asked for cannot be read, or has not come yet."""

    code = "web.bad_day"


def day_asked_for(request: HttpRequest) -> dt.date:
    """Return the as-of day; raise :class:`BadDay` when it is no date or lies in the future."""
    text = request.GET.get("as_of", "").strip()
    if not text:
        return clock.today()
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadDay(_("日期“%(text)s”无法识别,请写成 2021-08-16 的形式") % {"text": text[:40]}) from error
    if day > clock.today():
        raise BadDay(_("日期 %(day)s 还没有到,最晚可以查到 %(today)s") % {"day": day, "today": clock.today()})
    return day
