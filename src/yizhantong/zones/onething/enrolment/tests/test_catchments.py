"""Catchments: addresses find their school, overlaps are refused, gaps alarmed; and what registers say of a child."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.catchments import Address, Catchments, Served, read
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.verification import Home, Insured, Known, facts, verify

DAY = dt.date(2021, 7, 12)


def line(school: str, parity: Any = "all", first: int = 1, last: int = 99, street: str = "解放路") -> Served:
    return Served(school, street, parity, first, last)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("锦州市古塔区解放路12号3单元", Address("解放路", 12, "3单元")),
        ("解放路 7 号", Address("解放路", 7)),
        ("解放路12-3号", Address("解放路", 12)),
        ("凌河区中央大街二段", Address("中央大街", None, "中央大街二段")),
        ("阳光花园", Address(compound="阳光花园")),
    ],
)
def test_a_written_address_is_read(text: str, address: Address) -> None:
    assert read(text) == address


def test_an_address_finds_its_school_by_side_range_and_compound() -> None:
    found = Catchments([line("a", "odd"), line("b", "even"), Served("c", compound="阳光花园")])
    assert [found.school_of(Address("解放路", number)) for number in (1, 2, 99, 101)] == ["a", "b", "a", None]
    assert found.school_of(Address("解放路", 1, "阳光 花园")) == "c"
    assert found.school_of(Address("解放路")) is None


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ([line("a", "odd"), line("b", "even")], []),
        ([line("a"), line("b", "odd", 51, 60)], ["overlap"]),
        ([line("a", "odd"), line("a", "odd", 5, 9), line("a", "even")], []),
        ([line("a", "odd")], ["side"]),
        ([line("a", first=1, last=50), line("b", first=61, last=99)], ["gap", "gap"]),
        ([Served("a", compound="花园"), Served("b", compound="花园")], ["overlap"]),
        ([line("a", "odd", 2, 2), line("a", "all")], ["empty"]),
    ],
)
def test_overlaps_and_gaps_are_found(lines: list[Served], kinds: list[str]) -> None:
    assert [problem.kind for problem in Catchments(lines).problems()] == kinds


ranges = st.builds(
    lambda school, parity, first, length: line(school, parity, first, first + length),
    st.sampled_from("ab"), st.sampled_from(["all", "odd", "even"]), st.integers(1, 30), st.integers(0, 12),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(ranges, max_size=6))
def test_an_overlap_is_told_just_when_a_number_has_two_schools(lines: list[Served]) -> None:
    made = Catchments(lines)
    shared = any(len(made.schools_of(Address("解放路", number))) > 1 for number in range(1, 50))
    assert shared == any(problem.kind == "overlap" for problem in made.problems())


@settings(max_examples=150, deadline=None)
@given(st.lists(ranges, min_size=1, max_size=6))
def test_a_gap_is_told_just_when_a_number_in_between_has_none(lines: list[Served]) -> None:
    made = Catchments(lines)
    found = False
    for parity in (0, 1):
        side = [
            number for number in range(1, 50) if number % 2 == parity and made.schools_of(Address("解放路", number))
        ]
        found |= bool(side) and any(
            not made.schools_of(Address("解放路", number)) for number in range(side[0], side[-1], 2)
        )
    assert found == any(problem.kind == "gap" for problem in made.problems())


RULES = {
    "common": "出生日期一致",
    "categories": [
        {"code": "both", "name": "房户一致", "rule": "户籍在区 and 房产在区 and 户籍学校 = 房产学校", "home": "property",
         "order": [{"name": "兄姐", "rule": "在读兄姐"}, {"name": "年数", "rule": "落户年数"}], "materials": ["户口簿"]},
        {"code": "household", "name": "有户无房", "rule": "户籍在区", "home": "household"},
        {"code": "migrant", "name": "随迁子女", "rule": "居住证有效 and 社保月数 >= 6", "home": "permit"},
    ],
}  # fmt: skip
SERVED = Catchments([line("a", "odd"), line("b", "even")])
BORN = dt.date(2015, 1, 1)


def home(number: int, inside: bool = True, **more: Any) -> Home:
    return Home(Address("解放路", number), inside, dt.date(2018, 7, 1), **more)


def said(known: Known, number_born: dt.date | None = BORN) -> dict[str, Any]:
    return facts(known, SERVED, DAY, BORN, number_born)


def test_a_child_whose_registers_agree_is_verified_with_school_and_order() -> None:
    known = Known(home(1), (home(3),), siblings_at=("a",))
    found = verify(terms.read(RULES), "both", said(known), known)
    assert (found.met, found.category, found.school, found.keys) == (True, "both", "a", (0, -3))


def test_what_no_register_knows_is_not_known_and_never_a_no() -> None:
    known = Known(home(1))
    found = verify(terms.read(RULES), "both", said(known), known)
    assert not found.met
    assert {check.verdict for check in found.checks} == {"met", "unknown"}
    assert found.materials == ("户口簿",)


def test_two_homes_of_different_schools_do_not_agree() -> None:
    known = Known(home(1), (home(2),))
    found = verify(terms.read(RULES), "both", said(known), known)
    assert any(check.verdict == "not_met" for check in found.checks)


def test_a_machine_lifts_and_never_lowers() -> None:
    known = Known(home(1), (home(3),))
    lifted = verify(terms.read(RULES), "household", said(known), known)
    assert (lifted.category, lifted.lifted, lifted.met) == ("both", True, True)
    only_permit = Known(permits=(home(2, until=dt.date(2021, 12, 31)),), insured=(Insured(12, DAY),))
    claimed = verify(terms.read(RULES), "household", said(only_permit), only_permit)
    assert (claimed.category, claimed.met) == ("household", False)


def test_an_address_outside_all_catchments_is_rechecked() -> None:
    known = Known(home(500))
    found = verify(terms.read(RULES), "household", said(known), known)
    assert "没有找到对应的学校" in found.reasons[0]


def test_an_expired_permit_and_too_few_months_are_told() -> None:
    known = Known(permits=(home(2, until=dt.date(2021, 1, 1)),), insured=(Insured(3, DAY),))
    found = verify(terms.read(RULES), "migrant", said(known), known)
    assert len(found.reasons) == 2
    assert all("不符合" in reason for reason in found.reasons)


def test_a_birthday_that_the_number_contradicts_is_never_verified() -> None:
    known = Known(home(1))
    assert not verify(terms.read(RULES), "household", said(known, dt.date(2014, 1, 1)), known).met


@pytest.mark.parametrize("rule", ["户籍在区 and", "没有这个名称 = 1", ""])
def test_rules_that_cannot_be_read_are_refused(rule: str) -> None:
    wrong = {"common": rule, "categories": RULES["categories"]}
    with pytest.raises(EnrolmentError):
        terms.read(wrong)
