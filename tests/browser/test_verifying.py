"""A citizen verifies a document: by number and code, by the PDF itself, and sees at once when it was revoked or forged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import ROOT, City, OpenPage, environment

ISSUE = """
import json
import django
django.setup()
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import papers, vault
from yizhantong.kernel.files.issuing import revoke
from yizhantong.kernel.parties.models import Organisation
office = Organisation.objects.filter(kind="agency").order_by("uscc").first()
matter = papers.Matter("YS-1", "演示事项", "张小明", "person", clock.now())
first, second = (papers.issue_paper(papers.receipt(matter, []), issuer=office, account=None) for _ in range(2))
revoke(second, reason="登记有误", account=None)
told = [{"number": one.number, "code": one.verify_code, "path": str(vault.path_of(one.sha256))} for one in (first, second)]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def papers(own_city: City) -> list[dict[str, str]]:
    """A document that stands and one that was revoked."""
    command = [sys.executable, "-c", ISSUE]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(own_city.home), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_number_and_code_as_typed_from_paper_lead_to_the_verdict(
    own_city: City, open_page: OpenPage, papers: list[dict[str, str]]
) -> None:
    page = open_page(own_city, "/verify/")
    page.get_by_label("文号").fill(papers[0]["number"].replace("〔", "[").replace("〕", "]"))
    page.get_by_label("验证码").fill(papers[0]["code"].lower())
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page.locator("h1")).to_have_text("真实有效")
    expect(page.locator("dl")).to_contain_text("张*明")
    assert faults(page, "genuine") == []


def test_the_original_pdf_is_confirmed(
    own_city: City, open_page: OpenPage, papers: list[dict[str, str]], tmp_path: Path
) -> None:
    original = tmp_path / "original.pdf"
    original.write_bytes(Path(papers[0]["path"]).read_bytes())
    page = open_page(own_city, "/verify/")
    page.get_by_label("文书 PDF").set_input_files(original)
    page.get_by_role("button", name="比对").click()
    expect(page.locator("[role=status]")).to_contain_text("逐位一致")


def test_a_revoked_document_says_so_with_its_reason(
    own_city: City, open_page: OpenPage, papers: list[dict[str, str]]
) -> None:
    page = open_page(own_city, f"/verify/{papers[1]['code']}/")
    expect(page.locator("h1")).to_have_text("已经撤销")
    expect(page.locator("dl")).to_contain_text("登记有误")
    assert faults(page, "revoked") == []
