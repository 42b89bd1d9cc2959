"""What changes of notices: sending, reading, preferring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.inserting import put_few
from yizhantong.kernel.ledger.statements import Ids, Together
from yizhantong.kernel.notices import channels, wishes
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.kinds import CHANNELS, Kind, kind
from yizhantong.kernel.notices.models import Delivery, Notice, Preference

FEW = 8
MOST_TITLE, MOST_LINK, MOST_SUBJECT = 120, 300, 64
DIGEST_HOUR = dt.time(8)
"""When digests leave, local time: daily, and weekly on Mondays."""
MONDAY = 0
_SALT = "notices.unsubscribe"


@dataclass(frozen=True, slots=True)
class Message:
    """What accounts are told; as for :func:`send`."""

    kind: str
    accounts: Iterable[User | int]
    title: str
    body: str
    link: str
    subject: str = ""


def send(
    kind: str, accounts: Iterable[User | int], *, title: str, body: str, link: str, subject: str = ""
) -> list[Notice]:
    """Tell accounts something, inside the caller's transaction; an account that is named twice is told once.

    One statement writes the inbox rows. Only for accounts that want this kind by mail or text message a second one
    writes deliveries, and a job that leaves with the commit. ``link`` is a path (``/my/cases/…``), titles longer than 120
    characters are cut. Raises :class:`NoticeError`: ``notices.unknown_kind``, ``notices.link`` (no path of this platform).
    """
    together = Together()
    made = put_messages(together, [Message(kind, accounts, title, body, link, subject)])
    together.run()
    return made


def put_messages(together: Together, messages: Sequence[Message]) -> list[Notice]:
    """Have messages written with what else waits there, as :func:`send` does; their rows have ids once that was run."""
    told = [(message, _kind(message.kind), _people(message.accounts)) for message in messages]
    wanted = wishes.wishes_of({pk for _message, _declared, people in told for pk in people})
    rows, ways = [], []
    for message, declared, people in told:
        _refuse_link(message.link)
        for pk, user in people.items():
            row, reaching = _addressed(message, declared, pk, user, wanted[pk])
            if row is not None:
                rows.append(row)
                ways.append(reaching)
    _put_rows(together, rows, ways)
    return rows


Ways = list[tuple[str, str]]


def _refuse_link(link: str) -> None:
    if link and (not link.startswith("/") or link.startswith("//") or len(link) > MOST_LINK):
        raise NoticeError("link", f"消息的链接应是本平台的路径(以 / 开头,不超过 {MOST_LINK} 字):{link[:60]}", "link")


def _addressed(
    message: Message, declared: Kind, pk: int, user: User | None, wanted: wishes.Wishes
) -> tuple[Notice | None, Ways]:
    """Return an account's row (None: it wants nothing of this kind) and the further ways by which it is told."""
    modes = {channel: wishes.mode_of(declared, channel, wanted) for channel in CHANNELS}
    reaching = [(ch, modes[ch]) for ch in ("mail", "sms") if modes[ch] != "off" and _reaches(ch, user)]
    if modes["inbox"] == "off" and not reaching:
        return None, []
    now = clock.now()
    read_at = now if modes["inbox"] == "off" else None  # kept for the delivery, and not shown as unread
    row = Notice(
        account_id=pk, created_at=now, read_at=read_at, kind=declared.code, title=message.title[:MOST_TITLE],
        body=message.body, link=message.link, subject=message.subject[:MOST_SUBJECT],
    )  # fmt: skip
    return row, reaching


def _put_rows(together: Together, rows: list[Notice], ways: list[Ways]) -> None:
    """Have inbox rows written by one statement, which is made once and used again: most actions tell one or two people."""

    def written(ids: Ids) -> None:
        for row, pk in zip(rows, ids, strict=True):
            row.pk = pk
            row._state.adding = False
        if any(ways):
            _deliver(rows, ways)

    if 0 < len(rows) <= FEW:
        put_few(together, Notice, [row.__dict__ for row in rows], written)
    elif rows:
        written([row.pk for row in Notice.objects.bulk_create(rows)])


def mark_read(account: User, notices: Iterable[int]) -> int:
    """Mark an account's own notices as read; return how many were unread."""
    unread = Notice.objects.filter(account=account, pk__in=list(notices), read_at__isnull=True)
    return unread.update(read_at=clock.now())


def mark_all_read(account: User, kind: str = "", before: dt.datetime | None = None) -> int:
    """Mark all of an account's notices (of one kind, or told before a moment) as read; return how many were unread."""
    unread = Notice.objects.filter(account=account, read_at__isnull=True)
    if before is not None:
        unread = unread.filter(created_at__lt=before)
    return (unread.filter(kind=kind) if kind else unread).update(read_at=clock.now())


