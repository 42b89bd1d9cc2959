"""The sample's figures are the page's, and come from needs that were really handled; its people find their work.

Everything is played once for this file: through the real actions, as ``yzt sample`` does.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate
from yizhantong.web.casework.parties import acting_for
from yizhantong.zones.finance import agenda, home, sample_cases
from yizhantong.zones.finance.models import (
    Authorisation,
    BankFile,
    Credit,
    Drawdown,
    Engagement,
    Listing,
    Look,
    Need,
    Product,
)
from yizhantong.zones.finance.queries import statistics, visible
from yizhantong.zones.finance.tests.conftest import HANDLE, OFFICE, representative

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(sample_city: SampleCity) -> int:
    """The sample, played with its accounts; how many needs there are."""
    load_calendar()
    firms, banks = sample_city.organisations("enterprise"), sample_city.organisations("bank")
    asker = representative("qiye", firms[0])
    assert asker.person is not None
    Mandate.objects.create(organisation=firms[4], person=asker.person, valid_from=sample_city.day.replace(year=2020))
    for username, agency, permissions in (
        ("jinrong", OFFICE, [*HANDLE, "finance.manage"]), ("yinhang", banks[0].pk, ["finance.bank"]),
        ("yinhang2", banks[1].pk, ["finance.bank"]),
    ):  # fmt: skip
        user = User.objects.create(username=username, agency_id=agency, is_staff=True)
        role = Role.objects.create(code=username, name=username, permissions=permissions)
        Grant.objects.create(user=user, role=role, scope="agency")
    made = sample_cases.play(sample_city)
    engine.forget()
    return made


def account(username: str) -> User:
    """Return an account of the sample."""
    return User.objects.get(username=username)


@pytest.fixture(scope="module")
def found(played: int) -> dict[str, str]:
    """The zone's figures over its whole sample, as they are shown."""
    codes = [figure.code for figure in figures() if figure.zone == "finance"]
    values = queries.values(codes, engine="database")
    return {code.partition(".")[2]: f"{value.text}{value.unit}" for code, value in values.items()}


def test_the_page_finds_its_figure_in_drawdowns_alone(found: dict[str, str]) -> None:
    assert found["drawn"] == "4.31亿元"
    in_force = Drawdown.objects.filter(sign=1, reversal__isnull=True)
    assert sum(in_force.values_list("amount_fen", flat=True)) == 43_100_000_000
    assert len({found["drawn"], found["credit_amount"], found["need_amount"]}) == 3


def test_the_average_rate_weighs_each_loan_by_its_amount(found: dict[str, str]) -> None:
    loans = Drawdown.objects.filter(sign=1, reversal__isnull=True).values_list("amount_fen", "rate_bp")
    weighted = sum(amount * rate for amount, rate in loans) / sum(amount for amount, _ in loans)
    assert found["average_rate"] == f"{weighted / 100:.2f}%"


def test_every_drawdown_lies_within_its_credit_and_every_credit_within_its_need(found: dict[str, str]) -> None:
    needs = {row.number: row for row in Need.objects.all()}
    credits = {row.number: row for row in Credit.objects.all()}
    drawn: Counter[str] = Counter()
    for row in Drawdown.objects.all():
        drawn[row.credit_number] += row.sign * row.amount_fen
        assert row.occurred_on >= credits[row.credit_number].occurred_on
        assert row.bank_id == credits[row.credit_number].bank_id
    assert all(total <= credits[number].amount_fen for number, total in drawn.items())
    for credit in credits.values():
        assert credit.amount_fen <= needs[credit.need_number].amount_fen
        assert credit.occurred_on >= needs[credit.need_number].occurred_on


def test_needs_that_were_met_are_counted_once(found: dict[str, str]) -> None:
    assert (found["needs"], found["needs_met"], found["loans"]) == ("331个", "214个", "268笔")
    assert found["success_rate"] == "64.65%"


