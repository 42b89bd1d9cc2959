"""One butler for each enterprise, never more enterprises than he may carry, and nobody in between at a hand-over."""

from __future__ import annotations

import pytest

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.butler.actions import butlers
from yizhantong.zones.butler.models import Assignment
from yizhantong.zones.butler.queries import butlers as queries
from yizhantong.zones.butler.tests.conftest import Town

pytestmark = pytest.mark.django_db


def test_codes_are_given_in_order_and_never_a_name(town: Town) -> None:
    assert town.butler is not None
    assert town.second is not None
    assert (town.butler.code, town.second.code) == ("M-000001", "M-000002")
    assert queries.butler_for(town.firm.pk) == town.butler


def test_an_enterprise_learns_who_its_butler_is_and_how_to_reach_him(town: Town) -> None:
    told = Notice.objects.get(account=town.users["agent"], kind="butler.assigned")
    assert "0416-0000001" in told.body
    assert "演示butler" in told.title


def test_a_second_butler_is_refused_while_there_is_one(town: Town) -> None:
    with pytest.raises(LedgerError) as refused:
        butlers.assign(town.firm, town.second, account=town["manager"])
    assert refused.value.code == "ledger.key_taken"


def test_no_butler_carries_more_than_he_may(town: Town) -> None:
    butlers.assign(town.other_firm, town.second, account=town["manager"])
    with pytest.raises(LedgerError) as refused:
        butlers.hand_over(town.firm, town.second, reason="轮岗", account=town["manager"])
    assert refused.value.code == "butler.full"
    assert queries.butler_for(town.firm.pk) == town.butler, "a refused hand-over leaves the enterprise with its butler"


def test_a_hand_over_is_a_reversal_and_a_new_fact(town: Town) -> None:
    butlers.hand_over(town.firm, town.second, reason="轮岗", account=town["manager"])
    signs = list(Assignment.objects.filter(enterprise=town.firm).order_by("id").values_list("butler", "sign"))
    assert signs == [("M-000001", 1), ("M-000001", -1), ("M-000002", 1)]
    assert not queries.serves(town.butler, town.firm.pk)
    assert Notice.objects.filter(account=town.users["butler"], title__startswith="已移交").exists()


def test_who_still_serves_cannot_leave_his_post(town: Town) -> None:
    given = {"capacity": 2, "office_phone": "", "hours": "", "account": town["manager"]}
    with pytest.raises(LedgerError) as refused:
        butlers.change_butler(town.butler, active=False, **given)
    assert refused.value.code == "butler.still_serves"
    butlers.relieve(town.firm, reason="企业迁出", account=town["manager"])
    assert not butlers.change_butler(town.butler, active=False, **given).active
    with pytest.raises(LedgerError) as off:
        butlers.assign(town.firm, town.butler, account=town["manager"])
    assert off.value.code == "butler.off_duty"


@pytest.mark.parametrize("who", ["agent", "clerk", "butler", "leader", "nobody"])
def test_only_managers_assign(town: Town, who: str) -> None:
    with pytest.raises(Refused):
        butlers.assign(town.other_firm, town.second, account=town[who])


def test_the_load_of_many_butlers_takes_few_queries(town: Town, django_assert_max_num_queries: object) -> None:
    manager = town["manager"]
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        loads = queries.load_of(queries.visible_butlers(manager))
    assert [(load.butler.code, load.enterprises, load.share) for load in loads] == [
        ("M-000001", 1, 50),
        ("M-000002", 0, 0),
    ]
    assert [item.code for item in queries.visible_butlers(town["butler"])] == ["M-000001"]
    assert not queries.visible_butlers(town["agent"]).exists()
