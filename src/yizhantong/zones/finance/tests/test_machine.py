"""Every transition × every state × every role, against a table written by hand; what is not in it is refused."""

from __future__ import annotations

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from yizhantong.kernel.access.models import User
from yizhantong.zones.finance import machine
from yizhantong.zones.finance.models import Engagement
from yizhantong.zones.finance.tests.conftest import Market, account

pytestmark = pytest.mark.django_db

STATES = {
    "P": "pushed", "T": "taken", "C": "contacted", "I": "diligence", "G": "granted", "S": "signed", "D": "drawn",
    "O": "overdue", "E": "settled", "N": "declined", "M": "missed", "R": "refused", "F": "off",
}  # fmt: skip

EXPECTED = """
take        P      bank platform
decline     P      bank platform
contact     T      bank platform
miss        PT     platform
investigate C      bank platform
grant       I      bank platform
refuse      TCI    bank platform
sign        G      bank platform
draw        SDO    bank platform
take_back   DO     bank office platform
repay       DO     bank platform
renew       DO     bank platform
overdue     D      platform
call_off    PTCIG  asker office platform
"""


def table() -> dict[str, tuple[set[str], set[str]]]:
    """Return the table: states and roles by transition."""
    found = {}
    for line in EXPECTED.strip().splitlines():
        code, states, *who = line.split()
        found[code] = ({STATES[letter] for letter in states}, set(who))
    return found


def roles(market: Market) -> dict[str, User | AnonymousUser | None]:
    """Return one account of each role."""
    insurer = market.city.organisations("insurer")[0]
    return {
        "bank": market.officers[0], "other_bank": market.officers[1], "office": market.office, "asker": market.asker,
        "other_asker": market.stranger, "public": AnonymousUser(), "platform": None,
        "clerk": account("f-clerk", market.office.agency_id, ["cases.view", "cases.handle"], scope="city"),
        "insurer": account("f-insurer", insurer.pk, ["finance.bank"]),
        "bank_without_right": account("f-teller", market.banks[0].pk, ["cases.view"]),
    }  # fmt: skip


def test_the_table_names_every_transition_and_every_state() -> None:
    assert set(table()) == set(machine.TRANSITIONS)
    assert set(STATES.values()) == set(Engagement.State.values)


def test_everything_is_allowed_or_refused_as_the_table_says(market: Market) -> None:
    one = market.taken()
    wrong = []
    people = roles(market)
    for (code, (states, who)), state, (role, user) in itertools.product(
        table().items(), STATES.values(), people.items()
    ):
        one.state = state
        expected = state in states and role in who
        if machine.may(user, code, one).ok != expected:
            wrong.append((code, state, role, expected))
    assert not wrong


def test_what_is_offered_is_what_may_be_done(market: Market) -> None:
    one = market.taken()
    assert [row.code for row in machine.offered(market.officers[0], one)] == ["contact", "refuse"]
    assert [row.code for row in machine.offered(market.asker, one)] == ["call_off"]
    assert machine.offered(market.stranger, one) == []


def test_an_unknown_operation_is_refused(market: Market) -> None:
    assert machine.may(None, "forgive", market.taken(bank=1)).ok is False
