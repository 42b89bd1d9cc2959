"""免申即享: compared, checked by another, confirmed or declined by the enterprise, paid; nothing held is ever lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.notices.models import Notice
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import automatic, payments, pushing
from yizhantong.zones.policies.models import AutomaticList, Budget, Candidate, Push
from yizhantong.zones.policies.tests.conftest import Office, representative

pytestmark = pytest.mark.django_db
TITLE = "小微企业一次性经营补助"


def test_the_whole_way(office: Office, refused: Callable[..., str]) -> None:
    card = office.card(TITLE)
    clerk, second = office.two_of(card)
    made = automatic.make_list(card, 2021, account=clerk)
    assert refused(automatic.make_list, card, 2021, account=clerk) == "policies.list_open"
    rows = list(made.candidates.order_by("id"))
    assert all(one.amount_fen == 200_000 for one in rows)
    assert EnterpriseProfile.objects.filter(pk__in=[one.organisation_id for one in rows], size="micro").count() == len(
        rows
    )
    people = [representative(f"micro{place}", rows[place].organisation, office.city) for place in range(4)]
    automatic.remove(rows[3], "已停业", account=clerk)
    with pytest.raises(policy.Refused):
        automatic.check_list(made, account=office.treasurer)
    assert refused(automatic.check_list, made, account=clerk) == "policies.own_work"
    before = Budget.objects.get(pk=card.budget_id)
    automatic.check_list(made, account=second)
    budget = Budget.objects.get(pk=card.budget_id)
    offered = len(rows) - 1
    assert budget.reserved_fen - before.reserved_fen == 200_000 * offered
    assert card.quotas.get(year=2021).taken == offered
    assert Notice.objects.filter(kind="policies.automatic", account__in=people[:3]).count() == 3
    _answers(office, refused, rows, people)


def _answers(office: Office, refused: Callable[..., str], rows: list[Candidate], people: list[object]) -> None:
    given = {"bank": "演示银行", "number": "6222000011112222"}
    name = rows[0].organisation.name
    assert refused(automatic.confirm, rows[0], holder="别家", account=people[0], **given) == "policies.account_name"
    assert refused(automatic.confirm, rows[0], holder=name, account=people[1], **given) == "policies.not_the_enterprise"
    assert refused(automatic.confirm, rows[3], holder=name, account=people[3], **given) == "policies.candidate_state"
    held = automatic.confirm(rows[0], holder=name, account=people[0], **given)
    case = held.application.case
    assert (case.channel, held.application.money) == ("match", "reserved")
    assert CaseStep.objects.get(case=case, done_at__isnull=True).code == matters.FUNDS
    automatic.decline(rows[1], "", account=people[1])
    assert refused(automatic.decline, rows[1], "", account=people[1]) == "policies.candidate_state"
    actions.complete_step(case, matters.FUNDS, outcome="pass", opinion="", account=office.treasurer)
    batch = payments.make_batch([held.application], office=office.finance, account=office.treasurer)
    payments.approve_batch(batch, account=office.cashier)
    payments.send_batch(batch, "csv", account=office.cashier)
    head = "批次号,序号,收款账号,金额(元),结果,银行流水号,日期,失败原因\n"
    content = f"{head}{batch.number},1,2222,2000.00,成功,L-9,{office.city.day},\n".encode()
    assert payments.take_return(batch, content, "r.csv", account=office.cashier).paid == 1
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "granted")
    AutomaticList.objects.filter(pk=rows[0].list_id).update(reply_by=office.city.day - dt.timedelta(days=1))
    assert automatic.lapse() == len(rows) - 3
    assert Budget.objects.get(pk=rows[0].list.card.budget_id).reserved_fen == 0
    assert rows[0].list.card.quotas.get(year=2021).taken == 1


def test_a_list_that_the_money_does_not_suffice_for_is_not_checked(office: Office, refused: Callable[..., str]) -> None:
    card = office.card("旅游企业复苏补助")
    Budget.objects.filter(pk=card.budget_id).update(total_fen=1_000_000)
    made = automatic.make_list(card, 2021, account=None)
    assert refused(automatic.check_list, made, account=None) == "policies.budget_short"
    assert set(made.candidates.values_list("state", flat=True)) == {"listed"}


def test_who_matches_is_told_once_and_not_who_opted_out(office: Office) -> None:
    card = office.card("境内外参展补助")
    firm = office.firm(card, 0)
    other = office.firm(card, 1)
    one, two = representative("told", firm, office.city), representative("untold", other, office.city)
    pushing.opt_out(other, True, account=two)
    first = pushing.push(card, account=None)
    assert first > 100
    assert pushing.push(card, account=None) == 0
    assert not Push.objects.filter(card=card, organisation=other).exists()
    assert Notice.objects.filter(account=one, kind="policies.match").count() == 1
    assert not Notice.objects.filter(account=two).exists()
    pushing.opt_out(other, False, account=two)
    assert pushing.push(card, account=None) == 1
