"""Rating by a link: the signed word is the right to rate once, and dies with the rating, a reopening, or time."""

from __future__ import annotations

import time

import pytest
from django.core import signing

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, rating_links
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseRating
from yizhantong.kernel.cases.notices import invitation
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.parties.models import Organisation

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def head() -> User:
    return world.official("head", world.ECONOMY, "cases.view", "cases.intake", "cases.handle", "cases.decide")


@pytest.fixture
def case(head: User) -> Case:
    item = world.item(document=world.content(world.seq(world.step("decide", kind="decision"))))
    made = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    actions.accept(made, account=head)
    return actions.decide(made, outcome="granted", account=head)


def refusal(token: str, rating: int = 5) -> str:
    with pytest.raises(CaseError) as caught:
        actions.rate_by_link(token, rating)
    return caught.value.code


def test_a_link_rates_once_through_its_channel_without_an_account(case: Case) -> None:
    token = rating_links.token_of(case, "sms")
    actions.rate_by_link(token, 2, comment="慢", aspects=["办事效率"])
    fact = CaseRating.objects.get()
    assert (fact.rating, fact.channel, fact.comment, fact.recorded_by_id, fact.source) == (2, "sms", "慢", None, "link")
    assert refusal(token) == "cases.rating_link"
    assert refusal(rating_links.token_of(Case.objects.get())) == "cases.rating_link"


def test_a_wrong_rating_does_not_use_the_link_up(case: Case) -> None:
    token = rating_links.token_of(case)
    assert refusal(token, 0) == "cases.rating"
    actions.rate_by_link(token, 5)
    assert CaseRating.objects.get().channel == "web"


def test_a_link_dies_with_a_reopening_and_with_time(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    token = rating_links.token_of(case)
    asker = world.citizen("经办", world.FIRM)
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda held=time.time: held() + 31 * 86400)
        assert refusal(token) == "cases.rating_link"
    assert rating_links.opened(token)[0] == case
    actions.dispute(case, "算错了", asker)
    assert refusal(token) == "cases.rating_link"


def test_a_forged_link_opens_nothing(case: Case) -> None:
    for token in ("", "x", "a:b:c", signing.dumps(["1", "2", None, "web"], salt="other")):
        assert refusal(token) == "cases.rating_link"
    assert not CaseRating.objects.exists()


def test_an_open_or_withdrawn_case_has_no_link_that_opens(head: User) -> None:
    item = world.item(document=world.content())
    made = actions.file(item, applicant=Organisation.objects.get(pk=world.FIRM), data={}, account=None)
    assert refusal(rating_links.token_of(made)) == "cases.rating_link"
    actions.withdraw(made, "不办了", None)
    assert not rating_links.may_be_rated(made)
    assert refusal(rating_links.token_of(made)) == "cases.rating_link"


def test_messages_of_a_closed_case_invite_to_rate_until_it_is_rated(case: Case) -> None:
    said = invitation(case.number, "sms")
    token = said.rstrip("/").rpartition("/")[2]
    assert rating_links.opened(token) == (case, "sms")
    actions.rate_by_link(token, 5)
    assert (invitation(case.number, "mail"), invitation("", "mail")) == ("", "")
