"""A request's whole way between two cities: received here, decided there, handed out here; and all that can come between.

Two instances, each with a home, a database, keys, a web server and a worker of its own: the sample city, and its twin as ``yzt crossregion twin``
makes it.
"""

from __future__ import annotations

import io
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import conftest as served
from tests.browser.axe import faults
from tests.browser.conftest import ROOT, YZT, City, OpenPage, environment
from tests.browser.tour import PHONE, Tour, clean, fold, follow, said

CODE, NAME = "990100", "演示邻市"
ASKER, IDENTITY = "演示居民", "21070319910917028X"
"""The sample account ``jumin``: she stands in both cities' registers under the same number."""
MOVE, CURE = "户口迁移", "异地就医备案"
SENT_ANEW = re.compile("已排入发送|对方已收")
"""What is said to who has a message sent at once: it is sent, or its own next attempt was a moment earlier."""
PATIENCE = 40.0
"""Seconds within which a message must have gone to the other city and its answer have come back."""


@dataclass
class Town:
    """One of the two cities: what makes its processes be that city, and those that run."""

    home: Path
    port: int
    told: dict[str, str]
    server: ExitStack | None = None

    @contextmanager
    def being(self) -> Iterator[None]:
        """Let processes that are started within be this city."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.told.items():
                patch.setenv(name, value)
            yield

    def up(self) -> None:
        """Serve."""
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        command += ["--workers", "1", "--blocking-threads", "2", "yizhantong.project.wsgi:application"]
        self.server = ExitStack()
        with self.being():
            self.server.enter_context(served._running(command, self.home, self.port, served.START_SECONDS))

    def down(self) -> None:
        """Serve no more."""
        if self.server is not None:
            self.server.close()
            self.server = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """Have a worker do what is due, until the block ends."""
        with self.being(), (self.home / "work.log").open("ab") as log:
            worker = subprocess.Popen([*YZT, "work"], cwd=ROOT, env=environment(self.home), stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(served.STOP_SECONDS)

    @cached_property
    def city(self) -> City:
        """The city as pages are opened of it; who has signed in once is signed in for all tests."""
        return City(self.told["YZT_ADDRESS"], self.home)


@pytest.fixture(scope="module")
def towns(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Town]]:
    """The sample city and its twin, introduced to each other, both served and at work."""
    home = tmp_path_factory.mktemp("towns") / "home"
    shutil.copytree(prepared, home, ignore=shutil.ignore_patterns("staging", "tmp", "lock", "*.log"))
    ports = [served._free_port() for _ in range(2)]
    said_here = {"YZT_ADDRESS": f"http://127.0.0.1:{ports[0]}", "YZT_CROSSREGION_BACK_OFF": "1"}
    said_there = said_here | {
        "YZT_ADDRESS": f"http://127.0.0.1:{ports[1]}",
        "YZT_CROSSREGION_CODE": CODE,
        "YZT_CROSSREGION_NAME": NAME,
    }
    here, there = Town(home, ports[0], said_here), Town(home / "twin", ports[1], said_there)
    with here.being():
        command = [*YZT, "crossregion", "twin", "--once", "--port", str(there.port), "--name", NAME, "--code", CODE]
        subprocess.run(command, cwd=ROOT, env=environment(home), check=True, timeout=served.BUILD_SECONDS)
    shutil.copytree(home / "static", there.home / "static", dirs_exist_ok=True)
    with ExitStack() as running:
        for town in (here, there):
            running.callback(town.down)
            town.up()
            running.enter_context(town.working())
        yield here, there
    shutil.rmtree(home.parent, ignore_errors=True)


@pytest.fixture
def tours(towns: tuple[Town, Town], open_page: OpenPage) -> tuple[Tour, Tour]:
    """A newcomer in each of both cities."""
    return Tour(towns[0].city, open_page), Tour(towns[1].city, open_page)


def picture(name: str, shade: str) -> Any:
    """Return a scan; one of another shade is another file."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), shade).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def awaited(page: Page, where: Locator, text: str | re.Pattern[str]) -> None:
    """Look again until the other city's answer is there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            expect(where).to_contain_text(text, timeout=500)
            return
        except AssertionError:
            if time.monotonic() > until:
                raise
            page.reload()


def confirmed(page: Page, button: Locator) -> None:
    """Press a button, and say yes where it asks."""
    page.once("dialog", lambda dialog: dialog.accept())
    button.click()


def connected(here: Tour, there: Tour) -> None:
    """Test the connection from both sides, which learns the other's list of items."""
    for tour, name in ((here, NAME), (there, None)):
        page = tour.at("tongban", "/crossregion/partners/")
        follow(page.locator("main table").get_by_role("link", name=name or re.compile("锦州")))
        page.get_by_role("button", name="测试连接并更新清单").click()
        said(page, "连接正常")
        expect(page.locator("main")).to_contain_text(MOVE)
    assert faults(here.at("tongban", f"/crossregion/partners/{CODE}/"), "a city") == []


