"""A policy's whole way, as the README's tour plays it: published by four eyes, matched, applied for, reviewed by two agencies, paid, rated."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import City, OpenPage
from tests.browser.tour import PHONE, Tour, clean, fold, follow, open_by_keyboard, said

APPLIES, NEARLY = "0004号", "0000号"
"""Parts of the names of two enterprises for which ``qiye`` acts: one has assets enough, the other nearly."""
MATERIAL = "绿色改造完成证明"
FIRST_PARTS = {
    "package.birth": "onething.birth_certificate",
    "package.property": "onething.property_contract",
    "package.startup": "onething.startup_register",
}
"""What is filed with the first agency when a package is accepted: its other parts wait for that one."""


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def picture(name: str) -> Any:
    """Return a scan as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), "ivory").save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


# --- publishing -------------------------------------------------------------------------------------------------------


def drafted(tour: Tour, document: str, title: str) -> tuple[str, str]:
    """Write a document with a card and its item; return the addresses of the document and of the item."""
    page = tour.at("zhengce", "/policies/desk/documents/")
    page.get_by_role("link", name="起草政策文件").click()
    page.get_by_label("发文字号").fill(document)
    page.get_by_label("标题").fill(f"支持{title}的若干措施")
    for label, day in (("成文日期", "2021-08-10"), ("发布日期", "2021-08-12"), ("施行日期", "2021-08-16")):
        page.get_by_label(label).fill(day)
    page.get_by_label("原文").fill("第一条 对完成绿色改造的企业给予一次性奖励二十万元。")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    address = page.url
    page.get_by_role("link", name="新建政策卡").click()
    page.get_by_label("兑现事项").fill(title)
    page.get_by_label("惠及对象").fill("本市完成绿色改造的企业")
    page.get_by_label("资金", exact=True).select_option(index=1)
    page.get_by_label("申报开始").fill("2021-08-01")
    page.get_by_label("申报截止").fill("2021-12-31")
    page.get_by_label("兑现标准").select_option(label="定额")
    page.get_by_label("定额(元)").fill("200000")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="建立事项").click()
    said(page, "事项草稿已建立")
    item = page.get_by_role("link", name="编辑事项").get_attribute("href")
    assert item is not None
    return address, item


def kept(page: Page) -> None:
    """Wait until the builder has kept what was typed."""
    page.keyboard.press("Tab")
    page.wait_for_selector(".builder-status :text('已自动保存')")


def built(page: Page, item: str) -> None:
    """Add a material and a condition, leave two agencies to the joint review, and try it on all enterprises."""
    page.goto(f"{item}edit/materials/")
    page.get_by_text("＋ 材料").click()
    page.fill("#f-materials-0-name", MATERIAL)
    kept(page)
    page.goto(f"{item}edit/conditions/")
    page.get_by_text("＋ 条件").click()
    page.fill("#f-conditions-2-text", "资产总额 4000 万元以上")
    page.select_option("#n-2-0-0", "资产总额")
    page.wait_for_selector("#v-2-0-0")
    page.select_option("#o-2-0-0", ">=")
    page.fill("#v-2-0-0", "40000000")
    kept(page)
    page.goto(f"{item}edit/flow/")
    lane = page.locator(".fe-head", has=page.get_by_text("并行分支 1", exact=True))
    lane.get_by_label("删除").click()
    expect(page.get_by_text("并行分支 3", exact=True)).to_have_count(0)
    page.get_by_role("button", name="保存").last.click()
    said(page, "已保存")
    page.goto(f"{item}edit/trial/")
    assert int(page.locator(".trial-match strong").inner_text()) > 100
    expect(page.locator(".trial")).to_contain_text("相差")
    page.goto(f"{item}edit/submit/")
    page.locator("form[action$='/submit/'] button").click()
    said(page, "已提交审定")


def published(tour: Tour, document: str, title: str) -> str:
    """Bring a policy online by four eyes; return the address of its card on the officers' side."""
    address, item = drafted(tour, document, title)
    page = tour.at("zhengce", item)
    built(page, item)
    page.goto(address)
    page.get_by_role("button", name="提交审定").click()
    expect(page.get_by_role("button", name="审定发布")).to_have_count(0)
    other = tour.at("fabu", address)
    other.get_by_role("button", name="审定发布").click()
    expect(other.locator(".page-head .tag")).to_have_text("有效")
    other.goto(f"{item}versions/1/")
    other.locator("form[action$='/publish/'] button").click()
    said(other, "已发布")
    page.goto(address)
    card = page.get_by_role("link", name=title)
    expect(page.locator("li", has=card)).to_contain_text("已上线")
    follow(card)
    clean(page, "card of the officers")
    return page.url


