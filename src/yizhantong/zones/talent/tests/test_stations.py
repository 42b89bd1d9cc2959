"""Stations and skill levels: qualified by rule, experts drawn without conflict, sheets that decide, plaques, inspections, bars; marks and seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.talent import tasks
from yizhantong.zones.talent.actions import pool, stations, titles
from yizhantong.zones.talent.models import Draw, Exam, Inspection, PoolExpert, Sitting, Station, StationReview
from yizhantong.zones.talent.tests.conftest import STATION, Town, at

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]
GOOD = {"place": 13, "equipment": 13, "management": 8, "innovation": 22, "teaching": 22, "service": 8}
BAD = dict.fromkeys(GOOD, 5)


def experts(town: Town, count: int = 5) -> list[PoolExpert]:
    """Enter experts of the field."""
    return [pool.enlist(town[f"expert{n}"], ["焊接"], account=town["officer"]) for n in range(1, count + 1)]


def applied(town: Town, until: str = "", **changed: str) -> Station:
    """File an application and bring it to the on-site review."""
    case = town.file("station", town["agent"], STATION | changed, town.firm)
    cases.accept(case, account=town["officer"])
    if until != "accepted":
        town.step(case, "qualify")
    return Station.objects.get(case=case)


def score(town: Town, station: Station, marks: dict[str, Any]) -> None:
    """Let everybody who was asked give the same marks."""
    for review in station.reviews.filter(state="asked").select_related("expert__account"):
        stations.score(review, marks, opinion="条件具备", independent=True, account=review.expert.account)


def standing(town: Town) -> Station:
    """Bring an application to its plaque."""
    if not PoolExpert.objects.exists():
        experts(town)
    station = applied(town)
    stations.ask_experts(station, account=town["officer"])
    score(town, station, GOOD)
    case = town.step(station.case, "onsite")
    town.announce(case)
    with at(dt.date(2021, 8, 30)):
        town.step(Case.objects.get(pk=case.pk), "decide")
    return Station.objects.get(pk=station.pk)


def test_qualification_is_by_rule(town: Town, refused: Refused) -> None:
    station = applied(town, "accepted", station_apprentices="1", station_theory="0")
    assert refused(town.step, station.case, "qualify") == "talent.not_qualified"
    assert [one["code"] for one in station.checks if one["verdict"] != "met"] == ["rooms", "apprentices"]
    town.step(station.case, "qualify", "fail", details={"law": "办法"})
    assert Station.objects.get(pk=station.pk).state == "refused"


def test_the_way_to_the_plaque(town: Town) -> None:
    station = standing(town)
    assert (station.state, station.plaque, station.last_day) == ("stands", "JZDSZ-2021-001", dt.date(2024, 8, 29))
    assert station.score == 86


def test_experts_are_drawn_by_lot_that_can_be_repeated_and_never_in_conflict(town: Town, refused: Refused) -> None:
    pool_ = experts(town)
    pool_[0].employer = town.firm
    pool_[0].save()
    pool.declare(pool_[1], town.firm, "曾任技术顾问", account=pool_[1].account)
    station = applied(town)
    made = stations.ask_experts(station, account=town["officer"])
    assert sorted(made.chosen) == sorted(str(one.pk) for one in pool_[2:])
    assert {one["expert"] for one in made.excluded} == {pool_[0].pk, pool_[1].pk}
    assert pool.drawn_again(Draw.objects.get(pk=made.pk))
    review = station.reviews.get(expert=pool_[2])
    assert refused(stations.step_back, review, " ", account=pool_[2].account) == "talent.missing"
    stations.step_back(review, "近亲属任职", account=pool_[2].account)
    assert station.reviews.filter(state="asked").count() == 2
    assert refused(stations.ask_experts, station, account=town["officer"]) == "talent.pool_small"
    score(town, station, GOOD)
    assert refused(town.step, station.case, "onsite") == "talent.too_few_experts"


def test_sheets_decide_and_nobody_answers_for_another(town: Town, refused: Refused) -> None:
    experts(town)
    station = applied(town)
    stations.ask_experts(station, wanted=5, account=town["officer"])
    review = station.reviews.first()
    assert review is not None
    given: dict[str, Any] = {"opinion": "好", "independent": True}
    assert refused(stations.score, review, GOOD, **given, account=town["expert6"]) == "talent.not_your_review"
    own = review.expert.account
    assert refused(stations.score, review, GOOD, **given | {"independent": False}, account=own) == "talent.not_declared"
    assert refused(stations.score, review, GOOD | {"place": 16}, **given, account=own) == "talent.mark"
    assert refused(town.step, station.case, "onsite") == "talent.sheets_open"
    score(town, station, BAD)
    assert refused(stations.score, review, GOOD, **given, account=own) == "talent.review_settled"
    assert refused(town.step, station.case, "onsite") == "talent.sheets_say_otherwise"
    town.step(station.case, "onsite", "fail", details={"law": "办法"})
    assert StationReview.objects.filter(station=station, dropped=True).count() in (0, 2)
    assert Station.objects.get(pk=station.pk).state == "refused"


def test_a_failed_term_takes_the_plaque_and_bars_for_years(town: Town, refused: Refused) -> None:
    station = standing(town)
    assert refused(town.file, "station", town["agent"], STATION, town.firm) == "talent.station_already"
    with at(dt.date(2022, 11, 1)):
        assert (
            stations.open_inspections(2022, account=town["officer"]),
            stations.open_inspections(2022, account=None),
        ) == (1, 0)
        yearly = Inspection.objects.get(station=station)
        stations.inspect(yearly, BAD, opinion="整改", account=town["officer"])
        assert (yearly.kind, Station.objects.get(pk=station.pk).state) == ("yearly", "stands")
        assert refused(stations.inspect, yearly, GOOD, opinion="x", account=None) == "talent.inspected_already"
    with at(dt.date(2024, 8, 1)):
        stations.open_inspections(2024, account=town["officer"])
        term = Inspection.objects.get(station=station, year=2024)
        stations.inspect(term, BAD, opinion="未完成任务", account=town["officer"])
        gone = Station.objects.get(pk=station.pk)
        assert (term.kind, gone.state, gone.barred_until) == ("term", "withdrawn", dt.date(2030, 8, 1))
        assert (
            refused(town.file, "station", town["agent"], STATION | {"station_field": "钳工"}, town.firm)
            == "talent.barred"
        )


def test_a_passed_term_begins_a_new_one(town: Town) -> None:
    station = standing(town)
    with at(dt.date(2024, 8, 1)):
        stations.open_inspections(2024, account=None)
        stations.inspect(Inspection.objects.get(), GOOD, opinion="合格", account=None)
    assert Station.objects.get(pk=station.pk).last_day == dt.date(2027, 8, 29)


def test_who_handles_cannot_judge_and_who_owes_a_sheet_stays(town: Town, refused: Refused) -> None:
    assert refused(pool.enlist, town["second"], ["焊接"], account=None) == "talent.expert_official"
    assert refused(pool.enlist, town["nobody"], ["焊接"], account=town["officer"]) == "talent.expert_rights"
    made = experts(town, 3)
    stations.ask_experts(applied(town), account=None)
    assert refused(pool.retire, made[0], account=town["officer"]) == "talent.expert_busy"


# --- skill levels ------------------------------------------------------------------------------------------------------

TITLE = {
    "person_identity": "21070319910917028X",
    "person_phone": "13904160002",
    "title_occupation": "焊工",
    "title_level": "3",
    "title_years": "6",
}


def exam(town: Town, seats: int = 2) -> Exam:
    """Open a session."""
    given = {"centre": town.firm, "place": "演示考场", "held_on": dt.date(2021, 8, 28), "seats": seats}
    return titles.open_exam("焊工", "3", **given, account=town["officer"])  # type: ignore[arg-type]


def sitting(town: Town) -> Sitting:
    """Bring somebody new to his seat (or to waiting for one)."""
    case = town.file("title", town.somebody(), TITLE)
    cases.accept(case, account=town["officer"])
    town.step(case, "formal")
    return Sitting.objects.get(case=case)


def test_seats_results_and_certificate(town: Town, refused: Refused) -> None:
    early = sitting(town)
    assert early.state == "asked"
    held = exam(town)
    one, other = Sitting.objects.get(pk=early.pk), sitting(town)
    assert [(row.seat, row.exam_id) for row in (one, other)] == [(1, held.pk), (2, held.pk)]
    assert sitting(town).exam is None
    assert refused(titles.enter_result, one, 80, 80, account=town["officer"]) == "talent.exam_not_held"
    assert refused(town.step, one.case, "exam") == "talent.no_result"
    with at(dt.date(2021, 8, 30)):
        titles.enter_result(one, "81.5", 70, account=town["officer"])
        titles.enter_result(other, 90, "59.9", account=town["officer"])
        assert refused(titles.enter_result, one, 1, 1, account=town["officer"]) == "talent.sitting_state"
        assert refused(town.step, other.case, "decide") == "talent.marks_say_otherwise"
        town.step(one.case, "decide")
        town.step(other.case, "decide", "fail", details={"law": "规程"})
        assert tasks.certify.func(case=one.case_id) == tasks.certify.func(case=one.case_id) != ""
    assert Exam.objects.get(pk=held.pk).state == "done"


@pytest.mark.parametrize("mark", ["", "101", "-1", "60.55", "nan", "八十"])
def test_marks_that_cannot_be_are_refused(town: Town, refused: Refused, mark: str) -> None:
    exam(town)
    one = sitting(town)
    with at(dt.date(2021, 8, 30)):
        assert refused(titles.enter_result, one, mark, 80, account=town["officer"]) == "talent.mark"


def test_the_same_level_is_asked_for_once(town: Town, refused: Refused) -> None:
    who = town.somebody()
    town.file("title", who, TITLE)
    assert refused(town.file, "title", who, TITLE) == "talent.title_already"
