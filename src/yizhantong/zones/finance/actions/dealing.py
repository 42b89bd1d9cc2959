"""What a bank does with a need: first contact, due diligence, credit or a coded refusal, the contract; and limits that run out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.actions import facts
from yizhantong.zones.finance.actions.locking import dealing, positive, text_of
from yizhantong.zones.finance.config import reason_of, settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.machine import BEFORE_CONTRACT
from yizhantong.zones.finance.models import Engagement, Listing

State = Engagement.State
MOST_MONTHS = 360


def contact(engagement: Engagement, note: str, *, account: Account | None) -> Engagement:
    """Record the first contact with the enterprise; the limit is met (or was missed: then the dealing is back in the pool)."""
    note = text_of(note, "note", "联系情况")
    with dealing(engagement, "contact", account) as work:
        one = work.engagement
        if one.due_at is not None and work.now > one.due_at:
            raise FinanceError("finance.contact_late", "已超过首次联系时限,需求将退回待对接;请重新接单")
        one.contacted_at, one.due_at, one.warn_at = work.now, None, None
        work.note = note
    return engagement


def investigate(engagement: Engagement, note: str = "", *, account: Account | None) -> Engagement:
    """Begin due diligence."""
    with dealing(engagement, "investigate", account) as work:
        work.note = note.strip()
    return engagement


def grant(
    engagement: Engagement, amount_fen: int, *, rate_bp: int, term_months: int, account: Account | None
) -> Engagement:
    """Grant credit: never more than was asked for. The credit enters its ledger under a number of its own.

    ``rate_bp`` is the yearly simple rate in basis points. Raises ``finance.amount``, ``finance.rate``, ``finance.term``,
    ``finance.credit_above_need``.
    """
    positive(amount_fen, "授信金额")
    if not 0 < rate_bp <= settings().most_bp:
        text = f"年利率应大于 0 且不超过 {settings().most_bp / 100:.2f}%"
        raise FinanceError("finance.rate", text, field="rate_bp")
    if not 0 < term_months <= MOST_MONTHS:
        raise FinanceError("finance.term", f"期限应为 1 至 {MOST_MONTHS} 个月", field="term_months")
    with dealing(engagement, "grant", account) as work:
        one, number = work.engagement, work.listing.number
        if amount_fen > one.wanted_fen:
            text = f"授信金额超过需求金额 {tell.wan(one.wanted_fen)}"
            raise FinanceError("finance.credit_above_need", text, field="amount_fen")
        place = Engagement.objects.filter(listing=work.listing, credit_number__isnull=False).count() + 1
        one.credit_number = f"SX{number}{place:02d}"
        one.granted_fen, one.granted_bp, one.granted_months, one.granted_at = amount_fen, rate_bp, term_months, work.now
        facts.grant_credit(
            one.credit_number, number, one.bank, amount_fen, rate_bp=rate_bp, term_months=term_months, on=work.today,
            source=f"case:{number}",
        )  # fmt: skip
        words = f"{tell.wan(amount_fen)},年利率 {rate_bp / 100:.2f}%,{term_months} 个月。请与银行签约。"
        tell.progress(one, f"{one.bank.name}已批准授信", words)
    return engagement


def refuse(engagement: Engagement, code: str, text: str = "", *, account: Account | None) -> Engagement:
    """Refuse credit, for a reason of the city's list; the enterprise is told it, and the need is free for others."""
    reason = reason_of(settings().refusals, code, "拒绝的原因")
    with dealing(engagement, "refuse", account) as work:
        one = work.engagement
        one.refusal, one.refusal_text, one.due_at, one.warn_at = code, text.strip()[:300], None, None
        work.note = reason.text
        tell.progress(one, f"{one.bank.name}未批准", f"原因:{reason.text}。{one.refusal_text}")
    return engagement


