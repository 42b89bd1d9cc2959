"""What the builder's pages share: the item asked for, the draft, and answers to refusals."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.items import queries
from yizhantong.kernel.items.errors import Finding
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.web.builder.tabs import tabs_of


def asked(request: HttpRequest, code: str) -> Item:
    """Return an item that the account may edit or publish; anything else is not found."""
    found = queries.manageable_by(request.user).select_related("agency", "current", "division").filter(pk=code).first()
    if found is None:
        raise Http404(_("没有这个事项,或者您无权管理"))
    return found


def version_of(item: Item, number: int) -> ItemVersion:
    """Return a version of an item."""
    found = queries.versions(item.code).filter(number=number).first()
    if found is None:
        raise Http404(_("没有这一版"))
    found.item = item
    return found


def draft_of(item: Item) -> ItemVersion | None:
    """Return the draft at hand, or None."""
    found = queries.versions(item.code).filter(state=ItemVersion.State.DRAFT).first()
    if found is not None:
        found.item = item
    return found


def account_of(request: HttpRequest) -> User:
    """Return the signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def linked(item: Item, findings: list[Finding]) -> list[dict[str, Any]]:
    """Return findings with the tab that mends them and the address of the place within it."""
    tabs = tabs_of(item.kind)
    made = []
    for finding in findings:
        tab = next((tab for tab in tabs if tab.owns(finding)), tabs[0])
        url = reverse("web:item-edit", args=[item.code, tab.code]) + f"#{anchor(finding.place)}"
        made.append({"finding": finding, "tab": tab, "url": url})
    return made


def anchor(place: str) -> str:
    """Return the id of the field at a place: ``form[0].fields[2].visible_if`` is ``f-form-0-fields-2-visible_if``."""
    return "f-" + re.sub(r"[\[\].]+", "-", place).strip("-")
