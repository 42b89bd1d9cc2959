"""Ledgers and facts over the API: what columns mean, pages, recording, taking back, and the same thing sent twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.ledger import ledger
from yizhantong.web.api.tests.conftest import AWAY, HOME, Ask, Town, body_of, problem, signing

pytestmark = pytest.mark.django_db
S, T = "/ledgers/investment.signing", "/ledgers/training.session"


def test_a_ledger_tells_what_its_columns_mean(ask: Ask) -> None:
    found = json.loads(ask("GET", S).content)
    fields = {item["column"]: item for item in found["fields"]}
    assert found["key"] == ["project"]
    assert (fields["contract_fen"]["unit"], fields["contract_fen"]["factor"]) == ("万元", "1000000")
    assert {"code": "formal", "label": "正式合同"} in fields["agreement"]["choices"]
    assert fields["industrial"]["type"] == "boolean"
    assert "source" not in fields
    assert "source" in {item["column"] for item in json.loads(ask("GET", S, who="clerk").content)["fields"]}
    problem(ask("GET", "/ledgers/no.such"), 404, "ledger.unknown")


def test_the_audit_ledger_is_not_even_listed(ask: Ask) -> None:
    codes = {item["code"] for item in json.loads(ask("GET", "/ledgers").content)["items"]}
    assert "investment.signing" in codes
    assert "ledger.audit" not in codes


def test_pages_go_on_by_key_and_hold_every_fact_once(ask: Ask) -> None:
    seen: list[int] = []
    after = ""
    while not seen or after:
        page = json.loads(ask("GET", f"{T}/facts?size=25&after={after}").content)
        seen += [item["id"] for item in page["items"]]
        after = page["after"]
    assert (len(seen), len(set(seen)), page["count"], page["capped"]) == (60, 60, 60, False)
    problem(ask("GET", f"{T}/facts?after=nowhere"), 422, "ledger.page")
    problem(ask("GET", f"{T}/facts?size=0"), 400, "api.invalid")
    problem(ask("GET", f"{T}/facts?size=501"), 400, "api.invalid")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("since=2021-02-10&until=2021-02-11", 4),
        (f"division={HOME}", 20),
        ("filter=attendance:31", 1),
        (f"filter=kind:technical&filter=division_id:{AWAY}", 20),
        ("filter=session:PX-007&in_force=true", 1),
        ("q=PX-00", 10),
        ("q=没有", 0),
    ],
)
def test_filters_narrow_down(ask: Ask, query: str, count: int) -> None:
    assert json.loads(ask("GET", f"{T}/facts?{query}").content)["count"] == count


@pytest.mark.parametrize(
    "query",
    ["filter=attendance", "filter=attendance:x", "filter=source:test", "filter=occurred_on:x", "division=99",
     "filter=attendance:99999999999999999999", "filter=recorded_at:2021-01-01", "q=%00", "filter=session:%00"],
)  # fmt: skip
def test_filters_that_cannot_be_are_told(ask: Ask, query: str) -> None:
    response = ask("GET", f"{T}/facts?{query}")
    problem(response, 422, json.loads(response.content)["code"])


def test_lists_ask_two_queries_whatever_their_size(ask: Ask) -> None:
    for size in (5, 500):
        with CaptureQueriesContext(connection) as seen:
            assert ask("GET", f"{T}/facts?size={size}").status_code == 200
        assert len(seen) == 2, [query["sql"][:100] for query in seen]


def test_a_fact_is_recorded_and_can_be_read_at_its_address(ask: Ask, town: Town) -> None:
    made = ask("POST", f"{S}/facts", who="clerk", body=body_of(signing(town, 100)) | {"note": "补录"})
    assert made.status_code == 201, made.content
    told = json.loads(made.content)
    assert made["Location"] == f"/api/v1{S}/facts/{told['id']}"
    assert (told["values"]["contract_fen"], told["note"], told["sign"]) == (10_000_000_000, "补录", 1)
    assert told["source"].startswith("api:")
    assert told["source"].endswith(":测试")
    assert json.loads(ask("GET", made["Location"], who="clerk").content) == told
    assert "private" in made["Cache-Control"]
    problem(ask("POST", f"{S}/facts", who="clerk", body=body_of(signing(town, 100))), 409, "ledger.key_taken")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"occurred_on": "2021-08-17"}, 422, "ledger.future", "发生日期"),
        ({"occurred_on": "16.8.2021"}, 400, "api.invalid", "occurred_on"),
        ({"values": {"contract_fen": "1"}}, 422, "ledger.type", "合同额"),
        ({"values": {"contract_fen": 1.5}}, 422, "ledger.type", "合同额"),
        ({"values": {"contract_fen": 10**30}}, 422, "ledger.range", "合同额"),
        ({"values": {"contract_fen": True}}, 422, "ledger.type", "合同额"),
        ({"values": {"chapter": ["new"]}}, 422, "ledger.type", "三篇大文章"),
        ({"values": {"chapter": "none"}}, 422, "ledger.choice", "三篇大文章"),
        ({"values": {"name": "\u0000"}}, 422, "ledger.text", "项目名称"),
        ({"values": {"name": "\ud800"}}, 422, "ledger.text", "项目名称"),
        ({"values": {"investor_id": "91000000000000000X"}}, 422, "ledger.reference_unknown", "投资方"),
        ({"values": {"sign": -1}}, 422, "ledger.unknown_column", "sign"),
        ({"values": {"recorded_at": "2020-01-01"}}, 422, "ledger.unknown_column", "recorded_at"),
        ({"division_id": "999999"}, 422, "ledger.division_unknown", "区划"),
        ({"note": "长" * 201}, 400, "api.invalid", "note"),
        ({"extra": 1}, 400, "api.invalid", "extra"),
    ],
)
def test_what_is_wrong_with_a_fact_is_told_at_its_field(
    ask: Ask, town: Town, change: dict[str, Any], status: int, code: str, field: str
) -> None:
    body = body_of(signing(town, 101))
    body["values"] |= change.get("values", {})
    body |= {name: value for name, value in change.items() if name != "values"}
    told = problem(ask("POST", f"{S}/facts", who="statistician", body=json.dumps(body)), status, code)
    assert told["errors"][0]["field"].endswith(field)


def test_a_fact_is_taken_back_once(ask: Ask, town: Town) -> None:
    path = f"{S}/facts/{town.facts['investment.signing'][0]}/reversal"
    problem(ask("POST", path, who="clerk", body={"reason": ""}), 400, "api.invalid")
    problem(ask("POST", path, who="clerk", body={"reason": " "}), 422, "ledger.missing")
    made = ask("POST", path, who="clerk", body={"reason": "重复登记"})
    red = json.loads(made.content)
    assert (made.status_code, red["sign"], red["note"]) == (201, -1, "重复登记")
    assert red["reverses_id"] == town.facts["investment.signing"][0]
    problem(ask("POST", path, who="clerk", body={"reason": "再来"}), 409, "ledger.already_reversed")
    again = ask("POST", f"{S}/facts/{red['id']}/reversal", who="clerk", body={"reason": "再来"})
    problem(again, 409, "ledger.reversal_of_reversal")
    assert json.loads(ask("GET", "/figures/investment.signed_amount").content)["text"] == "5.00"


def test_the_same_key_and_body_give_the_same_fact(ask: Ask, town: Town) -> None:
    facts = ledger("investment.signing").model._default_manager
    before, key = facts.count(), {"Idempotency-Key": "k-1"}
    body = body_of(signing(town, 102))
    first = ask("POST", f"{S}/facts", who="clerk", body=body, headers=key)
    again = ask("POST", f"{S}/facts", who="clerk", body=body, headers=key)
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert first["Location"] == again["Location"]
    assert facts.count() == before + 1
    other = ask("POST", f"{S}/facts", who="clerk", body=body_of(signing(town, 103)), headers=key)
    problem(other, 409, "api.idempotency_key_reused")
    somebody = ask("POST", f"{S}/facts", who="statistician", body=body_of(signing(town, 104)), headers=key)
    assert somebody.status_code == 201


def test_a_key_is_free_again_after_a_refusal(ask: Ask, town: Town) -> None:
    key = {"Idempotency-Key": "k-2"}
    bad = body_of(signing(town, 105, contract_fen=0))
    problem(ask("POST", f"{S}/facts", who="clerk", body=bad, headers=key), 422, "investment.amount")
    assert ask("POST", f"{S}/facts", who="clerk", body=body_of(signing(town, 105)), headers=key).status_code == 201
    problem(
        ask("POST", f"{S}/facts", who="clerk", body=bad, headers={"Idempotency-Key": "k" * 201}), 400, "api.invalid"
    )


def test_taking_back_can_be_sent_again_too(ask: Ask, town: Town) -> None:
    path, key = f"{S}/facts/{town.facts['investment.signing'][0]}/reversal", {"Idempotency-Key": "k-3"}
    first = ask("POST", path, who="clerk", body={"reason": "误录"}, headers=key)
    again = ask("POST", path, who="clerk", body={"reason": "误录"}, headers=key)
    assert (first.status_code, first.content) == (201, again.content)
