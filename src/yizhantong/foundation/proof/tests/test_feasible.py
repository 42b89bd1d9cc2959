"""Can these figures all be true? The page's own cases, every sentence, and brute force as the judge."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.proof import feasible
from yizhantong.foundation.proof.feasible import (
    COUNT,
    Attribute,
    Exclusive,
    Facts,
    FeasibilityError,
    Interval,
    Limits,
    Measure,
    Partition,
    Region,
    Statement,
    Subset,
    Tag,
)

YI = Decimal(10) ** 10
MONEY = Attribute("amount", integer=True, label="签约额", unit="亿元", unit_size=YI)
PROJECTS = Facts(attributes=(MONEY,), classifier="个", noun="项目")
AMOUNT = Measure("sum", "amount")
BIG: Region = (Interval("amount", YI),)
INDUSTRY: Region = (Tag("工业"),)

PATIENT = Limits(seconds=120)
"""What is found does not depend on how busy the machine is; how soon, the benchmarks tell."""


def count(key: str, number: int | str, region: Region = (), text: str = "") -> Statement:
    return Statement(key, text or f"{number}个", COUNT, region, Decimal(number), Decimal(number))


def amount(key: str, printed: str, region: Region = ()) -> Statement:
    value = Decimal(printed)
    half = Decimal(1).scaleb(value.as_tuple().exponent) / 2
    return Statement(
        key, f"{printed}亿元", AMOUNT, region, (value - half) * YI, (value + half) * YI, upper_closed=False
    )


PAGE = [
    count("全部个数", 90),
    amount("全部金额", "359.04"),
    count("亿元以上个数", 62, BIG),
    amount("亿元以上金额", "324.25", BIG),
    count("工业个数", 56, INDUSTRY),
    amount("工业金额", "183", INDUSTRY),
]


def test_the_pages_four_figures_contradict_and_the_sentence_says_why() -> None:
    verdict = feasible.check(PAGE, PROJECTS)
    assert verdict.feasible is False
    assert set(verdict.conflict) == {"全部个数", "全部金额", "亿元以上个数", "亿元以上金额"}
    for words in ("其余28个项目", "34.79亿元", "1.2425亿元", "不到1亿元", "28亿元"):
        assert words in verdict.sentence
    assert verdict.proof["其余数量"] == 28
    assert verdict.proof["其余合计"] == Decimal("34.79") * YI
    assert set(verdict.multipliers) == set(verdict.conflict)


@pytest.mark.parametrize("left_out", range(4))
def test_any_three_of_the_four_can_be_true(left_out: int) -> None:
    rest = [s for i, s in enumerate(PAGE) if i != left_out]
    verdict = feasible.check(rest, PROJECTS)
    assert verdict.feasible is True
    for statement in rest:
        if statement.measure == COUNT and not statement.region:
            assert sum(cell.count for cell in verdict.witness) == statement.lower


def test_the_conflict_vanishes_exactly_where_the_rest_fits_below_the_threshold() -> None:
    fits = [*PAGE[:1], amount("全部金额", "352.24"), *PAGE[2:]]
    assert feasible.check(fits, PROJECTS).feasible is True
    exact = amount("亿元以上金额", "324.25", BIG)
    exact = replace(exact, lower=Decimal("324.25") * YI, upper=Decimal("324.25") * YI, upper_closed=True)
    whole = Decimal("352.25") * YI
    barely = [PAGE[0], PAGE[2], exact, replace(exact, key="全部金额", region=(), lower=whole, upper=whole)]
    assert feasible.check(barely, PROJECTS).feasible is False
    below = [replace(s, lower=s.lower - 28, upper=s.upper - 28) if s.key == "全部金额" else s for s in barely]
    assert feasible.check(below, PROJECTS).feasible is True


LEVELS = Facts(partitions=(Partition(("国际先进", "国内先进"), of="有水平"),), classifier="项", noun="项目")
INNOVATION = [
    count("全部", 71),
    count("国际先进", 11, (Tag("国际先进"),)),
    count("国内先进", 57, (Tag("国内先进"),)),
    count("填补空白", 8, (Tag("填补空白"),)),
]


def test_levels_and_an_independent_attribute_fit_and_the_overlap_is_bounded() -> None:
    assert feasible.check(INNOVATION, LEVELS).feasible is True
    assert feasible.possible_range(INNOVATION, COUNT, (Tag("填补空白"), Tag("有水平")), LEVELS) == (5, 8)
    assert feasible.possible_range(INNOVATION, COUNT, (Tag("有水平", False),), LEVELS) == (3, 3)


def test_taken_as_one_attribute_the_three_levels_exceed_the_whole() -> None:
    facts = Facts(exclusives=(Exclusive(("国际先进", "国内先进", "填补空白")),), classifier="项")
    verdict = feasible.check(INNOVATION, facts)
    assert verdict.feasible is False
    assert set(verdict.conflict) == {"全部", "国际先进", "国内先进", "填补空白"}
    assert "76项" in verdict.sentence
    assert "71项" in verdict.sentence


def test_what_is_not_bounded_has_no_bound() -> None:
    assert feasible.possible_range(PAGE[:1], AMOUNT, (), PROJECTS) == (0, None)
    assert feasible.possible_range([], COUNT, (), PROJECTS) == (0, None)
    assert feasible.possible_range(PAGE[2:3], AMOUNT, (), PROJECTS) == (62 * YI, None)
    with pytest.raises(FeasibilityError, match="矛盾"):
        feasible.possible_range(PAGE, COUNT, INDUSTRY, PROJECTS)


A, B, C = (Tag("甲"),), (Tag("乙"),), (Tag("丙"),)


@pytest.mark.parametrize(
    ("statements", "facts", "keys", "words"),
    [
        ([count("w", 10), count("p", 12, A)], PROJECTS, "wp", ["12个", "多于整体的10个"]),
        ([amount("w", "3.0"), amount("p", "5.0", A)], PROJECTS, "wp", ["多于整体"]),
        ([count("w", 10), count("p", 10, A), amount("s", "9.0"), amount("t", "5.0", A)], PROJECTS, "wpst", ["不剩", "还剩"]),
        ([count("p", 62, BIG), amount("t", "50.0", BIG)], PROJECTS, "pt", ["至少1亿元", "至少62亿元", "0.8"]),
        ([count("p", 62, BIG), amount("t", "50.0")], PROJECTS, "pt", ["至少62亿元"]),
        ([count("p", 5, (Interval("amount", None, YI),)), amount("t", "6.0", (Interval("amount", None, YI),))], PROJECTS, "pt", ["不到1亿元", "不到5亿元"]),
        ([count("p", "62.5", A)], PROJECTS, "p", ["整数"]),
        ([count("p", -3, A)], PROJECTS, "p", ["本身不成立"]),
        ([count("p", 5, A), count("q", 6, A)], PROJECTS, "pq", ["同一个量"]),
        ([count("w", 10), count("a", 8, A), count("b", 7, B), count("ab", 4, A + B)], PROJECTS, ["w", "a", "b", "ab"], ["如果", "不符"]),
        ([count("w", 10), count("a", 4, A), count("b", 5, B)], Facts(partitions=(Partition(("甲", "乙")),)), "wab", ["合计只有9个", "少于"]),
        ([count("n", 4, A), count("w", 3, B)], Facts(subsets=(Subset(A, B),)), "nw", ["多于整体"]),
        ([count("z", 0, A), amount("t", "5.0", A)], PROJECTS, "zt", ["一个也没有"]),
    ],
)  # fmt: skip
def test_each_kind_of_contradiction_has_its_sentence(
    statements: list[Statement], facts: Facts, keys: Sequence[str], words: list[str]
) -> None:
    verdict = feasible.check(statements, facts)
    assert verdict.feasible is False
    assert sorted(verdict.conflict) == sorted(keys)
    for word in words:
        assert word in verdict.sentence


def test_at_least_figures_only_bound_from_below() -> None:
    some = Statement("余", "120余批次", COUNT, A, Decimal(120), None, lower_closed=False)
    assert feasible.check([count("w", 500), some]).feasible is True
    assert feasible.check([count("w", 120), some]).feasible is False


def test_unknown_amounts_do_not_make_an_impossible_possible_nor_the_reverse() -> None:
    nullable = replace(PROJECTS, attributes=(replace(MONEY, nullable=True),))
    assert feasible.check(PAGE, nullable).feasible is False
    small = (Interval("amount", None, YI),)
    parts = [count("w", 10), count("a", 4, BIG), count("b", 5, small)]
    assert feasible.check(parts, PROJECTS).feasible is False
    assert feasible.check(parts, nullable).feasible is True


def test_whole_records_matter_where_fractions_would_do() -> None:
    # Three pairs overlap such that each count could only be met by halves of a record.
    facts = Facts(partitions=(Partition(("甲乙", "乙丙", "丙甲")),), subsets=(
        Subset((Tag("甲乙"),), A), Subset((Tag("甲乙"),), B), Subset((Tag("乙丙"),), B), Subset((Tag("乙丙"),), C),
        Subset((Tag("丙甲"),), C), Subset((Tag("丙甲"),), A),
        Subset(A, (Tag("乙丙", False),)), Subset(B, (Tag("丙甲", False),)), Subset(C, (Tag("甲乙", False),)),
    ))  # fmt: skip
    odd = [count("a", 1, A), count("b", 1, B), count("c", 1, C)]
    verdict = feasible.check(odd, facts)
    assert verdict.feasible is False
    assert verdict.multipliers == {}
    assert feasible.check([count("a", 2, A), count("b", 2, B), count("c", 2, C)], facts).feasible is True


def test_two_groups_that_each_claim_every_record_are_not_taken_apart() -> None:
    not_a = (Tag("甲", False),)
    verdict = feasible.check([count("a", 1, A), count("n", 2, not_a), count("b", 50, B)])
    assert verdict.feasible is False
    assert sorted(verdict.conflict) == ["a", "b", "n"]


def test_open_ends_that_just_touch_are_left_undecided() -> None:
    facts = Facts(attributes=(Attribute("x"),))
    below = (Interval("x", None, Decimal(1)),)
    total = Measure("sum", "x")
    touching = [count("n", 3, below), Statement("s", "3", total, below, Decimal(3), Decimal(3))]
    assert feasible.check(touching, facts).feasible is None
    inside = [touching[0], replace(touching[1], lower=Decimal("2.9"), upper=Decimal("2.9"))]
    assert feasible.check(inside, facts).feasible is True
    beyond = [touching[0], replace(touching[1], lower=Decimal("3.1"), upper=Decimal("3.1"))]
    assert feasible.check(beyond, facts).feasible is False


def test_beyond_the_limit_of_cells_small_conflicts_are_still_found_else_it_says_so() -> None:
    many = [count("w", 100)] + [count(f"t{i}", 50, (Tag(f"标签{i}"),)) for i in range(14)]
    verdict = feasible.check(many, limits=PATIENT)
    assert verdict.feasible is None
    assert "4096" in verdict.sentence
    worse = [*many, count("big", 101, (Tag("标签3"), Tag("标签4")))]
    assert feasible.check(worse, limits=PATIENT).feasible is False


def test_hundreds_of_cells_are_decided_by_highs_and_confirmed() -> None:
    many = [count("w", 100)] + [count(f"t{i}", 40 + i, (Tag(f"标签{i}"),)) for i in range(8)]
    amounts = [amount("s", "300.00"), amount("u", "120.00", (Tag("标签0"),)), count("g", 30, BIG)]
    verdict = feasible.check([*many, *amounts], PROJECTS, PATIENT)
    assert verdict.feasible is True
    assert sum(cell.count for cell in verdict.witness) == 100
    both = (Tag("标签0"), Tag("标签1"), Tag("标签2"))
    worse = feasible.check([*many, *amounts, count("o", 41, both)], PROJECTS, PATIENT)
    assert worse.feasible is False
    assert sorted(worse.conflict) == ["o", "t0"]


def test_a_pair_that_contradicts_is_found_among_thousands_of_cells() -> None:
    many = [count("w", 100)] + [count(f"t{i}", 40 + i, (Tag(f"标签{i}"),)) for i in range(11)]
    many += [amount("s", "300.00"), count("g", 30, BIG), count("o", 41, (Tag("标签0"), Tag("标签1")))]
    verdict = feasible.check(many, PROJECTS, PATIENT)
    assert verdict.feasible is False
    assert sorted(verdict.conflict) == ["o", "t0"]


def test_separate_contradictions_are_all_told() -> None:
    found = feasible.conflicts(
        [*PAGE, count("p", 95, (Tag("农业"),)), count("x", "0.5", (Tag("旅游"),))], PROJECTS, PATIENT
    )
    told = [set(verdict.conflict) for verdict in found]
    assert {"x"} in told
    assert any("p" in conflict and conflict != {"x"} for conflict in told)
    assert all(verdict.feasible is False for verdict in found)
    assert not any(one & other for one, other in combinations(told, 2))


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(FeasibilityError) as twice:
        feasible.check([count("a", 1), count("a", 2)])
    assert twice.value.code == "proof.key_twice"
    for wrong in (("sum", ""), ("count", "amount")):
        with pytest.raises(FeasibilityError) as measure:
            Measure(*wrong)
        assert measure.value.code == "proof.measure"


def test_nothing_stated_is_possible() -> None:
    assert feasible.check([]).feasible is True


def test_nothing_is_written_to_standard_output() -> None:
    code = (
        "from yizhantong.foundation.proof.feasible import *\n"
        "from decimal import Decimal\n"
        "print(possible_range([Statement('a','',COUNT,(),Decimal(1),Decimal(2))], COUNT, (Tag('x'),)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "(Decimal('0'), Decimal('2'))\n"


# --- brute force: every ledger of up to four records over two tags and small amounts --------------------------------

KINDS = [(a, b, value) for a in (False, True) for b in (False, True) for value in (0, 1, 2, 3)]
SMALL = Facts(attributes=(Attribute("v", integer=True),))
REGIONS: list[Region] = [
    (), A, B, A + B, (Tag("甲", False),), (Interval("v", Decimal(2)),), (Interval("v", None, Decimal(2)), *A),
]  # fmt: skip
CAP: list[Statement] = [
    count("cap3", 0, (Interval("v", Decimal(3), None, low_closed=False),)),
]


def measured(ledger: Sequence[tuple[bool, bool, int]], measure: Measure, region: Region) -> int:
    def meets(record: tuple[bool, bool, int]) -> bool:
        for x in region:
            if isinstance(x, Tag):
                if record[0 if x.name == "甲" else 1] != x.holds:
                    return False
            elif (x.low is not None and (record[2] < x.low or (record[2] == x.low and not x.low_closed))) or (
                x.high is not None and record[2] >= x.high
            ):
                return False
        return True

    chosen = [record for record in ledger if meets(record)]
    return len(chosen) if measure == COUNT else sum(record[2] for record in chosen)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 3),
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(REGIONS), st.integers(0, 7), st.integers(0, 1)), min_size=1, max_size=4
    ),
)
def test_the_verdict_is_that_of_trying_every_ledger(size: int, drawn) -> None:
    total = Measure("sum", "v")
    stated = [
        Statement(f"k{i}", f"说法{i}", total if is_sum else COUNT, region, Decimal(low), Decimal(low + width))
        for i, (is_sum, region, low, width) in enumerate(drawn)
    ]
    statements = [count("w", size), *CAP, *stated]

    def holds(ledger: Sequence[tuple[bool, bool, int]], chosen: Sequence[Statement]) -> bool:
        return all(s.lower <= measured(ledger, s.measure, s.region) <= s.upper for s in chosen)

    truth = any(holds(ledger, stated) for ledger in combinations_with_replacement(KINDS, size))
    verdict = feasible.check(statements, SMALL)
    assert verdict.feasible is truth
    if not truth:
        conflict = [s for s in statements if s.key in verdict.conflict]
        assert feasible.check(conflict, SMALL).feasible is False
        for smaller in combinations(conflict, len(conflict) - 1):
            assert feasible.check(smaller, SMALL).feasible is not False
        assert verdict.sentence


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_figures_of_a_true_ledger_are_never_called_impossible(seed: int) -> None:
    source = random.Random(seed)
    ledger = [
        (source.random() < 0.4, source.random() < 0.6, source.randrange(5 * 10**10))
        for _ in range(source.randrange(60))
    ]
    facts = Facts(attributes=(Attribute("v", integer=True),))
    cuts = [Decimal(source.randrange(5 * 10**10)) for _ in range(2)]
    regions: list[Region] = [(), A, B, A + B, (Interval("v", cuts[0]),), (Interval("v", None, cuts[1]), *B)]
    total = Measure("sum", "v")
    statements = []
    for i, (measure, region) in enumerate(product((COUNT, total), regions)):
        value = measured(ledger, measure, region)
        step = 1 if measure == COUNT else source.choice([1, 10**6, 10**8])
        low = Decimal(value // step * step)
        statements.append(Statement(str(i), str(value), measure, region, low, low + step, upper_closed=False))
    assert feasible.check(statements, facts, PATIENT).feasible is True
    unstated = (Tag("甲"), Interval("v", cuts[0]))
    low, high = feasible.possible_range(statements, COUNT, unstated, facts)
    assert low <= measured(ledger, COUNT, unstated) <= high
    assert Fraction(low) == int(low)


def test_a_question_without_time_is_answered_with_undecided() -> None:
    assert feasible.check(PAGE, PROJECTS, Limits(seconds=0)).feasible is None
