"""Who may book what, when, how often; what is free; what is told; what the clock does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.appointments import access, actions, queries
from yizhantong.kernel.appointments.actions import watching
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.appointments.models import Appointment, Seat, Visit, Window
from yizhantong.kernel.appointments.tests.conftest import Place
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.cases.tests.world import at
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice

TUESDAY = dt.date(2021, 8, 10)
NINE = at(10, 8, 50)


def refusal(action: Callable[..., Any], *args: Any, **named: Any) -> str:
    with pytest.raises(AppointmentError) as refused:
        action(*args, **named)
    assert refused.value.sentence
    return refused.value.code.removeprefix("appointments.")


def booked(place: Place, start: dt.datetime = NINE, who: str = "third", **more: Any) -> Appointment:
    return actions.book(more.pop("service", place.short), start, place.person(who), account=place.people[who], **more)


def test_free_times_follow_hours_windows_and_what_is_booked(place: Place) -> None:
    before = queries.free_times(place.short, TUESDAY)
    assert [slot.free for slot in before] == [2] * (9 + 10)
    assert before[0].start == at(10, 8, 30)
    assert before[9].start == at(10, 13, 30)
    actions.book(place.long, at(10, 8, 30), place.firm, account=place.people["asker"])
    after = {slot.start: slot.free for slot in queries.free_times(place.short, TUESDAY)}
    assert [after[at(10, 8, 30)], after[at(10, 8, 50)], after[at(10, 9, 10)], after[at(10, 9, 30)]] == [1, 1, 1, 2]
    assert queries.free_times(place.walk_in, TUESDAY) == []
    assert queries.free_times(place.short, dt.date(2021, 8, 14)) == []
    assert queries.free_times(place.short, dt.date(2021, 8, 24)) == []
    assert queries.free_times(place.short, clock.today())[0].start == at(9, 11, 10)


def test_holidays_made_up_days_and_closures_decide_which_days_are_open(place: Place) -> None:
    assert queries.weekday_of(dt.date(2021, 10, 1)) is None
    assert queries.weekday_of(dt.date(2021, 10, 2)) is None
    assert queries.weekday_of(dt.date(2021, 10, 9)) == 5
    assert queries.weekday_of(dt.date(2021, 8, 14)) == 6
    assert queries.weekday_of(dt.date(2049, 10, 1)) == 5
    assert queries.opening(place.hall, dt.date(2021, 10, 9))
    first = booked(place)
    assert actions.close_day(place.hall, TUESDAY, "停电检修", account=place.people["manager"]) == 1
    first.refresh_from_db()
    assert (first.state, first.reason) == ("cancelled", "停电检修")
    assert Notice.objects.filter(kind="appointments.called_off", account=place.people["third"]).count() == 1
    assert queries.opening(place.hall, TUESDAY) == []
    assert refusal(booked, place) == "closed"
    assert actions.open_day(place.hall, TUESDAY, account=place.people["manager"])
    assert booked(place).state == "booked"


def test_a_booking_holds_its_cells_and_the_database_refuses_them_to_others(place: Place) -> None:
    made = booked(place)
    assert made.seats.count() == 4
    other = booked(place, who="rival")
    assert {made.window_id, other.window_id} == {place.one.pk, place.two.pk}
    assert refusal(actions.book, place.short, NINE, place.firm, account=place.people["asker"]) == "full"
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(appointment=other, window_id=made.window_id, moment=NINE)
    assert Appointment.objects.count() == 2
    actions.cancel(made, account=place.people["third"])
    assert actions.book(place.short, NINE, place.firm, account=place.people["asker"]).window_id == made.window_id


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (at(10, 8, 31), "closed"), (at(10, 12), "closed"), (at(9, 10, 30), "too_late"), (at(9, 9, 10), "too_late"),
        (at(8, 9), "closed"), (at(24, 8, 30), "closed"), (at(14, 8, 30), "closed"),
    ],
)  # fmt: skip
def test_a_time_at_which_nothing_begins_is_refused(place: Place, start: dt.datetime, code: str) -> None:
    assert refusal(booked, place, start) == code
    assert not Appointment.objects.exists()


def test_only_for_oneself_for_whom_one_acts_or_as_a_clerk_of_the_hall(place: Place) -> None:
    book, people = actions.book, place.people
    assert refusal(book, place.short, NINE, place.firm, account=people["third"]) == "not_yours"
    assert refusal(book, place.short, NINE, place.person("rival"), account=people["third"]) == "not_yours"
    assert refusal(book, place.short, NINE, place.firm, account=people["elsewhere"]) == "not_yours"
    made = book(place.short, NINE, place.firm, account=people["clerk"])
    assert (made.by_clerk, made.organisation_id, made.person_id) == (True, world.FIRM, None)
    own = book(place.short, at(10, 9, 10), place.firm, account=people["asker"])
    assert (own.by_clerk, own.person) == (False, people["asker"].person)


def test_an_item_must_be_served_there_and_a_case_be_the_partys(place: Place) -> None:
    case = cases.file(place.item, applicant=place.firm, data={}, materials=[], account=place.people["asker"])
    made = actions.book(place.short, NINE, place.firm, account=place.people["asker"], item=place.item, case=case)
    assert (made.item, made.case) == (place.item, case)
    assert refusal(booked, place, at(10, 9, 10), item=place.item, service=place.long) == "item"
    assert refusal(booked, place, at(10, 9, 10), case=case) == "case"


def test_three_open_ones_at_a_time_and_none_that_overlap(place: Place) -> None:
    booked(place)
    assert refusal(booked, place, at(10, 8, 30), service=place.long) == "overlaps"
    booked(place, at(10, 9, 30))
    booked(place, at(11, 9, 30))
    assert refusal(booked, place, at(12, 9, 30)) == "too_many"


def test_a_change_moves_the_cells_twice_at_most_and_in_time(place: Place) -> None:
    made, owner = booked(place), place.people["third"]
    for start in (at(10, 9, 30), at(11, 9, 30)):
        made = actions.move(made, start, account=owner)
    assert set(Seat.objects.values_list("moment", flat=True)) == {
        at(11, 9, 30) + dt.timedelta(minutes=n) for n in (0, 5, 10, 15)
    }
    assert refusal(actions.move, made, at(12, 9, 30), account=owner) == "moves"
    assert refusal(actions.move, made, at(12, 9, 30), account=place.people["clerk"]) == "reason"
    assert actions.move(made, at(12, 9, 30), account=place.people["clerk"], reason="窗口检修").moves == 3
    assert refusal(actions.move, made, at(10, 9, 30), account=place.people["rival"]) == "not_yours"
    with clock.at(at(12, 9, 0)):
        assert refusal(actions.cancel, made, account=owner) == "too_late"
        assert refusal(actions.cancel, made, account=place.people["clerk"]) == "reason"
        actions.cancel(made, account=place.people["clerk"], reason="本人来电")
        assert refusal(actions.cancel, made, account=owner) == "wrong_state"
    assert not Seat.objects.exists()
    kept = [(row.kind, row.account.username if row.account else "", row.by_clerk, row.reason) for row in made.changes.select_related("account")]  # fmt: skip
    names = {who: place.people[who].username for who in ("third", "clerk")}
    assert kept == [
        ("moved", names["third"], False, ""), ("moved", names["third"], False, ""), ("moved", names["clerk"], True, "窗口检修"),
        ("cancelled", names["clerk"], True, "本人来电"),
    ]  # fmt: skip
    moved = made.changes.all()[2]
    assert (moved.before, moved.after) == (at(11, 9, 30), at(12, 9, 30))
    told = list(Notice.objects.filter(account=owner).order_by("id").values_list("title", "body"))
    assert any("改期" in title and "窗口检修" in body for title, body in told)
    assert any("取消" in title and "本人来电" in body for title, body in told)


def test_a_full_time_leaves_the_appointment_where_it_was(place: Place) -> None:
    made = booked(place, at(10, 9, 30))
    booked(place, who="rival")
    actions.book(place.short, NINE, place.firm, account=place.people["asker"])
    assert refusal(actions.move, made, NINE, account=place.people["third"]) == "full"
    made.refresh_from_db()
    assert (made.start, made.moves, made.seats.count()) == (at(10, 9, 30), 0, 4)


def test_misses_pause_booking_online_for_a_while_but_not_at_the_counter(place: Place) -> None:
    for day in (10, 11, 12):
        booked(place, at(day, 9, 30))
    with clock.at(at(13, 10)):
        assert watching.mark_missed() == 3
        assert watching.mark_missed() == 0
        assert Visit.objects.filter(outcome="missed", booked=True).count() == 3
        assert set(Visit.objects.values_list("occurred_on__day", flat=True)) == {10, 11, 12}
        assert refusal(booked, place, at(16, 9, 30)) == "paused"
        actions.book(place.short, at(16, 9, 30), place.person("third"), account=place.people["clerk"])
    with clock.at(at(26, 10)):
        assert booked(place, at(27, 9, 30)).state == "booked"


def test_one_is_reminded_once_of_what_was_booked_before_yesterday(place: Place) -> None:
    booked(place, at(10, 9, 30))
    booked(place, at(12, 9, 30))
    assert watching.remind() == 0
    with clock.at(at(11, 10)):
        assert watching.remind() == 1
        assert watching.remind() == 0
    assert Notice.objects.filter(kind="appointments.reminder").count() == 1


def test_who_sees_an_appointment(place: Place) -> None:
    made = actions.book(place.short, NINE, place.firm, account=place.people["asker"])
    seen = {name: access.visible_to(user).filter(pk=made.pk).exists() for name, user in place.people.items()}
    assert seen == {
        "clerk": True,
        "second": True,
        "manager": True,
        "elsewhere": False,
        "asker": True,
        "rival": False,
        "third": False,
    }
    assert queries.by_number(place.people["asker"], made.number) == made
    assert refusal(queries.by_number, place.people["third"], made.number) == "unknown"


MANAGING: dict[str, Callable[[Place, Any], Any]] = {
    "hours": lambda place, who: actions.set_hours(place.hall, [(1, dt.time(9), dt.time(12))], account=who),
    "close": lambda place, who: actions.close_day(place.hall, TUESDAY, "检修", account=who),
    "open": lambda place, who: actions.open_day(place.hall, TUESDAY, account=who),
    "service": lambda place, who: actions.set_service(place.short, account=who, minutes=30, bookable=True, active=True, items=[]),
    "add": lambda place, who: actions.add_window(place.hall, 9, [place.short], account=who),
    "window": lambda place, who: actions.set_window(place.one, account=who, services=[place.short], bookable=True, active=True),
}  # fmt: skip


@pytest.mark.parametrize("what", MANAGING)
def test_halls_are_changed_by_their_managers_alone(place: Place, what: str) -> None:
    for name in ("clerk", "elsewhere", "asker"):
        with pytest.raises(Refused):
            MANAGING[what](place, place.people[name])
    MANAGING[what](place, place.people["manager"])


def test_a_manager_is_told_what_cannot_be(place: Place) -> None:
    boss = place.people["manager"]
    nine, ten, odd = dt.time(9), dt.time(10), dt.time(9, 3)
    for wrong in ([(1, ten, nine)], [(8, nine, ten)], [(1, odd, ten)], [(1, nine, dt.time(11)), (1, ten, dt.time(12))]):
        assert refusal(actions.set_hours, place.hall, wrong, account=boss) == "hours"
    assert refusal(actions.add_window, place.hall, 1, [place.short], account=boss) == "number"
    assert refusal(actions.add_window, place.hall, 3, [], account=boss) == "service"
    assert refusal(actions.close_day, place.hall, dt.date(2021, 8, 1), "x", account=boss) == "day"
    assert refusal(actions.close_day, place.hall, TUESDAY, " ", account=boss) == "reason"
    made = booked(place)
    window = Window.objects.get(pk=made.window_id)
    given = {"account": boss, "services": [place.short], "active": True}
    assert refusal(actions.set_window, window, bookable=False, **given) == "window_booked"
