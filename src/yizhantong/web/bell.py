"""The bell of the header: how many notices are unread."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yizhantong.kernel.notices import queries


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return the number of unread notices, counted only by a page that shows it: one query over the unread, at most 100."""
    return {"unread": SimpleLazyObject(lambda: queries.unread_count(request.user))}
