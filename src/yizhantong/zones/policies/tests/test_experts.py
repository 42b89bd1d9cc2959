"""The list of experts and its page; conflict and recall bring another expert; who is asked and who is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import experts, reviews
from yizhantong.zones.policies.models import Application, Expert, ExpertReview
from yizhantong.zones.policies.tests.conftest import Enter, Office, official

pytestmark = pytest.mark.django_db
CARD = "工业企业技术改造设备补助"


def in_review(office: Office, place: int) -> tuple[Case, Application]:
    """Bring an application to the experts."""
    day = office.driver.start_of(matters.EXPERT)
    card = office.card(CARD)
    case = office.driver.file(card, office.firm(card, place), None, day)
    office.driver.drive(case, "joint", day)
    return case, office.money(case)


def scorer(name: str) -> User:
    """Make an account that may score."""
    return official(name, None, "experts.score", scope="city")


def test_the_list_is_kept_on_its_page(office: Office, enter: Enter) -> None:
    user = scorer("listed")
    employer = office.firm(office.card(CARD), 9)
    client, here = enter(office.editor), reverse("policies:desk-experts")
    told = client.post(here, {"do": "enlist", "username": "nobody-at-all", "field": "装备"})
    assert told.status_code == 422
    assert "没有这个账号" in told.content.decode()
    wrong = client.post(here, {"do": "enlist", "username": user.username, "field": "装备", "employer": "没有的单位"})
    assert "没有找到这个单位" in wrong.content.decode()
    official_ = client.post(here, {"do": "enlist", "username": office.clerk.username, "field": "装备"})
    assert official_.status_code == 422
    made = client.post(here, {"do": "enlist", "username": user.username, "field": "新材料", "employer": employer.name})
    assert made.status_code == 302
    expert = Expert.objects.get(account=user)
    assert (expert.field, expert.employer, expert.active) == ("新材料", employer, True)
    text = client.get(here, {"q": "新材料"}).content.decode()
    assert user.username in text
    assert employer.name in text
    client.post(here, {"do": "retire", "expert": expert.pk})
    expert.refresh_from_db()
    assert not expert.active
    client.post(here, {"do": "return", "expert": expert.pk})
    expert.refresh_from_db()
    assert expert.active
    assert expert.employer == employer
    assert enter(office.treasurer).get(here).status_code == 403
    with pytest.raises(policy.Refused):
        experts.retire(expert, account=office.treasurer)


def test_officials_who_handle_applications_are_not_experts(office: Office, refused: Callable[..., str]) -> None:
    both = official("both", office.clerk.agency_id, "experts.score", "cases.handle", scope="city")
    assert refused(experts.enlist, both, "装备", account=office.editor) == "policies.expert_official"
    without = official("without", None, "cases.view", scope="city")
    assert refused(experts.enlist, without, "装备", account=office.editor) == "policies.expert_rights"


def test_a_conflict_brings_another_expert_of_the_field(office: Office, refused: Callable[..., str]) -> None:
    case, application = in_review(office, 5)
    users = [scorer(f"field-{number}") for number in range(3)]
    one, two, other = (experts.enlist(user, field) for user, field in zip(users, ("化工", "化工", "金融"), strict=True))
    first, other_review = reviews.assign_experts(application, [one, other], account=office.clerk)
    assert refused(experts.retire, one, account=office.editor) == "policies.expert_busy"
    reviews.declare_conflict(first, "曾任该企业顾问", account=users[0])
    asked = ExpertReview.objects.get(application=application, expert=two)
    assert asked.state == "asked"
    assert Notice.objects.filter(account=users[1], kind="policies.expert").exists()
    assert not Notice.objects.filter(account=office.clerk, kind="policies.review", body__contains=case.number).exists()
    reviews.declare_conflict(other_review, "亲属任职", account=users[2])
    told = Notice.objects.get(account=office.clerk, kind="policies.review", body__contains=case.number)
    assert "另行指派" in told.title
    assert experts.retire(one, account=office.editor).active is False
    assert refused(reviews.assign_experts, application, [one], account=office.clerk) == "policies.expert_retired"


def test_who_does_not_answer_is_replaced_and_too_few_are_refused(
    office: Office, enter: Enter, refused: Callable[..., str]
) -> None:
    case, application = in_review(office, 6)
    users = [scorer(f"slow-{number}") for number in range(2)]
    slow, quick = (experts.enlist(user, "节能") for user in users)
    client = enter(office.clerk)
    desk = reverse("web:desk-case", args=[case.number])
    page = client.get(desk)
    assert page.status_code == 200
    assert "指派专家" in page.content.decode()
    here = reverse("policies:desk-application", args=[application.pk])
    sent = client.post(here, {"do": "experts", "expert": slow.pk, "back": "case"})
    assert sent.headers["Location"] == desk
    review = ExpertReview.objects.get(application=application, expert=slow)
    client.post(here, {"do": "recall", "review": review.pk, "reason": "出差在外", "back": "case"})
    review.refresh_from_db()
    assert (review.state, review.conflict) == ("recalled", "出差在外")
    assert "已改派" in client.get(desk).content.decode()
    instead = ExpertReview.objects.get(application=application, expert=quick)
    points = {line.code: 80 for line in reviews.sheet_of(application).criteria}
    late = {"opinion": "好", "independent": True}
    assert refused(reviews.score, review, points, account=users[0], **late) == "policies.reviewed_already"
    reviews.score(instead, points, account=users[1], **late)
    assert Notice.objects.filter(account=office.clerk, kind="policies.review", title__contains="已齐").exists()
    done = refused(actions.complete_step, case, matters.EXPERT, outcome="pass", account=office.clerk)
    assert done == "policies.too_few_experts"


def test_an_expert_sees_what_waits_first_and_never_his_employer_s(
    office: Office, enter: Enter, refused: Callable[..., str]
) -> None:
    _case, application = in_review(office, 7)
    user = scorer("employed")
    expert = experts.enlist(user, "冶金", application.organisation_id)
    assert expert not in experts.askable(application)
    assert refused(reviews.assign_experts, application, [expert], account=office.clerk) == "policies.expert_conflict"
    _case, elsewhere = in_review(office, 8)
    reviews.assign_experts(elsewhere, [expert], account=office.clerk)
    text = enter(user).get(reverse("policies:scoring")).content.decode()
    assert "待评审" in text
    assert f"S{elsewhere.pk:05d}" in text
    assert elsewhere.organisation.name not in text
