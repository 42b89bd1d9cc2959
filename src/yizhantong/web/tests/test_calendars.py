"""Calendar files say what was put in, whatever the text, and every entry keeps its name."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from yizhantong.web.calendars import Event, answer, written

START = dt.datetime(2021, 8, 16, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def read(data: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


class Texts(TestCase):
    @given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200))
    @settings(max_examples=40, deadline=None)
    def test_any_text_comes_back_from_lines_of_at_most_75_octets(self, text: str) -> None:
        data = written([Event(uid="1@x", title=text, day=START.date(), description=text)], name="甲,乙;丙")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        [event] = read(data)
        assert str(event["SUMMARY"]) == str(event["DESCRIPTION"]) == text


@pytest.mark.django_db
def test_a_moment_is_written_in_utc_and_a_day_as_a_whole_day() -> None:
    end = START + dt.timedelta(minutes=20)
    moment, day = read(
        written(
            [
                Event(uid="a@x", title="会", start=START, end=end, place="大厅", url="https://x.example/a/", cancelled=True),
                Event(uid="b@x", title="日", day=START.date(), rule="FREQ=MONTHLY;INTERVAL=2;UNTIL=20211231", busy=False),
            ],
            name="会期",
        )
    )  # fmt: skip
    assert moment["DTSTART"].dt == START
    assert moment["DTSTART"].to_ical() == b"20210816T013000Z"
    assert moment["DTEND"].dt == end
    assert (str(moment["STATUS"]), str(moment["LOCATION"])) == ("CANCELLED", "大厅")
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (dt.date(2021, 8, 16), dt.date(2021, 8, 17))
    assert day["RRULE"].to_ical() == b"FREQ=MONTHLY;UNTIL=20211231;INTERVAL=2"
    assert str(day["TRANSP"]) == "TRANSPARENT"


@pytest.mark.parametrize("wrong", [{}, {"day": START.date(), "start": START}, {"start": START.replace(tzinfo=None)}])
def test_an_event_without_one_clear_time_is_refused(wrong: dict[str, dt.date]) -> None:
    with pytest.raises(ValueError, match="event x"):
        Event(uid="x", title="x", **wrong)


@pytest.mark.django_db
def test_the_download_says_what_it_is() -> None:
    response = answer([], name="空", filename="empty.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert response["Content-Disposition"] == 'attachment; filename="empty.ics"'
    assert read(response.content) == []
