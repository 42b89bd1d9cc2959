"""An appeal has one owner and one ending; an enterprise has one butler."""

from __future__ import annotations

import datetime as dt

import pytest

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.butler import actions, queries
from yizhantong.zones.butler.models import Appeal, Outcome

pytestmark = pytest.mark.django_db

DAY = dt.date(2021, 6, 1)
BY = {"account": None, "source": "test"}


def accept(city: SampleCity, number: str = "SQ-1", **changed: object) -> object:
    given = {"kind": "finance", "channel": "platform", "subject": "流动资金贷款对接", "on": DAY} | changed
    enterprise, agency = city.organisations("enterprise")[0], city.organisations("agency")[0]
    return actions.accept_appeal(number, enterprise, agency, **given, **BY)


def test_an_accepted_appeal_is_closed_with_the_days_it_took(sample_city: SampleCity) -> None:
    accept(sample_city)
    outcome = actions.close_appeal("SQ-1", "solved", on=dt.date(2021, 6, 9), **BY)
    assert isinstance(outcome, Outcome)
    assert (outcome.days, outcome.kind, outcome.result, outcome.sign) == (8, "finance", "solved", 1)
    assert outcome.division_id == sample_city.organisations("enterprise")[0].division_id


def test_what_was_never_accepted_cannot_be_closed(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.close_appeal("SQ-404", "solved", on=DAY, **BY)
    assert refused.value.code == "butler.not_accepted"
    assert not Outcome.objects.exists()


def test_an_appeal_is_closed_once(sample_city: SampleCity) -> None:
    accept(sample_city)
    actions.close_appeal("SQ-1", "unable", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.close_appeal("SQ-1", "solved", on=DAY, **BY)
    assert refused.value.code == "ledger.key_taken"
    assert Outcome.objects.get().result == "unable"


def test_a_closing_taken_back_opens_the_appeal_again(sample_city: SampleCity) -> None:
    accept(sample_city)
    actions.close_appeal("SQ-1", "unable", on=DAY, **BY)
    actions.take_back_outcome("SQ-1", reason="误登", **BY)
    assert queries.outcome("SQ-1") is None
    actions.close_appeal("SQ-1", "solved", on=DAY, **BY)
    assert [(fact.result, fact.sign) for fact in Outcome.objects.all()] == [
        ("unable", 1),
        ("unable", -1),
        ("solved", 1),
    ]


def test_closing_before_acceptance_is_refused(sample_city: SampleCity) -> None:
    accept(sample_city)
    with pytest.raises(LedgerError) as refused:
        actions.close_appeal("SQ-1", "solved", on=dt.date(2021, 5, 31), **BY)
    assert (refused.value.code, refused.value.field) == ("butler.closed_before_accepted", "发生日期")


def test_a_closed_appeal_cannot_be_taken_back(sample_city: SampleCity) -> None:
    accept(sample_city)
    actions.close_appeal("SQ-1", "solved", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.take_back_appeal("SQ-1", reason="误登", **BY)
    assert refused.value.code == "butler.already_closed"
    assert Appeal.objects.count() == 1


def test_an_open_appeal_taken_back_frees_its_number(sample_city: SampleCity) -> None:
    accept(sample_city)
    actions.take_back_appeal("SQ-1", reason="重复受理", **BY)
    assert queries.appeal("SQ-1") is None
    accept(sample_city)
    assert queries.appeal("SQ-1") is not None


def test_an_outcome_is_rated_once_and_only_after_closing(sample_city: SampleCity) -> None:
    accept(sample_city)
    with pytest.raises(LedgerError) as early:
        actions.rate_outcome("SQ-1", 5, on=DAY, **BY)
    actions.close_appeal("SQ-1", "solved", on=DAY, **BY)
    actions.rate_outcome("SQ-1", 4, on=DAY, **BY)
    with pytest.raises(LedgerError) as twice:
        actions.rate_outcome("SQ-1", 5, on=DAY, **BY)
    with pytest.raises(LedgerError) as rated:
        actions.take_back_outcome("SQ-1", reason="误登", **BY)
    assert [early.value.code, twice.value.code, rated.value.code] == [
        "butler.not_closed", "ledger.key_taken", "butler.already_rated",
    ]  # fmt: skip


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_outside_one_to_five_is_refused(sample_city: SampleCity, rating: int) -> None:
    accept(sample_city)
    actions.close_appeal("SQ-1", "solved", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.rate_outcome("SQ-1", rating, on=DAY, **BY)
    assert refused.value.field == "评价"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"kind": "gossip"}, "诉求类别"), ({"on": dt.date(2021, 8, 17)}, "发生日期"), ({"subject": ""}, "诉求事项")],
)
def test_bad_appeals_are_refused_by_field(sample_city: SampleCity, changed: dict[str, object], field: str) -> None:
    with pytest.raises(LedgerError) as refused:
        accept(sample_city, **changed)
    assert refused.value.field == field
    assert not Appeal.objects.exists()


def test_only_an_agency_answers_for_an_appeal(sample_city: SampleCity) -> None:
    enterprise, other = sample_city.organisations("enterprise")[:2]
    with pytest.raises(LedgerError) as refused:
        actions.accept_appeal(
            "SQ-1", enterprise, other, kind="land", channel="window", subject="用地指标", on=DAY, **BY
        )
    assert refused.value.code == "butler.not_an_agency"


def test_an_account_without_permission_is_refused(sample_city: SampleCity) -> None:
    account = User.objects.create(username="nobody")
    enterprise, agency = sample_city.organisations("enterprise")[0], sample_city.organisations("agency")[0]
    with pytest.raises(Refused):
        actions.accept_appeal(
            "SQ-1", enterprise, agency, kind="land", channel="window", subject="用地指标", on=DAY,
            account=account, source="form:nobody",
        )  # fmt: skip
    assert not Appeal.objects.exists()


def test_an_enterprise_has_one_butler_at_a_time(sample_city: SampleCity) -> None:
    enterprise = sample_city.organisations("enterprise")[0]
    actions.assign_butler(enterprise, "M-000001", "city", on=DAY, **BY)
    with pytest.raises(LedgerError) as second:
        actions.assign_butler(enterprise, "M-000002", "county", on=DAY, **BY)
    actions.relieve_butler(enterprise, on=dt.date(2021, 7, 1), reason="轮岗", **BY)
    actions.assign_butler(enterprise, "M-000002", "county", on=dt.date(2021, 7, 1), **BY)
    standing = queries.assignment_of(enterprise.uscc)
    assert second.value.code == "ledger.key_taken"
    assert standing is not None
    assert standing.butler == "M-000002"


def test_who_has_no_butler_cannot_lose_one(sample_city: SampleCity) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.relieve_butler(sample_city.organisations("enterprise")[1], on=DAY, reason="轮岗", **BY)
    assert refused.value.code == "butler.no_butler"


@pytest.mark.parametrize("name", ["王建国", "210702199003070014", "M-12"])
def test_a_butler_appears_by_code_only(sample_city: SampleCity, name: str) -> None:
    enterprise = sample_city.organisations("enterprise")[0]
    with pytest.raises(LedgerError) as refused:
        actions.record_visit(enterprise, name, "onsite", 1, on=DAY, **BY)
    assert refused.value.field == "管家代码"
