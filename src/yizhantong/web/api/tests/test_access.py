"""Who may do what: every operation, asked by the public, by clerks of two counties, by a journalist, by a statistician."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from yizhantong.kernel.access.models import Token, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger import ledger
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.web import second_factor
from yizhantong.web.api import api
from yizhantong.web.api.tests.conftest import AWAY, HOME, Ask, Town, body_of, problem, signing
from yizhantong.web.api.tokens import bearer

pytestmark = pytest.mark.django_db
WHO = ("", "journalist", "clerk", "other", "statistician")
PUBLIC = (200, 200, 200, 200, 200)
S, G = "investment.signing", "training.graduation"
CSV = "项目编号\n"

SIGNED_IN = (401, 200, 200, 200, 200)
NOBODYS = (401, 404, 404, 404, 404)
ON_A_CASE: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "/cases/{number}"): {},
    ("GET", "/cases/{number}/files/{file_id}"): {},
    ("PUT", "/drafts/{number}"): {"data": {}},
    ("DELETE", "/drafts/{number}"): {},
    ("POST", "/drafts/{number}/renewal"): {},
    ("POST", "/drafts/{number}/submission"): {},
    ("POST", "/cases/{number}/query-password"): {},
    ("POST", "/cases/{number}/acceptance"): {},
    ("POST", "/cases/{number}/refusal"): {"reason": "不属于本机关职责", "law": "行政许可法第三十二条"},
    ("POST", "/cases/{number}/supplement-notice"): {"defects": [{"text": "缺营业执照"}]},
    ("POST", "/cases/{number}/supplement"): {},
    ("POST", "/cases/{number}/steps/{step}/completion"): {"outcome": "pass"},
    ("POST", "/cases/{number}/steps/{step}/claim"): {},
    ("POST", "/cases/{number}/steps/{step}/release"): {},
    ("POST", "/cases/{number}/confirmation"): {"solved": True},
    ("POST", "/cases/{number}/withdrawal"): {"reason": "不办了"},
    ("POST", "/cases/{number}/dispute"): {"reason": "不服"},
    ("POST", "/cases/{number}/rating"): {"rating": 5},
    ("POST", "/cases/{number}/messages"): {"text": "请问进展"},
    ("POST", "/cases/{number}/materials/{material}/files"): {},
    ("POST", "/cases/{number}/materials/{material}"): {"mode": "committed"},
}
"""Operations on one case with a body that is right; who may do them to which case is tried in ``test_cases``."""

MATRIX: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", "/figures"): ("/figures?zone=investment", PUBLIC),
    ("GET", "/figures/{code}"): ("/figures/investment.signed_amount", PUBLIC),
    ("GET", "/figures/{code}/series"): ("/figures/investment.signed_amount/series", PUBLIC),
    ("GET", "/figures/{code}/parts"): ("/figures/investment.signed_amount/parts", PUBLIC),
    ("GET", "/figures/{code}/records"): ("/figures/investment.signed_amount/records", PUBLIC),
    ("GET", "/snapshots"): ("/snapshots", PUBLIC),
    ("POST", "/snapshots"): ("/snapshots", (401, 403, 403, 403, 201)),
    ("GET", "/snapshots/{snapshot_id}"): ("/snapshots/{snapshot}", PUBLIC),
    ("GET", "/snapshots/{snapshot_id}/check"): ("/snapshots/{snapshot}/check", PUBLIC),
    ("GET", "/ledgers"): ("/ledgers", PUBLIC),
    ("GET", "/ledgers/{code}"): ("/ledgers/ledger.audit", (401, 403, 403, 403, 403)),
    ("GET", "/ledgers/{code}/facts"): ("/ledgers/ledger.audit/facts", (401, 403, 403, 403, 403)),
    ("POST", "/ledgers/{code}/facts"): (f"/ledgers/{S}/facts", (401, 403, 201, 403, 201)),
    ("GET", "/ledgers/{code}/facts/{fact_id}"): (f"/ledgers/{S}/facts/{{home}}", (200, 200, 200, 404, 200)),
    ("POST", "/ledgers/{code}/facts/{fact_id}/reversal"): (
        f"/ledgers/{S}/facts/{{home}}/reversal",
        (401, 403, 201, 404, 201),
    ),
    ("GET", "/ledgers/{code}/template"): (f"/ledgers/{S}/template", PUBLIC),
    ("POST", "/ledgers/{code}/imports"): (f"/ledgers/{S}/imports?dry_run=true", (401, 403, 200, 200, 200)),
    ("GET", "/ledgers/{code}/export"): (f"/ledgers/{S}/export", PUBLIC),
    ("POST", "/checks"): ("/checks", (401, 201, 201, 403, 201)),
    ("GET", "/checks/{key}"): ("/checks/nobodys", (401, 404, 404, 404, 404)),
    ("GET", "/ledgers/{code}/segments"): (f"/ledgers/{S}/segments", PUBLIC),
    ("GET", "/ledgers/{code}/facts/{fact_id}/proof"): (f"/ledgers/{S}/facts/{{home}}/proof", (401, 403, 200, 404, 200)),
    ("GET", "/ledgers/{code}/consistency"): (f"/ledgers/{S}/consistency?earlier=1", PUBLIC),
    ("POST", "/proofs/verify"): ("/proofs/verify", PUBLIC),
    ("GET", "/ledgers/{code}/verification"): (f"/ledgers/{S}/verification", (401, 403, 200, 200, 200)),
    ("GET", "/divisions"): ("/divisions?level=county", PUBLIC),
    ("GET", "/verify/{code}"): ("/verify/NOBODYS", (404,) * 5),
    ("GET", "/search"): ("/search?q=办事", PUBLIC),
    ("GET", "/notices"): ("/notices", SIGNED_IN),
    ("POST", "/notices/{notice_id}/read"): ("/notices/1/read", NOBODYS),
    ("POST", "/notices/read-all"): ("/notices/read-all", SIGNED_IN),
    ("GET", "/notices/preferences"): ("/notices/preferences", SIGNED_IN),
    ("PUT", "/notices/preferences"): ("/notices/preferences", SIGNED_IN),
    ("GET", "/items"): ("/items", PUBLIC),
    ("GET", "/items/{code}"): ("/items/demo.permit", PUBLIC),
    ("GET", "/items/{code}/form"): ("/items/demo.permit/form", PUBLIC),
    ("GET", "/items/{code}/flow.bpmn"): ("/items/demo.permit/flow.bpmn", PUBLIC),
    ("GET", "/items/{code}/prefill"): ("/items/demo.permit/prefill?applicant=self", (401, 403, 403, 403, 403)),
    ("GET", "/cases"): ("/cases", SIGNED_IN),
    ("POST", "/cases"): ("/cases", (401, 403, 403, 403, 403)),
    ("GET", "/cases/mine"): ("/cases/mine", SIGNED_IN),
    ("GET", "/cases/todo"): ("/cases/todo", SIGNED_IN),
    ("POST", "/progress"): ("/progress", (404,) * 5),
    ("POST", "/drafts"): ("/drafts", (401, 403, 403, 403, 403)),
    **{
        operation: (operation[1].format(number="NOBODYS", step="review", material="report", file_id=1), NOBODYS)
        for operation in ON_A_CASE
    },
}
"""By method and path of each operation: an address, and the status for each of ``WHO``."""


def operations() -> list[tuple[str, str]]:
    """Return every operation of the shell's own API; those of zones are tried by the zones."""
    paths = {path.removeprefix("/api/v1"): found for path, found in api.get_openapi_schema()["paths"].items()}
    own = {path: found for path, found in paths.items() if path.split("/")[1] not in settings.ZONES}
    return [(method.upper(), path) for path, found in own.items() for method in found]


