"""The API: the same actions, the same eyes, problem details for what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yizhantong.kernel.access.models import Token, User
from yizhantong.zones.finance.actions import authorising, offering
from yizhantong.zones.finance.tests.conftest import WAN, Market
from yizhantong.zones.finance.tests.test_bankfiles import csv_of

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
BASE = "/api/v1/finance"


@pytest.fixture
def ask() -> Ask:
    """Return a function that asks the API as an account."""

    def run(method: str, path: str, who: User | None = None, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {Token.issue(who, '测试')[1]}"} if who else {}
        given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return Client().generic(method, f"{BASE}{path}", headers=headers, **given)

    return run


def need_of(market: Market, **changes: Any) -> dict[str, Any]:
    """Return the body of a need."""
    said = {"amount_fen": 100 * WAN, "term_months": 12, "purpose": "working", "guarantee": "credit", "key": "n-1"}
    return {"enterprise": market.firm.pk} | said | changes


def test_everyone_reads_what_is_on_offer(market: Market, ask: Ask) -> None:
    rows = ask("GET", "/products").json()
    assert {row["code"] for row in rows} == {one.code for one in market.offers}
    assert (rows[0]["rate_low_bp"], rows[0]["rate_high_bp"]) == (405, 505)
    assert ask("GET", f"/products/{rows[0]['code']}").status_code == 200
    assert ask("GET", "/products/NONE").status_code == 404


def test_a_need_is_filed_once_and_seen_by_those_it_concerns(market: Market, ask: Ask) -> None:
    made = ask("POST", "/needs", market.asker, need_of(market))
    assert made.status_code == 201, made.content.decode()
    number = made.json()["number"]
    assert ask("POST", "/needs", market.asker, need_of(market)).json()["number"] == number
    assert ask("GET", f"/needs/{number}", market.office).json()["enterprise"] == market.firm.name
    for nobody in (market.stranger, market.officers[0]):
        assert ask("GET", f"/needs/{number}", nobody).status_code == 404
    assert ask("GET", "/needs").status_code == 401
    assert ask("GET", f"/needs/{number}/suits", market.asker).json()[0]["state"] == "match"


def test_a_bank_reads_a_need_without_its_name_until_it_may(market: Market, ask: Ask) -> None:
    one = market.taken()
    path = f"/needs/{one.listing.number}"
    seen = ask("GET", path, market.officers[0]).json()
    assert (seen["enterprise"], seen["contracted_fen"], seen["wanted_fen"]) == ("", None, 500 * WAN)
    refused = ask("POST", f"{path}/look", market.officers[0])
    assert (refused.status_code, refused.json()["code"]) == (422, "finance.not_authorised")
    authorising.authorise(
        market.firm, purpose="approval", groups=["registration"], banks=[market.banks[0]], listing=one.listing, account=market.asker
    )  # fmt: skip
    assert ask("GET", path, market.officers[0]).json()["enterprise"] == market.firm.name
    groups = ask("POST", f"{path}/look", market.officers[0]).json()
    assert [group["code"] for group in groups] == ["registration"]
    assert ask("GET", f"{path}/suits", market.officers[0]).status_code == 404


def test_a_bank_grabs_and_finds_its_dealing(market: Market, ask: Ask) -> None:
    listing = market.published()
    offering.open_to_grab(listing, 1, account=market.office)
    taken = ask("POST", f"/needs/{listing.number}/grab", market.officers[0])
    assert (taken.status_code, taken.json()["state"]) == (200, "taken")
    full = ask("POST", f"/needs/{listing.number}/grab", market.officers[1])
    assert full.json()["code"] == "finance.no_place"
    assert [row["number"] for row in ask("GET", "/dealings", market.officers[0]).json()] == [listing.number]
    assert ask("GET", "/dealings", market.officers[1]).json() == []


def test_a_file_of_drawdowns_is_reported_line_by_line(market: Market) -> None:
    one = market.brought("signed", wan=100)
    headers = {"Authorization": f"Bearer {Token.issue(market.officers[0], '测试')[1]}"}
    content = csv_of(market, one, ("放款", "AP-1", "100000"), ("放款", "AP-2", "oops"))
    for expected in ((1, 0, 1), (0, 1, 1)):
        sent = {"file": SimpleUploadedFile("a.csv", content)}
        told = Client().post(f"{BASE}/drawdowns/import", sent, headers=headers).json()
        assert (told["recorded"], told["unchanged"], told["failed"]) == expected, told
    assert told["lines"][1]["code"] == "finance.unreadable"


@pytest.mark.parametrize(
    "change",
    [{"amount_fen": 0}, {"term_months": 999}, {"purpose": "gambling"}, {"guarantee": ""}, {"enterprise": "9" * 18}, {"rate_bp": -1}],
)  # fmt: skip
def test_what_is_wrong_is_a_problem(market: Market, ask: Ask, change: dict[str, Any]) -> None:
    told = ask("POST", "/needs", market.asker, need_of(market, key="", **change))
    assert told.status_code in (400, 404, 422)
    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["code"]
