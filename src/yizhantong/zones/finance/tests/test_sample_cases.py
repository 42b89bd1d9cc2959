"""The sample with its people: what each of them finds, and that playing it again makes nothing."""

from __future__ import annotations

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine, queries
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate
from yizhantong.web.casework.parties import acting_for
from yizhantong.zones.finance import agenda, home, sample_cases
from yizhantong.zones.finance.models import Authorisation, BankFile, Engagement, Listing, Look, Product
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


def test_the_figures_are_the_page_s_with_its_people_too(played: int) -> None:
    values = queries.values(["finance.drawn", "finance.needs_met", "finance.loans"], engine="database")
    assert [value.text for value in values.values()] == ["4.31", "214", "268"]
    board = statistics.board()
    assert (board.drawn_fen, board.met) == (43_100_000_000, 214)
    assert board.drawn_fen < board.contracted_fen < board.wanted_fen
    assert sum(one.drawn_fen for one in statistics.by_bank()) == board.drawn_fen
    rate = queries.values(["finance.average_rate"], engine="database")["finance.average_rate"]
    assert rate.text == f"{(board.rate_bp or 0) / 100:.2f}"


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
    assert played >= 340
    assert sample_cases.play(sample_city) == 0