# --- applying ---------------------------------------------------------------------------------------------------------


def suited(tour: Tour, title: str) -> Page:
    """Let the enterprise's person see, on a phone, why one of his enterprises just misses the policy and another has it."""
    page = tour.at("qiye", "/notices/", PHONE)
    expect(page.get_by_role("link", name=f"您可能符合:{title}")).to_be_visible()
    page.goto("/policies/match/")
    for part, state in ((NEARLY, "接近"), (APPLIES, "符合")):
        firm = page.locator("#enterprise option", has_text=part).get_attribute("value")
        page.select_option("#enterprise", firm)
        page.get_by_role("button", name="切换").click()
        card = page.locator(".policy-card", has_text=title)
        expect(card.locator(".tag").first).to_have_text(state)
        card.locator("summary").click()
        expect(card).to_contain_text("资产总额")
        if state == "接近":
            expect(card).to_contain_text("相差")
            clean(page, "matching")
    card.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text("200,000.00")
    clean(page, "card")
    return page


def applied(tour: Tour, page: Page, title: str) -> str:
    """Begin on the phone with what registers know, go on at a desk, hand in the material and submit; return the case's number."""
    with page.expect_navigation():
        page.get_by_role("link", name="在线申报").click()
    if page.get_by_role("heading", name="为谁办理?").count():
        page.get_by_role("button", name=APPLIES).click()
    expect(page.locator("main")).to_contain_text("已代填,来自市场主体登记")
    expect(page.get_by_label("单位名称")).to_have_value(re.compile(APPLIES))
    page.get_by_label("联系人").fill("张演示")
    page.keyboard.press("Tab")
    expect(page.locator("main")).to_contain_text("已自动保存")
    clean(page, "form on a phone")
    desk = tour.at("qiye", "/my/")
    drafts = desk.locator("section", has=desk.get_by_role("heading", name="草稿"))
    drafts.get_by_role("link", name=title).click()
    expect(desk.get_by_label("联系人")).to_have_value("张演示")
    desk.get_by_label("联系电话").fill("13904160001")
    desk.get_by_label("开户银行").fill("演示银行锦州分行")
    desk.get_by_label("银行账号").fill("6222020200112233445")
    desk.get_by_role("button", name="下一步").click()
    desk.locator("input[type=file]").set_input_files(picture("改造证明.png"))
    desk.get_by_role("button", name="上传", exact=True).click()
    expect(desk.get_by_role("link", name="改造证明.png")).to_be_visible()
    desk.locator(".next-action", has_text="下一步").click()
    desk.locator("#true").check()
    desk.get_by_role("button", name="提交申请").click()
    expect(desk.get_by_role("heading", name="申请已提交")).to_be_visible()
    clean(desk, "receipt")
    return desk.url.rstrip("/").split("/")[-2]


def supplemented(tour: Tour, number: str, title: str) -> None:
    """Ask for what is missing, all at once; answer it on the phone; accept."""
    page = tour.at("shenpi", "/desk/")
    open_by_keyboard(page, title)
    asking = fold(page, "补正告知")
    asking.get_by_label(MATERIAL).first.check()
    asking.locator("input[name^='text:material']").fill("证明没有加盖公章,请重新上传")
    asking.get_by_role("button", name="发出补正告知").click()
    said(page, "补正告知")
    clean(page, "case at the desk")
    phone = tour.at("qiye", "/my/", PHONE)
    clean(phone, "my space")
    phone.locator(".thing", has_text=number).get_by_role("link", name="去补正").click()
    expect(phone.locator("#supplement")).to_contain_text("没有加盖公章")
    phone.locator("#supplement input[type=file]").set_input_files(picture("改造证明(盖章).png"))
    phone.locator("#supplement").get_by_role("button", name="上传", exact=True).click()
    expect(phone.locator("#supplement").get_by_role("link", name="改造证明(盖章).png")).to_be_visible()
    phone.get_by_role("button", name="补正好了,提交").click()
    said(phone, "补正已提交")
    page.reload()
    fold(page, "受理").get_by_role("button", name="受理").click()
    said(page, "受理")


