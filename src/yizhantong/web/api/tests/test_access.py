"""Who may do what: every operation, asked by the public, by clerks of two counties, by a journalist, by a statistician."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from yizhantong.kernel.access.models import Token, User
from yizhantong.kernel.appointments import actions as appointments
from yizhantong.kernel.appointments.models import Appointment, Hall, Service
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.files.tests import making
from yizhantong.kernel.ledger import ledger
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.testing.items import published_item
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
REFUSED = (401, 403, 403, 403, 403)
UNKNOWN = (404,) * 5
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

BOOKED = "202108170001"
"""An appointment of an enterprise for which none of ``WHO`` acts, at a hall where none of them serves."""
TOMORROW = "2021-08-17T09:00:00+08:00"

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
    ("GET", "/open-data"): ("/open-data", PUBLIC),
    ("GET", "/open-data/{code}"): ("/open-data/divisions", PUBLIC),
    ("GET", "/open-data/{code}/rows"): ("/open-data/divisions/rows", PUBLIC),
    ("GET", "/halls"): ("/halls", PUBLIC),
    ("GET", "/halls/{code}/slots"): ("/halls/city/slots?service=short&day=2021-08-17", PUBLIC),
    ("GET", "/halls/{code}/board"): ("/halls/city/board", PUBLIC),
    ("GET", "/appointments"): ("/appointments", SIGNED_IN),
    ("POST", "/appointments"): ("/appointments", REFUSED),
    ("GET", "/appointments/{number}"): (f"/appointments/{BOOKED}", NOBODYS),
    ("POST", "/appointments/{number}/move"): (f"/appointments/{BOOKED}/move", NOBODYS),
    ("POST", "/appointments/{number}/cancel"): (f"/appointments/{BOOKED}/cancel", NOBODYS),
    **{
        operation: (operation[1].format(number="NOBODYS", step="review", material="report", file_id=1), NOBODYS)
        for operation in ON_A_CASE
    },
}
"""By method and path of each operation of the shell: an address, and the status for each of ``WHO``."""

SEASON, PACKAGE = "/onething/enrolment/seasons/nobodys", "/onething/packages/nobodys"
ZONES: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", "/butler/appeals"): ("/butler/appeals", SIGNED_IN),
    ("POST", "/butler/appeals"): ("/butler/appeals", REFUSED),
    ("GET", "/butler/appeals/{number}"): ("/butler/appeals/NOBODYS", NOBODYS),
    ("POST", "/butler/appeals/{number}/confirmation"): ("/butler/appeals/NOBODYS/confirmation", NOBODYS),
    ("GET", "/butler/answers"): ("/butler/answers?text=用地审批", PUBLIC),
    ("POST", "/butler/visits"): ("/butler/visits", REFUSED),
    ("GET", "/policies/cards"): ("/policies/cards", PUBLIC),
    ("GET", "/policies/cards/{number}"): ("/policies/cards/NOBODYS", UNKNOWN),
    ("GET", "/policies/match"): ("/policies/match?enterprise={enterprise}", NOBODYS),
    ("GET", "/talent/posts"): ("/talent/posts", PUBLIC),
    ("GET", "/talent/posts/{number}"): ("/talent/posts/NOBODYS", UNKNOWN),
    ("POST", "/talent/posts/{number}/candidacies"): ("/talent/posts/NOBODYS/candidacies", NOBODYS),
    ("GET", "/talent/mine"): ("/talent/mine", NOBODYS),
    ("GET", "/finance/products"): ("/finance/products", PUBLIC),
    ("GET", "/finance/products/{code}"): ("/finance/products/NOBODYS", UNKNOWN),
    ("GET", "/finance/needs"): ("/finance/needs", SIGNED_IN),
    ("POST", "/finance/needs"): ("/finance/needs", REFUSED),
    ("GET", "/finance/needs/{number}"): ("/finance/needs/NOBODYS", NOBODYS),
    ("GET", "/finance/needs/{number}/suits"): ("/finance/needs/NOBODYS/suits", NOBODYS),
    ("POST", "/finance/needs/{number}/grab"): ("/finance/needs/NOBODYS/grab", NOBODYS),
    ("POST", "/finance/needs/{number}/look"): ("/finance/needs/NOBODYS/look", NOBODYS),
    ("GET", "/finance/dealings"): ("/finance/dealings", SIGNED_IN),
    ("POST", "/finance/drawdowns/import"): ("/finance/drawdowns/import", REFUSED),
    ("GET", "/onething/packages"): ("/onething/packages", PUBLIC),
    ("GET", "/onething/packages/{code}"): (PACKAGE, UNKNOWN),
    ("GET", "/onething/packages/{code}/spec"): (f"{PACKAGE}/spec", UNKNOWN),
    ("POST", "/onething/packages/{code}/situation"): (f"{PACKAGE}/situation", UNKNOWN),
    ("POST", "/onething/packages/{code}/preview"): (f"{PACKAGE}/preview", NOBODYS),
    ("GET", "/onething/cases/{number}/progress"): ("/onething/cases/NOBODYS/progress", NOBODYS),
    ("GET", "/onething/drafts/{number}/signatures"): ("/onething/drafts/NOBODYS/signatures", NOBODYS),
    ("POST", "/onething/drafts/{number}/signatures/{role}"): ("/onething/drafts/NOBODYS/signatures/spouse", NOBODYS),
    ("DELETE", "/onething/drafts/{number}/signatures/{role}"): ("/onething/drafts/NOBODYS/signatures/spouse", NOBODYS),
    ("GET", "/onething/enrolment/seasons"): ("/onething/enrolment/seasons", PUBLIC),
    ("GET", "/onething/enrolment/seasons/{code}/schools"): (f"{SEASON}/schools?address=演示路", UNKNOWN),
    ("GET", "/onething/enrolment/seasons/{code}/lottery"): (f"{SEASON}/lottery", UNKNOWN),
    ("GET", "/onething/enrolment/seasons/{code}/statistics"): (f"{SEASON}/statistics", UNKNOWN),
    ("POST", "/onething/enrolment/seasons/{code}/submissions"): (f"{SEASON}/submissions", NOBODYS),
    ("GET", "/onething/enrolment/receipts/{receipt}"): (f"/onething/enrolment/receipts/R{0:019}", NOBODYS),
    ("GET", "/crossregion/offers"): ("/crossregion/offers", PUBLIC),
    ("GET", "/crossregion/openings"): ("/crossregion/openings", PUBLIC),
    ("GET", "/crossregion/cases"): ("/crossregion/cases", SIGNED_IN),
    ("POST", "/crossregion/cases"): ("/crossregion/cases", NOBODYS),
    ("POST", "/crossregion/files"): ("/crossregion/files", REFUSED),
    ("GET", "/crossregion/cases/{number}"): ("/crossregion/cases/NOBODYS", NOBODYS),
    ("POST", "/crossregion/cases/{number}/supplement"): ("/crossregion/cases/NOBODYS/supplement", NOBODYS),
    ("POST", "/crossregion/cases/{number}/withdrawal"): ("/crossregion/cases/NOBODYS/withdrawal", NOBODYS),
    ("POST", "/crossregion/cases/{number}/return"): ("/crossregion/cases/NOBODYS/return", NOBODYS),
}
"""The same of zones (``/butler/appeals`` and ``/finance/needs`` of an item in force), for accounts without any right in them; who may do what with cases that are there is tried by each zone."""


BY_LEDGER = {("GET", "/ledgers/{code}"), ("GET", "/ledgers/{code}/facts")}
"""Open to the public for ledgers that are public; ``MATRIX`` asks for one that is not."""
NEEDED = {"/butler/appeals": "butler.approval", "/finance/needs": "finance.need"}


def operations() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return every operation of the API: the shell's own, and those of zones."""
    paths = {path.removeprefix("/api/v1"): found for path, found in api.get_openapi_schema()["paths"].items()}
    every = {(method.upper(), path) for path, found in paths.items() for method in found}
    zones = {operation for operation in every if operation[1].split("/")[1] in settings.ZONES}
    return every - zones, zones


