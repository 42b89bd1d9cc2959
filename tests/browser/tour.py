"""What both tours share: somebody at the desk or on a phone, the list by keyboard, what the city says in figures."""

from __future__ import annotations

import re
import subprocess
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import settled_overflow, violations
from tests.browser.conftest import ROOT, YZT, City, OpenPage, environment

PHONE = 360
OWN = "0000号"
"""Part of the name of the sample enterprise for which ``qiye`` acts and which ``guanjia`` serves."""


class Tour:
    """One newcomer's city: who has come in already, each with a page of his own."""

    def __init__(self, city: City, open_page: OpenPage) -> None:
        self.city, self._open, self._pages = city, open_page, dict[tuple[str, int], Page]()

    def at(self, account: str, path: str, width: int = 1280) -> Page:
        """Return the page of an account, gone to ``path``."""
        key = (account, width)
        if key not in self._pages:
            self._pages[key] = self._open(self.city, account=account, width=width)
        self._pages[key].goto(path)
        return self._pages[key]

    def worked(self) -> None:
        """Let the jobs of the background be done that are due: papers, messages, search."""
        subprocess.run([*YZT, "work", "--once"], cwd=ROOT, env=environment(self.city.home), check=True, timeout=240)

    def figure(self, code: str) -> Decimal:
        """Return what a figure's page says, to everybody."""
        page = self.at("", f"/figures/{code}/")
        return Decimal(page.locator(".figure-value .num").first.inner_text().replace(",", ""))


def follow(locator: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: what is read next is read of it."""
    with locator.page.expect_navigation():
        locator.click()


def said(page: Page, text: str) -> None:
    """Expect the page to say that something was done."""
    expect(page.locator(".messages")).to_contain_text(text)


def clean(page: Page, where: str) -> None:
    """Expect no violation that axe-core knows, and no sideways scrolling, on the page as it stands."""
    found = violations(page, where)
    assert not found, "\n".join(found)
    assert settled_overflow(page) <= 0, f"{where} scrolls sideways"


def fold(page: Page, summary: str) -> Locator:
    """Return one of the desk's ways of handling, unfolded."""
    found = page.locator("[data-doing] details", has=page.locator("summary", has_text=re.compile(rf"^\s*{summary}")))
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def open_by_keyboard(page: Page, title: str) -> None:
    """Go down the list with J to the row of that title, claim it with C, go there again, and open it with Enter."""
    _walk_to(page, title)
    page.keyboard.press("c")
    said(page, "领取")
    _walk_to(page, title)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)


def _walk_to(page: Page, title: str) -> None:
    titles = page.locator("[data-row] [data-open]").all_inner_texts()
    for _ in range(1 + next(place for place, each in enumerate(titles) if title in each)):
        page.keyboard.press("j")
    expect(page.locator("[data-row].current [data-open]")).to_contain_text(title)
