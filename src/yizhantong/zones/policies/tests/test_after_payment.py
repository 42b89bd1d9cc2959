"""After the money: its arrival confirmed, results reported and checked, money asked back; with reminders and on the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.policies import matters
from yizhantong.zones.policies.actions import applications, followups, payments, recovery
from yizhantong.zones.policies.models import Application, BudgetEntry, FollowUp
from yizhantong.zones.policies.queries import asked
from yizhantong.zones.policies.tests.conftest import Enter, Office, representative

pytestmark = pytest.mark.django_db
FIXED = "首次升规企业奖励"


def paid(office: Office, place: int) -> tuple[Application, User]:
    """Bring an application to its payment; return it with somebody who acts for the enterprise."""
    application = office.money(office.brought(FIXED, matters.FUNDS, place=place))
    batch = payments.make_batch([application], office=office.finance, account=office.treasurer)
    payments.approve_batch(batch, account=office.cashier)
    payments.send_batch(batch, "csv", account=office.cashier)
    assert application.account is not None
    head = "批次号,序号,收款账号,金额(元),结果,银行流水号,日期,失败原因\n"
    row = f"{batch.number},1,{application.account.tail},100000.00,成功,L-{place},{office.city.day},\n"
    payments.take_return(batch, (head + row).encode(), f"{place}.csv", account=office.cashier)
    return office.money(application.case), representative(f"payee-{place}", application.organisation, office.city)


def test_the_enterprise_confirms_the_arrival_from_its_case(
    office: Office, enter: Enter, refused: Callable[..., str]
) -> None:
    application, user = paid(office, 0)
    number = application.case.number
    client, page = enter(user), reverse("policies:payment", args=[number])
    case_page = client.get(reverse("web:my-case", args=[number])).content.decode()
    assert f'href="{page}"' in case_page
    assert "确认到账" in case_page
    assert page in client.get(reverse("policies:offers")).content.decode()
    assert "L-0" in client.get(page).content.decode()
    stranger = representative("stranger-p", office.firm(office.card(FIXED), 11), office.city)
    assert enter(stranger).get(page).status_code == 404
    assert refused(applications.confirm_arrival, application, account=stranger) == "policies.not_the_enterprise"
    assert "已确认到账" in client.post(page, {"do": "arrived"}, follow=True).content.decode()
    application.refresh_from_db()
    assert application.arrived_on == office.city.day
    assert page not in client.get(reverse("web:my-case", args=[number])).content.decode()
    desk = enter(office.clerk).get(reverse("policies:desk-application", args=[application.pk])).content.decode()
    assert "企业确认到账" in desk


def test_movements_of_the_money_say_who_made_them(office: Office) -> None:
    application, _user = paid(office, 1)
    made = dict(
        BudgetEntry.objects.filter(case_number=application.case.number).values_list("kind", "recorded_by__username")
    )
    assert made["reserve"] == office.clerk.username
    assert made["commit"] in (office.treasurer.username, office.cashier.username)
    assert made["pay"] == office.cashier.username


def test_money_asked_back_is_reminded_of_and_entered_on_the_page(office: Office, enter: Enter) -> None:
    application, user = paid(office, 2)
    number = application.case.number
    desk, here = enter(office.treasurer), reverse("policies:desk-recoveries")
    wrong = {"do": "decide", "case": "没有", "yuan": "100", "reason": "虚报", "law": "条例"}
    assert "没有办件编号为" in desk.post(here, wrong, follow=True).content.decode()
    posted = {
        "do": "decide",
        "case": number,
        "yuan": "40000",
        "reason": "虚报产值",
        "law": "《财政违法行为处罚处分条例》第十四条",
    }
    assert "已作出追回决定" in desk.post(here, posted, follow=True).content.decode()
    one = application.recoveries.get()
    assert asked.of_asker(application.case) == (
        f"有一笔资金要在 {one.due_on} 前缴回。", "看追回通知", reverse("policies:payment", args=[number])
    )  # fmt: skip
    shown = enter(user).get(reverse("policies:payment", args=[number])).content.decode()
    assert "40,000.00" in shown
    assert "虚报产值" in shown
    told = Notice.objects.filter(account=user, kind="policies.recovery")
    assert told.count() == 1
    assert recovery.remind() == 0
    for days, times in ((7, 1), (6, 0), (1, 1), (-1, 1), (-2, 0)):
        moment = dt.datetime.combine(one.due_on - dt.timedelta(days=days), dt.time(9), tzinfo=dt.UTC)
        with clock.at(moment):
            assert recovery.remind() == times, days
    assert told.count() == 4
    assert Notice.objects.filter(account=office.treasurer, kind="policies.overdue").count() == 1
    assert "已提醒 3 次" in desk.get(here).content.decode()
    received = {"do": "receive", "recovery": one.pk, "on": office.city.day.isoformat(), "reference": "JK-9"}
    assert "已登记缴回" in desk.post(here, received, follow=True).content.decode()
    one.refresh_from_db()
    assert (one.state, one.reference) == ("received", "JK-9")
    fact = BudgetEntry.objects.get(case_number=number, kind="recover")
    assert (fact.amount_fen, fact.recorded_by) == (4_000_000, office.treasurer)


def test_results_are_reminded_of_reported_and_checked_on_the_pages(office: Office, enter: Enter) -> None:
    application, user = paid(office, 3)
    metrics = [{"code": "output", "name": "新增产值", "unit": "万元", "target": "100"}]
    due = office.city.day + dt.timedelta(days=30)
    one = FollowUp.objects.create(application=application, period="第1期", metrics=metrics, due_on=due)
    assert followups.remind() == 1
    assert followups.remind() == 0
    assert Notice.objects.filter(account=user, kind="policies.results").count() == 1
    applications.confirm_arrival(application, account=user)
    page = reverse("policies:result", args=[one.pk])
    client = enter(user)
    assert page in client.get(reverse("web:my-case", args=[application.case.number])).content.decode()
    assert page in client.get(reverse("policies:results")).content.decode()
    told = client.post(page, {"metric.output": "很多", "explanation": "按计划"})
    assert told.status_code == 200
    assert "请填不小于 0 的数字" in told.content.decode()
    assert "按计划" in told.content.decode(), "what was written is not lost"
    assert client.post(page, {"metric.output": "120", "explanation": "按计划"}).status_code == 302
    desk, here = enter(office.clerk), reverse("policies:desk-results")
    assert "已提醒 1 次" in desk.get(here, {"state": "reported"}).content.decode()
    desk.post(here, {"result": one.pk, "met": "1"})
    one.refresh_from_db()
    assert (one.state, one.met, one.checked_by) == ("checked", True, office.clerk)
    assert "已核实" in client.post(page, {"metric.output": "1"}).content.decode()
