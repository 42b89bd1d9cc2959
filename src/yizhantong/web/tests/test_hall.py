"""The hall: guides, drafts that keep themselves, one submission however often it is sent, my space, what the public may see."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yizhantong.kernel.cases import actions, lookup, queries, rating_links
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseRating, Objection
from yizhantong.kernel.divisions import clock
from yizhantong.web import home
from yizhantong.web.tests.casework import DATA, PDF, Place, world

pytestmark = pytest.mark.django_db
FORM = {"test_amount": "120000", "test_contact": "张三丰", "test_invoice": "false"}


def begun(place: Place) -> Case:
    answer = place.as_("asker").post("/services/trial.one/apply/", {"for": f"org:{world.FIRM}"})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(number=answer["Location"].rstrip("/").rpartition("/")[2])


def give_all(place: Place, case: Case) -> None:
    client, address = place.as_("asker"), f"/my/drafts/{case.number}/materials/"
    pdf = SimpleUploadedFile("报告.pdf", PDF, content_type="application/pdf")
    assert client.post(address, {"code": "report", "mode": "upload", "file": pdf}).status_code == 302
    assert client.post(address, {"code": "promise", "mode": "committed"}).status_code == 302
    assert client.post(address, {"code": "list", "mode": "deferred"}).status_code == 302


@pytest.mark.parametrize("path", ["/services/", "/services/trial.one/", "/progress/", "/public-notices/"])
def test_public_pages_need_no_account_and_few_queries(place: Place, path: str) -> None:
    client = place.as_()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= 8


def test_guide_tells_limits_and_materials_and_draws_the_flow(place: Place) -> None:
    page = place.as_().get("/services/trial.one/").content.decode()
    for said in ("试验奖补", "10 个工作日", "无法定时限", "审计报告", "数据共享,免交", "可承诺代替", "环保联审"):
        assert said in page
    drawing = place.as_().get("/services/trial.one/versions/1/flow.bpmn")
    assert drawing.status_code == 200
    assert b"definitions" in drawing.content
    assert place.as_().get("/services/no.such/").status_code == 404


def test_only_those_one_may_act_for_can_be_chosen(place: Place) -> None:
    answer = place.as_("asker").post("/services/trial.one/apply/", {"for": f"org:{world.RIVAL}"})
    assert answer.status_code == 422
    assert not Case.objects.exists()
    assert place.as_().get("/services/trial.one/apply/").status_code == 302


def test_draft_saves_itself_and_is_resumed_elsewhere(place: Place) -> None:
    case = begun(place)
    told = place.as_("asker").post(f"/my/drafts/{case.number}/save/", {"test_amount": "7", "test_invoice": "true"})
    assert told.status_code == 200
    assert "test_title" in told.json()["visible"]
    assert "test_title" in told.json()["required"]
    elsewhere = place.as_("asker")
    page = elsewhere.get(f"/my/drafts/{case.number}/")
    assert 'value="7' in page.content.decode()
    assert case.number in elsewhere.get("/my/").content.decode()
    assert elsewhere.post("/services/trial.one/apply/", {"for": f"org:{world.FIRM}"})["Location"].endswith(
        f"{case.number}/"
    )
    assert Case.objects.count() == 1


def test_errors_stand_at_their_fields_and_nothing_is_lost(place: Place) -> None:
    case = begun(place)
    answer = place.as_("asker").post(f"/my/drafts/{case.number}/", {"test_amount": "-5", "test_contact": "张三丰"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="-5"' in page
    assert "张三丰" in page
    assert 'id="id_test_amount_error"' in page


def test_submission_sent_again_is_the_same_case(place: Place) -> None:
    case, client = begun(place), place.as_("asker")
    assert client.post(f"/my/drafts/{case.number}/", FORM).status_code == 302
    page = client.get(f"/my/drafts/{case.number}/check/").content.decode()
    assert "审计报告" in page
    assert "disabled" in page
    give_all(place, case)
    first = client.post(f"/my/drafts/{case.number}/check/", {"true": "1"})
    again = client.post(f"/my/drafts/{case.number}/check/", {"true": "1"})
    assert first["Location"] == again["Location"] == f"/my/cases/{case.number}/receipt/"
    assert client.get(f"/my/drafts/{case.number}/")["Location"] == first["Location"]
    assert Case.objects.count() == 1
    case.refresh_from_db()
    assert case.state == "submitted"
    receipt = client.get(first["Location"]).content.decode()
    password = client.session["query_passwords"][case.number]
    assert password in receipt
    assert password not in place.as_("asker").get(first["Location"]).content.decode()
    found = place.as_().post("/progress/", {"number": case.number, "password": password})
    assert found.status_code == 200
    assert "提交申请" in found.content.decode()
    assert "演示企业" not in found.content.decode()


def test_unconfirmed_or_incomplete_submission_is_refused(place: Place) -> None:
    case, client = begun(place), place.as_("asker")
    assert client.post(f"/my/drafts/{case.number}/check/", {}).status_code == 422
    refused = client.post(f"/my/drafts/{case.number}/check/", {"true": "1"})
    assert refused.status_code == 422
    assert Case.objects.get().state == "draft"


@pytest.mark.parametrize("path", ["/my/drafts/{}/", "/my/drafts/{}/materials/", "/my/drafts/{}/check/"])
def test_drafts_are_nobody_elses(place: Place, path: str) -> None:
    case = begun(place)
    for name in ("rival", "clerk", "head", "watcher"):
        assert place.as_(name).get(path.format(case.number)).status_code == 404


def test_cases_are_seen_by_their_askers_only(place: Place) -> None:
    case = place.filed()
    assert place.as_("asker").get(f"/my/cases/{case.number}/").status_code == 200
    assert place.as_("rival").get(f"/my/cases/{case.number}/").status_code == 404
    assert place.as_("rival").get(f"/desk/cases/{case.number}/").status_code == 404
    assert place.as_().get(f"/my/cases/{case.number}/").status_code == 302


def test_my_space_shows_one_next_action_and_few_queries(place: Place) -> None:
    case = place.filed()
    actions.ask_supplement(
        case, [{"kind": "material", "code": "report", "text": "缺章"}], account=place.people["clerk"]
    )
    for _number in range(4):
        place.filed()
    client = place.as_("asker")
    client.get("/my/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/my/").content.decode()
    assert len(asked) < 25  # whatever there is: each zone's things take one or two
    assert "去补正" in page
    assert page.count("next-action") == 1
    waiting, going = page.index("等您处理"), page.index("正在办的事")
    assert waiting < page.index(f"/my/cases/{case.number}/#supplement") < going
    assert "Thing(" not in page


def test_what_a_zone_tells_of_a_case_stands_with_the_case_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = place.filed(), place.filed()
    told = [
        home.Thing("对方城市", "待补正", "/elsewhere/1/", "crossregion", action="去补正一下", case=case.number),
        home.Thing("对方城市", "对方办理中", "/elsewhere/2/", "crossregion", case=other.number),
        *(home.Thing(f"贷款 {n}", "已放款", f"/loan/{n}/", "finance") for n in range(8)),
    ]
    monkeypatch.setattr(home, "_SOURCES", {("finance", "sample"): lambda account, parties: told})
    page = place.as_("asker").get("/my/").content.decode()
    assert page.count("/elsewhere/1/") == 1
    assert page.index("等您处理") < page.index("/elsewhere/1/") < page.index("正在办的事")
    assert "对方办理中" in page
    assert "/elsewhere/2/" not in page  # nothing is asked there: the case's own page tells it
    assert "还有 2 项" in page


def test_the_page_of_a_case_is_read_in_few_queries_however_much_happened(place: Place) -> None:
    case = place.filed()
    clerk = place.people["clerk"]
    actions.ask_supplement(case, [{"kind": "material", "code": "report", "text": "缺章"}], account=clerk)
    actions.write(case, "请尽快", account=clerk)
    actions.write(case, "内部的话", account=clerk, internal=True)
    actions.order(case, text="督办", account=None)
    for who, address in (("asker", f"/my/cases/{case.number}/"), ("clerk", f"/desk/cases/{case.number}/")):
        client = place.as_(who)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content.decode()
        assert len(asked) <= 12, "\n".join(row["sql"][:160] for row in asked)
        assert "请尽快" in page
        assert ("内部的话" in page) == (who == "clerk")


def test_supplement_is_answered_on_its_page(place: Place) -> None:
    case = place.filed()
    actions.ask_supplement(
        case, [{"kind": "field", "code": "test_amount", "text": "金额不对"}], account=place.people["clerk"]
    )
    client, address = place.as_("asker"), f"/my/cases/{case.number}/"
    assert "金额不对" in client.get(address).content.decode()
    assert client.post(address, {"operation": "supplement", **FORM, "test_amount": "130000"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "submitted"
    assert case.data["test_amount"] == "130000.00"


def test_asker_writes_withdraws_and_a_refusal_stands_beside_its_form(place: Place) -> None:
    case, client = place.filed(), place.as_("asker")
    address = f"/my/cases/{case.number}/"
    assert client.post(address, {"operation": "write", "text": "还要多久?"}).status_code == 302
    refused = client.post(address, {"operation": "withdraw", "reason": ""})
    assert refused.status_code == 422
    assert "撤回" in refused.content.decode()
    assert client.post(address, {"operation": "withdraw", "reason": "不办了"}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "withdrawn"
    assert client.post(address, {"operation": "decide"}).status_code == 404


def test_ended_case_is_rated_once(place: Place) -> None:
    case = decided(place)
    client, address = place.as_("asker"), f"/my/cases/{case.number}/"
    assert 'id="rate"' in client.get(address).content.decode()
    assert (
        client.post(address, {"operation": "rate", "rating": "5", "aspects": ["办事效率"], "comment": "快"}).status_code
        == 302
    )
    assert client.post(address, {"operation": "rate", "rating": "1"}).status_code == 422
    assert list(CaseRating.objects.values_list("rating", flat=True)) == [5]
    assert "5.0" in place.as_().get("/services/trial.one/").content.decode()


def decided(place: Place) -> Case:
    case, people = place.accepted(), place.people
    actions.complete_step(case, "review", outcome="pass", account=people["clerk"])
    actions.complete_step(case, "ecology", outcome="pass", account=people["ecology"])
    actions.complete_step(case, "safety", outcome="pass", account=people["safety"])
    return actions.decide(case, outcome="granted", account=people["head"])


def test_files_are_served_to_those_who_see_the_case_only(place: Place) -> None:
    case = begun(place)
    give_all(place, case)
    file = CaseMaterial.objects.get(code="report").file
    assert file is not None
    address = f"/cases/{case.number}/files/{file.pk}/"
    answer = place.as_("asker").get(address)
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Type"] == "application/pdf"
    for name in ("rival", "clerk", "watcher"):
        assert place.as_(name).get(address).status_code == 404
    assert place.as_("asker").get(f"/cases/{case.number}/files/{file.pk + 99}/").status_code == 404


def test_wrong_files_are_refused_beside_their_material(place: Place) -> None:
    case = begun(place)
    program = SimpleUploadedFile("报告.pdf", b"MZ" + b"\0" * 100)
    answer = place.as_("asker").post(
        f"/my/drafts/{case.number}/materials/", {"code": "report", "mode": "upload", "file": program}
    )
    assert answer.status_code == 422
    assert "files." in answer.content.decode()
    assert not CaseMaterial.objects.exists()


def test_materials_are_used_again(place: Place) -> None:
    first = begun(place)
    give_all(place, first)
    place.as_("asker").post(f"/my/drafts/{first.number}/", FORM)
    actions.submit(Case.objects.get(pk=first.pk), account=place.people["asker"])
    second = begun(place)
    page = place.as_("asker").get(f"/my/drafts/{second.number}/materials/").content.decode()
    file = CaseMaterial.objects.get(case=first, code="report").file
    assert file is not None
    assert f'value="{file.pk}"' in page
    answer = place.as_("asker").post(
        f"/my/drafts/{second.number}/materials/", {"code": "report", "mode": "reused", "reuse": file.pk}
    )
    assert answer.status_code == 302
    assert CaseMaterial.objects.get(case=second, code="report").file == file
    assert "报告.pdf" in place.as_("asker").get("/my/materials/").content.decode()


def test_anyone_objects_to_a_notice_while_it_runs(place: Place) -> None:
    case = place.accepted()
    notice = actions.open_notice(case, title="公示一", body="拟奖补演示企业", days=5, account=place.people["clerk"])
    address = f"/public-notices/{notice.pk}/"
    with clock.at(world.at(10)):
        assert "公示一" in place.as_().get("/public-notices/").content.decode()
        assert place.as_().post(address, {"name": "", "contact": "", "text": ""}).status_code == 422
        assert (
            place.as_().post(address, {"name": "王五", "contact": "13900000000", "text": "有不同意见"}).status_code
            == 302
        )
        assert Objection.objects.count() == 1
    with clock.at(world.at(30)):
        assert "object" not in place.as_().get(address).content.decode().partition("<main")[2]


def test_query_password_is_throttled(place: Place) -> None:
    case = place.filed()
    client = place.as_()
    told = [
        client.post("/progress/", {"number": case.number, "password": "000000x"}).content.decode() for _try in range(7)
    ]
    assert "不符" in told[0]
    assert "分钟后再试" in told[-1]


def test_discarded_draft_is_gone(place: Place) -> None:
    case = begun(place)
    assert place.as_("rival").post(f"/my/drafts/{case.number}/discard/").status_code == 404
    assert place.as_("asker").post(f"/my/drafts/{case.number}/discard/").status_code == 302
    assert not queries.mine(place.people["asker"]).exists()


def closed(place: Place) -> Case:
    case = place.accepted()
    for step, who in (("review", "clerk"), ("ecology", "ecology"), ("safety", "safety")):
        actions.complete_step(case, step, outcome="pass", account=place.people[who])
    return actions.decide(case, outcome="granted", account=place.people["head"])


def test_a_link_rates_without_signing_in_once(place: Place) -> None:
    case = closed(place)
    path, nobody = rating_links.path_of(case, "sms"), place.as_()
    assert "试验奖补" in nobody.get(path).content.decode()
    assert nobody.post(path, {}).status_code == 422
    assert not CaseRating.objects.exists()
    answer = nobody.post(path, {"rating": "4", "comment": "不错"})
    assert (answer.status_code, answer["Location"]) == (302, "/rate/thanks/")
    assert nobody.get("/rate/thanks/").status_code == 200
    assert list(CaseRating.objects.values_list("rating", "channel")) == [(4, "sms")]
    assert nobody.get(path).status_code == 410
    assert nobody.post(path, {"rating": "1"}).status_code == 410
    assert nobody.get("/rate/forged/").status_code == 410


def test_the_receipt_of_a_closed_case_bears_the_code_to_rate_it(place: Place) -> None:
    case = closed(place)
    assert "data:image/svg" in place.as_("asker").get(f"/my/cases/{case.number}/receipt/").content.decode()
    actions.rate(case, 5, account=place.people["asker"])
    assert "data:image/svg" not in place.as_("asker").get(f"/my/cases/{case.number}/receipt/").content.decode()


def test_a_new_query_password_is_shown_once_and_ends_the_old_one(place: Place) -> None:
    case = place.filed()
    old, client, address = case.query_password, place.as_("asker"), f"/my/cases/{case.number}/"
    assert client.post(address, {"operation": "new_password"}).status_code == 302
    page = client.get(address).content.decode()
    found = re.search(r'<p class="password num">(\d{6})</p>', page)
    assert found
    assert found[1] not in client.get(address).content.decode()
    assert lookup.progress(case.number, found[1]).number == case.number
    if old != found[1]:
        assert place.as_().post("/progress/", {"number": case.number, "password": old}).status_code == 422
    assert place.as_("rival").post(address, {"operation": "new_password"}).status_code == 404


def test_the_counter_gives_a_new_password_for_what_it_took_in(place: Place) -> None:
    item, materials = place.item, [{"code": code, "mode": "paper"} for code in ("report", "list", "promise")]
    assert item is not None
    case = actions.file(
        item, applicant=place.firm, data=DATA, materials=materials, account=place.people["window"], channel="counter"
    )
    client = place.as_("window")
    answer = client.post("/desk/intake/password/", {"number": case.number})
    assert answer["Location"] == f"/my/cases/{case.number}/receipt/"
    shown = re.search(r'<p class="password">(\d{6})</p>', client.get(answer["Location"]).content.decode())
    assert shown
    assert lookup.progress(case.number, shown[1]).number == case.number
    assert place.as_("clerk").post("/desk/intake/password/", {"number": case.number})["Location"] == "/desk/intake/"
    assert lookup.progress(case.number, shown[1]).number == case.number
