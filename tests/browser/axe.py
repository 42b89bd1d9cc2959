"""Accessibility as axe-core judges it: WCAG 2.2 AA and best practice, in every state that a test brings a page into."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 360)

COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: a page's dark dress changes nothing else."""

_RUN = """async (only) => {
  const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return found.violations.map((item) => `${item.id}: ${item.nodes.slice(0, 4).map((node) =>
    `${node.target.join(" ")} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""})`).join(" | ")}`);
}"""
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SETTLING = 3.0
"""Seconds within which a page must fit its new width: charts are drawn anew a moment after the window has changed."""


def set_dark(page: Page, on: bool) -> None:
    """Switch the page to its dark or light colours."""
    page.evaluate("(on) => { const root = document.documentElement; root.classList.toggle('dark', on);"
                  " root.dataset.bsTheme = on ? 'dark' : 'light'; }", on)  # fmt: skip


def violations(page: Page, where: str = "", *, colours: bool = False) -> list[str]:
    """Return what axe-core finds on the page as it stands; ``colours``: by the rules for colours alone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": COLOURS} if colours else {"type": "tag", "values": TAGS}
    return [f"{where} {item}" for item in page.evaluate(_RUN, only)]


def settled_overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window once it has settled."""
    until = time.monotonic() + _SETTLING
    while (over := int(page.evaluate(_WIDE))) > 0 and time.monotonic() < until:
        page.wait_for_timeout(50)
    return over


def faults(page: Page, where: str = "") -> list[str]:
    """Return the violations in light and dark, wide and narrow, and any page that is wider than its window."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (over := settled_overflow(page)) > 0:
            found.append(f"{where} {width}px: scrolls sideways by {over} px")
        for dark in (False, True):
            set_dark(page, dark)
            found += violations(page, f"{where} {width}px {'dark' if dark else 'light'}", colours=dark)
    set_dark(page, False)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found
