"""Changing: recording by hand, taking back, importing, wording briefs, proving. Every change shows in the figures at once."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults, violations
from tests.browser.conftest import City, OpenPage

LEDGER = "/ledgers/investment.signing/"
FILES = ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]


def signed_projects(page: Page) -> int:
    """Return the first number of the front page."""
    page.goto("/")
    return int(page.locator("a.lead-figure .lead-number").first.inner_text())


def investor_of_a_record(page: Page) -> str:
    """Return the credit code of an enterprise that the city knows."""
    page.goto(f"{LEDGER}1/")
    return page.locator("dl.facts dt", has_text="投资方").locator("xpath=following-sibling::dd[1]").inner_text()


def fill_in(page: Page, number: str, investor: str) -> None:
    """Fill in a formal contract of 1.2 亿元."""
    page.goto(f"{LEDGER}new/")
    division = page.locator("#id_division_id option", has_text="义县").first
    page.select_option("#id_division_id", division.get_attribute("value"))
    for name, value in {
        "project": number, "name": "演示数据加工项目", "investor_id": investor, "investor": investor,
        "contract_fen": "12000", "investment_fen": "13000", "total_fen": "13000", "industry_id": "3985", "industry": "3985",
    }.items():  # fmt: skip
        if page.locator(f"#id_{name}").count():
            page.fill(f"#id_{name}", value)
    for field in page.locator("form.fact-form select").all()[1:]:
        field.select_option(index=1)
    agreement = page.locator("select", has=page.locator("option[value=formal]"))
    agreement.select_option("formal")
    page.locator("form.fact-form input[type=checkbox]").check()


def test_filters_narrow_a_ledger_and_survive_paging(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/ledgers/villages.report/", account="tongji")
    page.select_option("#division", label="义县")
    page.fill("#since", "2021-05-01")
    with page.expect_navigation():
        page.locator("form.filters button").click()
    total = page.locator("#rows p.muted").first.inner_text()
    dates = page.locator("#rows tbody td:nth-child(3)").all_inner_texts()
    assert dates
    assert min(dates) >= "2021-05-01"
    page.locator(".pager a[rel=next]").click()
    page.wait_for_url("**after=**")
    assert page.locator("#rows p.muted").first.inner_text() == total
    assert set(page.locator("#rows tbody td:nth-child(5)").all_inner_texts()) == {"义县"}


def test_fact_recorded_by_hand_moves_its_figure_and_its_reversal_moves_it_back(
    own_city: City, open_page: OpenPage
) -> None:
    page = open_page(own_city, "/", account="tongji")
    before = signed_projects(page)
    fill_in(page, "ZS2021-900-0001", investor_of_a_record(page))
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".message-success")).to_contain_text("已登记,编号")
    recorded = page.url
    assert violations(page, "recorded") == []
    assert signed_projects(page) == before + 1
    page.goto(recorded)
    page.fill("#id_reason", "演示:登记错误")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="冲销", exact=True).click()
    expect(page.locator(".message-success")).to_contain_text("已红字冲销")
    assert signed_projects(page) == before


def test_form_with_errors_says_so_keeps_what_was_entered_and_is_read_first(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, f"{LEDGER}new/", account="tongji")
    assert page.input_value("#id_occurred_on") == "2021-08-16"
    page.fill("#id_name", "只写了名称")
    page.get_by_role("button", name="登记", exact=True).click()
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    assert page.input_value("#id_name") == "只写了名称"
    assert faults(page, "record with errors") == []
    summary.locator("a").first.click()
    assert page.evaluate("() => document.activeElement.closest('.has-error') !== null")


def template_of(page: Page) -> openpyxl.Workbook:
    """Download the ledger's template as a person does."""
    page.goto(f"{LEDGER}import/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板").click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def filled(page: Page, **changes: Any) -> bytes:
    """Return the template filled in with one contract."""
    investor = investor_of_a_record(page)
    book = template_of(page)
    sheet = book.worksheets[0]
    row = {
        "区划": "210727", "签约日期": "2021-08-10", "发生日期": "2021-08-10", "项目编号": "ZS2021-900-0002",
        "项目名称": "演示数据导入项目", "投资方": investor, "合同额(万元)": 15000, "总投资(万元)": 16000,
        "三篇大文章": "培育壮大新字号", "行业代码": "3985", "工业项目": "是", "协议类型": "正式合同", "资金来源地": "省外",
    } | changes  # fmt: skip
    for cell in sheet[1]:
        if cell.value in row:
            sheet.cell(2, cell.column, row[cell.value])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(page: Page, content: bytes, name: str) -> None:
    """Choose a file and look at its preview."""
    page.goto(f"{LEDGER}import/")
    page.set_input_files("#id_file", {"name": name, "mimeType": FILES[0], "buffer": content})
    page.get_by_role("button", name="预览").click()
    page.wait_for_selector("#progress .message", timeout=30_000)


