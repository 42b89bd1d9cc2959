"""The API: the same actions, the same eyes, problem details for what is refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import Token
from yizhantong.kernel.cases import actions as cases
from yizhantong.zones.butler.actions import appeals as appeal_actions
from yizhantong.zones.butler.tests.conftest import DAY, Town
from yizhantong.zones.butler.tests.test_knowledge import answer

pytestmark = pytest.mark.django_db

Ask = Callable[..., Any]


@pytest.fixture
def ask(town: Town) -> Ask:
    """Return a function that asks the API as an account."""

    def ask(method: str, path: str, who: str = "", body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {Token.issue(town[who], '测试')[1]}"} if who else {}
        given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return Client().generic(method, f"/api/v1/butler{path}", headers=headers, **given)

    return ask


def test_an_appeal_from_filing_to_confirmation(town: Town, ask: Ask) -> None:
    body = {
        "enterprise": town.firm.pk,
        "kind": "land",
        "subject": "工业用地指标",
        "text": "扩产需要新增用地。",
        "key": "k-1",
    }
    made = ask("POST", "/appeals", "agent", body)
    assert made.status_code == 201, made.content.decode()
    number = made.json()["number"]
    assert ask("POST", "/appeals", "agent", body).json()["number"] == number
    case = cases.accept(_case(number), account=town["clerk"])
    appeal_actions.answer_appeal(case, result="solved", reason="已落实", account=town["clerk"])
    assert ask("GET", f"/appeals/{number}", "clerk").json()["ending"] == "waiting"
    assert ask("POST", f"/appeals/{number}/confirmation", "agent").json()["ending"] == "confirmed"
    again = ask("POST", f"/appeals/{number}/confirmation", "agent")
    assert again.status_code in (409, 422)
    assert again.json()["code"] == "butler.ending_settled"


def _case(number: str) -> Any:
    from yizhantong.kernel.cases.models import Case

    return Case.objects.get(number=number)


def test_each_account_gets_what_it_may_see(town: Town, ask: Ask) -> None:
    number = town.appeal(is_secret=True).number
    assert ask("GET", "/appeals").status_code == 401
    assert ask("GET", "/appeals", "stranger").json()["items"] == []
    assert ask("GET", f"/appeals/{number}", "stranger").status_code == 404
    assert ask("GET", f"/appeals/{number}", "manager").json()["enterprise"] == "企业名称保密"
    assert ask("GET", f"/appeals/{number}", "clerk").json()["enterprise"] == town.firm.name


def test_pages_go_by_keys(town: Town, ask: Ask) -> None:
    numbers = [town.appeal(subject=f"用地指标第{n}件").number for n in range(5)]
    first = ask("GET", "/appeals?limit=3", "manager").json()
    second = ask("GET", f"/appeals?limit=3&after={first['after']}", "manager").json()
    assert [row["number"] for row in first["items"] + second["items"]] == numbers[::-1]
    assert second["after"] is None


def test_a_visit_is_taken_once(town: Town, ask: Ask) -> None:
    body = {
        "uuid": str(uuid.uuid4()),
        "enterprise": town.firm.pk,
        "day": DAY.isoformat(),
        "mode": "onsite",
        "summary": "走访。",
    }
    assert [ask("POST", "/visits", "butler", body).status_code for _ in range(2)] == [201, 200]
    refused = ask("POST", "/visits", "clerk", body | {"uuid": str(uuid.uuid4())})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.refused")
    assert ask("POST", "/visits", "butler", body | {"day": "soon"}).status_code in (400, 422)


def test_answers_are_public_as_far_as_they_are(town: Town, ask: Ask) -> None:
    made = answer(town)
    answer(town, question="内部口径:工业用地指标", visibility="internal")
    found = ask("GET", "/answers?text=工业用地指标").json()
    assert [row["id"] for row in found] == [made.pk]


def test_what_is_wrong_is_a_problem(town: Town, ask: Ask) -> None:
    body = {"enterprise": "9" * 18, "kind": "land", "subject": "工业用地指标", "text": "扩产需要新增用地。"}
    for changed, code in (
        ({}, "butler.no_enterprise"),
        ({"enterprise": town.firm.pk, "kind": "x"}, "butler.unknown_kind"),
    ):
        told = ask("POST", "/appeals", "agent", body | changed)
        assert (told.status_code, told.json()["code"]) == (422, code)
        assert told["Content-Type"] == "application/problem+json"
