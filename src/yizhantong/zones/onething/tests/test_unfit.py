"""A material that a part rejected after acceptance stops the later parts that need it until it is supplied again."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case, CaseMaterial, Supplement
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.onething.actions import parts
from yizhantong.zones.onething.models import PackagePart
from yizhantong.zones.onething.tests.conftest import MOTHER, Town

pytestmark = pytest.mark.django_db
FIRST: dict[str, Any] = {
    "property_deal": "商品房首次转移", "property_loan": False, "property_fund": False, "property_utilities": True,
    "buyer_name": "演示母亲", "buyer_identity": MOTHER, "person_phone": "13904160002", "property_address": "锦州市凌河区演示路1号",
    "property_area": "88", "property_price": "500000", "property_use": "住宅", "first_home": True, "property_shared": False,
    "marital_status": "未婚", "utilities": ["水", "电"], "water_account": "10023456", "power_account": "20034567", "delivery_way": "窗口领取",
    "developer_name": "演示开发公司", "invoice_number": "00012345",
}  # fmt: skip


def bought(town: Town) -> Case:
    """File the purchase of a new flat accepted: the invoice is needed for the tax, and afterwards for the registration."""
    made = cases.file(
        town.item("property"), applicant=town.mother, data=FIRST, account=None, channel="online",
        materials=[{"code": "invoice", "mode": "paper", "remark": "第一张发票"}],
    )  # fmt: skip
    parent = cases.accept(made, account=town.official(made))
    town.decide(parent, "contract")
    return parent


def rejected(town: Town, parent: Case, why: str = "发票联缺失") -> Case:
    """Have the tax part find the invoice unfit."""
    tax = town.part(parent, "tax")
    invoice = CaseMaterial.objects.get(case=tax, code="invoice")
    cases.verify_material(invoice, False, town.official(tax), remark=why)
    return tax


def state(parent: Case, code: str) -> tuple[str, str]:
    row = PackagePart.objects.get(case=parent, code=code)
    return row.state, row.reason


def told(town: Town, words: str) -> list[str]:
    rows = Notice.objects.filter(account=town["mother"]).order_by("id")
    return [f"{row.title} {row.body}" for row in rows if words in f"{row.title} {row.body}"]


def test_a_later_part_waits_until_the_material_is_supplied_again(town: Town) -> None:
    parent = bought(town)
    rejected(town, parent)
    town.decide(parent, "tax")
    parent.refresh_from_db()
    waits, reason = state(parent, "first")
    assert (waits, "发票联缺失" in reason) == ("waiting", True)
    assert parent.state == "supplement", "the clock stands while the asker is asked"
    (asked,) = Supplement.objects.filter(case=parent)
    assert [(each["kind"], each["code"]) for each in asked.defects] == [("material", "invoice")]
    assert told(town, "发票联缺失")
    assert state(parent, "utilities") == ("waiting", ""), "it waits for the registration only"
    cases.give_material(parent, "invoice", mode="paper", remark="第二张发票", account=None)
    cases.supplement(parent, account=None)
    parts.catch_up(parent.pk)
    assert state(parent, "first") == ("open", "")
    invoice = CaseMaterial.objects.get(case=town.part(parent, "first"), code="invoice")
    assert (invoice.remark, invoice.state) == ("第二张发票", "given")
    parent.refresh_from_db()
    assert parent.state == "accepted"


def test_what_was_given_anew_to_the_part_that_rejected_it_serves_the_later_ones(town: Town) -> None:
    parent = bought(town)
    tax = rejected(town, parent)
    cases.give_material(tax, "invoice", mode="paper", remark="补交的发票", account=None)
    town.decide(parent, "tax")
    assert state(parent, "first") == ("open", "")
    assert CaseMaterial.objects.get(case=town.part(parent, "first"), code="invoice").remark == "补交的发票"
    assert not Supplement.objects.filter(case=parent).exists()


def test_a_package_that_was_supplemented_before_asks_without_a_second_notice(town: Town) -> None:
    made = cases.file(
        town.item("property"), applicant=town.mother, data=FIRST, account=None, channel="online",
        materials=[{"code": "invoice", "mode": "paper"}],
    )  # fmt: skip
    official = town.official(made)
    cases.ask_supplement(made, [{"kind": "other", "code": "", "text": "请核对门牌号"}], account=official)
    cases.supplement(made, account=None)
    parent = cases.accept(made, account=official)
    town.decide(parent, "contract")
    rejected(town, parent)
    town.decide(parent, "tax")
    parent.refresh_from_db()
    assert (parent.state, state(parent, "first")[0]) == ("accepted", "waiting")
    assert Supplement.objects.filter(case=parent).count() == 1
    assert len(told(town, "重新提交以前,后续事项不启动")) == 1
    assert not parts.catch_up(parent.pk)
    assert len(told(town, "重新提交以前,后续事项不启动")) == 1, "it is said once"
    cases.give_material(parent, "invoice", mode="paper", account=None)
    assert parts.catch_up(parent.pk)
    assert state(parent, "first")[0] == "open"
