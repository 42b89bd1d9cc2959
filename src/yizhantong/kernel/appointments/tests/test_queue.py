"""Tickets are numbered, ranked fairly, called once, served at one window, and end as facts without names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.appointments import actions, queries
from yizhantong.kernel.appointments.actions import watching
from yizhantong.kernel.appointments.models import Appointment, Ticket, Visit
from yizhantong.kernel.appointments.tests.conftest import Place
from yizhantong.kernel.appointments.tests.test_booking import refusal
from yizhantong.kernel.cases.tests.world import at
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.errors import LedgerError


@pytest.fixture
def staffed(place: Place) -> Place:
    """Return the hall with both windows staffed."""
    actions.sit(place.one, account=place.people["clerk"])
    actions.sit(place.two, account=place.people["second"])
    return place


def take_at(moment: dt.datetime, service: Any, **more: Any) -> Ticket:
    with clock.at(moment):
        return actions.take(service, **more)[0]


def turn(place: Place) -> list[str]:
    return [ticket.number for ticket in queries.waiting(place.hall)]


def test_numbers_follow_each_other_and_the_key_opens_the_ticket(place: Place) -> None:
    first, key = actions.take(place.short)
    assert [first.number, actions.take(place.short)[0].number, actions.take(place.long)[0].number] == [
        "A001",
        "A002",
        "B001",
    ]
    assert queries.by_key(key) == first
    assert key not in first.key_digest
    assert refusal(queries.by_key, "x") == "unknown_ticket"
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(serial=2).update(serial=1)


@pytest.mark.parametrize("moment", [at(9, 7, 59), at(9, 17), at(14, 9)])
def test_no_tickets_while_the_hall_is_closed(place: Place, moment: dt.datetime) -> None:
    with clock.at(moment):
        assert refusal(actions.take, place.short) == "closed"


def test_elders_and_booked_ones_stand_a_little_earlier(place: Place) -> None:
    with clock.at(at(6, 10)):
        made = actions.book(place.short, at(9, 10, 30), place.person("third"), account=place.people["third"])
    take_at(at(9, 9, 40), place.short)
    take_at(at(9, 9, 58), place.short)
    take_at(at(9, 10, 0), place.short, priority="elder")
    with clock.at(at(9, 10, 5)):
        ticket, _key = actions.arrive(place.hall, f" {made.number[:6]} {made.number[6:]}")
        assert ticket.priority == "booked"
    assert ticket.ranked_at == at(9, 10, 0)
    assert turn(place) == ["A001", "A003", "A002", "A004"]
    with clock.at(at(9, 10, 6)):
        assert queries.place_of(ticket).ahead == 3
    assert refusal(actions.take, place.short, priority="friend") == "priority"


def test_an_appointments_ticket_is_for_its_day_and_hall_and_once(place: Place) -> None:
    with clock.at(at(6, 10)):
        made = actions.book(place.short, at(9, 15, 30), place.person("third"), account=place.people["third"])
    assert refusal(actions.arrive, place.hall, made.number) == "too_early"
    assert refusal(actions.arrive, place.hall, "1") == "unknown"
    with clock.at(at(9, 15, 45)):
        late, _key = actions.arrive(place.hall, made.number)
        assert (late.ranked_at, late.priority) == (at(9, 15, 45), "")
        assert refusal(actions.arrive, place.hall, made.number) == "wrong_state"


def test_a_window_calls_what_it_serves_in_turn_and_one_at_a_time(staffed: Place) -> None:
    clerk, second = staffed.people["clerk"], staffed.people["second"]
    for service in (staffed.walk_in, staffed.short, staffed.long, staffed.short):
        actions.take(service)
    assert str(actions.call_next(staffed.one, account=clerk)) == "A001"
    assert refusal(actions.call_next, staffed.one, account=clerk) == "window_busy"
    assert refusal(actions.call_next, staffed.one, account=second) == "not_at_window"
    called = actions.call_next(staffed.two, account=second)
    assert str(called) == "C001"
    assert called is not None
    actions.start(called, account=second)
    assert refusal(actions.skip, called, account=second) == "wrong_state"
    actions.finish(called, account=second)
    assert str(actions.call_next(staffed.two, account=second)) == "A002"
    board = queries.board(staffed.hall)
    assert [(str(ticket), ticket.window.number) for ticket in board.called if ticket.window] == [
        ("A002", 2),
        ("A001", 1),
    ]
    assert [str(ticket) for ticket in board.next] == ["B001"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(letter="B").update(state="called", window=staffed.one)


def test_nobody_waits_gives_nothing(staffed: Place) -> None:
    assert actions.call_next(staffed.one, account=staffed.people["clerk"]) is None


def test_called_in_vain_is_put_aside_and_taken_up_once(staffed: Place) -> None:
    clerk = staffed.people["clerk"]
    ticket = take_at(at(9, 9), staffed.long)
    other = take_at(at(9, 9, 30), staffed.long)
    called = actions.call_next(staffed.one, account=clerk)
    assert called == ticket
    assert actions.recall(ticket, account=clerk).calls == 2
    actions.skip(ticket, account=clerk)
    assert list(queries.skipped(staffed.hall, [staffed.long.pk])) == [ticket]
    with clock.at(at(9, 10, 30)):
        actions.come_back(ticket)
        assert turn(staffed) == [str(other), str(ticket)]
        assert actions.call_next(staffed.one, account=clerk) == other
        actions.finish(other, account=clerk)
        assert actions.call_next(staffed.one, account=clerk) == ticket
        actions.skip(ticket, account=clerk)
        assert refusal(actions.come_back, ticket) == "return"


def test_a_transfer_keeps_name_and_place(staffed: Place) -> None:
    clerk, second = staffed.people["clerk"], staffed.people["second"]
    ticket = take_at(at(9, 9), staffed.long)
    take_at(at(9, 9, 30), staffed.walk_in)
    actions.call_next(staffed.one, account=clerk)
    assert refusal(actions.transfer, ticket, staffed.long, account=clerk) == "service"
    moved = actions.transfer(ticket, staffed.walk_in, account=clerk)
    assert moved.ranked_at == at(9, 9)
    assert str(actions.call_next(staffed.two, account=second)) == "B001"


def test_every_end_is_a_fact_without_a_name(staffed: Place) -> None:
    clerk = staffed.people["clerk"]
    with clock.at(at(6, 10)):
        made = actions.book(staffed.short, at(9, 10, 10), staffed.person("third"), account=staffed.people["third"])
    with clock.at(at(9, 9, 50)):
        actions.arrive(staffed.hall, made.number)
    with clock.at(at(9, 10, 5)):
        called = actions.call_next(staffed.one, account=clerk)
        assert called is not None
        actions.start(called, account=clerk)
    with clock.at(at(9, 10, 17)):
        actions.finish(called, account=clerk)
    made.refresh_from_db()
    assert made.state == Appointment.State.SERVED
    fact = Visit.objects.get()
    assert (fact.outcome, fact.booked, fact.priority, fact.waited, fact.served, fact.window) == (
        "served",
        True,
        "booked",
        900,
        720,
        1,
    )
    assert (fact.hall, fact.service, fact.recorded_by_id) == ("city", "short", clerk.pk)
    ticket, _key = actions.take(staffed.long)
    actions.leave(ticket)
    assert refusal(actions.leave, ticket) == "wrong_state"
    assert Visit.objects.filter(outcome="left").count() == 1


def test_visits_cannot_be_recorded_by_hand(place: Place) -> None:
    from yizhantong.kernel.appointments.figures import VISITS
    from yizhantong.kernel.ledger.actions import record

    with pytest.raises(LedgerError) as refused:
        record(VISITS, {}, account=None, source="form:x")
    assert refused.value.code == "ledger.through_its_zone"


def test_the_night_ends_what_was_left_open_and_clears_the_windows(staffed: Place) -> None:
    clerk = staffed.people["clerk"]
    for _ in range(3):
        actions.take(staffed.long)
    called = actions.call_next(staffed.one, account=clerk)
    assert called is not None
    actions.skip(called, account=clerk)
    called = actions.call_next(staffed.one, account=clerk)
    assert called is not None
    actions.start(called, account=clerk)
    with clock.at(at(10, 0, 20)):
        assert watching.close_yesterday() == 3
        assert watching.close_yesterday() == 0
    assert sorted(Visit.objects.values_list("outcome", flat=True)) == ["left", "served", "skipped"]
    staffed.one.refresh_from_db()
    assert staffed.one.clerk_id is None


def test_windows_are_staffed_by_one_who_may_and_left_when_nobody_is_at_them(place: Place) -> None:
    clerk, second, boss = (place.people[name] for name in ("clerk", "second", "manager"))
    for name in ("elsewhere", "asker"):
        with pytest.raises(Refused):
            actions.sit(place.one, account=place.people[name])
    actions.sit(place.one, account=clerk)
    assert refusal(actions.sit, place.one, account=second) == "staffed"
    actions.sit(place.two, account=clerk)
    place.one.refresh_from_db()
    assert place.one.clerk_id is None
    actions.take(place.short)
    actions.call_next(place.two, account=clerk)
    assert refusal(actions.rise, place.two, account=clerk) == "window_busy"
    with pytest.raises(Refused):
        actions.rise(place.two, account=second)
    ticket = queries.at_window(place.two)
    assert ticket is not None
    actions.finish(ticket, account=clerk)
    actions.rise(place.two, account=boss)


def test_the_wait_is_estimated_from_todays_services(staffed: Place) -> None:
    for _ in range(4):
        actions.take(staffed.long)
    line = next(line for line in queries.lines(staffed.hall) if line.service == staffed.long)
    assert (line.waiting, line.windows, line.minutes) == (4, 1, 180)
    called = actions.call_next(staffed.one, account=staffed.people["clerk"])
    assert called is not None
    with clock.at(at(9, 10, 10)):
        actions.finish(called, account=staffed.people["clerk"])
        line = next(line for line in queries.lines(staffed.hall) if line.service == staffed.long)
    assert (line.waiting, line.minutes) == (3, 30)


def test_the_boards_queries_do_not_grow(staffed: Place, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        actions.take(staffed.short)
    with django_assert_num_queries(6):
        queries.board(staffed.hall)
    for _ in range(20):
        actions.take(staffed.short)
    with django_assert_num_queries(6):
        board = queries.board(staffed.hall)
    assert len(board.next) == queries.SHOWN
