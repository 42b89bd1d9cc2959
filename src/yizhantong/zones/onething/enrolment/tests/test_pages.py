"""Pages from both sides: a parent finds the school, keeps a draft, hands in, confirms; an officer sets up, re-checks, tries, publishes, exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases.models import Case
from yizhantong.zones.onething.enrolment.actions import intake, placing, verifying
from yizhantong.zones.onething.enrolment.models import Batch, Child, Intake, Placement, Season
from yizhantong.zones.onething.enrolment.tests.conftest import District, at
from yizhantong.zones.onething.enrolment.tests.test_way import published, to_lottery

pytestmark = pytest.mark.django_db
Browse = Callable[[User | None], Client]


@pytest.fixture
def browse(district: District, settings: Any) -> Browse:
    """Return a function that gives the client of an account (None: nobody)."""
    settings.YZT_SECOND_FACTOR = False

    def client_of(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(User.objects.get(pk=user.pk), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


def page(name: str, *args: Any) -> str:
    return reverse(f"onething:enrolment{name}", args=args)


def test_everybody_finds_the_school_of_an_address_and_sees_the_countdown(district: District, browse: Browse) -> None:
    with at(1):
        client = browse(None)
        assert "试验区小学" in client.get(page("")).content.decode()
        shown = client.get(page("-season", "test-2021"), {"address": "试验路 2 号"}).content.decode()
    assert "西小学" in shown.split("对应学校:")[1][:60]
    assert "早报名不会优先" in shown
    with at(1):
        assert "没有查到" in client.get(page("-season", "test-2021"), {"address": "远方路 2 号"}).content.decode()
        assert client.get(page("-season", "nothing")).status_code == 404
        assert district.season.seed not in client.get(page("-lottery", "test-2021")).content.decode(), (
            "the seed is secret until it is told"
        )


def test_a_parent_keeps_a_draft_and_hands_in_at_the_opening(district: District, browse: Browse) -> None:
    client, address = browse(district.parent(1)), page("-apply", "test-2021")
    with at(4):
        assert client.get(address).status_code == 200
        kept = client.post(address, district.form(1) | {"later": "1"})
        early = client.post(address, district.form(1) | {"key": "a"})
    assert (kept.status_code, early.status_code) == (302, 422)
    assert "开始" in early.content.decode()
    draft = Case.objects.get(item_id="onething.school")
    with at(5):
        shown = client.get(kept.url).content.decode()  # type: ignore[attr-defined]
        assert "演示学生1" in shown
        done = client.post(address, district.form(1) | {"key": "a", "draft": draft.number}, follow=True)
        again = client.post(address, district.form(1) | {"key": "a"}, follow=True)
    row = Intake.objects.get(season=district.season)
    assert row.receipt in done.content.decode()
    assert row.receipt in again.content.decode(), "sent twice it is one"
    assert not Case.objects.filter(pk=draft.pk).exists(), "the draft has become the submission"


def test_wrong_fields_are_named_and_nothing_typed_is_lost(district: District, browse: Browse) -> None:
    with at(5):
        answer = browse(district.parent(1)).post(
            page("-apply", "test-2021"), district.form(1) | {"child_identity": "21070220150301", "key": "x"}
        )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "演示学生1" in shown
    assert 'href="#id_child_identity"' in shown


def test_a_parent_sees_the_result_with_its_reasons_confirms_and_prints(district: District, browse: Browse) -> None:
    with at(5):
        district.hand_in(1)
    to_lottery(district)
    published(district)
    number = Child.objects.get(season=district.season).case.number
    client, stranger = browse(district.parent(1)), browse(district.parent(2))
    with at(27):
        shown = client.get(page("-child", number)).content.decode()
        assert "为什么是这个结果" in shown
        assert "东小学" in shown
        assert stranger.get(page("-child", number)).status_code == 404
        assert stranger.post(page("-child-act", number, "confirm")).status_code == 404
        assert client.get(page("-notice", number)).status_code == 404, "first the place, then the paper"
        assert client.post(page("-child-act", number, "confirm"), follow=True).status_code == 200
        paper = client.get(page("-notice", number))
    assert Placement.objects.get(child__season=district.season).state == "confirmed"
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content[:4] == b"%PDF"


def test_an_officer_rechecks_tries_and_publishes_with_another(district: District, browse: Browse) -> None:
    with at(5):
        district.hand_in(1)
        district.hand_in(2, registered=False)
    head, second = browse(district.head), browse(district.second)
    with at(14):
        desk = page("-desk-season", "test-2021")
        assert "已收件待立案" in head.get(desk).content.decode()
        for step in ("open-waiting", "verify", "close-list"):
            head.post(page("-desk-act", "test-2021", step))
        child = Child.objects.get(season=district.season, state="recheck")
        address = page("-recheck", child.case.number)
        assert head.post(address, {"category": "household", "school": "west", "opinion": ""}).status_code == 422
        assert (
            head.post(address, {"category": "household", "school": "west", "opinion": "核对户口簿原件"}).status_code
            == 302
        )
        batch = page("-batch", "test-2021", 1)
        assert "试算" in head.get(batch).content.decode()
        head.post(page("-desk-act", "test-2021", "reveal"))
    with at(26):
        assert head.post(batch, {"what": "propose"}).status_code == 302
        assert "须由提交人以外的人" in head.get(batch).content.decode()
        assert head.post(batch, {"what": "publish"}).status_code == 409
        assert second.post(batch, {"what": "publish"}).status_code == 302
        book = head.get(page("-export", "test-2021"))
    assert Batch.objects.get(season=district.season, number=1).state == "published"
    assert book.content[:2] == b"PK"


def test_only_those_who_manage_the_season_see_its_desk(district: District, browse: Browse) -> None:
    for name, args in (
        ("-desk", ()),
        ("-desk-season", ("test-2021",)),
        ("-export", ("test-2021",)),
        ("-batch", ("test-2021", 1)),
        ("-schools", ("test-2021",)),
    ):
        assert browse(None).get(page(name, *args)).status_code == 302
        assert browse(district.parent(1)).get(page(name, *args)).status_code == 403, name
        if name != "-desk":
            assert browse(district.stranger).get(page(name, *args)).status_code == 403, name


def test_an_officer_sets_a_season_up(district: District, browse: Browse) -> None:
    head = browse(district.head)
    with at(1, month=6):
        given = {
            "code": "next", "name": "下一年", "division": "210702", "stage": "初中一年级", "year": 2021, "opens_at": "2021-07-05T09:00", "closes_at": "2021-07-09T17:00",
            "born_from": "2008-09-01", "born_to": "2009-08-31", "confirm_days": 5, "source": "待核", "contact": "", "rules": "{}",
        }  # fmt: skip
        assert head.get(page("-new")).status_code == 200
        wrong = head.post(page("-new"), given)
        assert wrong.status_code == 422
        import json

        made = head.post(page("-new"), given | {"rules": json.dumps(district.season.rules)})
        assert made.status_code == 302, made.content.decode()[-3000:]
        text = "学校代码,学校名称,学位数,调剂顺序,道路,单双号,起,止,小区\na,甲校,10,b,试验路,单号,1,99,\nb,乙校,10,a,试验路,,1,98,\nb,乙校,10,a,,,,,试验花园\n"
        assert head.post(page("-schools", "next"), {"text": text}).status_code == 302
        assert "两所学校" in head.get(page("-desk-season", "next")).content.decode(), "the overlap is shown"
        assert "甲校,10,b,试验路,单号,1,99," in head.get(page("-schools", "next")).content.decode()
        assert head.post(page("-schools", "next"), {"text": "a,甲校,许多,,,,,,"}).status_code == 422
        day = {"name": "第一批", "categories": ["both"], "publishes_on": "2021-07-20"}
        assert head.post(page("-batch-new", "next"), day).status_code == 302
        assert head.post(page("-desk-act", "next", "publish"), follow=True).content.decode().count("编制人以外") >= 1
    assert Season.objects.get(code="next").state == "draft"


def test_the_queue_costs_the_same_however_many_wait(district: District, browse: Browse) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 12)):
        with at(5):
            for number in numbers:
                district.hand_in(number, registered=False)
            intake.open_waiting()
            verifying.verify_waiting(district.season)
            client = browse(district.head)
            client.get(page("-desk-season", "test-2021"))
            with CaptureQueriesContext(connection) as told:
                client.get(page("-desk-season", "test-2021"))
        counts.append(len(told))
    assert counts[0] == counts[1] <= 25


def test_the_api_takes_a_child_tells_the_receipt_and_proves_the_lottery(district: District, browse: Browse) -> None:
    client, base = browse(None), "/api/v1/onething/enrolment"
    from yizhantong.kernel.access.models import Token

    bearer = {"HTTP_AUTHORIZATION": f"Bearer {Token.issue(district.parent(1), 'test')[1]}"}
    district.registered(1)
    with at(5):

        def send(data: dict[str, Any], key: str = "k") -> Any:
            return client.post(
                f"{base}/seasons/test-2021/submissions",
                {"data": data},
                content_type="application/json",
                HTTP_IDEMPOTENCY_KEY=key,
                **bearer,
            )

        first, again = send(district.form(1)), send(district.form(1))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        wrong = send(district.form(1) | {"child_born_on": "2015-13-01"}, "other")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "enrolment.form")
        told = client.get(first["Location"], **bearer).json()
        assert told["state"] == "waiting"
        assert [
            one["code"] for one in client.get(f"{base}/seasons/test-2021/schools", {"address": "试验路1号"}).json()
        ] == ["east"]
    to_lottery(district)
    proof = client.get(f"{base}/seasons/test-2021/lottery").json()
    assert proof["fits"] is True
    assert proof["codes"] == [Child.objects.get(season=district.season).code]
    assert client.get(f"{base}/seasons/test-2021/statistics").json()[0]["asked"] is None, (
        "few are not counted in public"
    )


def test_a_declined_place_cannot_be_taken_back(district: District, browse: Browse) -> None:
    with at(5):
        district.hand_in(1)
    to_lottery(district)
    published(district)
    number = Child.objects.get(season=district.season).case.number
    client = browse(district.parent(1))
    with at(27):
        client.post(page("-child-act", number, "decline"))
        told = client.post(page("-child-act", number, "confirm"), follow=True)
    assert "已放弃" in told.content.decode()
    assert placing.free_places(district.season)["east"] == 2
