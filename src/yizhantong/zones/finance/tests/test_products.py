"""Products: the bank writes, the office publishes, a revision replaces; and which need they suit, with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.kernel.search.models import Entry
from yizhantong.zones.finance.actions import products
from yizhantong.zones.finance.matching import match_all, suits
from yizhantong.zones.finance.matching.fitting import rates_of
from yizhantong.zones.finance.matching.suits import published
from yizhantong.zones.finance.models import Listing, Need, Product
from yizhantong.zones.finance.queries import visible
from yizhantong.zones.finance.tests.conftest import OFFER, WAN, Market, account

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def offered(market: Market, **changes: Any) -> Product:
    """Publish a product of the first bank."""
    draft = products.draft(market.banks[0], OFFER | changes, account=market.officers[0])
    products.submit(draft, account=market.officers[0])
    return products.publish(draft, account=market.office)


def condition(rule: str, text: str = "条件") -> dict[str, str]:
    """Return a condition."""
    return {"code": "c", "text": text, "rule": rule}


def test_a_bank_drafts_and_the_office_publishes(market: Market, refused: Refused) -> None:
    officer, office = market.officers[0], market.office
    draft = products.draft(market.banks[0], OFFER, account=officer)
    assert refused(products.publish, draft, account=office) == "finance.wrong_state"
    products.submit(draft, account=officer)
    assert refused(products.publish, draft, account=officer) == "access.refused"
    assert refused(products.save, draft, {"name": "改名"}, account=officer) == "finance.wrong_state"
    products.send_back(draft, "请补充材料清单", account=office)
    products.save(draft, {"materials": ["营业执照", "流水"]}, account=officer)
    products.submit(draft, account=officer)
    made = products.publish(draft, account=office)
    assert (made.state, made.published_by, made.written_by) == ("published", office, officer)
    assert Entry.objects.filter(kind="loan_product", key=made.code).exists()


def test_nobody_publishes_his_own_work(market: Market, refused: Refused) -> None:
    both = account("f-both", market.banks[0].pk, ["finance.bank", "finance.manage"], scope="city")
    draft = products.submit(products.draft(market.banks[0], OFFER, account=both), account=both)
    assert refused(products.publish, draft, account=both) == "finance.own_work"


def test_no_other_bank_touches_a_product(market: Market, refused: Refused) -> None:
    draft = products.draft(market.banks[0], OFFER, account=market.officers[0])
    for other in (market.officers[1], market.office, market.asker):
        assert refused(products.save, draft, {"name": "改名"}, account=other) == "access.refused"
        assert refused(products.draft, market.banks[0], OFFER, account=other) == "access.refused"
    assert not visible.products(market.officers[1]).filter(pk=draft.pk).exists()
    assert visible.products(market.officers[0]).filter(pk=draft.pk).exists()


def test_a_revision_replaces_what_is_online_when_it_is_published(market: Market) -> None:
    made = offered(market)
    draft = products.revise(made, account=market.officers[0])
    assert products.revise(made, account=market.officers[0]).pk == draft.pk
    products.save(draft, {"low_bp": 5}, account=market.officers[0])
    products.submit(draft, account=market.officers[0])
    made.refresh_from_db()
    assert made.state == "published"
    products.publish(draft, account=market.office)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert not Entry.objects.filter(kind="loan_product", key=made.code).exists()


def test_it_goes_offline_by_hand_or_when_its_time_is_over(market: Market, refused: Refused) -> None:
    day = market.city.day
    ended, kept = offered(market, valid_until=day), offered(market, valid_until=day + dt.timedelta(days=1))
    with clock.at(clock.end_of(day)):
        assert ended.pk not in {one.pk for one in published()}
        assert products.expire() == 1
    kept.refresh_from_db()
    assert kept.state == "published"
    assert refused(products.withdraw, kept, "", account=market.officers[0]) == "finance.missing"
    assert refused(products.withdraw, kept, "停办", account=market.officers[1]) == "access.refused"
    assert products.withdraw(kept, "停办", account=market.officers[0]).state == "withdrawn"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "finance.missing"), ({"min_fen": 0}, "finance.ranges"), ({"max_fen": WAN}, "finance.ranges"),
        ({"min_months": 40}, "finance.ranges"), ({"low_bp": 300}, "finance.ranges"), ({"guarantees": []}, "finance.choices"),
        ({"purposes": ["gambling"]}, "finance.choices"), ({"conditions": [condition("年营业收入 >=")]}, "finance.bad_condition"),
        ({"conditions": [condition("月亮 > 1")]}, "finance.bad_condition"), ({"conditions": [{"text": "无代码"}]}, "finance.bad_condition"),
        ({"state": "published"}, "finance.unknown_field"), ({"materials": [1]}, "finance.materials"),
        ({"purposes": ["trade", "trade"]}, "finance.choices"), ({"guarantees": [["credit"]]}, "finance.choices"),
    ],
)  # fmt: skip
def test_a_product_that_cannot_be_is_refused(
    market: Market, refused: Refused, change: dict[str, Any], code: str
) -> None:
    assert refused(products.draft, market.banks[0], OFFER | change, account=market.officers[0]) == code


def test_a_rate_is_the_prime_rate_of_the_day_and_the_margin(market: Market) -> None:
    made = offered(market, low_bp=-20, high_bp=100)
    assert rates_of(made, dt.date(2021, 8, 16)) == (365, 485)
    assert rates_of(made, dt.date(2021, 12, 19)) == (365, 485)
    assert rates_of(made, dt.date(2021, 12, 20)) == (360, 480)
    made.lpr = "5y"
    assert rates_of(made, dt.date(2021, 8, 16)) == (445, 565)


def test_reasons_say_what_is_met_what_nearly_and_how_far(market: Market) -> None:
    EnterpriseProfile.objects.filter(pk=market.firm.pk).update(revenue_fen=450 * WAN, credit=None)
    near = offered(market, conditions=[condition("年营业收入 >= 5000000", "年营业收入不低于500万元")])
    unknown = offered(market, conditions=[condition('信用状态 = "正常"')])
    far = offered(market, conditions=[condition("年营业收入 >= 50000000")])
    asked = offered(market, conditions=[condition("需求金额 <= 年营业收入")])
    small = offered(market, max_fen=420 * WAN)
    listing = market.published(500)
    found = {suit.product.pk: suit for suit in suits(listing)}
    states = [found[one.pk].state for one in (near, unknown, far, asked, small)]
    assert states == ["near", "unknown", "no", "no", "near"]
    assert found[near.pk].near == "年营业收入现为 450 万元,要求不低于 500 万元,相差 50 万元"
    assert found[unknown.pk].missing == ("信用状态",)
    assert "需求金额为500 万元,产品为10 万元至420 万元" in found[small.pk].near


def test_what_suits_stands_first_and_points_say_why(market: Market) -> None:
    cheap, dear = offered(market, low_bp=0), offered(market, low_bp=100, materials=["一", "二", "三"])
    wrong = offered(market, guarantees=["mortgage"], low_bp=-300)
    listing = market.published(100)
    order = [suit.product.pk for suit in suits(listing, products=[wrong, dear, cheap])]
    assert order == [cheap.pk, dear.pk, wrong.pk]
    first = suits(listing, products=[cheap])[0]
    assert (first.points.total, first.points.text) == (98, "利率 60/60,足额 20/20,材料 18/20")


RULES = st.sampled_from(
    [
        "成立年限 >= {n}", "年营业收入 >= {n} * 1000000", "需求金额 <= 年营业收入 * 0.{n}", "首贷", "not(首贷) or 从业人员 > {n}",
        '信用状态 = "正常"', '担保方式 in ("信用", "抵押")', "期限月数 between 6 and 1{n}", "高新技术企业 or 研发占比 >= {n}",
    ]
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_pass_over_all_and_the_reasons_of_one_agree(market: Market, data: st.DataObject) -> None:
    firms = market.city.organisations("enterprise")
    listings = [_need(data, firms[n * 7].pk, n) for n in range(data.draw(st.integers(1, 4)))]
    offers = [_product(data, market, n) for n in range(data.draw(st.integers(1, 4)))]
    whole = match_all(listings, offers)
    for place, listing in enumerate(listings):
        one = {suit.product.code: suit for suit in suits(listing, products=offers)}
        for column, product in enumerate(whole.products):
            suit = one[product.code]
            assert whole.state(place, column) == suit.state, (product.conditions, listing.__dict__)
            assert int(whole.points[place, column]) == suit.points.total
        best = [product.code for product in whole.best(place, len(offers), worst="no")]
        assert best == [suit.product.code for suit in suits(listing, products=offers)]


def _need(data: st.DataObject, firm: str, place: int) -> Listing:
    draw = data.draw
    return Listing(
        pk=place + 1, enterprise_id=firm, wanted_fen=draw(st.integers(1, 2000)) * WAN, term_months=draw(st.integers(1, 60)),
        purpose=draw(st.sampled_from(Need.Purpose.values)), guarantee=draw(st.sampled_from(Need.Guarantee.values)),
        first_loan=draw(st.booleans()), rate_bp=draw(st.none() | st.integers(300, 700)),
    )  # fmt: skip


def _product(data: st.DataObject, market: Market, place: int) -> Product:
    draw = data.draw
    low, months = draw(st.integers(-50, 200)), draw(st.integers(1, 30))
    rules = draw(st.lists(RULES, max_size=3))
    number = draw(st.integers(1, 9))
    return Product(
        code=f"X{place}", bank=market.banks[0], name="产品", min_fen=draw(st.integers(1, 100)) * WAN,
        max_fen=draw(st.integers(100, 2000)) * WAN, min_months=months, max_months=months + draw(st.integers(0, 40)),
        low_bp=low, high_bp=low + 50, materials=["一"] * draw(st.integers(0, 12)),
        guarantees=draw(st.lists(st.sampled_from(Need.Guarantee.values), min_size=1, unique=True)),
        purposes=draw(st.lists(st.sampled_from(Need.Purpose.values), min_size=1, unique=True)),
        conditions=[condition(rule.format(n=number)) | {"code": f"c{n}"} for n, rule in enumerate(rules)],
    )  # fmt: skip
