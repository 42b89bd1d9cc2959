"""A house changes hands, as the README's tour plays it: one form, the seller signs by a link, one acceptance, five parts, one of them refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import City, OpenPage
from tests.browser.tour import PHONE, Tour, clean, fold, follow, said

SELLER = {"seller_name": "演示卖方", "seller_identity": "210702199003070014", "seller_phone": "13904160011"}
FILLED = SELLER | {
    "property_address": "锦州市古塔区演示街 18 号 3-301", "property_area": "88.60", "property_price": "460000",
    "property_number": "辽(2019)锦州市不动产权第0001234号", "fund_account": "210700123456", "requested_amount": "30000",
    "account_number": "6222020200112233445", "bank_name": "演示银行锦州分行",
}  # fmt: skip
QUESTIONS = {"property_deal": "二手房", "property_loan": "否", "property_fund": "是", "property_utilities": "是"}
CHOSEN = {
    "property_use": "住宅", "marital_status": "未婚", "delivery_way": "电子送达", "first_home": "是", "property_mortgaged": "否",
    "property_shared": "否",
}  # fmt: skip
PARTS = {
    "contract": "网签备案",
    "tax": "核税缴税",
    "transfer": "存量房转移登记",
    "fund": "提取住房公积金",
    "utilities": "水电气热",
}
WHY = "该公积金账户有未结清的贷款"


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


# --- asking ---------------------------------------------------------------------------------------------------------


def begun(tour: Tour) -> Page:
    """See on a phone what it would be for this situation, and begin."""
    page = tour.at("jumin", "/onething/", PHONE)
    clean(page, "packages on a phone")
    follow(page.get_by_role("link", name=re.compile("^不动产过户")))
    page.get_by_label("购房类型").select_option(label="二手房")
    expect(page.locator("#situation")).to_contain_text("按您的答案,要办 3 项")
    clean(page, "package on a phone")
    follow(page.get_by_role("link", name="开始办理"))
    if page.get_by_role("heading", name="为谁办理?").count():
        follow(page.locator(".choice-list button").first)
    expect(page.locator("form[data-autosave]")).to_be_visible()
    return page


def filled(page: Page) -> str:
    """Fill in the one form, the questions first; return the draft's number."""
    for code, label in (QUESTIONS | CHOSEN).items():
        _choose(page.locator(f"[data-field={code}]"), label)
    for code, text in FILLED.items():
        page.locator(f"[name={code}]").fill(text)
    expect(page.locator("[data-field=mortgage_bank]")).to_be_hidden()
    for text in ("水", "电"):
        page.locator("[data-field=utilities]").get_by_label(text, exact=True).check()
    clean(page, "one form on a phone")
    follow(page.get_by_role("button", name="下一步"))
    expect(page.locator("#expected")).to_contain_text("由最长的一条线决定")
    clean(page, "materials on a phone")
    number = page.url.rstrip("/").split("/")[-2]
    follow(page.locator(".next-action", has_text="下一步"))
    expect(page.get_by_role("heading", name="核对一遍,就可以提交")).to_be_visible()
    return number


def _choose(field: Locator, label: str) -> None:
    """Choose from a list, or of buttons, once the answers before have brought the question up."""
    expect(field).to_be_visible()
    if field.locator("select").count():
        field.locator("select").select_option(label=label)
    else:
        field.get_by_label(label, exact=True).check()


def refused_unsigned(page: Page) -> None:
    """Without the seller's signature nothing is submitted; the refusal leads to where it is asked for."""
    page.locator("#true").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".refusal")).to_contain_text("转让方尚未签署")
    page.get_by_role("link", name="去处理").click()
    expect(page.locator("#cosigners")).to_contain_text("还差 1 人签署")


def link_of(page: Page) -> str:
    """Send the seller a link; return it as the demonstration shows it."""
    page.locator("#cosigners").get_by_role("button", name=re.compile("发送签署链接")).click()
    said(page, "签署链接已发出")
    expect(page.locator("#cosigners")).to_contain_text("等对方签署")
    clean(page, "draft that waits for a signature")
    return page.locator("#cosigners input[readonly]").input_value()


def signed(tour: Tour, link: str) -> None:
    """Sign on the seller's phone, without an account: who he is first, then exactly what he signs; the link dies with it."""
    path = link.removeprefix(tour.city.base)
    page = tour.at("", path, PHONE)
    expect(page.locator(".signed-sheet")).to_contain_text("本人自愿将上述房屋转让给受让方")
    expect(page.locator(".signed-sheet")).to_contain_text("460")
    clean(page, "link to sign on a phone")
    page.get_by_label("您的身份证号").fill("210702199003070022")
    page.get_by_role("button", name="核对身份,看完整内容").click()
    expect(page.locator("#identity-error")).to_contain_text("还可以试 4 次")
    clean(page, "somebody else's number")
    page.get_by_label("您的身份证号").fill(SELLER["seller_identity"])
    page.get_by_role("button", name="核对身份,看完整内容").click()
    expect(page.locator(".signed-sheet")).to_contain_text(FILLED["property_address"])
    clean(page, "what is signed, in clear")
    page.get_by_role("button", name="同意并签署").click()
    expect(page.get_by_role("heading", name="您已签署")).to_be_visible()
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 410
    assert "no-store" in answer.headers["cache-control"]
    expect(page.locator("main")).to_contain_text("已经签署过")
    clean(page, "a dead link")


