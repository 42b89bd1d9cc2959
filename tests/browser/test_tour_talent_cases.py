"""What is asked of the talent office, from both sides: a class recognised, a skill level examined, a post published, a station judged on the spot."""

from __future__ import annotations

import re
from decimal import Decimal

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import City, OpenPage
from tests.browser.hall import accepted, applied, granted, moved_on, passed
from tests.browser.tour import OWN, PHONE, Tour, clean, fold, follow, said

CLAIM = {
    "talent_born_on": "1990-03-01", "talent_class": "D", "talent_hired_on": "2020-07-01", "talent_degree": "硕士", "talent_title": "正高级",
    "talent_skill": "无", "talent_honour": "无",
}  # fmt: skip
CONTACT = {"contact_name": "张演示", "contact_phone": "13904160001"}
POST = CONTACT | {
    "post_title": "工业机器人运维员", "post_occupation": "工业机器人系统运维员", "post_education": "大专", "post_skills": "机器人编程、设备维护",
    "post_openings": "3", "post_pay": "6000", "post_pay_to": "9000", "post_duties": "产线机器人的日常运维和故障处理。",
    "post_closes_on": "2021-09-30",
}  # fmt: skip
STATION = CONTACT | {
    "station_name": "数控加工技能大师工作站", "station_master": "演示大师", "station_honour": "全国技术能手", "station_field": "数控加工",
    "station_office": "25", "station_theory": "60", "station_practice": "240", "station_research": "30", "station_equipment": "1200000",
    "station_apprentices": "5", "station_projects": "2",
}  # fmt: skip
FULL = {"place": 15, "equipment": 15, "management": 10, "innovation": 25, "teaching": 25, "service": 10}
LOST = (4, 30, 12, 14, 16)
"""How many points each of five experts takes off: the first gives the most, the second the least; both are dropped."""


@pytest.fixture
def tour(own_city: City, open_page: OpenPage) -> Tour:
    """A newcomer in a city of his own."""
    return Tour(own_city, open_page)


def certified(tour: Tour, page: Page, title: str, *contained: str) -> None:
    """Open a certificate's PDF where its holder finds it, and follow it to the public page that vouches for it."""
    line = page.locator(".materials li", has_text=title).first
    address = line.get_by_role("link", name=f"{title} PDF").get_attribute("href")
    public = line.get_by_role("link", name="公开验证页").get_attribute("href")
    assert address is not None
    assert public is not None
    document = pdfium.PdfDocument(page.request.get(address).body())
    text = "".join("".join(document[place].get_textpage().get_text_range().split()) for place in range(len(document)))
    for part in (title, *contained):
        assert part.replace(" ", "") in text, text
    assert tour.at("", address).url.endswith(f"?next={address}"), "a certificate is its holder's"
    stranger = tour.at("", public, PHONE)
    expect(stranger.get_by_role("heading", name="真实有效")).to_be_visible()
    expect(stranger.locator("main")).to_contain_text(title)
    clean(stranger, "public page of a certificate")


# --- persons ----------------------------------------------------------------------------------------------------------


def test_a_class_is_claimed_judged_by_rule_and_certified(tour: Tour) -> None:
    before = tour.figure("talent.recognised")
    mine = tour.at("qiye", "/my/mandates/", PHONE)
    firm = mine.locator("main a[href^='/my/mandates/']", has_text=OWN).first.get_attribute("href")
    assert firm is not None
    mine.goto("/talent/mine/")
    expect(mine.locator("main")).to_contain_text("您还没有人才认定")
    claim = CLAIM | {"talent_employer": firm.rstrip("/").rpartition("/")[2]}
    number = applied(mine, "talent.recognition", claim, as_party="为自己办理")
    accepted(tour, "rencai", number)
    desk = passed(tour, "rencai", number, "资格审核")
    expect(desk.locator(".box", has_text="按规则得出").first).to_contain_text("正高级专业技术职称")
    clean(desk, "a claim at the desk")
    granted(tour, "rencai", number)
    tour.worked()
    mine.goto(f"/my/cases/{number}/")
    expect(mine.locator("main")).to_contain_text("准予")
    clean(mine, "my claim on a phone")
    certified(tour, mine, "人才认定证书", "D 类", number)
    mine.goto("/talent/mine/")
    expect(mine.locator(".class-mark")).to_have_text("D")
    certified(tour, mine, "人才认定证书", "D 类")
    assert tour.figure("talent.recognised") == before + 1


