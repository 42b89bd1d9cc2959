"""What is wrong with a content is found all at once, each with its place."""

from __future__ import annotations

from typing import Any

import pytest

from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.checking import check
from yizhantong.kernel.items.differences import changes
from yizhantong.testing.items import document, steps

FIELD = {"element": "title"}


def found(**parts: Any) -> set[tuple[str, str]]:
    made = document(form=["title", "requested_amount"]) | parts
    return {(finding.code, finding.place) for finding in check(made)}


def section(*fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": "main", "title": "申请", "fields": list(fields)}]


def law(**guide: Any) -> dict[str, Any]:
    return {"by_law": "《演示办法》第一条"} | guide


@pytest.mark.parametrize(
    ("parts", "code", "place"),
    [
        ({"guide": {}}, "items.no_law", "guide.by_law"),
        ({"guide": law(charges=True)}, "items.fee_rows", "guide.fees"),
        ({"guide": law(fees=[{"name": "费", "standard": "1", "by_law": "法"}])}, "items.fee_flag", "guide.charges"),
        ({"guide": law(visits=0, online_depth=3)}, "items.visits", "guide.online_depth"),
        ({"guide": law(visits=10)}, "items.bad_field", "guide.visits"),
        ({"guide": law(online=False, online_depth=4)}, "items.online", "guide.online"),
        ({"guide": law(nonsense=1)}, "items.bad_field", "guide.nonsense"),
        ({"form": section({"element": "nothing"})}, "items.unknown_element", "form[0].fields[0].element"),
        ({"form": section(FIELD, FIELD)}, "items.duplicate_element", "form[0].fields[1].element"),
        ({"form": section(FIELD | {"visible_if": "标题 ="})}, "rules.unfinished", "form[0].fields[0].visible_if"),
        ({"form": section(FIELD | {"visible_if": "年营业收入 > 1"})}, "items.unknown_name", "form[0].fields[0].visible_if"),
        ({"form": section(FIELD | {"visible_if": '标题 = "甲"'})}, "items.own_name", "form[0].fields[0].visible_if"),
        ({"form": section(FIELD) * 2}, "items.duplicate_code", "form[1]"),
        ({"flow": steps("intake", "decide")}, "items.reserved_step", "flow"),
        ({"flow": steps("review", "answer")}, "items.reserved_step", "flow"),
        ({"materials": [{"code": "a", "name": "其他相关材料"}]}, "items.catch_all", "materials[0].name"),
        ({"materials": [{"code": "a", "name": "法律法规规定的其他材料"}]}, "items.catch_all", "materials[0].name"),
        ({"materials": [{"code": "a", "name": "有关证明"}]}, "items.vague", "materials[0].name"),
        ({"materials": [{"code": "a", "name": "甲", "standard": "必要时提供"}]}, "items.vague", "materials[0].standard"),
        ({"materials": [{"code": "a", "name": "甲"}, {"code": "a", "name": "乙"}]}, "items.duplicate_code", "materials[1]"),
        ({"materials": [{"code": "a", "name": "甲", "need": "deferrable"}]}, "items.deferral", "materials[0].need"),
        ({"materials": [{"code": "a", "name": "甲", "commitment": True}]}, "items.commitment", "materials[0].commitment"),
        ({"conditions": [{"code": "a", "text": "甲"}]}, "items.no_rule", "conditions[0].rule"),
        ({"conditions": [{"code": "a", "text": "甲", "rule": "利润 > 1"}]}, "items.unknown_name", "conditions[0].rule"),
        ({"conditions": [{"code": "a", "text": "甲", "rule": "年营业收入 ≥ 1"}]}, "rules.full_width", "conditions[0].rule"),
        ({"flow": {"kind": "seq", "children": []}}, "flow.empty", "flow"),
        ({"flow": {"kind": "what"}}, "flow.unknown_kind", "flow.kind"),
        ({"limits": {"promised": {"amount": 21}, "statutory": {"amount": 20, "law": "法"}}}, "items.promise", "limits.promised.amount"),
        (
            {"limits": {"promised": {"amount": 1, "unit": "day"}, "statutory": {"amount": 20, "law": "法"}}},
            "items.limit_unit", "limits.promised.unit",
        ),
        ({"limits": {"statutory": {"amount": 20}}}, "items.limit_law", "limits.statutory.law"),
        ({"limits": {"statutory": {"amount": 0, "law": "法"}}}, "items.limit_zero", "limits.statutory.amount"),
        ({"options": {"immediate": True}, "limits": {"promised": {"amount": 2}}}, "items.immediate", "limits.promised"),
        ({"options": {"immediate": True}}, "items.immediate", "limits.promised"),
    ],
)  # fmt: skip
def test_findings(city: None, parts: dict[str, Any], code: str, place: str) -> None:
    assert (code, place) in found(**parts)


def test_a_package_and_nothing_else_waits_for_its_parts(city: None) -> None:
    waiting = {"kind": "step", "code": "parts", "name": "各事项办理", "attributes": {"kind": "children"}}
    alone, twice = (
        document(flow=waiting),
        document(flow={"kind": "seq", "children": [waiting, waiting | {"code": "more"}]}),
    )
    places = {
        kind: [{(each.code, each.place) for each in check(made, kind=kind)} for made in (alone, twice, document())]
        for kind in ("package", "application")
    }
    wrong = ("items.package_step", "flow")
    assert [wrong in found for found in places["package"]] == [False, True, True]
    foreign = ("items.children_step", "flow")
    assert [foreign in found for found in places["application"]] == [True, True, False]


def test_a_sound_content_has_no_findings_and_reads_back(city: None) -> None:
    made = document(
        form=["title", {"element": "request", "visible_if": '标题 = "甲"'}],
        conditions=[{"code": "a", "text": "收入", "rule": "年营业收入 >= 1 and 标题 != null"}, {"code": "b", "text": "乙", "kind": "person"}],
        options={"immediate": True},
        limits={"promised": {"amount": 1}},
    )  # fmt: skip
    assert check(made) == []
    assert contents.write(contents.read(made)) == made


def test_flow_conditions_name_only_steps_there_are(city: None) -> None:
    node = {"kind": "step", "code": "more", "name": "复核", "attributes": {}}
    flow = {
        "kind": "seq",
        "children": [
            node | {"code": "one"},
            {"kind": "choice", "branches": [{"condition": '环节.two = "pass"', "node": node}]},
        ],
    }
    assert ("items.unknown_step", "flow") in found(flow=flow)


def test_changes_are_told_by_place(city: None) -> None:
    before = document(form=["title", "request"], materials=[{"code": "a", "name": "甲"}])
    after = document(
        form=["request", "title", "requested_amount"], limits={"promised": {"amount": 3}}, guide={"hours": "全天"}
    )
    told = {(change.place, change.kind): change for change in changes(before, after)}
    assert ("materials[a]", "removed") in told
    assert told[("form[main].fields[requested_amount]", "added")].after == "申请金额"
    assert told[("form[main].fields", "changed")].before == "title、request"
    assert ("limits.promised", "added") in told
    assert told[("guide.hours", "added")].tab == "guide"
    assert changes(before, before) == []
