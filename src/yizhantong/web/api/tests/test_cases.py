"""Cases over the API: from draft to rating, by those who may and nobody else; what is refused, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.access.models import Token
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items import catalogue, elements
from yizhantong.web.api.tests.conftest import problem
from yizhantong.web.tests import casework
from yizhantong.web.tests.casework import DATA, PDF, Place

pytestmark = pytest.mark.django_db
STATED = {**DATA, "test_amount": 120000}
LAW = "《办法》第三条"


@dataclass
class Hall:
    """The city with a key for everybody in it."""

    place: Place
    keys: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> HttpResponse:
        """Ask the API as somebody (empty: the public)."""
        headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {self.keys[who]}"} if who else {})}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return Client(headers=headers).generic(method, f"/api/v1{path}", **more)  # type: ignore[return-value]

    def good(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Ask, and return what was told; it must have gone well."""
        answer = self.ask(who, method, path, body, **more)
        assert answer.status_code in (200, 201), answer.content.decode()
        return json.loads(answer.content)

    def upload(self, who: str, path: str, content: bytes = PDF, name: str = "审计报告.pdf") -> HttpResponse:
        """Upload a file."""
        client = Client(headers={"Authorization": f"Bearer {self.keys[who]}"})
        return client.post(f"/api/v1{path}", {"file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


@pytest.fixture
def hall(db: None) -> Iterator[Hall]:
    for forget in (catalogue.forget, elements.forget, tree.forget, cache.clear):
        forget()
    place = casework.settle()
    hall = Hall(place, {name: Token.issue(user, "测试")[1] for name, user in place.people.items()})
    with clock.at(world.NOW):
        yield hall
    for forget in (catalogue.forget, elements.forget, tree.forget):
        forget()


def application(**more: Any) -> dict[str, Any]:
    materials = [
        {"code": "report", "mode": "paper"},
        {"code": "promise", "mode": "committed"},
        {"code": "list", "mode": "paper"},
    ]
    return {"item": "trial.one", "applicant": world.FIRM, "data": STATED, "materials": materials} | more


def counter(**more: Any) -> dict[str, Any]:
    return application(channel="counter", agent="李四", **more)


# --- items -----------------------------------------------------------------------------------------------------------------


def test_an_item_tells_its_guide_its_form_and_its_flow(hall: Hall) -> None:
    (short,) = hall.good("", "GET", "/items")["items"]
    assert (short["code"], short["agency"]["name"], short["suspended"]) == ("trial.one", "工信局", "")
    told = hall.good("", "GET", "/items/trial.one")
    assert [(one["code"], one["need"], one["in_register"]) for one in told["materials"]][:2] == [
        ("licence", "required", "organisation:name"), ("report", "required", ""),
    ]  # fmt: skip
    assert (told["limits"]["promised"]["amount"], told["limits"]["statutory"]) == (10, None)
    form = hall.good("", "GET", told["form"].removeprefix("/api/v1"))
    assert form["required"] == ["test_amount", "test_contact", "test_invoice"]
    assert form["properties"]["test_amount"] == {
        "title": "项目金额", "type": ["number", "string"], "minimum": 0, "x-kind": "money", "x-unit": "元",
    }  # fmt: skip
    assert form["properties"]["test_title"]["x-visible-if"] == "需要开票 = true"
    flow = hall.ask("", "GET", told["flow"].removeprefix("/api/v1"))
    assert (flow.status_code, flow["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert "parallelGateway" in flow.content.decode()
    problem(hall.ask("", "GET", "/items/no.such"), 404, "items.unknown_item")


def test_items_go_on_page_by_page_and_by_words(hall: Hall) -> None:
    for number in range(3):
        world.item(f"extra.{number}", name=f"渔船检验{number}", zone="waters")
    first = hall.good("", "GET", "/items?size=2")
    rest = hall.good("", "GET", f"/items?after={first['after']}")
    assert [one["code"] for one in [*first["items"], *rest["items"]]] == ["extra.0", "extra.1", "extra.2", "trial.one"]
    assert rest["after"] == ""
    assert [one["code"] for one in hall.good("", "GET", "/items?zone=policies")["items"]] == ["trial.one"]
    from yizhantong.kernel.search import sources

    sources.rebuild()
    assert [one["code"] for one in hall.good("", "GET", "/items?q=渔船&size=1")["items"]] == ["extra.0"]


def test_what_is_known_is_prefilled_for_those_who_act_for_the_applicant(hall: Hall) -> None:
    world.element("test_name", "单位名称", register="organisation:name")
    item = world.item("trial.two", world.content(fields=("test_name",)))
    path = f"/items/{item.code}/prefill?applicant={world.FIRM}"
    (known,) = hall.good("asker", "GET", path)["items"]
    assert (known["value"], known["source"]) == ("演示企业", "市场主体登记")
    assert hall.good("window", "GET", path)["items"] == [known]
    problem(hall.ask("rival", "GET", path), 403, "cases.not_the_applicant")
    problem(hall.ask("", "GET", path), 401, "access.sign_in")


# --- filing ----------------------------------------------------------------------------------------------------------------


def test_an_application_sent_again_is_one_case(hall: Hall) -> None:
    headers = {"Idempotency-Key": "一次"}
    first = hall.good("window", "POST", "/cases", counter(), headers=headers)
    again = hall.good("window", "POST", "/cases", counter(), headers=headers)
    assert (first["state"], len(first["query_password"]), again["query_password"]) == ("submitted", 6, "")
    assert again["number"] == first["number"]
    assert Case.objects.count() == 1
    changed = counter(data=STATED | {"test_amount": 5})
    problem(hall.ask("window", "POST", "/cases", changed, headers=headers), 409, "api.idempotency_key_reused")
    other = hall.good("window", "POST", "/cases", counter(), headers={"Idempotency-Key": "another"})
    assert other["number"] != first["number"]


def test_a_wrong_form_is_told_by_element_and_missing_materials_one_by_one(hall: Hall) -> None:
    wrong = problem(hall.ask("window", "POST", "/cases", counter(data={"test_amount": "很多"})), 422, "cases.form")
    assert {fault["field"] for fault in wrong["errors"]} == {
        "data.test_amount",
        "data.test_contact",
        "data.test_invoice",
    }
    lacking = problem(hall.ask("window", "POST", "/cases", counter(materials=[])), 422, "cases.materials")
    assert lacking["details"]["missing"] == [fault["field"] for fault in lacking["errors"]] == ["report", "promise"]
    problem(hall.ask("window", "POST", "/cases", counter(data=STATED | {"more": 1})), 422, "cases.form")
    problem(hall.ask("window", "POST", "/cases", counter(data=STATED | {"test_contact": {"a": 1}})), 400, "api.invalid")
    assert not Case.objects.exists()


def test_an_asker_vouches_for_nothing_that_only_officials_see(hall: Hall) -> None:
    problem(hall.ask("asker", "POST", "/cases", application()), 403, "cases.material_mode")
    problem(hall.ask("rival", "POST", "/cases", application(materials=[])), 403, "cases.not_the_applicant")
    problem(hall.ask("second", "POST", "/cases", counter()), 403, "cases.not_the_applicant")
    draft = hall.good("asker", "POST", "/drafts", {"item": "trial.one", "applicant": world.FIRM})
    path = f"/cases/{draft['number']}/materials/report"
    problem(hall.ask("asker", "POST", path, {"mode": "register"}), 403, "cases.material_mode")


def test_a_draft_is_filled_in_given_its_materials_and_submitted(hall: Hall) -> None:
    made = hall.ask(
        "asker", "POST", "/drafts", {"item": "trial.one", "applicant": world.FIRM, "data": {"test_amount": 5}}
    )
    number = json.loads(made.content)["number"]
    assert made["Location"] == f"/api/v1/cases/{number}"
    problem(hall.ask("asker", "PUT", f"/drafts/{number}", {"data": {"test_amount": "x"}}), 422, "items.data")
    hall.good("asker", "PUT", f"/drafts/{number}", {"data": STATED})
    given = hall.upload("asker", f"/cases/{number}/materials/report/files")
    assert given.status_code == 201, given.content.decode()
    assert json.loads(given.content)["file"]["media_type"] == "application/pdf"
    hall.good("asker", "POST", f"/cases/{number}/materials/promise", {"mode": "committed"})
    problem(
        hall.ask("asker", "POST", f"/cases/{number}/materials/report", {"mode": "committed"}),
        422,
        "cases.material_commitment",
    )
    problem(hall.ask("head", "GET", f"/cases/{number}"), 404, "cases.unknown")
    sent = hall.good("asker", "POST", f"/drafts/{number}/submission", headers={"Idempotency-Key": "k"})
    again = hall.good("asker", "POST", f"/drafts/{number}/submission", headers={"Idempotency-Key": "k"})
    assert (sent["state"], sent["number"], again["number"]) == ("submitted", number, number)
    problem(hall.ask("asker", "DELETE", f"/drafts/{number}"), 409, "cases.wrong_state")
    other = hall.good("asker", "POST", "/drafts", {"item": "trial.one", "applicant": world.FIRM})["number"]
    assert hall.ask("asker", "DELETE", f"/drafts/{other}").status_code == 204
    problem(hall.ask("asker", "GET", f"/cases/{other}"), 404, "cases.unknown")


def test_a_refused_upload_leaves_nothing(hall: Hall) -> None:
    case = hall.place.filed()
    path = f"/cases/{case.number}/materials/report/files"
    problem(hall.upload("rival", path), 404, "cases.unknown")
    problem(hall.upload("watcher", path), 403, "cases.not_yours")
    problem(hall.upload("asker", path, b"MZ\x90\x00" * 40, "a.exe"), 422, "files.executable")
    assert Stored.objects.filter(sha256="0" * 64).count() == Stored.objects.count(), "only what the case was filed with"


# --- the way of a case -------------------------------------------------------------------------------------------------------


def test_a_case_goes_its_way_from_acceptance_to_rating(hall: Hall) -> None:
    number = hall.place.filed().number
    accepted = hall.good("clerk", "POST", f"/cases/{number}/acceptance", {})
    assert (accepted["state"], accepted["light"]) == ("accepted", "green")
    assert [each["step"]["code"] for each in hall.good("clerk", "GET", "/cases/todo")["items"]] == ["review"]
    steps = f"/cases/{number}/steps"
    hall.good("clerk", "POST", f"{steps}/review/claim", {})
    assert hall.good("clerk", "GET", "/cases/todo?whose=mine")["items"][0]["step"]["handler"] == "clerk"
    claimed = problem(hall.ask("second", "POST", f"{steps}/review/claim"), 409, "cases.claimed")
    assert claimed["details"]["by"] == "clerk"
    hall.good("clerk", "POST", f"{steps}/review/release", {})
    hall.good("second", "POST", f"{steps}/review/completion", {"outcome": "pass", "opinion": "材料齐全"})
    late = problem(
        hall.ask("clerk", "POST", f"{steps}/review/completion", {"outcome": "fail"}), 409, "cases.already_done"
    )
    assert (late["details"]["by"], late["details"]["at"]) == ("second", world.NOW.astimezone(None).isoformat()) or late[
        "details"
    ]["by"] == "second"
    assert "second" in late["detail"]
    hall.good("ecology", "POST", f"{steps}/ecology/completion", {"outcome": "pass"})
    hall.good("safety", "POST", f"{steps}/safety/completion", {"outcome": "pass"})
    hall.good("asker", "POST", f"/cases/{number}/messages", {"text": "请问进展"})
    problem(hall.ask("head", "POST", f"{steps}/decide/completion", {"outcome": "fail"}), 422, "cases.missing")
    done = hall.good("head", "POST", f"{steps}/decide/completion", {"outcome": "pass"})
    assert (done["state"], done["outcome"]) == ("closed", "granted")
    told = hall.good("asker", "GET", f"/cases/{number}")
    assert (told["data"]["test_contact"], [said["text"] for said in told["talk"]]) == ("张三丰", ["请问进展"])
    assert [step["done_by"] for step in told["steps"] if step["code"] == "ecology"] == ["ecology"]
    hall.good("asker", "POST", f"/cases/{number}/rating", {"rating": 5, "comment": "很快"})
    problem(hall.ask("asker", "POST", f"/cases/{number}/rating", {"rating": 1}), 409, "cases.rated")


def test_officials_see_personal_values_masked_and_askers_their_own(hall: Hall) -> None:
    number = hall.place.accepted().number
    for who, contact in (("clerk", "张**"), ("asker", "张三丰")):
        told = hall.good(who, "GET", f"/cases/{number}")
        rows = {row["element"]: row["text"] for part in told["form"] for row in part["rows"]}
        assert rows["test_contact"] == contact
        assert (told["data"] is None) == (who == "clerk")


def test_a_secret_asker_is_named_to_the_accountable_office_only(hall: Hall) -> None:
    case = hall.place.accepted()
    Case.objects.filter(pk=case.pk).update(details={"is_secret": True})
    actions.complete_step(case, "review", outcome="pass", account=hall.place.people["clerk"])
    names = {
        who: hall.good(who, "GET", f"/cases/{case.number}")["applicant"]["name"]
        for who in ("clerk", "asker", "ecology")
    }
    assert names == {"clerk": "演示企业", "asker": "演示企业", "ecology": "(申请人要求保密)"}


def test_a_supplement_stops_the_clock_and_the_answer_starts_it(hall: Hall) -> None:
    number = hall.place.filed().number
    notice = {"defects": [{"kind": "material", "code": "report", "text": "审计报告缺页"}]}
    asked = hall.good("clerk", "POST", f"/cases/{number}/supplement-notice", notice)
    assert asked["state"] == "supplement"
    answered = hall.good("asker", "POST", f"/cases/{number}/supplement", {"data": {"test_amount": 7}})
    assert answered["state"] == "submitted"
    second = hall.ask("clerk", "POST", f"/cases/{number}/supplement-notice", notice)
    problem(second, 422, "cases.second_supplement")
    hall.good("clerk", "POST", f"/cases/{number}/supplement-notice", notice | {"approved_by": "head"})


def test_refusal_withdrawal_and_dispute(hall: Hall) -> None:
    refused, withdrawn = hall.place.filed().number, hall.place.filed().number
    told = hall.good("clerk", "POST", f"/cases/{refused}/refusal", {"reason": "不属本机关职责", "law": LAW})
    assert told["outcome"] == "not_accepted"
    reopened = hall.good("asker", "POST", f"/cases/{refused}/dispute", {"reason": "就是本机关的职责"})
    assert reopened["state"] == "submitted"
    assert (
        hall.good("asker", "POST", f"/cases/{withdrawn}/withdrawal", {"reason": "另有安排"})["outcome"] == "withdrawn"
    )
    again = problem(
        hall.ask("asker", "POST", f"/cases/{withdrawn}/withdrawal", {"reason": "再撤"}), 409, "cases.wrong_state"
    )
    assert again["details"] == {"state": "closed"}


def test_an_ending_that_must_be_confirmed_is_rejected_once(hall: Hall) -> None:
    world.item(
        "trial.ask",
        world.content(world.seq(world.step("look")), intake=False, answer=True, confirm=True),
        kind="appeal",
    )
    made = hall.good("asker", "POST", "/cases", {"item": "trial.ask", "applicant": world.FIRM})
    case = Case.objects.get(number=made["number"])
    actions.complete_step(case, "look", outcome="pass", account=hall.place.people["clerk"])
    actions.close_answered(case, result="explained", reason="依据不足", account=hall.place.people["clerk"])
    path = f"/cases/{case.number}/confirmation"
    problem(hall.ask("clerk", "POST", path, {"solved": True}), 403, "cases.not_yours")
    hall.good("asker", "POST", path, {"solved": False, "reason": "没有解决"})
    assert CaseStep.objects.filter(case=case, code="answer", done_at__isnull=True).exists()


# --- files and lookups ---------------------------------------------------------------------------------------------------------


def test_a_file_is_handed_out_by_permission_and_with_a_watermark(hall: Hall) -> None:
    number = hall.good("asker", "POST", "/drafts", {"item": "trial.one", "applicant": world.FIRM, "data": STATED})[
        "number"
    ]
    path = f"/cases/{number}/materials/report/files"
    file = json.loads(hall.upload("asker", path).content)["file"]["id"]
    handed = hall.ask("asker", "GET", f"/cases/{number}/files/{file}")
    assert (handed.status_code, handed["Content-Type"]) == (200, "application/pdf")
    assert handed.content.startswith(b"%PDF")
    assert handed.content != PDF
    assert "attachment" in handed["Content-Disposition"]
    problem(hall.ask("rival", "GET", f"/cases/{number}/files/{file}"), 404, "cases.unknown")
    problem(hall.ask("clerk", "GET", f"/cases/{number}/files/{file}"), 404, "cases.unknown")
    other = hall.place.filed().number
    problem(hall.ask("asker", "GET", f"/cases/{other}/files/{file}"), 404, "files.unknown")


def test_anybody_with_number_and_password_learns_how_far_a_case_is(hall: Hall) -> None:
    case = hall.place.filed()
    told = hall.good("", "POST", "/progress", {"number": case.number, "password": case.query_password})
    assert (told["state"], [stop["name"] for stop in told["stations"]]) == ("submitted", ["收件受理"])
    renewed = hall.good("asker", "POST", f"/cases/{case.number}/query-password")["query_password"]
    for _ in range(5):
        problem(hall.ask("", "POST", "/progress", {"number": case.number, "password": "x"}), 404, "cases.lookup")
    problem(hall.ask("", "POST", "/progress", {"number": case.number, "password": renewed}), 429, "cases.lookup_locked")


def test_lists_go_on_page_by_page(hall: Hall) -> None:
    numbers = [hall.place.filed().number for _ in range(3)][::-1]
    for path in ("/cases", "/cases/mine"):
        first = hall.good("asker", "GET", f"{path}?size=2")
        rest = hall.good("asker", "GET", f"{path}?after={first['after']}")
        assert [one["number"] for one in [*first["items"], *rest["items"]]] == numbers
        assert rest["after"] is None
    first = hall.good("clerk", "GET", "/cases/todo?size=2")
    rest = hall.good("clerk", "GET", f"/cases/todo?after={first['after'].replace('+', '%2B')}")
    assert [each["case"]["number"] for each in [*first["items"], *rest["items"]]] == numbers[::-1]
    problem(hall.ask("clerk", "GET", "/cases/todo?after=2021-08-09_99999999999999999999"), 400, "api.invalid")
    problem(hall.ask("clerk", "GET", "/cases/todo?after=2021_9"), 422, "api.after")
    assert hall.good("rival", "GET", "/cases")["items"] == []


@pytest.mark.parametrize(
    ("who", "method", "path", "most"),
    [
        ("clerk", "GET", "/cases?size=10", 6),
        ("asker", "GET", "/cases/mine?size=10", 5),
        ("clerk", "GET", "/cases/todo?size=10", 8),
        ("clerk", "GET", "/cases/{number}", 14),
        ("asker", "GET", "/cases/{number}", 14),
        ("clerk", "POST", "/cases/{number}/acceptance", 30),
        ("", "GET", "/items?size=10", 2),
        ("", "GET", "/items/trial.one", 1),
    ],
)
def test_no_answer_needs_more_queries_when_there_are_more_cases(
    hall: Hall, who: str, method: str, path: str, most: int
) -> None:
    cases = [hall.place.filed() for _ in range(10)]
    counts = []
    for case in cases[-2:]:
        with CaptureQueriesContext(connection) as seen:
            hall.good(who, method, path.format(number=case.number), {} if method == "POST" else None)
        counts.append(len(seen))
    assert counts[-1] <= most, [query["sql"][:160] for query in seen.captured_queries]


# --- who may what --------------------------------------------------------------------------------------------------------------

CHANGES: dict[str, tuple[Callable[[Hall], Case], dict[str, Any], set[str]]] = {
    "acceptance": (lambda hall: hall.place.filed(), {}, {"clerk"}),
    "refusal": (lambda hall: hall.place.filed(), {"reason": "不符", "law": LAW}, {"clerk"}),
    "supplement-notice": (
        lambda hall: hall.place.filed(),
        {"defects": [{"text": "缺页"}]},
        {"clerk", "second", "head"},
    ),
    "steps/review/completion": (lambda hall: hall.place.accepted(), {"outcome": "pass"}, {"clerk", "second", "head"}),
    "steps/review/claim": (lambda hall: hall.place.accepted(), {}, {"clerk", "second", "head"}),
    "steps/review/release": (lambda hall: hall.place.accepted(), {}, {"head"}),
    "withdrawal": (lambda hall: hall.place.accepted(), {"reason": "不办了"}, {"asker"}),
    "messages": (lambda hall: hall.place.accepted(), {"text": "您好"}, {"asker", "clerk", "second", "head"}),
    "query-password": (lambda hall: hall.place.accepted(), {}, {"asker"}),
    "materials/promise": (lambda hall: hall.place.filed(), {"mode": "committed"}, {"asker", "clerk"}),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_each_may_change_what_is_allowed_and_no_more(hall: Hall, change: str) -> None:
    make, body, allowed = CHANGES[change]
    for who in ["", *hall.place.people]:
        case = make(hall)
        before = Case.objects.filter(pk=case.pk).values().get()
        answer = hall.ask(who, "POST", f"/cases/{case.number}/{change}", body)
        if who in allowed:
            assert answer.status_code in (200, 201), (who, answer.content.decode())
            continue
        assert answer.status_code in (401, 403, 404), (who, answer.content.decode())
        assert (answer.status_code == 401) == (who == "")
        assert Case.objects.filter(pk=case.pk).values().get() == before
