"""Take the pictures of the README from the running product: front page, a draft checked, desk, case, hall, my space.

make run            # in one terminal
.venv/bin/python scripts/pictures.py http://127.0.0.1:8000
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1280, "height": 860}


def front(page: Page, base: str) -> None:
    """Take the front page with the records of one numeral beside it."""
    page.goto(base + "/", wait_until="networkidle")
    page.wait_for_selector("html[data-drawn]")
    page.wait_for_timeout(1200)
    page.screenshot(path=PICTURES / "front.png")


def sign_in(page: Page, base: str, account: str, then: str) -> None:
    """Sign in as a sample account, with the one-time code that the page shows, and go to ``then``."""
    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/?next={then}")
    page.fill("#id_username", account)
    page.fill("#id_password", "Yanshi-2021")
    page.click("main form button.btn-primary")
    if page.locator("#id_code").count():
        page.fill("#id_code", page.inner_text(".message strong"))
        page.click("main form button.btn-primary")
    page.wait_for_url(base + then)


def desk(page: Page, base: str) -> None:
    """Take an approver's list, and one of its cases: an application on its way through the joint review."""
    sign_in(page, base, "shenpi", "/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.screenshot(path=PICTURES / "desk.png")
    page.locator("[data-row]", has_text="形式审查").locator("[data-open]").first.click()
    page.wait_for_selector(".case-grid")
    page.screenshot(path=PICTURES / "case.png")


def hall(page: Page, base: str) -> None:
    """Take the hall as somebody finds it, and an enterprise's own space."""
    page.goto(base + "/services/")
    page.screenshot(path=PICTURES / "hall.png")
    sign_in(page, base, "qiye", "/my/")
    page.screenshot(path=PICTURES / "my.png")


def checked(page: Page, base: str) -> None:
    """Sign in as the sample's editor, check the draft, and open the evidence of its first fault."""
    sign_in(page, base, "bianji", "/check/")
    page.fill("#id_text", (PICTURES / "draft.txt").read_text(encoding="utf-8"))
    page.click("main form button.btn-primary")
    page.wait_for_selector(".draft-text")
    page.locator("a.mark-bad").first.click()
    page.wait_for_selector(".evidence-head")
    page.evaluate("document.querySelector('.proofs').scrollIntoView()")
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / "check.png")


def main(base: str) -> None:
    """Take all pictures."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, locale="zh-CN").new_page()
        front(page, base)
        hall(page, base)
        desk(page, base)
        checked(page, base)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
