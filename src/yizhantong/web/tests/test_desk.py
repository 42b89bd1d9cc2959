"""The desk: my list, the case on one screen, what may be done and by whom, batches, the counter, supervision."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from yizhantong.foundation.codes import identity
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep, SupervisionOrder
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.web.tests.casework import Place, world

pytestmark = pytest.mark.django_db
STAFF_PAGES = (
    "/desk/", "/desk/cases/", "/desk/supervision/", "/desk/ratings/", "/desk/statistics/",
)  # fmt: skip
USCC = "91350100M000100Y43"


def do(place: Place, who: str, case: Case, code: str, **said: object) -> object:
    return place.as_(who).post(f"/desk/cases/{case.number}/do/{code}/", said)


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_desk_is_for_officials_with_cases(place: Place, path: str) -> None:
    assert place.as_("clerk").get(path).status_code == 200
    assert place.as_("watcher").get(path).status_code == 200
    assert place.as_("asker").get(path).status_code == 403
    assert place.as_("idle").get(path).status_code == 403
    assert place.as_().get(path).status_code == 302


def test_counter_is_for_those_who_take_in(place: Place) -> None:
    assert place.as_("window").get("/desk/intake/").status_code == 200
    for name in ("second", "watcher", "asker"):
        assert place.as_(name).get("/desk/intake/").status_code == 403


def test_my_list_is_sorted_by_due_and_bounded_in_queries(place: Place) -> None:
    with clock.at(world.at(2)):
        late = place.filed()
    for _number in range(35):
        place.filed()
    client = place.as_("clerk")
    client.get("/desk/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/desk/").content.decode()
    assert len(asked) <= 12
    numbers = list(dict.fromkeys(re.findall(r"/desk/cases/(\d{19})/\"", page)))
    assert numbers[0] == late.number
    assert len(numbers) == 30
    after = re.search(r'rel="next" href="\?([^"]+)"', page)
    assert after is not None
    with CaptureQueriesContext(connection) as asked:
        rest = client.get("/desk/?" + after[1].replace("&amp;", "&")).content.decode()
    assert len(asked) <= 12
    following = set(re.findall(r"/desk/cases/(\d{19})/\"", rest))
    assert len(following) == 6
    assert not following & set(numbers)


def test_my_list_is_narrowed(place: Place) -> None:
    with clock.at(world.at(20, month=7)):
        late = place.filed()
    fresh = place.filed()
    client = place.as_("clerk")
    red = client.get("/desk/?light=red").content.decode()
    assert late.number in red
    assert fresh.number not in red
    assert fresh.number in client.get(f"/desk/?q={fresh.number[:15]}").content.decode()
    assert fresh.number in client.get("/desk/?q=演示").content.decode()
    assert fresh.number not in client.get("/desk/?q=没有这家").content.decode()
    assert "没有符合条件的待办" in client.get("/desk/?whose=mine").content.decode()
    assert client.get("/desk/?after=%00&light=x&whose=y").status_code == 404
    assert fresh.number not in place.as_("ecology").get("/desk/").content.decode()


def test_each_light_lists_what_it_shows_and_together_they_list_all_with_a_limit(place: Place) -> None:
    # Monday the 9th at ten; Friday the 13th is the last working day of the week.
    dues = {
        world.at(6): "red", world.at(9, 9): "red", world.at(9, 17): "yellow", world.at(10, 17): "yellow", world.at(10, 23): "yellow",
        world.at(11, 1): "green", world.at(16, 17): "green",
    }  # fmt: skip
    wanted: dict[str, set[str]] = {"red": set(), "yellow": set(), "green": set()}
    for due, light in dues.items():
        for yellow_at in (None, world.at(9, 10), world.at(12)):
            case = place.filed()
            CaseStep.objects.filter(case=case).update(due_at=due, sort_at=due)
            Case.objects.filter(pk=case.pk).update(yellow_at=yellow_at)
            early = light == "green" and yellow_at == world.at(9, 10)
            wanted["yellow" if early else light].add(case.number)
    for yellow_at, light in ((world.at(9, 10), "yellow"), (world.at(9, 17), "green")):
        case = place.filed()  # its step has no moment but the case's: the case's own light, due on the next day or not
        CaseStep.objects.filter(case=case).update(due_at=None, sort_at=world.at(10, 17))
        Case.objects.filter(pk=case.pk).update(due_at=world.at(10, 17), yellow_at=yellow_at)
        wanted[light].add(case.number)
    endless = place.filed()
    CaseStep.objects.filter(case=endless).update(due_at=None, sort_at=dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
    client = place.as_("clerk")
    for light, numbers in wanted.items():
        page = client.get(f"/desk/?light={light}").content.decode()
        assert set(re.findall(r"/desk/cases/(\d{19})/\"", page)) == numbers
        assert page.count(f'class="lit-{light}"') == len(numbers)
    assert "黄灯:一个工作日内到期,或所属办件已到预警时间" in client.get("/desk/").content.decode()


def test_case_page_shows_everything_masked_and_bounded(place: Place) -> None:
    case = place.accepted()
    client = place.as_("clerk")
    address = f"/desk/cases/{case.number}/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    assert len(asked) <= 12, "\n".join(row["sql"][:160] for row in asked)
    for said in ("试验奖补", "演示企业", "初审", "120,000", "办结环节", "10 个工作日", "审计报告"):
        assert said in page
    assert "张三丰" not in page
    assert place.as_("ecology").get(address).status_code == 404
    assert place.as_("watcher").get(address).status_code == 200


def test_revealing_is_asked_for_permitted_and_recorded(place: Place) -> None:
    case = place.accepted()
    address = f"/desk/cases/{case.number}/reveal/"
    assert place.as_("clerk").post(address).status_code == 403
    assert "张三丰" in place.as_("head").post(address).content.decode()
    assert AuditEvent.objects.filter(event="reveal", target=f"case:{case.number}").count() == 1


def test_a_case_goes_its_whole_way_over_the_desk(place: Place) -> None:
    case = place.filed()
    assert do(place, "second", case, "accept").status_code in (403, 422)
    assert do(place, "clerk", case, "accept").status_code == 302
    assert do(place, "clerk", case, "complete", step="review", outcome="pass", opinion="同意").status_code == 302
    assert do(place, "ecology", case, "complete", step="ecology", outcome="pass").status_code == 302
    assert do(place, "safety", case, "complete", step="safety", outcome="pass").status_code == 302
    refused = do(place, "head", case, "decide", outcome="refused", reason="", law="")
    assert refused.status_code == 422
    page = place.as_("head").get(f"/desk/cases/{case.number}/").content.decode()
    assert "作出决定" in page
    assert do(place, "head", case, "decide", outcome="granted", reason="符合条件").status_code == 302
    assert do(place, "clerk", case, "deliver", remark="已寄出").status_code == 302
    assert do(place, "clerk", case, "archive").status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.archived_at is not None) == ("granted", True)
    assert "归档" in place.as_("clerk").get(f"/desk/cases/{case.number}/").content.decode()


def test_the_slower_of_two_learns_who_and_when_beside_the_form(place: Place) -> None:
    case = place.accepted()
    assert do(place, "clerk", case, "complete", step="review", outcome="pass").status_code == 302
    answer = do(place, "second", case, "complete", step="review", outcome="fail", opinion="不同意")
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "clerk" in said
    assert "2021-08-09" in said
    assert "cases.already_done" in said


def test_refusal_to_accept_takes_reason_and_law_from_a_template(place: Place) -> None:
    case = place.filed()
    assert do(place, "clerk", case, "refuse_acceptance").status_code == 422
    assert do(place, "clerk", case, "refuse_acceptance", template="not_ours").status_code == 302
    case.refresh_from_db()
    assert case.outcome == "not_accepted"
    assert "第三十二条" in case.law


def test_all_defects_are_told_at_once_and_a_second_time_needs_approval(place: Place) -> None:
    case = place.filed()
    said = {
        "defect": ["material:report", "field:test_amount"],
        "text:material:report": "缺章",
        "other": ["请写明起止时间", ""],
    }
    assert do(place, "clerk", case, "ask_supplement", **said).status_code == 302
    case.refresh_from_db()
    assert case.state == "supplement"
    assert [row["text"] for row in case.supplements.get().defects] == ["缺章", "请重新提交", "请写明起止时间"]
    actions.supplement(case, data={}, account=place.people["asker"])
    refused = do(place, "clerk", case, "ask_supplement", defect=["material:report"])
    assert refused.status_code == 422
    assert "cases.second_supplement" in refused.content.decode()
    again = do(place, "clerk", case, "ask_supplement", defect=["material:report"], approved_by=place.people["head"].pk)
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("who", "code", "said"),
    [
        ("clerk", "open_procedure", {"kind": "experts", "reason": "专家评审", "expected_days": 5}),
        ("head", "extend", {"amount": 5, "reason": "情况复杂"}),
        ("clerk", "ask_transfer", {"receiver": world.ECOLOGY, "reason": "职责在生态部门"}),
        ("clerk", "ask_joint", {"offices": [world.SAFETY], "text": "请核查"}),
        ("clerk", "open_notice", {"title": "公示", "body": "拟奖补", "days": 5}),
        ("head", "terminate", {"reason": "主体注销", "law": "行政许可法第七十条"}),
        ("clerk", "write", {"text": "请留意", "internal": "on"}),
        ("watcher", "order", {"light": "red", "text": "请尽快"}),
    ],
)  # fmt: skip
def test_everything_else_is_done_from_the_page(place: Place, who: str, code: str, said: dict[str, object]) -> None:
    case = place.accepted()
    page = place.as_(who).get(f"/desk/cases/{case.number}/").content.decode()
    assert f"/do/{code}/" in page
    assert do(place, who, case, code, **said).status_code == 302
    assert place.as_(who).get(f"/desk/cases/{case.number}/").status_code == 200
    assert do(place, "asker", case, code, **said).status_code in (403, 404, 422)


def test_steps_are_claimed_released_and_assigned(place: Place) -> None:
    case = place.accepted()
    step = CaseStep.objects.get(case=case, code="review")
    address = f"/desk/cases/{case.number}/steps/{step.pk}/"
    assert place.as_("clerk").post(address + "claim/", {"back": "1"})["Location"] == "/desk/"
    taken = place.as_("second").post(address + "claim/")
    assert taken.status_code == 409
    assert "clerk" in taken.content.decode()
    assert place.as_("head").post(address + "assign/", {"to": place.people["second"].pk}).status_code == 302
    step.refresh_from_db()
    assert step.handler == place.people["second"]
    assert place.as_("second").post(address + "release/").status_code == 302
    assert place.as_("clerk").post(address + "burn/").status_code == 404


def test_materials_are_checked_against_the_original(place: Place) -> None:
    case = place.filed()
    row = CaseMaterial.objects.get(case=case, code="report")
    assert place.as_("ecology").post(f"/desk/cases/{case.number}/materials/{row.pk}/", {"ok": "1"}).status_code == 404
    answer = place.as_("clerk").post(f"/desk/cases/{case.number}/materials/{row.pk}/", {"ok": "1", "original": "1"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.trust) == ("verified", "B")


def test_a_batch_asks_first_and_reports_each(place: Place) -> None:
    cases = [place.accepted() for _number in range(3)]
    steps = [CaseStep.objects.get(case=case, code="review") for case in cases]
    actions.claim(steps[2], place.people["second"])
    client, chosen = place.as_("clerk"), {"what": "pass", "step": [step.pk for step in steps], "opinion": "材料齐全"}
    asked = client.post("/desk/batch/", chosen).content.decode()
    assert "确定批量" in asked
    assert CaseStep.objects.filter(code="review", done_at__isnull=False).count() == 0
    report = client.post("/desk/batch/", chosen | {"sure": "1"}).content.decode()
    assert report.count("已办</span>") == 2
    assert "second" in report
    assert set(CaseStep.objects.filter(code="review", done_at__isnull=False).values_list("opinion", flat=True)) == {
        "材料齐全"
    }
    assert client.post("/desk/batch/", {"what": "refuse"}).status_code == 404


def test_batch_reaches_only_what_is_on_ones_own_list(place: Place) -> None:
    case = place.accepted()
    step = CaseStep.objects.get(case=case, code="review")
    place.as_("ecology").post("/desk/batch/", {"what": "pass", "step": [step.pk], "sure": "1"})
    step.refresh_from_db()
    assert step.done_at is None


def test_somebody_at_the_counter_is_registered_and_filed_for(place: Place) -> None:
    number = identity.make("210702", world.NOW.date().replace(year=1980), 31)
    document = world.content(fields=("test_amount",))
    world.item("trial.card", document, name="试验证件")
    said = {"item": "trial.card", "code": number, "agent": ""}
    client = place.as_("window")
    assert client.post("/desk/intake/", said).status_code == 422
    begun = client.post("/desk/intake/", said | {"name": "赵六", "phone": "13900001111"})
    assert begun.status_code == 302, begun.content.decode()
    case = Case.objects.get()
    assert (case.channel, case.person) == ("counter", Person.objects.get(name="赵六"))
    assert number not in client.get("/desk/intake/").content.decode()
    assert client.post(begun["Location"], {"test_amount": "5"}).status_code == 302
    done = client.post(f"/my/drafts/{case.number}/check/", {"true": "1"})
    receipt = client.get(done["Location"]).content.decode()
    assert case.number in receipt
    assert client.session["query_passwords"][case.number] in receipt
    assert client.post("/desk/intake/", said | {"code": "123"}).status_code == 422


def test_a_sheet_is_checked_as_a_whole_and_filed_once(place: Place) -> None:
    Organisation.objects.create(uscc=USCC, name="第三企业", kind="enterprise", division_id=world.GUTA)
    client = place.as_("window")
    book = load_workbook(io.BytesIO(client.get("/desk/intake/batch/trial.one.xlsx").content))
    titles = [cell.value for cell in book.active[1]]
    good = {
        "申请人代码": USCC,
        "项目金额": "5000",
        "项目联系人": "赵六",
        "需要开票": "否",
        "材料:审计报告": "原件",
        "材料:安全承诺": "原件",
    }
    bad = client.post(
        "/desk/intake/batch/", {"item": "trial.one", "file": sheet(titles, [good, good | {"项目金额": "许多"}])}
    )
    assert "要改" in bad.content.decode()
    assert not Case.objects.exists()
    looked = client.post(
        "/desk/intake/batch/", {"item": "trial.one", "file": sheet(titles, [good, good])}
    ).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', looked)
    assert token is not None
    for _time in range(2):
        client.post("/desk/intake/batch/", {"item": "trial.one", "token": token[1]})
    assert list(Case.objects.values_list("channel", "state")) == [("batch", "submitted")] * 2


def sheet(titles: list[str], rows: list[dict[str, str]]) -> io.BytesIO:
    book = Workbook()
    book.active.append(titles)
    for row in rows:
        book.active.append([row.get(title, "") for title in titles])
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    made.name = "申请.xlsx"
    return made


def test_a_light_is_answered_and_lifted(place: Place) -> None:
    case = place.accepted()
    order = actions.order(case, text="请尽快", light="red", account=place.people["watcher"])
    address = f"/desk/supervision/{order.pk}/"
    assert "请尽快" in place.as_("clerk").get("/desk/supervision/").content.decode()
    assert place.as_("ecology").get(address).status_code == 404
    assert place.as_("clerk").post(address, {"what": "answer_order", "said": "已安排"}).status_code == 302
    assert place.as_("clerk").post(address, {"what": "lift_order", "said": "撤"}).status_code in (403, 422)
    assert place.as_("watcher").post(address, {"what": "lift_order", "said": "已整改"}).status_code == 302
    assert SupervisionOrder.objects.get().state == "lifted"


def test_a_bad_rating_is_mended(place: Place) -> None:
    case = place.accepted()
    actions.terminate(case, "主体注销", "行政许可法第七十条", place.people["head"])
    case.refresh_from_db()
    other = place.filed()
    actions.refuse_acceptance(other, reason="不属于职权", law="行政许可法第三十二条", account=place.people["clerk"])
    actions.rate(other, 1, comment="态度差", account=place.people["asker"])
    row = other.rectification
    address = f"/desk/ratings/{row.pk}/"
    assert "试验奖补" in place.as_("clerk").get("/desk/ratings/").content.decode()
    assert place.as_("clerk").post(address, {"what": "call_back", "said": "属实"}).status_code == 302
    assert place.as_("clerk").post(address, {"what": "mend", "said": "已道歉并培训"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "mended"
