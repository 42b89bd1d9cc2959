"""The sample city in a real browser: built once per run, served by the product itself, played with Chromium.

Tests that only look share one server; a module that changes something asks for ``own_city``, a server over a copy of its own.
``YZT_BROWSER_CITY`` may name a prepared ``YZT_HOME`` with the sample city, to save building it while working on the tests.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "Yanshi-2021"
YZT = [sys.executable, "-m", "yizhantong.project.cli"]
BUILD_SECONDS = 400
START_SECONDS = 60
STOP_SECONDS = 90
expect.set_options(timeout=20_000)
"""A machine that runs other tests beside takes longer than the five seconds that are usual."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as played in a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass
class City:
    """A running platform: its address, its home, and who is signed in already."""

    base: str
    home: Path
    sessions: dict[str, Any] = field(default_factory=dict)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a platform of its own: nothing of the test database's, and the keys of its own home."""
    foreign = ("DATABASE_URL", "YZT_TEST_DATABASE", "YZT_SEALING_KEY", "YZT_SECRET_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"YZT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], home: Path, port: int, seconds: int) -> Iterator[str]:
    """Run a server until the block ends; it has answered when the block starts."""
    base = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(home), stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(base, process, home, seconds)
        yield base
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(15)
        _wait_for_the_last_of(process.pid)


def _wait_for_the_last_of(group: int) -> None:
    """Wait until a server's own children have closed the database too: only then are its files whole."""
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)


def _wait_for(base: str, process: subprocess.Popen[bytes], home: Path, seconds: int) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/help/", timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the platform did not answer at {base}:\n{(home / 'server.log').read_text()[-2000:]}")


@pytest.fixture(scope="session")
def prepared() -> Path:
    """Return the home of a sample city that nobody changes; the first of several workers builds it."""
    if given := os.environ.get("YZT_BROWSER_CITY"):
        return Path(given)
    home = Path(os.environ["YZT_HOME"]) / "browser-city"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "built").exists():
            port = _free_port()
            command = [*YZT, "serve", "--sample", "--port", str(port), "--workers", "1"]
            with _running(command, home, port, BUILD_SECONDS):
                pass
            (home / "built").touch()
    return home


@contextmanager
def _served(prepared: Path, home: Path) -> Iterator[City]:
    shutil.copytree(prepared, home, ignore=shutil.ignore_patterns("staging", "tmp", "lock", "*.log"))
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "2", "yizhantong.project.wsgi:application"]
    with _running(command, home, port, START_SECONDS) as base:
        yield City(base, home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def city(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city to look at."""
    with _served(prepared, tmp_path_factory.mktemp("city") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def own_city(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city that this module may change."""
    with _served(prepared, tmp_path_factory.mktemp("own") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a page of a city; what the browser's console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        city: City, path: str = "", *, width: int = 1280, account: str = "", language: str = "zh-hans", **options: Any
    ) -> Page:
        state = session_of(browser, city, account) if account else None
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=city.base, storage_state=state,
            locale="en-GB" if language == "en" else "zh-CN", reduced_motion="reduce", **options,
        )  # fmt: skip
        context.add_cookies([{"name": "django_language", "value": language, "url": city.base}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _complains(message) else None)
        if path:
            page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _complains(message: Any) -> bool:
    expected = ("status of 4", "ERR_INTERNET_DISCONNECTED")  # refusals, and a network that a test switched off
    return message.type == "error" and not any(part in message.text for part in expected)


def session_of(browser: Browser, city: City, account: str) -> Any:
    """Return the cookies of an account that has signed in with both factors, once per city."""
    if account not in city.sessions:
        context = browser.new_context(base_url=city.base, locale="zh-CN")
        page = context.new_page()
        sign_in(page, account)
        city.sessions[account] = context.storage_state()
        context.close()
    return city.sessions[account]


def sign_in(page: Page, account: str, password: str = PASSWORD) -> None:
    """Sign in; give the one-time code that the page of a sample account shows."""
    page.goto("/accounts/login/?next=/ledgers/")
    page.fill("#id_username", account)
    page.fill("#id_password", password)
    with page.expect_navigation():
        page.click("main form button")
    if page.locator("#id_code").count():
        page.fill("#id_code", page.locator(".message-warning strong").inner_text())
        with page.expect_navigation():
            page.click("main form button")
    assert page.url.endswith("/ledgers/"), f"{account} was not let in: {page.locator('main').inner_text()}"