@dataclass(frozen=True, slots=True)
class Wish:
    """One choice of an account."""

    kind: str
    channel: str
    mode: str


def prefer(account: User, choices: Iterable[Wish]) -> None:
    """Set how an account wants kinds by channels, all or none.

    Raises :class:`NoticeError`: ``notices.unknown_kind``, ``notices.unknown_channel``, ``notices.mandatory`` (it must not be
    switched off), ``notices.mode`` (the channel has no such mode).
    """
    checked = [_checked(choice) for choice in choices]
    with transaction.atomic():
        for choice in checked:
            Preference.objects.update_or_create(
                account=account, kind=choice.kind, channel=choice.channel, defaults={"mode": choice.mode}
            )
            if choice.mode == "off":
                _call_off(account, choice)
    wishes.forget(account.pk)
    transaction.on_commit(lambda: wishes.forget(account.pk))


def unsubscribe_token(account: int, kind: str, channel: str) -> str:
    """Return the signed word by which a mail's reader leaves this kind without signing in (RFC 8058)."""
    return signing.dumps([account, kind, channel], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[User, Kind, str]:
    """Return account, kind and channel of such a word; raise :class:`NoticeError` ``notices.bad_token``."""
    try:
        pk, code, channel = signing.loads(token, salt=_SALT)
        return User.objects.get(pk=pk), _kind(code), channel
    except (signing.BadSignature, ValueError, TypeError, User.DoesNotExist, NoticeError):
        raise NoticeError("bad_token", "退订链接无效,请登录后在“消息设置”里更改", "token") from None


def unsubscribe(token: str) -> tuple[Kind, str]:
    """Switch off what the word names; raise :class:`NoticeError` for a bad word or a mandatory kind."""
    account, declared, channel = read_token(token)
    prefer(account, [Wish(declared.code, channel, "off")])
    return declared, channel


def next_digest(mode: str, now: dt.datetime) -> dt.datetime:
    """Return the moment at which a message that is written ``now`` leaves in ``mode``."""
    if mode == "at_once":
        return now
    local = timezone.localtime(now)
    day = local.date() if local.time() < DIGEST_HOUR else local.date() + dt.timedelta(days=1)
    if mode == "weekly":
        day += dt.timedelta(days=(MONDAY - day.weekday()) % 7)
    return timezone.make_aware(dt.datetime.combine(day, DIGEST_HOUR))


def _kind(code: str) -> Kind:
    return kind(code)


def _people(accounts: Iterable[User | int]) -> dict[int, User | None]:
    return {item.pk if isinstance(item, User) else item: item if isinstance(item, User) else None for item in accounts}


def _reaches(channel: str, user: User | None) -> bool:
    """Tell whether a channel is set up here and may reach the account (an account known by number only: perhaps)."""
    if not channels.is_set_up(channel):
        return False
    return user is None or bool(user.email if channel == "mail" else user.person_id)


def _deliver(notices: list[Notice], ways: list[list[tuple[str, str]]]) -> None:
    from yizhantong.kernel.notices.tasks import deliver

    rows = list(_deliveries(notices, ways, timezone.now()))
    Delivery.objects.bulk_create(rows, batch_size=500)
    for channel in sorted({row.channel for row in rows if row.mode == "at_once"}):
        deliver.enqueue(channel=channel)


def _deliveries(notices: list[Notice], ways: list[list[tuple[str, str]]], now: dt.datetime) -> Iterator[Delivery]:
    for notice, chosen in zip(notices, ways, strict=True):
        for channel, mode in chosen:
            yield Delivery(
                notice=notice, account_id=notice.account_id, channel=channel, mode=mode, next_at=next_digest(mode, now)
            )


def _checked(choice: Wish) -> Wish:
    declared = kind(choice.kind)
    if choice.channel not in CHANNELS:
        raise NoticeError(
            "unknown_channel", f"没有“{choice.channel[:20]}”这种渠道,可用:{'、'.join(CHANNELS)}", "channel"
        )
    if choice.mode not in declared.modes(choice.channel):
        if declared.locked(choice.channel):
            raise NoticeError("mandatory", f"“{declared.label}”是法定通知,不能关闭或推迟", choice.kind)
        raise NoticeError("mode", f"“{choice.mode[:20]}”不是这个渠道的接收方式", choice.kind)
    return choice


def _call_off(account: User, choice: Wish) -> None:
    """Take back what still waits for a way that the account does not want any more."""
    waiting = Delivery.objects.filter(account=account, channel=choice.channel, state=Delivery.State.WAITING)
    waiting.filter(notice__kind=choice.kind).update(state=Delivery.State.GIVEN_UP, error="用户已关闭此类消息")
