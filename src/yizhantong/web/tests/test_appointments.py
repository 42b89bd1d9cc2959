"""Appointments and queues as people see them: booked from a guide, taken on a phone, called at a window, managed at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.appointments import actions, queries
from yizhantong.kernel.appointments.models import Appointment, Closure, Ticket, Window
from yizhantong.kernel.appointments.tests import conftest as halls
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.cases.tests.world import at
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items import catalogue, elements
from yizhantong.web.views.queues import machine_address

NINE = at(10, 8, 50)
TIMES = "/appointments/city/short/"


@pytest.fixture
def hall(db: None, settings: Any) -> Iterator[halls.Place]:
    """Return the hall, on a Monday morning."""
    settings.YZT_SECOND_FACTOR = False
    catalogue.forget()
    elements.forget()
    with clock.at(world.NOW):
        yield halls.settle()
    tree.forget()
    catalogue.forget()


def enter(hall: halls.Place, name: str = "") -> Client:
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(hall.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content[:2000]
    return str(response.content.decode())


def test_everybody_sees_halls_and_free_times_and_signs_in_to_book(hall: halls.Place) -> None:
    anyone = enter(hall)
    assert "市厅" in text(anyone.get(reverse("web:appointments")))
    page = text(anyone.get(TIMES + "?day=2021-08-10"))
    assert page.count('type="radio"') == 19
    assert "登录后预约" in page
    assert anyone.post(TIMES + "?day=2021-08-10", {"start": NINE.isoformat()}).status_code == 302
    assert not Appointment.objects.exists()
    assert (
        anyone.get("/appointments/city/nothing/").status_code == anyone.get("/appointments/x/short/").status_code == 404
    )


def test_one_books_from_the_guide_and_gets_a_slip_and_a_calendar_entry(hall: halls.Place) -> None:
    asker = enter(hall, "asker")
    assert "短事" in text(asker.get(reverse("web:appointments") + "?item=hall.trial"))
    assert "长事" not in text(asker.get(reverse("web:appointments") + "?item=hall.trial"))
    given = {"start": NINE.isoformat(), "party": f"org:{world.FIRM}"}
    page = text(asker.post(TIMES + "?day=2021-08-10&item=hall.trial", given, follow=True))
    made = Appointment.objects.get()
    assert made.number in page
    assert (made.item, made.organisation_id) == (hall.item, world.FIRM)
    [event] = icalendar.Calendar.from_ical(asker.get(reverse("web:appointment-file", args=[made.number])).content).walk(
        "VEVENT"
    )
    assert event["DTSTART"].dt == NINE
    assert made.number in text(asker.get(reverse("web:my-appointments")))
    assert "短事 · 市厅" in text(asker.get(reverse("web:calendar") + "?month=2021-08&mine=1"))
    stranger = enter(hall, "third")
    assert stranger.get(reverse("web:my-appointment", args=[made.number])).status_code == 404
    assert stranger.post(reverse("web:appointment-cancel", args=[made.number])).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": "x", "party": "person"}, "请选择一个时间"), ({"start": NINE.isoformat(), "party": "org:x"}, "请选择为谁预约"),
        ({"start": at(10, 8, 31).isoformat(), "party": "person"}, "不办理这项业务"), ({}, "请选择一个时间"),
        ({"start": "9999-12-31T23:59:59+00:00", "party": "person"}, "请选择一个时间"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_said_above_the_times(hall: halls.Place, given: dict[str, str], said: str) -> None:
    assert said in text(enter(hall, "third").post(TIMES, given), 422)


def test_an_appointment_is_moved_and_called_off_by_its_owner(hall: halls.Place) -> None:
    third = enter(hall, "third")
    made = actions.book(hall.short, NINE, hall.person("third"), account=hall.people["third"])
    third.post(f"{TIMES}?day=2021-08-11&move={made.number}", {"start": at(11, 9, 30).isoformat()})
    made.refresh_from_db()
    assert (made.start, made.moves) == (at(11, 9, 30), 1)
    assert "已取消" in text(third.post(reverse("web:appointment-cancel", args=[made.number]), follow=True))
    assert "不能更改" in text(third.post(reverse("web:appointment-cancel", args=[made.number]), follow=True))


def test_a_clerk_moves_and_calls_off_what_is_anothers_with_a_reason_on_record(hall: halls.Place) -> None:
    clerk, owner = enter(hall, "clerk"), enter(hall, "third")
    made = actions.book(hall.short, NINE, hall.person("third"), account=hall.people["third"])
    assert "改期或取消" in text(clerk.get("/desk/appointments/?day=2021-08-10"))
    other = f"{TIMES}?day=2021-08-11&move={made.number}"
    assert "改期原因" in text(clerk.get(other))
    assert "改期原因" not in text(owner.get(other))
    assert "请写明原因" in text(clerk.post(other, {"start": at(11, 9, 30).isoformat()}), 422)
    clerk.post(other, {"start": at(11, 9, 30).isoformat(), "reason": "窗口检修"})
    page = reverse("web:my-appointment", args=[made.number])
    assert "2021-08-11 09:30" in text(owner.get(page))
    assert "窗口检修" in text(owner.get(page))
    assert "窗口检修" in text(owner.get(reverse("web:notices")))
    cancel = reverse("web:appointment-cancel", args=[made.number])
    assert "请写明原因" in text(clerk.post(cancel, follow=True))
    assert "预约已取消" in text(clerk.post(cancel, {"reason": "本人来电"}, follow=True))
    assert enter(hall, "elsewhere").post(cancel, {"reason": "x"}).status_code == 404
    assert [row.by_clerk for row in made.changes.all()] == [True, True]


def test_a_ticket_is_taken_in_the_hall_only_and_followed_on_a_phone(hall: halls.Place) -> None:
    phone = enter(hall)
    assert "扫" in text(phone.get("/halls/city/tickets/"), 403)
    assert phone.get("/halls/city/tickets/?at=" + "x" * 43).status_code == 403
    machine = machine_address(hall.hall)
    assert "C 随到" in text(phone.get(machine))
    followed = phone.post(machine, {"service": "short", "priority": "elder"}, follow=True)
    page = text(followed)
    assert "A001" in page
    assert "老年人优先,按 09:45 排" in page
    address = followed.redirect_chain[-1][0]
    actions.sit(hall.one, account=hall.people["clerk"])
    called = actions.call_next(hall.one, account=hall.people["clerk"])
    assert called is not None
    assert "请到 1 号窗口" in text(phone.get(address, headers={"hx-request": "true"}))
    actions.skip(called, account=hall.people["clerk"])
    assert "下一个就是您" in text(phone.post(address + "return/", follow=True))
    assert "已离开" in text(phone.post(address + "leave/", follow=True))
    assert phone.get("/tickets/nobody/").status_code == phone.post(address + "nothing/").status_code == 404
    assert "没有这个预约号" in text(phone.post(machine, {"number": "123"}), 422)
    with clock.at(at(10, 10)):
        assert phone.get(machine).status_code == 403


def test_the_board_is_for_everybody_and_its_code_for_the_hall(hall: halls.Place) -> None:
    actions.take(hall.short)
    page = text(enter(hall).get("/halls/city/board/"))
    assert "A001" in page
    assert "<img" not in page
    assert "data:image/svg" in text(enter(hall, "clerk").get("/halls/city/board/"))
    assert "<html" not in text(enter(hall).get("/halls/city/board/", headers={"hx-request": "true"}))


def test_a_window_is_worked_from_the_desk(hall: halls.Place) -> None:
    clerk = enter(hall, "clerk")
    windows, console = reverse("web:windows"), reverse("web:window", args=[hall.one.pk])
    assert "上岗" in text(clerk.get(windows))
    assert "空着" in text(clerk.post(windows, {"window": hall.one.pk}, follow=True))
    do = lambda verb, **more: text(clerk.post(f"{console}{verb}/", more, follow=True))  # noqa: E731
    assert "没有人等候" in do("call")
    for _ in range(2):
        actions.take(hall.short)
    assert "A001" in do("call")
    current = str(Ticket.objects.get(state="called").pk)
    assert "票号已经变了" in do("start", ticket="0")
    assert "叫了 2 次" in do("recall", ticket=current)
    assert "办理中" in do("start", ticket=current)
    assert "空着" in do("finish", ticket=current)
    do("call")
    current = str(Ticket.objects.get(state="called").pk)
    assert "空着" in do("transfer", ticket=current, service=str(hall.long.pk))
    assert "请选择转到哪项业务" in do(
        "transfer", ticket=str(do("call") and Ticket.objects.get(state="called").pk), service="0"
    )
    assert "还没有办完" in do("rise")
    assert clerk.post(f"{console}nothing/", {"ticket": current}).status_code == 404
    watched = text(enter(hall, "second").get(console))
    assert "您只能查看" in watched
    assert "再叫一次" not in watched


@pytest.mark.parametrize(
    "path", ["/desk/windows/", "/desk/windows/{window}/", "/desk/appointments/", "/desk/halls/city/"]
)
def test_the_desks_pages_are_for_those_who_serve_there(hall: halls.Place, path: str) -> None:
    address = path.format(window=hall.one.pk)
    managing = "halls" in path
    expected = {"manager": 200, "clerk": 403 if managing else 200, "third": 403}
    assert {name: enter(hall, name).get(address).status_code for name in expected} == expected
    assert enter(hall).get(address).status_code == 302
    if path != "/desk/windows/" and path != "/desk/appointments/":
        assert enter(hall, "elsewhere").get(address).status_code == 403


def test_a_clerk_books_for_who_telephones(hall: halls.Place) -> None:
    clerk, address = enter(hall, "clerk"), "/desk/appointments/city/short/?day=2021-08-10"
    said = text(clerk.post(address, {"code": "91210700000000099X", "start": NINE.isoformat()}), 422)
    assert "data-errors" in said
    free = queries.free_times(hall.short, NINE.date())[1].start
    world.Organisation.objects.filter(pk=world.FIRM).update(name="演示企业")
    page = text(clerk.get(address))
    assert free.isoformat() in page
    assert "这一天没有预约" in text(clerk.get("/desk/appointments/?day=2021-08-10"))


def test_a_manager_changes_the_hall(hall: halls.Place) -> None:
    boss, address = enter(hall, "manager"), "/desk/halls/city/"
    do = lambda **given: text(boss.post(address, given, follow=True))  # noqa: E731
    assert "已保存" in do(what="hours", hours="1 09:00-12:00\n2 09:00-12:00")
    assert hall.hall.hours.count() == 2
    assert "无法识别" in do(what="hours", hours="早上")
    assert "先后有序" in do(what="hours", hours="1 12:00-09:00")
    assert "已保存" in do(what="close", day="2021-08-10", reason="检修")
    assert Closure.objects.count() == 1
    assert "请填写日期" in do(what="close", day="x", reason="检修")
    assert "已保存" in do(what="open", day="2021-08-10")
    assert "已保存" in do(what="add-window", number="7", services=str(hall.short.pk))
    assert "窗口号" in do(what="add-window", number="7", services=str(hall.short.pk))
    assert "已保存" in do(what="window", window=str(hall.two.pk), services=[str(hall.short.pk)], active="on")
    assert not Window.objects.get(pk=hall.two.pk).bookable
    assert "已保存" in do(
        what="service", service=str(hall.short.pk), minutes="30", active="on", bookable="on", items="hall.trial"
    )
    assert "没有这些事项" in do(what="service", service=str(hall.short.pk), minutes="30", items="hall.nothing")
    assert boss.post(address, {"what": "nothing"}).status_code == 404


def test_the_lists_queries_do_not_grow(hall: halls.Place, django_assert_max_num_queries: Any) -> None:
    clerk, owner = enter(hall, "clerk"), hall.people["clerk"]
    actions.book(hall.short, NINE, hall.person("third"), account=owner)
    actions.take(hall.short)
    pages = ("/desk/appointments/?day=2021-08-10", f"/desk/windows/{hall.one.pk}/", "/halls/city/board/", TIMES)
    counts = []
    for page in pages:
        clerk.get(page)
        with _counting() as counted:
            clerk.get(page)
        counts.append(len(counted))
    for number in range(6):
        actions.book(hall.short, at(10, 9, 10), hall.person("rival"), account=owner) if not number else actions.take(
            hall.short
        )
    for page, count in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(count + 3):  # the clock and the calendar are remembered for seconds
            clerk.get(page)


def _counting() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_numbers_are_found_by_nobody_else(hall: halls.Place) -> None:
    made = actions.book(hall.short, NINE, hall.person("third"), account=hall.people["third"])
    assert re.fullmatch("[0-9]{12}", made.number)
    assert enter(hall, "elsewhere").get(reverse("web:my-appointment", args=[made.number])).status_code == 404


def test_a_program_books_moves_and_calls_off(hall: halls.Place) -> None:
    program, anyone = enter(hall, "asker"), enter(hall)
    program.handler.enforce_csrf_checks = False
    assert [each["code"] for each in anyone.get("/api/v1/halls").json()["items"]] == ["city"]
    slots = anyone.get("/api/v1/halls/city/slots?service=short&day=2021-08-10").json()["items"]
    assert len(slots) == 19
    body = {
        "hall": "city",
        "service": "short",
        "start": slots[2]["start"],
        "applicant": world.FIRM,
        "item": "hall.trial",
    }
    send = lambda client, path, given: client.post(f"/api/v1/{path}", given, content_type="application/json")  # noqa: E731
    assert send(anyone, "appointments", body).status_code == 401
    made = send(program, "appointments", body)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert (
        send(program, "appointments", body | {"start": "9999-12-31T23:59:59Z"}).json()["code"] == "appointments.start"
    )
    assert send(program, "appointments", body | {"applicant": world.RIVAL}).status_code == 403
    moved = send(program, f"appointments/{number}/move", {"start": slots[4]["start"]})
    assert moved.json()["start"] == slots[4]["start"]
    assert send(enter(hall, "third"), f"appointments/{number}/cancel", {}).status_code == 404
    assert send(program, f"appointments/{number}/cancel", {}).json()["state"] == "cancelled"
    assert send(program, f"appointments/{number}/cancel", {}).status_code == 409
    assert [each["number"] for each in program.get("/api/v1/appointments").json()["items"]] == [number]
    actions.take(hall.short)
    assert anyone.get("/api/v1/halls/city/board").json()["next"] == ["A001"]
    assert anyone.get("/api/v1/halls/nothing/board").json()["code"] == "appointments.unknown_hall"
    assert anyone.get("/api/v1/halls/city/slots?service=nothing&day=2021-08-10").status_code == 404
