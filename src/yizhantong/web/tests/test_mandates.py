"""Pages of mandates, and the identity as which somebody works."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.tests import world
from yizhantong.kernel.cases.tests.conftest import city
from yizhantong.kernel.parties.models import Mandate, Organisation
from yizhantong.web import home
from yizhantong.web.casework.parties import Party

__all__ = ["city"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
NUMBER = "210702199003070014"
PAGE = f"/my/mandates/{world.FIRM}/"


@pytest.fixture
def boss(city: None) -> User:
    made = world.citizen("老板", world.FIRM, world.RIVAL)
    Mandate.objects.update(may_delegate=True)
    return made


@pytest.fixture
def visiting(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def test_a_mandate_is_given_and_taken_back_on_its_page(visiting: Client) -> None:
    given = visiting.post(
        PAGE, {"name": "小王", "identity": NUMBER, "zone": "finance", "until": "2021-09-30"}, follow=True
    )
    assert "已授权小王" in given.content.decode()
    row = Mandate.objects.get(zone="finance")
    shown = visiting.get(PAGE).content.decode()
    assert "银企撮合" in shown
    assert NUMBER not in shown
    taken = visiting.post(f"{PAGE}{row.pk}/withdraw/", follow=True)
    assert "已撤销" in taken.content.decode()


def test_a_wrong_number_is_said_at_its_field_and_nothing_is_lost(visiting: Client) -> None:
    answer = visiting.post(PAGE, {"name": "小王", "identity": "210702199003070015", "until": "2021-09-30"})
    assert answer.status_code == 422
    assert "校验位" in answer.content.decode()
    assert 'value="小王"' in answer.content.decode()
    assert Mandate.objects.count() == 2


def test_strangers_do_not_learn_who_acts_for_a_firm(client: Client, boss: User) -> None:
    client.force_login(world.citizen("别人"))
    assert client.get(PAGE).status_code == 404
    row = Mandate.objects.filter(organisation=world.FIRM).get()
    assert client.post(f"{PAGE}{row.pk}/withdraw/").status_code == 404


def test_my_mandates_are_listed_with_their_term(visiting: Client) -> None:
    Mandate.objects.filter(organisation=world.FIRM).update(valid_to=dt.date(2021, 12, 31))
    shown = visiting.get("/my/mandates/").content.decode()
    assert "2021-12-31" in shown or "2021年12月31日" in shown
    assert "另一企业" in shown


def test_whoever_works_for_one_firm_sees_its_things_only(visiting: Client, boss: User) -> None:
    item = world.item()
    for code, title in ((world.FIRM, "甲事"), (world.RIVAL, "乙事")):
        case = actions.file(item, applicant=Organisation.objects.get(pk=code), data={}, account=boss)
        type(case).objects.filter(pk=case.pk).update(title=title)
    everything = visiting.get("/my/").content.decode()
    assert "甲事" in everything
    assert "乙事" in everything
    visiting.post("/my/identity/", {"for": f"org:{world.FIRM}"})
    narrowed = visiting.get("/my/").content.decode()
    assert "甲事" in narrowed
    assert "乙事" not in narrowed
    Mandate.objects.filter(organisation=world.FIRM).update(withdrawn_at=world.NOW)
    lapsed = visiting.get("/my/").content.decode()
    assert "甲事" not in lapsed
    assert "乙事" in lapsed
    visiting.post("/my/identity/", {"for": "org:91210700MA0000015W"})
    assert "乙事" in visiting.get("/my/").content.decode()


def test_what_waits_for_the_asker_stands_first(monkeypatch: pytest.MonkeyPatch, boss: User) -> None:
    later = home.Thing("报价", "待选择", "/finance/", "finance", action="选择", due=dt.date(2021, 9, 1))
    sooner = home.Thing("补贴", "待确认", "/talent/", "talent", action="确认", due=dt.date(2021, 8, 20))
    quiet = home.Thing("预约", "已预约", "/appointments/", "appointments", due=dt.date(2021, 8, 10))
    monkeypatch.setattr(home, "_SOURCES", {("x", "y"): lambda _account, _parties: [quiet, later, sooner]})
    assert boss.person is not None
    assert home.on_their_way(boss, [Party("person", boss.person)]) == [sooner, later, quiet]
    assert home.on_their_way(boss, []) == []
