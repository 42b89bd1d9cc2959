"""Signing in: two factors for staff, refusals that say so, and a lock after five wrong passwords."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import PASSWORD, City, OpenPage


def test_staff_give_two_factors_and_a_wrong_code_is_refused(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/accounts/login/?next=/ledgers/")
    page.fill("#id_username", "lingdao")
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/accounts/second-factor/**")
    assert faults(page, "second factor") == []
    page.goto("/accounts/password/")
    assert "/accounts/second-factor/" in page.url
    shown = page.locator(".message-warning strong").inner_text()
    page.fill("#id_code", f"{(int(shown) + 1) % 1_000_000:06d}")
    page.click("main form button")
    expect(page.locator("[data-errors]")).to_contain_text("动态码不对或已过期")
    page.wait_for_timeout(1500)
    page.goto("/accounts/second-factor/?next=/ledgers/")
    page.fill("#id_code", page.locator(".message-warning strong").inner_text())
    page.click("main form button")
    page.wait_for_url("**/ledgers/")
    expect(page.locator(".shell-tools")).to_contain_text("演示领导")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_the_public_needs_one_factor(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/accounts/login/?next=/check/")
    page.fill("#id_username", "jizhe")
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/check/")
    expect(page.get_by_role("button", name="开始核对")).to_be_visible()


def test_five_wrong_passwords_lock_the_account(own_city: City, open_page: OpenPage) -> None:
    page = open_page(own_city, "/accounts/login/")
    for attempt in range(6):
        page.goto("/accounts/login/")
        page.fill("#id_username", "taizhang")
        page.fill("#id_password", f"wrong-{attempt}")
        page.click("main form button")
        if attempt == 0:
            expect(page.locator("[data-errors]")).to_be_focused()
            assert faults(page, "wrong password") == []
    expect(page.locator("main")).to_contain_text("锁定")
    assert faults(page, "locked") == []
    page.goto("/accounts/login/")
    page.fill("#id_username", "taizhang")
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("锁定")
