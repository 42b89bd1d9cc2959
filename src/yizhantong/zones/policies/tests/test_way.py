"""An application's whole way through the actions: joint review, veto, experts, notice, money, and what is refused on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases import actions
from yizhantong.kernel.cases.models import CaseStep
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import applications, experts, payments, recovery, reviews
from yizhantong.zones.policies.models import (
    Application,
    Budget,
    ExpertReview,
    FollowUp,
    Payment,
    PaymentLine,
    PolicyCard,
)
from yizhantong.zones.policies.sample_driving import Driver
from yizhantong.zones.policies.tests.conftest import Office, official, representative

pytestmark = pytest.mark.django_db
FIXED = "首次升规企业奖励"


def test_an_application_is_paid_and_its_money_followed_at_every_step(office: Office) -> None:
    case = office.brought(FIXED, matters.FUNDS)
    application = office.money(case)
    assert (application.money, application.approved_fen) == ("committed", 10_000_000)
    before = Budget.objects.get(pk=application.budget_id).paid_fen
    batch = payments.make_batch([application], office=office.finance, account=office.treasurer)
    payments.approve_batch(batch, account=office.cashier)
    payments.send_batch(batch, "xlsx", account=office.cashier)
    row = f"{batch.number},1,{application.account.tail},100000.00,成功,L-1,{office.city.day},"
    content = f"批次号,序号,收款账号,金额(元),结果,银行流水号,日期,失败原因\n{row}\n".encode()
    found = payments.take_return(batch, content, "r.csv", account=office.cashier)
    again = payments.take_return(batch, content, "r.csv", account=office.cashier)
    assert (found.paid, found.failed, again.repeated, again.paid) == (1, 0, True, 0)
    other_name = content + b"\n"
    assert payments.take_return(batch, other_name, "r2.csv", account=office.cashier).unchanged == 1
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "granted")
    fact = Payment.objects.get(policy_number=application.card.number, enterprise=application.organisation, year=2021)
    assert (fact.amount_fen, fact.occurred_on) == (10_000_000, office.city.day)
    assert Budget.objects.get(pk=application.budget_id).paid_fen == before + 10_000_000
    assert PaymentLine.objects.get(application=application).fact == fact.pk
    _money_is_recovered(office, office.money(case))


def _money_is_recovered(office: Office, application: Application) -> None:
    """Recovery in two parts: red letters, what is kept entered anew, in the end nothing stands."""
    given_ = {"reason": "虚报产值", "law": "《财政违法行为处罚处分条例》第十四条", "account": office.treasurer}
    first = recovery.decide_recovery(application, 4_000_000, **given_)
    recovery.receive_recovery(first, on=office.city.day, reference="JK-1", account=office.treasurer)
    standing = Payment.objects.filter(enterprise=application.organisation, policy_number=application.card.number)
    assert sum(row.sign * row.amount_fen for row in standing) == 6_000_000
    second = recovery.decide_recovery(application, 6_000_000, **given_)
    recovery.receive_recovery(second, on=office.city.day, reference="JK-2", account=office.treasurer)
    assert sum(row.sign * row.amount_fen for row in standing.all()) == 0
    application.refresh_from_db()
    assert application.money == "recovered"
    assert Budget.objects.get(pk=application.budget_id).recovered_fen == 10_000_000


def test_the_three_offices_review_at_once_and_a_veto_ends_it(office: Office) -> None:
    case = office.brought(FIXED, matters.FORMAL, place=1)
    open_ones = CaseStep.objects.filter(case=case, done_at__isnull=True)
    assert set(open_ones.values_list("code", flat=True)) == set(matters.JOINT)
    office.driver.complete(case, matters.SAFETY, "fail", "近三年发生生产安全事故")
    case.refresh_from_db()
    assert (case.outcome, case.reason) == ("refused", "近三年发生生产安全事故")
    assert case.law == "锦政办发〔2019〕35号"
    assert not office.money(case).live
    assert not open_ones.exists()


def test_what_was_reserved_is_free_again_after_withdrawal(office: Office) -> None:
    case = office.brought(FIXED, matters.DECIDE, place=2)
    application = office.money(case)
    reserved = Budget.objects.get(pk=application.budget_id).reserved_fen
    assert application.money == "reserved"
    actions.withdraw(case, "调整计划", None)
    assert office.money(case).money == "released"
    assert Budget.objects.get(pk=application.budget_id).reserved_fen == reserved - 10_000_000


def test_submission_is_refused_for_each_of_its_reasons(office: Office, refused: Callable[..., str]) -> None:
    card = office.card(FIXED)
    firm = office.firm(card, 3)
    office.filed(card, firm)
    assert refused(office.filed, card, firm) == "policies.applied_already"
    other = office.firm(office.card("外贸出口增长奖励"))
    assert refused(office.filed, card, other) == "policies.not_eligible"
    late = office.card("企业新型学徒制培训补贴")
    assert refused(office.filed, late) == "policies.window_closed"
    assert refused(office.filed, office.card("融资担保费补助")) == "policies.window_not_open"
    EnterpriseProfile.objects.filter(pk=office.firm(card, 4).pk).update(credit="serious")
    blocked = EnterpriseProfile.objects.filter(credit="serious").first()
    assert blocked is not None
    assert refused(office.filed, card, blocked.organisation) == "policies.not_eligible"


def test_money_goes_to_the_enterprise_s_own_account_only(office: Office, refused: Callable[..., str]) -> None:
    card = office.card(FIXED)
    firm = office.firm(card, 5)
    given_ = {"bank": "演示银行", "number": "6222000011112222", "account": None}
    assert refused(applications.give_account, firm, holder="别的企业", **given_) == "policies.account_name"
    wide = firm.name.replace("(", "(").replace(")", ")")
    kept = applications.give_account(firm, holder=wide, **given_)
    assert (kept.tail, kept.holder) == ("2222", firm.name)
    assert applications.give_account(firm, holder=firm.name, **given_).pk == kept.pk
    assert (
        refused(applications.give_account, firm, holder=firm.name, bank="行", number="12", account=None)
        == "policies.account_number"
    )


def test_experts_are_blind_declared_and_decide_by_the_rest_without_extremes(
    office: Office, refused: Callable[..., str]
) -> None:
    users = [official(f"expert{number}", None, "experts.score", scope="city") for number in range(4)]
    asked = [experts.enlist(user, "装备") for user in users]
    driver = Driver(office.city.rng("experts"), office.city.day)
    day = driver.start_of(matters.EXPERT)
    card = office.card("工业企业技术改造设备补助")
    case = driver.file(card, office.firm(card), None, day)
    driver.drive(case, "joint", day)
    application = office.money(case)
    with driver.at(day):
        made = reviews.assign_experts(application, asked[:3], account=office.clerk)
    sheet = reviews.sheet_of(application)
    points = {line.code: 80 for line in sheet.criteria}
    assert (
        refused(reviews.score, made[0], points, opinion="好", independent=False, account=users[0])
        == "policies.not_declared"
    )
    with pytest.raises(policy.Refused):
        reviews.score(made[0], points, opinion="好", independent=True, account=users[1])
    reviews.score(made[0], points, opinion="好", independent=True, account=users[0])
    reviews.declare_conflict(made[1], "与申报企业有合作", account=users[1])
    assert (
        refused(actions.complete_step, case, matters.EXPERT, outcome="pass", account=office.clerk)
        == "policies.scores_open"
    )
    reviews.score(made[2], {line.code: 10 for line in sheet.criteria}, opinion="差", independent=True, account=users[2])
    instead = ExpertReview.objects.get(application=application, expert=asked[3])
    reviews.score(instead, {line.code: 90 for line in sheet.criteria}, opinion="好", independent=True, account=users[3])
    assert (
        refused(actions.complete_step, case, matters.EXPERT, outcome="fail", opinion="不过", account=office.clerk)
        == "policies.score_says_otherwise"
    )
    actions.complete_step(case, matters.EXPERT, outcome="pass", opinion="均分通过", account=office.clerk)
    assert office.money(case).score == 80
    assert ExpertReview.objects.filter(application=application, dropped=True).count() == 2
    assert (
        refused(actions.complete_step, case, matters.DECIDE, outcome="pass", account=office.clerk)
        == "policies.not_shared_out"
    )


def test_a_group_brings_the_highest_once(office: Office) -> None:
    small, large = office.card("省级专精特新企业奖励"), office.card("国家级专精特新小巨人企业奖励")
    firm = office.firm(large)
    EnterpriseProfile.objects.filter(pk=firm.pk).update(size="small")
    first = office.driver.file(small, firm, None, office.driver.start_of(matters.DECIDE))
    office.driver.drive(first, matters.DECIDE, office.city.day)
    second = office.driver.file(large, firm, None, office.city.day)
    office.driver.drive(second, matters.DECIDE, office.city.day)
    assert office.money(first).approved_fen == 20_000_000
    assert office.money(second).approved_fen == 30_000_000


def test_a_step_of_payment_or_notice_is_not_completed_by_hand(office: Office, refused: Callable[..., str]) -> None:
    case = office.brought(FIXED, matters.DECIDE, place=6)
    assert (
        refused(actions.complete_step, case, matters.NOTICE, outcome="pass", account=office.clerk) == "cases.own_step"
    )
    paid = office.brought(FIXED, matters.FUNDS, place=7)
    assert (
        refused(actions.complete_step, paid, matters.PAYMENT, outcome="pass", account=office.treasurer)
        == "policies.not_paid"
    )


def test_a_batch_needs_two_persons_and_a_true_return(office: Office, refused: Callable[..., str]) -> None:
    case = office.brought(FIXED, matters.FUNDS, place=8)
    application = office.money(case)
    batch = payments.make_batch([application], office=office.finance, account=office.treasurer)
    assert (
        refused(payments.make_batch, [application], office=office.finance, account=office.treasurer)
        == "policies.on_its_way"
    )
    assert refused(payments.approve_batch, batch, account=office.treasurer) == "policies.own_batch"
    assert refused(payments.send_batch, batch, "csv", account=office.treasurer) == "policies.batch_state"
    payments.approve_batch(batch, account=office.cashier)
    payments.send_batch(batch, "csv", account=office.cashier)
    head = "批次号,序号,收款账号,金额(元),结果,银行流水号,日期,失败原因\n"
    right = f"{batch.number},1,{application.account.tail},100000.00"
    wrong = f"{head}{batch.number},1,{application.account.tail},99999.00,成功,L,{office.city.day},\n".encode()
    assert refused(payments.take_return, batch, wrong, "w.csv", account=office.cashier) == "policies.return_differs"
    failed = f"{head}{right},失败,,{office.city.day},账户销户\n".encode()
    assert payments.take_return(batch, failed, "f.csv", account=office.cashier).failed == 1
    turned = f"{head}{right},成功,L,{office.city.day},\n".encode()
    assert (
        refused(payments.take_return, batch, turned, "t.csv", account=office.cashier) == "policies.return_contradicts"
    )
    assert office.money(case).money == "committed"
    again = payments.make_batch([application], office=office.finance, account=office.treasurer)
    assert payments.drop_batch(again, account=office.treasurer).state == "dropped"


def test_the_bank_s_file_is_the_one_that_was_approved(office: Office, refused: Callable[..., str]) -> None:
    case = office.brought(FIXED, matters.FUNDS, place=9)
    batch = payments.make_batch([office.money(case)], office=office.finance, account=office.treasurer)
    payments.approve_batch(batch, account=office.cashier)
    PaymentLine.objects.filter(batch=batch).update(amount_fen=1)
    assert refused(payments.send_batch, batch, "csv", account=office.cashier) == "policies.digest"


def test_results_are_asked_for_reported_and_checked(office: Office, refused: Callable[..., str]) -> None:
    from yizhantong.zones.policies.actions import followups

    case = office.brought(FIXED, matters.FUNDS, place=10)
    application = office.money(case)
    metrics = [{"code": "output", "name": "新增产值", "unit": "万元", "target": "100"}]
    one = FollowUp.objects.create(application=application, period="第1期", metrics=metrics, due_on=office.city.day)
    user = representative("report", application.organisation, office.city)
    assert refused(followups.report, one, {"output": "x"}, "", account=user) == "policies.result"
    assert refused(followups.report, one, {"output": 1}, "", account=office.clerk) == "policies.not_the_enterprise"
    assert followups.remind() == 1
    assert followups.remind() == 0
    done = followups.report(one, {"output": 120}, "按计划", account=user)
    assert followups.reaches(done)
    assert followups.check(done, met=True, account=office.clerk).state == "checked"


def test_a_later_standard_never_touches_an_earlier_application(office: Office) -> None:
    card = office.card(FIXED)
    case = office.filed(card, office.firm(card, 11))
    with transaction.atomic():
        PolicyCard.objects.filter(pk=card.pk).update(
            benefit={"standard": {"kind": "fixed", "amount": "5"}, "public_days": 5}
        )
        assert applications.measure_again(office.money(case)).computed_fen == 10_000_000
        transaction.set_rollback(True)
