"""For whom an account may ask: itself, if its person is known, and the organisations of which that person holds a mandate today."""

from __future__ import annotations

from dataclasses import dataclass

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.mandates import in_force
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


def acting_for(account: Account, zone: str | None = None) -> list[Party]:
    """Return those for whom the account may ask today, itself first; empty when its person is not known.

    With ``zone``, only organisations whose mandate reaches into it.
    """
    person = getattr(account, "person", None)
    if person is None:
        return []
    held = in_force(clock.today(), zone).filter(person=person).values("organisation_id")
    firms = Organisation.objects.filter(pk__in=held).order_by("name")
    return [Party("person", person), *(Party(f"org:{firm.uscc}", firm) for firm in firms)]


def chosen(account: Account, key: str, zone: str | None = None) -> Party | None:
    """Return the party that a form names, if the account may ask for it (in that zone)."""
    return next((party for party in acting_for(account, zone) if party.key == key), None)
