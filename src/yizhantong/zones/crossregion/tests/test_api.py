"""The API tells and does what pages do, and no more."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from yizhantong.kernel.access.models import Token
from yizhantong.zones.crossregion.tests.conftest import Town

pytestmark = pytest.mark.django_db
BASE = "/api/v1/crossregion"


@pytest.fixture
def call(town: Town) -> Callable[..., tuple[int, object]]:
    """Return a function that calls the API as an account."""

    def send(who: str, method: str, path: str, body: object = None) -> tuple[int, object]:
        given = {"HTTP_AUTHORIZATION": f"Bearer {Token.issue(town.users[who], '测试')[1]}"} if who else {}
        data = json.dumps(body) if body is not None else ""
        answer = Client().generic(
            method, BASE + path, data, content_type="application/json" if body is not None else "", **given
        )
        return answer.status_code, json.loads(answer.content)

    return send


def test_everybody_reads_what_is_open_both_ways(town: Town, call: Callable[..., tuple[int, object]]) -> None:
    status, offers = call("", "GET", "/offers")
    assert (status, len(offers)) == (200, 4)  # type: ignore[arg-type]
    status, openings = call("", "GET", "/openings")
    assert status == 200
    assert {row["code"] for row in openings} >= {"hall.medical_abroad"}  # type: ignore[union-attr, index]


def test_an_asker_asks_and_withdraws_and_nobody_else_sees_it(
    town: Town, call: Callable[..., tuple[int, object]]
) -> None:
    wanted = {"offer": town.item.pk, "form": {"application_reason": "迁居"}, "key": "a1"}
    status, made = call("asker", "POST", "/cases", wanted)
    assert status == 201
    assert call("asker", "POST", "/cases", wanted)[1]["number"] == made["number"]  # type: ignore[index]
    path = f"/cases/{made['number']}"  # type: ignore[index]
    assert [call(who, "GET", path)[0] for who in ("", "stranger", "official", "asker", "clerk")] == [
        401,
        404,
        404,
        200,
        200,
    ]
    assert call("official", "POST", f"{path}/return", {"reason": "不是我们的"})[0] == 404
    assert call("clerk", "POST", f"{path}/return", {"reason": "不是我们的"})[0] in (409, 422)
    status, told = call("asker", "POST", f"{path}/withdrawal", {"reason": "不办了"})
    assert (status, told["stage"]) == (200, "withdrawing")  # type: ignore[index]


def test_what_lacks_is_refused_as_a_problem(town: Town, call: Callable[..., tuple[int, object]]) -> None:
    status, problem = call("asker", "POST", "/cases", {"offer": town.item.pk})
    assert (status, problem["code"]) == (422, "crossregion.form")  # type: ignore[index]
    assert call("asker", "POST", "/cases", {"offer": 999_999})[0] == 404
