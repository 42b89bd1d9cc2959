"""Subsidies: the schedule adds up, the fund is never exceeded, no instalment is paid twice, what comes back leaves the ledger."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from yizhantong.kernel.cases.models import Case
from yizhantong.zones.talent.actions import paying, recognition, subsidies
from yizhantong.zones.talent.models import Award, Fund, Instalment, PayBatch, PayLine, Recheck, Subsidy
from yizhantong.zones.talent.tests.conftest import Town, at

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def returned(batch: PayBatch, failed: tuple[int, ...] = ()) -> bytes:
    """Return what the bank says of a batch."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("批次号", "序号", "收款账号", "金额(元)", "结果", "银行流水号", "日期", "失败原因"))
    for line in batch.lines.order_by("ordinal"):
        bad = line.ordinal in failed
        amount = f"{line.amount_fen // 100}.{line.amount_fen % 100:02d}"
        said = (
            ("失败", "", "2021-08-16", "户名不符") if bad else ("成功", f"L{batch.pk}-{line.ordinal}", "2021-08-16", "")
        )
        writer.writerow((batch.number, line.ordinal, line.tail, amount, *said))
    return text.getvalue().encode()


def sent(town: Town, *chosen: Instalment) -> PayBatch:
    """Make, approve and send a batch."""
    batch = paying.make_batch(chosen, account=town["officer"])
    paying.approve_batch(batch, account=town["second"])
    paying.send_batch(batch, "csv", account=town["officer"])
    return PayBatch.objects.get(pk=batch.pk)


def awarded(town: Town, kind: str = "living") -> Award:
    """Bring somebody new to a subsidy."""
    who = town.somebody()
    town.recognised(who)
    return Award.objects.get(case=town.subsidy(who, kind))


def test_the_schedule_is_computed_at_the_grant_and_the_first_year_is_held(town: Town) -> None:
    award = awarded(town)
    rows = list(award.instalments.values_list("ordinal", "due_on", "amount_fen", "state"))
    assert rows == [
        (1, dt.date(2021, 8, 16), 1_200_000, "ready"),
        (2, dt.date(2022, 8, 16), 1_200_000, "planned"),
        (3, dt.date(2023, 8, 16), 1_200_000, "planned"),
    ]
    assert (award.total_fen, Fund.objects.get(year=2021).held_fen) == (3_600_000, 1_200_000)


def test_who_is_not_recognised_or_asks_twice_or_into_another_account_is_refused(town: Town, refused: Refused) -> None:
    who = town.somebody()
    assert refused(town.subsidy, who) == "talent.not_recognised"
    town.recognised(who)
    town.subsidy(who)
    assert refused(town.subsidy, who) == "talent.awarded_already"
    data = {
        "person_phone": "13904160002", "talent_subsidy": "housing", "account_holder_person": "别人", "bank_name": "演示银行",
        "account_number": "6222000000001234",
    }  # fmt: skip
    assert refused(town.file, "subsidy", who, data) == "talent.account_name"


def test_a_batch_is_made_approved_by_another_sent_and_settled_once(town: Town, refused: Refused) -> None:
    one, other = (awarded(town).instalments.get(ordinal=1) for _ in range(2))
    batch = paying.make_batch([one, other], account=town["officer"])
    assert refused(paying.make_batch, [one], account=town["second"]) == "talent.on_its_way"
    assert refused(paying.approve_batch, batch, account=town["officer"]) == "talent.own_batch"
    assert refused(paying.take_return, batch, b"", "r.csv", account=None) == "talent.batch_state"
    paying.approve_batch(batch, account=town["second"])
    content = paying.send_batch(batch, "csv", account=town["officer"])
    assert "6222000000001234" in content.decode()
    batch.refresh_from_db()
    told = returned(batch, failed=(2,))
    result = paying.take_return(batch, told, "r.csv", account=town["officer"])
    assert (result.paid, result.failed) == (1, 1)
    assert paying.take_return(batch, told, "r.csv", account=town["officer"]).repeated
    fund = Fund.objects.get(year=2021)
    assert (fund.held_fen, fund.paid_fen) == (1_200_000, 1_200_000)
    fact = Subsidy.objects.get()
    assert (fact.instalment, fact.amount_fen, fact.talent) == (1, 1_200_000, one.award.talent.code)
    assert refused(paying.take_return, batch, returned(batch), "r2.csv", account=None) == "talent.return_contradicts"
    again = sent(town, Instalment.objects.get(pk=other.pk))
    paying.take_return(again, returned(again), "r3.csv", account=None)
    assert Subsidy.objects.count() == 2
    assert Fund.objects.get(year=2021).held_fen == 0


