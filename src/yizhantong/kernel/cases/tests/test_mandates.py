"""Mandates: given within one's own, for a term, for a zone; over at once when taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, mandates, people, queries
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.notices import queries as notices
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.kernel.parties.register import register_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
NUMBER = "210702199003070014"
UNTIL = dt.date(2021, 9, 30)


@pytest.fixture
def boss(city: None) -> User:
    """Somebody who may give mandates of the firm."""
    made = world.citizen("老板", world.FIRM)
    Mandate.objects.update(may_delegate=True)
    return made


def firm() -> Organisation:
    return Organisation.objects.get(pk=world.FIRM)


def helper() -> User:
    person = register_person(name="小王", number=NUMBER, phone="", division=world.GUTA)
    return User.objects.create(username="helper", person=person)


def give(boss: User, **given: Any) -> Mandate:
    return mandates.give(firm(), **({"name": "小王", "identity": NUMBER, "until": UNTIL, "account": boss} | given))


def refused(code: str, boss: User, **given: Any) -> None:
    with pytest.raises(CaseError) as error:
        give(boss, **given)
    assert error.value.code == code


def test_holder_of_a_mandate_asks_for_the_firm_until_its_last_day(boss: User) -> None:
    acting = helper()
    item = world.item()
    with pytest.raises(CaseError, match="不能代表"):
        actions.file(item, applicant=firm(), data={}, account=acting)
    give(boss)
    filed = actions.file(item, applicant=firm(), data={}, account=acting)
    assert list(queries.mine(acting)) == [filed]
    with clock.at(world.at(30, month=9)):
        assert people.acts_for(acting, world.FIRM, None)
    with clock.at(world.at(1, month=10)):
        assert not people.acts_for(acting, world.FIRM, None)
        assert list(queries.mine(acting)) == []


def test_a_mandate_for_one_zone_reaches_into_no_other(boss: User) -> None:
    acting = helper()
    give(boss, zone="trial")
    here, there = world.item("trial.here", zone="trial"), world.item("trial.there", zone="trial_two")
    actions.file(here, applicant=firm(), data={}, account=acting)
    elsewhere = actions.file(there, applicant=firm(), data={}, account=boss)
    with pytest.raises(CaseError) as error:
        actions.file(there, applicant=firm(), data={}, account=acting)
    assert error.value.code == "cases.not_the_applicant"
    assert elsewhere not in queries.mine(acting)
    assert not people.acts_for(acting, world.FIRM, None, "trial_two")
    with pytest.raises(CaseError) as hidden:
        actions.withdraw(elsewhere, reason="不办了", account=acting)
    assert hidden.value.code == "cases.not_yours"


def test_what_was_taken_back_is_over_at_once_and_stays_on_record(boss: User) -> None:
    acting = helper()
    made = give(boss)
    mandates.withdraw(made, boss)
    assert not people.acts_for(acting, world.FIRM, None)
    made.refresh_from_db()
    assert made.withdrawn_at == world.NOW
    assert AuditEvent.objects.filter(event="rights", target=f"mandate:{made.pk}").count() == 2
    titles = [notice.title for notice in notices.page(acting).notices]
    assert len(titles) == 2
    with pytest.raises(CaseError) as error:
        mandates.withdraw(made, boss)
    assert error.value.code == "mandates.over"


def test_holder_lays_his_own_down_and_nobody_elses(boss: User) -> None:
    acting, other = helper(), world.citizen("别人")
    made = give(boss)
    with pytest.raises(CaseError) as error:
        mandates.withdraw(made, other)
    assert error.value.code == "mandates.refused"
    mandates.withdraw(made, acting)
    assert not people.acts_for(acting, world.FIRM, None)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("mandates.identity", {"identity": "210702199003070015"}),
        ("mandates.name", {"name": " "}),
        ("mandates.term", {"until": dt.date(2021, 8, 8)}),
        ("mandates.term", {"until": dt.date(2022, 9, 1)}),
    ],
)
def test_a_mandate_that_cannot_be_is_refused(boss: User, code: str, given: dict[str, Any]) -> None:
    refused(code, boss, **given)
    assert Mandate.objects.count() == 1


def test_a_name_that_does_not_fit_the_number_is_refused(boss: User) -> None:
    helper()
    refused("mandates.name_differs", boss, name="小李")


def test_nobody_gives_more_than_he_has(boss: User) -> None:
    Mandate.objects.update(valid_to=dt.date(2021, 9, 1), zone="trial")
    refused("mandates.zone", boss, until=dt.date(2021, 8, 31))
    refused("mandates.term", boss, zone="trial")
    refused("mandates.zone", boss, zone="trial", until=dt.date(2021, 8, 31), may_delegate=True)
    give(boss, zone="trial", until=dt.date(2021, 8, 31))
    refused("mandates.exists", boss, zone="trial", until=dt.date(2021, 8, 31))


def test_only_who_may_delegate_or_an_officer_gives(boss: User) -> None:
    acting = helper()
    give(boss)
    refused("mandates.refused", acting, name="老三", identity="210727195512015426")
    officer = world.official("officer", None, "profiles.edit", scope="city")
    made = give(officer, name="老三", identity="210727195512015426", may_delegate=True)
    assert Person.objects.get(pk=made.person_id).name == "老三"


def test_the_last_who_may_delegate_stays(boss: User) -> None:
    with pytest.raises(CaseError) as error:
        mandates.withdraw(Mandate.objects.get(), boss)
    assert error.value.code == "mandates.last"


def test_holders_are_reminded_a_week_before(boss: User) -> None:
    acting = helper()
    give(boss, until=dt.date(2021, 8, 16))
    assert mandates.remind() == 1
    assert "到期" in notices.page(acting).notices[0].title
