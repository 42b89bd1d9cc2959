"""The talent service from both sides: a flat from the queue, a candidate seen and hired, a subsidy after its yearly check paid by a bank's return."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import set_dark
from tests.browser.conftest import City, OpenPage
from tests.browser.tour import PHONE, Tour, clean, follow, said

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


# --- a flat -----------------------------------------------------------------------------------------------------------


def queued(page: Page, rooms: int) -> str:
    """Return who stands first in the queue for so many rooms, as the desk shows it."""
    rows = page.get_by_role("region", name="轮候").locator("tbody tr")
    first = rows.filter(has=page.locator(f"td:first-child:text-is('{rooms}')")).first
    expect(first.locator("td").nth(1)).to_have_text("1")
    return first.get_by_role("link").inner_text()


def offered(page: Page, rooms: int, name: str) -> None:
    """Offer a free flat of so many rooms: it goes to that person."""
    flats = page.get_by_role("region", name="房源").locator("tbody tr")
    free = flats.filter(has=page.locator(f"td:nth-child(2):text-is('{rooms}')")).filter(has_text="空置")
    free.last.get_by_role("button", name="按轮候配租").click()
    said(page, f"已配租给轮候第一位:{name}")


def test_a_flat_goes_to_the_first_in_the_queue_who_takes_it_on_his_phone(tour: Tour) -> None:
    mine = tour.at("jumin", "/talent/mine/", PHONE)
    expect(mine.locator(".t-answer")).to_contain_text("等您答复")
    both(mine, "my talent service on a phone")
    mine.once("dialog", lambda dialog: dialog.accept())
    mine.get_by_role("button", name="放弃本次配租").click()
    said(mine, "已放弃本次配租")
    expect(mine.locator("main")).to_contain_text("轮候第 1 位")
    desk = tour.at("rencai", "/talent/desk/housing/")
    both(desk, "flats and queue at the desk")
    for rooms in (2, 3):
        name = queued(desk, rooms)
        offered(desk, rooms, name)
        expect(desk.get_by_role("region", name="待答复的配租")).to_contain_text(name)
    with desk.expect_download() as caught:
        desk.get_by_role("link", name="轮候 CSV").click()
    assert "积分" in Path(caught.value.path()).read_text(encoding="utf-8-sig")
    mine.reload()
    mine.get_by_role("button", name="接受并签约").click()
    said(mine, "租约已生效")
    expect(mine.locator("main")).to_contain_text("租期")


# --- a post -----------------------------------------------------------------------------------------------------------


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
    follow(asked.get_by_role("link").first)
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


# --- a subsidy --------------------------------------------------------------------------------------------------------


def settled(card: Locator, *, employed: bool) -> str:
    """Settle the yearly check of one person; return his name."""
    page, name = card.page, card.get_by_role("link").first.inner_text()
    card.get_by_label("仍在用人单位").select_option(label="是" if employed else "否")
    card.get_by_label("核查依据").fill("社会保险缴费记录")
    card.get_by_role("button", name="办结").click()
    said(page, f"{name} 核查{'通过,待拨付' if employed else '未通过,停发'}")
    return name


def returned(sent: str, number: str) -> bytes:
    """Answer a bank's file as the bank does when every payment arrives."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(RETURNED)
    for row in csv.reader(io.StringIO(sent)):
        if row and row[0] == number:
            rows.writerow([number, row[1], row[3], row[5], "成功", f"YH-TOUR-{row[1]}", "2021-08-16", ""])
    return out.getvalue().encode()


def batched(page: Page, name: str) -> str:
    """Put what is due to one person into a batch of its own; return the batch's address."""
    page.goto("/talent/desk/money/")
    both(page, "money at the desk")
    for row in page.get_by_role("region", name="待拨付").locator("tbody tr").all():
        row.get_by_role("checkbox").set_checked(name in row.inner_text())
    page.get_by_role("button", name="制成批次").click()
    said(page, "请另一人复核")
    address = page.get_by_role("region", name="批次").get_by_role("link").first.get_attribute("href")
    assert address is not None
    return address


def paid(tour: Tour, address: str) -> None:
    """Approve by a second officer, send the file to the bank, take its return."""
    page = tour.at("rencai", address)
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


def test_a_passed_check_brings_the_years_instalment_and_a_failed_one_stops_it(tour: Tour) -> None:
    before = tour.figure("talent.subsidies_paid")
    page = tour.at("rencai", "/talent/desk/checks/?money=1")
    both(page, "yearly checks")
    cards = page.locator(".t-cards li")
    expect(cards.first).to_contain_text("通过后待拨付")
    due = Decimal(re.sub(r"[^\d.]", "", cards.first.locator(".t-money strong").first.inner_text()))
    passed = settled(cards.first, employed=True)
    page.goto("/talent/desk/checks/?money=1")
    link = cards.first.get_by_role("link").first.get_attribute("href")
    failed = settled(cards.first, employed=False)
    assert link is not None
    page.goto(link)
    expect(page.locator("main")).to_contain_text("已停发")
    expect(page.locator("main")).to_contain_text("2021 年核查未通过")
    clean(page, "a talent whose subsidy was stopped")
    address = batched(page, passed)
    expect(page.get_by_role("region", name="待拨付")).not_to_contain_text(failed)
    paid(tour, address)
    assert tour.figure("talent.subsidies_paid") == before + due / 10_000
