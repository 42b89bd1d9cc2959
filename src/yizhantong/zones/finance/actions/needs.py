"""Needs from the first word to the ending: the case is the kernel's, what the market sees of it is here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.queries import item
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions.locking import lock, text_of
from yizhantong.zones.finance.config import reason_of, settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.load import NEED
from yizhantong.zones.finance.models import Guarantor, Listing

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class NeedGiven:
    """What an enterprise says of its need: money in 分, the rate it would pay at most in basis points (None: any)."""

    amount_fen: int
    term_months: int
    purpose: str
    guarantee: str
    first_loan: bool = False
    rate_bp: int | None = None
    collateral: str = ""
    use: str = ""
    needed_by: dt.date | None = None

    def data(self) -> dict[str, Any]:
        """Return it as the form's values by data element."""
        said: dict[str, Any] = {
            "financing_amount": str(self.amount_fen / HUNDRED), "financing_term": self.term_months,
            "financing_purpose": self.purpose, "financing_guarantee": self.guarantee, "financing_first": self.first_loan,
            "financing_use": self.use, "financing_collateral": self.collateral,
            "financing_rate": None if self.rate_bp is None else str(self.rate_bp / HUNDRED),
            "financing_by": self.needed_by.isoformat() if self.needed_by else None,
        }  # fmt: skip
        return {code: value for code, value in said.items() if value not in (None, "")}


def file_need(enterprise: Organisation, given: NeedGiven, *, account: Account | None, key: str | None = None) -> Case:
    """File a need for an enterprise that the account acts for; ``key`` makes a repeated submission the same need."""
    return cases.file(item(NEED), applicant=enterprise, data=given.data(), account=account, idempotency_key=key)


def begin(case: Case) -> Listing:
    """Make the listing of a case that was submitted, from its form; asked of the zone's hooks."""
    data: Mapping[str, Any] = case.data
    rate = data.get("financing_rate")
    by = data.get("financing_by")
    assert case.organisation_id is not None
    return Listing.objects.create(
        case=case, enterprise_id=case.organisation_id, wanted_fen=int(Decimal(str(data["financing_amount"])) * HUNDRED),
        term_months=int(data["financing_term"]), purpose=data["financing_purpose"], guarantee=data["financing_guarantee"],
        first_loan=bool(data.get("financing_first")), rate_bp=None if rate is None else int(Decimal(str(rate)) * HUNDRED),
        collateral=data.get("financing_collateral") or "", use=data.get("financing_use") or "",
        needed_by=dt.date.fromisoformat(by) if by else None,
    )  # fmt: skip


def publish(listing: Listing, *, account: Account | None) -> Listing:
    """Let a need pass its review: it enters its ledger and waits for banks (``hooks`` writes both)."""
    return _through(listing, lambda case: cases.accept(case, account=account))


def refuse(listing: Listing, code: str, remark: str = "", *, account: Account | None) -> Listing:
    """Let a need not pass its review, for a reason of the city's list; the list gives the law."""
    reason = reason_of(settings().not_accepted, code, "审核不通过的情形")
    words = f"{reason.text}。{remark.strip()}" if remark.strip() else reason.text
    return _through(listing, lambda case: cases.refuse_acceptance(case, reason=words, law=reason.law, account=account))


def withdraw(listing: Listing, reason: str, *, account: Account | None) -> Listing:
    """Take a need back; refused (``finance.contract_signed``) once a contract was signed for it."""
    return _through(listing, lambda case: cases.withdraw(case, reason, account))


def close(listing: Listing, *, code: str = "", remark: str = "", account: Account | None) -> Listing:
    """End a need: solved when money was drawn, which the answer names; otherwise unsolved, with a reason of the city's list.

    Raises ``finance.unknown_reason``; ``finance.contract_open`` while a signed contract waits for its first drawdown.
    """
    with transaction.atomic():
        locked = lock(listing.pk)
        if locked.drawn_fen:
            result, words = Case.Result.SOLVED, f"已放款 {locked.drawn_fen / 1_000_000:.2f} 万元"
        else:
            if locked.contracted_fen:
                text = "已签约尚未放款,请在放款后结束,或由银行登记放款"
                raise FinanceError("finance.contract_open", text)
            result, words = Case.Result.UNABLE, reason_of(settings().unsolved, code, "未解决的原因").text
            locked.ending_code = code
            locked.save(update_fields=["ending_code"])
        reason = f"{words}。{remark.strip()}" if remark.strip() else words
        cases.close_answered(locked.case, result=result, reason=reason, account=account)
    return _shown(listing)


def add_guarantor(listing: Listing, person: Person, relation: str, *, account: Account | None) -> Guarantor:
    """Name a person who stands surety; what banks see of him, he authorises himself."""
    relation = text_of(relation, "relation", "与企业的关系", most=40)
    with transaction.atomic():
        locked = lock(listing.pk)
        access.check_acts(account, locked.enterprise_id)
        if locked.state == Listing.State.CLOSED:
            raise FinanceError("finance.closed", f"需求 {locked.number} 已经结束")
        made, _new = Guarantor.objects.get_or_create(
            listing=locked, person=person, defaults={"relation": relation, "added_at": clock.now()}
        )
    return made


def _through(listing: Listing, change: Any) -> Listing:
    with transaction.atomic():
        change(lock(listing.pk).case)
    return _shown(listing)


def _shown(listing: Listing) -> Listing:
    listing.refresh_from_db()
    return listing
