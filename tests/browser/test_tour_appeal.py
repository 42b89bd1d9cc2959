"""An appeal from the visit to its ending, as the README's tour plays it: butler, two agencies, enterprise, figures, knowledge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import City, OpenPage
from tests.browser.tour import OWN, PHONE, Tour, clean, fold, follow, open_by_keyboard, said

SUBJECT = "环保设备改造补助迟迟没有到账,排污核查也没有结果"
AGAIN = "厂区技改备案卡在环节之间,没有人答复"
REPLY = "补助已列入本月拨付计划,五个工作日内到账;排污核查结论合格。"
DESKTOP = 1280


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def visited(tour: Tour, problem: str, width: int) -> str:
    """Log a visit with a problem that is made an appeal; return the appeal's number."""
    page = tour.at("guanjia", "/butler/", width)
    follow(page.get_by_role("link", name="填写走访").first)
    enterprise = page.locator("#id_enterprise option", has_text=OWN)
    page.select_option("#id_enterprise", enterprise.get_attribute("value"))
    page.fill("#id_summary", "实地查看车间,订单饱满。")
    page.select_option("#id_problem_0_kind", label="政策兑现")
    page.fill("#id_problem_0_text", problem)
    page.check("#id_problem_0_appeal")
    page.get_by_role("button", name="保存走访").click()
    page.locator("[data-done] a").click()
    expect(page.locator("main")).to_contain_text("已转为诉求")
    clean(page, "visit")
    page.locator("main a[href*='/butler/appeals/2']").click()
    expect(page.locator("h1")).to_contain_text(problem)
    clean(page, "appeal of the butler")
    return page.url.rstrip("/").rpartition("/")[2]


def accepted(tour: Tour, subject: str) -> Page:
    """Find the appeal on the agency's list by keyboard alone, and accept it."""
    page = tour.at("shenpi", "/desk/")
    open_by_keyboard(page, subject)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    fold(page, "受理").get_by_role("button", name="受理").press("Enter")
    said(page, "受理")
    return page


def helped(tour: Tour, page: Page, subject: str) -> None:
    """Ask a second agency, which is told, sees what is asked of it, and answers."""
    joint = fold(page, "发起联办")
    joint.get_by_label("协办单位").select_option(label="锦州市生态环境局")
    joint.get_by_label("要协办什么").fill("请核实排污核查结果。")
    joint.get_by_role("button", name="发起联办").click()
    said(page, "发起联办")
    other = tour.at("huiban", "/notices/")
    other.get_by_role("link", name=f"请求联办:{subject}").click()
    expect(other.locator("main")).to_contain_text("请核实排污核查结果。")
    answer = fold(other, "锦州市生态环境局")
    answer.get_by_label("通过", exact=True).check()
    answer.get_by_label("意见").fill("排污核查已完成,结论合格。")
    answer.get_by_role("button").click()
    said(other, "办结环节")
    clean(other, "case of the second agency")


def answered(tour: Tour, number: str, reply: str = REPLY) -> None:
    """Answer the appeal as solved, on its own page."""
    page = tour.at("shenpi", f"/butler/appeals/{number}/")
    page.get_by_label("已解决").check()
    page.get_by_label("答复内容").fill(reply)
    page.get_by_role("button", name="答复办结").click()
    said(page, "待企业确认")


def confirmed(tour: Tour, number: str, width: int) -> None:
    """Let the enterprise see where its appeal stands in my space, confirm the ending there and rate it."""
    page = tour.at("qiye", f"/my/cases/{number}/", width)
    clean(page, "appeal in my space")
    follow(page.get_by_role("link", name="去确认"))
    clean(page, "appeal to confirm")
    page.get_by_role("button", name="确认这个结局").click()
    said(page, "已确认")
    page.get_by_label("非常满意").check()
    page.get_by_role("button", name="评价", exact=True).click()
    said(page, "已评价")
    expect(page.locator("main")).to_contain_text("企业评价:5 分")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_appeal_goes_from_visit_to_ending_and_moves_the_citys_figures(tour: Tour, width: int) -> None:
    codes = ("butler.visits", "butler.appeals_accepted", "butler.appeals_solved", "butler.confirmed", "butler.rated")
    tour.worked()  # what the sample left to be done
    before = {code: tour.figure(code) for code in codes}
    subject = f"{SUBJECT}(其{width})"
    number = visited(tour, subject, width)
    helped(tour, accepted(tour, subject), subject)
    answered(tour, number)
    confirmed(tour, number, width)
    assert {code: tour.figure(code) for code in codes} == {code: value + 1 for code, value in before.items()}
    front = tour.at("", "/")
    solved = front.locator("a[href*='butler.appeals_solved']").first
    expect(solved).to_contain_text(str(before["butler.appeals_solved"] + 1))


def test_appeal_is_disputed_once_reopened_and_ended(tour: Tour) -> None:
    number = visited(tour, AGAIN, PHONE)
    accepted(tour, AGAIN)
    answered(tour, number, "已向企业说明办理程序。")
    page = tour.at("qiye", f"/butler/appeals/{number}/", PHONE)
    page.get_by_label("哪里没有解决").fill("备案仍未办结。")
    page.get_by_role("button", name="提出异议,要求重办").click()
    said(page, "重新办理")
    answered(tour, number, "备案已于今日办结,回执已送达企业。")
    page = tour.at("qiye", f"/butler/appeals/{number}/", PHONE)
    expect(page.get_by_role("button", name="提出异议,要求重办")).to_have_count(0)
    page.get_by_role("button", name="确认这个结局").click()
    said(page, "已确认")
    assert tour.figure("butler.disputed") > 0


def test_answer_enters_the_knowledge_base_and_is_found_by_search(tour: Tour) -> None:
    number = visited(tour, SUBJECT, DESKTOP)
    accepted(tour, SUBJECT)
    answered(tour, number)
    page = tour.at("shenpi", f"/butler/appeals/{number}/")
    page.get_by_role("link", name="写入知识库").click()
    page.get_by_label("问题", exact=False).first.fill("环保设备改造补助什么时候到账")
    page.get_by_label("可见范围").select_option(label="公开")
    page.fill("#id_valid_until", "2022-08-16")
    page.get_by_role("button", name="保存").click()
    said(page, "复核")
    written = page.url
    review = tour.at("guanjiazhang", written)
    clean(review, "answer to review")
    review.get_by_role("button", name="复核发布").click()
    said(review, "发布")
    found = tour.at("", "/search/?q=环保补助到账")
    hit = found.get_by_role("link", name="环保设备改造补助什么时候到账")
    hit.first.click()
    expect(found.locator("h1")).to_have_text("环保设备改造补助什么时候到账")
