"""What is known of an enterprise: with its source, never hidden by who is trusted less."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.parties.load import load_industries
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.profile import ProfileError, load, refresh, update
from yizhantong.kernel.parties.sample import organisations
from yizhantong.kernel.parties.sample_profiles import profiles
from yizhantong.kernel.parties.vocabulary import BY_COLUMN

WAN = 1_000_000


@pytest.fixture
def enterprise(db: None) -> Organisation:
    load_city()
    load_industries()
    made = organisations(random.Random(1), 5)[0]
    made.industry_id = "3985"
    made.save()
    return made


def test_the_size_follows_from_what_is_known(enterprise: Organisation) -> None:
    assert load(enterprise) is None
    made = refresh(enterprise)
    assert (made.industry, made.established_on, made.size) == ("C3985", enterprise.established_on, None)
    update(enterprise, {"employees": 300, "revenue_fen": 2000 * WAN}, source="企业年报", confidence="register")
    found = load(enterprise.pk)
    assert found is not None
    assert found.size == "medium"
    assert found.sources["size"]["confidence"] == "derived"
    update(enterprise, {"size": "small"}, source="工信部门核定", confidence="verified")
    update(enterprise, {"employees": 3000, "revenue_fen": 90000 * WAN}, source="企业年报", confidence="register")
    again = load(enterprise)
    assert again is not None
    assert again.size == "small"


def test_what_is_declared_does_not_hide_what_a_register_knows(enterprise: Organisation) -> None:
    day = dt.date(2021, 5, 31)
    assert update(enterprise, {"employees": 50}, source="社保", confidence="register", as_of=day) == ["employees"]
    assert update(enterprise, {"employees": 900, "loans_fen": 5}, source="本企业", confidence="declared") == [
        "loans_fen"
    ]
    found = load(enterprise)
    assert found is not None
    assert (found.employees, found.loans_fen) == (50, 5)
    assert found.sources["employees"] == {"source": "社保", "as_of": "2021-05-31", "confidence": "register"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nothing": 1}, "parties.unknown_column"),
        ({"revenue_fen": -1}, "parties.bad_value"),
        ({"revenue_fen": "1"}, "parties.bad_value"),
        ({"employees": True}, "parties.bad_value"),
        ({"size": "huge"}, "parties.bad_value"),
        ({"high_tech_until": "2021-01-01"}, "parties.bad_value"),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_written(
    enterprise: Organisation, values: dict[str, object], code: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        update(enterprise, {"employees": 1, **values}, source="测试", confidence="register")
    assert caught.value.code == code
    assert load(enterprise) is None


def test_a_source_has_to_be_named(enterprise: Organisation) -> None:
    with pytest.raises(ProfileError, match="来源"):
        update(enterprise, {"employees": 1}, source=" ", confidence="register")


def test_sample_profiles_are_alike_for_a_seed_and_plausible(enterprise: Organisation) -> None:
    made = [item for item in organisations(random.Random(2), 400) if item.kind == "enterprise"]
    day = dt.date(2021, 8, 16)
    one, two = (profiles(random.Random(9), made, day) for _ in range(2))

    def plain(item: EnterpriseProfile) -> list[object]:
        return [getattr(item, column) for column in BY_COLUMN]

    assert [plain(item) for item in one] == [plain(item) for item in two]
    sizes = [item.size for item in one]
    assert sizes.count("large") < sizes.count("medium") < sizes.count("small") + sizes.count("micro")
    unknown = sum(value is None for item in one for value in plain(item)) / (len(one) * len(BY_COLUMN))
    assert 0.03 < unknown < 0.3
    assert all(item.revenue_fen is None or item.rd_fen is None or item.rd_fen < item.revenue_fen for item in one)
