"""Certificates: what a station's term gives and loses, who may open a PDF, what the pages show of a review's arithmetic and of a check's money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from yizhantong.kernel.files.models import Issued
from yizhantong.zones.talent import tasks
from yizhantong.zones.talent.actions import recognition, stations
from yizhantong.zones.talent.hooks import HOOKS
from yizhantong.zones.talent.models import Inspection, Recheck, Sitting, Station
from yizhantong.zones.talent.queries import papers, reviews
from yizhantong.zones.talent.tests.conftest import POST, Town, at
from yizhantong.zones.talent.tests.test_hiring import vacancy
from yizhantong.zones.talent.tests.test_stations import GOOD, applied, exam, experts, sitting, standing
from yizhantong.zones.talent.tests.test_subsidies import awarded

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


def test_a_station_gets_one_certificate_a_term_and_loses_it_with_the_plaque(town: Town) -> None:
    station = standing(town)
    with at(dt.date(2021, 8, 30)):
        number = tasks.certify.func(case=station.case_id)
        assert number == tasks.certify.func(case=station.case_id) != ""
    with at(dt.date(2024, 8, 1)):
        stations.open_inspections(2024, account=None)
        stations.inspect(Inspection.objects.get(), GOOD, opinion="合格", account=None)
        first, second = Issued.objects.filter(subject_kind=stations.SUBJECT).order_by("pk")
        assert (first.number, second.replaces_id) == (number, first.pk)
        assert papers.of_stations([Station.objects.select_related("case").get()])[station.pk] == second
        stations.withdraw(station, reason="撤销依托单位", account=None)
    second.refresh_from_db()
    assert second.revoked_reason == "撤销依托单位"


def test_without_a_plaque_there_is_no_certificate(town: Town, refused: Callable[..., str]) -> None:
    experts(town, 3)
    station = applied(town)
    assert refused(stations.certificate, station, account=None) == "talent.no_plaque"
    assert tasks.certify.func(case=station.case_id) == ""


def test_a_certificate_is_opened_by_its_holder_and_the_office_only(town: Town, browse: Browse) -> None:
    station, who = standing(town), town.somebody()
    talent = town.recognised(who)
    own = recognition.certificate(talent, account=None)
    firms = stations.certificate(station, account=None)
    for paper, holder, other in ((own, who, town["agent"]), (firms, town["agent"], town["other"])):
        url = reverse("talent:paper", args=[paper.verify_code])
        for account in (holder, town["officer"]):
            answer = browse(account).get(url)
            assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        assert browse(other).get(url).status_code == 404
        assert browse().get(url).status_code == 302
    assert browse(who).get(reverse("talent:paper", args=["nothing"])).status_code == 404
    claim = talent.claims.get().case
    assert not papers.may_open(town["officer"], Issued(subject_kind="case", subject_number=claim.number))
    assert papers.of_case(claim) == [own]
    assert own.number in browse(who).get(reverse("talent:mine")).content.decode()
    assert own.number in browse(who).get(reverse("web:my-case", args=[claim.number])).content.decode()
    assert own.number in browse(town["officer"]).get(reverse("talent:desk-talent", args=[talent.code])).content.decode()
    assert firms.verify_code in browse(town["agent"]).get(reverse("talent:employer")).content.decode()


def test_the_arithmetic_of_a_review_is_shown_to_everybody_it_concerns(town: Town, browse: Browse) -> None:
    experts(town)
    station = applied(town)
    stations.ask_experts(station, wanted=5, account=None)
    told = reviews.outcome(station)
    assert (told.waiting, told.missing, told.mean, told.passed) == (5, 0, None, None)
    rows = station.reviews.select_related("expert__account").order_by("pk")
    for review, off in zip(rows, (0, 13, 3, 4, 8), strict=True):
        marks = GOOD | {"place": 13 - off}
        stations.score(review, marks, opinion="属实", independent=True, account=review.expert.account)
    told = reviews.outcome(Station.objects.get(pk=station.pk))
    assert (told.added, told.divisor, told.dropped) == ("83.00 + 82.00 + 78.00", 3, 2)
    assert (told.mean, told.passed) == (Decimal("81.00"), True)
    town.step(station.case, "onsite")
    assert reviews.outcome(Station.objects.get(pk=station.pk)) == told
    sum_ = "(83.00 + 82.00 + 78.00) ÷ 3 = 81.00"
    number = station.case.number
    for who, url in (
        ("officer", reverse("talent:desk-review", args=[station.pk])),
        ("officer", reverse("web:desk-case", args=[number])),
        ("agent", reverse("web:my-case", args=[number])),
    ):
        assert sum_ in browse(town[who]).get(url).content.decode(), url


def test_too_few_sheets_make_no_mean_and_say_how_many_are_missing(town: Town) -> None:
    experts(town, 3)
    station = applied(town)
    stations.ask_experts(station, account=None)
    first = station.reviews.select_related("expert__account").first()
    assert first is not None
    stations.step_back(first, "亲属任职", account=first.expert.account)
    for review in station.reviews.filter(state="asked").select_related("expert__account"):
        stations.score(review, GOOD, opinion="属实", independent=True, account=review.expert.account)
    told = reviews.outcome(station)
    assert (told.mean, told.missing, told.stepped_back, len(told.marks)) == (None, 1, 1, 2)


def test_a_station_is_shown_to_everybody_by_its_plaque(town: Town, browse: Browse) -> None:
    station = standing(town)
    page = browse().get(reverse("talent:station", args=[station.plaque])).content.decode()
    assert "÷ 3 = 86.00" in page
    assert "评审专家" not in page
    assert browse().get(reverse("talent:station", args=["JZDSZ-1999-001"])).status_code == 404


def test_a_check_says_what_money_hangs_on_it_and_what_became_of_it(town: Town, browse: Browse) -> None:
    awards = [awarded(town) for _ in range(2)]
    client, url = browse(town["officer"]), reverse("talent:desk-checks")
    with at(dt.date(2022, 2, 1)):
        client.post(url, {"do": "open"})
        shown = client.get(url, {"money": "1"}).content.decode()
        assert "通过后待拨付 <strong>12,000.00</strong> 元" in shown
        assert "未通过则停发 <strong>24,000.00</strong> 元" in shown
        rows = [Recheck.objects.get(talent=award.talent_id) for award in awards]
        said = {"employed": "no", "resident": "yes", "recheck": rows[0].pk, "evidence": ""}
        refused = client.post(url, said)
        assert refused.status_code == 422
        assert '<option value="no" selected>' in refused.content.decode()
        told = client.post(url, said | {"evidence": "社保停缴"}, follow=True).content.decode()
        assert "核查未通过,停发 24,000.00 元" in told
        told = client.post(url, said | {"employed": "yes", "recheck": rows[1].pk, "evidence": "社保"}, follow=True)
        assert "核查通过,待拨付 12,000.00 元" in told.content.decode()
        assert "没有这一类核查" in client.get(url, {"money": "1"}).content.decode()
    assert client.get(url, {"state": "nothing", "q": "\x00"}).status_code == 200


def test_posts_are_found_and_ended_at_the_desk(town: Town, browse: Browse) -> None:
    made, client, url = vacancy(town), browse(town["officer"]), reverse("talent:desk-posts")
    assert made.number in client.get(url, {"q": POST["post_title"], "state": "open"}).content.decode()
    assert "没有符合条件" in client.get(url, {"q": "没有这个岗位"}).content.decode()
    assert "岗位已结束" in client.post(url, {"post": made.number}, follow=True).content.decode()
    made.refresh_from_db()
    assert made.state == "closed"
    assert browse(town["agent"]).get(url).status_code == 403


def test_what_was_typed_at_the_desk_survives_a_refusal(town: Town, browse: Browse) -> None:
    exam(town)
    one, client = sitting(town), browse(town["officer"])
    url = reverse("talent:desk-exams")
    with at(dt.date(2021, 8, 30)):
        answer = client.post(url, {"do": "result", "sitting": one.pk, "theory": "88", "practice": "八十"})
        assert answer.status_code == 422
        assert 'value="八十"' in answer.content.decode()
        told = client.post(url, {"do": "result", "sitting": one.pk, "theory": "88", "practice": "80"}, follow=True)
    assert "理论 88、技能 80,合格" in told.content.decode()
    assert Sitting.objects.get(pk=one.pk).state == "passed"
    given = {"do": "open", "occupation": "电工", "level": "9", "centre": "", "place": "一楼", "seats": "5"}
    assert 'value="一楼"' in client.post(url, given).content.decode()
    experts_page = reverse("talent:desk-experts")
    answer = client.post(experts_page, {"do": "enlist", "username": "expert1", "fields": "、", "weight": "3"})
    assert (answer.status_code, 'value="expert1"' in answer.content.decode()) == (422, True)


def test_a_case_of_another_item_shows_nothing_of_the_zone(town: Town) -> None:
    case = town.claim(town.somebody())
    case.item_id = "talent.unknown"
    assert HOOKS.extra_panels(case) == HOOKS.asker_panels(case) == papers.of_case(case) == []
