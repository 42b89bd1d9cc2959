"""Answers worth keeping: written by one, published by another, valid until a day, and counted when they were of use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.actions import record
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.butler import search
from yizhantong.zones.butler.access import MANAGE, ZONE
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.figures import ANSWER_USES
from yizhantong.zones.butler.models import Answer
from yizhantong.zones.butler.queries.knowledge import may_review, may_write, readable

WRITABLE = ("question", "answer", "kind", "links", "visibility", "valid_until")


@transaction.atomic
def write_answer(*, account: Account, agency: str | None = None, case_number: str = "", **values: Any) -> Answer:
    """Write an answer as a draft. ``values``: question, answer, kind, links, visibility, valid_until.

    Raises ``butler.unknown_kind``, ``butler.valid_until`` or ``Refused``.
    """
    person = _writer(account)
    office = agency or person.agency_id
    if office is None:
        raise LedgerError("butler.no_agency", "当前账号没有所属机构,不能编写答复", "答复单位")
    made = Answer(agency_id=office, case_number=case_number, written_by=person, written_at=clock.now())
    _fill(made, values)
    made.save(force_insert=True)
    return made


@transaction.atomic
def change_answer(answer: Answer, /, *, account: Account, **values: Any) -> Answer:
    """Change an answer; it is a draft again and leaves the search until a second person has looked at it."""
    person = _writer(account)
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    if locked.agency_id != person.agency_id and not policy.may(account, MANAGE, zone=ZONE):
        raise Refused(MANAGE)
    _fill(locked, values)
    locked.state, locked.reviewed_by, locked.reviewed_at = Answer.State.DRAFT, None, None
    locked.written_by, locked.written_at, locked.remark = person, clock.now(), ""
    locked.save()
    search.drop(locked)
    return locked


@transaction.atomic
def publish_answer(answer: Answer, *, account: Account) -> Answer:
    """Publish a draft that somebody else wrote (four eyes). Raises ``butler.own_answer``, ``butler.not_a_draft`` or ``Refused``."""
    locked = _reviewed(answer, account)
    if locked.valid_until < clock.today():
        raise LedgerError("butler.valid_until", "有效期已过,请先修改有效期", "有效期至")
    locked.state, locked.remark = Answer.State.PUBLISHED, ""
    locked.save()
    search.put(locked)
    return locked


@transaction.atomic
def return_answer(answer: Answer, remark: str, *, account: Account) -> Answer:
    """Give a draft back to its writer, saying why."""
    if not remark.strip():
        raise LedgerError("butler.no_remark", "请写明退回意见", "复核意见")
    locked = _reviewed(answer, account)
    locked.reviewed_by, locked.reviewed_at, locked.remark = None, None, remark.strip()[:200]
    locked.save()
    return locked


@transaction.atomic
def retire_answer(answer: Answer, *, account: Account) -> Answer:
    """Take an answer out of use; it stays readable to those who write."""
    _writer(account)
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    if not may_review(account, locked) and locked.agency_id != getattr(account, "agency_id", None):
        raise Refused(MANAGE)
    locked.state = Answer.State.RETIRED
    locked.save(update_fields=["state"])
    search.drop(locked)
    return locked


def judge_answer(answer: Answer, helpful: bool, *, account: Account) -> None:
    """Count whether an answer was what somebody needed. The fact does not say who; a reader may say so once an hour in the pages."""
    if not readable(account).filter(pk=answer.pk).exists():
        raise LedgerError("butler.no_answer", "没有这条答复,或者它已停用")
    values = {
        "division_id": tree.root(), "occurred_on": clock.today(), "answer": answer.pk, "kind": answer.kind, "helpful": helpful,
    }  # fmt: skip
    record(ANSWER_USES, values, account=None, source="form:knowledge", by_owner=True)


def retire_expired(today: dt.date | None = None) -> int:
    """Retire what is no longer valid; return how many. Run by a job each morning."""
    day = today or clock.today()
    count = 0
    for answer in Answer.objects.filter(state=Answer.State.PUBLISHED, valid_until__lt=day):
        with transaction.atomic():
            locked = Answer.objects.select_for_update().get(pk=answer.pk)
            if locked.state != Answer.State.PUBLISHED or locked.valid_until >= day:
                continue
            locked.state = Answer.State.RETIRED
            locked.save(update_fields=["state"])
            search.drop(locked)
            count += 1
    return count


def _writer(account: Account) -> User:
    if not isinstance(account, User) or not may_write(account):
        raise Refused("cases.handle")
    return account


def _reviewed(answer: Answer, account: Account) -> Answer:
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    if not isinstance(account, User) or not may_review(account, locked):
        raise Refused(MANAGE)
    if locked.state != Answer.State.DRAFT:
        raise LedgerError("butler.not_a_draft", "这条答复不在待复核状态,请刷新后查看")
    if locked.written_by_id == account.pk:
        raise LedgerError("butler.own_answer", "编写的人不能复核自己写的答复,请由另一人复核")
    locked.reviewed_by, locked.reviewed_at = account, clock.now()
    return locked


def _fill(answer: Answer, values: dict[str, Any]) -> None:
    for name in WRITABLE:
        if name in values:
            setattr(answer, name, values[name])
    if answer.kind not in settings().kinds:
        raise LedgerError("butler.unknown_kind", "请选择诉求种类", "诉求种类")
    latest = clock.today() + dt.timedelta(days=settings().valid_days)
    if answer.valid_until is None:
        answer.valid_until = latest
    if not clock.today() <= answer.valid_until <= latest:
        text = f"有效期应在今天至 {latest} 之间(最长 {settings().valid_days} 天,{settings().source})"
        raise LedgerError("butler.valid_until", text, "有效期至")
    if not answer.question.strip() or not answer.answer.strip():
        raise LedgerError("butler.answer_empty", "请写明问题与答复", "答复")