def received(here: Tour) -> str:
    """Take the asker's request in at the counter with her papers, and hand it over; return its number."""
    page = here.at("tongban", f"/crossregion/counter/?q={MOVE}")
    page.get_by_label(MOVE).check()
    clean(page, "choice at the counter")
    follow(page.get_by_role("button", name="收件", exact=True))
    page.get_by_label("姓名或单位名称").fill(ASKER)
    page.get_by_label("身份证号或统一社会信用代码").fill(IDENTITY)
    page.get_by_label("已核验身份证件原件").check()
    filled(page)
    for field, name in ((r"居民身份证", "身份证.png"), ("户口簿", "户口簿.png")):
        page.get_by_label(re.compile(rf"^{field}")).set_input_files(
            picture(name, "ivory" if "身份" in name else "linen")
        )
    assert faults(page, "form at the counter") == []
    page.get_by_role("button", name="收件并转出").click()
    said(page, "已收件并转出")
    awaited(page, page.locator(".spans"), NAME)
    expect(page.locator("main")).to_contain_text(re.compile("对方编号"))
    return page.url.rstrip("/").split("/")[-1]


def filled(page: Page) -> None:
    """Give every value that the other city's form wants: hers where it is she, else the first that is offered."""
    hers = {
        "姓名": ASKER,
        "身份": IDENTITY,
        "手机": "13904160002",
        "电话": "13904160002",
        "时间": "2021-08-20",
        "日期": "2021-08-20",
    }
    wanted = page.locator("main form [name^='p0-f_'], main form [name^='f_']")
    for field in wanted.all():
        kind = field.evaluate("(node) => node.tagName + ':' + (node.type || '')")
        if kind.startswith("SELECT"):
            if field.get_attribute("required") is not None:
                field.select_option(index=1)
        elif kind not in ("INPUT:radio", "INPUT:checkbox", "INPUT:hidden") and not field.input_value():
            label = page.locator(f"label[for='{field.get_attribute('id')}']").inner_text()
            value = next((text for part, text in hers.items() if part in label), "演示内容")
            field.fill("2021-08-20" if kind.endswith(":date") else value)
    for group in page.locator("main form fieldset:has(input[type=radio][name*='f_'])").all():
        group.locator("input[type=radio]").first.check()


def theirs(there: Tour, here_number: str, item: str) -> tuple[Page, str]:
    """Open the case that the request became in the other city, at its office's desk; return the page and the city's own number."""
    page = there.at("tongban", "/crossregion/cases/?direction=received")
    follow(page.locator("main table tr", has_text=item).first.get_by_role("link"))
    awaited(page, page.locator("main"), "本市办件")
    number = page.locator("a[href^='/desk/cases/']").inner_text()
    assert number != here_number
    return page, number


def supplemented(here: Tour, there: Tour, number: str, case: str) -> None:
    """Let the other city's office ask for what lacks; the asker sees it on her phone, the clerk here gives it, the office there accepts."""
    desk = there.at("gongan", f"/desk/cases/{case}/")
    expect(desk.locator("main")).to_contain_text("跨区通办")
    asking = fold(desk, "补正告知")
    asking.get_by_label("户口簿").first.check()
    asking.locator("input[name^='text:material']").nth(1).fill("户口簿首页看不清,请重新扫描")
    asking.get_by_role("button", name="发出补正告知").click()
    said(desk, "补正告知")
    phone = here.at("jumin", f"/crossregion/mine/{number}/", PHONE)
    awaited(phone, phone.locator("main"), "户口簿首页看不清")
    expect(phone.locator("ol.stations [aria-current=step]")).to_contain_text(NAME)
    clean(phone, "what lacks, on a phone")
    page = here.at("tongban", f"/crossregion/cases/{number}/")
    page.get_by_label(re.compile("^户口簿")).set_input_files(picture("户口簿(清晰).png", "seashell"))
    page.get_by_role("button", name="提交补正").click()
    said(page, "补正已转对方")
    awaited(desk, desk.locator("[data-doing] summary", has_text=re.compile(r"^\s*受理")), "受理")
    accepting = fold(desk, "受理")
    accepting.get_by_label("不动产权证书").check()
    with desk.expect_navigation():
        accepting.get_by_role("button", name="受理").click()
    said(desk, "受理")