def test_a_skill_level_is_examined_and_certified(tour: Tour) -> None:
    mine = tour.at("jumin", "/talent/", PHONE)
    clean(mine, "front of the zone on a phone")
    asked = {"title_occupation": "数控车工", "title_level": "三级/高级工", "title_years": "6"}
    number = applied(mine, "talent.title", asked)
    accepted(tour, "rencai", number)
    passed(tour, "rencai", number, "报名审核")
    desk = tour.at("rencai", "/talent/desk/exams/")
    expect(desk.locator(".t-rows").first).to_contain_text("数控车工")
    desk.get_by_label("职业").fill("数控车工")
    desk.get_by_label("等级").select_option(label="三级/高级工")
    desk.get_by_label("地点").fill("市技师学院实训中心")
    day = desk.get_by_label("考试日期")
    day.fill(day.get_attribute("min") or "")
    desk.get_by_label("考位").fill("20")
    desk.get_by_role("button", name="开放场次").click()
    said(desk, "已安排 1 个考位")
    mine.goto(f"/my/cases/{number}/")
    expect(mine.locator("main")).to_contain_text("1 号座位")
    clean(mine, "my seat on a phone")
    card = desk.locator(".t-cards li", has_text="数控车工")
    card.get_by_label("理论成绩").fill("186")
    card.get_by_label("技能成绩").fill("79.5")
    card.get_by_role("button", name="登记").click()
    expect(desk.locator("[data-errors]")).to_contain_text("0 到 100")
    expect(card.get_by_label("技能成绩")).to_have_value("79.5")
    clean(desk, "examinations with a mark refused")
    card.get_by_label("理论成绩").fill("86")
    card.get_by_role("button", name="登记").click()
    said(desk, "理论 86、技能 79.5,合格")
    granted(tour, "rencai", number)
    tour.worked()
    mine.reload()
    certified(tour, mine, "职业技能等级证书", "数控车工", "三级/高级工", "79.5")


# --- enterprises ------------------------------------------------------------------------------------------------------


def test_a_post_is_checked_published_and_found_by_everybody(tour: Tour) -> None:
    before = tour.figure("talent.posts")
    firm = tour.at("qiye", "/talent/employer/")
    clean(firm, "an employer's posts")
    number = applied(firm, "talent.post", POST, as_party=OWN)
    public = tour.at("", "/talent/posts/?q=工业机器人", PHONE)
    expect(public.locator(".empty")).to_be_visible()
    accepted(tour, "rencai", number)
    clean(granted(tour, "rencai", number), "a post at the desk")
    public.reload()
    follow(public.get_by_role("link", name="工业机器人运维员"))
    expect(public.locator("main")).to_contain_text("6,000–9,000 元")
    clean(public, "a post on a phone")
    firm.goto(f"/my/cases/{number}/")
    follow(firm.get_by_role("link", name="看应聘者"))
    clean(firm, "a fresh post's candidates")
    listed = tour.at("rencai", "/talent/desk/posts/?q=工业机器人")
    expect(listed.get_by_role("region", name="岗位管理")).to_contain_text("招聘中")
    clean(listed, "posts at the desk")
    assert tour.figure("talent.posts") > before


def enlisted(tour: Tour) -> Page:
    """Enter three more experts; six know every field now."""
    page = tour.at("rencai", "/talent/desk/experts/")
    for place in (4, 5, 6):
        page.get_by_label("账号").fill(f"zhuanjia{place}")
        page.get_by_label("专业领域").fill("数控加工")
        page.get_by_role("button", name="入库").click()
        expect(page.locator(".t-cards")).to_contain_text(f"专家{place}")
    clean(page, "experts at the desk")
    return page


def drawn(page: Page) -> tuple[Locator, list[str]]:
    """Draw five; return the station's card and their accounts, in the order of the draw."""
    page.goto("/talent/desk/stations/")
    card = page.locator(".t-cards > li", has_text=STATION["station_name"])
    card.get_by_label("抽取人数").fill("5")
    card.get_by_label("公开种子").fill("20210816-3D-527")
    card.get_by_role("button", name="抽取专家").click()
    said(page, "已抽取 5 位专家")
    clean(page, "stations at the desk")
    return card, asked(card)


def asked(card: Locator) -> list[str]:
    """Return the accounts of those who owe a sheet."""
    rows = card.locator(".t-reasons li", has_text="待评审").all_inner_texts()
    found = [re.search(r"专家(\d)", row) for row in rows]
    return [f"zhuanjia{one.group(1)}" for one in found if one is not None]


