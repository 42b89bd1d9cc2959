"""Names as those may read them who look: organisations in full, persons masked (张*明) unless the page is their own."""

from __future__ import annotations

from django.utils.translation import gettext

from yizhantong.foundation.codes import identity
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.parties.models import Organisation, Person

SHOWN_OF_USCC = 6
SECRET = "is_secret"
"""In a case's details: who asks wishes to stay unnamed."""


def masked_name(name: str) -> str:
    """Return a person's name with all but the first and, of three or more characters, the last hidden."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def applicant_name(case: Case, own: bool = False, account: Account | None = None) -> str:
    """Return who asks, as shown to ``account`` beside a case; organisation and person must have been fetched with it.

    One who wished to stay unnamed is named to the accountable office only (and on pages of its own).
    """
    if not own and is_withheld(case, account):
        return gettext("(申请人要求保密)")
    if case.organisation is not None:
        return case.organisation.name
    assert case.person is not None
    return case.person.name if own else masked_name(case.person.name)


def is_withheld(case: Case, account: Account | None) -> bool:
    """Tell whether this account is not told who asks."""
    return bool(case.details.get(SECRET)) and not _answers_for(case, account)


def _answers_for(case: Case, account: Account | None) -> bool:
    return isinstance(account, User) and account.agency_id is not None and account.agency_id == case.office_id


def party_label(party: Organisation | Person) -> str:
    """Return a party found at the counter: enough to recognise it, no more."""
    if isinstance(party, Organisation):
        return f"{party.name} {party.uscc[:SHOWN_OF_USCC]}……{party.uscc[-4:]}"
    return f"{masked_name(party.name)} {identity.mask(party.identity) if party.identity else ''}".strip()
