"""One submission, several cases: parts open in their order, each ends on its own, and the whole ends with the sum of them."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.items.sealed import open_value
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.onething.models import Acceptance, Closing, PackagePart
from yizhantong.zones.onething.queries import packages
from yizhantong.zones.onething.tests.conftest import BIRTH, Town

pytestmark = pytest.mark.django_db
LAW = "《户口登记条例》第七条"


def states(parent: Case) -> dict[str, str]:
    return dict(PackagePart.objects.filter(case=parent).order_by("position").values_list("code", "state"))


def test_one_acceptance_opens_what_waits_for_nobody(town: Town) -> None:
    parent = town.accepted()
    assert states(parent) == {
        "certificate": "open", "household": "waiting", "insurance": "waiting", "card": "waiting", "vaccination": "waiting",
    }  # fmt: skip
    child = town.part(parent, "certificate")
    assert (child.state, child.parent_id, child.office_id) == ("accepted", parent.pk, parent.office_id)
    assert child.due_at is not None


def test_parts_follow_their_predecessors_with_their_own_offices_and_laws(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    assert states(parent)["household"] == states(parent)["vaccination"] == "open"
    household = town.part(parent, "household")
    assert household.office_id != parent.office_id
    assert household.version.item_id == "onething.birth_household"
    town.decide(parent, "household")
    assert {code for code, state in states(parent).items() if state == "open"} == {"insurance", "card", "vaccination"}


def test_a_part_takes_its_own_part_of_the_form_and_of_the_materials(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    town.decide(parent, "household")
    card = town.part(parent, "card")
    assert set(card.data) == {
        "person_name", "person_identity", "person_phone", "newborn_name", "newborn_sex", "newborn_born_on", "card_bank", "delivery_way",
    }  # fmt: skip
    assert open_value(card.data["newborn_name"]) == "演示小宝"
    assert list(CaseMaterial.objects.filter(case=card).values_list("code", "mode")) == [("photo", "paper")]


def test_parts_that_the_situation_does_not_call_for_take_no_part(town: Town) -> None:
    parent = town.accepted(birth_wants_card=False, birth_wants_insurance=False)
    assert set(states(parent)) == {"certificate", "household", "vaccination"}
    assert packages.progress(parent).promise.days == 2


def test_all_granted_grants_the_whole_and_tells_the_sum(town: Town) -> None:
    parent = town.accepted()
    for code in ("certificate", "household", "insurance", "card", "vaccination"):
        town.decide(parent, code)
    parent.refresh_from_db()
    assert (parent.state, parent.outcome) == ("closed", "granted")
    told = (
        Notice.objects.filter(account=town["mother"], subject=parent.number)
        .order_by("-id")
        .values_list("body", flat=True)
    )
    assert any("已办成 5 项" in body for body in told)


def test_a_refusal_takes_nothing_back_and_what_waited_for_it_never_opens(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    town.decide(parent, "household", "refused", reason="户籍地不在本市", law=LAW)
    town.decide(parent, "vaccination")
    assert states(parent) == {
        "certificate": "granted", "household": "refused", "insurance": "not_opened", "card": "not_opened", "vaccination": "granted",
    }  # fmt: skip
    parent.refresh_from_db()
    assert (parent.state, parent.outcome) == ("closed", "partial")
    assert town.part(parent, "certificate").outcome == "granted"
    lost = PackagePart.objects.get(case=parent, code="card")
    assert lost.reason == "前置事项“出生户口登记”不予,本事项未启动"
    assert lost.child is None
    assert "已办成 2 项:出生医学证明签发、预防接种证办理。未办成 3 项" in parent.reason
    assert "户籍地不在本市" in parent.reason


def test_when_the_first_is_refused_the_whole_is_refused_with_its_law(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate", "refused", reason="不是本市助产机构接生", law="《母婴保健法》第二十三条")
    parent.refresh_from_db()
    assert (parent.state, parent.outcome, parent.law) == ("closed", "refused", "《母婴保健法》第二十三条")
    assert set(states(parent).values()) == {"refused", "not_opened"}


def test_an_optional_part_taken_back_does_not_spoil_the_whole(town: Town) -> None:
    parent = town.accepted()
    for code in ("certificate", "household", "insurance", "vaccination"):
        town.decide(parent, code)
    cases.withdraw(town.part(parent, "card"), "以后再办", town["mother"])
    parent.refresh_from_db()
    assert parent.outcome == "granted"
    assert states(parent)["card"] == "withdrawn"


def test_a_required_part_taken_back_makes_it_partial(town: Town) -> None:
    parent = town.accepted()
    for code in ("certificate", "household", "insurance", "card"):
        town.decide(parent, code)
    cases.withdraw(town.part(parent, "vaccination"), "已在外地办理", town["mother"])
    parent.refresh_from_db()
    assert parent.outcome == "partial"


def test_taking_the_whole_back_ends_what_is_open_and_leaves_what_was_issued(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    cases.withdraw(parent, "不办了", town["mother"])
    assert states(parent) == {
        "certificate": "granted", "household": "withdrawn", "insurance": "not_opened", "card": "not_opened", "vaccination": "withdrawn",
    }  # fmt: skip
    parent.refresh_from_db()
    assert (parent.state, parent.outcome) == ("closed", "withdrawn")


def test_nothing_to_do_is_refused_before_anybody_has_work(town: Town) -> None:
    with pytest.raises(CaseError) as refused:
        cases.file(town.item("property"), applicant=town.mother, data={"property_deal": "二手房"}, account=None)
    assert refused.value.code == "cases.form"


# --- the ledgers -----------------------------------------------------------------------------------------------------


def test_each_part_is_one_fact_at_its_acceptance_and_one_at_its_ending(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    accepted = Acceptance.objects.filter(source__startswith="case:").order_by("id")
    assert accepted.count() == 3
    assert set(accepted.values_list("package", "agencies", "channel")) == {("birth", 4, "online")}
    closing = Closing.objects.get(number=town.part(parent, "certificate").number)
    assert (closing.package, closing.result, closing.visits, closing.days) == ("birth", "done", 1, 0)


def test_a_dispute_takes_the_ending_back_and_lets_the_others_wait_again(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    child = town.decide(parent, "household", "refused", reason="户籍地不在本市", law=LAW)
    cases.dispute(child, "户口簿已更正", town["mother"])
    assert states(parent)["household"] == "open"
    assert states(parent)["card"] == states(parent)["insurance"] == "waiting"
    assert Closing.objects.filter(number=child.number, sign=-1).count() == 1
    town.decide(parent, "household")
    assert states(parent)["card"] == "open"


# --- shared data -----------------------------------------------------------------------------------------------------


def asked_to_supplement(town: Town, parent: Case) -> None:
    cases.ask_supplement(parent, [{"kind": "other", "text": "请补充"}], account=town.official(parent))


def test_shared_data_that_a_part_accepted_cannot_change(town: Town) -> None:
    parent = town.accepted()
    asked_to_supplement(town, parent)
    with pytest.raises(CaseError) as refused:
        cases.supplement(parent, data={"newborn_name": "演示大宝"}, account=town["mother"])
    assert refused.value.code == "onething.shared_field"
    assert refused.value.details["fields"] == ["newborn_name"]
    assert open_value(Case.objects.get(pk=parent.pk).data["newborn_name"]) == "演示小宝"


def test_what_only_waiting_parts_need_may_change_and_they_open_with_it(town: Town) -> None:
    parent = town.accepted()
    asked_to_supplement(town, parent)
    cases.supplement(parent, data={"card_bank": "工商银行"}, account=town["mother"])
    town.decide(parent, "certificate")
    town.decide(parent, "household")
    assert town.part(parent, "card").data["card_bank"] == "工商银行"


def test_the_situation_is_fixed_by_the_acceptance(town: Town) -> None:
    parent = town.accepted()
    asked_to_supplement(town, parent)
    with pytest.raises(CaseError) as refused:
        cases.supplement(parent, data={"birth_wants_card": False}, account=town["mother"])
    assert refused.value.code == "onething.situation_fixed"


def test_a_package_whose_last_part_ends_while_it_waits_for_a_supplement_ends_with_the_answer(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    parent = town.accepted(birth_wants_card=False, birth_wants_insurance=False)
    town.decide(parent, "certificate")
    town.decide(parent, "household")
    asked_to_supplement(town, parent)
    town.decide(parent, "vaccination")
    parent.refresh_from_db()
    assert parent.state == "supplement"
    with django_capture_on_commit_callbacks(execute=True):
        cases.supplement(parent, account=town["mother"])
    parent.refresh_from_db()
    assert (parent.state, parent.outcome) == ("closed", "granted")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_progress_shows_every_part_also_before_it_opens(town: Town) -> None:
    parent = town.accepted()
    town.decide(parent, "certificate")
    found = packages.progress(parent)
    assert [part.state for part in found.parts] == ["granted", "open", "waiting", "waiting", "open"]
    assert found.parts[3].after == ("出生户口登记",)
    assert (found.granted, found.promise.days) == (1, 4)
    assert found.path == ("出生医学证明签发", "出生户口登记", "新生儿社会保障卡申领")


def test_before_submission_the_answers_tell_what_there_will_be_to_do(town: Town) -> None:
    draft = cases.draft(
        town.item(), applicant=town.mother, account=town["mother"], data=BIRTH | {"birth_wants_card": False}
    )
    found = packages.progress(draft)
    assert [part.code for part in found.parts] == ["certificate", "household", "insurance", "vaccination"]
    assert found.promise.days == 3
