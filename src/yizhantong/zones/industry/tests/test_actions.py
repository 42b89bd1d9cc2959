"""Identifiers have their form and their node; a voucher pays once and only its part."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import SampleCity
from yizhantong.zones.industry import actions, queries
from yizhantong.zones.industry.handles import is_prefix, parse

BY: dict[str, Any] = {"account": None, "source": "test"}
DAY = dt.date(2021, 6, 1)


@pytest.mark.parametrize("text", ["88.118.8/JXDY2106023", "88.608.8889/a", "88.1.1/!~"])
def test_identifiers_of_the_standard_are_read(text: str) -> None:
    handle = parse(text)
    assert str(handle) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "88.118.8",
        "88.118.8/",
        "87.118.8/x",
        "88.118/x",
        "88.118.8/有",
        "88.118.8/a b",
        "88.1234567.8/x",
        "x88.1.1/x",
    ],
)
def test_other_texts_are_no_identifiers(text: str) -> None:
    assert parse(text) is None


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255))
def test_every_visible_suffix_survives_and_case_does_not_part_it(suffix: str) -> None:
    lower, upper = parse(f"88.118.8/{suffix.lower()}"), parse(f"88.118.8/{suffix.upper()}")
    assert lower is not None
    assert upper is not None
    assert lower.key == upper.key
    assert is_prefix(lower.prefix)


@pytest.fixture
def node(sample_city: SampleCity) -> str:
    actions.admit_node("88.118.8", sample_city.organisations("enterprise")[0], industry="3670", on=DAY, **BY)
    return "88.118.8"


@pytest.mark.django_db
def test_an_identifier_is_registered_once_however_it_is_written(node: str) -> None:
    actions.register_identifier("88.118.8/Abc", "qr", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.register_identifier("88.118.8/aBC", "qr", on=DAY, **BY)
    assert refused.value.code == "ledger.key_taken"
    with pytest.raises(LedgerError) as refused:
        actions.close_node(node, reason="注销", on=DAY, **BY)
    assert refused.value.code == "industry.node_in_use"
    actions.cancel_identifier("88.118.8/ABC", reason="产品停产", on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.cancel_identifier("88.118.8/ABC", reason="产品停产", on=DAY, **BY)
    assert refused.value.code == "industry.not_registered"
    actions.close_node(node, reason="注销", on=DAY, **BY)
    assert queries.node(node) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("88.118.9/x", DAY, "industry.no_node"),
        ("118.8/x", DAY, "industry.handle"),
        ("88.118.8/x", dt.date(2021, 5, 31), "industry.before_node"),
    ],
)
def test_wrong_registrations_are_refused(node: str, text: str, on: dt.date, code: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.register_identifier(text, "qr", on=on, **BY)
    assert refused.value.code == code


@pytest.mark.django_db
def test_a_day_is_counted_once_and_never_with_more_answers_than_questions(node: str) -> None:
    with pytest.raises(LedgerError) as refused:
        actions.count_resolutions(node, 10, 11, 500, on=DAY, **BY)
    assert refused.value.code == "industry.resolution"
    actions.count_resolutions(node, 10, 9, 500, on=DAY, **BY)
    with pytest.raises(LedgerError) as refused:
        actions.count_resolutions(node, 10, 9, 500, on=DAY, **BY)
    assert refused.value.code == "ledger.key_taken"


@pytest.mark.django_db
def test_a_claim_needs_evidence_and_a_prefix_its_form(sample_city: SampleCity) -> None:
    firm = sample_city.organisations("enterprise")[0]
    with pytest.raises(LedgerError) as refused:
        actions.build_platform("PT-1", "平台", firm, kind="sector", claim="国内首个", on=DAY, **BY)
    assert refused.value.code == "industry.claim"
    with pytest.raises(LedgerError) as refused:
        actions.admit_node("118.8", firm, industry="3670", on=DAY, **BY)
    assert refused.value.code == "industry.prefix"


@pytest.mark.django_db
def test_a_voucher_pays_once_and_only_its_part(sample_city: SampleCity) -> None:
    firm = sample_city.organisations("enterprise")[0]

    def adopt(contract: str, **changed: Any) -> Any:
        given = {"contract_fen": 1000, "voucher": "YQ-1", "redeemed_fen": 500, "on": DAY} | changed
        return actions.adopt_cloud(contract, firm, "云服务商", "saas", **given, **BY)

    for changed, code in (
        ({"redeemed_fen": 501}, "industry.voucher"),
        ({"voucher": ""}, "industry.voucher_missing"),
        ({"contract_fen": -1, "redeemed_fen": 0}, "industry.amount"),
    ):
        with pytest.raises(LedgerError) as refused:
            adopt("SY-1", **changed)
        assert refused.value.code == code
    adopt("SY-1")
    with pytest.raises(LedgerError) as refused:
        adopt("SY-2")
    assert refused.value.code == "industry.voucher_used"
    actions.take_back_contract("SY-1", reason="退订", **BY)
    adopt("SY-2")
