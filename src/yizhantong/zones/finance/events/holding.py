"""The day itself: who came, what came of each meeting, and the need goes on with the bank where they agreed."""

from __future__ import annotations

from django.db import transaction

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.zones.finance import access
from yizhantong.zones.finance.actions import offering
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.events.actions import locked
from yizhantong.zones.finance.models import Engagement, Invitation, MatchEvent, Talk

State = MatchEvent.State


@transaction.atomic
def arrive(invitation: Invitation, *, account: Account | None) -> Invitation:
    """Note that a participant has come (again: nothing changes)."""
    access.check_manages(account)
    event = locked(invitation.event, State.PUBLISHED)
    if clock.today() < event.day:
        raise FinanceError("finance.event_early", f"对接会在 {event.day} 举行,当天才能签到")
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.state != Invitation.State.ACCEPTED:
        raise FinanceError("finance.event_not_coming", "该单位不在参会名单中")
    if found.arrived_at is None:
        found.arrived_at = clock.now()
        found.save(update_fields=["arrived_at"])
    return found


@transaction.atomic
def record(talk: Talk, outcome: str, *, note: str = "", intent_fen: int | None = None, account: Account | None) -> Talk:
    """Record what came of a meeting; a deal makes the bank take up the enterprise's need, within what the market allows.

    The bank's officers and the office record it, on the day or later, until the event is closed; a recorded deal stays.
    ``intent_fen`` is what was talked about, in 分, and is no more than the need's amount.
    """
    if not access.manages(account):
        access.check_works_for(account, talk.bank.organisation_id)
    event = locked(talk.event, State.PUBLISHED)
    found = Talk.objects.select_for_update(of=("self",)).select_related("enterprise__listing", "bank").get(pk=talk.pk)
    _check(event, found, outcome, intent_fen)
    if outcome == Talk.Outcome.DEAL:
        found.engagement = _engaged(found, account)
    found.state, found.outcome = Talk.State.HELD, outcome
    found.note, found.intent_fen = note.strip()[:300], intent_fen
    found.recorded_at, found.recorded_by = clock.now(), access.user_of(account)
    found.save()
    return found


def _check(event: MatchEvent, talk: Talk, outcome: str, intent_fen: int | None) -> None:
    if clock.today() < event.day:
        raise FinanceError("finance.event_early", f"对接会在 {event.day} 举行,当天才能登记结果")
    if talk.state == Talk.State.CANCELLED:
        raise FinanceError("finance.event_talk_cancelled", "这场洽谈已取消,请刷新后查看")
    if talk.engagement_id is not None:
        raise FinanceError("finance.event_deal_stands", "已达成对接,后续在“我的对接”中办理,不能再改洽谈结果")
    if outcome not in Talk.Outcome.values:
        raise FinanceError("finance.event_outcome", "请选择洽谈结果", field="outcome")
    if intent_fen is not None and intent_fen <= 0:
        raise FinanceError("finance.event_intent", "意向金额应大于 0", field="intent")
    listing = talk.enterprise.listing
    if outcome == Talk.Outcome.DEAL and listing is None:
        text = "该企业没有带来已发布的融资需求,请先由企业发布需求,再登记达成对接"
        raise FinanceError("finance.event_no_listing", text, field="outcome")
    if intent_fen is not None and listing is not None and intent_fen > listing.wanted_fen:
        text = f"意向金额不能超过需求金额 {listing.wanted_fen / 1_000_000:.2f} 万元"
        raise FinanceError("finance.event_intent", text, field="intent")


def _engaged(talk: Talk, account: Account | None) -> Engagement:
    """Return the bank's dealing with the need: the one that runs already, or a new one by way of this event."""
    listing = talk.enterprise.listing
    assert listing is not None
    bank = talk.bank.organisation
    running = Engagement.objects.filter(listing=listing, bank=bank).exclude(state__in=Engagement.ENDED).first()
    return running or offering.invite(listing, bank, account=None)


@transaction.atomic
def close(event: MatchEvent, *, account: Account | None) -> MatchEvent:
    """End an event: meetings without a result count as not held."""
    access.check_manages(account)
    found = locked(event, State.PUBLISHED)
    if clock.today() < found.day:
        raise FinanceError("finance.event_early", f"对接会在 {found.day} 举行,当天起才能结束")
    found.talks.filter(state=Talk.State.PLANNED).update(state=Talk.State.MISSED)
    found.state = State.HELD
    found.save(update_fields=["state"])
    return found
