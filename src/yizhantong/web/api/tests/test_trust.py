"""Snapshots, proofs, checks and divisions over the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.ledger import proofs
from yizhantong.web.api.tests.conftest import Ask, Town, problem

pytestmark = pytest.mark.django_db
S, T = "/ledgers/investment.signing", "/ledgers/training.session"


def test_a_published_figure_can_be_counted_again(ask: Ask, town: Town) -> None:
    body = {"codes": ["investment.signed_amount"], "note": "月报"}
    made = ask("POST", "/snapshots", who="statistician", body=body)
    assert made.status_code == 201, made.content
    (item,) = json.loads(made.content)["items"]
    assert (item["shown"], item["raw"], item["note"]) == ("6.00", "60000000000", "月报")
    assert set(item["seal"]) == {"investment.signing"}
    assert json.loads(ask("GET", f"/snapshots/{item['id']}").content) == item
    listed = json.loads(ask("GET", "/snapshots?figure=investment.signed_amount&size=1").content)
    assert [found["id"] for found in listed["items"]] == [item["id"]]
    told = json.loads(ask("GET", f"/snapshots/{item['id']}/check").content)
    assert (told["agrees"], told["recomputed"], told["reasons"]) == (True, "6.00", [])


def test_what_cannot_be_published_is_told(ask: Ask) -> None:
    problem(ask("POST", "/snapshots", who="statistician", body={"codes": []}), 400, "api.invalid")
    problem(ask("POST", "/snapshots", who="statistician", body={"codes": ["no.such"]}), 404, "figures.unknown_figure")
    future = {"codes": ["investment.signed_amount"], "as_of": "2030-01-01"}
    problem(ask("POST", "/snapshots", who="statistician", body=future), 422, "figures.future")
    problem(ask("GET", "/snapshots/99999"), 404, "figures.unknown_snapshot")
    problem(ask("GET", "/snapshots/99999/check"), 404, "figures.unknown_snapshot")
    problem(ask("GET", "/snapshots/99999999999999999999"), 400, "api.invalid")


def test_snapshots_go_on_page_by_page(ask: Ask) -> None:
    codes = ["investment.signed_amount", "investment.projects", "investment.large_amount"]
    ask("POST", "/snapshots", who="statistician", body={"codes": codes})
    first = json.loads(ask("GET", "/snapshots?size=1").content)
    rest = json.loads(ask("GET", f"/snapshots?after={first['after']}").content)
    assert [item["figure"] for item in [*first["items"], *rest["items"]]] == codes[::-1]
    assert rest["after"] is None


def test_proofs_hold_and_altered_ones_do_not(ask: Ask, town: Town) -> None:
    number = town.facts["training.session"][3]
    proof = json.loads(ask("GET", f"{T}/facts/{number}/proof", who="statistician").content)
    assert proofs.verify_inclusion(proof)
    assert json.loads(ask("POST", "/proofs/verify", body=proof).content) == {"kind": proofs.INCLUSION, "holds": True}
    proof["record"]["attendance"] += 1
    assert json.loads(ask("POST", "/proofs/verify", body=proof).content)["holds"] is False
    consistent = json.loads(ask("GET", f"{T}/consistency?earlier=1&later=1").content)
    assert json.loads(ask("POST", "/proofs/verify", body=consistent).content)["holds"] is True


@pytest.mark.parametrize(
    "proof",
    [
        {"kind": proofs.INCLUSION},
        {"kind": proofs.INCLUSION, "schema": 1, "record": [], "path": {}, "root": None},
        {"kind": proofs.CONSISTENCY, "earlier": [], "later": {}, "path": [1]},
        {"kind": proofs.CONSISTENCY, "earlier": {"segments": -1, "head": ""}, "later": {"segments": 2**70, "head": "00"}, "path": []},
        {"kind": proofs.CONSISTENCY, "earlier": {"segments": "a", "head": "zz"}, "later": {"segments": 1, "head": "00"}, "path": []},
        {"kind": proofs.CONSISTENCY, "earlier": {"segments": 1, "head": 5}, "later": {"segments": 1, "head": 5}, "path": None},
    ],
)  # fmt: skip
def test_what_is_no_proof_does_not_hold(ask: Ask, proof: dict[str, Any]) -> None:
    response = ask("POST", "/proofs/verify", body=proof)
    assert response.status_code == 200, response.content
    assert json.loads(response.content)["holds"] is False


def test_proofs_that_cannot_be_are_told(ask: Ask, town: Town) -> None:
    problem(ask("POST", "/proofs/verify", body={"kind": "other"}), 400, "api.invalid")
    problem(
        ask("GET", f"{T}/facts/{town.facts['training.session'][-1]}/proof", who="statistician"),
        404,
        "proofs.not_sealed",
    )
    problem(ask("GET", f"{T}/consistency?earlier=2"), 404, "proofs.no_such_segment")
    problem(ask("GET", f"{T}/consistency"), 400, "api.invalid")


def test_segments_chain_and_a_ledger_can_be_recomputed(ask: Ask) -> None:
    (segment,) = json.loads(ask("GET", f"{T}/segments").content)["items"]
    assert (segment["number"], segment["count"], len(segment["head"])) == (1, 40, 64)
    told = json.loads(ask("GET", f"{T}/verification", who="statistician").content)
    assert (told["ok"], told["ledgers"][0]["sealed"], told["ledgers"][0]["open"]) == (True, 40, 20)
    assert told["ledgers"][0]["head"] == segment["head"]


def test_a_draft_is_checked_as_text_or_file_and_kept_for_its_author(ask: Ask, town: Town) -> None:
    text = "今年以来,全市签约项目90个,其中1亿元以上62个。"
    made = ask("POST", "/checks", who="clerk", body={"text": text, "as_of": "2021-08-16", "ledger": False})
    assert made.status_code == 201, made.content
    told = json.loads(made.content)
    assert {"claims", "relations", "conflicts", "repeats", "breaks"} <= set(told["result"])
    assert 90 in [claim["number"] for claim in told["result"]["claims"]]
    assert json.loads(ask("GET", made["Location"], who="clerk").content) == told
    problem(ask("GET", made["Location"], who="journalist"), 404, "articles.no_such_check")
    headers = {"Authorization": f"Bearer {town.tokens['clerk']}"}
    data = {"file": SimpleUploadedFile("稿.txt", text.encode("gb18030")), "ledger": "false", "as_of": "2021-08-16"}
    sent = Client().post("/api/v1/checks", data, headers=headers)
    assert sent.status_code == 201, sent.content
    assert json.loads(sent.content)["result"]["claims"] == told["result"]["claims"]


def test_a_draft_is_compared_with_the_ledgers(ask: Ask) -> None:
    made = ask("POST", "/checks", who="journalist", body={"text": "今年以来,全市签约额7亿元。"})
    claim = json.loads(made.content)["result"]["claims"][0]
    assert (claim["figure"], claim["verdict"], claim["ledger_value"]) == ("investment.signed_amount", "differs", 6)


def test_drafts_that_are_none_are_told(ask: Ask, town: Town) -> None:
    problem(ask("POST", "/checks", who="clerk", body={"text": ""}), 400, "api.invalid")
    problem(ask("POST", "/checks", who="clerk", body={"text": " \n"}), 422, "articles.empty")
    problem(ask("POST", "/checks", who="clerk", body={"text": "x", "as_of": "2021-08-17"}), 422, "figures.future")
    problem(ask("POST", "/checks", who="clerk", body=[1]), 400, "api.invalid")
    problem(ask("POST", "/checks", who="clerk", body={"text": "x", "more": 1}), 400, "api.invalid")
    client = Client(headers={"Authorization": f"Bearer {town.tokens['clerk']}"})
    binary = SimpleUploadedFile("a.docx", bytes(range(256)) * 40)
    problem(client.post("/api/v1/checks", {"file": binary}), 422, "articles.not_text")  # type: ignore[arg-type]
    problem(client.post("/api/v1/checks", {"ledger": "true"}), 400, "api.invalid")  # type: ignore[arg-type]
    problem(client.post("/api/v1/checks", "text", content_type="text/plain"), 415, "api.content_type")  # type: ignore[arg-type]


def test_divisions_come_with_their_codes_in_two_queries(ask: Ask) -> None:
    with CaptureQueriesContext(connection) as seen:
        found = json.loads(ask("GET", "/divisions").content)
    assert len(seen) == 2
    by_code = {item["code"]: item for item in found["items"]}
    assert found["root"] == "2107"
    assert by_code["210781"]["codes"][0]["source"]
    assert by_code["JZ-BH"]["level"] == "zone"
    under = json.loads(ask("GET", "/divisions?under=JZ-BH&level=township").content)["items"]
    assert under
    assert {item["unit"] for item in under} == {"JZ-BH"}
    problem(ask("GET", "/divisions?under=999"), 404, "figures.unknown_division")
    problem(ask("GET", "/divisions?level=planet"), 400, "api.invalid")
