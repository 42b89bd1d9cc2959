"""What an asker is left with: certificates that stand, one sentence of the whole, a dispute after the end, a package of one part."""

from __future__ import annotations

import re
from typing import Any

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import papers
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseEvent
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.files.queries import issued_for, verified, verified_by_content
from yizhantong.kernel.files.vault import read as stored_bytes
from yizhantong.kernel.items.sealed import open_data
from yizhantong.kernel.notices.models import Notice
from yizhantong.kernel.search import search
from yizhantong.zones.onething.enrolment.models import Child
from yizhantong.zones.onething.enrolment.tests import conftest as district
from yizhantong.zones.onething.models import Acceptance, PackagePart
from yizhantong.zones.onething.tests.conftest import Town, user_of

pytestmark = pytest.mark.django_db
LAW = "《户口登记条例》第七条"
SHORT = {"birth_wants_card": False, "birth_wants_insurance": False}


def partial(town: Town) -> Case:
    """Play a package of which the household is refused and all else granted."""
    parent = town.accepted(**SHORT)
    town.decide(parent, "certificate")
    town.decide(parent, "household", "refused", reason="户籍地不在本市", law=LAW)
    town.decide(parent, "vaccination")
    parent.refresh_from_db()
    return parent


# --- certificates ----------------------------------------------------------------------------------------------------


def test_a_part_refused_leaves_the_certificate_of_another_standing_and_it_verifies(town: Town) -> None:
    parent = town.accepted(**SHORT)
    certificate = town.decide(parent, "certificate")
    papers.issue(certificate.pk, "decision")
    (before,) = issued_for("case", certificate.number)
    town.decide(parent, "household", "refused", reason="户籍地不在本市", law=LAW)
    town.decide(parent, "vaccination")
    parent.refresh_from_db()
    assert parent.outcome == "partial"
    found = verified(before.verify_code)
    assert found is not None
    assert (found.pk, found.revoked_at, found.subject_number) == (before.pk, None, certificate.number)
    assert found.holder_name == "演示母亲"
    content = stored_bytes(found.sha256)
    assert verified_by_content(content) == found
    assert verified_by_content(content + b" ") is None
    assert list(issued_for("case", parent.number).filter(kind="decision")) == []


def test_taking_the_package_back_leaves_the_certificate_standing(town: Town) -> None:
    parent = town.accepted(**SHORT)
    certificate = town.decide(parent, "certificate")
    papers.issue(certificate.pk, "decision")
    cases.withdraw(parent, "不办了", town["mother"])
    (issued,) = issued_for("case", certificate.number)
    assert issued.revoked_at is None
    assert verified(issued.verify_code) == issued
    certificate.refresh_from_db()
    assert (certificate.state, certificate.outcome) == ("closed", "granted")


# --- the whole, told -------------------------------------------------------------------------------------------------


def test_a_partial_ending_is_told_in_one_sentence_with_what_was_done_and_why_not_the_rest(town: Town) -> None:
    parent = partial(town)
    sentence = "已办成 2 项:出生医学证明签发、预防接种证办理。未办成 1 项:出生户口登记不予(户籍地不在本市)"
    assert parent.reason == sentence
    ends = [
        row.body for row in Notice.objects.filter(account=town["mother"], subject=parent.number) if "已办成" in row.body
    ]
    assert len(ends) == 1, "told once"
    assert sentence in ends[0]
    assert re.search(r"部分办成", ends[0] + Notice.objects.filter(body=ends[0]).values_list("title", flat=True)[0])


def test_a_dispute_of_a_part_after_the_package_has_closed_ends_that_part_anew_and_nothing_else(town: Town) -> None:
    parent = partial(town)
    household = town.part(parent, "household")
    before = list(Case.objects.filter(pk__in=[parent.pk, town.part(parent, "certificate").pk]).order_by("pk").values())
    cases.dispute(household, "户口簿已更正", town["mother"])
    assert PackagePart.objects.get(child=household).state == "open"
    assert town.decide(parent, "household").outcome == "granted"
    row = PackagePart.objects.get(child=household)
    assert (row.state, row.ended_at is not None) == ("granted", True)
    after = list(Case.objects.filter(pk__in=[parent.pk, town.part(parent, "certificate").pk]).order_by("pk").values())
    assert after == before, "the package stays closed as it was told"
    assert CaseEvent.objects.filter(number=parent.number, event="closed").count() == 1
    with pytest.raises(CaseError) as whole:
        cases.dispute(parent, "不服", town["mother"])
    assert whole.value.code == "cases.not_disputable"


# --- supplements with shared fields ----------------------------------------------------------------------------------


