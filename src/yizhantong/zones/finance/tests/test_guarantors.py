"""Guarantors through their pages: named by the enterprise, seen by a bank only when they themselves said so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.parties import register
from yizhantong.kernel.parties.models import Person
from yizhantong.web.casework.parties import Party
from yizhantong.zones.finance import home
from yizhantong.zones.finance.actions.looking import look
from yizhantong.zones.finance.models import Authorisation, Guarantor
from yizhantong.zones.finance.tests.conftest import Market

pytestmark = pytest.mark.django_db
NUMBER = "21070319910917028X"
UNKNOWN = "没有核对上"


@pytest.fixture
def surety(market: Market, settings: Any) -> User:
    settings.YZT_SECOND_FACTOR = False
    division = market.firm.division_id
    person = register.register_person(name="演示保证人", number=NUMBER, phone="13904160077", division=division)
    return User.objects.create(username="f-surety", person=person, display_name="演示保证人")


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def named(market: Market, surety: User) -> Guarantor:
    listing = market.published()
    said = {"name": "演示保证人", "identity": NUMBER, "relation": "股东"}
    answer = client_of(market.asker).post(f"/finance/needs/{listing.number}/guarantors/", said)
    assert answer.status_code == 302
    return Guarantor.objects.get(listing=listing, person=surety.person)


def test_whoever_is_named_wrongly_is_refused_in_the_same_words(market: Market, surety: User) -> None:
    address = f"/finance/needs/{market.published().number}/guarantors/"
    client = client_of(market.asker)
    for name, identity in (
        ("另一个人", NUMBER),
        ("演示保证人", "210703199109170000"),
        ("演示保证人", "11010519491231002X"),
    ):
        page = client.post(address, {"name": name, "identity": identity, "relation": "股东"})
        assert page.status_code == 422
        assert UNKNOWN in page.content.decode()
    assert not Guarantor.objects.exists()


def test_only_the_enterprise_names_a_guarantor(market: Market, surety: User) -> None:
    address = f"/finance/needs/{market.published().number}/guarantors/"
    assert client_of(market.stranger).get(address).status_code == 404


def test_a_guarantor_reads_the_words_before_he_agrees(market: Market, surety: User) -> None:
    row = named(market, surety)
    market.taken(row.listing)
    client = client_of(surety)
    assert f"/finance/guarantees/{row.pk}/" in client.get("/finance/guarantees/").content.decode()
    said = {"purpose": "approval", "banks": [market.banks[0].pk], "days": "30"}
    page = client.post(f"/finance/guarantees/{row.pk}/", said)
    assert "演示保证人授权" in page.content.decode()
    assert not Authorisation.objects.filter(person=surety.person).exists()
    assert client.post(f"/finance/guarantees/{row.pk}/", said | {"agree": "1"}).status_code == 302
    seen = look(row.listing, account=market.officers[0])
    assert "13904160077" in [line.text for group in seen.groups for line in group.rows]
    assert "已授权" in client.get("/finance/guarantees/").content.decode()


def test_nobody_answers_for_a_guarantor(market: Market, surety: User) -> None:
    row = named(market, surety)
    assert client_of(market.asker).get(f"/finance/guarantees/{row.pk}/").status_code == 404


def test_what_waits_for_a_guarantor_stands_on_his_home(market: Market, surety: User) -> None:
    row = named(market, surety)
    assert surety.person is not None
    person = Person.objects.get(pk=surety.person_id)
    party = Party(f"person:{person.pk}", person)
    waiting = [thing for thing in home.guarantees(surety, [party]) if thing.url == f"/finance/guarantees/{row.pk}/"]
    assert [thing.action for thing in waiting] == ["授权银行查看"]
    assert list(home.guarantees(surety, [])) == []


def test_banks_read_the_industry_in_words(market: Market) -> None:
    from yizhantong.zones.finance.queries.visible import as_bank

    listing = market.taken().listing
    seen = as_bank(listing, market.officers[0])
    assert listing.enterprise.industry is not None
    assert seen.industry == listing.enterprise.industry.section
    assert len(seen.industry_name) > 1
