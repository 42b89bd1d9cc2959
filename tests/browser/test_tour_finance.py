"""A loan's whole way, as the README's tour plays it: needed, authorised, grabbed, called, granted, signed, drawn by the bank's file, counted."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City, OpenPage
from tests.browser.tour import OWN, PHONE, Tour, clean, follow, said

WAN = 100
"""How much is wanted and drawn, in 万元."""
DAY = "2021-08-16"


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def stated(tour: Tour) -> str:
    """State a need on the phone by the form of the service; return its number."""
    page = tour.at("qiye", "/finance/", PHONE)
    clean(page, "front of the zone on a phone")
    expect(page.get_by_role("link", name=re.compile("^提出融资需求"))).to_be_visible()
    page.goto("/services/finance.need/apply/")
    if page.get_by_role("heading", name="为谁办理?").count():
        follow(page.get_by_role("button", name=re.compile(OWN)))
    page.get_by_label("需求金额").fill(str(WAN * 10_000))
    page.get_by_label("期限月数").fill("12")
    _choose(page, "资金用途", "流动资金")
    _choose(page, "担保方式", "信用")
    follow(page.get_by_role("button", name="下一步"))
    if page.locator(".next-action", has_text="下一步").count():
        follow(page.locator(".next-action", has_text="下一步"))
    page.locator("#true").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    return page.url.rstrip("/").split("/")[-2]


def _choose(page: Page, label: str, value: str) -> None:
    """Choose from a list, or of buttons, whichever the form shows."""
    field = page.locator(".field", has_text=label).first
    if field.locator("select").count():
        field.locator("select").select_option(label=value)
    else:
        field.get_by_label(value, exact=True).check()


def opened(tour: Tour, number: str) -> None:
    """Review the need, publish it, and let two banks take it by themselves."""
    page = tour.at("jinrong", f"/finance/office/{number}/")
    page.get_by_role("button", name="审核通过,发布").click()
    said(page, "已发布")
    page.locator("details", has_text="开放抢单").locator("summary").click()
    page.get_by_label("抢单名额(家)").fill("2")
    page.get_by_role("button", name="开放抢单").click()
    said(page, "已开放抢单")
    clean(page, "need at the finance office")


def authorised(tour: Tour, number: str) -> None:
    """Let all banks that deal with the need see registration and operation, after reading the words."""
    page = tour.at("qiye", f"/finance/needs/{number}/", PHONE)
    expect(page.locator("main")).to_contain_text("还没有银行看过")
    follow(page.get_by_role("link", name="授权银行查看数据"))
    for kind in page.locator("input[name=groups]").all():
        kind.check()
    page.get_by_label("融资撮合").check()
    follow(page.get_by_role("button", name="下一步:看授权内容"))
    expect(page.locator(".note")).to_contain_text("可随时撤回")
    clean(page, "authorisation on a phone")
    page.get_by_role("button", name="我同意授权").click()
    said(page, "已授权")


def grabbed(tour: Tour, number: str) -> Page:
    """Take the need from the pool, look at what was authorised, make the first contact; return the page of the dealing."""
    page = tour.at("yinhang", "/finance/bank/pool/")
    clean(page, "pool of a bank")
    card = page.locator(".product-card", has_text=number)
    expect(card).to_contain_text("余 2 个名额")
    follow(card.locator("h2 a"))
    page.get_by_role("button", name="接单").click()
    said(page, "已接单")
    page.get_by_role("button", name="查看授权数据(留痕)").click()
    expect(page.locator("main")).to_contain_text("本次查看已记录")
    expect(page.locator("main")).to_contain_text(OWN)
    step(page, "contact", note="已电话联系,约定上门")
    clean(page, "dealing at a bank")
    return page


def step(page: Page, code: str, **given: str) -> None:
    """Do one thing with the dealing at hand."""
    form = page.locator(f"form[action$='/{code}/']")
    if not form.is_visible():
        page.locator("[data-doing] details", has=form).locator("summary").click()
    for name, value in given.items():
        form.locator(f"[name='{code}-{name}']").fill(value)
    with page.expect_navigation():
        form.get_by_role("button").click()
    said(page, "已登记")


def granted(page: Page) -> str:
    """Investigate, grant, sign; return the number of the credit."""
    step(page, "investigate", note="核对流水")
    step(page, "grant", amount=str(WAN), rate="4.35", months="12")
    step(page, "sign", number="HT-TOUR-1", amount=str(WAN), on=DAY)
    return page.locator("[data-credit]").inner_text()


def drawn(tour: Tour, credit: str) -> None:
    """Report the drawdown by the bank's file: previewed, imported, and once more without effect."""
    lines = f"类型,放款凭证号,授信编号,放款金额(元),放款日期,说明\n放款,FK-TOUR-1,{credit},{WAN * 10_000}.00,{DAY},\n放款,FK-TOUR-2,SX不存在,1.00,{DAY},\n"
    upload: Any = {"name": "放款.csv", "mimeType": "text/csv", "buffer": lines.encode("utf-8-sig")}
    for told in ("新登记 1 笔,未变 0 笔", "新登记 0 笔,未变 1 笔"):
        page = tour.at("yinhang", "/finance/bank/files/")
        page.locator("input[type=file]").set_input_files(upload)
        page.get_by_role("button", name="预览").click()
        expect(page.locator("main")).to_contain_text("FK-TOUR-1")
        clean(page, "preview of a bank's file")
        page.get_by_role("button", name="确认导入").click()
        said(page, told)
        expect(page.locator("main")).to_contain_text("没有编号为 SX不存在 的授信")


