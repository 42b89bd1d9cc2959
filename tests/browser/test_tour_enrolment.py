"""School enrolment from both sides: a parent finds the school and hands in, officers verify, re-check, draw and publish, the parent confirms."""

from __future__ import annotations

import datetime as dt

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.conftest import City, OpenPage
from tests.browser.tour import PHONE, Tour, clean, follow, said
from yizhantong.zones.onething.enrolment.numbers import identity

SEASON = "guta-2021-junior"
PAGES = "/onething/enrolment"
DISTRICT = "210702"
KNOWN = identity(DISTRICT, dt.date(2009, 3, 1), 555)
"""The sample resident's child whom the registers know: 演示三路 12 号, which the fourth school serves."""
UNKNOWN = identity(DISTRICT, dt.date(2009, 4, 1), 556)


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def pressed(page: Page, name: str) -> None:
    """Press a button of the page and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def found(tour: Tour) -> Page:
    """Find the school by address on a phone, first with half an address."""
    page = tour.at("jumin", f"{PAGES}/", PHONE)
    clean(page, "seasons")
    follow(page.get_by_role("link", name="初中一年级"))
    for address, answer in (("演示三路", "没有查到"), ("演示三路12号", "演示古塔中学")):
        page.get_by_label("道路和门牌号").fill(address)
        pressed(page, "查学校")
        expect(page.locator(".found")).to_contain_text(answer)
    clean(page, "season on a phone")
    return page


def handed_in(page: Page, name: str, number: str) -> str:
    """Fill the form and hand it in, first with the birthday wrong; return the receipt's number."""
    page.goto(f"{PAGES}/{SEASON}/apply/")
    page.fill("[name=child_name]", name)
    page.fill("[name=child_identity]", number)
    page.fill("[name=child_born_on]", "2009-01-01")
    page.fill("[name=person_phone]", "13904160002")
    page.select_option("[name=guardian_relation]", "母亲")
    page.select_option("[name=school_category]", "房户一致")
    pressed(page, "提交报名")
    expect(page.locator("main")).to_contain_text("学生出生日期与身份证号不一致")
    clean(page, "form with an error")
    page.fill("[name=child_born_on]", f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    pressed(page, "提交报名")
    expect(page.locator("h1")).to_have_text("已收到报名")
    clean(page, "receipt")
    return page.locator(".receipt-number").inner_text()


def verified(tour: Tour) -> Page:
    """Make the cases and compare the registers, at the officer's desk."""
    page = tour.at("zhaosheng", f"{PAGES}/desk/")
    follow(page.get_by_role("link", name="初中一年级"))
    pressed(page, "立即立案")
    said(page, "已立案")
    pressed(page, "立即核验")
    said(page, "已核验")
    return page


def number_of(page: Page, receipt: str) -> str:
    """Return the case of a receipt, as the parent finds it."""
    page.goto(f"{PAGES}/receipts/{receipt}/")
    follow(page.get_by_role("link", name="查看报名"))
    return page.url.rstrip("/").split("/")[-1]


def rechecked(page: Page, number: str) -> None:
    """Settle at the counter what the registers did not show."""
    page.goto(f"{PAGES}/desk/children/{number}/")
    page.get_by_label("对应学校", exact=True).select_option(label="演示古塔中学")
    page.get_by_label("落户年数").fill("6")
    page.get_by_label("核对了哪些原件").fill("已核对户口簿和不动产权证书原件,与申报一致。")
    clean(page, "re-check")
    pressed(page, "复核通过")
    said(page, "已办结复核")


def moved_on(tour: Tour, day: str) -> None:
    """Let the sample city go on to a later day."""
    page = tour.at("shenpi", "/demonstration/")
    page.get_by_label("走到哪一天").fill(day)
    page.get_by_role("button", name="往后走").click()
    said(page, day)


def published(tour: Tour, page: Page) -> None:
    """Fix the list, tell the seed, propose the first batch, and have it published by another."""
    page.goto(f"{PAGES}/desk/{SEASON}/")
    pressed(page, "确定摇号名单")
    said(page, "名单已确定")
    pressed(page, "公开种子")
    said(page, "种子已公开")
    clean(page, "season at the desk")
    follow(page.get_by_role("link", name="第一批"))
    pressed(page, "提交审定")
    said(page, "请另一位审定人公布")
    expect(page.get_by_role("button", name="审定公布")).to_be_disabled()
    other = tour.at("zhaosheng2", f"{PAGES}/desk/{SEASON}/batches/1/")
    pressed(other, "审定公布")
    said(other, "已公布")
    clean(other, "batch")


def confirmed(page: Page, number: str) -> None:
    """Read why, confirm the place, and take the printed notice."""
    page.goto(f"{PAGES}/children/{number}/")
    expect(page.locator(".result")).to_contain_text("录取到 演示古塔中学")
    expect(page.locator(".result ol")).to_contain_text("因此录取到对应学校演示古塔中学")
    clean(page, "result on a phone")
    pressed(page, "确认学位")
    said(page, "已确认学位")


def test_a_child_goes_from_the_address_to_the_printed_notice(tour: Tour) -> None:
    page = found(tour)
    receipts = [handed_in(page, "演示学生甲", KNOWN), handed_in(page, "演示学生乙", UNKNOWN)]
    desk = verified(tour)
    known, unknown = (number_of(page, receipt) for receipt in receipts)
    expect(page.locator("main")).to_contain_text("请到窗口复核")
    clean(page, "re-check as the parent sees it")
    page.goto(f"{PAGES}/children/{known}/")
    expect(page.locator("main")).to_contain_text("核验通过")
    rechecked(desk, unknown)
    moved_on(tour, "2021-08-23")
    published(tour, desk)
    for number in (known, unknown):
        confirmed(page, number)
    page.get_by_role("link", name="打印入学通知书").wait_for()
    address = page.get_by_role("link", name="打印入学通知书").get_attribute("href")
    assert address is not None
    page.request.get(address)  # asked for: the worker makes it, and closes the cases of the batch
    tour.worked()
    document = pdfium.PdfDocument(page.request.get(address).body())
    text = "".join(document[place].get_textpage().get_text_range() for place in range(len(document)))
    assert "入学通知书" in text
    assert "演示古塔中学" in text
    page.goto(f"/my/cases/{known}/")
    expect(page.locator("main")).to_contain_text("准予")
    public = tour.at("", f"{PAGES}/{SEASON}/")
    expect(public.locator("main")).to_contain_text("已公布")
    assert not (told := faults(public, "season in public")), "\n".join(told)
    public.goto(f"{PAGES}/{SEASON}/lottery/")
    expect(public.locator(".proof")).to_contain_text("种子与报名前公布的摘要相符")
    assert not (told := faults(public, "lottery in public")), "\n".join(told)
