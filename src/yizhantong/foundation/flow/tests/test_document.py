"""What is written is read again; what is wrong is told with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings

from yizhantong.foundation.flow import All, Branch, Choice, Flow, FlowError, Repeat, Seq, Step, read, write

from .trees import flows

STEP = {"kind": "step", "code": "a", "name": "受理"}


def refusal(document: Any) -> tuple[str, str]:
    with pytest.raises(FlowError) as refused:
        read(document)
    assert refused.value.sentence
    assert str(refused.value) == f"{refused.value.path}：{refused.value.sentence}"
    return refused.value.code, refused.value.path


@settings(max_examples=100, deadline=None)
@given(flows(size=25, depth=7))
def test_a_written_flow_is_read_again(flow: Flow) -> None:
    document = write(flow)
    text = json.dumps(document, allow_nan=False)
    assert read(json.loads(text)) == flow
    assert write(read(document)) == document


def test_attributes_are_kept_and_not_shared() -> None:
    given = {
        "office": "lead",
        "limit": {"amount": 5, "unit": "workday"},
        "outcomes": [{"code": "pass", "name": "通过"}],
    }
    document: Any = STEP | {"attributes": given}
    flow = read(document)
    assert flow.steps["a"].attributes == given
    kept = copy.deepcopy(given)
    document["attributes"]["limit"]["amount"] = 99
    write(flow)["attributes"]["limit"]["amount"] = 98  # type: ignore[index,call-overload]
    assert flow.steps["a"].attributes == kept


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        (None, "flow.not_an_object", "$"),
        ([STEP], "flow.not_an_object", "$"),
        ({}, "flow.unknown_kind", "$.kind"),
        ({"kind": "task"}, "flow.unknown_kind", "$.kind"),
        ({"kind": ["step"]}, "flow.unknown_kind", "$.kind"),
        ({"kind": "step", "code": "a"}, "flow.missing_field", "$"),
        (STEP | {"limit": 3}, "flow.unknown_field", "$"),
        (STEP | {"code": "A1"}, "flow.bad_code", "$.code"),
        (STEP | {"code": "a__b"}, "flow.bad_code", "$.code"),
        (STEP | {"code": "a" * 33}, "flow.bad_code", "$.code"),
        (STEP | {"code": 3}, "flow.bad_field", "$.code"),
        (STEP | {"name": " "}, "flow.bad_name", "$.name"),
        (STEP | {"name": "受\n理"}, "flow.bad_name", "$.name"),
        (STEP | {"name": "受\x00理"}, "flow.bad_name", "$.name"),
        (STEP | {"name": "受\ud800理"}, "flow.bad_name", "$.name"),
        (STEP | {"name": "长" * 61}, "flow.bad_name", "$.name"),
        (STEP | {"attributes": []}, "flow.bad_attributes", "$.attributes"),
        (STEP | {"attributes": {"x": float("nan")}}, "flow.bad_attributes", "$.attributes"),
        ({"kind": "seq", "children": [STEP, STEP]}, "flow.duplicate_code", "$.children[1].code"),
        ({"kind": "seq", "children": []}, "flow.empty", "$"),
        ({"kind": "seq", "children": STEP}, "flow.bad_field", "$.children"),
        ({"kind": "seq", "children": [STEP, {"kind": "all", "children": []}]}, "flow.empty", "$.children[1]"),
        ({"kind": "choice", "branches": []}, "flow.empty", "$"),
        ({"kind": "choice", "branches": [{"node": STEP}]}, "flow.missing_condition", "$.branches[0]"),
        (
            {"kind": "choice", "branches": [{"condition": " ", "node": STEP}]},
            "flow.missing_condition",
            "$.branches[0].condition",
        ),
        (
            {"kind": "choice", "branches": [{"condition": "x" * 2001, "node": STEP}]},
            "flow.bad_condition",
            "$.branches[0].condition",
        ),
        ({"kind": "choice", "branches": ["x"]}, "flow.not_an_object", "$.branches[0]"),
        ({"kind": "repeat", "code": "r", "body": STEP, "at_most": 3}, "flow.missing_condition", "$"),
        ({"kind": "repeat", "code": "r", "body": STEP, "until": "x", "at_most": 0}, "flow.bad_at_most", "$.at_most"),
        ({"kind": "repeat", "code": "r", "body": STEP, "until": "x", "at_most": True}, "flow.bad_at_most", "$.at_most"),
        ({"kind": "repeat", "code": "r", "body": STEP, "until": "x", "at_most": 101}, "flow.bad_at_most", "$.at_most"),
        (
            {"kind": "repeat", "code": "a", "body": STEP, "until": "x", "at_most": 1},
            "flow.duplicate_code",
            "$.body.code",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(document: Any, code: str, path: str) -> None:
    assert refusal(document) == (code, path)


def test_depth_and_size_are_bounded() -> None:
    deep: Any = STEP
    for _ in range(31):
        deep = {"kind": "seq", "children": [deep]}
    read(deep)
    code, path = refusal({"kind": "seq", "children": [deep]})
    assert (code, path.count("children")) == ("flow.too_deep", 32)
    endless: Any = STEP
    for _ in range(5000):
        endless = {"kind": "seq", "children": [endless]}
    assert refusal(endless)[0] == "flow.too_deep"
    steps = [STEP | {"code": f"s{number}"} for number in range(501)]
    read({"kind": "all", "children": steps[:500]})
    assert refusal({"kind": "all", "children": steps}) == ("flow.too_many_steps", "$.children[500]")


def test_a_flow_cannot_be_made_of_a_wrong_tree() -> None:
    a = Step("a", "受理")
    for root in (Seq(()), All((a, a)), Choice((Branch("", a),)), Repeat("r", a, "x", 0), Seq((None,))):  # type: ignore[arg-type]
        with pytest.raises(FlowError):
            Flow(root)


def test_steps_loops_and_conditions_are_listed_in_order() -> None:
    flow = Flow(
        Seq(
            (
                Repeat("r", Choice((Branch("x", Step("b", "乙")),), Step("a", "甲")), "y", 2),
                Choice((Branch("x", Step("c", "丙")),)),
            )
        )
    )
    assert list(flow.steps) == ["b", "a", "c"]
    assert list(flow.repeats) == ["r"]
    assert flow.conditions == ("y", "x")