def test_import_names_every_error_then_writes_all_or_nothing_and_only_once(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/", account="tongji")
    before = signed_projects(page)
    wrong = filled(page, **{"合同额(万元)": "一亿五", "协议类型": "口头"})
    hand_in(page, wrong, "错.xlsx")
    expect(page.locator(".message-error")).to_contain_text("一条也没有写入")
    rows = [" ".join(row.locator("td").all_inner_texts()) for row in page.locator(".errors-table tbody tr").all()]
    assert any("合同额" in row and "2" in row for row in rows)
    assert any("协议类型" in row for row in rows)
    assert faults(page, "import errors") == []
    assert signed_projects(page) == before

    right = filled(page)
    hand_in(page, right, "对.xlsx")
    expect(page.locator(".message-success")).to_contain_text("将新增 1 条")
    assert faults(page, "import preview") == []
    page.get_by_role("button", name="写入 1 条").click()
    expect(page.locator(".message-success")).to_contain_text("已写入 1 条", timeout=30_000)
    assert signed_projects(page) == before + 1

    hand_in(page, right, "对.xlsx")
    expect(page.locator("#progress .message")).to_contain_text("以前导入过")
    assert signed_projects(page) == before + 1


def test_brief_is_previewed_kept_as_a_version_and_exported(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/briefs/investment/edit/", account="bianji")
    page.fill("#id_headline", "招商快讯:{investment.projects}")
    page.get_by_role("button", name="预览").click()
    preview = page.locator("article[aria-label=预览]")
    expect(preview.get_by_role("heading")).to_contain_text("招商快讯:")
    assert faults(page, "brief preview") == []
    page.fill("#id_body", "{investment.no_such_figure}")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator("[data-errors]")).to_contain_text("没有这个数据")
    page.fill("#id_body", "截至{day}签约{investment.projects}。")
    page.get_by_role("button", name="保存为新版本").click()
    expect(page.locator(".message-success")).to_contain_text("第 2 版")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 DOCX").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.goto("/")
    expect(page.locator(".lead-story h2")).to_contain_text("招商快讯")


def test_published_figure_stands_on_its_page_and_is_counted_again(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/figures/villages.waste/", account="tongji")
    page.fill("#note", "演示:见报")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="发布这个数值").click()
    expect(page.locator("#published tbody tr").first).to_contain_text("13.35万吨")
    assert faults(page, "published") == []
    page.locator("#published tbody a").first.click()
    expect(page.locator(".message-success")).to_contain_text("与公布的数值相符")
    assert faults(page, "snapshot") == []


@pytest.fixture
def proof(own_city: City, open_page: OpenPage, tmp_path: Path) -> dict[str, Any]:
    """The proof of a sealed record, downloaded from its page."""
    page = open_page(own_city, f"{LEDGER}1/", account="tongji")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载封存证明").click()
    found: dict[str, Any] = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    return found


def test_ledger_is_recomputed_on_demand(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/proofs/investment.signing/", account="tongji")
    page.get_by_role("button", name="现在重新计算").click()
    expect(page.locator(".message-success")).to_contain_text("条已封存记录与封印相符")
    assert faults(page, "recomputed") == []


def test_proof_holds_until_it_is_altered(own_city: City, open_page: OpenPage, proof: dict[str, Any]) -> None:
    page = open_page(own_city, "/proofs/")
    page.fill("#id_proof", json.dumps(proof, ensure_ascii=False))
    page.get_by_role("button", name="检验").click()
    expect(page.locator(".message-success")).to_contain_text("证明成立")
    proof["record"]["contract_fen"] += 1
    page.fill("#id_proof", json.dumps(proof, ensure_ascii=False))
    page.get_by_role("button", name="检验").click()
    expect(page.locator(".message-error")).to_contain_text("证明不成立")
    page.fill("#id_proof", "[1, 2")
    page.get_by_role("button", name="检验").click()
    expect(page.locator("[data-errors]")).to_contain_text("不是合法的 JSON")