def test_every_drawdown_leads_to_the_case_of_its_need(found: dict[str, str]) -> None:
    numbers = set(Drawdown.objects.values_list("need_number", flat=True))
    assert set(Case.objects.filter(number__in=numbers, zone="finance").values_list("number", flat=True)) == numbers
    assert not Drawdown.objects.filter(source="sample").exists()


def test_what_the_market_keeps_and_what_the_ledger_says_agree(found: dict[str, str]) -> None:
    kept = sum(Listing.objects.values_list("drawn_fen", flat=True))
    assert kept == sum(Engagement.objects.values_list("drawn_fen", flat=True)) == 43_100_000_000
    assert Drawdown.objects.filter(sign=-1).count() == 3


def test_dealings_stand_in_every_state(found: dict[str, str]) -> None:
    states = set(Engagement.objects.values_list("state", flat=True))
    assert set(Engagement.State.values) - states <= {"off", "overdue", "signed"}
    assert set(Listing.objects.values_list("state", flat=True)) == set(Listing.State.values)
    assert set(Listing.objects.values_list("ending", flat=True)) == {"", *Listing.Ending.values}


def test_the_board_of_the_office_says_the_same(played: int) -> None:
    board = statistics.board()
    assert (board.drawn_fen, board.met) == (43_100_000_000, 214)
    assert board.drawn_fen < board.contracted_fen < board.wanted_fen
    assert sum(one.drawn_fen for one in statistics.by_bank()) == board.drawn_fen
    rate = queries.values(["finance.average_rate"], engine="database")["finance.average_rate"]
    assert board.rate_bp is not None
    assert abs(Decimal(rate.text) - board.rate_bp / 100) <= Decimal("0.005")


def test_everybody_finds_something_to_do(played: int) -> None:
    asker, bank, office = account("qiye"), account("yinhang"), account("jinrong")
    assert visible.listings(asker).count() >= 10
    assert visible.authorisations(asker).count() == 3
    assert next(look.fields for look in visible.looks(asker)) == ["credit", "tax"]
    assert visible.engagements(bank).filter(state="taken").exists()
    assert visible.grabbable(bank).exists()
    assert Listing.objects.filter(state="review").count() >= 4
    assert visible.products(office).filter(state="submitted").exists()
    assert set(Product.objects.values_list("state", flat=True)) == {"draft", "submitted", "published"}


def test_who_looked_was_authorised(played: int) -> None:
    assert Look.objects.exists()
    for look in Look.objects.select_related("authorisation"):
        assert look.authorisation.valid_from <= look.at < look.authorisation.valid_until
        assert set(look.fields) <= set(look.authorisation.fields)
    assert Authorisation.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_the_bank_s_file_repeats_what_stands(played: int) -> None:
    made = BankFile.objects.get()
    assert (made.recorded, made.reversed) == (0, 0)
    assert made.unchanged >= 1
    assert made.failed == 1


def test_home_and_calendar_know_what_is_on_its_way(played: int) -> None:
    asker, bank = account("qiye"), account("yinhang")
    things = list(home.dealings(asker, acting_for(asker)))
    assert things
    assert all(thing.whose for thing in things)
    assert list(home.authorisations(asker, acting_for(asker))) == []
    today = clock.today()
    year = today.replace(year=today.year + 1)
    assert list(agenda.contacts(today, year, bank))
    assert list(agenda.maturities(today, year, asker))
    assert list(agenda.grabs(today, year, bank))
    assert list(agenda.contacts(today, year, User.objects.create(username="f-nobody"))) == []


def test_no_limit_of_a_bank_has_run_out_unnoticed(played: int) -> None:
    late = Engagement.objects.filter(due_at__lt=clock.end_of(clock.today()), state__in=["pushed", "taken"])
    assert not late.filter(due_at__lt=clock.now()).exclude(state="pushed").exists()


def test_played_again_it_makes_nothing(played: int, sample_city: SampleCity) -> None:
    assert played >= 335
    assert sample_cases.play(sample_city) == 0
