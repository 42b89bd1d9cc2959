"""What the ledgers of the zone are told: one function per fact, through the ledger's one door; called by the zone's own actions.

``account`` is who does it (None: the platform itself), ``source`` where it comes from (``form:<user>``, ``api:<token>``). All raise
:class:`~yizhantong.kernel.ledger.errors.LedgerError` or the policy's ``Refused`` and then leave nothing behind.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.actions import record, reverse
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.figures import POSTS, RECOGNITIONS, SUBSIDIES
from yizhantong.zones.talent.models.facts import Subsidy
from yizhantong.zones.talent.queries import facts as queries


def recognise(
    number: str, talent: str, employer: Organisation, category: str, *,
    valid_until: dt.date, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Recognise a person (by code) for an employer in a class, until a day."""
    values = {
        "division_id": employer.division_id,
        "occurred_on": on,
        "number": number,
        "talent": talent,
        "category": category,
        "employer_id": employer.uscc,
        "valid_until": valid_until,
    }
    return record(RECOGNITIONS, values, account=account, source=source, by_owner=True)


@transaction.atomic
def pay_subsidy(talent: str, kind: str, amount_fen: int, *, on: dt.date, account: Account | None, source: str) -> Fact:
    """Pay the next instalment of a subsidy to a person whose recognition holds on that day."""
    recognition = queries.recognition(talent, lock=True)
    if recognition is None or not recognition.occurred_on <= on <= recognition.valid_until:
        raise LedgerError("talent.not_recognised", f"{talent} 在 {on} 没有有效的人才认定,不能发放补贴", "人才代码")
    values = {
        "division_id": recognition.division_id,
        "occurred_on": on,
        "talent": talent,
        "category": recognition.category,
        "kind": kind,
        "instalment": queries.instalments(talent, kind) + 1,
        "amount_fen": amount_fen,
    }
    return record(SUBSIDIES, values, account=account, source=source, by_owner=True)


def record_subsidy(
    talent: str, kind: str, category: str, instalment: int, amount_fen: int, *, division: str, on: dt.date, source: str
) -> Fact:  # fmt: skip
    """Record one instalment that the bank has paid; the same one again is refused by the ledger's key."""
    values = {
        "division_id": division,
        "occurred_on": on,
        "talent": talent,
        "category": category,
        "kind": kind,
        "instalment": instalment,
        "amount_fen": amount_fen,
    }
    return record(SUBSIDIES, values, account=None, source=source, by_owner=True)


def publish_post(
    number: str, employer: Organisation, title: str, *,
    education: str, openings: int, pay_fen: int, on: dt.date, account: Account | None, source: str,
) -> Fact:  # fmt: skip
    """Publish a post with its openings; ``pay_fen`` is the least it pays a month, in 分."""
    values = {
        "division_id": employer.division_id,
        "occurred_on": on,
        "number": number,
        "employer_id": employer.uscc,
        "title": title,
        "education": education,
        "openings": openings,
        "pay_fen": pay_fen,
    }
    return record(POSTS, values, account=account, source=source, by_owner=True)


def take_back_subsidy(fact: int, *, reason: str, source: str) -> Fact:
    """Take back an instalment whose money came back."""
    return reverse(Subsidy.objects.get(pk=fact), account=None, reason=reason, source=source, by_owner=True)
