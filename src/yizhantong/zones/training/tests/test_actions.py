"""Sessions, graduations and videos: codes instead of names, hours before certificates, no play of what is not on line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.training import actions, queries
from yizhantong.zones.training.models import Play

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 6, 1)
PLACE = {"division": "210727"}
SOMEBODY = "P0000000000AB"


@pytest.fixture
def video(sample_city: SampleCity) -> str:
    actions.publish("SP-1", "保护性耕作", "conservation", seconds=600, on=DAY, **PLACE, **BY)
    return "SP-1"


def graduate(trainee: str = SOMEBODY, percent: int = 90, on: dt.date = DAY) -> Any:
    return actions.graduate(trainee, "培训班", "JY-1", attended_percent=percent, on=on, **PLACE, **BY)


@pytest.mark.parametrize(("seconds", "attendance"), [(0, 10), (50_000, 10), (3600, -1)])
def test_impossible_sessions_are_refused(sample_city: SampleCity, seconds: int, attendance: int) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.hold("PX-1", "花生栽培", "technical", seconds=seconds, attendance=attendance, on=DAY, **PLACE, **BY)
    assert refused.value.code == "training.session"


def test_a_session_taken_back_may_be_entered_again(sample_city: SampleCity) -> None:
    given = {"seconds": 3600, "attendance": 30, "on": DAY}
    actions.hold("PX-1", "花生栽培", "technical", **given, **PLACE, **BY)
    actions.take_back_session("PX-1", reason="人数有误", **BY)
    assert queries.session("PX-1") is None
    actions.hold("PX-1", "花生栽培", "technical", **(given | {"attendance": 33}), **PLACE, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.take_back_session("PX-2", reason="误登", **BY)
    assert refused.value.code == "training.no_session"


def test_graduates_have_attended_four_fifths_of_the_hours(sample_city: SampleCity) -> None:
    for percent in (79, 101):
        with pytest.raises(LedgerError) as refused:
            graduate(percent=percent)
        assert refused.value.code == "training.hours_short"
    assert graduate(percent=80).year == 2021


def test_nobody_graduates_twice_in_a_year(sample_city: SampleCity) -> None:
    graduate()
    with pytest.raises(LedgerError) as refused:
        graduate(on=dt.date(2021, 7, 1))
    assert refused.value.code == "ledger.key_taken"
    graduate(on=dt.date(2020, 11, 1))


@pytest.mark.parametrize("name", ["张三", "13800001234", "P123"])
def test_names_and_phones_are_no_codes_of_persons(sample_city: SampleCity, name: str) -> None:
    with pytest.raises(LedgerError):
        graduate(name)


def test_only_what_is_on_line_is_watched_and_passed_on(video: str) -> None:
    assert actions.play(video, SOMEBODY, seconds=600, on=DAY, **PLACE, **BY).pk
    assert actions.share(video, "wechat", on=DAY, **PLACE, **BY).pk
    for number, on in (("SP-2", DAY), (video, dt.date(2021, 5, 31))):
        with pytest.raises(LedgerError) as refused:
            actions.play(number, SOMEBODY, seconds=60, on=on, **PLACE, **BY)
        assert refused.value.code == "training.no_video"
    actions.withdraw_video(video, reason="内容更新", on=dt.date(2021, 6, 9), **BY)
    with pytest.raises(LedgerError) as refused:
        actions.share(video, "wechat", on=dt.date(2021, 6, 10), **PLACE, **BY)
    assert refused.value.code == "training.no_video"
    assert Play.objects.count() == 1


@pytest.mark.parametrize("seconds", [0, 601])
def test_nobody_watches_longer_than_the_video(video: str, seconds: int) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.play(video, SOMEBODY, seconds=seconds, on=DAY, **PLACE, **BY)
    assert refused.value.code == "training.play"


def test_a_video_has_a_length(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.publish("SP-9", "空", "other", seconds=0, on=DAY, **PLACE, **BY)
    assert refused.value.code == "training.video"