def decided(there: Tour, case: str) -> None:
    """Review and decide in the other city, as any case of its own."""
    desk = there.at("gongan", f"/desk/cases/{case}/")
    reviewing = fold(desk, "审查")
    reviewing.locator("input[value=pass]").check()
    reviewing.get_by_label("意见").fill("经核查,情况属实。")
    with desk.expect_navigation():
        reviewing.get_by_role("button").click()
    said(desk, "办结环节")
    deciding = fold(desk, "作出决定")
    deciding.locator("input[value=granted]").check()
    confirmed(desk, deciding.get_by_role("button", name="作出决定"))
    said(desk, "作出决定")


def delivered(here: Tour, there: Tour, number: str) -> None:
    """Hand the result out here; the asker's line is whole, both cities say the same of who answered when."""
    page = here.at("tongban", f"/crossregion/cases/{number}/")
    awaited(page, page.locator("main"), "送达结果")
    awaited(page, page.locator(".papers"), re.compile(r"\.pdf"))
    assert faults(page, "decided, to be handed out") == []
    page.get_by_role("button", name="登记送达").click()
    said(page, "已登记送达")
    spans = page.locator(".spans li").all_inner_texts()
    assert [text.split()[0] for text in spans] == ["锦州市", NAME, "锦州市"]
    phone = here.at("jumin", f"/crossregion/mine/{number}/", PHONE)
    expect(phone.locator("ol.stations .station-done")).to_have_count(4)
    expect(phone.locator(".verdict")).to_contain_text("准予")
    with phone.expect_download() as caught:
        phone.get_by_role("link", name=re.compile(r"\.pdf")).first.click()
    assert caught.value.suggested_filename.endswith(".pdf")
    assert faults(phone, "her case in another city") == []
    other = there.at("tongban", "/crossregion/cases/?direction=received&stage=closed")
    awaited(other, other.locator("main"), MOVE)
    follow(other.locator("main table tr", has_text=MOVE).first.get_by_role("link"))
    assert [text.split()[:3] for text in other.locator(".spans li").all_inner_texts()] == [
        text.split()[:3] for text in spans
    ]


def test_received_here_decided_there_handed_out_here_and_the_citys_figure_moves(tours: tuple[Tour, Tour]) -> None:
    here, there = tours
    codes = ("crossregion.handled", "crossregion.sent", "crossregion.closed", "crossregion.cities")
    before = {code: here.figure(code) for code in codes}
    connected(here, there)
    number = received(here)
    _page, case = theirs(there, number, MOVE)
    supplemented(here, there, number, case)
    decided(there, case)
    delivered(here, there, number)
    assert {code: here.figure(code) - value for code, value in before.items()} == dict.fromkeys(codes, Decimal(1))


def test_asked_from_a_phone_while_the_other_city_is_away_and_given_back_as_not_theirs(
    towns: tuple[Town, Town], tours: tuple[Tour, Tour]
) -> None:
    here, there = tours
    connected(here, there)
    towns[1].down()
    phone = here.at("jumin", f"/crossregion/offers/?q={CURE}", PHONE)
    clean(phone, "offers on a phone")
    follow(phone.locator(".cards li", has_text=NAME).get_by_role("link", name=re.compile("网上申请")))
    filled(phone)
    phone.get_by_label(re.compile("^居民身份证")).set_input_files(picture("身份证.png", "azure"))
    assert faults(phone, "asking on a phone") == []
    phone.get_by_role("button", name="提交", exact=True).click()
    said(phone, "已提交")
    number = phone.url.rstrip("/").split("/")[-1]
    mail = here.at("tongban", "/crossregion/mail/?state=waiting")
    row = mail.locator("main table tr", has_text=number)
    awaited(mail, row, "连不上")
    assert faults(mail, "outbox with a silent partner") == []
    towns[1].up()
    row.get_by_role("button", name=re.compile("立即重发")).click()
    expect(mail.locator(".messages")).to_contain_text(SENT_ANEW)
    awaited(phone, phone.locator(".spans"), NAME)
    page, _case = theirs(there, number, CURE)
    page.get_by_label("为什么不属本市办理").fill("参保地不在本市,请转参保地办理")
    confirmed(page, page.get_by_role("button", name="退回对方城市"))
    said(page, "已退回")
    clerk = here.at("tongban", f"/crossregion/cases/{number}/")
    awaited(clerk, clerk.locator("main"), "参保地不在本市")
    expect(clerk.locator("ol.stations .station-stopped")).to_contain_text("退回")
    assert faults(clerk, "given back") == []
    clerk.get_by_label("理由").fill("办理地确认参保地不在该市,请向参保地申请")
    clerk.get_by_label("依据").fill("国家医保局有关异地就医直接结算的规定")
    clerk.get_by_role("button", name="答复", exact=True).click()
    said(clerk, "已答复申请人")
    phone.goto("/crossregion/mine/")
    expect(phone.locator(".cards")).to_contain_text("已退回")
    assert faults(phone, "my requests elsewhere") == []
