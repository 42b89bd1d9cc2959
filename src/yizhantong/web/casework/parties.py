"""For whom an account may ask: itself, if its person is known, and the organisations of which that person holds a mandate today."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Party:
    """One for whom the account may ask; ``key`` is what a form sends back."""

    key: str
    applicant: Organisation | Person

    @property
    def name(self) -> str:
        """Return its name; it is the account's own page."""
        return self.applicant.name

    @property
    def audience(self) -> str:
        """Return what it is to a guide: person or organisation."""
        return "organisation" if isinstance(self.applicant, Organisation) else "person"


def acting_for(account: Account) -> list[Party]:
    """Return those for whom the account may ask today, itself first; empty when its person is not known."""
    person = getattr(account, "person", None)
    if person is None:
        return []
    today = clock.today()
    current = Q(mandates__valid_to__isnull=True) | Q(mandates__valid_to__gte=today)
    firms = Organisation.objects.filter(current, mandates__person=person, mandates__valid_from__lte=today)
    found = [Party("person", person)]
    return found + [Party(f"org:{firm.uscc}", firm) for firm in firms.distinct().order_by("name")]


def chosen(account: Account, key: str) -> Party | None:
    """Return the party that a form names, if the account may ask for it."""
    return next((party for party in acting_for(account) if party.key == key), None)
