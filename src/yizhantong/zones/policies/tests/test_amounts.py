"""A standard never gives more than its cap, says what is missing, and grows with its measure."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.policies import benefit
from yizhantong.zones.policies.amounts import compute, names_of, text_of
from yizhantong.zones.policies.benefit import Rung, Standard
from yizhantong.zones.policies.errors import PolicyError

yuan = st.decimals(0, 10**9, places=2)
LADDER = Standard(
    kind="ladder", of="年营业收入",
    rungs=(Rung(at_least=Decimal(20_000_000), amount=Decimal(100_000)), Rung(at_least=Decimal(100_000_000), amount=Decimal(300_000))),
)  # fmt: skip


@given(st.decimals("0.01", 100, places=2), yuan, yuan)
@settings(max_examples=60, deadline=None)
def test_a_ratio_is_rounded_down_and_never_above_its_cap(percent: Decimal, measure: Decimal, cap: Decimal) -> None:
    standard = Standard(kind="ratio", percent=percent, of="研发费用", cap=cap)
    fen = compute(standard, {"研发费用": measure}).fen
    assert fen is not None
    exact = min(measure * percent / 100, cap) * 100
    assert exact - 1 < fen <= exact


@given(st.lists(yuan, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_ladder_never_gives_less_for_more(measures: list[Decimal]) -> None:
    amounts = [compute(LADDER, {"年营业收入": measure}).fen for measure in sorted(measures)]
    assert amounts == sorted(amounts)


@pytest.mark.parametrize(
    ("revenue", "fen"), [(19_999_999, 0), (20_000_000, 10_000_000), (99_999_999, 10_000_000), (100_000_000, 30_000_000)]
)
def test_the_lower_bound_of_a_rung_belongs_to_it(revenue: int, fen: int) -> None:
    assert compute(LADDER, {"年营业收入": revenue}).fen == fen


def test_what_is_not_known_is_named_and_gives_no_amount() -> None:
    found = compute(LADDER, {"年营业收入": None})
    assert (found.fen, found.missing) == (None, ("年营业收入",))
    assert "缺少年营业收入" in found.steps[0]


def test_what_stays_below_the_floor_is_not_granted() -> None:
    standard = Standard(kind="cap", of="展位费", cap=Decimal(50_000), floor=Decimal(1_000))
    assert compute(standard, {"展位费": 999}).fen == 0
    assert compute(standard, {"展位费": 1_000}).fen == 100_000
    assert compute(standard, {"展位费": 80_000}).fen == 5_000_000
    assert compute(standard, {"展位费": -5}).fen == 0


def test_the_measure_may_be_a_formula_of_several_facts() -> None:
    standard = Standard(kind="ratio", percent=Decimal(10), of="研发费用 - 上年研发费用")
    assert names_of(standard) == {"研发费用", "上年研发费用"}
    assert compute(standard, {"研发费用": 500, "上年研发费用": 200}).fen == 3_000


def test_a_measure_that_is_no_rule_is_refused() -> None:
    with pytest.raises(PolicyError) as refused:
        names_of(Standard(kind="cap", of="费用 +", cap=Decimal(1)))
    assert refused.value.code == "policies.measure"


def test_a_standard_is_said_in_words() -> None:
    assert text_of(LADDER) == "按年营业收入分档:20,000,000 及以上 100,000 元;100,000,000 及以上 300,000 元"
    assert text_of(None) == "按文件规定执行"
    assert text_of(Standard(kind="ratio", percent=Decimal(10), of="设备投资额", cap=Decimal(2_000_000))) == (
        "按设备投资额的 10% 补助,最高 2,000,000 元"
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"standard": {"kind": "fixed"}}, "定额须填金额"),
        ({"standard": {"kind": "ratio", "percent": 10}}, "按比例须填比例和计算基数"),
        ({"standard": {"kind": "ladder", "of": "a", "rungs": [{"at_least": 5, "amount": 1}, {"at_least": 2, "amount": 1}]}}, "从低到高"),
        ({"standard": {"kind": "ladder", "of": "a", "rungs": [{"at_least": 5, "amount": 1, "percent": 2}]}}, "之一"),
        ({"shortage": "best"}, "择优分配须设专家评审"),
        ({"public_days": 3}, "public_days"),
        ({"gift": 1}, "gift"),
    ],
)  # fmt: skip
def test_a_benefit_that_cannot_be_meant_is_refused_by_place(document: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        benefit.read(document)
    assert refused.value.code == "policies.benefit"
    assert said in refused.value.sentence
