"""Flows on screen and in the builder: drawn with the case's place, built without programming, under the page's own policy."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import faults
from tests.browser.flow_parts import Parts, refusal_of, served
from yizhantong.foundation.flow import begin, complete, read, write
from yizhantong.foundation.flow.tests.trees import grow

Opened = Callable[..., Page]
OFFICES = [
    {"code": "accountable", "name": "主办单位"},
    {"code": "lead", "name": "牵头单位"},
    {"code": "11210700001234567X", "name": "演示生态环境局"},
]


def step(code: str, name: str, **attributes: Any) -> dict[str, Any]:
    return {"kind": "step", "code": code, "name": name, "attributes": attributes}


def flow() -> dict[str, Any]:
    both = [step("industry", "行业审核"), step("environment", "环保意见", veto=True, office="11210700001234567X")]
    panel = {"condition": "申请金额 > 1000000", "node": step("panel", "联席会审")}
    notice = {"kind": "repeat", "code": "again", "body": step("notice", "公示"), "until": "异议数量 = 0", "at_most": 3}
    return {
        "kind": "seq",
        "children": [
            step("accept", "受理审查", limit={"amount": 5, "unit": "workday"}),
            {"kind": "all", "children": both},
            {"kind": "choice", "branches": [panel], "otherwise": None},
            notice,
        ],
    }


STEPS = [
    {"code": "accept", "name": "受理审查", "state": "done", "office": "工业和信息化局", "at": "11月2日"},
    {"code": "industry", "name": "行业审核", "state": "done", "office": "工业和信息化局", "at": "11月5日"},
    {"code": "environment", "name": "环保意见", "state": "open", "office": "生态环境局", "at": "限 11月25日前"},
    {"code": "panel", "name": "联席会审", "state": "ahead", "office": "", "at": ""},
    {"code": "notice", "name": "公示", "state": "ahead", "office": "", "at": ""},
]


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    with served() as running:
        yield running


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A page at an address; anything the console complains of, the policy above all, fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_one(address: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def document(page: Page) -> Any:
    return json.loads(page.input_value("textarea[name='flow']"))


def names(page: Page) -> list[str]:
    return [str(item.input_value()) for item in page.locator("[data-field='name']").all()]


def item(page: Page, name: str) -> Any:
    """The outline's item that has this name."""
    index = names(page).index(name)
    return page.locator(".fe-step").nth(index)


# What is shown


def look(page: Page, code: str) -> tuple[str, str, str]:
    """Dashes, width and fill of a step's frame as the browser paints it."""
    frame = page.locator(f".flow g[data-element-id='step-{code}'] .djs-visual > rect")
    style = frame.evaluate("e => { const s = getComputedStyle(e); return [s.strokeDasharray, s.strokeWidth, s.fill]; }")
    return style[0], style[1], style[2]


