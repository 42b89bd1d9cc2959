"""Deliveries on their way: claimed under a lease, handed over, ended.

What is claimed together leaves together: one message at once, or all that waits for one account's digest. Two workers never
claim the same. Between the server's yes and our note of it lies an instant in which a kill makes us send again: mails carry
a ``Message-ID`` and text messages a reference made of the delivery's number, by which receivers drop the second one.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices import channels, kinds, wishes
from yizhantong.kernel.notices.channels import Deferred, Rejected, Unreachable, masked
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.letters import letter_of, text_of
from yizhantong.kernel.notices.models import Delivery, Mode, Notice, Outage

logger = logging.getLogger("yizhantong.notices")

State = Delivery.State
LEASE = dt.timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=30)
GIVE_UP = {Mode.AT_ONCE: dt.timedelta(days=5), Mode.DAILY: dt.timedelta(days=6), Mode.WEEKLY: dt.timedelta(days=12)}
"""After which age a message that nobody took is given up: five days (RFC 5321, 4.5.4.1) and the wait for its digest."""


class Hand(Protocol):
    """Hands one message to the other side; raises what :mod:`.channels` raises."""

    def __call__(self, address: str, account: User, notices: list[Notice], first: Delivery) -> None:
        """Hand over one message with these notices; ``first`` gives it its reference."""


def deliver_due(channel: str) -> int:
    """Deliver what is due by a channel until nothing is left or the other side goes away; return the messages that left."""
    if not channels.is_set_up(channel) or _resting(channel) or not _due(channel).exists():
        return 0
    _give_up(channel)
    sent = 0
    try:
        with _hand(channel) as hand:
            _answered(channel)
            while group := claim(channel):
                sent += _hand_over(channel, group, hand)
    except Unreachable as error:
        _rest(channel, str(error))
    return sent


def claim(channel: str) -> list[Delivery]:
    """Take what leaves next as one message, with a lease; empty when nothing is due."""
    now = timezone.now()
    with transaction.atomic():
        due = _due(channel)
        earlier = due.filter(account=OuterRef("account"), mode=OuterRef("mode"), pk__lt=OuterRef("pk"))
        heads = due.filter(Q(mode=Mode.AT_ONCE) | ~Exists(earlier)).order_by("next_at", "pk")
        head = heads.select_for_update(skip_locked=True).first()
        if head is None:
            return []
        group = [head]
        if head.mode != Mode.AT_ONCE:
            same = due.filter(account=head.account_id, mode=head.mode).order_by("pk")
            group = list(same.select_for_update(skip_locked=True))
        for delivery in group:
            delivery.attempts += 1
            delivery.lease_until = now + LEASE
        Delivery.objects.bulk_update(group, ["attempts", "lease_until"])
    return group


def _hand_over(channel: str, group: list[Delivery], hand: Hand) -> int:
    account = User.objects.select_related("person").get(pk=group[0].account_id)
    group = _still_wanted(account, channel, group)
    if not group:
        return 0
    address = _address(account, channel)
    if not address:
        _end(group, State.FAILED, "没有登记地址")
        return 0
    notices = list(Notice.objects.filter(pk__in=[item.notice_id for item in group]).order_by("pk"))
    try:
        hand(address, account, notices, group[0])
    except Rejected as error:
        logger.warning("%s to account %s refused: %s", channel, account.pk, error)
        _end(group, State.FAILED, f"对方拒收:{error}")
    except Deferred as error:
        _wait(group, f"对方暂不接收:{error}")
    except Unreachable as error:
        _wait(group, f"对方无法连接:{error}")
        raise
    else:
        _end(group, State.SENT, "")
        return 1
    return 0


def _still_wanted(account: User, channel: str, group: list[Delivery]) -> list[Delivery]:
    """Drop what the account has switched off since, and everything for an account that was shut."""
    wanted = wishes.asked_now(account.pk)
    codes = dict(Notice.objects.filter(pk__in=[item.notice_id for item in group]).values_list("pk", "kind"))
    kept = [item for item in group if account.is_active and _mode(codes[item.notice_id], channel, wanted) != "off"]
    if dropped := [item for item in group if item not in kept]:
        _end(dropped, State.GIVEN_UP, "用户已关闭此类消息")
    return kept


def _mode(code: str, channel: str, wanted: wishes.Wishes) -> str:
    try:
        return wishes.mode_of(kinds.kind(code), channel, wanted)
    except NoticeError:  # the kind is gone from the code; the message was written, so it is told
        return "at_once"


def _address(account: User, channel: str) -> str:
    if channel == "mail":
        return account.email
    return account.person.phone if account.person is not None else ""


@contextmanager
def _hand(channel: str) -> Iterator[Hand]:
    """Yield what hands messages over, its connection opened once for all; raise :class:`Unreachable`."""
    if channel == "sms":
        gateway = channels.sms_gateway()

        def by_sms(address: str, account: User, notices: list[Notice], first: Delivery) -> None:
            gateway.send(address, text_of(account, notices), f"notice-{first.pk}")
            logger.info("text message %s to %s", first.pk, masked(address))

        yield by_sms
        return
    connection = channels.mail_connection()
    try:
        connection.open()
    except Exception as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error

    def by_mail(address: str, account: User, notices: list[Notice], first: Delivery) -> None:
        try:
            connection.send_messages([letter_of(address, account, notices, first)])
        except Exception as error:
            raise channels.refusal_of(error) from error

    try:
        yield by_mail
    finally:
        connection.close()


def _due(channel: str) -> QuerySet[Delivery]:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Delivery.objects.filter(free, channel=channel, state=State.WAITING, next_at__lte=now)


def _end(group: list[Delivery], state: str, error: str) -> None:
    sent_at = timezone.now() if state == State.SENT else None
    mine = Delivery.objects.filter(pk__in=[item.pk for item in group], state=State.WAITING)
    mine.update(state=state, error=error[:300], sent_at=sent_at, lease_until=None)


def _wait(group: list[Delivery], error: str) -> None:
    next_at = timezone.now() + back_off(max(item.attempts for item in group))
    mine = Delivery.objects.filter(pk__in=[item.pk for item in group], state=State.WAITING)
    mine.update(next_at=next_at, error=error[:300], lease_until=None)


def back_off(attempts: int) -> dt.timedelta:
    """Return how long to wait after so many attempts: 30 seconds, doubled each time, at most half an hour."""
    return min(FIRST_WAIT * float(2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def _give_up(channel: str) -> None:
    for mode, age in GIVE_UP.items():
        old = _due(channel).filter(mode=mode, created_at__lt=timezone.now() - age)
        if count := old.update(state=State.GIVEN_UP, error="多日未能送达,已放弃"):
            logger.error("%d message(s) by %s were given up after %s", count, channel, age)


def _resting(channel: str) -> bool:
    return Outage.objects.filter(channel=channel, next_at__gt=timezone.now()).exists()


def _rest(channel: str, error: str) -> None:
    """Leave the other side alone for a while, longer each time."""
    outage = Outage.objects.filter(channel=channel).first() or Outage(channel=channel)
    outage.attempts += 1
    outage.error = error[:300]
    outage.next_at = timezone.now() + back_off(outage.attempts)
    outage.save()
    logger.warning("%s is out of reach, tried again at %s: %s", channel, outage.next_at, error)


def _answered(channel: str) -> None:
    if Outage.objects.filter(channel=channel).exists():
        Outage.objects.filter(channel=channel).delete()
