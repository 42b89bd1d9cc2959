"""The figures are those of cases that were played and of the history after their image; small here, by the same targets."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.figures import engine, figures, queries
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.onething import sample_cases
from yizhantong.zones.onething.models import Acceptance, Closing, PackagePart
from yizhantong.zones.onething.tests.conftest import person_of

pytestmark = pytest.mark.django_db
FRACTION = 60


class Small(SampleCity):
    """The sample city with a sixtieth of its history."""

    def targets(self, zone: str) -> dict[str, Any]:
        """Return the city's targets, those of this zone made small."""
        wanted = super().targets(zone)
        return wanted | {"accepted": wanted["accepted"] // FRACTION, "open": 480} if zone == "onething" else wanted


OFFICE = ["cases.view", "cases.intake", "cases.handle", "cases.decide", "cases.assign"]
AGENCIES = (
    "卫生健康委员会", "公安局", "医疗保障局", "人力资源和社会保障局", "自然资源局", "税务局", "住房和城乡建设局", "市场监督管理局",
)  # fmt: skip


def people() -> None:
    """Make the accounts that the play wants: a resident, two officers of enrolment, a section head in each agency of the parts."""
    resident = person_of("演示居民", "21070319910917028X", "13904160002")
    User.objects.create(username="jumin", display_name="演示居民", person=resident)
    agencies = Organisation.objects.filter(kind="agency", division=tree.root())
    school = agencies.get(name__endswith="教育局")
    given = [("zhaosheng", school, "enrolment-officer"), ("zhaosheng2", school, "enrolment-officer")]
    given += [
        (f"head{place}", agencies.get(name__endswith=name), "section-head") for place, name in enumerate(AGENCIES)
    ]
    for name, agency, code in given:
        allowed = {"name": code, "permissions": [*OFFICE, "enrolment.manage"]}
        role, _made = Role.objects.get_or_create(code=code, defaults=allowed)
        user = User.objects.create(username=name, display_name=f"演示{name}", is_staff=True, agency=agency)
        Grant.objects.create(user=user, role=role, scope="agency")


@pytest.fixture(scope="module")
def played(sample_city: SampleCity) -> Small:
    """The sample with its accounts and its cases."""
    people()
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


def test_what_was_decided_in_the_past_was_handed_over(played: Small) -> None:
    history = Case.objects.filter(zone="onething", state="closed", filed_by=None, item__kind="application", data={})
    steps = CaseStep.objects.filter(case__in=history, code="delivery")
    assert steps.filter(done_at=None).count() < steps.count() / 50


def test_it_is_played_once(played: Small) -> None:
    assert sample_cases.play(played) == 0
