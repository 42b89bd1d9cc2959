"""Posts and candidates: blind until consent, who looked is kept, every state in order, the last opening, fairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.talent.actions import fairs, hiring, posts
from yizhantong.zones.talent.actions.posts import ResumeGiven
from yizhantong.zones.talent.models import Candidacy, Look, Post, Resume, Vacancy
from yizhantong.zones.talent.tests.conftest import DAY, POST, Town, at

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]
GIVEN = ResumeGiven("数控操作工", "数控操作工", "college", ("数控编程",), 3, 600_000, (), "在机加工车间工作三年", True)
SOON = timezone.make_aware(dt.datetime(2021, 8, 20, 9))


def vacancy(town: Town, **changed: str) -> Vacancy:
    """Bring a post to its publication."""
    return Vacancy.objects.get(case=town.granted("post", town["agent"], POST | changed, town.firm))


def candidate(town: Town, **changed: object) -> tuple[User, Resume]:
    """Make somebody new with a resume."""
    who = town.somebody()
    assert who.person is not None
    who.person.phone = "13904169999"
    who.person.save()
    given = ResumeGiven(**{**{name: getattr(GIVEN, name) for name in GIVEN.__slots__}, **changed})
    return who, posts.write_resume(who.person, given, account=who)


def test_a_post_is_published_by_its_case_and_enters_the_ledger(town: Town, refused: Refused) -> None:
    made = vacancy(town)
    fact = Post.objects.get()
    assert (fact.number, fact.openings, fact.pay_fen, fact.source) == (made.number, 2, 500_000, f"case:{made.number}")
    assert (made.state, made.skills) == ("open", ["数控编程", "设备维护"])
    assert refused(vacancy, town, post_pay_to="4000") == "talent.pay_range"
    with at(dt.date(2021, 11, 1)):
        assert (posts.close_due(), posts.close_due()) == (1, 0)


def test_a_candidate_is_blind_until_he_consents(town: Town, refused: Refused) -> None:
    made, (who, resume) = vacancy(town), candidate(town)
    seen = posts.look(resume, town.firm, account=town["agent"])
    assert (seen.name, seen.phone, seen.consent) == ("", "", None)
    invited = hiring.invite(made, resume, account=town["agent"])
    assert (invited.state, invited.score) == ("invited", 85)
    assert posts.look(resume, town.firm, account=town["agent"]).name == ""
    hiring.apply(made, resume, account=who)
    seen = posts.look(resume, town.firm, account=town["agent"])
    assert (seen.name, seen.phone) == (who.person.name, "13904169999")
    assert posts.look(resume, town.other_firm, account=town["other"]).name == ""
    assert refused(posts.look, resume, town.firm, account=town["other"]) == "talent.not_yours"
    looks = list(Look.objects.filter(resume=resume).order_by("id").values_list("employer", "consent__purpose"))
    assert looks == [(town.firm.pk, None)] * 2 + [(town.firm.pk, "recruit"), (town.other_firm.pk, None)]


def test_a_consent_ends_by_its_day_or_when_it_is_taken_back(town: Town, refused: Refused) -> None:
    who, resume = candidate(town, open=False)
    assert refused(posts.look, resume, town.firm, account=town["agent"]) == "talent.not_shown"
    given = posts.consent(resume, town.firm, "contact", days=7, account=who)
    assert posts.look(resume, town.firm, account=town["agent"]).name == who.person.name
    with at(DAY + dt.timedelta(days=8)):
        assert refused(posts.look, resume, town.firm, account=town["agent"]) == "talent.not_shown"
    assert refused(posts.withdraw_consent, given, account=town["agent"]) == "talent.not_yours"
    posts.withdraw_consent(given, account=who)
    assert refused(posts.look, resume, town.firm, account=town["agent"]) == "talent.not_shown"
    assert refused(posts.consent, resume, town.firm, "contact", days=365, account=who) == "talent.consent_days"


@pytest.mark.parametrize("text", ["我是演示人才甲", "电话 139 0416 0002", "写信 a.b@example.com", "21070319910917028X"])
def test_what_would_give_a_blind_resume_away_is_refused(town: Town, refused: Refused, text: str) -> None:
    who = town.somebody("演示人才甲")
    assert who.person is not None
    assert (
        refused(posts.write_resume, who.person, ResumeGiven("工人", "", "any", experience=text), account=who)
        == "talent.not_blind"
    )


def test_from_application_to_being_hired_in_order(town: Town, refused: Refused) -> None:
    made, (who, resume) = vacancy(town), candidate(town)
    one = hiring.apply(made, resume, account=who)
    assert refused(hiring.accept, one, account=who) == "talent.candidacy_state"
    assert refused(hiring.interview, one, SOON, "一楼", account=town["other"]) == "talent.not_yours"
    hiring.interview(one, SOON, "一楼会议室", account=town["agent"])
    assert refused(hiring.offer, one, 400_000, account=town["agent"]) == "talent.pay_below"
    hiring.offer(one, 600_000, account=town["agent"])
    hired = hiring.accept(one, account=who)
    assert [step["state"] for step in hired.steps] == ["applied", "interview", "offered", "hired"]
    assert Notice.objects.filter(account=town["agent"], kind="talent.hiring").count() == 2
    assert refused(hiring.reject, hired, "x", account=town["agent"]) == "talent.candidacy_state"
    assert Vacancy.objects.get(pk=made.pk).hired == 1


def test_the_last_opening_is_filled_once(town: Town, refused: Refused) -> None:
    made = vacancy(town, post_openings="1")
    pairs = [candidate(town) for _ in range(2)]
    offers = [
        hiring.offer(hiring.apply(made, resume, account=who), 600_000, account=town["agent"]) for who, resume in pairs
    ]
    hiring.accept(offers[0], account=pairs[0][0])
    assert refused(hiring.accept, offers[1], account=pairs[1][0]) == "talent.openings_full"
    assert Vacancy.objects.get(pk=made.pk).state == "filled"
    late, resume = candidate(town)
    assert refused(hiring.apply, made, resume, account=late) == "talent.post_state"


def test_withdrawing_ends_the_consent_that_applying_gave(town: Town) -> None:
    made, (who, resume) = vacancy(town), candidate(town)
    hiring.withdraw(hiring.apply(made, resume, account=who), account=who)
    assert posts.look(resume, town.firm, account=town["agent"]).name == ""
    again = hiring.apply(made, resume, account=who)
    assert again.state == Candidacy.State.APPLIED


def test_a_fair_from_booth_to_results(town: Town, refused: Refused) -> None:
    start = timezone.make_aware(dt.datetime(2021, 9, 1, 9))
    given = {
        "division": "210702",
        "starts_at": start,
        "ends_at": start + dt.timedelta(hours=3),
        "account": town["officer"],
    }
    fair = fairs.plan("秋季招聘会", "演示体育馆", booths=1, capacity=2, **given)
    booth = fairs.take_booth(fair, town.firm, account=town["agent"])
    assert refused(fairs.take_booth, fair, town.other_firm, account=town["other"]) == "talent.fair_full"
    people = [town.somebody() for _ in range(3)]
    visitors = [fairs.register(fair, who.person, account=who) for who in people[:2]]
    assert fairs.register(fair, people[0].person, account=people[0]) == visitors[0]
    assert refused(fairs.register, fair, people[2].person, account=people[2]) == "talent.fair_full"
    fairs.check_in(fair, visitors[0].ticket, account=town["officer"])
    assert refused(fairs.check_in, fair, visitors[0].ticket, account=town["officer"]) == "talent.ticket_used"
    assert refused(fairs.check_in, fair, "x", account=town["officer"]) == "talent.ticket_unknown"
    told = {"resumes": 5, "intentions": 3, "hired": 1, "account": town["agent"]}
    assert refused(fairs.report, booth, **told) == "talent.booth_absent"
    fairs.check_in_booth(booth, account=town["officer"])
    assert fairs.report(booth, **told).hired == 1
    assert refused(fairs.report, booth, **told | {"hired": 4}) == "talent.fair_results"
    fairs.close(fair, account=town["officer"])
    assert refused(fairs.leave_booth, booth, account=town["agent"]) == "talent.fair_state"
