"""One's own notices: the list, reading, and how one wants to be told."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices import actions, kinds, queries
from yizhantong.kernel.notices.actions import Wish
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import not_found
from yizhantong.web.api.schemas import Code, Flag, Id, Size, Strict

router = Router(tags=["notices"])
Cursor = Annotated[str, StringConstraints(max_length=20)]
EXTRA: dict[str, Any] = {"auth": signed_in, "openapi_extra": {"security": SIGNED_IN}}


class NoticeOut(Schema):
    """A notice: ``link`` is a path of this platform, ``subject`` what it is about; ``read_at`` is null while unread."""

    id: int
    kind: str
    title: str
    body: str
    link: str
    subject: str
    created_at: dt.datetime
    read_at: dt.datetime | None


class NoticePage(Schema):
    """A page of notices, unread first; ``unread`` is counted up to 100."""

    items: list[NoticeOut]
    after: str
    unread: int


class Marked(Schema):
    """How many notices were marked as read."""

    marked: int


class WayOut(Schema):
    """How a kind comes by a channel: ``locked`` says that it cannot be changed."""

    kind: str
    label: str
    channel: str
    mode: str
    modes: list[str]
    locked: bool


class WayList(Schema):
    """All kinds by all channels."""

    items: list[WayOut]


class WishIn(Strict):
    """One choice."""

    kind: Code
    channel: Annotated[str, StringConstraints(max_length=20)]
    mode: Annotated[str, StringConstraints(max_length=20)]


class WishesIn(Strict):
    """Choices, all made or none."""

    items: Annotated[list[WishIn], Field(min_length=1, max_length=500)]


@router.get("/notices", response=NoticePage, summary="我的消息", **EXTRA)
def list_notices(
    request: HttpRequest, kind: Code | None = None, unread: Flag = False, after: Cursor = "", size: Size = 50
) -> dict[str, Any]:
    """Return one's own notices, unread first, each part newest first."""
    account = account_of(request)
    page = queries.page(account, kind=kind or "", unread=unread, after=after, size=size)
    return {"items": page.notices, "after": page.after, "unread": queries.unread_count(account)}


@router.post("/notices/{notice_id}/read", response=Marked, summary="标为已读", **EXTRA)
def read_notice(request: HttpRequest, notice_id: Id) -> dict[str, Any]:
    """Mark one of one's notices as read; ``marked`` is 0 when it was already."""
    account = _account(request)
    if not queries.visible_to(account).filter(pk=notice_id).exists():
        raise not_found("notices.unknown", _("没有编号 %(number)s 的消息") % {"number": notice_id})
    return {"marked": actions.mark_read(account, [notice_id])}


@router.post("/notices/read-all", response=Marked, summary="全部标为已读", **EXTRA)
def read_all_notices(request: HttpRequest, kind: Code | None = None) -> dict[str, Any]:
    """Mark all of one's notices (of one kind) as read."""
    return {"marked": actions.mark_all_read(_account(request), kind or "")}


@router.get("/notices/preferences", response=WayList, summary="消息设置", **EXTRA)
def get_preferences(request: HttpRequest) -> dict[str, Any]:
    """Return how each kind comes by each channel, and what may be chosen."""
    return {"items": _ways(_account(request))}


@router.put("/notices/preferences", response=WayList, summary="更改消息设置", **EXTRA)
def put_preferences(request: HttpRequest, body: WishesIn) -> dict[str, Any]:
    """Change how one wants to be told; choices that are not named stay as they are."""
    account = _account(request)
    actions.prefer(account, [Wish(item.kind, item.channel, item.mode) for item in body.items])
    return {"items": _ways(account)}


def _account(request: HttpRequest) -> User:
    account = account_of(request)
    assert isinstance(account, User)
    return account


def _ways(account: User) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind.code, "label": str(kind.label), "channel": channel, "mode": mode,
            "modes": list(kind.modes(channel)), "locked": kind.locked(channel),
        }
        for kind, modes in queries.modes_of(account)
        for channel, mode in ((name, modes[name]) for name in kinds.CHANNELS)
    ]  # fmt: skip
