"""The talent service from both sides: a flat taken, a candidate seen and hired, a subsidy paid by a bank's return; the figures move by it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import set_dark
from tests.browser.conftest import City, OpenPage
from tests.browser.tour import PHONE, Tour, clean, said

RETURNED = ("批次号", "序号", "收款账号", "金额(元)", "结果", "银行流水号", "日期", "失败原因")


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def both(page: Page, where: str) -> None:
    """Expect a page without faults in light and in dark."""
    for dark in (False, True):
        set_dark(page, dark)
        clean(page, where)
    set_dark(page, False)


def returned(sent: str, number: str) -> bytes:
    """Answer a bank's file as the bank does when every payment arrives."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(RETURNED)
    for row in csv.reader(io.StringIO(sent)):
        if row and row[0] == number:
            rows.writerow([number, row[1], row[3], row[5], "成功", f"YH-TOUR-{row[1]}", "2021-08-16", ""])
    return out.getvalue().encode()


def test_an_offered_flat_is_taken_on_the_phone(tour: Tour) -> None:
    mine = tour.at("jumin", "/talent/mine/", PHONE)
    expect(mine.locator(".t-answer")).to_contain_text("等您答复")
    both(mine, "my talent service on a phone")
    mine.get_by_role("button", name="接受并签约").click()
    said(mine, "租约已生效")
    expect(mine.locator("main")).to_contain_text("租期")
    with mine.expect_navigation():
        mine.get_by_role("button", name="查看认定证书").click()
    expect(mine.locator("main")).to_contain_text("人才认定证书")


def test_a_candidate_consents_is_seen_and_hired(tour: Tour) -> None:
    mine = tour.at("jumin", "/talent/mine/", PHONE)
    card = mine.locator(".t-cards li", has=mine.get_by_role("button", name="同意并投递"))
    post = card.get_by_role("link").first.get_attribute("href")
    assert post is not None
    card.get_by_role("button", name="同意并投递").click()
    said(mine, "已投递")
    firm = tour.at("qiye", f"{post}candidates/")
    asked = firm.locator(".t-cards li", has_text="已投递").first
    both(firm, "candidates of a post")
    with firm.expect_navigation():
        asked.get_by_role("link").first.click()
    expect(firm.locator("main")).to_contain_text("本次查看已记录")
    expect(firm.locator("main")).to_contain_text("授权至")
    mine.goto("/talent/resume/")
    expect(mine.locator("tr", has_text="是").last).to_be_visible()
    both(mine, "resume on a phone")
    firm.goto(f"{post}candidates/")
    asked.locator("summary", has_text="发录用通知").click()
    asked.get_by_label("录用月薪(元)").fill("20000")
    asked.get_by_role("button", name="确认录用").click()
    said(firm, "已办理")
    mine.goto("/talent/mine/")
    mine.get_by_role("button", name="接受录用").click()
    said(mine, "已接受录用")
    expect(mine.locator(".t-cards .is-good")).to_contain_text("已录用")


def test_a_subsidy_is_paid_by_two_officers_and_the_banks_return(tour: Tour) -> None:
    before = tour.figure("talent.subsidies_paid")
    page = tour.at("rencai", "/talent/desk/money/")
    both(page, "money at the desk")
    page.get_by_role("button", name="制成批次").click()
    said(page, "请另一人复核")
    address = page.locator("tr", has_text="待复核").first.get_by_role("link").get_attribute("href")
    assert address is not None
    page.goto(address)
    page.get_by_role("button", name="复核通过").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("另|本人|同一"))
    other = tour.at("rencai2", address)
    other.get_by_role("button", name="复核通过").click()
    said(other, "已复核")
    page.goto(address)
    with page.expect_download() as caught:
        page.get_by_role("button", name="送银行 CSV").click()
    sent = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    page.goto(address)
    number = page.locator("h1").inner_text()
    upload = {"name": "回单.csv", "mimeType": "text/csv", "buffer": returned(sent, number)}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="导入回单").click()
    said(page, "回单已登记")
    expect(page.locator("main")).to_contain_text("支付成功")
    both(page, "batch")
    assert tour.figure("talent.subsidies_paid") > before
