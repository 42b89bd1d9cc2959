"""The calendar tells everybody what is everybody's, each his own, and a program what its owner sees until he revokes the link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case, PublicNotice
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.web import agenda
from yizhantong.web.agenda import Deadline
from yizhantong.web.models import CalendarFeed
from yizhantong.web.tests.casework import Place

DAY = world.NOW.date()
MONTH = f"{DAY:%Y-%m}"


@pytest.fixture
def own_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a source for one test: something for all, something for the asker."""
    agenda.zones()
    monkeypatch.setattr(agenda, "_SOURCES", dict(agenda._SOURCES))

    @agenda.deadlines("talent")
    def fairs(first: dt.date, last: dt.date, account: Any) -> Iterator[Deadline]:
        start = clock.now()
        yield Deadline(DAY, "夏季招聘会", "/talent/", "talent", "fair", start=start, end=start + dt.timedelta(hours=2))
        yield Deadline(DAY + dt.timedelta(days=60), "太远的会", "/talent/", "talent", "fair")
        if isinstance(account, User) and account.person_id:
            yield Deadline(DAY, "领取补贴", "/talent/mine/", "talent", "other", whose="经办")


@pytest.fixture
def notice(place: Place) -> PublicNotice:
    """Return a public notice that runs."""
    case = place.filed()
    return PublicNotice.objects.create(
        case=case, step="notice", title="拟奖补名单", body="…", first_day=DAY, last_day=DAY + dt.timedelta(days=5)
    )


def titles(found: list[Deadline]) -> list[str]:
    return [each.title for each in found]


def month_of(client: Client, **asked: str) -> str:
    response = client.get(reverse("web:calendar"), {"month": MONTH, **asked})
    assert response.status_code == 200
    return str(response.content.decode())


def test_each_sees_what_is_for_all_and_his_own_only(place: Place, own_source: None) -> None:
    first, last = DAY.replace(day=1), DAY.replace(day=28)
    assert titles(agenda.between(first, last, place.people["clerk"])) == ["夏季招聘会"]
    assert titles(agenda.between(first, last, place.people["asker"])) == ["领取补贴", "夏季招聘会"]
    assert titles(agenda.between(first, last, place.people["asker"], mine=True)) == ["领取补贴"]
    assert titles(agenda.between(first, last, place.people["asker"], kind="fair")) == ["夏季招聘会"]
    assert agenda.between(first, last, place.people["asker"], zone="policies") == []


def test_an_open_case_is_on_its_askers_calendar_on_the_day_it_is_due(place: Place) -> None:
    case = place.accepted()
    case.refresh_from_db()
    assert case.due_at is not None
    due = timezone.localtime(case.due_at).date()
    found = agenda.between(due, due, place.people["asker"], zone="cases", kind="case")
    assert [each.url for each in found] == [f"/my/cases/{case.number}/"]
    assert found[0].whose == case.organisation.name
    assert agenda.between(due, due, place.people["rival"], zone="cases", kind="case") == []


def test_a_public_notice_stands_on_its_first_and_last_day_once_it_runs(place: Place, notice: PublicNotice) -> None:
    client = place.as_()
    page = month_of(client)
    assert page.count("公示开始: 拟奖补名单") == page.count("公示截止: 拟奖补名单") == 1
    PublicNotice.objects.filter(pk=notice.pk).update(first_day=DAY + dt.timedelta(days=2))
    assert "拟奖补名单" not in month_of(client)


def test_the_page_goes_to_the_months_around_and_refuses_what_is_no_month(place: Place, own_source: None) -> None:
    client = place.as_("asker")
    page = month_of(client, kind="fair", mine="1")
    assert "month=" + f"{DAY.replace(day=1) - dt.timedelta(days=1):%Y-%m}" in page
    assert "kind=fair" in page
    assert "mine=1" in page
    for wrong in ("2021-13", "x", "0001-01", "9999-12", "2021-08-01"):
        assert client.get(reverse("web:calendar"), {"month": wrong}).status_code == 400


