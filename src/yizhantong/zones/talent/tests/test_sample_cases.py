"""The played sample: every figure stays what it was, each entry leads to its case, every state is there, and quickly."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import pytest

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.calendar import load_calendar
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.items.load import load_items
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.zones.talent import sample_cases
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.models import (
    Award,
    Candidacy,
    Claim,
    Fund,
    Instalment,
    Post,
    Recognition,
    Station,
    Subsidy,
    Talent,
    Vacancy,
    Waiting,
)
from yizhantong.zones.talent.tests.conftest import OFFICE, user_of

pytestmark = pytest.mark.django_db


def people() -> None:
    """Make the accounts that the play wants: two officers, a resident, an enterprise's agent, three experts."""
    for name in ("rencai", "rencai2"):
        user_of(name, OFFICE, agency=settings().office)
    resident, agent = (
        Person.objects.create(name=f"演示{name}", division_id=tree.root()) for name in ("居民", "经办人")
    )
    user_of("jumin", [], person=resident)
    user_of("qiye", [], person=agent)
    for firm in Organisation.objects.filter(kind="enterprise").order_by("uscc")[:2]:
        Mandate.objects.create(organisation=firm, person=agent, valid_from=dt.date(2020, 1, 1))
    for number in (1, 2, 3):
        user_of(f"zhuanjia{number}", ["experts.score"])


@pytest.fixture(scope="module")
def played(sample_city: SampleCity, shown: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The zone's figures before anything was played; then everything was."""
    before = shown("talent")
    load_calendar()
    load_items()
    people()
    began = time.monotonic()
    assert sample_cases.play(sample_city) > 2500
    assert time.monotonic() - began < 30
    assert sample_cases.play(sample_city) == 0
    return before


def now_shown() -> dict[str, str]:
    """Return the zone's figures as they are now."""
    engine.forget()
    codes = [figure.code for figure in figures() if figure.zone == "talent"]
    found = queries.values(codes, engine="database")
    return {code.partition(".")[2]: f"{value.text}{value.unit}" for code, value in found.items()}


def test_every_figure_stays(played: dict[str, str]) -> None:
    assert now_shown() == played


def test_every_entry_leads_to_its_case(played: dict[str, str]) -> None:
    numbers = set(Case.objects.filter(zone="talent").values_list("number", flat=True))
    for model in (Recognition, Post):
        assert set(in_force(model.objects.all()).values_list("number", flat=True)) <= numbers
    facts = set(in_force(Subsidy.objects.all()).values_list("pk", flat=True))
    assert facts == set(Instalment.objects.filter(state="paid").values_list("fact", flat=True))
    assert Award.objects.filter(case=None).count() == 0


def test_funds_add_up(played: dict[str, str]) -> None:
    for fund in Fund.objects.all():
        rows = Instalment.objects.filter(fund=fund)
        assert fund.paid_fen == sum(rows.filter(state="paid").values_list("amount_fen", flat=True))
        assert fund.held_fen == sum(rows.filter(state="ready").values_list("amount_fen", flat=True))


def test_every_state_is_there(played: dict[str, str]) -> None:
    assert set(Case.objects.filter(zone="talent").values_list("state", flat=True)) >= {
        "submitted",
        "accepted",
        "closed",
    }
    assert Talent.objects.filter(state="holds").count() == 400
    assert Claim.objects.filter(live=True).count() >= 5
    assert set(Waiting.objects.values_list("state", flat=True)) >= {"asked", "waiting", "offered", "housed"}
    assert set(Candidacy.objects.values_list("state", flat=True)) == {
        "invited",
        "interview",
        "offered",
        "hired",
        "rejected",
    }
    assert set(Station.objects.values_list("state", flat=True)) == {"asked", "stands"}
    assert Vacancy.objects.filter(state="open").count() > 50