# --- reviewing and paying -----------------------------------------------------------------------------------------------


def passed(tour: Tour, account: str, number: str, step: str, outcome: str = "pass", law: str = "") -> Page:
    """Complete a step of the case as an official does."""
    page = tour.at(account, f"/desk/cases/{number}/")
    doing = fold(page, step)
    doing.locator(f"input[value={outcome}]").check()
    doing.get_by_label("意见").fill("经核查,情况属实。")
    if law:
        doing.get_by_label("依据").fill(law)
    doing.get_by_role("button").click()
    said(page, "办结环节")
    return page


def confirmed(page: Page, name: str) -> None:
    """Press a button and say yes to what it asks."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=name).click()


def moved_on(tour: Tour, day: str) -> None:
    """Let the sample city go on to a later day."""
    page = tour.at("shenpi", "/demonstration/")
    clean(page, "sample city")
    page.get_by_label("走到哪一天").fill(day)
    page.get_by_role("button", name="往后走").click()
    said(page, day)


def announced(tour: Tour, number: str, title: str) -> None:
    """Decide, so that money is reserved; announce for five working days; end the notice."""
    head = tour.at("kezhang", f"/desk/cases/{number}/")
    deciding = fold(head, "作出决定")
    deciding.locator("input[value=granted]").check()
    head.once("dialog", lambda dialog: dialog.accept())
    deciding.get_by_role("button", name="作出决定").click()
    said(head, "作出决定")
    page = tour.at("shenpi", f"/desk/cases/{number}/")
    page.get_by_role("link", name="资金、评审与公示办理").click()
    expect(page.locator("main")).to_contain_text("已预留")
    page.get_by_role("button", name="按核定金额发布公示").click()
    said(page, "已发布公示")
    moved_on(tour, "2021-08-18")
    public = tour.at("", "/public-notices/", PHONE)
    public.get_by_role("link", name=title).click()
    expect(public.locator("main")).to_contain_text("200,000.00 元")
    clean(public, "public notice")
    moved_on(tour, "2021-08-24")
    page.goto(f"/desk/cases/{number}/")
    fold(page, "结束公示").get_by_role("button", name="结束公示").click()
    said(page, "结束公示")


def paid(tour: Tour, number: str) -> None:
    """Commit the money; one official makes the batch, another releases it; the bank's file goes out and its return comes in."""
    page = passed(tour, "caizheng", number, "资金确认")
    page.goto("/policies/desk/batches/")
    for row in page.locator("tbody tr", has=page.locator("input[name=application]")).all():
        row.locator("input").set_checked(number in row.inner_text())
    page.get_by_role("button", name="制成批次").click()
    said(page, "请另一位资金管理员复核")
    batch = page.locator("a[href*='/batches/P']").first.get_attribute("href")
    assert batch is not None
    other = tour.at("fuhe", batch)
    other.get_by_role("button", name="复核通过").click()
    said(other, "已复核")
    with other.expect_download() as download:
        other.get_by_role("button", name="银行文件 CSV").click()
    sent = Path(download.value.path()).read_text(encoding="utf-8-sig")
    other.reload()
    other.locator("input[type=file]").set_input_files(
        {"name": "回单.csv", "mimeType": "text/csv", "buffer": returned(sent).encode()}
    )
    other.get_by_role("button", name="导入回单").click()
    said(other, "回单已处理")
    expect(other.locator("main")).to_contain_text("支付成功")
    clean(other, "batch")


