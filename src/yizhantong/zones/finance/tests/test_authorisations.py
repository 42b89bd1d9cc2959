"""Banks see only what they are authorised to, for the purpose and the time; every look is on record and seen by who authorised it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Person
from yizhantong.zones.finance.actions import authorising, dealing, lending, looking, needs, offering
from yizhantong.zones.finance.models import Authorisation, Engagement, Look
from yizhantong.zones.finance.queries import visible
from yizhantong.zones.finance.tests.conftest import WAN, Market

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def given(
    market: Market, one: Engagement, *, groups: tuple[str, ...] = ("registration", "tax"), **more: object
) -> Authorisation:
    """Authorise the first bank for the need of a dealing."""
    said: dict[str, object] = {"purpose": "approval", "banks": [market.banks[0]], "listing": one.listing} | more
    return authorising.authorise(market.firm, groups=groups, account=market.asker, **said)  # type: ignore[arg-type]


def test_without_an_authorisation_a_bank_sees_a_need_but_not_whose(market: Market, refused: Refused) -> None:
    one = market.taken()
    seen = visible.as_bank(one.listing, market.officers[0])
    assert (seen.wanted_fen, seen.name, seen.uscc, seen.use) == (500 * WAN, "", "", "")
    assert seen.district
    assert refused(looking.look, one.listing, account=market.officers[0]) == "finance.not_authorised"
    assert not Look.objects.exists()
    last = AuditEvent.objects.filter(event="reveal").latest("id")
    assert (last.result, last.actor) == ("refused", "f-bank0")


def test_a_look_shows_the_groups_authorised_and_is_kept(market: Market, refused: Refused) -> None:
    one = market.taken()
    row = given(market, one)
    sight = looking.look(one.listing, account=market.officers[0])
    assert {group.code for group in sight.groups} == {"registration", "tax"}
    assert [r.name for group in sight.groups for r in group.rows if group.code == "tax"] == ["纳税额", "纳税信用等级"]
    assert (
        refused(looking.look, one.listing, account=market.officers[0], groups=["operation"]) == "finance.not_authorised"
    )
    looking.look(one.listing, account=market.officers[0], groups=["tax"])
    kept = list(visible.looks(market.asker))
    assert [look.fields for look in kept] == [["tax"], ["registration", "tax"]]
    assert {(look.account.username, look.bank_id, look.authorisation_id) for look in kept} == {
        ("f-bank0", market.banks[0].pk, row.pk)
    }
    assert not visible.looks(market.stranger).exists()
    assert visible.as_bank(one.listing, market.officers[0]).name == market.firm.name


def test_it_expires_by_itself(market: Market, refused: Refused) -> None:
    one = market.taken()
    row = given(market, one, days=30)
    last = clock.today() + dt.timedelta(days=30)
    assert row.valid_until == clock.end_of(last)
    with clock.at(row.valid_until - dt.timedelta(seconds=1)):
        assert looking.lookable(one.listing, market.officers[0])
    with clock.at(row.valid_until):
        assert looking.lookable(one.listing, market.officers[0]) == {}
        assert refused(looking.look, one.listing, account=market.officers[0]) == "finance.not_authorised"


def test_withdrawn_it_ends_at_once(market: Market, refused: Refused) -> None:
    one = market.taken()
    row = given(market, one)
    assert refused(authorising.withdraw, row, account=market.stranger) == "finance.not_your_enterprise"
    assert refused(authorising.withdraw, row, account=market.officers[0]) == "finance.not_your_enterprise"
    authorising.withdraw(row, account=market.asker)
    when = row.withdrawn_at
    assert refused(looking.look, one.listing, account=market.officers[0]) == "finance.not_authorised"
    authorising.withdraw(row, account=market.asker)
    assert row.withdrawn_at == when


def test_no_other_bank_and_no_office_looks(market: Market, refused: Refused) -> None:
    one = market.taken()
    offering.assign(one.listing, market.banks[1], account=market.office)
    given(market, one)
    assert refused(looking.look, one.listing, account=market.officers[1]) == "finance.not_authorised"
    for nobody in (market.office, market.asker, market.stranger):
        assert refused(looking.look, one.listing, account=nobody) == "access.refused"


def test_all_banks_are_those_that_deal_with_the_need(market: Market, refused: Refused) -> None:
    one = market.taken()
    given(market, one, banks=(), every_bank=True)
    assert looking.lookable(one.listing, market.officers[0])
    assert refused(looking.look, one.listing, account=market.officers[2]) == "finance.not_authorised"


@pytest.mark.parametrize(
    ("purpose", "state", "expected"),
    [
        ("matching", "taken", True), ("matching", "diligence", False), ("approval", "diligence", True), ("approval", "signed", True),
        ("after", "diligence", False), ("after", "signed", True),
    ],
)  # fmt: skip
def test_the_purpose_fits_how_far_the_bank_has_come(market: Market, purpose: str, state: str, expected: bool) -> None:
    one = market.brought(state)
    given(market, one, purpose=purpose)
    assert bool(looking.lookable(one.listing, market.officers[0])) is expected


def test_after_the_money_was_paid_only_looks_for_that_purpose(market: Market) -> None:
    one = market.brought("signed")
    given(market, one)
    lending.draw(one, "AU-1", WAN, on=market.city.day, account=market.officers[0])
    assert looking.lookable(one.listing, market.officers[0]) == {}
    given(market, one, purpose="after", groups=("tax",))
    assert set(looking.lookable(one.listing, market.officers[0])) == {"tax"}


def test_a_bank_that_refused_looks_no_more(market: Market, refused: Refused) -> None:
    one = market.brought("diligence")
    given(market, one)
    dealing.refuse(one, "debt", account=market.officers[0])
    assert refused(looking.look, one.listing, account=market.officers[0]) == "finance.not_authorised"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"groups": ()}, "finance.groups"), ({"groups": ("secrets",)}, "finance.groups"), ({"groups": ("guarantor",)}, "finance.groups"),
        ({"purpose": "sale"}, "finance.purpose"), ({"banks": ()}, "finance.banks"), ({"every_bank": True}, "finance.banks"),
        ({"days": 0}, "finance.days"), ({"days": 10_000}, "finance.days"),
    ],
)  # fmt: skip
def test_an_authorisation_that_says_too_much_is_refused(
    market: Market, refused: Refused, change: dict[str, object], code: str
) -> None:
    one = market.taken()
    assert refused(given, market, one, **change) == code
    assert not Authorisation.objects.filter(listing=one.listing).exists()


def test_only_who_acts_for_the_enterprise_authorises(market: Market, refused: Refused) -> None:
    said = {"purpose": "matching", "groups": ["tax"], "every_bank": True}
    for nobody in (market.stranger, market.officers[0], market.office):
        assert refused(authorising.authorise, market.firm, account=nobody, **said) == "finance.not_your_enterprise"
    other = market.city.organisations("enterprise")[1]
    listing = market.published()
    assert (
        refused(authorising.authorise, other, account=market.stranger, listing=listing, **said) == "finance.other_need"
    )


def test_a_guarantor_authorises_for_himself_alone(market: Market, refused: Refused) -> None:
    one = market.taken()
    person = Person.objects.create(name="演示保证人", division_id=market.firm.division_id, phone="13904160098")
    own = User.objects.create(username="f-guarantor", person=person)
    guarantor = needs.add_guarantor(one.listing, person, "股东", account=market.asker)
    said = {"purpose": "approval", "banks": [market.banks[0]]}
    assert (
        refused(authorising.authorise_as_guarantor, guarantor, account=market.asker, **said) == "finance.own_data_only"
    )
    row = authorising.authorise_as_guarantor(guarantor, account=own, **said)
    sight = looking.look(one.listing, account=market.officers[0])
    assert [(r.name, r.text) for r in sight.groups[0].rows] == [
        ("保证人", "演示保证人"), ("与企业关系", "股东"), ("联系电话", "13904160098"),
    ]  # fmt: skip
    assert visible.looks(own).count() == 1
    assert not visible.looks(market.asker).exists()
    assert refused(authorising.withdraw, row, account=market.asker) == "finance.own_data_only"
    authorising.withdraw(row, account=own)
    assert refused(looking.look, one.listing, account=market.officers[0]) == "finance.not_authorised"


def test_who_authorised_is_reminded_once_before_the_end(market: Market) -> None:
    one = market.taken()
    row = given(market, one, days=30)
    days = [clock.today() + dt.timedelta(days=n) for n in (26, 27, 28)]
    told = []
    for day in days:
        with clock.at(clock.end_of(day) - dt.timedelta(hours=12)):
            told.append(authorising.remind())
    assert told == [0, 1, 0], row.valid_until


def test_lists_show_what_an_account_may_see(market: Market) -> None:
    one = market.taken()
    hidden = market.published()
    seen = set(visible.listings(market.officers[0]).values_list("pk", flat=True))
    assert one.listing_id in seen
    assert hidden.pk not in seen
    authorising.authorise(
        market.firm, purpose="matching", groups=["tax"], banks=[market.banks[0]], listing=hidden, account=market.asker
    )
    assert hidden.pk in set(visible.listings(market.officers[0]).values_list("pk", flat=True))
    assert not visible.listings(market.stranger).exists()
    assert {one.listing_id, hidden.pk} <= set(visible.listings(market.asker).values_list("pk", flat=True))
    assert {one.listing_id, hidden.pk} <= set(visible.listings(market.office).values_list("pk", flat=True))
    assert not visible.engagements(market.officers[1]).filter(pk=one.pk).exists()
