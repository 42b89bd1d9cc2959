"""A market for the tests: the item of needs, its people, two banks with products; rolled back per module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.finance import load
from yizhantong.zones.finance.actions import dealing, needs, offering, products
from yizhantong.zones.finance.actions.needs import NeedGiven
from yizhantong.zones.finance.models import Engagement, Listing, Product

WAN = 1_000_000
OFFICE = "11210700MAFD1YM20W"
HANDLE = ["cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign"]
OFFER: dict[str, Any] = {
    "name": "演示信用贷", "min_fen": 10 * WAN, "max_fen": 1000 * WAN, "min_months": 3, "max_months": 36, "low_bp": 20,
    "high_bp": 120, "guarantees": ["credit", "surety"], "purposes": ["working", "trade"], "contact": "演示经理",
    "phone": "0416-0000000", "materials": ["营业执照"],
}  # fmt: skip


def account(username: str, agency: str | None, permissions: list[str], *, scope: str = "agency") -> User:
    """Return an account of an agency with these permissions."""
    user, _made = User.objects.get_or_create(
        username=username, defaults={"agency_id": agency, "is_staff": True, "display_name": f"演示{username}"}
    )
    role, _made = Role.objects.get_or_create(
        code=f"t-{username}", defaults={"name": username, "permissions": permissions}
    )
    Grant.objects.get_or_create(user=user, role=role, scope=scope)
    return user


def representative(username: str, firm: Organisation) -> User:
    """Return the account of a person who acts for an enterprise."""
    person = Person.objects.create(name=f"演示{username}", division_id=firm.division_id, demonstration=True)
    Mandate.objects.create(organisation=firm, person=person, valid_from=dt.date(2020, 1, 1))
    return User.objects.create(username=username, person=person, display_name=f"演示{username}")


@dataclass
class Market:
    """The people of the market, and what tests do with them all the time."""

    city: SampleCity
    office: User
    officers: list[User]
    banks: list[Organisation]
    firm: Organisation
    asker: User
    stranger: User
    offers: list[Product] = field(default_factory=list)

    def given(self, wan: int = 500, **values: Any) -> NeedGiven:
        """Return what a need says."""
        return NeedGiven(wan * WAN, 12, "working", "credit", **values)

    def filed(self, wan: int = 500, **values: Any) -> Listing:
        """File a need that waits for its review."""
        case = needs.file_need(self.firm, self.given(wan, **values), account=self.asker)
        return Listing.objects.select_related("case", "enterprise").get(pk=case.pk)

    def published(self, wan: int = 500, **values: Any) -> Listing:
        """Publish a need."""
        return needs.publish(self.filed(wan, **values), account=self.office)

    def taken(self, listing: Listing | None = None, bank: int = 0) -> Engagement:
        """Assign a need to a bank."""
        return offering.assign(listing or self.published(), self.banks[bank], account=self.office)

    def brought(self, state: str, *, wan: int = 500, bank: int = 0, listing: Listing | None = None) -> Engagement:
        """Bring a dealing to a state, with the whole amount granted and signed."""
        officer = self.officers[bank]
        one = self.taken(listing or self.published(wan), bank)
        steps: list[tuple[str, Callable[[], Any]]] = [
            ("contacted", lambda: dealing.contact(one, "已联系", account=officer)),
            ("diligence", lambda: dealing.investigate(one, account=officer)),
            ("granted", lambda: dealing.grant(one, wan * WAN, rate_bp=435, term_months=12, account=officer)),
            ("signed", lambda: dealing.sign(one, f"HT-{one.pk}", wan * WAN, on=self.city.day, account=officer)),
        ]
        for name, step in steps:
            if one.state == state:
                break
            step()
            assert one.state == name
        return one


def settle(city: SampleCity) -> Market:
    """Make the market: item, office, two banks with an officer and a product each, an enterprise with its person."""
    load_calendar()
    load.load()
    banks, firms = list(city.organisations("bank")), city.organisations("enterprise")
    office = account("f-office", OFFICE, [*HANDLE, "finance.manage"])
    officers = [account(f"f-bank{place}", bank.pk, ["finance.bank"]) for place, bank in enumerate(banks[:4])]
    made = Market(
        city,
        office,
        officers,
        banks,
        firms[0],
        representative("f-asker", firms[0]),
        representative("f-other", firms[1]),
    )
    for bank, officer in zip(banks, officers, strict=False):
        draft = products.submit(products.draft(bank, OFFER, account=officer), account=officer)
        made.offers.append(products.publish(draft, account=office))
    return made


@pytest.fixture(scope="module")
def market(sample_city: SampleCity) -> Market:
    """The market of a module's tests."""
    return settle(sample_city)


@pytest.fixture
def refused() -> Callable[..., str]:
    """Return a function that runs what must be refused and returns the code."""

    def run(action: Callable[..., Any], *args: Any, **named: Any) -> str:
        with pytest.raises((CaseError, LedgerError, Refused)) as found:
            action(*args, **named)
        return str(found.value.code)

    return run
