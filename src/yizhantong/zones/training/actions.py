"""What changes in training: one function per change, each through the ledger's one door.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind. A trainee
graduates once a year: the ledger's key sees to it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.training import queries
from yizhantong.zones.training.figures import GRADUATIONS, PLAYS, SESSIONS, SHARES, VIDEOS
from yizhantong.zones.training.models import Video


def hold(
    session: str, title: str, kind: str, *, division: str, seconds: int, attendance: int, on: dt.date,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record a session with its length and how many came."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "session": session,
        "title": title,
        "kind": kind,
        "seconds": seconds,
        "attendance": attendance,
    }
    return record(SESSIONS, values, account=account, source=source)


def graduate(
    trainee: str, course: str, certificate: str, *, division: str, attended_percent: int, on: dt.date,
    account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Record that a trainee finished a class of the day's year, with the part of its hours attended in percent."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "trainee": trainee,
        "year": on.year,
        "course": course,
        "attended_percent": attended_percent,
        "certificate": certificate,
    }
    return record(GRADUATIONS, values, account=account, source=source)


def publish(
    video: str, title: str, topic: str, *, division: str, seconds: int, on: dt.date, account: Account | None, source: str
) -> Fact:  # fmt: skip
    """Put a video on line."""
    if seconds <= 0:
        raise LedgerError("training.video", "视频时长应大于零", "时长")
    values = {
        "division_id": division, "occurred_on": on, "video": video, "title": title, "topic": topic, "seconds": seconds,
    }  # fmt: skip
    return record(VIDEOS, values, account=account, source=source)


@transaction.atomic
def play(
    video: str, viewer: str, *, division: str, seconds: int, on: dt.date, account: Account | None, source: str
) -> Fact:
    """Record that somebody watched a video, for so many seconds."""
    shown = _on_line(video, on)
    if not 0 < seconds <= shown.seconds:
        raise LedgerError("training.play", f"观看时长应在 1 至 {shown.seconds} 秒之间", "观看时长")
    values = {"division_id": division, "occurred_on": on, "video": video, "viewer": viewer, "seconds": seconds}
    return record(PLAYS, values, account=account, source=source)


@transaction.atomic
def share(video: str, channel: str, *, division: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Record that a video was passed on."""
    _on_line(video, on)
    values = {"division_id": division, "occurred_on": on, "video": video, "channel": channel}
    return record(SHARES, values, account=account, source=source)


@transaction.atomic
def take_back_session(session: str, *, reason: str, account: Account | None, source: str) -> Fact:
    """Take back a session entered by mistake."""
    held = queries.session(session, lock=True)
    if held is None:
        raise LedgerError("training.no_session", f"没有编号为 {session} 的培训场次", "场次编号")
    return reverse(held, account=account, reason=reason, source=source)


@transaction.atomic
def withdraw_video(video: str, *, reason: str, on: dt.date, account: Account | None, source: str) -> Fact:
    """Take a video off line from that day; what was watched before stays."""
    return reverse(_on_line(video, on), account=account, reason=reason, occurred_on=on, source=source)


def _on_line(video: str, on: dt.date) -> Video:
    shown = queries.video(video, lock=True)
    if shown is None or on < shown.occurred_on:
        raise LedgerError("training.no_video", f"编号为 {video} 的视频在 {on} 没有上线", "视频编号")
    return shown
