"""Every page: who may enter, how many questions it asks of the database, that it shows and does what it should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.zones.talent.actions import housing, stations
from yizhantong.zones.talent.models import (
    Award,
    Candidacy,
    Fair,
    Instalment,
    Look,
    Offer,
    PayBatch,
    Recheck,
    Resume,
    StationReview,
    Subsidy,
    Visitor,
)
from yizhantong.zones.talent.tests.conftest import Town, at
from yizhantong.zones.talent.tests.test_hiring import candidate, vacancy
from yizhantong.zones.talent.tests.test_housing import estate, waiting
from yizhantong.zones.talent.tests.test_stations import GOOD, applied, exam, experts, sitting
from yizhantong.zones.talent.tests.test_subsidies import awarded, returned

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
PUBLIC = ("index", "posts", "fairs", "stations", "rules")
OWN = ("mine", "resume", "employer")
DESK = (
    "desk",
    "desk-talents",
    "desk-checks",
    "desk-housing",
    "desk-fairs",
    "desk-money",
    "desk-stations",
    "desk-exams",
    "desk-experts",
)


def asked(client: Client, url: str) -> tuple[int, str]:
    """Return how many questions the second call of a page asks, and what it shows."""
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(found), answer.content.decode()


@pytest.mark.parametrize("name", PUBLIC)
def test_everybody_sees_the_public_pages(town: Town, browse: Browse, name: str) -> None:
    vacancy(town)
    assert asked(browse(), reverse(f"talent:{name}"))[0] <= 16


@pytest.mark.parametrize("name", DESK)
def test_only_officers_enter_the_desk(town: Town, browse: Browse, name: str) -> None:
    url = reverse(f"talent:{name}")
    assert asked(browse(town["officer"]), url)[0] <= 22
    for who in ("agent", "nobody", "stranger", "expert1"):
        assert browse(town[who]).get(url).status_code == 403
    assert browse().get(url).status_code == 302


@pytest.mark.parametrize("name", OWN)
def test_one_s_own_pages_need_a_sign_in(town: Town, browse: Browse, name: str) -> None:
    url = reverse(f"talent:{name}")
    assert browse().get(url).status_code == 302
    assert asked(browse(town["agent"]), url)[0] <= 20


def test_lists_ask_the_same_however_long_they_are(town: Town, browse: Browse) -> None:
    vacancy(town)
    few, _text = asked(browse(), reverse("talent:posts"))
    for _ in range(4):
        vacancy(town)
    assert asked(browse(), reverse("talent:posts"))[0] == few
    who, _place = waiting(town)
    checks, _text = asked(browse(town["officer"]), reverse("talent:desk-housing"))
    waiting(town)
    estate(3)
    assert asked(browse(town["officer"]), reverse("talent:desk-housing"))[0] == checks
    assert who.person is not None


def test_posts_are_narrowed_and_bad_input_is_no_error(town: Town, browse: Browse) -> None:
    made, client = vacancy(town), browse()
    url = reverse("talent:posts")
    assert made.number in client.get(url, {"q": "数控", "education": "college", "pay": "7000"}).content.decode()
    assert "没有符合条件" in client.get(url, {"pay": "9000"}).content.decode()
    assert client.get(url, {"pay": "²", "education": "x", "q": "\x00"}).status_code == 200
    assert client.get(url, {"after": "x"}).status_code == 404
    assert client.get(reverse("talent:post", args=["nothing"])).status_code == 404


def test_a_person_sees_everything_of_his_own_and_answers_an_offer(town: Town, browse: Browse) -> None:
    who, _place = waiting(town)
    town.subsidy(who)
    client = browse(who)
    questions, text = asked(client, reverse("talent:mine"))
    assert questions <= 20
    assert "轮候第" in text
    assert "12,000.00" in text
    offer = housing.offer_next(estate()[0], account=None)
    assert "等您答复" in client.get(reverse("talent:mine")).content.decode()
    assert browse(town["agent"]).post(reverse("talent:offer", args=[offer.pk, "accept"])).status_code == 404
    assert "租约已生效" in client.post(reverse("talent:offer", args=[offer.pk, "accept"]), follow=True).content.decode()
    assert Offer.objects.get(pk=offer.pk).state == "accepted"
    assert client.post(reverse("talent:certificate")).status_code == 302


def test_a_resume_is_written_blind_and_tells_who_looked(town: Town, browse: Browse) -> None:
    who = town.somebody("演示求职者")
    client, url = browse(who), reverse("talent:resume")
    given = {
        "wanted": "数控操作工",
        "occupation": "数控操作工",
        "education": "college",
        "skills": "数控编程",
        "years": 3,
        "pay": 6000,
        "open": "on",
    }
    bad = client.post(url, given | {"experience": "我是演示求职者"})
    assert bad.status_code == 422
    assert "不要写姓名" in bad.content.decode()
    assert 'value="数控操作工"' in bad.content.decode()
    client.post(url, given)
    resume = Resume.objects.get(person=who.person)
    made, agent = vacancy(town), browse(town["agent"])
    text = agent.get(reverse("talent:candidates", args=[made.number])).content.decode()
    assert resume.code in text
    page = agent.get(reverse("talent:candidate", args=[made.number, resume.code])).content.decode()
    assert "演示求职者" not in page
    assert Look.objects.filter(resume=resume).count() == 1
    assert town.firm.name in client.get(url).content.decode()
    told = {"employer": town.firm.pk, "purpose": "contact", "days": "400"}
    assert "授权期限" in client.post(reverse("talent:consent"), told, follow=True).content.decode()
    client.post(reverse("talent:consent"), told | {"days": "7"})
    page = agent.get(reverse("talent:candidate", args=[made.number, resume.code])).content.decode()
    assert "演示求职者" in page
    client.post(reverse("talent:consent-withdraw", args=[resume.consents.get().pk]))
    assert "演示求职者" not in agent.get(reverse("talent:candidate", args=[made.number, resume.code])).content.decode()


def test_hiring_goes_through_both_sides_pages(town: Town, browse: Browse) -> None:
    made, (who, _resume) = vacancy(town), candidate(town)
    person, agent = browse(who), browse(town["agent"])
    assert "已投递" in person.post(reverse("talent:post", args=[made.number]), follow=True).content.decode()
    one = Candidacy.objects.get()
    page = agent.get(reverse("talent:candidates", args=[made.number])).content.decode()
    assert who.person.name in page

    def act(what: str, **more: str) -> Any:
        return agent.post(
            reverse("talent:post-act", args=[made.number, what]), {"candidacy": one.pk, **more}, follow=True
        )

    assert "请填写日期和时间" in act("interview", at="", place="x").content.decode()
    act("interview", at="2021-08-20T09:30", place="一楼")
    act("offer", pay="6000")
    person.post(reverse("talent:candidacy", args=[one.pk, "accept"]))
    assert Candidacy.objects.get().state == "hired"
    assert browse(town["other"]).get(reverse("talent:candidates", args=[made.number])).status_code == 404


def test_money_goes_out_through_the_pages(town: Town, browse: Browse) -> None:
    award = awarded(town)
    first, second = browse(town["officer"]), browse(town["second"])
    one = award.instalments.get(ordinal=1)
    assert award.talent.code in first.get(reverse("talent:desk-money")).content.decode()
    first.post(reverse("talent:desk-money"), {"instalment": one.pk})
    batch = PayBatch.objects.get()
    here = reverse("talent:desk-batch", args=[batch.number])
    assert "制单人不能复核" in first.post(here, {"do": "approve"}, follow=True).content.decode()
    second.post(here, {"do": "approve"})
    sent = second.post(reverse("talent:desk-bank-csv", args=[batch.number]))
    assert award.account_number in sent.content.decode()
    assert award.account_number not in first.get(here).content.decode()
    assert "请选择银行回单文件" in first.post(here, {"do": "return"}, follow=True).content.decode()
    first.post(here, {"do": "return", "file": SimpleUploadedFile("r.csv", returned(batch))})
    assert Subsidy.objects.count() == 1
    assert Award.objects.get(pk=award.pk).instalments.get(ordinal=1).state == Instalment.State.PAID
    first.post(here, {"do": "reclaim", "instalment": one.pk, "reason": "离职", "law": "办法"})
    assert "离职" in first.get(reverse("talent:desk-money")).content.decode()


def test_checks_are_opened_and_settled_on_the_page(town: Town, browse: Browse) -> None:
    town.recognised(town.somebody())
    client, url = browse(town["officer"]), reverse("talent:desk-checks")
    with at(dt.date(2022, 2, 1)):
        client.post(url, {"do": "open"})
        row = Recheck.objects.get()
        assert (
            "请写明核查依据"
            in client.post(url, {"recheck": row.pk, "employed": "yes", "resident": "yes"}, follow=True).content.decode()
        )
        client.post(url, {"recheck": row.pk, "employed": "yes", "resident": "yes", "evidence": "社保"})
    assert Recheck.objects.get().state == "passed"


def test_an_expert_scores_on_the_phone_and_nothing_typed_is_lost(town: Town, browse: Browse) -> None:
    experts(town, 3)
    station = applied(town)
    stations.ask_experts(station, account=None)
    review = StationReview.objects.select_related("expert__account").first()
    assert review is not None
    client, url = browse(review.expert.account), reverse("talent:sheet", args=[review.pk])
    marks = {f"mark.{code}": value for code, value in GOOD.items()}
    missing = client.post(url, marks | {"opinion": "很好"})
    assert missing.status_code == 422
    assert 'value="22"' in missing.content.decode()
    assert "很好" in missing.content.decode()
    client.post(url, marks | {"opinion": "很好", "independent": "on"})
    assert StationReview.objects.get(pk=review.pk).total == 86
    other = town.users["expert6"]
    assert browse(User.objects.get(pk=other.pk)).get(url).status_code == 404


def test_judging_pages_do_what_they_say(town: Town, browse: Browse) -> None:
    experts(town, 3)
    station = applied(town)
    client = browse(town["officer"])
    client.post(reverse("talent:desk-stations"), {"do": "draw", "station": station.pk, "seed": "20210816"})
    assert station.reviews.count() == 3
    assert "重抽结果一致" in client.get(reverse("talent:desk-experts")).content.decode()
    held, one = exam(town), sitting(town)
    with at(dt.date(2021, 8, 30)):
        assert held.code in client.get(reverse("talent:desk-exams")).content.decode()
        client.post(reverse("talent:desk-exams"), {"do": "result", "sitting": one.pk, "theory": "80", "practice": "81"})
    one.refresh_from_db()
    assert one.state == "passed"


def test_a_fair_is_planned_and_people_come_in_by_their_code(town: Town, browse: Browse) -> None:
    officer, url = browse(town["officer"]), reverse("talent:desk-fairs")
    given: dict[str, Any] = {
        "do": "plan",
        "title": "演示招聘会",
        "place": "体育馆",
        "starts_at": "2021-09-01T09:00",
        "booths": 10,
        "capacity": 100,
    }
    assert "请填写日期和时间" in officer.post(url, given | {"ends_at": "x"}, follow=True).content.decode()
    officer.post(url, given | {"ends_at": "2021-09-01T12:00"})
    fair = Fair.objects.get()
    page = reverse("talent:fair", args=[fair.code])
    agent = browse(town["agent"])
    agent.post(page, {"do": "booth", "employer": town.firm.pk})
    assert "data:image/svg" in agent.post(page, {"do": "register"}, follow=True).content.decode()
    ticket = Visitor.objects.get().ticket
    assert (
        "签到成功"
        in officer.post(url, {"do": "ticket", "fair": fair.code, "ticket": ticket}, follow=True).content.decode()
    )
    assert (
        "已于" in officer.post(url, {"do": "ticket", "fair": fair.code, "ticket": ticket}, follow=True).content.decode()
    )
