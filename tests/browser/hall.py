"""What tours share of the hall and the desk: applying by a service's form, and what an official does with the case."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.tour import Tour, clean, fold, follow, said


def picture(name: str, colour: str = "ivory") -> Any:
    """Return a scan as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), colour).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def applied(page: Page, item: str, given: Mapping[str, str], *, as_party: str = "") -> str:
    """Apply for a service from its guide: fill in (by data element; a label where there is a choice), upload, submit; return the number."""
    page.goto(f"/services/{item}/")
    clean(page, f"guide of {item}")
    follow(page.get_by_role("link", name=re.compile("在线办理|在线申报|开始办理")).first)
    if page.get_by_role("heading", name="为谁办理?").count():
        follow(page.locator(".choice-list button", has_text=as_party).first)
    for code, value in given.items():
        filled(page, code, value)
    clean(page, f"form of {item}")
    follow(page.get_by_role("button", name="下一步"))
    for place in range(page.locator("form[data-upload]").count()):
        row = page.locator(".materials > li").nth(place)
        row.locator("input[type=file]").set_input_files(picture(f"材料{place}.png"))
        row.get_by_role("button", name="上传", exact=True).click()
        expect(row.get_by_role("link", name=f"材料{place}.png")).to_be_visible()
    if page.locator(".next-action", has_text="下一步").count():
        follow(page.locator(".next-action", has_text="下一步"))
    page.locator("#true").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    return page.url.rstrip("/").split("/")[-2]


def filled(page: Page, code: str, value: str) -> None:
    """Fill in one element of a form, or choose what is labelled so."""
    field = page.locator(f"[data-field={code}]")
    if field.locator("select").count():
        field.locator("select").select_option(label=value)
    elif field.locator("input[type=radio]").count():
        field.get_by_label(value, exact=True).check()
    else:
        field.locator(f"[name={code}]").fill(value)


def accepted(tour: Tour, account: str, number: str) -> Page:
    """Accept a case at the desk."""
    page = tour.at(account, f"/desk/cases/{number}/")
    fold(page, "受理").get_by_role("button", name="受理").click()
    said(page, "受理")
    return page


def passed(tour: Tour, account: str, number: str, step: str) -> Page:
    """Let a step of the case pass, as an official does."""
    page = tour.at(account, f"/desk/cases/{number}/")
    doing = fold(page, step)
    doing.locator("input[value=pass]").check()
    doing.get_by_label("意见").fill("经核查,情况属实。")
    doing.get_by_role("button").click()
    said(page, "办结环节")
    return page


def granted(tour: Tour, account: str, number: str) -> Page:
    """Decide to grant what is asked for."""
    page = tour.at(account, f"/desk/cases/{number}/")
    deciding = fold(page, "作出决定")
    deciding.locator("input[value=granted]").check()
    page.once("dialog", lambda dialog: dialog.accept())
    deciding.get_by_role("button", name="作出决定").click()
    said(page, "作出决定")
    return page


def moved_on(tour: Tour, account: str, day: str) -> None:
    """Let the sample city go on to a later day."""
    page = tour.at(account, "/demonstration/")
    page.get_by_label("走到哪一天").fill(day)
    page.get_by_role("button", name="往后走").click()
    said(page, day)