def sign(engagement: Engagement, number: str, amount_fen: int, *, on: dt.date, account: Account | None) -> Engagement:
    """Record the loan contract: within the credit, and with those of other banks together within what was asked for.

    Raises ``finance.contract_above_credit``, ``finance.contract_above_need``, ``finance.contract_taken``, ``finance.day``.
    """
    number = text_of(number, "number", "合同编号", most=40)
    positive(amount_fen, "签约金额")
    with dealing(engagement, "sign", account) as work:
        one, listing = work.engagement, work.listing
        _refuse_contract(one, listing, number, amount_fen)
        if on > work.today or (one.granted_at is not None and on < clock_day(one.granted_at)):
            raise FinanceError("finance.day", "签约日期应在授信之日至今天之间,请核对", field="on")
        one.contract_number, one.contract_fen, one.signed_on = number, amount_fen, on
        work.of_listing(contracted_fen=listing.contracted_fen + amount_fen)
        tell.progress(one, f"与{one.bank.name}签约", f"合同 {number},{tell.wan(amount_fen)}。")
    return engagement


def _refuse_contract(one: Engagement, listing: Listing, number: str, amount_fen: int) -> None:
    if amount_fen > (one.granted_fen or 0):
        text = f"签约金额超过授信金额 {tell.wan(one.granted_fen or 0)}"
        raise FinanceError("finance.contract_above_credit", text, field="amount_fen")
    left = listing.wanted_fen - listing.contracted_fen
    if amount_fen > left:
        text = f"各银行签约合计不能超过需求金额,尚可签约 {tell.wan(left)}"
        raise FinanceError("finance.contract_above_need", text, field="amount_fen")
    if Engagement.objects.filter(bank_id=one.bank_id, contract_number=number).exclude(pk=one.pk).exists():
        raise FinanceError("finance.contract_taken", f"合同编号 {number} 已经登记过", field="number")


def call_off(engagement: Engagement, reason: str, *, account: Account | None) -> Engagement:
    """End a dealing before its contract: by the enterprise, which goes elsewhere, or by the office; credit leaves its ledger."""
    reason = text_of(reason, "reason", "中止的原因")
    with dealing(engagement, "call_off", account) as work:
        one = work.engagement
        one.due_at = one.warn_at = None
        work.note = reason
        if one.credit_number is not None:
            facts.take_back_credit(one.credit_number, reason=reason[:200], source=f"case:{work.listing.number}")
    return engagement


def call_off_all(listing: Listing, reason: str) -> None:
    """End all dealings of a need that ends, as far as no contract was signed; credit that was granted and not used stays in its ledger."""
    for one in Engagement.objects.filter(listing=listing, state__in=BEFORE_CONTRACT):
        with dealing(one, "call_off", None) as work:
            work.engagement.due_at = work.engagement.warn_at = None
            work.note = reason


@transaction.atomic
def _miss(engagement: Engagement) -> bool:
    """Let one dealing that is late fall back; False when the bank has answered meanwhile."""
    try:
        with dealing(engagement, "miss", None) as work:
            if work.engagement.due_at is None or work.now <= work.engagement.due_at:
                raise FinanceError("finance.not_due", "时限未到")
            work.engagement.due_at = work.engagement.warn_at = None
            tell.lapsed(work.engagement)
    except FinanceError:
        return False
    return True


def lapse() -> int:
    """Let needs fall back to the pool that a bank did not answer or contact in time, and warn of limits; return how many fell back."""
    now = clock.now()
    waiting = Engagement.objects.filter(state__in=[State.PUSHED, State.TAKEN]).select_related("listing", "bank")
    count = sum(_miss(one) for one in waiting.filter(due_at__lt=now))
    for one in waiting.filter(warn_at__lt=now, due_at__gte=now).select_related("listing__case"):
        tell.warned(one)
        Engagement.objects.filter(pk=one.pk, state=one.state).update(warn_at=None)
    return count


def lamp(engagement: Engagement, now: dt.datetime | None = None) -> str:
    """Return the lamp of a dealing's limit: ``red`` late, ``yellow`` the last working day, ``green``, or "" without a limit."""
    if engagement.due_at is None:
        return ""
    at = now or clock.now()
    if at > engagement.due_at:
        return "red"
    return "yellow" if engagement.due_at - at <= dt.timedelta(days=1) else "green"


def clock_day(moment: dt.datetime) -> dt.date:
    """Return the day of a moment in the city."""
    return timezone.localtime(moment).date()