def returned(sent: str) -> str:
    """Answer a bank's file as the bank does when every payment arrives."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["批次号", "序号", "收款账号", "金额(元)", "结果", "银行流水号", "日期", "失败原因"])
    for row in list(csv.reader(io.StringIO(sent)))[1:]:
        if row[0].startswith("P"):
            rows.writerow([row[0], row[1], row[3], row[5], "成功", f"YH{row[1]}", "2021-08-24", ""])
    return out.getvalue()


def verified(tour: Tour, page: Page) -> None:
    """Open the decision that the enterprise received, and follow what is printed on it to the public page that verifies it."""
    address = page.get_by_role("link", name=re.compile("决定")).first.get_attribute("href")
    assert address is not None
    document = pdfium.PdfDocument(page.request.get(address).body())
    text = "".join(document[place].get_textpage().get_text_range() for place in range(len(document)))
    number, code = re.search(r"文号 (\S+)", text), re.search(r"验证码 ([0-9A-Z-]+)", text)
    assert number is not None, text
    assert code is not None, text
    public = tour.at("", "/verify/", PHONE)
    public.get_by_label("文号").fill(number.group(1))
    public.get_by_label("验证码").fill(code.group(1))
    public.get_by_role("button", name="验证", exact=True).click()
    expect(public.locator("main")).to_contain_text("准予决定书")
    clean(public, "verification")


# --- counting ---------------------------------------------------------------------------------------------------------


def by_item(tour: Tour, figure: str) -> Counter[str]:
    """Return what a figure of cases says, item by item, as anybody may ask for it."""
    answer = tour.at("", "/help/").request.get(f"/api/v1/figures/{figure}/parts?dimension=事项代码")
    assert answer.ok, answer.text()
    return Counter({part["key"]: int(Decimal(str(part["value"]))) for part in answer.json()["parts"]})


def opened_by_silence(accepted: Counter[str]) -> Counter[str]:
    """Return what was filed by itself: five working days of silence accept by law what was handed in (行政许可法第三十二条), and a
    package that is accepted opens its first part."""
    return Counter({FIRST_PARTS[item]: times for item, times in accepted.items() if item in FIRST_PARTS})


def item_of(page: Page, number: str) -> str:
    """Return the code of the item that a case asks for."""
    return str(page.request.get(f"/api/v1/cases/{number}").json()["item"])


def test_policy_goes_from_publication_to_payment_and_moves_the_citys_figures(tour: Tour) -> None:
    title = "企业绿色改造奖励"
    tour.worked()  # what the sample left to be done
    before = {code: tour.figure(code) for code in ("policies.paid", "policies.payments", "cases.filed", "cases.closed")}
    filed, silent = by_item(tour, "cases.filed"), by_item(tour, "cases.deemed_accepted")
    card = published(tour, "锦工信发〔2021〕88号", title)
    page = tour.at("zhengce", card)
    page.get_by_role("button", name="推送给符合的企业").click()
    said(page, "已推送")
    number = applied(tour, suited(tour, title), title)
    supplemented(tour, number, title)
    passed(tour, "shenpi", number, "形式审查")
    passed(tour, "huiban", number, "生态环境核查")
    clean(passed(tour, "yingji", number, "安全生产核查"), "case after the joint review")
    announced(tour, number, title)
    paid(tour, number)
    tour.worked()
    mine = tour.at("qiye", f"/my/cases/{number}/", PHONE)
    expect(mine.locator("main")).to_contain_text("准予")
    mine.get_by_label("非常满意").check()
    mine.get_by_role("button", name="提交评价").click()
    said(mine, "评价")
    clean(mine, "my case")
    verified(tour, mine)
    opened = opened_by_silence(by_item(tour, "cases.deemed_accepted") - silent)
    assert by_item(tour, "cases.filed") - filed == opened + Counter({item_of(mine, number): 1})
    after = {code: tour.figure(code) - value for code, value in before.items()}
    assert after == {
        "policies.paid": Decimal(20), "policies.payments": 1, "cases.filed": 1 + opened.total(), "cases.closed": 1,
    }  # fmt: skip


def test_one_agencys_veto_refuses_with_reason_and_law_and_holds_no_money(tour: Tour) -> None:
    title = "企业清洁生产奖励"
    published(tour, "锦工信发〔2021〕89号", title)
    page = tour.at("qiye", "/policies/match/")
    page.select_option("#enterprise", page.locator("#enterprise option", has_text=APPLIES).get_attribute("value"))
    page.get_by_role("button", name="切换").click()
    page.get_by_role("link", name=title).click()
    number = applied(tour, page, title)
    officer = tour.at("shenpi", f"/desk/cases/{number}/")
    fold(officer, "受理").get_by_role("button", name="受理").click()
    passed(tour, "shenpi", number, "形式审查")
    passed(tour, "huiban", number, "生态环境核查", "fail", "环境保护法第六十三条")
    page.goto(f"/my/cases/{number}/")
    expect(page.locator("main")).to_contain_text("不予")
    expect(page.locator("main")).to_contain_text("环境保护法第六十三条")
    officer.goto(f"/desk/cases/{number}/")
    officer.get_by_role("link", name="资金、评审与公示办理").click()
    expect(officer.locator("main")).not_to_contain_text("已预留")
    assert tour.figure("cases.refused") > 0