def submitted(page: Page, number: str) -> None:
    """Submit what the seller signed."""
    page.goto(f"/my/drafts/{number}/check/") if "/check" not in page.url else page.reload()
    expect(page.locator("#cosigners")).to_contain_text("都签好了")
    page.locator("#true").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()


# --- handling -------------------------------------------------------------------------------------------------------


def accepted(tour: Tour, number: str) -> None:
    """Accept once, for all agencies; the lead sees every part with its lamp."""
    page = tour.at("ziran", f"/desk/cases/{number}/")
    clean(page, "package at the lead's desk")
    fold(page, "受理").get_by_role("button", name="受理").click()
    said(page, "受理")
    expect(page.locator("main")).to_contain_text("还没有启动的事项")
    page.goto(f"/onething/desk/?q={number}")
    expect(page.locator("table .lamps li")).to_have_count(len(PARTS))
    clean(page, "the lead's list")


def handled(
    tour: Tour, account: str, number: str, title: str, steps: tuple[str, ...], outcome: str = "granted"
) -> None:
    """Find one's own part from the package's page, go through its steps, and decide it."""
    child = part_of(tour, number, title)
    page = tour.at(account, f"/desk/cases/{child}/")
    expect(page.locator("main")).to_contain_text("属于一件事")
    for step in steps:
        doing = fold(page, step)
        doing.locator("input[value=pass]").check()
        doing.get_by_label("意见").fill("经核查,情况属实。")
        doing.get_by_role("button").click()
        said(page, "办结环节")
    deciding = fold(page, "作出决定")
    deciding.locator(f"input[value={outcome}]").check()
    if outcome == "refused":
        deciding.get_by_label("理由").fill(WHY)
        deciding.get_by_label("依据").fill("《住房公积金管理条例》第二十四条")
    page.once("dialog", lambda dialog: dialog.accept())
    deciding.get_by_role("button", name="作出决定").click()
    said(page, "作出决定")


def part_of(tour: Tour, number: str, title: str) -> str:
    """Return the number of a part's own case, as its asker's page names it."""
    page = tour.at("jumin", f"/my/cases/{number}/", PHONE)
    address = page.locator(".part", has_text=title).locator(".part-head a").get_attribute("href")
    assert address is not None
    return address.rstrip("/").split("/")[-1]


def followed(tour: Tour, number: str) -> Page:
    """See on the phone how each part ended, what was issued, and why one was refused; rate the whole."""
    tour.worked()
    page = tour.at("jumin", f"/my/cases/{number}/", PHONE)
    expect(page.locator("main")).to_contain_text("部分办成")
    expect(page.locator("#parts")).to_contain_text("4/5 办成")
    refused = page.locator(".part", has_text=PARTS["fund"])
    expect(refused).to_contain_text(WHY)
    expect(page.locator(".part", has_text=PARTS["transfer"]).locator(".part-papers a").first).to_be_visible()
    clean(page, "package that was partly granted, on a phone")
    rating = page.locator("#rate")
    rating.locator("input[type=radio]").first.check()
    rating.get_by_role("button").click()
    said(page, "谢谢您的评价")
    return page


def test_a_house_changes_hands_once_for_all_agencies_and_the_citys_figure_moves(tour: Tour) -> None:
    codes = ("onething.accepted", "onething.property", "onething.closed")
    before = {code: tour.figure(code) for code in codes}
    page = begun(tour)
    number = filled(page)
    refused_unsigned(page)
    signed(tour, link_of(page))
    submitted(page, number)
    accepted(tour, number)
    handled(tour, "zhujian", number, PARTS["contract"], ())
    handled(tour, "shuiwu", number, PARTS["tax"], ())
    handled(tour, "ziran", number, PARTS["transfer"], ("审查",))
    handled(tour, "zhujian", number, PARTS["fund"], ("审查",), "refused")
    handled(tour, "zhujian", number, PARTS["utilities"], ())
    followed(tour, number)
    lead = tour.at("ziran", f"/desk/cases/{number}/")
    expect(lead.locator("main")).to_contain_text("已发证照和文书")
    clean(lead, "package at the lead's desk, ended")
    after = {code: tour.figure(code) - value for code, value in before.items()}
    assert after == {code: Decimal(len(PARTS)) for code in codes}


def test_an_officer_changes_a_package_by_choices_and_sees_at_once_what_it_would_be(tour: Tour) -> None:
    page = tour.at("taocan", "/onething/editor/birth/")
    page.get_by_role("button", name="新建一版").click()
    expect(page.locator("#package-form")).to_be_visible()
    clean(page, "editor of packages")
    expect(page.locator("#side .lane")).to_have_count(5)
    page.locator("select[name='parts.5.item']").select_option(value="onething.startup_seal")
    expect(page.locator("#side .lane")).to_have_count(6)
    page.locator(".editor-bar").get_by_role("button", name="保存").click()
    expect(page.locator("#editor .message-success")).to_be_visible()
    expect(page.locator("#f-parts-5 legend").first).to_contain_text("startup_seal")
    page.locator("#f-parts-5").get_by_label("删除").click()
    expect(page.locator("#f-parts-5 legend")).to_have_count(0)
    clean(tour.at("taocan", "/onething/editor/birth/edit/", PHONE), "editor of packages on a phone")
    clean(tour.at("taocan", "/onething/editor/birth/preview/"), "merged form")
    clean(tour.at("taocan", "/onething/editor/birth/"), "draft of a package")
    clean(tour.at("taocan", "/onething/editor/"), "list of packages")
    clean(tour.at("", "/onething/gains/", PHONE), "gains on a phone")
