"""What a step says of its work has the shape that cases read, before anything is published."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.foundation.flow import Flow, FlowError, Step

PASS = {"code": "pass", "name": "通过"}


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"kind": "joint", "office": "11210700001234567X", "permission": "policies.pay", "veto": True, "law": "第十条"},
        {"limit": {"amount": 3650, "unit": "hour"}, "outcomes": [PASS, {"code": "send_back", "name": "退回"}]},
        dict.fromkeys(("kind", "office", "permission", "outcomes", "limit", "veto", "law")),
        {"note": {"of": ["another", "room"]}},
    ],
)
def test_what_cases_can_read_is_taken(attributes: dict[str, Any]) -> None:
    assert Flow(Step("a", "受理", attributes)).steps["a"].attributes == attributes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "task"),
        ("kind", ["review"]),
        ("office", ""),
        ("office", "two words"),
        ("permission", "handle"),
        ("permission", "Cases.Handle"),
        ("outcomes", []),
        ("outcomes", "pass"),
        ("outcomes", ["pass"]),
        ("outcomes", [PASS, PASS]),
        ("outcomes", [{"code": "Pass", "name": "通过"}]),
        ("outcomes", [{"code": "p" * 25, "name": "通过"}]),
        ("outcomes", [{"code": "pass", "name": " "}]),
        ("limit", 5),
        ("limit", {"amount": 5}),
        ("limit", {"amount": 5, "unit": "year"}),
        ("limit", {"amount": 5, "unit": []}),
        ("limit", {"amount": "5", "unit": "day"}),
        ("limit", {"amount": True, "unit": "day"}),
        ("limit", {"amount": 0, "unit": "day"}),
        ("limit", {"amount": 3651, "unit": "day"}),
        ("veto", "yes"),
        ("law", 10),
    ],
)
def test_what_cases_cannot_read_is_refused_with_its_place(name: str, value: object) -> None:
    with pytest.raises(FlowError) as refused:
        Flow(Step("a", "受理", {name: value}))  # type: ignore[dict-item]
    assert (refused.value.code, refused.value.path) == ("flow.bad_attributes", f"$.attributes.{name}")