def test_the_database_itself_refuses_a_second_line_of_an_instalment(town: Town) -> None:
    one = awarded(town).instalments.get(ordinal=1)
    batch = paying.make_batch([one], account=None)
    line = PayLine.objects.get(batch=batch)
    line.pk, line.ordinal = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_the_fund_is_never_exceeded_and_more_money_lets_the_rest_go_on(town: Town) -> None:
    Fund.objects.filter(year=2021).update(total_fen=1_500_000)
    first, second = awarded(town), awarded(town)
    assert first.instalments.get(ordinal=1).state == "ready"
    waits = second.instalments.get(ordinal=1)
    assert (waits.state, waits.note) == ("planned", "2021 年资金不足,待追加")
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(year=2021).update(held_fen=1_500_001)
    subsidies.grant_fund(2021, 900_000, account=town["officer"])
    assert second.instalments.get(ordinal=1).state == "ready"
    assert Fund.objects.get(year=2021).free_fen == 0


def test_a_stop_frees_what_was_held_but_not_what_is_at_the_bank(town: Town) -> None:
    award = awarded(town)
    one = award.instalments.get(ordinal=1)
    batch = sent(town, one)
    subsidies.stop(award, "调离", account=town["officer"])
    assert list(award.instalments.values_list("state", flat=True)) == ["ready", "cancelled", "cancelled"]
    paying.take_return(batch, returned(batch, failed=(1,)), "r.csv", account=None)
    assert award.instalments.get(ordinal=1).state == "cancelled"
    assert Fund.objects.get(year=2021).held_fen == 0


def test_money_that_comes_back_leaves_the_ledger_in_red_letters(town: Town, refused: Refused) -> None:
    one = awarded(town).instalments.get(ordinal=1)
    assert refused(paying.reclaim, one, reason="重复", law="办法", account=None) == "talent.not_paid"
    batch = sent(town, one)
    paying.take_return(batch, returned(batch), "r.csv", account=None)
    back = paying.reclaim(one, reason="提供虚假材料", law="办法第十条(待核)", account=town["officer"])
    assert refused(paying.reclaim, one, reason="重复", law="办法", account=None) == "talent.reclaimed_already"
    paying.receive(back, reference="JK-1", account=town["officer"])
    assert refused(paying.receive, back, reference="JK-1", account=None) == "talent.reclaim_state"
    assert [fact.sign for fact in Subsidy.objects.order_by("id")] == [1, -1]
    assert Fund.objects.get(year=2021).returned_fen == 1_200_000


def test_next_year_s_instalment_waits_for_its_check(town: Town, refused: Refused) -> None:
    award = awarded(town)
    second = award.instalments.get(ordinal=2)
    with at(dt.date(2022, 9, 1)):
        assert refused(paying.make_batch, [second], account=None) == "talent.nothing_to_pay"
        recognition.open_rechecks(2022, account=None)
        check = Recheck.objects.get(talent=award.talent)
        recognition.settle_recheck(check, employed=True, resident=True, evidence="社保", account=None)
        assert paying.make_batch([Instalment.objects.get(pk=second.pk)], account=None).fund.year == 2022


def test_an_award_that_was_stopped_never_pays_an_instalment_again(town: Town) -> None:
    award = awarded(town)
    batch = sent(town, award.instalments.get(ordinal=1))
    paying.take_return(batch, returned(batch), "r.csv", account=None)
    subsidies.stop(award, "更换单位", account=None)
    again = Award.objects.get(case=Case.objects.get(pk=town.subsidy(town.users[award.talent.person.name]).pk))
    assert list(again.instalments.values_list("ordinal", flat=True)) == [2, 3]
