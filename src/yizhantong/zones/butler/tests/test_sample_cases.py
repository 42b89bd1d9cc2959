"""The sample's live appeals stand in every state, and the page's figures are still the page's."""

from __future__ import annotations

from collections import Counter

import pytest

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.figures import engine, queries
from yizhantong.kernel.ledger import sample_load
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.butler import sample_cases
from yizhantong.zones.butler.models import Appeal, Ending, Escalation, Outcome, Rating, VisitLog
from yizhantong.zones.butler.sample import sample
from yizhantong.zones.butler.tests.conftest import HANDLE, Town, user_of

pytestmark = pytest.mark.django_db


def people(city: SampleCity) -> None:
    """Make the accounts of the sample city that the play wants, with what their roles may do."""
    firms = city.organisations("enterprise")
    business = Organisation.objects.get(kind="agency", division=tree.root(), name__contains="营商环境建设局")
    town = Town(firms[0], firms[1], business, business)
    asker = user_of(town, "qiye", [])
    asker.person = Person.objects.create(name="演示经办人", division_id=tree.root())
    asker.save()
    for firm in firms[:2]:
        Mandate.objects.create(organisation=firm, person=asker.person, valid_from=city.day.replace(year=2020))
    user_of(town, "chuangkou", [*HANDLE, "cases.intake"], agency=business, city=True)
    user_of(town, "guanjia", [*HANDLE, "butler.serve"], agency=business)
    user_of(town, "guanjiazhang", [*HANDLE, "butler.serve", "butler.manage"], agency=business, city=True)
    user_of(town, "ducha", ["cases.view", "cases.supervise"], city=True)


@pytest.fixture(scope="module")
def played(sample_city: SampleCity) -> int:
    """The sample with its accounts and its cases; how many appeals there are."""
    for batch in sample(sample_city):
        sample_load.load_batch(batch)
    people(sample_city)
    count = sample_cases.play(sample_city)
    engine.forget()
    return count


def test_appeals_stand_in_every_state(played: int) -> None:
    states = Counter(Case.objects.filter(zone="butler").values_list("state", flat=True))
    assert played >= 40
    assert {"submitted", "accepted", "closed"} <= set(states)
    assert set(Ending.objects.values_list("state", flat=True)) == {"waiting", "confirmed", "disputed", "unconfirmed"}
    assert set(Escalation.objects.values_list("to", flat=True)) == {"handler", "head", "manager", "leader"}
    assert VisitLog.objects.count() >= 2


def test_the_page_s_figures_are_still_the_page_s(played: int) -> None:
    found = queries.values(["butler.appeals_solved", "butler.service_zones"], engine="database")
    assert found["butler.appeals_solved"].text == "2523"
    assert found["butler.service_zones"].text == "6"


def test_every_outcome_belongs_to_an_accepted_appeal(played: int) -> None:
    accepted = set(Appeal.objects.filter(sign=1, reversal=None).values_list("number", flat=True))
    closed = set(Outcome.objects.filter(sign=1, reversal=None).values_list("number", flat=True))
    assert closed <= accepted
    assert set(Case.objects.filter(zone="butler", outcome="answered").values_list("number", flat=True)) == closed


def test_every_entry_of_the_ledgers_is_a_case_that_can_be_opened(played: int) -> None:
    cases = {case.number: case for case in Case.objects.filter(zone="butler").prefetch_related("steps", "tenures")}
    for appeal in Appeal.objects.filter(sign=1, reversal=None):
        case = cases[appeal.number]
        assert (case.organisation_id, case.office_id) == (appeal.enterprise_id, appeal.agency_id)
        assert case.steps.all()
        assert len(case.tenures.all()) >= 1
    ratings = dict(Rating.objects.filter(sign=1, reversal=None).values_list("number", "rating"))
    assert {number: cases[number].rated for number in ratings} == ratings


def test_it_is_played_once(played: int, sample_city: SampleCity) -> None:
    assert sample_cases.play(sample_city) == 0
    assert Case.objects.filter(zone="butler").count() == played