def body_for(operation: tuple[str, str], town: Town) -> dict[str, Any]:
    """Return what goes with a writing operation."""
    bodies: dict[str, dict[str, Any]] = {
        "/snapshots": {"codes": ["investment.signed_amount"]},
        "/ledgers/{code}/facts": body_of(signing(town, 900)),
        "/ledgers/{code}/facts/{fact_id}/reversal": {"reason": "登记有误"},
        "/checks": {"text": "全市签约项目6个。", "ledger": False},
        "/proofs/verify": {"kind": "yizhantong consistency proof v1"},
        "/notices/preferences": {"items": [{"kind": "cases.progress", "channel": "mail", "mode": "off"}]},
        "/progress": {"number": "2021081600000000000", "password": "000000"},
        "/cases": {"item": "demo.permit", "applicant": "self"},
        "/drafts": {"item": "demo.permit", "applicant": town.enterprise},
    }
    if operation[1].endswith(("/imports", "/files")):
        boundary = "x"
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n{CSV}\r\n--{boundary}--\r\n'
        return {"body": part, "content_type": f"multipart/form-data; boundary={boundary}"}
    if operation in ON_A_CASE:
        return {"body": ON_A_CASE[operation]} if ON_A_CASE[operation] or operation[0] in ("PUT", "POST") else {}
    return {"body": bodies[operation[1]]} if operation[0] != "GET" and operation[1] in bodies else {}


def test_the_matrix_names_every_operation() -> None:
    assert set(MATRIX) == set(operations())


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", list(MATRIX), ids=" ".join)
def test_each_may_what_is_allowed(ask: Ask, town: Town, operation: tuple[str, str], who: str) -> None:
    path, wanted = MATRIX[operation]
    status = wanted[WHO.index(who)]
    if "{snapshot}" in path:
        made = ask("POST", "/snapshots", who="statistician", body={"codes": ["investment.signed_amount"]})
        path = path.format(snapshot=json.loads(made.content)["items"][0]["id"])
    path = path.format(home=town.facts[S][0])
    before = {code: ledger(code).model._default_manager.count() for code in (S, G)}
    response = ask(operation[0], path, who=who, **body_for(operation, town))
    assert response.status_code == status, response.content.decode()[:500]
    if status >= 400:
        told = json.loads(response.content)
        problem(response, status, told["code"])
        assert before == {code: ledger(code).model._default_manager.count() for code in (S, G)}
    assert ("WWW-Authenticate" in response) == (status == 401)


