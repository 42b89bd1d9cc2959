"""Money that is paid out, paid back, or late; every drawdown by the bank's own reference, once."""

from __future__ import annotations

import calendar
import datetime as dt

from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.zones.finance import access, machine
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.actions import facts
from yizhantong.zones.finance.actions.locking import Dealing, dealing, positive, text_of
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Drawdown, Engagement, Repayment
from yizhantong.zones.finance.queries import facts as standing

State = Engagement.State
LONGEST = 32
"""Most characters of a bank's reference."""


def draw(
    engagement: Engagement, reference: str, amount_fen: int, *, on: dt.date, account: Account | None, source: str = ""
) -> Drawdown:
    """Record money paid out under a contract; all drawdowns together stay within it.

    Raises ``finance.drawn_above_contract``, ``finance.before_contract``, ``ledger.key_taken`` for a reference that stands.
    """
    reference = text_of(reference, "reference", "放款凭证号", most=LONGEST)
    positive(amount_fen, "放款金额")
    with dealing(engagement, "draw", account) as work:
        one, listing = work.engagement, work.listing
        left = (one.contract_fen or 0) - one.drawn_fen
        if amount_fen > left:
            text = f"放款金额超过合同余额 {tell.wan(left)}"
            raise FinanceError("finance.drawn_above_contract", text, field="amount_fen")
        if one.signed_on is None or on < one.signed_on:
            raise FinanceError("finance.before_contract", f"放款日期早于签约日期 {one.signed_on}", field="on")
        assert one.credit_number is not None
        drawn = facts.draw(
            reference, one.credit_number, amount_fen, on=on, source=source or access.source_of(account)
        )  # fmt: skip
        if one.drawn_on is None or on < one.drawn_on:
            one.drawn_on, one.matures_on = on, months_after(on, one.granted_months or listing.term_months)
        if work.before == State.OVERDUE:
            one.state = State.OVERDUE
        one.drawn_fen += amount_fen
        work.of_listing(drawn_fen=listing.drawn_fen + amount_fen)
        work.note = f"{reference} {tell.wan(amount_fen)}"
        tell.progress(one, f"{one.bank.name}已放款", f"{tell.wan(amount_fen)},凭证号 {reference}。")
    return drawn


def take_back(bank: str, reference: str, reason: str, *, account: Account | None, source: str = "") -> Engagement:
    """Take a drawdown back in red letters, by bank or office; the amount can be drawn again under a right entry.

    Raises ``finance.no_drawdown``, ``finance.repaid_already``.
    """
    reason = text_of(reason, "reason", "冲销的原因", most=200)
    found = standing.drawdown(bank, reference)
    engagement = (
        Engagement.objects.select_related("listing").filter(credit_number=found.credit_number).first()
        if found
        else None
    )
    if found is None or engagement is None:
        raise LedgerError("finance.no_drawdown", f"没有凭证号为 {reference} 的放款,或已经冲销", "放款凭证号")
    with dealing(engagement, "take_back", account) as work:
        taken = facts.take_back_drawdown(bank, reference, reason=reason, source=source or access.source_of(account))
        one = work.engagement
        if one.drawn_fen - taken.amount_fen < one.repaid_fen:
            text = f"该笔放款已有还款 {tell.wan(one.repaid_fen)},不能冲销"
            raise FinanceError("finance.repaid_already", text)
        one.drawn_fen -= taken.amount_fen
        if not one.drawn_fen:
            one.state, one.drawn_on, one.matures_on = State.SIGNED, None, None
        work.of_listing(drawn_fen=work.listing.drawn_fen - taken.amount_fen)
        work.note = f"{reference}:{reason}"
        if work.listing.ending and not work.listing.drawn_fen:
            tell.office(work.listing, f"放款已全部冲销:{work.listing.number}", "需求已按已解决结束,请核实并回访企业。")
    return engagement


def repay(
    engagement: Engagement, reference: str, amount_fen: int, *, on: dt.date, account: Account | None
) -> Engagement:
    """Record principal paid back; when all that was drawn is paid back the dealing is settled.

    Raises ``finance.repaid_above_drawn``, ``finance.reference_taken``, ``finance.day``.
    """
    reference = text_of(reference, "reference", "还款凭证号", most=LONGEST)
    positive(amount_fen, "还款本金")
    with dealing(engagement, "repay", account) as work:
        one = work.engagement
        left = one.drawn_fen - one.repaid_fen
        if amount_fen > left:
            text = f"还款本金超过贷款余额 {tell.wan(left)}"
            raise FinanceError("finance.repaid_above_drawn", text, field="amount_fen")
        if on > work.today or (one.drawn_on is not None and on < one.drawn_on):
            raise FinanceError("finance.day", "还款日期应在放款之日至今天之间,请核对", field="on")
        _enter(work, reference, amount_fen, on)
        one.repaid_fen += amount_fen
        if one.repaid_fen == one.drawn_fen:
            one.state, one.ended_at = State.SETTLED, work.now
        work.note = f"{reference} {tell.wan(amount_fen)}"
    return engagement


def _enter(work: Dealing, reference: str, amount_fen: int, on: dt.date) -> None:
    try:
        with transaction.atomic():
            Repayment.objects.create(
                engagement=work.engagement, bank_id=work.engagement.bank_id, reference=reference, amount_fen=amount_fen,
                paid_on=on, recorded_at=work.now, recorded_by=access.user_of(work.account),
            )  # fmt: skip
    except IntegrityError:
        text = f"还款凭证号 {reference} 已经登记过"
        raise FinanceError("finance.reference_taken", text, field="reference") from None


def renew(engagement: Engagement, until: dt.date, reason: str, *, account: Account | None) -> Engagement:
    """Let a loan run on: a later day on which it matures; one that was overdue is not any more."""
    reason = text_of(reason, "reason", "续贷说明", most=200)
    with dealing(engagement, "renew", account) as work:
        one = work.engagement
        if one.matures_on is None or until <= max(one.matures_on, work.today):
            text = f"续贷后的到期日应晚于 {max(one.matures_on or work.today, work.today)}"
            raise FinanceError("finance.day", text, field="until")
        one.matures_on, one.renewals = until, one.renewals + 1
        work.note = f"{until}:{reason}"
        tell.progress(one, f"{one.bank.name}已续贷", f"到期日延至 {until}。")
    return engagement


def mark_overdue() -> int:
    """Mark loans that were not repaid on their day; return how many. A daily job calls it."""
    late = Engagement.objects.filter(state=State.DRAWN, matures_on__lt=clock.today()).select_related("listing", "bank")
    count = 0
    for one in late:
        with transaction.atomic():
            if machine.may(None, "overdue", Engagement.objects.get(pk=one.pk)).ok:
                with dealing(one, "overdue", None) as work:
                    tell.overdue(work.engagement)
                count += 1
    return count


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last day of that month where it has no such day."""
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
