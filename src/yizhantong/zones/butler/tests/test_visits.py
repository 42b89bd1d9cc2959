"""Visits are planned, come due, are written down once however often they are sent, and what was raised becomes an appeal."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.web.calendars import written
from yizhantong.zones.butler.actions import butlers
from yizhantong.zones.butler.actions import visits as actions
from yizhantong.zones.butler.actions.visits import Problem, VisitGiven
from yizhantong.zones.butler.calendars import events
from yizhantong.zones.butler.models import PlanMember, Visit, VisitLog, VisitPlan, VisitProblem
from yizhantong.zones.butler.queries import visits as queries
from yizhantong.zones.butler.rhythm import next_due
from yizhantong.zones.butler.tests.conftest import DAY, Town, at

pytestmark = pytest.mark.django_db


def visit_of(town: Town, *problems: Problem, **changed: Any) -> VisitGiven:
    values = {
        "uuid": uuid.uuid4(), "enterprise": town.firm.pk, "day": DAY, "mode": "onsite", "summary": "生产正常,扩建在即。",
        "problems": problems,
    }  # fmt: skip
    return VisitGiven(**values | changed)


def plan_of(town: Town, **changed: Any) -> VisitPlan:
    values = {
        "name": "季度走访",
        "every": 1,
        "unit": "quarter",
        "starts_on": DAY,
        "agency": town["manager"].agency,
        "division_id": tree.root(),
    }
    return actions.make_plan(VisitPlan(**values | changed), [town.firm.pk], account=town["manager"])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    return out.getvalue()


def test_a_visit_is_a_log_and_a_fact(town: Town) -> None:
    logged = actions.log_visit(visit_of(town, Problem("finance", "流动资金紧张,需要续贷。")), account=town["butler"])
    fact = Visit.objects.get()
    assert logged.visit.fact_id == fact.pk
    assert (fact.butler, fact.mode, fact.problems, fact.occurred_on) == ("M-000001", "onsite", 1, DAY)
    assert VisitProblem.objects.get().case is None


def test_sent_twice_it_is_recorded_once(town: Town) -> None:
    given = visit_of(town, Problem("land", "需要新增用地指标。", appeal=True))
    first = actions.log_visit(given, account=town["butler"])
    second = actions.log_visit(given, account=town["butler"])
    assert (first.fresh, second.fresh, first.visit.pk) == (True, False, second.visit.pk)
    assert (VisitLog.objects.count(), Visit.objects.count(), Case.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("changed", [{"summary": "另写一段。"}, {"mode": "phone"}])
def test_the_same_number_with_another_content_is_refused(town: Town, changed: dict[str, str]) -> None:
    given = visit_of(town)
    actions.log_visit(given, account=town["butler"])
    with pytest.raises(LedgerError) as refused:
        actions.log_visit(visit_of(town, uuid=given.uuid, **changed), account=town["butler"])
    assert refused.value.code == "butler.visit_changed"
    assert VisitLog.objects.get().summary == "生产正常,扩建在即。"


def test_another_butler_cannot_take_the_number(town: Town) -> None:
    given = visit_of(town)
    actions.log_visit(given, account=town["butler"])
    with pytest.raises(LedgerError) as refused:
        actions.log_visit(given, account=town["butler2"])
    assert refused.value.code == "butler.visit_changed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": DAY + dt.timedelta(days=1)}, "butler.visit_future"),
        ({"day": DAY - dt.timedelta(days=61)}, "butler.visit_old"),
        ({"summary": " "}, "butler.visit_summary"),
        ({"mode": "telepathy"}, "butler.visit_mode"),
        ({"problems": (Problem("gossip", "听说的一件事。"),)}, "butler.unknown_kind"),
        ({"problems": (Problem("land", "x"),)}, "butler.problem_text"),
        ({"problems": (Problem("land", "需要用地指标。"),) * 11}, "butler.visit_problems"),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(town: Town, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.log_visit(visit_of(town, **changed), account=town["butler"])
    assert refused.value.code == code
    assert not VisitLog.objects.exists()
    assert not Visit.objects.exists()


def test_a_butler_writes_of_his_own_enterprises(town: Town) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.log_visit(visit_of(town, enterprise=town.other_firm.pk), account=town["butler"])
    assert refused.value.code == "butler.not_yours"
    for who in ("clerk", "agent", "leader"):
        with pytest.raises(Refused):
            actions.log_visit(visit_of(town), account=town[who])
    with pytest.raises(LedgerError) as none:
        actions.log_visit(visit_of(town), account=town["manager"])
    assert none.value.code == "butler.not_a_butler"


def test_a_problem_becomes_an_appeal_in_one_step(town: Town) -> None:
    given = visit_of(
        town, Problem("labour", "招工困难,缺二十名一线工人。", appeal=True), Problem("land", "厂区外道路破损。")
    )
    logged = actions.log_visit(given, account=town["butler"])
    first, second = VisitProblem.objects.filter(visit=logged.visit)
    assert first.case is not None
    assert (first.case.details["channel"], first.case.details["visit"]) == ("butler", str(logged.visit.pk))
    assert first.case.organisation_id == town.firm.pk
    actions.raise_noted(second, account=town["butler"])
    with pytest.raises(LedgerError) as again:
        actions.raise_noted(second, account=town["butler"])
    assert again.value.code == "butler.raised_already"
    assert Case.objects.count() == 2


def test_an_appeal_that_cannot_be_filed_does_not_lose_the_visit(town: Town) -> None:
    Item.objects.filter(pk="butler.land").update(suspended="系统升级")
    logged = actions.log_visit(
        visit_of(town, Problem("land", "需要新增用地指标。", appeal=True)), account=town["butler"]
    )
    assert "系统升级" in logged.notes[0]
    assert VisitProblem.objects.get().case is None
    assert not Case.objects.exists()


def test_a_photo_is_stored_once(town: Town) -> None:
    visit = actions.log_visit(visit_of(town), account=town["butler"]).visit
    key = uuid.uuid4()
    for _ in range(2):
        actions.add_photo(visit, key, photo(), account=town["butler"], name="photo.jpg")
    assert visit.photos.count() == 1
    with pytest.raises(LedgerError):
        actions.add_photo(visit, uuid.uuid4(), photo(), account=town["butler2"], name="photo.jpg")
    for _ in range(8):
        actions.add_photo(visit, uuid.uuid4(), photo(), account=town["butler"], name="photo.jpg")
    with pytest.raises(LedgerError) as many:
        actions.add_photo(visit, uuid.uuid4(), photo(), account=town["butler"], name="photo.jpg")
    assert many.value.code == "butler.photos"


def test_visits_are_read_by_butler_and_manager_only(town: Town) -> None:
    actions.log_visit(visit_of(town), account=town["butler"])
    seen = {who for who in town.users if queries.visible_visits(town[who]).exists()}
    assert seen == {"butler", "manager", "manager2"}
    butlers.hand_over(town.firm, town.second, reason="轮岗", account=town["manager"])
    assert queries.visible_visits(town["butler2"]).exists(), "who takes over reads what his predecessor wrote"
    assert queries.visible_visits(town["butler"]).exists()


def test_a_visit_puts_the_next_one_after_it(town: Town) -> None:
    plan = plan_of(town)
    assert [member.enterprise for member in queries.due_for(town.butler)] == [town.firm]
    actions.log_visit(visit_of(town), account=town["butler"])
    member = PlanMember.objects.get(plan=plan)
    assert (member.visited_on, member.due_on) == (DAY, dt.date(2021, 11, 16))
    assert not queries.due_for(town.butler).exists()
    with at(dt.date(2021, 11, 20)):
        assert queries.overdue(town["manager"]).count() == 1
        assert not queries.overdue(town["butler"]).exists()
    actions.stop_plan(plan, account=town["manager"])
    with at(dt.date(2021, 11, 20)):
        assert not queries.overdue(town["manager"]).exists()


def test_a_late_upload_does_not_set_a_plan_back(town: Town) -> None:
    plan = plan_of(town, starts_on=DAY - dt.timedelta(days=30))
    actions.log_visit(visit_of(town, day=DAY), account=town["butler"])
    actions.log_visit(visit_of(town, day=DAY - dt.timedelta(days=9)), account=town["butler"])
    assert PlanMember.objects.get(plan=plan).visited_on == DAY


def test_a_plan_that_ends_asks_no_more(town: Town) -> None:
    plan = plan_of(town, ends_on=DAY + dt.timedelta(days=40))
    actions.log_visit(visit_of(town), account=town["butler"])
    assert PlanMember.objects.get(plan=plan).due_on is None


def test_only_managers_plan(town: Town) -> None:
    with pytest.raises(Refused):
        actions.make_plan(
            VisitPlan(name="x", starts_on=DAY, agency=town.office, division_id=tree.root()),
            [town.firm.pk],
            account=town["butler"],
        )
    with pytest.raises(LedgerError) as empty:
        actions.make_plan(
            VisitPlan(name="x", starts_on=DAY, agency=town.office, division_id=tree.root()), [], account=town["manager"]
        )
    assert empty.value.code == "butler.plan_empty"


def test_the_calendar_file_unfolds_to_one_event_for_each_visit(town: Town) -> None:
    plan_of(town, name="年度", purpose="了解生产,经营;用工情况", every=2, unit="month")
    text = written(events(queries.upcoming(town.butler, 366), host="city.example"), name="走访").decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20210816" in lines
    assert "RRULE:FREQ=MONTHLY;INTERVAL=2" in lines
    assert f"SUMMARY:走访 {town.firm.name}" in lines
    assert "DESCRIPTION:了解生产\\,经营\\;用工情况" in lines


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)),
    st.integers(1, 52),
    st.sampled_from(["week", "month", "quarter", "year"]),
)
@settings(max_examples=60, deadline=None)
def test_the_next_visit_is_later_and_keeps_the_day_of_the_month(day: dt.date, every: int, unit: str) -> None:
    following = next_due(day, every, unit)
    assert following > day
    if unit == "week":
        assert (following - day).days == 7 * every
    else:
        assert following.day <= day.day
        assert following.day == day.day or (following + dt.timedelta(days=1)).day == 1
