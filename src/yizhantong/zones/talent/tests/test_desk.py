"""What officers do at their desk with talents, estates and lists; job offers that nobody answers; a booth given back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.talent.actions import fairs, hiring, titles
from yizhantong.zones.talent.models import Booth, Candidacy, Estate, Exam, Sitting, Talent
from yizhantong.zones.talent.queries.lists import TABLES
from yizhantong.zones.talent.tests.conftest import DAY, Town, at
from yizhantong.zones.talent.tests.test_hiring import candidate, vacancy
from yizhantong.zones.talent.tests.test_housing import estate
from yizhantong.zones.talent.tests.test_stations import exam, sitting
from yizhantong.zones.talent.tests.test_subsidies import awarded

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


def test_an_officer_stops_a_subsidy_and_takes_a_class_away_with_a_reason(town: Town, browse: Browse) -> None:
    award, client = awarded(town), browse(town["officer"])
    url = reverse("talent:desk-talent", args=[award.talent.code])
    assert "停发这项补贴" in client.get(url).content.decode()
    assert "请写明停发原因" in client.post(url, {"do": "stop", "award": award.pk}, follow=True).content.decode()
    client.post(url, {"do": "stop", "award": award.pk, "reason": "本人申请"})
    award.refresh_from_db()
    assert (award.state, award.stopped_for) == ("stopped", "本人申请")
    client.post(url, {"do": "lose", "reason": "材料不实"})
    assert Talent.objects.get(pk=award.talent_id).state == "lost"
    assert browse(town["agent"]).get(url).status_code == 403


def test_an_estate_is_opened_and_a_flat_is_closed_and_reopened(town: Town, browse: Browse) -> None:
    client, url = browse(town["officer"]), reverse("talent:desk-estate")
    given = {
        "code": "xin-1",
        "name": "新居",
        "address": "演示路 1 号",
        "division": town.firm.division_id,
        "count_1": "2",
    }
    answer = client.post(url, given)
    assert (answer.status_code, "新居" in answer.content.decode()) == (422, True)
    given |= {"division": answer.context["form"].fields["division"].choices[0][0], "area_1": "35.5", "rent_1": "600"}
    assert "2 套房源" in client.post(url, given, follow=True).content.decode()
    assert "已存在" in client.post(url, given).content.decode()
    flat, desk = Estate.objects.get(code="xin-1").flats.order_by("number")[0], reverse("talent:desk-housing")
    for what, state in (("close", "closed"), ("close", "closed"), ("reopen", "free")):
        client.post(desk, {"do": what, "flat": flat.pk})
        flat.refresh_from_db()
        assert flat.state == state


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_are_handed_out_to_officers_only_and_on_record(town: Town, browse: Browse, form: str) -> None:
    awarded(town)
    estate(1)
    exports = AuditEvent.objects.filter(event=AuditEvent.Event.EXPORT)
    before = exports.count()
    for what in TABLES:
        answer = browse(town["officer"]).get(reverse("talent:desk-export", args=[what, form]))
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store"), what
        assert len(answer.content) > 40
    assert exports.count() == before + len(TABLES)
    assert browse(town["agent"]).get(reverse("talent:desk-export", args=["talents", form])).status_code == 403
    assert browse(town["officer"]).get(reverse("talent:desk-export", args=["nothing", form])).status_code == 404


def test_an_employer_exports_names_of_those_who_consented_only(town: Town, browse: Browse) -> None:
    made = vacancy(town)
    who, resume = candidate(town)
    one = hiring.apply(made, resume, account=who)
    assert who.person is not None
    url = reverse("talent:candidates-export", args=[made.number, "csv"])
    assert who.person.name in browse(town["agent"]).get(url).content.decode()
    hiring.withdraw(one, account=who)
    assert who.person.name not in browse(town["agent"]).get(url).content.decode()
    assert browse(town["other"]).get(url).status_code == 404


def test_an_offer_that_nobody_answers_lapses_once_and_may_be_made_again(town: Town) -> None:
    who, resume = candidate(town)
    made = vacancy(town)
    one = hiring.offer(hiring.apply(made, resume, account=who), 600_000, account=None)
    assert one.answer_by is not None
    with at(one.answer_by):
        assert hiring.lapse() == 0
    with at(one.answer_by + dt.timedelta(days=1)):
        assert (hiring.lapse(), hiring.lapse()) == (1, 0)
        assert Candidacy.objects.get(pk=one.pk).state == "lapsed"
        again = hiring.offer(Candidacy.objects.get(pk=one.pk), 600_000, account=None)
        assert hiring.accept(again, account=who).state == "hired"


def test_a_booth_is_given_back_before_the_fair_begins(town: Town, browse: Browse, refused: Callable[..., str]) -> None:
    start = timezone.make_aware(dt.datetime.combine(DAY + dt.timedelta(days=3), dt.time(9)))
    with at(DAY):
        fair = fairs.plan("秋招", "体育馆", division=town.firm.division_id, starts_at=start, ends_at=start + dt.timedelta(hours=3),
                          booths=1, capacity=10, account=None)  # fmt: skip
        booth = fairs.take_booth(fair, town.firm, account=None)
        url = reverse("talent:fair", args=[fair.code])
        browse(town["agent"]).post(url, {"do": "leave", "employer": town.firm.pk})
        assert Booth.objects.get(pk=booth.pk).cancelled
        assert refused(fairs.leave_booth, booth, account=None) == "talent.booth_cancelled"
        again = fairs.take_booth(fair, town.other_firm, account=None)
    with at(DAY + dt.timedelta(days=3)):
        assert refused(fairs.leave_booth, again, account=None) == "talent.fair_begun"


def test_a_session_called_off_gives_its_people_back(town: Town, refused: Callable[..., str]) -> None:
    held = exam(town)
    sitting(town)
    one = Sitting.objects.get(exam=held)
    assert refused(titles.drop_exam, held, "", account=None) == "talent.missing"
    assert titles.drop_exam(held, "场地停用", account=None) == 1
    one.refresh_from_db()
    assert (one.exam_id, one.seat, one.state) == (None, None, "asked")
    assert Exam.objects.get(pk=held.pk).state == "dropped"
    assert refused(titles.drop_exam, held, "再次", account=None) == "talent.exam_state"
