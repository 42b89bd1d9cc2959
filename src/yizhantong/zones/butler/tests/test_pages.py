"""Pages: each for whom it is meant, nobody else; what is written in them goes through the actions; few queries."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.butler.actions import appeals as appeal_actions
from yizhantong.zones.butler.actions import knowledge as knowledge_actions
from yizhantong.zones.butler.actions import visits as visit_actions
from yizhantong.zones.butler.models import Answer, AnswerUse, Ending, UnableReview, VisitLog, VisitPhoto
from yizhantong.zones.butler.pages import common
from yizhantong.zones.butler.tests.conftest import DAY, HANDLE, Town, user_of
from yizhantong.zones.butler.tests.test_knowledge import answer as make_answer
from yizhantong.zones.butler.tests.test_visits import photo, plan_of, visit_of

pytestmark = pytest.mark.django_db

Browse = Callable[[str], Client]
EVERYBODY = {
    "agent",
    "clerk",
    "head",
    "stranger",
    "butler",
    "butler2",
    "manager",
    "manager2",
    "leader",
    "window",
    "nobody",
}
STAFF = EVERYBODY - {"agent", "nobody"}
MANAGERS = {"manager", "manager2"}
BUTLERS = {"butler", "butler2"}
PAGES: list[tuple[str, set[str]]] = [
    ("home", EVERYBODY), ("enterprises", BUTLERS), ("visits", BUTLERS | MANAGERS), ("visit-new", BUTLERS),
    ("visit-calendar", BUTLERS), ("appeals", EVERYBODY), ("butlers", MANAGERS), ("butler-new", MANAGERS),
    ("plans", MANAGERS), ("plan-new", MANAGERS), ("escalations", STAFF), ("reviews", MANAGERS),
    ("satisfaction", MANAGERS), ("knowledge", EVERYBODY),
    ("appeal-new", {"agent", "clerk", "head", "stranger", "window"} | BUTLERS),
    ("answer-new", STAFF - {"leader", "window"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "allowed"), PAGES, ids=[name for name, _who in PAGES])
def test_each_page_is_for_whom_it_is_meant(town: Town, browse: Browse, name: str, allowed: set[str]) -> None:
    url = reverse(f"butler:{name}")
    statuses = {who: browse(who).get(url).status_code for who in sorted(EVERYBODY)}
    assert {who for who, status in statuses.items() if status == 200} == allowed, statuses
    assert all(status in (403, 404, 409) for who, status in statuses.items() if who not in allowed), statuses
    anonymous = browse("").get(url)
    assert anonymous.status_code == (200 if name in ("home", "knowledge") else 302)


def test_pages_hold_nothing_inline(town: Town, browse: Browse) -> None:
    case = town.appeal()
    plan_of(town)
    for name in ("home", "visit-new", "appeal-new", "visits", "appeals"):
        text = browse("butler").get(reverse(f"butler:{name}")).content.decode()
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert not re.search(r" on[a-z]+=", text)
    assert browse("clerk").get(reverse("butler:appeal", args=[case.number])).status_code == 200


def test_an_appeal_is_written_after_seeing_what_is_known(town: Town, browse: Browse) -> None:
    made = make_answer(town)
    given = {
        "enterprise": town.firm.pk, "kind": "land", "subject": "申请工业用地指标", "text": "扩产需要新增工业用地指标,怎么申请?",
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    client = browse("agent")
    shown = client.post(reverse("butler:appeal-new"), given)
    assert made.question in shown.content.decode()
    assert not Case.objects.exists()
    helped = client.post(reverse("butler:answer-judge", args=[made.pk]), {"helpful": "yes"})
    client.post(reverse("butler:answer-judge", args=[made.pk]), {"helpful": "yes"})
    assert helped.status_code == 302
    assert AnswerUse.objects.count() == 1, "once in a session"
    for _ in range(2):
        sent = client.post(reverse("butler:appeal-new"), given | {"send": "1"})
    assert sent.status_code == 302
    case = Case.objects.get()
    assert sent["Location"] == reverse("butler:appeal", args=[case.number])
    fragment = client.get(reverse("butler:appeal-suggestions"), {"kind": "land", "text": "新增工业用地指标"})
    assert made.question in fragment.content.decode()


def test_what_is_wrong_with_an_appeal_is_shown_at_its_field(town: Town, browse: Browse) -> None:
    given = {"enterprise": town.firm.pk, "kind": "", "subject": "用", "text": "", "key": "k"}
    answer = browse("agent").post(reverse("butler:appeal-new"), given)
    assert answer.status_code == 422
    assert {"kind", "subject", "text"} <= set(answer.context["form"].errors)
    assert not Case.objects.exists()


def act(client: Client, case: Case, what: str, **given: Any) -> int:
    return client.post(reverse("butler:appeal-act", args=[case.number, what]), given).status_code


def test_the_whole_way_by_the_buttons(town: Town, browse: Browse) -> None:
    visit = {
        "uuid": str(uuid.uuid4()), "enterprise": town.firm.pk, "day": DAY.isoformat(), "mode": "onsite", "summary": "走访企业。",
        "problem_0_kind": "land", "problem_0_text": "需要新增工业用地指标。", "problem_0_appeal": "on",
    }  # fmt: skip
    assert browse("butler").post(reverse("butler:visit-new"), visit).status_code == 302
    case = Case.objects.get()
    office, asker, manager = browse("clerk"), browse("agent"), browse("manager")
    assert act(office, case, "accept") == 302
    assert act(office, case, "answer", result="unable", reason="规划不允许", law="国土空间规划") == 302
    review = UnableReview.objects.get()
    assert "规划不允许" in manager.get(reverse("butler:reviews")).content.decode()
    manager.post(reverse("butler:review-settle", args=[review.pk]), {"what": "return", "remark": "请再会商"})
    act(office, case, "answer", result="explained", reason="说明了程序")
    act(asker, case, "dispute", reason="没有解决")
    case.refresh_from_db()
    assert case.state == "accepted"
    act(office, case, "answer", result="solved", reason="已落实")
    mine = reverse("web:my-case", args=[case.number])
    assert f'href="{reverse("butler:appeal", args=[case.number])}">去确认' in asker.get(mine).content.decode()
    on_the_desk = office.get(reverse("web:desk-case", args=[case.number])).content.decode()
    assert "<dt>种类</dt><dd>用地</dd>" in on_the_desk
    assert "<dt>结局确认</dt><dd>待企业确认</dd>" in on_the_desk
    act(asker, case, "confirm")
    assert "去确认" not in asker.get(mine).content.decode()
    act(asker, case, "rate", rating="5")
    case.refresh_from_db()
    assert (case.state, case.result, case.rated) == ("closed", "solved", 5)
    assert Ending.objects.get(round=2).state == "confirmed"
    page = asker.get(reverse("butler:appeal", args=[case.number])).content.decode()
    assert "企业已确认" in page
    assert "企业评价:5 分" in page
    assert act(asker, case, "no-such-thing") == 404
    assert "100.0%" in manager.get(reverse("butler:satisfaction")).content.decode()


def test_buttons_of_others_change_nothing(town: Town, browse: Browse) -> None:
    case = town.appeal()
    assert act(browse("butler2"), case, "accept") == 404
    assert act(browse("butler"), case, "accept") in (302, 403)
    assert act(browse("agent"), case, "accept") in (302, 403)
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_withheld_name_is_in_no_page_of_others(town: Town, browse: Browse) -> None:
    case = town.appeal(is_secret=True)
    cases.accept(case, account=town["clerk"])
    appeal_actions.answer_appeal(case, result="unable", reason="规划不允许", law="国土空间规划", account=town["clerk"])
    manager = browse("manager")
    for url in (reverse("butler:appeals"), reverse("butler:appeal", args=[case.number]), reverse("butler:reviews")):
        text = manager.get(url).content.decode()
        assert town.firm.name not in text, url
        assert "企业名称保密" in text
    shown = manager.post(reverse("butler:appeal-act", args=[case.number, "reveal"]), {"reason": "督办需要"})
    assert town.firm.name in shown.content.decode()
    assert town.firm.name not in manager.get(reverse("butler:appeal", args=[case.number])).content.decode()


def sync(client: Client, visit: dict[str, Any]) -> Any:
    return client.post(reverse("butler:visit-sync"), json.dumps(visit), content_type="application/json")


def payload(town: Town, **changed: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid4()), "enterprise": town.firm.pk, "day": DAY.isoformat(), "mode": "onsite", "summary": "走访企业。",
        "problems": [{"kind": "land", "text": "需要新增工业用地。", "appeal": True}], "written_at": "2021-08-16T02:00:00Z",
    } | changed  # fmt: skip


def test_an_offline_visit_is_taken_once_however_often_it_is_sent(town: Town, browse: Browse) -> None:
    client, visit = browse("butler"), payload(town)
    answers = [sync(client, visit) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert VisitLog.objects.count() == Case.objects.count() == 1
    changed = sync(client, visit | {"summary": "改过了。"})
    assert (changed.status_code, changed.json()["code"]) == (409, "butler.visit_changed")
    url, key = reverse("butler:visit-photos", args=[visit["uuid"]]), str(uuid.uuid4())
    from django.core.files.uploadedfile import SimpleUploadedFile

    for _ in range(2):
        upload = SimpleUploadedFile("photo.jpg", photo(), content_type="image/jpeg")
        assert client.post(url, {"uuid": key, "photo": upload}).status_code == 200
    assert VisitPhoto.objects.count() == 1
    seen = reverse("butler:visit-photo", args=[visit["uuid"], key])
    assert browse("manager").get(seen)["Content-Type"] == "image/jpeg"
    assert browse("clerk").get(seen).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"uuid": "1"}, 400, "butler.payload"), ({"day": "yesterday"}, 400, "butler.payload"), ({"more": 1}, 400, "butler.payload"),
        ({"problems": "none"}, 400, "butler.payload"), ({"enterprise": "9" * 18}, 422, "butler.not_yours"),
        ({"day": "2021-08-17"}, 422, "butler.visit_future"),
    ],
)  # fmt: skip
def test_a_visit_that_cannot_be_taken_says_why(
    town: Town, browse: Browse, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = sync(browse("butler"), payload(town, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert not VisitLog.objects.exists()


def test_a_phone_that_is_signed_out_keeps_its_visits(town: Town, browse: Browse) -> None:
    assert sync(browse(""), payload(town)).status_code == 401
    assert sync(browse("clerk"), payload(town)).status_code == 403
    assert sync(browse("butler"), {}).status_code == 400
    broken = browse("butler").post(reverse("butler:visit-sync"), b"{", content_type="application/json")
    assert broken.status_code == 400


def test_the_worker_rules_its_own_folder_only(town: Town, browse: Browse) -> None:
    answer = browse("").get(reverse("butler:visit-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert reverse("butler:visit-worker").startswith(reverse("butler:visits"))


def test_managers_pages_change_what_they_say(town: Town, browse: Browse) -> None:
    client = browse("manager")
    given = {"enterprise": town.other_firm.pk, "butler": "M-000002"}
    assert client.post(reverse("butler:butler-assign"), given).status_code == 302
    moved = {
        "enterprise": town.other_firm.pk,
        "butler": "M-000001",
        "what": "hand_over",
        "reason": "轮岗",
        "back": "M-000001",
    }
    assert client.post(reverse("butler:butler-assign"), moved)["Location"].endswith("/M-000001/")
    assert town.other_firm.name in client.get(reverse("butler:butler", args=["M-000001"])).content.decode()
    assert browse("butler2").post(reverse("butler:butler-assign"), given).status_code == 403
    plan = {
        "name": "半月走访", "purpose": "", "mode": "phone", "every": 2, "unit": "week", "starts_on": DAY.isoformat(),
        "enterprises": f"{town.firm.pk}\n{town.other_firm.name}",
    }  # fmt: skip
    made = client.post(reverse("butler:plan-new"), plan)
    assert made.status_code == 302
    assert len(client.get(made["Location"]).context["page"].object_list) == 2
    wrong = client.post(reverse("butler:plan-new"), plan | {"enterprises": "没有这家企业"})
    assert (wrong.status_code, "没有找到" in wrong.content.decode()) == (422, True)
    new = {
        "username": "clerk",
        "level": "county",
        "agency": town.office.pk,
        "capacity": 5,
        "office_phone": "",
        "hours": "",
    }
    assert client.post(reverse("butler:butler-new"), new)["Location"].endswith("/M-000003/")
    assert client.post(reverse("butler:butler-new"), new).status_code == 422
    calendar = browse("butler").get(reverse("butler:visit-calendar"))
    assert (calendar["Content-Type"], b"BEGIN:VEVENT" in calendar.content) == ("text/calendar; charset=utf-8", True)


def test_an_answer_is_written_and_reviewed_in_its_pages(town: Town, browse: Browse) -> None:
    case = town.appeal()
    cases.accept(case, account=town["clerk"])
    appeal_actions.answer_appeal(case, result="explained", reason="用地预审程序如下。", account=town["clerk"])
    url = f"{reverse('butler:answer-new')}?case={case.number}"
    assert "用地预审程序如下。" in browse("clerk").get(url).content.decode()
    given = {
        "question": "用地预审怎么办", "answer": "程序如下。", "kind": "land", "visibility": "public", "valid_until": "2022-06-30",
        "links_text": "用地指南 /services/",
    }  # fmt: skip
    assert browse("clerk").post(url, given).status_code == 302
    made = Answer.objects.get()
    assert (made.case_number, made.links) == (case.number, [{"title": "用地指南", "url": "/services/"}])
    bad = browse("clerk").post(url, given | {"links_text": "恶意 javascript:alert(1)"})
    assert bad.status_code == 422
    assert browse("").get(reverse("butler:answer", args=[made.pk])).status_code == 404
    browse("manager").post(reverse("butler:answer-act", args=[made.pk, "publish"]))
    assert browse("").get(reverse("butler:answer", args=[made.pk])).status_code == 200
    edited = browse("clerk").post(reverse("butler:answer-edit", args=[made.pk]), given | {"answer": "程序已更新。"})
    assert edited.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.answer) == ("draft", "程序已更新。")


@pytest.mark.parametrize(
    ("name", "who", "most"),
    [
        ("home", "agent", 24), ("home", "manager", 24), ("appeals", "manager", 16), ("visits", "manager", 16), ("butlers", "manager", 18),
        ("escalations", "manager", 16), ("reviews", "manager", 14), ("knowledge", "clerk", 14), ("enterprises", "butler", 18),
    ],
)  # fmt: skip
def test_lists_take_as_many_queries_for_one_row_as_for_many(
    town: Town, browse: Browse, name: str, who: str, most: int, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def rows(count: int) -> None:
        for number in range(count):
            case = town.appeal(subject=f"用地指标第{number}件")
            cases.accept(case, account=town["clerk"])
            appeal_actions.answer_appeal(case, result="unable", reason="规划不允许", law="规划", account=town["clerk"])
            visit_actions.log_visit(visit_of(town, summary=f"第{number}次"), account=town["butler"])
            knowledge_actions.write_answer(
                account=town["clerk"], question=f"问{number}", answer="答", kind="land", valid_until=DAY
            )

    client, url = browse(who), reverse(f"butler:{name}")
    rows(1)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert client.get(url).status_code == 200
    rows(6)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few), "\n".join(query["sql"][:160] for query in many.captured_queries)
    assert len(many) <= most


LISTS = ("appeals", "visits", "plans", "escalations", "reviews", "knowledge")


@pytest.mark.parametrize("name", LISTS)
def test_a_mark_that_cannot_be_read_is_not_found(town: Town, browse: Browse, name: str) -> None:
    for mark in ("x", "1~2~3", "~", "9" * 40 + "~x"):
        assert browse("manager").get(reverse(f"butler:{name}"), {"after": mark}).status_code == 404


def test_every_row_of_a_list_comes_once_however_it_is_ordered(
    town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common.page_of, "__defaults__", (("-id",), 2))
    filed = [town.appeal(subject=f"诉求{number}") for number in range(5)]
    for day in (1, 3, 2, 3, 3):
        visit_actions.log_visit(visit_of(town, day=DAY.replace(day=day)), account=town["butler"])
    plan = plan_of(town)
    for name, expected in (("appeals", len(filed)), ("visits", 5)):
        seen, query = [], {}
        while True:
            page = browse("manager").get(reverse(f"butler:{name}"), query).context["page"]
            seen += [row.pk for row in page]
            if not page.after:
                break
            query = {"after": page.after}
        assert len(seen) == len(set(seen)) == expected
    members = browse("manager").get(reverse("butler:plan", args=[plan.pk])).context["page"]
    assert [row.pk for row in members] == list(plan.members.order_by("due_on", "id").values_list("pk", flat=True)[:2])


def test_a_manager_of_one_agency_sees_the_ratings_of_what_he_reaches(town: Town, browse: Browse) -> None:
    case = town.appeal()
    for who, operation, more in (
        ("clerk", "accept", {}),
        ("clerk", "answer", {"result": "solved", "reason": "已落实"}),
    ):
        act(browse(who), case, operation, **more)
    user_of(town, "chief", [*HANDLE, "butler.manage"], agency=town.elsewhere)
    assert town.office.name in browse("manager").get(reverse("butler:satisfaction")).content.decode()
    assert town.office.name not in browse("chief").get(reverse("butler:satisfaction")).content.decode()
    user_of(town, "own", [*HANDLE, "butler.manage"], agency=town.office)
    assert town.office.name in browse("own").get(reverse("butler:satisfaction")).content.decode()
