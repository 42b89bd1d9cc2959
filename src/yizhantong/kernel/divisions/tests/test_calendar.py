"""The city's calendar: packaged years, years imported by the city, and the command that does it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from yizhantong.foundation.calendar import CalendarError, Limit, Segment
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.divisions.command import calendar as command
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import CalendarDay

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NEXT = """year,day,kind,source
2027,2027-01-01,holiday,演示数据
2027,2027-10-01,holiday,演示数据
2027,2027-10-09,workday,演示数据
"""


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    calendar.forget()
    load_city()


def test_a_loaded_city_counts_by_the_packaged_years_and_its_hours_of_business() -> None:
    start = dt.datetime(2021, 9, 30, 10, tzinfo=ZONE)
    running = [Segment(start, None, "run", "受理")]
    limit = Limit(2, "workday")
    assert calendar.due(limit, running) == dt.datetime(2021, 10, 9, 17, tzinfo=ZONE)
    assert calendar.elapsed(limit, running, dt.datetime(2021, 10, 8, 18, tzinfo=ZONE)) == 1
    assert calendar.left(limit, running, dt.datetime(2021, 10, 8, 18, tzinfo=ZONE)) == 1
    assert calendar.deemed_acceptance_at(start) == dt.datetime(2021, 10, 14, tzinfo=ZONE)
    assert calendar.business().end == dt.time(17)


def test_the_calendar_is_remembered(django_assert_num_queries: object) -> None:
    calendar.working_calendar()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert calendar.working_calendar().is_working(dt.date(2021, 10, 9))


def test_loading_again_changes_nothing_and_mends_what_differs() -> None:
    before = list(CalendarDay.objects.values_list("pk", "day"))
    calendar.load_calendar()
    assert list(CalendarDay.objects.values_list("pk", "day")) == before
    CalendarDay.objects.filter(day=dt.date(2021, 10, 1)).delete()
    calendar.load_calendar()
    assert not calendar.working_calendar().is_working(dt.date(2021, 10, 1))


def test_what_the_city_imported_is_not_overwritten() -> None:
    calendar.import_calendar(NEXT.replace("2027", "2021").replace("2021-10-09,workday", "2021-03-08,holiday"))
    calendar.load_calendar()
    assert not calendar.working_calendar().is_working(dt.date(2021, 3, 8))
    assert calendar.working_calendar().is_working(dt.date(2021, 10, 5))


def test_a_new_year_is_imported_and_known_at_once(tmp_path: Path, django_capture_on_commit_callbacks: object) -> None:
    with pytest.raises(CalendarError, match="2027"):
        calendar.working_calendar().is_working(dt.date(2027, 10, 9))
    for encoding in ("utf-8-sig", "gb18030"):
        file = tmp_path / f"{encoding}.csv"
        file.write_bytes(NEXT.encode(encoding))
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            answer = CliRunner().invoke(command, ["import", str(file)])
        assert (answer.exit_code, answer.output) == (0, "已导入:2027 年\n")
    assert calendar.working_calendar().is_working(dt.date(2027, 10, 9))
    assert calendar.working_calendar().table(2027).source == "演示数据"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NEXT + "2027,2027-10-11,workday,演示数据\n", "不是周末"),
        ("year,day,kind,source\n2027,2027-01-01,holiday,演示\n", "缺少法定节假日 10-01"),
        ("year,day,kind,source\n", "没有日期"),
        ("日期,类别\n", "首行"),
    ],
)
def test_a_wrong_file_changes_nothing(tmp_path: Path, text: str, told: str) -> None:
    before = CalendarDay.objects.count()
    file = tmp_path / "days.csv"
    file.write_text(text, encoding="utf-8")
    answer = CliRunner().invoke(command, ["import", str(file)])
    assert answer.exit_code == 2
    assert told in answer.output
    assert CalendarDay.objects.count() == before


def test_a_year_is_shown_for_people_and_for_programs() -> None:
    shown = CliRunner().invoke(command, ["show", "2021"]).output
    assert "2021-10-09 周六  调休上班" in shown
    found = json.loads(CliRunner().invoke(command, ["show", "2021", "--json"]).output)
    assert (len(found["holidays"]), len(found["workdays"]), found["source"]) == (18, 7, "国办发明电〔2020〕27号")
    missing = CliRunner().invoke(command, ["show", "1999"])
    assert missing.exit_code == 2
    assert "缺少 1999 年" in missing.output