def opened(tour: Tour, account: str) -> Page:
    """Let an expert open his sheet on the phone."""
    page = tour.at(account, "/talent/scoring/", PHONE)
    follow(page.get_by_role("link", name=STATION["station_name"]))
    return page


def stepped_back(tour: Tour, account: str) -> None:
    """Declare a conflict of interest on the phone."""
    page = opened(tour, account)
    clean(page, "score sheet on a phone")
    page.locator("summary", has_text="有利益关系").click()
    page.get_by_label("需要回避的原因").fill("近三年担任该单位技术顾问")
    page.get_by_role("button", name="申请回避").click()
    said(page, "已提交")
    expect(page.locator(".t-cards li", has_text=STATION["station_name"])).to_contain_text("已回避")


def scored(tour: Tour, account: str, lost: int) -> Decimal:
    """Fill in a sheet on the phone, ``lost`` points below the full marks; return the total that it shows."""
    page = opened(tour, account)
    rest = lost
    for code, full in FULL.items():
        off = min(rest, full - 1)
        rest -= off
        page.locator(f"#m-{code}").fill(str(full - off))
    expect(page.locator("[data-total] output")).to_have_text(str(100 - lost))
    page.get_by_label("评审意见").fill("现场条件属实。")
    page.get_by_label("没有利益关系").check()
    page.get_by_role("button", name="提交评分").click()
    said(page, "已提交")
    return Decimal(100 - lost)


def reviewed(tour: Tour, number: str) -> str:
    """Draw experts, let one step back and the others score; return the arithmetic as the summary shows it."""
    page = enlisted(tour)
    card, accounts = drawn(page)
    stepped_back(tour, accounts[0])
    page.reload()
    now = asked(card)
    assert len(now) == 5
    assert accounts[0] not in now
    totals = [scored(tour, account, lost) for account, lost in zip(now, LOST, strict=True)]
    kept = sorted(totals)[1:-1]
    page.reload()
    follow(card.get_by_role("link", name="评审汇总表"))
    expect(page.locator("main")).to_contain_text("近三年担任该单位技术顾问")
    expect(page.locator("td.dropped").first).to_be_visible()
    sum_ = f"({' + '.join(f'{one:.2f}' for one in totals if one in kept)}) ÷ 3 = {sum(kept) / 3:.2f}"
    expect(page.locator("main")).to_contain_text(sum_)
    expect(page.locator("main")).to_contain_text("重抽结果一致")
    clean(page, "summary of a review")
    passed(tour, "rencai", number, "专家现场评审")
    return sum_


def announced(tour: Tour, number: str) -> None:
    """Put the case on public notice, and end it after its five working days."""
    page = tour.at("rencai", f"/desk/cases/{number}/")
    notice = fold(page, "发布公示")
    notice.get_by_label("标题").fill("技能大师工作站拟确定名单公示")
    notice.get_by_label("内容").fill("经专家现场评审,现予公示。")
    notice.get_by_role("button", name="发布公示").click()
    said(page, "公示")
    moved_on(tour, "rencai", "2021-08-24")
    page.goto(f"/desk/cases/{number}/")
    fold(page, "结束公示").get_by_role("button", name="结束公示").click()
    said(page, "结束公示")


def test_a_station_is_judged_on_the_spot_and_gets_its_plaque(tour: Tour) -> None:
    firm = tour.at("qiye", "/talent/employer/")
    number = applied(firm, "talent.station", STATION, as_party=OWN)
    accepted(tour, "rencai", number)
    passed(tour, "rencai", number, "资格审查")
    sum_ = reviewed(tour, number)
    announced(tour, number)
    granted(tour, "rencai", number)
    tour.worked()
    firm.goto(f"/my/cases/{number}/")
    expect(firm.locator("main")).to_contain_text(sum_)
    clean(firm, "my station")
    plaque = firm.get_by_role("link", name=re.compile("^JZDSZ-2021-"))
    label = plaque.inner_text()
    certified(tour, firm, "技能大师工作站证书", label, STATION["station_master"])
    public = tour.at("", "/talent/stations/", PHONE)
    follow(public.get_by_role("link", name=STATION["station_name"]))
    expect(public.locator(".t-plaque")).to_contain_text(label)
    expect(public.locator("main")).to_contain_text(sum_)
    clean(public, "a station on a phone")
    follow(public.get_by_role("link", name="验证证书"))
    expect(public.get_by_role("heading", name="真实有效")).to_be_visible()