def test_a_part_may_ask_for_its_own_supplement_while_the_others_go_on(town: Town) -> None:
    parent = town.accepted(**SHORT)
    town.decide(parent, "certificate")
    household = town.part(parent, "household")
    cases.ask_supplement(household, [{"kind": "other", "text": "请补充"}], account=town.official(household))
    town.decide(parent, "vaccination")
    cases.supplement(household, data={"household_place": "锦州市凌河区"}, account=town["mother"])
    shown = {
        case.pk: open_data(form_of(case), case.data)
        for case in (town.part(parent, "household"), Case.objects.get(pk=parent.pk))
    }
    assert shown[household.pk]["household_place"] == "锦州市凌河区"
    assert shown[parent.pk]["household_place"] == "锦州市古塔区", "the package keeps what was signed and accepted"
    town.decide(parent, "household")
    parent.refresh_from_db()
    assert parent.outcome == "granted"


def form_of(case: Case) -> Any:
    return pinned(case.version_id).ready


def test_an_official_decides_while_the_package_waits_and_what_follows_opens_with_the_answer(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    parent = town.accepted()
    cases.ask_supplement(parent, [{"kind": "other", "text": "请补充"}], account=town.official(parent))
    town.decide(parent, "certificate")
    waiting = dict(PackagePart.objects.filter(case=parent).values_list("code", "state"))
    assert (waiting["certificate"], waiting["household"], waiting["vaccination"]) == ("granted", "waiting", "waiting")
    with django_capture_on_commit_callbacks(execute=True):
        cases.supplement(parent, data={"household_place": "锦州市凌河区"}, account=town["mother"])
    opened = dict(PackagePart.objects.filter(case=parent).values_list("code", "state"))
    assert (opened["household"], opened["vaccination"], opened["card"]) == ("open", "open", "waiting")
    household = town.part(parent, "household")
    assert open_data(form_of(household), household.data)["household_place"] == "锦州市凌河区"


def test_what_ends_in_vain_while_the_package_waits_is_written_off_at_once(town: Town) -> None:
    parent = town.accepted()
    cases.ask_supplement(parent, [{"kind": "other", "text": "请补充"}], account=town.official(parent))
    town.decide(parent, "certificate", "refused", reason="不是本市助产机构接生", law="《母婴保健法》第二十三条")
    assert set(PackagePart.objects.filter(case=parent).values_list("state", flat=True)) == {"refused", "not_opened"}
    parent.refresh_from_db()
    assert parent.state == "supplement"


# --- the package of school -------------------------------------------------------------------------------------------


@pytest.fixture
def season(town: Town) -> district.District:
    return district.settle()


def enrolled(town: Town, season: district.District, number: int = 1) -> Case:
    """File a child through the package."""
    parent = season.parent(number)
    return cases.file(
        town.item("school"), applicant=parent.person, data=season.form(number), account=parent, materials=[]
    )


def test_school_is_asked_for_through_its_package(town: Town, season: district.District) -> None:
    with district.at(6):
        whole = enrolled(town, season)
    lead = user_of(town, "school_lead", ["cases.intake", "cases.handle"], agency=town.item("school").agency)
    with district.at(7):
        cases.accept(whole, account=lead)
    (part,) = Case.objects.filter(parent=whole)
    assert (part.item_id, part.state) == ("onething.school", "accepted")
    child = Child.objects.get(case=part)
    assert (child.season.pk, child.claimed) == (season.season.pk, "both")
    assert Acceptance.objects.get(number=part.number).package == "school"
    assert not Acceptance.objects.filter(number=whole.number).exists(), "a package is counted by its parts"


def test_a_package_handed_in_on_time_is_accepted_after_the_window_has_closed(
    town: Town, season: district.District
) -> None:
    with district.at(12, hour=16):
        whole = enrolled(town, season)
    with district.at(13):
        cases.accept(whole, account=None)
    assert Child.objects.filter(case__parent=whole).count() == 1


@pytest.mark.parametrize(("day", "code"), [(1, "enrolment.not_open"), (14, "enrolment.over")])
def test_out_of_season_the_package_is_refused_before_anybody_has_work(
    town: Town, season: district.District, day: int, code: str
) -> None:
    with district.at(day), pytest.raises(CaseError) as refused:
        enrolled(town, season)
    assert refused.value.code == code
    assert not Case.objects.filter(item_id="package.school").exists()


def test_a_child_is_entered_once_by_whichever_door(town: Town, season: district.District) -> None:
    with district.at(6):
        whole = enrolled(town, season)
        cases.accept(whole, account=None)
        with pytest.raises(CaseError) as refused:
            enrolled(town, season)
    assert refused.value.code == "enrolment.child_entered"


# --- found by how people ask ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("新生儿", "birth"), ("上户口", "birth"), ("买房", "property"), ("过户", "property"), ("上学", "school"), ("报名", "school"),
        ("开公司", "startup"),
    ],
)  # fmt: skip
def test_how_people_ask_finds_the_package_first(town: Town, word: str, code: str) -> None:
    keys = [hit.entry.key for hit in search(word)]
    assert f"package.{code}" in keys[:10], "on the first page of hits"
    assert keys[0] == f"package.{code}", "before its parts"
