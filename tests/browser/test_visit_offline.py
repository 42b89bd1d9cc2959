"""Writing down a visit with the network switched off: kept on the phone, said so, uploaded once when the network is back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import City, OpenPage

NEW = "/butler/visits/new"


def ready(own_city: City, open_page: OpenPage) -> Page:
    """Return the page of a butler on a phone, kept for use without a network."""
    page = open_page(own_city, NEW, width=360, account="guanjia")
    expect(page.locator("[data-ready]")).to_have_text("本页可离线使用")
    return page


def switched(page: Page, off: bool) -> BrowserContext:
    """Switch the network off or on, for the page and for its service worker."""
    page.context.set_offline(off)
    expect(page.locator("[data-state]")).to_have_text("无网络" if off else "有网络")
    return page.context


def fill_in(page: Page, summary: str, problem: str = "", photo: Path | None = None) -> None:
    """Fill in a visit to the first enterprise, and save it."""
    page.select_option("#id_enterprise", index=1)
    page.fill("#id_summary", summary)
    if problem:
        page.select_option("#id_problem_0_kind", "land")
        page.fill("#id_problem_0_text", problem)
        page.check("#id_problem_0_appeal")
    if photo is not None:
        page.set_input_files("#id_photos", str(photo))
    page.click("[data-save]")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of a phone's size."""
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "seagreen").save(out, "JPEG")
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(out.getvalue())
    return path


def listed(page: Page, summary: str) -> int:
    """Return how many visits of that summary the butler's list has."""
    page.goto("/butler/visits/")
    return page.locator("tbody tr", has_text=summary).count()


def test_visits_written_without_a_network_are_uploaded_once(own_city: City, open_page: OpenPage, photo: Path) -> None:
    page = ready(own_city, open_page)
    switched(page, off=True)
    page.reload()
    expect(page.locator("h1")).to_have_text("填写走访")
    fill_in(page, "离线走访甲:设备检修。", "厂区扩建缺少用地指标。", photo)
    expect(page.locator("[data-count]")).to_have_text("未上传 1 条")
    fill_in(page, "离线走访乙:订单饱满。")
    expect(page.locator("[data-count]")).to_have_text("未上传 2 条")
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("未上传 2 条")
    assert faults(page, "offline") == []
    page.set_viewport_size({"width": 360, "height": 900})
    switched(page, off=False)
    expect(page.locator("[data-count]")).to_have_text("没有待上传的走访")
    page.locator("[data-done] a").last.wait_for()
    assert listed(page, "离线走访甲") == listed(page, "离线走访乙") == 1
    page.locator("tbody tr", has_text="离线走访甲").locator("a").first.click()
    expect(page.locator("img.photo")).to_have_count(1)
    assert (
        page.locator("img.photo").evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
        == 1600
    )
    page.locator("main a", has_text="2021").last.click()
    expect(page.locator("h1")).to_contain_text("厂区扩建缺少用地指标")


def test_an_answer_that_was_lost_on_its_way_does_not_double_a_visit(own_city: City, open_page: OpenPage) -> None:
    page = ready(own_city, open_page)
    sent: list[Any] = []

    def swallow(route: Any) -> None:
        sent.append(route.fetch().status)
        route.abort("internetdisconnected")

    page.route("**/butler/visits/sync", swallow)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/visits/sync")):
        fill_in(page, "应答丢失的走访。")
    expect(page.locator("[data-count]")).to_have_text("未上传 1 条")
    page.unroute("**/butler/visits/sync")
    page.click("[data-upload]")
    expect(page.locator("[data-count]")).to_have_text("没有待上传的走访")
    assert sent[0] == 201
    assert listed(page, "应答丢失的走访") == 1


def test_what_the_server_refuses_stays_on_the_phone_with_the_reason(own_city: City, open_page: OpenPage) -> None:
    page = ready(own_city, open_page)
    page.evaluate("document.querySelector('#id_day').value = '2021-05-01'")
    fill_in(page, "太早的走访。")
    expect(page.locator("[data-queue] .field-error")).to_contain_text("只能补填 60 天以内的走访")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除").click()
    expect(page.locator("[data-count]")).to_have_text("没有待上传的走访")
    assert listed(page, "太早的走访") == 0


def test_without_scripts_the_form_is_sent_as_it_is(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, NEW, width=360, account="guanjia", java_script_enabled=False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    fill_in(page, "没有脚本的走访。", "厂区门前路面破损。")
    page.wait_for_url("**/butler/visits/*-*/")
    expect(page.locator("main")).to_contain_text("已转为诉求")
