"""The counter's view of whoever comes: the same cases wherever they began, within the clerk's own sight."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.cases.tests.conftest import city
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.kernel.parties.register import register_person

__all__ = ["city"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
CODE = "91210700MA0000015W"
NUMBER = "210702199003070014"


@pytest.fixture
def firm(city: None) -> Organisation:
    return Organisation.objects.create(uscc=CODE, name="来办企业", kind="enterprise", division_id=world.GUTA)


@pytest.fixture
def clerk(city: None) -> User:
    return world.official("clerk", world.ECONOMY, "cases.intake", "cases.view")


@pytest.fixture
def counter(client: Client, clerk: User, settings: Any) -> Client:
    settings.YZT_SECOND_FACTOR = False
    client.force_login(clerk)
    return client


def test_online_and_counter_are_on_one_page(counter: Client, firm: Organisation) -> None:
    asker = world.citizen("经办")
    Mandate.objects.create(organisation=firm, person=asker.person, valid_from=world.NOW.date())
    ours = actions.file(world.item(name="自家事项"), applicant=firm, data={}, account=asker)
    other = world.item("trial.two", agency=world.ECOLOGY, name="别家事项")
    actions.file(other, applicant=firm, data={}, account=asker)
    shown = counter.post("/desk/visitor/", {"code": CODE}, follow=True).content.decode()
    assert "来办企业" in shown
    assert ours.number in shown
    assert "另有 1 件" in shown
    assert AuditEvent.objects.filter(event="reveal", target=f"visitor:{CODE}").count() == 1


def test_an_application_begins_from_the_page_and_the_next_one_finds_nothing_of_it(
    counter: Client, firm: Organisation, clerk: User
) -> None:
    item = world.item()
    counter.post("/desk/visitor/", {"code": CODE})
    begun = counter.post("/desk/visitor/start/", {"item": item.code})
    draft = Case.objects.get()
    assert begun["Location"] == f"/my/drafts/{draft.number}/"
    assert (draft.organisation, draft.channel, draft.filed_by) == (firm, "counter", clerk)
    counter.post("/desk/visitor/leave/")
    assert "来办企业" not in counter.get("/desk/visitor/").content.decode()
    assert counter.post("/desk/visitor/start/", {"item": item.code})["Location"] == "/desk/visitor/"


def test_a_person_is_shown_masked_and_the_number_stands_in_no_address(counter: Client) -> None:
    person = register_person(name="王小明", number=NUMBER, phone="", division=world.GUTA)
    answer = counter.post("/desk/visitor/", {"code": NUMBER}, follow=True)
    shown = answer.content.decode()
    assert NUMBER not in shown
    assert NUMBER not in str(answer.redirect_chain)
    assert NUMBER not in str(list(AuditEvent.objects.values()))
    assert Person.objects.get() == person


@pytest.mark.parametrize(("code", "said"), [("91210700MA0000015X", "校验"), ("210702199003070014", "没有登记过")])
def test_a_code_that_is_wrong_or_unknown_is_told(counter: Client, code: str, said: str) -> None:
    answer = counter.post("/desk/visitor/", {"code": code})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_only_who_takes_in_has_this_page(client: Client, settings: Any) -> None:
    settings.YZT_SECOND_FACTOR = False
    client.force_login(world.official("viewer", world.ECONOMY, "cases.view"))
    assert client.get("/desk/visitor/").status_code == 403
    client.force_login(world.citizen("路人"))
    assert client.get("/desk/visitor/").status_code in (403, 404)
