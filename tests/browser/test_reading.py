"""Reading: the newspaper, its figures and their records, in both languages, with and without scripts, on paper and phone."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.conftest import City, OpenPage

MAIN_PAGES = ("/", "/figures/", "/figures/villages.waste/", "/zones/", "/zones/villages/", "/ledgers/",
              "/ledgers/investment.signing/", "/briefs/", "/proofs/", "/check/", "/help/", "/accounts/login/")  # fmt: skip


def test_numeral_opens_its_records_beside_the_text_and_gives_focus_back(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/")
    numeral = page.locator(".story a.live").first
    numeral.click()
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="签约项目数")).to_be_visible()
    expect(drawer.locator(".figure-value .num")).to_have_text("90")
    assert drawer.locator("tbody tr").count() == 12
    assert violations(page, "drawer") == []
    expect(drawer.locator("[data-close-drawer]")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert not page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(numeral).to_be_focused()


def test_drawer_opens_and_closes_by_keyboard_and_by_its_button(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/", width=360)
    page.locator(".story a.live").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-close-drawer]").click()
    expect(page.locator("#drawer")).to_be_hidden()


def test_earlier_day_gives_earlier_numbers(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/")
    now = page.locator("a.lead-figure .lead-number").first.inner_text()
    page.fill("#as_of", "2021-05-31")
    page.locator(".day-line button").click()
    page.wait_for_url("**as_of=2021-05-31")
    then = page.locator("a.lead-figure .lead-number").first.inner_text()
    assert 0 < int(then) < int(now)
    page.locator("a.lead-figure").first.click()
    expect(page.locator("#drawer .figure-value .num")).to_have_text(then)


def test_catalogue_finds_by_words_and_by_zone(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/")
    page.fill("#q", "到位资金")
    with page.expect_navigation():
        page.locator("form.filters button").click()
    labels = page.locator("table.figures tbody td:first-child a").all_inner_texts()
    assert "上半年到位资金" in labels
    assert all("资金" in label or "到位" in label for label in labels)
    page.goto("/figures/?zone=waters")
    assert page.locator("section h2").all_inner_texts() == ["渔业水质"]
    page.goto("/figures/")
    page.locator(".contents a", has_text="农房保险").click()
    expect(page.locator("#zone-insurance")).to_be_in_viewport()


def test_figure_draws_its_trend_its_parts_and_its_map(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/villages.waste/")
    page.wait_for_selector("html[data-drawn=yes]")
    assert page.locator(".chart canvas").count() == 2
    page.select_option("#level", "county")
    page.locator(".panel-head form button").click()
    page.wait_for_url("**level=county**")
    page.wait_for_selector("html[data-drawn=yes]")
    expect(page.locator(".map-notice")).to_be_visible()
    page.locator("details", has_text="数值表").last.locator("summary").click()
    names = page.locator("[aria-label=分区划数值表] tbody td:first-child").all_inner_texts()
    assert len([name for name in names if name.endswith(("县", "市", "区"))]) == 7


def test_records_of_a_figure_are_paged_and_handed_out(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/villages.waste/")
    first = page.locator("#records tbody tr td:nth-child(2)").all_inner_texts()
    page.locator("#records .pager a").click()
    page.wait_for_url("**after=**")
    second = page.locator("#records tbody tr td:nth-child(2)").all_inner_texts()
    assert len(first) == len(second) == 50
    assert not set(first) & set(second)


def test_export_of_a_figure_holds_its_records(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/investment.projects/", account="tongji")
    with page.expect_download() as download:
        page.locator("#records a", has_text="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig") as handle:
        rows = list(csv.reader(io.StringIO(handle.read())))
    heading = rows.index(next(row for row in rows if "项目编号" in row))
    assert len([row for row in rows[heading + 1 :] if any(row)]) >= 90


def test_language_switch_keeps_the_page_and_is_remembered(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/investment.signed_amount/?as_of=2021-08-01")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/figures/investment.signed_amount/?as_of=2021-08-01")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amount signed")
    expect(page.locator(".figure-unit").first).to_have_text("billion yuan")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jinzhou One-Stop")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦州市一站通")


def test_large_type_and_dark_are_remembered(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/")
    size = page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)")
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="长者模式").click()
    page.get_by_role("button", name="夜间").click()
    page.goto("/ledgers/")
    assert page.evaluate("() => parseFloat(getComputedStyle(document.body).fontSize)") > size
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") != paper
    expect(page.get_by_role("button", name="夜间")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    "path", ["/", "/figures/villages.waste/", "/ledgers/investment.signing/", "/proofs/", "/check/"]
)
def test_large_type_fits_a_phone(city: City, open_page: OpenPage, path: str) -> None:
    page = open_page(city, path, width=360)
    page.evaluate("() => document.documentElement.classList.add('elder')")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_menu_of_a_phone_opens_and_leads_on(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/", width=360)
    expect(page.locator("#navigation")).to_be_hidden()
    page.locator("[data-menu]").click()
    assert violations(page, "menu") == []
    page.locator("#navigation a", has_text="台账").click()
    page.wait_for_url("**/ledgers/")


def test_main_pages_serve_without_scripts(city: City, browser: Browser) -> None:
    context = browser.new_context(base_url=city.base, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    for path in MAIN_PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
    page.goto("/")
    with page.expect_navigation():
        page.locator(".story a.live").first.click()
    assert page.url.startswith(f"{city.base}/figures/investment.projects/")
    assert page.locator("#records tbody tr").count() == 50
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/")
    assert page.locator("#navigation a", has_text="台账").is_visible()
    context.close()


def test_print_leaves_out_what_paper_cannot_do(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/")
    page.emulate_media(media="print")
    for unwanted in (".shell-header", ".shell-footer", ".ear-right"):
        expect(page.locator(unwanted)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_skip_link_leads_to_the_content(city: City, open_page: OpenPage) -> None:
    page = open_page(city, "/figures/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
