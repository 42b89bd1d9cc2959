"""An enterprise sees what is known of it and completes it; officers verify; nobody else sees anything."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.access.models import Grant, Role
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.matching import Subject, evaluate, rule_set
from yizhantong.kernel.parties import profile
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.web.tests.casework import Place, world

pytestmark = pytest.mark.django_db
ADDRESS = f"/my/profile/{world.FIRM}/"


@pytest.fixture
def known(place: Place) -> Organisation:
    profile.update(place.firm, {"employees": 120}, source="社保登记", confidence="register")
    Grant.objects.create(
        user=place.people["second"],
        role=Role.objects.create(code="p", name="p", permissions=["profiles.edit"]),
        scope="agency",
    )
    return place.firm


def held() -> EnterpriseProfile:
    return EnterpriseProfile.objects.get(pk=world.FIRM)


def test_an_enterprise_sees_sources_and_declares_what_is_missing(place: Place, known: Organisation) -> None:
    client = place.as_("asker")
    page = client.get(ADDRESS).content.decode()
    for said in ("120 人", "社保登记", "登记数据", "不知道"):
        assert said in page
    assert 'name="employees"' not in page
    assert ADDRESS in client.get("/my/").content.decode()
    answer = client.post(
        ADDRESS, {"revenue_fen": "4500000.50", "safety_accident": "false", "tax_credit": "A", "employees": "9"}
    )
    assert answer.status_code == 302
    found = held()
    assert (found.revenue_fen, found.safety_accident, found.tax_credit, found.employees) == (450000050, False, "A", 120)
    assert found.sources["revenue_fen"]["confidence"] == "declared"
    assert "企业自报,未核实" in client.get(ADDRESS).content.decode()


def test_what_is_known_to_be_none_is_not_asked_for(place: Place, known: Organisation) -> None:
    profile.update(known, {"high_tech_until": None}, source="认定名单", confidence="register")
    page = place.as_("asker").get(ADDRESS).content.decode()
    assert "认定名单" in page
    assert 'name="high_tech_until"' not in page
    assert 'name="technology_sme_until"' in page


def test_what_is_declared_shows_as_such_in_matching(place: Place, known: Organisation) -> None:
    place.as_("asker").post(ADDRESS, {"revenue_fen": "4500000"})
    rules = rule_set("one", [Condition(code="a", text="营收", rule="年营业收入 >= 4000000 and 从业人员 > 1")])
    (reason,) = evaluate(rules, Subject.of(profile.load(known) or held())).reasons
    assert {value.name: value.confidence for value in reason.values} == {
        "年营业收入": "declared",
        "从业人员": "register",
    }


def test_wrong_and_empty_values_come_back_at_their_field(place: Place, known: Organisation) -> None:
    client = place.as_("asker")
    assert client.post(ADDRESS, {}).status_code == 422
    answer = client.post(ADDRESS, {"revenue_fen": "-1", "high_tech_until": "明天"})
    assert answer.status_code == 422
    assert answer.content.decode().count("field-error") == 2
    assert held().revenue_fen is None


def test_an_officer_verifies_and_the_rest_stays_as_it_was(place: Place, known: Organisation) -> None:
    place.as_("asker").post(ADDRESS, {"revenue_fen": "4500000", "loans_fen": "10"})
    profile.update(known, {"rd_fen": 100}, source="旧核实", confidence="verified")
    officer = place.as_("second")
    assert "演示企业" in officer.get("/desk/profiles/").content.decode()
    shown = officer.get(ADDRESS).content.decode()
    assert 'value="4500000"' in shown
    assert officer.post(ADDRESS, {"revenue_fen": "4500000"}).status_code == 422
    answer = officer.post(
        ADDRESS, {"source": "2020 年度审计报告", "revenue_fen": "4500000", "loans_fen": "12", "rd_fen": "1"}
    )
    assert answer.status_code == 302
    found = held()
    assert {name: found.sources[name]["source"] for name in ("revenue_fen", "loans_fen", "rd_fen")} == {
        "revenue_fen": "2020 年度审计报告", "loans_fen": "2020 年度审计报告", "rd_fen": "旧核实",
    }  # fmt: skip
    assert found.sources["loans_fen"]["confidence"] == "verified"
    assert found.loans_fen == 1200
    assert "演示企业" not in officer.get("/desk/profiles/").content.decode()
    assert "演示企业" in officer.get("/desk/profiles/?q=演示").content.decode()
    place.as_("asker").post(ADDRESS, {"revenue_fen": "1"})
    assert held().revenue_fen == 450000000


@pytest.mark.parametrize("who", ["rival", "clerk", "watcher"])
def test_nobody_else_sees_or_changes_a_profile(place: Place, known: Organisation, who: str) -> None:
    assert place.as_(who).get(ADDRESS).status_code == 404
    assert place.as_(who).post(ADDRESS, {"revenue_fen": "1"}).status_code == 404
    assert place.as_(who).get("/desk/profiles/").status_code == 403
    assert place.as_().get(ADDRESS).status_code == 302


def test_the_list_to_verify_asks_few_questions(place: Place, known: Organisation) -> None:
    officer = place.as_("second")
    for number in range(3):
        firm = Organisation.objects.create(
            uscc=f"9121070000000011{number}X", name=f"企业{number}", kind="enterprise", division_id=world.GUTA
        )
        profile.update(firm, {"loans_fen": 1}, source="自报", confidence="declared")
    officer.get("/desk/profiles/")
    with CaptureQueriesContext(connection) as asked:
        assert officer.get("/desk/profiles/").content.decode().count("企业0") == 1
    assert len(asked) <= 10
