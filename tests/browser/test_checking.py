"""Checking the page of the newspaper: marks, evidence, the set that cannot be true, the keyboard, and the way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import City, OpenPage


@pytest.fixture(scope="module")
def draft(shared: Path) -> str:
    """The page as it was printed."""
    return (shared / "page" / "page.txt").read_text(encoding="utf-8")


@pytest.fixture
def checked(own_city: City, open_page: OpenPage, draft: str) -> Page:
    """The page's check, opened; it is made once."""
    page = open_page(own_city, "/check/", account="jizhe")
    earlier = page.locator("ol.recent a")
    if earlier.count():
        earlier.first.click()
    else:
        page.fill("#id_text", draft)
        page.get_by_role("button", name="开始核对").click()
    page.wait_for_url("**/check/*/", timeout=60_000)
    return page


def test_page_is_annotated_with_the_set_that_cannot_be_true(checked: Page) -> None:
    assert checked.locator("a.mark").count() > 100
    assert checked.locator("a.mark-good").count() > 20
    conflict = checked.locator(".faults li", has_text="矛盾").first
    expect(conflict).to_contain_text("28个项目合计34.79亿元")
    involved = " ".join(conflict.locator("a").all_inner_texts())
    for number in ("90", "62", "359.04", "324.25"):
        assert number in involved
    conflict.locator("a").last.click()
    checked.wait_for_url("**-text")


def test_mark_opens_its_evidence_and_the_keyboard_walks_on(checked: Page) -> None:
    checked.locator("a.mark").nth(3).click()
    evidence = checked.locator("#evidence")
    expect(evidence.locator("h2")).to_be_visible()
    first = evidence.inner_text()
    checked.keyboard.press("n")
    expect(evidence).not_to_have_text(first, use_inner_text=True)
    checked.keyboard.press("p")
    expect(evidence).to_have_text(first, use_inner_text=True)


def test_check_has_no_fault_with_evidence_open(checked: Page) -> None:
    checked.locator("a.mark-good").first.click()
    expect(checked.locator("#evidence dl").first).to_be_visible()
    for details in checked.locator("details.panel summary").all():
        details.click()
    assert faults(checked, "checked") == []


def test_check_is_handed_out_as_html_and_workbook(checked: Page) -> None:
    for name, start in (("导出 HTML", b"<!"), ("导出 XLSX", b"PK")):
        with checked.expect_download() as download:
            checked.get_by_role("link", name=name).click()
        assert Path(download.value.path()).read_bytes()[:2].lower() == start.lower()
    found = checked.request.get(f"{checked.url}report.json")
    assert json.loads(found.body())["conflicts"]


def test_figure_of_the_evidence_is_one_click_away(checked: Page) -> None:
    checked.locator("a.mark-good").first.click()
    checked.locator("#evidence dl a").first.click()
    expect(checked.locator(".figure-value").first).to_be_visible()


def test_check_is_of_use_on_a_phone(own_city: City, open_page: OpenPage, draft: str) -> None:
    page = open_page(own_city, "/check/", account="jizhe", width=360)
    page.fill("#id_text", draft[:1500])
    page.get_by_role("button", name="开始核对").click()
    page.wait_for_url("**/check/*/", timeout=60_000)
    page.locator("a.mark").nth(1).click()
    expect(page.locator("#evidence h2")).to_be_in_viewport()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除").click()
    expect(page.locator(".message-success")).to_contain_text("已删除这次核对")


def test_nothing_handed_in_is_said_at_once(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/check/", account="jizhe")
    page.get_by_role("button", name="开始核对").click()
    expect(page.locator("[data-errors]")).to_contain_text("请粘贴稿件正文")
    assert faults(page, "nothing handed in") == []
