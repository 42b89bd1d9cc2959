"""The figures are those of cases that were played and of the history after their image; small here, by the same targets."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.project.accounts import sample_accounts
from yizhantong.zones.onething import sample_cases
from yizhantong.zones.onething.models import Acceptance, Closing, PackagePart

pytestmark = pytest.mark.django_db
FRACTION = 60


class Small(SampleCity):
    """The sample city with a sixtieth of its history."""

    def targets(self, zone: str) -> dict[str, Any]:
        """Return the city's targets, those of this zone made small."""
        wanted = super().targets(zone)
        return wanted | {"accepted": wanted["accepted"] // FRACTION, "open": 480} if zone == "onething" else wanted


@pytest.fixture(scope="module")
def played(sample_city: SampleCity) -> Small:
    """The sample with its accounts and its cases."""
    sample_accounts()
    city = Small(day=sample_city.day)
    assert sample_cases.play(city) > 0
    engine.forget()
    return city


@pytest.fixture(scope="module")
def found(played: Small) -> dict[str, str]:
    """The zone's figures, as they are shown."""
    codes = [figure.code for figure in figures() if figure.zone == "onething"]
    return {
        code.partition(".")[2]: f"{value.text}{value.unit}"
        for code, value in queries.values(codes, engine="database").items()
    }


def test_the_figures_are_the_targets(played: Small, found: dict[str, str]) -> None:
    wanted = played.targets("onething")
    assert found["accepted"] == f"{wanted['accepted']}件"
    assert found["closed"] == f"{wanted['accepted'] - wanted['open']}件"


def test_packages_add_up_to_what_was_accepted(found: dict[str, str]) -> None:
    parts = [int(found[name].removesuffix("件")) for name in ("birth", "property", "school", "startup")]
    assert found["accepted"] == f"{sum(parts)}件"
    assert min(parts) > 0
    assert found["packages"] == "4项"


def test_every_fact_is_a_case_that_can_be_opened(played: Small) -> None:
    mistaken = set(Acceptance.objects.filter(sign=-1).values_list("number", flat=True))
    numbers = set(Acceptance.objects.filter(sign=1).values_list("number", flat=True)) - mistaken
    rows = Case.objects.filter(zone="onething", item__kind="application", accepted_at__isnull=False)
    assert numbers == set(rows.values_list("number", flat=True))
    standing = Counter(Closing.objects.values_list("number", "sign"))
    closed = {number for number, sign in standing if sign == 1 and standing[number, 1] > standing[number, -1]}
    assert closed == set(rows.filter(state="closed").values_list("number", flat=True))


def test_every_closing_follows_its_acceptance(played: Small) -> None:
    accepted = dict(Acceptance.objects.filter(sign=1).values_list("number", "occurred_on"))
    for number, day, days, due_on in Closing.objects.values_list("number", "occurred_on", "days", "due_on").iterator():
        assert (day - accepted[number]).days == days >= 0
        assert due_on >= accepted[number]


def test_last_years_applications_are_not_this_years(found: dict[str, str]) -> None:
    earlier = Acceptance.objects.filter(occurred_on__year=2020, sign=1, reversal__isnull=True).count()
    assert earlier > 0
    assert int(found["accepted_this_year"].removesuffix("件")) == int(found["accepted"].removesuffix("件")) - earlier


def test_entries_made_twice_were_taken_back(played: Small) -> None:
    assert Acceptance.objects.filter(sign=-1, number__endswith="-2").count() == 24


def test_packages_stand_in_every_state_with_parts_in_every_state(played: Small) -> None:
    packages = Case.objects.filter(zone="onething", item__kind="package")
    assert set(packages.values_list("state", flat=True)) == {"draft", "submitted", "supplement", "accepted", "closed"}
    assert {"granted", "partial", "refused", "withdrawn", "not_accepted"} <= set(
        packages.values_list("outcome", flat=True)
    )
    states = set(PackagePart.objects.values_list("state", flat=True))
    assert states == {"waiting", "open", "granted", "refused", "withdrawn", "not_opened"}


def test_a_package_of_the_past_has_its_parts_in_their_order(played: Small) -> None:
    parent = Case.objects.filter(zone="onething", item_id="package.birth", outcome="granted").order_by("-pk")[0]
    rows = {row.code: row for row in PackagePart.objects.filter(case=parent).select_related("child")}
    assert set(rows) == {"certificate", "household", "insurance", "card", "vaccination"}
    for row in rows.values():
        assert row.child is not None
        assert row.child.parent_id == parent.pk
        assert row.child.state == "closed"
        for before in row.after:
            assert rows[before].ended_at <= row.opened_at  # type: ignore[operator]


def test_it_is_played_once(played: Small) -> None:
    assert sample_cases.play(played) == 0
