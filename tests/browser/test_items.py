"""An officer without programming makes an item and another publishes it, in a real browser, on a wide and on a narrow screen."""

from __future__ import annotations

import pytest

from tests.browser.axe import faults
from tests.browser.conftest import City, OpenPage


@pytest.mark.parametrize("width", [1280, 360])
def test_an_item_is_built_tried_and_published(own_city: City, open_page: OpenPage, width: int) -> None:
    code = f"demo.browser{width}"
    page = open_page(own_city, "/items/new/", width=width, account="zhengce")
    page.fill("#id_name", "小微企业设备补助")
    page.fill("#id_code", code)
    page.click("main form .btn-primary")
    page.wait_for_url("**/edit/guide/")
    page.fill("#f-guide-by_law", "《演示办法》第一条")
    page.keyboard.press("Tab")
    page.wait_for_selector(".builder-status :text('已自动保存')")
    page.goto(f"/items/{code}/edit/form/")
    page.click("text=＋ 新的部分")
    for text, element in (("单位名称", "organisation_name"), ("营业 收入", "revenue")):
        page.fill("#q", text)
        page.click(f".found-one[data-element={element}]")
        page.wait_for_selector(f"input[value={element}]", state="attached")
    page.goto(f"/items/{code}/edit/conditions/")
    page.click("text=＋ 条件")
    page.fill("#f-conditions-0-text", "年营业收入 400 万元以上")
    page.select_option("#n-0-0-0", "年营业收入")
    page.wait_for_selector("#v-0-0-0")
    page.select_option("#o-0-0-0", ">=")
    page.fill("#v-0-0-0", "4000000")
    page.keyboard.press("Tab")
    page.wait_for_selector(".builder-status :text('已自动保存')")
    page.goto(f"/items/{code}/edit/flow/")
    page.wait_for_selector(".flow-editor[data-ready]")
    page.locator("[data-add=step]").last.click()
    page.wait_for_selector(".builder-status :text('已自动保存')")
    page.reload()
    assert page.locator(".fe-step").count() == 3
    page.click("[data-undo]")
    page.goto(f"/items/{code}/edit/trial/")
    assert int(page.locator(".trial-match strong").inner_text()) > 100
    assert "相差" in page.locator(".trial").inner_text()
    for tab in ("guide", "form", "materials", "conditions", "flow", "limits", "preview", "trial", "submit"):
        page.goto(f"/items/{code}/edit/{tab}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
        if width == 1280:
            assert faults(page, tab) == []
    page.goto(f"/items/{code}/edit/submit/")
    page.click("form[action$='/submit/'] button")
    page.wait_for_url(f"**/items/{code}/")
    other = open_page(own_city, f"/items/{code}/versions/1/", width=width, account="fabu")
    other.click("form[action$='/publish/'] button")
    other.wait_for_url(f"**/items/{code}/")
    assert "在用" in other.locator(".facts").inner_text()