def test_a_flow_is_drawn_with_the_place_of_the_case(parts: Parts, opened: Opened) -> None:
    page = opened(parts.show(flow(), STEPS))
    page.wait_for_selector("[data-flow-ready]")
    for entry in STEPS:
        shape = page.locator(f".flow g[data-element-id='step-{entry['code']}']")
        expect(shape).to_have_class(f"djs-element djs-shape flow-{entry['state']}")
        assert entry["name"] in "".join(shape.locator("tspan").all_text_contents())
    badges = page.locator(".flow-badge").all_text_contents()
    assert badges == ["✓ 已办", "✓ 已办", "▶ 在办"]
    looks = [look(page, code) for code in ("accept", "environment", "panel")]
    assert len({(dashes, width) for dashes, width, _fill in looks}) == 3  # told apart without colour
    assert len({fill for _dashes, _width, fill in looks}) == 3
    assert page.locator(".flow svg").first.get_attribute("aria-hidden") == "true"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_drawing_fits_and_shows_the_open_step_and_its_makers_mark(parts: Parts, opened: Opened, width: int) -> None:
    page = opened(parts.show(flow(), STEPS), width)
    page.wait_for_selector("[data-flow-ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for selector in (".flow g[data-element-id='step-environment'] .djs-visual > rect", ".flow .bjs-powered-by"):
        box = page.locator(selector).bounding_box()
        stage = page.locator(".flow-stage").bounding_box()
        assert box is not None
        assert stage is not None
        assert box["x"] >= stage["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"]
        assert box["y"] + box["height"] <= stage["y"] + stage["height"]


def test_keys_and_buttons_move_and_scale_the_drawing(parts: Parts, opened: Opened) -> None:
    page = opened(parts.show(flow(), STEPS))
    page.wait_for_selector("[data-flow-ready]")
    width = "() => document.querySelector(\".flow g[data-element-id='step-accept'] rect\").getBoundingClientRect()"
    first = page.evaluate(width)
    page.get_by_role("button", name="放大").click()
    larger = page.evaluate(width)
    assert larger["width"] > first["width"] * 1.2
    page.locator(".flow-stage").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(width)["x"] < larger["x"]
    page.keyboard.press("-")
    assert page.evaluate(width)["width"] == pytest.approx(first["width"], rel=0.01)
    page.keyboard.press("0")
    assert page.locator(".flow g[data-element-id='event-end'] circle").first.bounding_box() is not None


def test_without_scripts_the_list_says_all(parts: Parts, opened: Opened) -> None:
    page = opened(parts.show(flow(), STEPS), java_script_enabled=False)
    assert not page.locator(".flow").is_visible()
    listed = [" ".join(text.split()) for text in page.locator(".flow-list li").all_inner_texts()]
    assert (
        listed[2] == "环保意见 ▶ 在办 生态环境局 限 11月25日前" or listed[2] == "环保意见 在办 生态环境局 限 11月25日前"
    )
    assert page.locator("[aria-current='step']").count() == 1


def test_a_drawing_that_does_not_come_is_told(parts: Parts, opened: Opened, browser: Browser) -> None:
    address = parts.show(flow(), STEPS)
    parts.pages["/flow.bpmn"] = ("application/xml", "<broken")
    page = opened(address)
    expect(page.locator(".flow")).to_contain_text("请看步骤列表")
    assert page.locator(".flow-list").get_attribute("open") is not None


def test_a_bare_element_is_drawn_from_its_own_words(parts: Parts, opened: Opened) -> None:
    address = parts.show(flow(), [])
    kind, page_text = parts.pages["/show"]
    bare = '<div><div class="flow" data-flow-url="/flow.bpmn" data-flow-open=\'["panel"]\' data-flow-done=\'["accept"]\'></div></div>'
    parts.pages["/show"] = (kind, page_text.split('<figure class="flow-figure">')[0] + bare)
    page = opened(address)
    page.wait_for_selector("[data-flow-ready]")
    states = [page.locator(f".flow g[data-element-id='step-{code}'].flow-{state}") for code, state in
              (("accept", "done"), ("panel", "open"), ("notice", "ahead"))]  # fmt: skip
    assert [state.count() for state in states] == [1, 1, 1]


def test_one_finger_moves_the_drawing_sideways(parts: Parts, opened: Opened) -> None:
    page = opened(parts.show(flow(), STEPS), 360, has_touch=True)
    page.wait_for_selector("[data-flow-ready]")
    place = (
        "() => document.querySelector(\".flow g[data-element-id='step-environment'] rect\").getBoundingClientRect().x"
    )
    before = page.evaluate(place)
    page.evaluate("""() => { const stage = document.querySelector(".flow-stage");
      for (const [kind, x] of [["pointerdown", 200], ["pointermove", 150], ["pointerup", 150]])
        stage.dispatchEvent(new PointerEvent(kind, { pointerType: "touch", clientX: x, clientY: 100, bubbles: true })); }""")
    assert page.evaluate(place) == pytest.approx(before - 50, abs=1)


# What is built


@pytest.mark.parametrize("address", ["show", "build"])
def test_both_parts_are_accessible_in_every_look(parts: Parts, opened: Opened, address: str) -> None:
    page = opened(parts.show(flow(), STEPS) if address == "show" else parts.build(flow(), OFFICES))
    page.wait_for_selector("[data-flow-ready], [data-ready]")
    if address == "build":
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert faults(page, address) == []


def test_the_builder_changes_nothing_that_it_does_not_understand(parts: Parts, opened: Opened) -> None:
    """Random flows through the outline and back: the same work in the same order."""
    page = opened(parts.build(flow(), OFFICES))
    source = random.Random(7)
    documents = [write(grow(source)) for _ in range(80)]
    through = """async (documents) => { const { open, close } = await import("/static/web/js/flow_tree.js");
                 return documents.map((one) => close(open(one))); }"""
    for before, after in zip(documents, page.evaluate(through, documents), strict=True):
        assert set(read(after).steps) == set(read(before).steps)
        for seed in range(3):
            assert trace(after, seed) == trace(before, seed)


def trace(flow_document: Any, seed: int) -> list[list[str]]:
    played = read(flow_document)
    source = random.Random(seed)

    def decide(condition: str) -> bool:
        return random.Random(f"{seed}{condition}").random() < 0.5

    move = begin(played, decide)
    found = [sorted(move.marking.open)]
    while not move.finished:
        move = complete(played, move.marking, source.choice(found[-1]), decide)
        found.append(sorted(move.marking.open))
    return found


def test_a_flow_is_built_from_nothing(parts: Parts, opened: Opened) -> None:
    parts.asked.clear()
    page = opened(parts.build("", OFFICES), 360)
    page.get_by_role("button", name="＋ 步骤").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("受理审查")
    page.get_by_role("button", name="＋ 选择").last.click()
    page.keyboard.type("申请金额 > 1000000")
    expect(page.locator(".fe-rule .fe-note-line")).to_have_text("可以使用")
    page.get_by_role("button", name="＋ 重复").last.click()
    page.keyboard.type("材料齐全")
    built = read(document(page))
    assert list(built.steps) == ["step_1", "step_2", "step_3"]
    assert built.steps["step_1"].name == "受理审查"
    assert built.conditions == ("申请金额 > 1000000", "材料齐全")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert parts.asked.count("申请金额 > 1000000") == 1


def test_office_limit_kind_and_veto_of_a_step(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    part = item(page, "行业审核")
    part.locator("summary").first.click()
    part.get_by_label("办理单位").select_option("lead")
    part.get_by_label("环节种类").select_option("expert")
    part.get_by_label("时限").fill("3")
    part.locator("[data-field='unit']").select_option("hour")
    part.get_by_label("一票否决").check()
    part.get_by_text("代码与结果").click()
    part.get_by_label("可选结果").fill("pass 通过\nreturn 退回修改")
    attributes = read(document(page)).steps["industry"].attributes
    assert attributes == {
        "office": "lead",
        "kind": "expert",
        "limit": {"amount": 3, "unit": "hour"},
        "veto": True,
        "outcomes": [{"code": "pass", "name": "通过"}, {"code": "return", "name": "退回修改"}],
    }
    expect(part.locator("summary").first).to_have_text("牵头单位 · 专家评审 · 3 小时 · 一票否决 · industry")
    part.get_by_label("依据").fill("管理办法第十条")
    part.get_by_label("办理权限").fill("policies.pay")
    more = read(document(page)).steps["industry"].attributes
    assert (more["law"], more["permission"]) == ("管理办法第十条", "policies.pay")
    part.get_by_label("时限").fill("三")
    expect(part.get_by_label("时限")).to_have_attribute("aria-invalid", "true")
    assert read(document(page)).steps["industry"].attributes["limit"] == {"amount": 3, "unit": "hour"}
    part.get_by_label("时限").fill("")
    assert "limit" not in read(document(page)).steps["industry"].attributes


def test_items_are_moved_by_button_and_by_key_also_out_of_their_branch(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    assert names(page) == ["受理审查", "行业审核", "环保意见", "联席会审", "公示"]
    item(page, "受理审查").get_by_role("button", name="下移").click()
    assert [child["kind"] for child in document(page)["children"]] == ["all", "step", "choice", "repeat"]
    item(page, "公示").locator(".fe-grip").focus()
    page.keyboard.press("Alt+ArrowUp")  # out of the loop, before it
    assert [child["kind"] for child in document(page)["children"]] == ["all", "step", "choice", "step", "repeat"]
    refused = refusal_of(page.input_value("textarea[name='flow']"))
    assert refused is not None
    assert (refused.code, refused.path) == ("flow.empty", "$.children[4].body")
    page.keyboard.press("Alt+ArrowDown")  # past the loop
    assert page.evaluate("document.activeElement.closest('.fe-item').querySelector('input').value") == "公示"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == "重复"


def test_what_is_deleted_comes_back_without_losing_what_was_typed_since(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    first = document(page)
    page.locator(".fe-all").get_by_role("button", name="删除").first.click()
    expect(page.locator(".flow-editor-status")).to_have_text("已删除：并行")
    without = document(page)
    assert len(without["children"]) == 3
    item(page, "公示").locator("[data-field='name']").fill("公开公示")
    page.get_by_role("button", name="撤销").click()
    assert document(page) == without
    page.get_by_role("button", name="撤销").click()
    assert read(document(page)) == read(first)
    assert page.get_by_role("button", name="撤销").is_disabled()
    page.locator(".fe-grip").first.focus()
    page.keyboard.press("Delete")
    assert len(document(page)["children"]) == 3
    page.keyboard.press("Control+z")
    assert read(document(page)) == read(first)


def test_a_wrong_condition_is_told_while_it_is_written(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    condition = page.locator(".fe-choice [data-field='condition']")
    condition.fill("wrong >")
    line = page.locator(".fe-choice .fe-rule .fe-note-line")
    expect(line).to_have_text("第 1 行第 1 列：不认识“wrong”")
    expect(condition).to_have_attribute("aria-invalid", "true")
    condition.fill("申请金额 >= 500")
    expect(line).to_have_text("可以使用")
    expect(condition).to_have_attribute("aria-invalid", "false")
    condition.fill("")
    expect(line).to_have_text("请填写条件")
    assert document(page)["children"][2]["branches"][0]["condition"] == ""


def test_a_code_used_twice_is_told_at_both(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    part = item(page, "公示")
    part.locator("summary").first.click()
    part.get_by_text("代码与结果").click()
    part.get_by_label("代码（").fill("accept")
    wrong = page.locator(".fe-wrong", has_text="这个代码已经用过")
    expect(wrong).to_have_count(2)
    part.get_by_label("代码（").fill("Öffentlich")
    expect(page.locator(".fe-wrong", has_text="代码请用小写字母")).to_have_count(1)
    part.get_by_label("代码（").fill("public_notice")
    expect(page.locator(".fe-wrong")).to_have_count(0)


def test_branches_are_added_ordered_and_taken_away(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    page.locator(".fe-choice > .fe-lane-add").click()
    page.keyboard.type("申请金额 > 5")
    branches = document(page)["children"][2]["branches"]
    assert [branch["condition"] for branch in branches] == ["申请金额 > 1000000", "申请金额 > 5"]
    lanes = page.locator(".fe-choice > .fe-lanes > .fe-lane > .fe-head")
    lanes.nth(1).get_by_role("button", name="上移").click()
    branches = document(page)["children"][2]["branches"]
    assert [branch["condition"] for branch in branches] == ["申请金额 > 5", "申请金额 > 1000000"]
    lanes.nth(0).get_by_role("button", name="删除").click()
    assert len(document(page)["children"][2]["branches"]) == 1
    page.locator(".fe-otherwise [data-add='step']").click()
    assert document(page)["children"][2]["otherwise"]["kind"] == "step"


def test_the_document_can_be_edited_as_text_too(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES))
    source = page.locator("textarea[name='flow']")
    assert not source.is_visible()
    page.get_by_role("button", name="以 JSON 编辑").click()
    source.press_sequentially(" ")
    source.fill("")
    source.press_sequentially('{"kind": "step", "code": "only", "name": "受理"}')
    assert names(page) == ["受理"]
    source.press("Backspace")
    expect(page.locator(".flow-editor-status")).to_contain_text("读不出")
    assert not page.locator(".flow-editor-tree").is_visible()
    source.press("}")
    assert page.locator(".flow-editor-tree").is_visible()


def test_without_scripts_the_builder_is_a_field_of_text(parts: Parts, opened: Opened) -> None:
    page = opened(parts.build(flow(), OFFICES), java_script_enabled=False)
    source = page.locator("textarea[name='flow']")
    assert source.is_visible()
    assert json.loads(source.input_value()) == flow()
    assert not page.locator(".flow-editor-work").is_visible()
