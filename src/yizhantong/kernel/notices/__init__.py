"""Notices 消息: what the platform tells people, in the product, by mail and by text message, as each of them prefers.

A room declares the kinds of its messages in its ``notices.py`` (found when the platform starts), and sends inside the
transaction of the action that they are about::

    ACCEPTED = declare_kind("cases.accepted", _("受理通知"), mandatory=True)
    send("cases.accepted", [applicant], title=…, body=…, link=f"/my/cases/{number}/", subject=number)

1. ``send`` writes one inbox row for each account (one statement), and a delivery for each further channel that the
   account prefers; with the transaction they stay or go.
2. The task ``deliver`` takes what is due under a lease: at once, or in one digest a day or a week.
3. A server that is down is tried again with back-off for five days (RFC 5321, 4.5.4.1); a refused address is ``failed``.
4. What is read, and what somebody prefers, is his own to change: ``actions``, ``queries`` take the account.

Kinds: 种类. Channels: ``inbox`` 站内消息, ``mail`` 邮件, ``sms`` 短信. Modes: ``at_once`` 即时, ``daily`` 每日汇总,
``weekly`` 每周汇总, ``off`` 不接收. A mandatory kind (法定通知) cannot be switched off where it is delivered by default.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.kinds import declare_kind

if TYPE_CHECKING:
    from yizhantong.kernel.access.models import User
    from yizhantong.kernel.notices.models import Notice

__all__ = ["NoticeError", "declare_kind", "send"]


def send(
    kind: str, accounts: Iterable[User | int], *, title: str, body: str, link: str, subject: str = ""
) -> list[Notice]:
    """Tell accounts something: see :func:`yizhantong.kernel.notices.actions.send`."""
    from yizhantong.kernel.notices import actions

    return actions.send(kind, accounts, title=title, body=body, link=link, subject=subject)