def settle_hall(town: Town) -> None:
    """Open a hall with an appointment of somebody else."""
    agency = Organisation.objects.filter(kind="agency").order_by("pk")[0]
    hall = Hall.objects.create(code="city", name="市厅", agency=agency, division_id=tree.root(), address="演示路 1 号")
    short = Service.objects.create(hall=hall, code="short", name="短事", letter="A", minutes=20)
    window = appointments.add_window(hall, 1, [short], account=None)
    start = dt.datetime.fromisoformat(TOMORROW)
    Appointment.objects.create(
        number=BOOKED, hall=hall, service=short, window=window, start=start, end=start + dt.timedelta(minutes=20),
        organisation_id=town.enterprise, booked_at=clock.now(),
    )  # fmt: skip


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
        "/appointments": {"hall": "city", "service": "short", "start": TOMORROW, "applicant": town.enterprise},
        "/appointments/{number}/move": {"start": TOMORROW},
        **zone_bodies(town),
    }
    if operation[1].endswith(("/imports", "/import", "/files")):
        name, content = ("a.pdf", making.pdf()) if operation[1] == "/crossregion/files" else ("a.csv", CSV.encode())
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        return {"body": head.encode() + content + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    if operation in ON_A_CASE:
        return {"body": ON_A_CASE[operation]} if ON_A_CASE[operation] or operation[0] in ("PUT", "POST") else {}
    return {"body": bodies[operation[1]]} if operation[0] != "GET" and operation[1] in bodies else {}


def zone_bodies(town: Town) -> dict[str, dict[str, Any]]:
    """Return the right bodies of zones' writing operations by path."""
    firm = town.enterprise
    return {
        "/butler/appeals": {"enterprise": firm, "kind": "approval", "subject": "用地审批慢", "text": "请协调用地审批"},
        "/butler/visits": {
            "uuid": "00000000-0000-4000-8000-000000000001", "enterprise": firm, "day": "2021-08-16", "mode": "onsite", "summary": "走访",
        },
        "/finance/needs": {"enterprise": firm, "amount_fen": 10**8, "term_months": 12, "purpose": "working", "guarantee": "credit"},
        "/onething/packages/{code}/situation": {"answers": {}},
        "/onething/packages/{code}/preview": {"spec": {}},
        "/onething/enrolment/seasons/{code}/submissions": {"data": {}},
        "/crossregion/cases": {"offer": 1, "organisation": firm},
        "/crossregion/cases/{number}/supplement": {},
        "/crossregion/cases/{number}/withdrawal": {"reason": "不办了"},
        "/crossregion/cases/{number}/return": {"reason": "不属于本市"},
    }  # fmt: skip


def test_the_matrix_names_every_operation() -> None:
    assert (set(MATRIX), set(ZONES)) == operations()


def test_what_the_description_keeps_from_the_public_is_what_the_matrix_keeps() -> None:
    for path, found in api.get_openapi_schema()["paths"].items():
        for method, described in found.items():
            operation = (method.upper(), path.removeprefix("/api/v1"))
            kept = {} not in described["security"] or operation in BY_LEDGER
            assert ((MATRIX | ZONES)[operation][1][0] == 401) == kept, operation


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", list(MATRIX | ZONES), ids=" ".join)
def test_each_may_what_is_allowed(ask: Ask, town: Town, operation: tuple[str, str], who: str) -> None:
    path, wanted = (MATRIX | ZONES)[operation]
    status = wanted[WHO.index(who)]
    if "{snapshot}" in path:
        made = ask("POST", "/snapshots", who="statistician", body={"codes": ["investment.signed_amount"]})
        path = path.format(snapshot=json.loads(made.content)["items"][0]["id"])
    if operation[1].startswith(("/halls", "/appointments")):
        settle_hall(town)
    if operation[1] in NEEDED:
        published_item(NEEDED[operation[1]], zone=operation[1].split("/")[1], form=("title",))
    given = body_for(operation, town)
    if operation[1].endswith("/submissions"):
        given["headers"] = {"Idempotency-Key": "nobodys-1"}
    path = path.format(home=town.facts[S][0], enterprise=town.enterprise)
    before = {code: ledger(code).model._default_manager.count() for code in (S, G)}
    response = ask(operation[0], path, who=who, **given)
    assert response.status_code == status, response.content.decode()[:500]
    if status >= 400:
        told = json.loads(response.content)
        problem(response, status, told["code"])
        assert before == {code: ledger(code).model._default_manager.count() for code in (S, G)}
    assert ("WWW-Authenticate" in response) == (status == 401)


@pytest.mark.parametrize("path", NEEDED)
def test_what_a_city_does_not_offer_is_not_there(ask: Ask, town: Town, path: str) -> None:
    problem(ask("POST", path, who="clerk", **body_for(("POST", path), town)), 404, "items.unknown_item")


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
