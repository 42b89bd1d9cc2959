"""Whatever goes wrong is a problem (RFC 9457), from an unknown address to a fault of our own; and what surrounds answers."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client

from yizhantong.kernel.figures import queries
from yizhantong.web.api import auth
from yizhantong.web.api.auth import PublicThrottle
from yizhantong.web.api.tests.conftest import Ask, Town, body_of, problem, signing

pytestmark = pytest.mark.django_db
F = "/ledgers/investment.signing/facts"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v2/figures", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/figures/"]
)
def test_unknown_addresses(ask: Ask, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        problem(ask(method, path), 404, "api.unknown_address")


def test_methods_that_are_not_there_name_those_that_are(ask: Ask) -> None:
    response = ask("DELETE", F)
    problem(response, 405, "api.method")
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"
    response = ask("TRACE", "/divisions")
    problem(response, 405, "api.method")
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    problem(ask("POST", "/openapi.json"), 405, "api.method")


def test_options_and_head(ask: Ask) -> None:
    response = ask("OPTIONS", F)
    assert (response.status_code, response["Allow"], response.content) == (204, "GET, POST, HEAD, OPTIONS", b"")
    head, get = ask("HEAD", "/ledgers"), ask("GET", "/ledgers")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"]
    assert "Authorization" in get["Vary"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"{'a': 1}",
        b'{"values": NaN}',
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
        b"null",
    ],
    ids=["cut", "nothing", "quotes", "nan", "utf-16", "deep", "long", "null"],
)
def test_bodies_that_are_no_json(ask: Ask, body: bytes) -> None:
    response = ask("POST", F, who="clerk", body=body)
    told = problem(response, 400, json.loads(response.content)["code"])
    assert told["code"] in ("api.unreadable_json", "api.invalid")


def test_a_body_of_another_type_or_too_large(ask: Ask, town: Town, settings: pytest.FixtureRequest) -> None:
    problem(ask("POST", F, who="clerk", body=b"<a/>", content_type="text/xml"), 415, "api.content_type")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100  # type: ignore[attr-defined]
    problem(ask("POST", F, who="clerk", body=body_of(signing(town, 1))), 413, "api.too_large")
    settings.YZT_IMPORT_MAX_BYTES = -(1024 * 1024)  # type: ignore[attr-defined]
    problem(ask("POST", F, who="clerk", body=body_of(signing(town, 1))), 413, "api.too_large")


def test_a_fault_of_our_own_tells_nothing_of_its_inside(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(queries, "values", broken)
    with caplog.at_level(logging.ERROR):
        told = problem(ask("GET", "/figures"), 500, "api.failed")
    assert "secret" not in json.dumps(told)
    assert "secret of the inside" in caplog.text


def test_a_database_that_is_busy_for_too_long_is_said_to_be_busy(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_given: object, **_named: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(queries, "values", locked)
    answer = ask("GET", "/figures")
    problem(answer, 503, "api.busy")
    assert answer["Retry-After"] == "5"


def test_the_public_is_bounded_and_accounts_are_not(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PublicThrottle, "allow_request", _only(3))
    for _time in range(3):
        assert ask("GET", "/figures/investment.signed_amount").status_code == 200
    response = ask("GET", "/figures/investment.signed_amount", headers={"X-Forwarded-For": "10.0.0.9"})
    problem(response, 429, "api.too_many_requests")
    assert int(response["Retry-After"]) > 0
    assert ask("GET", "/figures/investment.signed_amount", who="journalist").status_code == 200
    assert ask("GET", "/ledgers").status_code == 200


def _only(most: int):  # type: ignore[no-untyped-def]
    original = PublicThrottle.allow_request

    def allow(self: PublicThrottle, request: object) -> bool:
        usual, self.num_requests = self.num_requests, most
        try:
            return original(self, request)  # type: ignore[arg-type]
        finally:
            self.num_requests = usual

    return allow


def test_answers_are_compact_utf_8(ask: Ask) -> None:
    content = ask("GET", "/ledgers/investment.signing").content
    assert "签约台账".encode() in content
    assert b"\\u" not in content
    assert b'": ' not in content


def test_the_description_and_its_page(ask: Ask) -> None:
    described = json.loads(ask("GET", "/openapi.json").content)
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            problems = [status for status in operation["responses"] if status.startswith(("4", "5"))]
            assert {"400", "401", "403", "404", "405", "422", "429", "500"} <= set(problems), (path, method)
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert all(path in text for path in described["paths"])
    assert "<script>" not in text
    assert "style=" not in text
    assert auth.SCHEMES.keys() == described["components"]["securitySchemes"].keys()


@pytest.mark.parametrize("unfit", ["\\u0000", "\\ud800"])
def test_texts_that_no_database_keeps(ask: Ask, town: Town, unfit: str) -> None:
    fact = town.facts["investment.signing"][0]
    problem(ask("POST", f"{F}/{fact}/reversal", who="clerk", body=f'{{"reason": "{unfit}"}}'), 422, "api.text")
    problem(ask("POST", "/checks", who="clerk", body=f'{{"text": "{unfit}"}}'), 422, "api.text")
    note = f'{{"codes": ["investment.signed_amount"], "note": "{unfit}"}}'
    problem(ask("POST", "/snapshots", who="statistician", body=note), 422, "api.text")
    problem(ask("POST", "/proofs/verify", body=f'{{"kind": "{unfit}"}}'), 400, "api.invalid")
    extra = f'{{"text": "x", "{unfit}": 1}}'
    problem(ask("POST", "/checks", who="clerk", body=extra), 400, "api.invalid")
    body = json.dumps(body_of(signing(town, 910))).replace("QS-910", unfit)
    problem(ask("POST", F, who="clerk", body=body), 422, "ledger.text")
    strange = json.dumps(body_of(signing(town, 910))).replace('"chapter"', f'"{unfit}"')
    problem(ask("POST", F, who="clerk", body=strange), 422, "ledger.unknown_column")
