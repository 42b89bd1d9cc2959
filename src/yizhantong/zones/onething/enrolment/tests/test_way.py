"""The way of a season: handed in, opened, verified, drawn, placed, confirmed; and what is refused on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import quick
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.jobs.models import Job
from yizhantong.zones.onething.enrolment import lottery, tasks
from yizhantong.zones.onething.enrolment.actions import confirming, intake, placing, seasons, verifying
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Batch, Child, Intake, Placement
from yizhantong.zones.onething.enrolment.queries.explaining import sentences
from yizhantong.zones.onething.enrolment.tests.conftest import District, at

pytestmark = pytest.mark.django_db


def code_of(refusal: Any) -> str:
    return str(refusal.value.code)


def to_lottery(district: District) -> None:
    """Go on to the day on which the seed is public."""
    with at(14):
        intake.open_waiting()
        verifying.verify_waiting(district.season)
        seasons.close_list(district.season, district.head)
        district.season = seasons.reveal(district.season, district.head)


def published(district: District, number: int = 1, day: int = 26) -> Batch:
    batch = Batch.objects.get(season=district.season, number=number)
    with at(day):
        placing.propose(batch, district.head)
        placing.publish(batch, district.second)
        placing.settle(batch)
    batch.refresh_from_db()
    return batch


def test_a_child_goes_from_the_receipt_to_a_confirmed_place(district: District) -> None:
    with at(5):
        row = district.hand_in(1)
    assert row.state == "waiting"
    assert row.data["child_identity"] != district.child(1), "the number is sealed"
    with at(6):
        assert intake.open_waiting() == 1
    row.refresh_from_db()
    assert row.state == "opened"
    assert row.case is not None
    assert row.case.submitted_at == row.received_at, "the hour of receipt is that of the submission"
    to_lottery(district)
    child = Child.objects.get(case=row.case)
    assert (child.state, child.category, child.school and child.school.code) == ("verified", "both", "east")
    assert child.lot == lottery.lot_of(district.season.seed, district.season.listed, child.code)
    batch = published(district)
    place = Placement.objects.get(batch=batch, child=child)
    assert place.school is not None
    assert place.school.code == "east"
    row.case.refresh_from_db()
    assert (row.case.state, row.case.outcome) == ("closed", "granted")
    with at(27):
        confirming.confirm(place, district.parent(1))
        issued = confirming.notice(place, district.parent(1))
        assert confirming.notice(place, district.parent(1)).pk == issued.pk, "printed again it is the same notice"
    place.refresh_from_db()
    assert place.state == "confirmed"
    assert any("东小学" in text for text in sentences(place))


def test_nothing_comes_in_before_the_opening_nor_after_the_end(district: District) -> None:
    with at(5, 8), pytest.raises(EnrolmentError) as early:
        district.hand_in(1)
    with at(13), pytest.raises(EnrolmentError) as late:
        district.hand_in(1, registered=False)
    assert (code_of(early), code_of(late)) == ("enrolment.not_open", "enrolment.over")
    assert not Intake.objects.filter(season=district.season).exists()


def test_the_same_key_gives_the_same_receipt_and_another_content_is_refused(district: District) -> None:
    with at(5):
        first = district.hand_in(1)
        again = district.hand_in(1, registered=False)
        with pytest.raises(EnrolmentError) as reused:
            intake.receive(
                district.season, district.form(1, person_phone="13911111111"), account=district.parent(1), key="k1"
            )
    assert again.pk == first.pk
    assert code_of(reused) == "enrolment.key_reused"


def test_a_child_is_entered_once_whoever_enters_it(district: District) -> None:
    with at(5):
        district.hand_in(1)
        with pytest.raises(EnrolmentError) as twice:
            intake.receive(district.season, district.form(1), account=district.parent(1), key="other")
        other = district.form(2) | {name: district.form(1)[name] for name in ("child_identity", "child_born_on")}
        with pytest.raises(EnrolmentError) as elsewhere:
            intake.receive(district.season, other, account=district.parent(2), key="k2")
    assert (code_of(twice), code_of(elsewhere)) == ("enrolment.child_entered",) * 2
    assert "收件编号" in twice.value.sentence
    assert "收件编号" not in elsewhere.value.sentence, "who entered it is not told to others"


def test_the_kernels_own_door_keeps_the_same_rules(district: District) -> None:
    item = intake.current_version()
    parent = district.parent(1)
    from yizhantong.kernel.items.models import Item

    with at(4), pytest.raises(EnrolmentError) as early:
        cases.file(Item.objects.get(pk=item.item), applicant=parent.person, data=district.form(1), account=parent)
    with at(6):
        made = cases.file(
            Item.objects.get(pk=item.item), applicant=parent.person, data=district.form(1), account=parent
        )
        district.hand_in(1)
        intake.open_waiting()
    assert code_of(early) == "enrolment.not_open"
    assert Child.objects.get(case=made).state == "filed"
    row = Intake.objects.get(season=district.season)
    assert (row.state, row.case) == ("refused", None)
    assert "已经报名" in row.reason, "the parent is told why"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"child_born_on": "2015-01-01"}, "enrolment.birthday"),
        ({"enrolment_stage": "初中一年级"}, "enrolment.other_season"),
        ({"child_identity": ""}, "enrolment.form"),
        ({"school_category": "什么都不是"}, "enrolment.form"),
    ],
)
def test_a_wrong_form_is_refused_at_once(district: District, change: dict[str, str], code: str) -> None:
    with at(5), pytest.raises(EnrolmentError) as refused:
        intake.receive(district.season, district.form(1) | change, account=district.parent(1), key="k")
    assert code_of(refused) == code


def test_what_the_registers_do_not_show_is_rechecked_at_the_counter_with_a_reason(district: District) -> None:
    with at(5):
        district.hand_in(1, registered=False)
    with at(6):
        intake.open_waiting()
        verifying.verify_waiting(district.season)
        child = Child.objects.get(season=district.season)
        assert child.state == "recheck"
        assert any("没有查到" in reason for reason in child.reasons)
        with pytest.raises(Refused):
            verifying.settle_recheck(
                child, district.stranger, category="household", school="west", opinion="户口簿原件"
            )
        with pytest.raises(EnrolmentError) as unsaid:
            verifying.settle_recheck(child, district.head, category="household", school="west", opinion=" ")
        verifying.settle_recheck(child, district.head, category="household", school="west", opinion="核对户口簿原件")
    child.refresh_from_db()
    assert code_of(unsaid) == "enrolment.opinion"
    assert (child.state, child.category) == ("verified", "household")


def test_at_the_counter_the_order_follows_registers_and_papers(district: District) -> None:
    with at(5):
        district.hand_in(1, registered=False)
        district.hand_in(2, "有户无房", registered=False)
        district.hand_in(3, "有户无房", registered=False)
        district.registered(2, "有户无房", house=101)  # within the district, but no school serves the number
    with at(6):
        intake.open_waiting()
        verifying.verify_waiting(district.season)
        unknown, known, shown = Child.objects.filter(season=district.season).order_by("id")
        settle = {"category": "household", "school": "west", "opinion": "核对户口簿原件"}
        verifying.settle_recheck(unknown, district.head, **settle)
        verifying.settle_recheck(known, district.head, **settle)
        verifying.settle_recheck(shown, district.head, **settle, seen={"在读兄姐": True, "落户年数": 6})
    keys = [Child.objects.get(pk=child.pk).keys for child in (unknown, known, shown)]
    assert keys == [[1, 1], [1, -3], [0, -6]]


def test_a_child_of_no_category_is_refused_with_its_law_and_makes_room(district: District) -> None:
    with at(5):
        district.hand_in(1, registered=False)
    with at(6):
        intake.open_waiting()
        verifying.verify_waiting(district.season)
        child = Child.objects.get(season=district.season)
        case = verifying.refuse_recheck(child, district.head, reason="户籍和住址均不在本区")
    child.refresh_from_db()
    assert (case.state, case.outcome, child.state) == ("closed", "refused", "ended")
    assert case.law


def test_a_better_category_is_given_where_the_registers_show_it(district: District) -> None:
    with at(5):
        district.registered(1, "房户一致")
        district.hand_in(1, "有户无房", registered=False)
    with at(6):
        intake.open_waiting()
        verifying.verify_waiting(district.season)
    assert Child.objects.get(season=district.season).category == "both"


def test_no_officer_can_bypass_the_desk_of_enrolment(district: District) -> None:
    with at(5):
        district.hand_in(1)
        intake.open_waiting()
        case = Case.objects.get(item_id="onething.school")
        with pytest.raises(EnrolmentError) as met:
            cases.complete_step(case, "verify", outcome="met", account=district.head)
        verifying.verify_waiting(district.season)
        with pytest.raises(EnrolmentError) as placed:
            cases.complete_step(case, "place", outcome="pass", account=district.head)
    assert (code_of(met), code_of(placed)) == ("enrolment.own_desk", "enrolment.own_desk")


def test_over_full_schools_divert_in_the_last_batch_and_the_waiting_list_moves_up(district: District) -> None:
    with at(5):
        for number in range(1, 5):
            district.hand_in(number, house=1, years=number)
    to_lottery(district)
    first = published(district, 1)
    standing = {
        place.child.keys[1]: place for place in Placement.objects.filter(batch=first).select_related("child", "school")
    }
    assert {key: place.state for key, place in standing.items()} == {
        -4: "offered",
        -3: "offered",
        -2: "waiting",
        -1: "waiting",
    }
    assert "候补" in "".join(sentences(standing[-2]))
    published(district, 2, 30)
    with at(30):
        confirming.decline(standing[-4], district.parent(4))
        third = Batch.objects.get(season=district.season, number=3)
        run = placing.compute(third)
    why = {run.children[code].keys[1]: (one.school, one.why) for code, one in run.placed.items()}
    assert why == {-2: ("east", "own"), -1: ("west", "diverted")}


def test_a_batch_takes_two_officers_and_is_refused_when_something_changed(district: District) -> None:
    with at(5):
        district.hand_in(1)
        district.hand_in(2)
    to_lottery(district)
    batch = Batch.objects.get(season=district.season, number=1)
    with at(26):
        placing.propose(batch, district.head)
        with pytest.raises(EnrolmentError) as alone:
            placing.publish(batch, district.head)
        with pytest.raises(Refused):
            placing.publish(batch, district.stranger)
        cases.withdraw(
            Child.objects.get(case__filed_by=district.parent(1)).case, reason="转到外地", account=district.parent(1)
        )
        with pytest.raises(EnrolmentError) as changed:
            placing.publish(batch, district.second)
    assert (code_of(alone), code_of(changed)) == ("enrolment.four_eyes", "enrolment.changed")
    assert not Placement.objects.exists()


def test_batches_go_in_order_after_the_seed_is_told(district: District) -> None:
    batch = Batch.objects.get(season=district.season, number=2)
    with at(14), pytest.raises(EnrolmentError) as hidden:
        placing.propose(batch, district.head)
    assert placing.compute(batch).trial
    to_lottery(district)
    with at(26), pytest.raises(EnrolmentError) as order:
        placing.propose(batch, district.head)
    assert (code_of(hidden), code_of(order)) == ("enrolment.not_revealed", "enrolment.earlier_batch")


def test_the_list_is_fixed_only_after_every_receipt_became_a_case(district: District) -> None:
    with at(5):
        district.hand_in(1)
        with pytest.raises(EnrolmentError) as early:
            seasons.close_list(district.season, district.head)
    with at(14), pytest.raises(EnrolmentError) as waiting:
        seasons.close_list(district.season, district.head)
    with at(14), pytest.raises(EnrolmentError) as no_list:
        seasons.reveal(district.season, district.head)
    assert [code_of(one) for one in (early, waiting, no_list)] == [
        "enrolment.window_open",
        "enrolment.intake_waiting",
        "enrolment.no_list",
    ]


def test_a_place_that_nobody_confirms_goes_back(district: District) -> None:
    with at(5):
        district.hand_in(1)
    to_lottery(district)
    place = Placement.objects.get(batch=published(district))
    with at(27), pytest.raises(EnrolmentError) as stranger:
        confirming.confirm(place, district.parent(2))
    assert confirming.lapse(place.confirm_until) == 0
    with at(28):
        assert confirming.lapse(place.confirm_until + dt.timedelta(days=1)) == 1  # type: ignore[operator]
    with at(28), pytest.raises(EnrolmentError) as gone:
        confirming.confirm(place, district.parent(1))
    assert (code_of(stranger), code_of(gone)) == ("enrolment.not_yours", "enrolment.place_gone")
    assert Child.objects.get(season=district.season).state == "verified"
    assert placing.free_places(district.season)["east"] == 2


def test_the_result_can_be_disputed_as_any_other(district: District) -> None:
    with at(5):
        district.hand_in(1)
    to_lottery(district)
    published(district)
    case = Case.objects.get(item_id="onething.school")
    with at(27):
        cases.dispute(case, reason="对应学校认定有误", account=district.parent(1))
    case.refresh_from_db()
    assert case.state == "accepted"


def test_a_season_is_published_by_another_without_overlaps_before_its_opening(district: District) -> None:
    from yizhantong.zones.onething.enrolment.models import Season

    season = district.season
    with at(1, month=6):
        draft = seasons.prepare(Season(
            code="next", name="下一年", division_id=season.division_id, office=season.office, stage=season.stage, year=2022, rules=season.rules,
            opens_at=season.opens_at, closes_at=season.closes_at, born_from=season.born_from, born_to=season.born_to,
        ), district.head)  # fmt: skip
        row = {"code": "a", "name": "甲", "places": 1, "catchments": [{"street": "路", "first": 1, "last": 9}]}
        seasons.set_schools(
            draft,
            [row, row | {"code": "b", "name": "乙", "catchments": [{"street": "路", "first": 9, "last": 20}]}],
            district.head,
        )
        with pytest.raises(EnrolmentError) as alone:
            seasons.publish(draft, district.head)
        with pytest.raises(EnrolmentError) as overlap:
            seasons.publish(draft, district.second)
        seasons.set_schools(draft, [row], district.head)
        with pytest.raises(EnrolmentError) as incomplete:
            seasons.publish(draft, district.second)
    with at(6), pytest.raises(EnrolmentError) as late:
        seasons.publish(draft, district.second)
    assert [code_of(one) for one in (alone, overlap, incomplete, late)] == [
        "enrolment.four_eyes", "enrolment.catchments", "enrolment.incomplete", "enrolment.late",
    ]  # fmt: skip
    with pytest.raises(EnrolmentError) as fixed:
        seasons.set_schools(season, [row], district.head)
    assert code_of(fixed) == "enrolment.published"


@pytest.mark.parametrize(
    "wrong",
    [
        {"child_name": ""}, {"child_identity": "210702201503010000"}, {"enrolment_district": "999999"}, {"school_category": "没有"},
        {"child_born_on": "2015-02-30"}, {"nothing": "1"}, {"person_phone": ["1", "2"]},
    ],
)  # fmt: skip
def test_the_short_way_through_the_form_gives_what_the_form_gives_and_leaves_what_is_wrong_to_it(
    district: District, wrong: dict[str, Any]
) -> None:
    ready, right = intake.current_version().ready, district.form(1, stay_together=True)
    form = ItemForm(ready, dict(right))
    assert form.is_valid()
    assert quick.cleaned(ready, right) == form.document
    assert quick.cleaned(ready, right | wrong) is None


def test_who_is_diverted_waits_on_for_the_own_school_and_gives_the_place_back_when_the_turn_comes(
    district: District,
) -> None:
    with at(5):
        for number in range(1, 5):
            district.hand_in(number, house=1, years=number)  # 东小学 has two places, 西小学 three
        for number in (11, 12):
            district.hand_in(number, house=2, years=number)
    to_lottery(district)
    published(district, 1)
    published(district, 2, 28)
    third = published(district, 3, 30)
    by_years = {
        -place.child.keys[1]: place for place in Placement.objects.filter(batch=third).select_related("child", "school")
    }
    assert by_years[2].school is not None
    assert (by_years[2].school.code, by_years[1].state) == ("west", "waiting")
    assert "轮候" in "".join(sentences(by_years[2]))
    with at(30):
        confirming.confirm(by_years[2], district.parent(2))
        printed = confirming.notice(by_years[2], district.parent(2))
        confirming.decline(Placement.objects.get(child__case__filed_by=district.parent(4)), district.parent(4))
        late = seasons.plan_batch(
            district.season, district.head, name="补录", categories=third.categories, divert=True,
            publishes_on=dt.date(2021, 7, 31),
        )  # fmt: skip
    fourth = published(district, late.number, 31)
    by_years[2].refresh_from_db()
    moved = Placement.objects.get(batch=fourth, child=by_years[2].child)
    last = Placement.objects.get(batch=fourth, child=by_years[1].child)
    assert by_years[2].state == "moved", "the diverted place is given back"
    assert (moved.school and moved.school.code, moved.state) == ("east", "confirmed"), "the place was confirmed before"
    assert (last.school and last.school.code, last.explanation["why"]) == ("west", "diverted"), (
        "and is given on at once"
    )
    assert fourth.counts["schools"]["west"]["back"] == 1
    said = "".join(sentences(moved))
    assert "东小学" in said
    assert "西小学的学位已退回" in said
    printed.refresh_from_db()
    assert printed.revoked_at is not None
    with at(31):
        again = confirming.notice(moved, district.parent(2))
    assert again.replaces_id == printed.pk
    assert "东小学" in str(again.body)
    moved.child.case.refresh_from_db()
    assert any("改录到东小学" in each.text for each in moved.child.case.additions.all())


def test_who_says_to_stay_is_moved_no_more_and_who_waits_on_is_told_that_the_place_is_kept(district: District) -> None:
    with at(5):
        for number in range(1, 5):
            district.hand_in(number, house=1, years=number)
    to_lottery(district)
    for number, day in ((1, 26), (2, 28)):
        published(district, number, day)
    third = published(district, 3, 30)
    stays, waits = Placement.objects.filter(batch=third).order_by("child_id")
    with at(30):
        assert {row.child_id for row in placing.diverted(district.season)} == {stays.child_id, waits.child_id}
        own = Placement.objects.exclude(batch=third).filter(school__code="east").first()
        assert own is not None
        with pytest.raises(EnrolmentError) as not_diverted:
            confirming.stay(own, district.head)
        confirming.stay(stays, district.head)
        confirming.confirm(waits, district.head)
        late = seasons.plan_batch(
            district.season, district.head, name="补录", categories=third.categories, divert=True,
            publishes_on=dt.date(2021, 7, 31),
        )  # fmt: skip
    fourth = published(district, late.number, 31)
    assert code_of(not_diverted) == "enrolment.own_school"
    kept = Placement.objects.get(batch=fourth)
    assert (kept.child_id, kept.state, kept.explanation["why"]) == (waits.child_id, "waiting", "kept")
    assert "继续保留" in "".join(sentences(kept))
    waits.refresh_from_db()
    assert waits.state == "confirmed", "the place is held while the child waits"


def test_a_turn_of_the_worker_ends_and_the_next_is_asked_for_once(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(work: Any) -> int:
        return Job.objects.filter(task=work.module_path, state="waiting").count()

    with at(5):
        for number in range(1, 4):
            district.hand_in(number)
    monkeypatch.setattr(tasks, "TURN", 0.0)
    with at(6):
        for _turn in range(2):
            assert tasks.open_waiting.call() == 0
            assert asked(tasks.open_waiting) == 1, "another turn is asked for, and only one"
        monkeypatch.undo()
        Job.objects.all().delete()
        assert tasks.open_waiting.call() == 3
        assert tasks.verify_waiting.call() == 3
        assert asked(tasks.open_waiting) + asked(tasks.verify_waiting) == 0, "nothing is left to do"