def test_facts_of_another_county_are_not_there(ask: Ask, town: Town) -> None:
    page = json.loads(ask("GET", f"/ledgers/{S}/facts", who="other").content)
    assert {item["division_id"] for item in page["items"]} == {AWAY}
    everyone = json.loads(ask("GET", f"/ledgers/{S}/facts").content)
    assert len(everyone["items"]) == 6


def test_personal_columns_are_masked_whoever_asks(ask: Ask) -> None:
    path = f"/ledgers/{G}/facts"
    assert "trainee" not in json.loads(ask("GET", path).content)["items"][0]["values"]
    for who in ("clerk", "statistician"):
        assert json.loads(ask("GET", path, who=who).content)["items"][0]["values"]["trainee"] == "P00********02"
    problem(ask("GET", f"{path}?filter=trainee:P000000000000", who="statistician"), 422, "ledger.filter")


def test_a_proof_with_personal_columns_is_for_those_who_may_reveal_them(ask: Ask, town: Town) -> None:
    path = f"/ledgers/{G}/facts/{town.facts[G][0]}/proof"
    problem(ask("GET", path, who="clerk"), 403, "access.refused")
    assert ask("GET", path, who="statistician").status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer nothing", "Basic YTpi", "bearer  ", "Bearer " + "x" * 300])
def test_a_bad_key_is_refused_even_where_the_public_may_read(ask: Ask, header: str) -> None:
    response = ask("GET", "/ledgers", headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_keys_expire_and_die_with_their_account(ask: Ask, town: Town) -> None:
    user = town.users["clerk"]
    expired = Token.issue(user, "旧", expires_on=dt.date(2021, 8, 15))[1]
    today = Token.issue(user, "今", expires_on=dt.date(2021, 8, 16))[1]
    assert ask("GET", "/ledgers", headers={"Authorization": f"Bearer {today}"}).status_code == 200
    problem(ask("GET", "/ledgers", headers={"Authorization": f"Bearer {expired}"}), 401, "access.bad_token")
    User.objects.filter(pk=user.pk).update(is_active=False)
    problem(ask("GET", "/ledgers", who="clerk"), 401, "access.bad_token")


def test_a_session_reads_freely_and_writes_with_its_csrf_token(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.users["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/api/v1/ledgers/{S}/facts").status_code == 200
    path, body = f"/api/v1/ledgers/{S}/facts", json.dumps(body_of(signing(town, 901)))
    problem(client.post(path, body, content_type="application/json"), 403, "access.csrf")  # type: ignore[arg-type]
    client.cookies["csrftoken"] = "a" * 32
    made = client.post(path, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert made.status_code == 201, made.content
    assert json.loads(made.content)["source"] == "api:clerk"


def test_staff_owe_their_second_factor(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell leads them to its page before the API is reached; the API would not let them in either."""
    User.objects.filter(pk=town.users["clerk"].pk).update(is_staff=True)
    client = Client()
    client.force_login(town.users["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr(second_factor, "OPEN_PATHS", (*second_factor.OPEN_PATHS, "/api/"))
    problem(client.get(f"/api/v1/ledgers/{S}/facts"), 403, "access.second_factor")  # type: ignore[arg-type]


def test_a_refusal_is_an_audit_fact(ask: Ask, town: Town) -> None:
    problem(ask("POST", f"/ledgers/{S}/facts", who="other", body=body_of(signing(town, 902))), 403, "access.refused")
    event = AuditEvent.objects.latest("id")
    assert (event.event, event.actor, event.target, event.result) == ("refused", "other", "ledger.record", "refused")
    assert HOME in event.detail


def test_a_token_brings_the_account_as_the_database_has_it_and_dies_at_once() -> None:
    user = User.objects.create(username="bearer", display_name="演示", last_login=clock.now(), is_staff=True)
    token, key = Token.issue(user, "test", expires_on=clock.today())
    found = bearer(key)
    assert found is not None
    assert {field.attname: getattr(found.user, field.attname) for field in User._meta.concrete_fields} == {
        field.attname: getattr(User.objects.get(pk=user.pk), field.attname) for field in User._meta.concrete_fields
    }
    assert (found.pk, found.expires_on, found.created_at) == (token.pk, clock.today(), token.created_at)
    Token.objects.filter(pk=token.pk).update(expires_on=clock.today() - dt.timedelta(days=1))
    assert bearer(key) is None, "expired"
    Token.objects.filter(pk=token.pk).update(expires_on=None)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert bearer(key) is None, "the account was closed"