def test_a_need_becomes_a_loan_and_the_citys_figure_moves_by_what_was_drawn(tour: Tour) -> None:
    before = {code: tour.figure(code) for code in ("finance.loans", "finance.needs", "finance.needs_met")}
    number = stated(tour)
    opened(tour, number)
    authorised(tour, number)
    page = grabbed(tour, number)
    credit = granted(page)
    drawn(tour, credit)
    mine = tour.at("qiye", f"/finance/needs/{number}/", PHONE)
    expect(mine.locator(".amounts .is-drawn")).to_contain_text(str(WAN))
    expect(mine.locator("main")).to_contain_text("43,500.00")
    expect(mine.locator("main")).to_contain_text("谁看过我的数据")
    clean(mine, "need on a phone")
    office = tour.at("jinrong", f"/finance/office/{number}/")
    office.locator("details", has_text="结束需求").locator("summary").click()
    office.get_by_role("button", name="结束需求").click()
    said(office, "需求已结束")
    expect(office.locator("main")).to_contain_text("已解决")
    clean(tour.at("jinrong", "/finance/statistics/"), "statistics")
    after = {code: tour.figure(code) - value for code, value in before.items()}
    assert after == {code: Decimal(1) for code in before}


def test_a_meeting_event_is_planned_answered_and_told(tour: Tour) -> None:
    page = tour.at("jinrong", "/finance/events/new/")
    given = {
        "名称": "秋季对接会",
        "地点": "会展中心",
        "日期": "2021-08-30",
        "开始时间": "09:00",
        "会场与桌数": "一号厅 3",
        "回执截止日": "2021-08-27",
    }
    for label, value in given.items():
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_role("button", name="保存").click()
    said(page, "已建立")
    follow(page.locator("main").get_by_role("link", name="邀请", exact=True))
    page.locator("input[name=banks]").first.check()
    page.locator("input[name=banks]").nth(1).check()
    address = page.url.replace("invite/", "")
    page.goto(f"{page.url}?q={OWN}")
    page.locator("input[name=firms]").first.check()
    page.locator("input[name=banks]").first.check()
    page.get_by_role("button", name="发出邀请").click()
    said(page, "已邀请")
    firm = tour.at("qiye", address, PHONE)
    follow(firm.get_by_role("link", name="回复邀请"))
    firm.get_by_label("第 1 志愿").select_option(index=1)
    clean(firm, "answer on a phone")
    firm.get_by_role("button", name="参加", exact=True).click()
    said(firm, "参加")
    page.goto(address)
    bank = page.locator("tr", has_text="银行").filter(has_text="待回复").first
    follow(bank.get_by_role("link", name="代填回执"))
    follow(page.get_by_role("button", name="参加", exact=True))
    page.get_by_role("button", name="编排日程").click()
    said(page, "已编排")
    expect(page.locator(".proof")).to_contain_text("已证明最优")
    clean(page, "board of an event")
    page.locator("summary", has_text="发布日程").click()
    page.get_by_role("button", name="确认发布").click()
    said(page, "已发布")
    firm.goto(address)
    expect(firm.locator(".day")).to_contain_text("09:00–09:20")
    with firm.expect_download() as caught:
        firm.get_by_role("link", name="加入我的日历").click()
    assert caught.value.suggested_filename.endswith(".ics")
    follow(firm.get_by_role("link", name="打印日程"))
    clean(firm, "programme on a phone")
