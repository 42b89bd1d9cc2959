"""An event from the invitation to the outcome: who may do what, what is refused, what a change changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import icalendar
import pytest
from django.utils import timezone

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.web.calendars import written
from yizhantong.zones.finance import agenda
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.events import actions, holding, planning, queries
from yizhantong.zones.finance.events.actions import Reply
from yizhantong.zones.finance.events.tests.conftest import Market, invitation_of
from yizhantong.zones.finance.models import Invitation, MatchEvent, Talk

pytestmark = pytest.mark.django_db


def on(day: dt.date) -> object:
    return clock.at(timezone.make_aware(dt.datetime.combine(day, dt.time(10))))


def published(market: Market, **changed: object) -> MatchEvent:
    event = market.accepted(**changed)
    planning.plan(event, account=market["office"])
    planning.publish(event, account=market["office"])
    event.refresh_from_db()
    return event


def test_only_the_office_opens_plans_and_publishes(market: Market) -> None:
    event = market.accepted()
    for name in ("bank", "agent", "clerk", "nobody"):
        for change in (
            lambda who: actions.create(market.given(), account=who),
            lambda who: actions.invite(event, market.firms, account=who),
            lambda who: planning.plan(event, account=who),
            lambda who: planning.publish(event, account=who),
            lambda who: actions.call_off(event, "天气", account=who),
        ):
            with pytest.raises(Refused):
                change(market[name])
    assert MatchEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slots": 0}, "slots"), ({"slots": 61}, "slots"), ({"minutes": 1}, "minutes"), ({"rooms": ()}, "rooms"),
        ({"rooms": (("一号厅", 0),)}, "rooms"), ({"rooms": (("厅", 1), ("厅", 2))}, "rooms"), ({"most": 0}, "most"),
        ({"begins": dt.time(23, 30)}, "slots"), ({"day": dt.date(2021, 1, 4)}, "day"),
        ({"answer_until": dt.date(2099, 1, 1)}, "answer_until"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused_at_its_field(
    market: Market, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(FinanceError) as refused:
        actions.create(market.given(**changed), account=market["office"])
    assert refused.value.field == field


def test_each_party_answers_for_itself_alone_and_until_the_day_named(market: Market) -> None:
    event = market.event()
    own, bank = invitation_of(event, market.firms[0]), invitation_of(event, market.banks[0])
    actions.answer(own, Reply((bank.pk,), frozenset({0, 2})), account=market["agent"])
    actions.answer(bank, Reply((own.pk,), seats=2), account=market["bank"])
    own.refresh_from_db()
    assert (own.state, own.free, own.answered_by) == ("accepted", [0, 2], market["agent"])
    for who, invitation in (("agent2", own), ("bank", own), ("bank2", bank), ("agent", bank), ("nobody", own)):
        with pytest.raises((FinanceError, Refused)):
            actions.answer(invitation, None, account=market[who])
    with on(event.answer_until + dt.timedelta(days=1)):
        with pytest.raises(FinanceError, match="截止"):
            actions.answer(own, None, account=market["agent"])
        actions.answer(own, None, reason="电话告知", account=market["office"])
    own.refresh_from_db()
    assert (own.state, own.wishes.count()) == ("declined", 0)


def test_wishes_name_others_once_who_take_part(market: Market) -> None:
    event = market.event()
    own, bank = invitation_of(event, market.firms[0]), invitation_of(event, market.banks[0])
    actions.answer(bank, None, account=market["bank"])
    other_event = market.event(title="另一场")
    foreign = invitation_of(other_event, market.banks[1])
    same_side = invitation_of(event, market.firms[1])
    good = invitation_of(event, market.banks[2])
    for wishes in ((bank.pk,), (foreign.pk,), (same_side.pk,), (good.pk, good.pk)):
        with pytest.raises(FinanceError) as refused:
            actions.answer(own, Reply(wishes), account=market["agent"])
        assert refused.value.field == "wishes"


def test_a_published_timetable_is_told_to_each_with_his_own_meetings(market: Market) -> None:
    event = published(market)
    talks = list(planning.standing(event))
    pairs = Counter((t.enterprise_id, t.bank_id) for t in talks)
    assert len(talks) == 18
    assert max(pairs.values()) == 1
    told = Notice.objects.filter(kind="finance.event_timetable", account=market["agent"]).get()
    own = planning.of_party(talks, invitation_of(event, market.firms[0]))
    assert len(own) == 3
    assert all(f"{event.times(t.slot)[0]:%H:%M} {event.table_name(t.table)} {t.bank.organisation.name}" in told.body for t in own)  # fmt: skip
    assert market.firms[1].name not in told.body
    with pytest.raises(FinanceError):
        planning.plan(event, account=market["office"])


def test_when_a_bank_leaves_the_others_keep_every_meeting_and_are_told_only_if_something_changed(
    market: Market,
) -> None:
    event = published(market, rooms=(("一号厅", 2),))
    before = {planning._place(talk): talk.pk for talk in planning.standing(event)}
    leaving = invitation_of(event, market.banks[0])
    Notice.objects.all().delete()
    run = planning.leave(leaving, "另有安排", account=market["bank"])
    after = {planning._place(talk): talk.pk for talk in planning.standing(event)}
    stay = {place: pk for place, pk in before.items() if place[3] != leaving.pk}
    assert stay.items() <= after.items()
    assert run.dropped == run.moved == 0
    assert all(place[3] != leaving.pk for place in after)
    fresh = {pk for place in after.keys() - before.keys() for pk in place[2:]}
    lost = {place[2] for place in before.keys() - after.keys()}
    told = set(Notice.objects.values_list("subject", flat=True))
    concerned = Invitation.objects.filter(pk__in=fresh | lost).values_list("organisation_id", flat=True)
    reached = {firm.pk for firm in market.firms[:2]} | {bank.pk for bank in market.banks[:2]}
    assert told == set(concerned) & reached
    assert Talk.objects.filter(event=event, state="cancelled", note__contains="退出").count() == len(before) - len(stay)


def test_meetings_move_only_for_whom_comes_at_another_time(market: Market) -> None:
    event = published(market)
    late = invitation_of(event, market.banks[1])
    before = {planning._place(talk) for talk in planning.standing(event)}
    run = planning.reschedule(late, [3, 4, 5], account=market["office"])
    talks = list(planning.standing(event))
    assert {talk.slot for talk in talks if talk.bank_id == late.pk} <= {3, 4, 5}
    assert run.kept + run.moved + run.dropped == len(before)
    assert run.kept >= len([place for place in before if place[3] != late.pk]) - 3


def test_an_event_called_off_tells_its_reason_and_frees_all(market: Market) -> None:
    event = published(market)
    with pytest.raises(FinanceError):
        actions.call_off(event, " ", account=market["office"])
    actions.call_off(event, "台风预警", account=market["office"])
    assert not planning.standing(event).exists()
    assert "台风预警" in Notice.objects.filter(kind="finance.event_called_off", account=market["agent"]).get().body


def test_attendance_and_outcomes_belong_to_the_day_and_to_the_bank(market: Market) -> None:
    event = published(market)
    talk = planning.standing(event).filter(bank__organisation=market.banks[0])[0]
    came = invitation_of(event, market.firms[0])
    for change in (
        lambda: holding.arrive(came, account=market["office"]),
        lambda: holding.record(talk, "more", account=market["bank"]),
        lambda: holding.close(event, account=market["office"]),
    ):
        with pytest.raises(FinanceError, match="当天"):
            change()
    with on(event.day):
        assert holding.arrive(came, account=market["office"]).arrived_at is not None
        for who in ("bank2", "agent"):
            with pytest.raises(Refused):
                holding.record(talk, "more", account=market[who])
        with pytest.raises(FinanceError) as refused:
            holding.record(talk, "deal", account=market["bank"])
        assert refused.value.code == "finance.event_no_listing"
        holding.record(talk, "more", note="补充报表", intent_fen=2_000_000_00, account=market["bank"])
        holding.close(event, account=market["office"])
    assert Counter(planning.standing(event).values_list("state", flat=True)) == {"held": 1, "missed": 17}


def test_calendar_entries_keep_their_names_and_show_the_partner(market: Market) -> None:
    event = published(market)
    account = market["agent"]
    talks = queries.talks_for(event, account)
    assert {talk.enterprise.organisation_id for talk in talks} == {market.firms[0].pk}
    files = [written(queries.entries(event, talks, account, host="city"), name=event.title) for _ in range(2)]
    events = [list(icalendar.Calendar.from_ical(file).walk("VEVENT")) for file in files]
    assert [str(e["UID"]) for e in events[0]] == [str(e["UID"]) for e in events[1]]
    assert all(str(e["SUMMARY"]).endswith(t.bank.organisation.name) for e, t in zip(events[0], talks, strict=True))
    assert timezone.localtime(events[0][0].decoded("DTSTART")).date() == event.day


def test_nobody_else_sees_an_event_or_a_timetable_before_it_is_published(market: Market) -> None:
    event = market.accepted()
    planning.plan(event, account=market["office"])
    event.refresh_from_db()
    assert queries.talks_for(event, market["agent"]) == []
    assert len(queries.talks_for(event, market["office"])) == 18
    for name, sees in (("office", True), ("bank", True), ("agent", True), ("clerk", False), ("nobody", False)):
        assert queries.visible(market[name]).filter(pk=event.pk).exists() is sees, name
    own = queries.invitations(event, market["agent"])
    assert [one.organisation_id for one in own] == [market.firms[0].pk]


def test_banks_see_only_enterprises_that_accepted(market: Market) -> None:
    event = market.event()
    bank, firm = invitation_of(event, market.banks[0]), invitation_of(event, market.firms[0])
    assert list(queries.partners(bank)) == []
    actions.answer(firm, Reply(), account=market["agent"])
    assert list(queries.partners(bank)) == [firm]
    assert queries.partners(firm).count() == 3


def test_the_citys_calendar_shows_an_event_to_whom_it_concerns(market: Market) -> None:
    event = market.event()
    span = (event.answer_until, event.day)
    for name, sees in (("agent", 2), ("bank", 2), ("nobody", 0)):
        assert len(list(agenda.meetings(*span, market[name]))) == sees, name
    actions.call_off(event, "天气", account=market["office"])
    assert list(agenda.meetings(*span, market["agent"])) == []