def test_the_months_file_holds_the_same_entries(place: Place, notice: PublicNotice, own_source: None) -> None:
    response = place.as_("asker").get(reverse("web:calendar-file"), {"month": MONTH})
    found = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    expected = agenda.between(DAY.replace(day=1), DAY.replace(day=28), place.people["asker"])
    assert {str(event["SUMMARY"]) for event in found} >= set(titles(expected))
    assert len({str(event["UID"]) for event in found}) == len(found)


def test_a_feed_answers_without_signing_in_until_it_is_revoked(place: Place, own_source: None) -> None:
    owner, stranger = place.as_("asker"), place.as_("rival")
    page = owner.post(reverse("web:calendar-feeds"), {"mine": "1"}, follow=True).content.decode()
    [address] = re.findall(r"/calendar/feed/[\w-]+\.ics", page)
    assert address not in owner.get(reverse("web:calendar")).content.decode()
    anyone = place.as_()
    answered = anyone.get(address)
    assert [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(answered.content).walk("VEVENT")] == [
        "领取补贴"
    ]
    assert anyone.get(address, headers={"if-none-match": answered["ETag"]}).status_code == 304
    feed = CalendarFeed.objects.get()
    assert feed.digest not in address
    revoke = reverse("web:calendar-feed-revoke", args=[feed.pk])
    assert stranger.post(revoke).status_code == 404
    assert owner.post(revoke).status_code == 302
    assert anyone.get(address).status_code == 404


def test_a_shut_accounts_feed_is_silent_and_feeds_are_few(place: Place) -> None:
    owner = place.people["asker"]
    _feed, key = agenda.make_feed(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert place.as_().get(reverse("web:calendar-feed", args=[key])).status_code == 404
    for _ in range(agenda.MOST_FEEDS - 1):
        agenda.make_feed(owner)
    with pytest.raises(agenda.AgendaError) as refused:
        agenda.make_feed(owner)
    assert refused.value.code == "agenda.too_many"
    with pytest.raises(agenda.AgendaError) as wrong:
        agenda.make_feed(place.people["rival"], kind="nothing")
    assert wrong.value.code == "agenda.filter"
    assert place.as_().post(reverse("web:calendar-feeds")).status_code == 302


def test_the_number_of_queries_does_not_grow_with_the_entries(
    place: Place, notice: PublicNotice, django_assert_max_num_queries: Any
) -> None:
    client = place.as_("asker")
    month_of(client)
    with django_assert_max_num_queries(45) as counted:  # every zone asks a few times, whatever the entries
        month_of(client)
    case = Case.objects.get(pk=notice.case_id)
    for number in range(20):
        PublicNotice.objects.create(
            case=case,
            step="notice",
            title=f"公示{number}",
            body="…",
            first_day=DAY,
            last_day=DAY + dt.timedelta(days=number),
        )
    with django_assert_max_num_queries(len(counted) + 3):  # the clock and the calendar are remembered for seconds
        page = month_of(client)
    assert page.count("公示开始: ") == 21
    assert "还有 " in page


def test_a_source_cannot_be_registered_twice_and_a_kind_must_exist(own_source: None) -> None:
    def source(first: dt.date, last: dt.date, account: Any) -> list[Deadline]:
        return []

    def other(first: dt.date, last: dt.date, account: Any) -> list[Deadline]:
        return []

    agenda.deadlines("talent")(source)
    other.__qualname__ = source.__qualname__
    with pytest.raises(ValueError, match="registered already"):
        agenda.deadlines("talent")(other)
    with pytest.raises(ValueError, match="no such kind"):
        Deadline(DAY, "x", "/", "talent", "birthday")
    with pytest.raises(ValueError, match="longer than"):
        agenda.between(DAY, DAY + dt.timedelta(days=500), None)  # type: ignore[arg-type]
