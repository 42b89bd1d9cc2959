"""The ladder: an appeal that stays open climbs rung by rung, each once, and each has its own time to say what it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.butler import notices as tell
from yizhantong.zones.butler.access import holders, management
from yizhantong.zones.butler.actions import facts
from yizhantong.zones.butler.config import Rung, settings
from yizhantong.zones.butler.models import Duplicate, Ending, Escalation
from yizhantong.zones.butler.queries import facts as standing

OPEN = (Case.State.SUBMITTED, Case.State.SUPPLEMENT, Case.State.ACCEPTED)


def escalate_due(now: dt.datetime | None = None) -> int:
    """Let every open appeal climb to the rungs that its days reach; return how many rungs were new. For a job, and idempotent.

    Days are calendar days since acceptance, or since the dispute that reopened it. A worker that was away makes up for all
    rungs that were passed meanwhile, in their order.
    """
    moment = now or clock.now()
    first = settings().ladder[0]
    before = moment - dt.timedelta(days=first.days - 1)  # days count by the calendar, not by the hour
    waiting = Case.objects.filter(zone="butler", state__in=OPEN, accepted_at__lte=before).order_by("id")
    return sum(_climb(pk, moment) for pk in list(waiting.values_list("pk", flat=True)))


def _climb(pk: int, now: dt.datetime) -> int:
    """Raise one appeal to where it belongs, in a transaction of its own: a fault of one never stops the others' reminders."""
    made = 0
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=pk)
        if case.state not in OPEN or case.accepted_at is None:
            return 0
        round_, since = _round(case)
        days = (timezone.localtime(now).date() - timezone.localtime(since).date()).days
        known = set(Escalation.objects.filter(case=case, round=round_).values_list("rung", flat=True))
        for number, rung in enumerate(settings().ladder, start=1):
            if days < rung.days:
                break
            if number not in known:
                _raise(case, round_, number, rung, days, now)
                made += 1
    return made


def _round(case: Case) -> tuple[int, dt.datetime]:
    """Return which time the appeal is handled, and since when."""
    ended = Ending.objects.filter(case=case, state=Ending.State.DISPUTED).order_by("-round").first()
    assert case.accepted_at is not None
    if ended is None or ended.settled_at is None:
        return 1, case.accepted_at
    return ended.round + 1, ended.settled_at


def _raise(case: Case, round_: int, number: int, rung: Rung, days: int, now: dt.datetime) -> Escalation:
    assert case.office is not None
    people = _told(case, number)
    link = Duplicate.objects.filter(case=case).first()
    made = Escalation.objects.create(
        case=case, root_id=link.original_id if link else case.pk, round=round_, rung=number, days=days, to=rung.to,
        office=case.office, told=[person.username for person in people], raised_at=now,
        due_at=now + dt.timedelta(days=rung.limit_days),
    )  # fmt: skip
    appeal = standing.appeal(case.number)
    if appeal is not None:
        facts.record_escalation(
            appeal, case.office.pk, round_=round_, rung=number, days=days, on=timezone.localtime(now).date(),
            source=f"case:{case.number}",
        )  # fmt: skip
    tell.reminded(made, case, people)
    return made


def _told(case: Case, number: int) -> list[User]:
    """Return whom a rung tells; where nobody is there, those of the next one up that has somebody: no reminder falls into a void."""
    for rung in settings().ladder[number - 1 :]:
        people = list(_people(case, rung))
        if people:
            return people
    return []


def _people(case: Case, rung: Rung) -> Iterator[User]:
    """Yield whom a rung tells: the handler (where nobody has taken it, who may), the office's, or the city's."""
    if rung.scope == "handler" and case.handler is not None:
        yield case.handler
    elif rung.scope == "city":
        yield from holders(rung.permission)
    else:
        yield from holders(rung.permission, agency=case.office_id)


@transaction.atomic
def answer_escalation(escalation: Escalation, text: str, *, account: Account) -> Escalation:
    """Say what is done about an escalated appeal; by one of those who were told, or a manager over its office.

    Raises ``butler.escalation_answered`` (with who and when), ``butler.no_remark`` or ``Refused``.
    """
    locked = (
        Escalation.objects.select_for_update(of=("self",)).select_related("answered_by", "case").get(pk=escalation.pk)
    )
    if not isinstance(account, User) or not may_answer(account, locked):
        raise Refused("butler.manage", locked.case.division_id)
    if locked.answered_at is not None:
        when = f"{locked.answered_at:%Y-%m-%d %H:%M}"
        raise LedgerError("butler.escalation_answered", f"已由{locked.answered_by}于 {when} 答复,请刷新后查看")
    if not text.strip() or len(text) > 500:
        raise LedgerError("butler.no_remark", "请写明处理意见,最多 500 字", "处理意见")
    locked.answer, locked.answered_at, locked.answered_by = text.strip(), clock.now(), account
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    return locked


def may_answer(account: Account, escalation: Escalation) -> bool:
    """Tell whether the account was told of the escalation, or manages over its office."""
    if not isinstance(account, User):
        return False
    case = escalation.case
    return account.username in escalation.told or management(account).includes(escalation.office_id, case.division_id)
