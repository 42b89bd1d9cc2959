"""Identifiers: the vectors of the field, and that no single wrong character passes."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.codes import divisions, identity, industries, items, phones, project, uscc
from yizhantong.foundation.codes.errors import CodeError

ROOT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("YZT_SHARED", ROOT.parent / "shared"))
DIVISIONS = st.sampled_from(["210702", "210727", "210781", "110105"])
ORGANISATIONS = st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


def table(name: str) -> list[dict[str, str]]:
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not here; set YZT_SHARED to the folder that holds data/{name}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refusal(call: Callable[[], object]) -> CodeError:
    with pytest.raises(CodeError) as refused:
        call()
    return refused.value


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91210700MA0000015W", "91210700MA10T2A306", "91210700123456788G"]
)
def test_known_organisations_are_valid_and_no_changed_character_is(code: str) -> None:
    assert uscc.validate(code) == code
    for position, old in enumerate(code):
        for new in uscc.ALPHABET:
            changed = code[:position] + new + code[position + 1 :]
            assert new == old or not uscc.is_valid(changed), changed


@settings(max_examples=80)
@given(DIVISIONS, ORGANISATIONS, st.sampled_from("159"), st.sampled_from("123"))
def test_made_codes_are_valid_and_say_their_parts(division: str, base: str, authority: str, category: str) -> None:
    code = uscc.make(division, base, authority, category)
    found = uscc.parts(code)
    assert (found.authority, found.category, found.division) == (authority, category, division)
    assert found.organisation[:8] == base
    assert uscc.has_true_organisation_code(code)


def test_organisation_code_check_is_that_of_gb_11714() -> None:
    assert [uscc.organisation_check(base) for base in ("MA000001", "MA10T2A3", "12345678")] == ["5", "0", "8"]
    assert uscc.has_true_organisation_code("91350100M000100Y43")
    others = [c for c in uscc.ALPHABET if uscc.is_valid("91210700" + "123456789" + c)]
    assert len(others) == 1
    assert not uscc.has_true_organisation_code("91210700" + "123456789" + others[0])


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "female"),
        ("210702199003070014", date(1990, 3, 7), "male"),
        ("210727195512015426", date(1955, 12, 1), "female"),
    ],
)
def test_known_identity_numbers_are_valid_and_no_changed_character_is(number: str, born: date, sex: str) -> None:
    found = identity.parts(number)
    assert (found.division, found.born_on, found.sex) == (number[:6], born, sex)
    for position, old in enumerate(number):
        for new in "0123456789X":
            changed = number[:position] + new + number[position + 1 :]
            assert new == old or not identity.is_valid(changed), changed


@settings(max_examples=80)
@given(DIVISIONS, st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_made_identity_numbers_are_valid(division: str, born: date, serial: int) -> None:
    found = identity.parts(identity.make(division, born, serial))
    assert (found.division, found.born_on, found.sex == "male") == (division, born, serial % 2 == 1)


def test_a_withdrawn_or_unknown_division_only_warns() -> None:
    old_linghai = identity.make("210781", date(1980, 5, 1), 12)
    assert identity.validate(old_linghai) == old_linghai
    assert identity.warnings(old_linghai) == []
    assert "210781" in identity.warnings(old_linghai, {"210702"})[0]
    assert identity.warnings(old_linghai, {"210781"}) == []
    assert "99" in identity.warnings(identity.make("990000", date(1980, 5, 1), 12))[0]


def test_identity_numbers_are_masked() -> None:
    assert identity.mask("11010519491231002X") == "110***********002X"
    assert identity.mask("1234") == "****"


@pytest.mark.parametrize(
    ("room", "text", "normal"),
    [
        (uscc, "91210700ma0000015w ", "91210700MA0000015W"),
        (identity, "11010519491231002x", "11010519491231002X"),
        (divisions, " 210702 ", "210702"),
        (industries, "26", "C26"),
        (phones, "13812341234", "13812341234"),
        (phones, "+86 138-1234-1234", "13812341234"),
        (phones, "0416-2345678", "0416-2345678"),
        (phones, "(0416)2345678-12", "0416-2345678-12"),
        (items, "11341800a72824253z3340117021000", "11341800A72824253Z3340117021000"),
        (project, "2105-210700-04-01-123456", "2105-210700-04-01-123456"),
        (project, "21052107000401123456", "2105-210700-04-01-123456"),
    ],
)
def test_full_width_and_loose_input_gets_one_form(room: ModuleType, text: str, normal: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert room.validate(text) == room.validate(wide) == room.validate(normal) == normal
    assert room.is_valid(text)


@pytest.mark.parametrize(
    ("room", "text", "code"),
    [
        (uscc, "", "codes.uscc.empty"),
        (uscc, "9121", "codes.uscc.length"),
        (uscc, "91210700MAO000015W", "codes.uscc.character"),
        (uscc, "9121A700MA0000015W", "codes.uscc.character"),
        (uscc, "91210700MA0000015X", "codes.uscc.check"),
        (identity, "11010519491231002", "codes.identity.length"),
        (identity, "1101051949123X002X", "codes.identity.character"),
        (identity, "210702199002300014", "codes.identity.date"),
        (identity, "110105194912310021", "codes.identity.check"),
        (divisions, "21070", "codes.division.length"),
        (divisions, "21O702", "codes.division.character"),
        (divisions, "010000", "codes.division.province"),
        (divisions, "210002", "codes.division.gap"),
        (industries, "U", "codes.industry.shape"),
        (industries, "C2", "codes.industry.shape"),
        (industries, "98", "codes.industry.division"),
        (industries, "A26", "codes.industry.section"),
        (phones, "12812341234", "codes.phone.shape"),
        (phones, "138123412345", "codes.phone.shape"),
        (items, "1134", "codes.item.length"),
        (items, "11341800A72824253Z9340117021000", "codes.item.level"),
        (items, "11341800A72824253Z3X40117021000", "codes.item.character"),
        (items, "34011702100_", "codes.item.character"),
        (project, "2105-210700-04-01-12345", "codes.project.shape"),
        (project, "2105-990000-04-01-123456", "codes.project.division"),
    ],
)
def test_refusals_have_a_code_and_tell_a_person_what_to_do(room: ModuleType, text: str, code: str) -> None:
    refused = refusal(lambda: room.validate(text))
    assert refused.code == code
    assert any(word in refused.message for word in ("请", "应", "为", "属于"))
    assert not room.is_valid(text)


def test_a_number_instead_of_text_is_refused() -> None:
    assert refusal(lambda: uscc.validate(912107000000000000)).code == "codes.uscc.type"  # type: ignore[arg-type]


def test_a_refused_phone_is_not_repeated_in_full() -> None:
    assert "12812341234" not in refusal(lambda: phones.validate("12812341234")).message


def test_divisions_have_level_parent_and_ancestors() -> None:
    assert [divisions.level(c) for c in ("21", "210700", "2107", "210702", "210702002", "210702002001")] == [
        "province", "city", "city", "county", "township", "village",
    ]  # fmt: skip
    assert divisions.parent("210702002001") == "210702002"
    assert divisions.parent("210700") == "21"
    assert divisions.parent("210000") is None
    assert divisions.ancestors("210702002") == ["21", "2107", "210702", "210702002"]
    assert divisions.full("2107", 6) == "210700"
    assert divisions.full("210702") == "210702000000"
    assert divisions.is_within("210702002001", "210700")
    assert not divisions.is_within("210800", "210700")
    assert refusal(lambda: divisions.full("210702002", 6)).code == "codes.division.too_deep"


def test_every_division_of_the_city_has_its_listed_level_and_parent() -> None:
    for row in table("divisions.csv"):
        assert divisions.level(row["code"]) == row["level"]
        assert (divisions.parent(row["code"]) or "") == row["parent_code"]


def test_every_industry_of_the_standard_lies_in_its_section() -> None:
    rows = table("industries_gbt4754_2017.csv")
    parent = {row["code"]: row["parent"] for row in rows}
    for row in rows:
        top = row["code"]
        while parent[top]:
            top = parent[top]
        assert industries.section(row["code"]) == top


def test_industrial_is_mining_manufacturing_and_supply() -> None:
    assert [c for c in ("A", "B06", "C3985", "44", "E47", "63") if industries.is_industrial(c)] == [
        "B06",
        "C3985",
        "44",
    ]
    assert industries.is_within("C3985", "39")
    assert not industries.is_within("C39", "C3985")
    assert [industries.level(c) for c in ("C", "26", "261", "C2614")] == ["section", "division", "group", "class"]


def test_item_codes_fall_into_parts() -> None:
    found = items.parts("11341800A72824253Z334011702100001")
    assert (found.kind, found.agency, found.level, found.suffix) == ("handling", "11341800A72824253Z", "3", "01")
    assert (found.province, found.department, found.main, found.sub) == ("34", "0117", "021", "000")
    assert items.parts("340117021000").kind == "basic"
    assert items.parts("11341800A72824253Z3340117021000").basic == "340117021000"
    assert items.parts("11341800A72824253Z3340117021000ABCDE").kind == "extended"


def test_an_agency_without_a_registered_code_only_warns() -> None:
    assert "11341800A72824253Z" in items.warnings("11341800A72824253Z3340117021000")[0]
    assert items.warnings(uscc.make("210700", "00123456", "1", "1") + "3340117021000") == []
    assert items.warnings("340117021000") == []


def test_phones_are_masked() -> None:
    assert phones.mask("13812341234") == "138****1234"
    assert phones.mask("0416-2345678") == "**********78"
    assert phones.kind("13812341234") == "mobile"
    assert phones.kind("0416-2345678") == "landline"


@settings(max_examples=200)
@given(st.text(max_size=40), st.sampled_from([uscc, identity, divisions, industries, phones, items, project]))
def test_any_text_is_either_accepted_in_its_normal_form_or_refused(text: str, room: ModuleType) -> None:
    if room.is_valid(text):
        assert room.validate(room.validate(text)) == room.validate(text)
