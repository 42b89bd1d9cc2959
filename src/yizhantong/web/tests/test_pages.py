"""Pages as the server gives them: quick, careful of who asks, unmoved by bad input, and from this host alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from yizhantong.web.api.tests.conftest import AWAY, HOME, Town
from yizhantong.web.tests.conftest import Browse
from yizhantong.web.views import pages

pytestmark = pytest.mark.django_db

SIGNING = "/ledgers/investment.signing/"
PUBLIC = (
    "/", "/?as_of=2021-03-01", "/figures/", "/figures/?zone=investment&q=签约", "/figures/investment.projects/",
    "/figures/investment.large_share/", "/figures/training.sessions/?level=county", "/figures/investment.projects/drawer/",
    "/figures/investment.projects/chart/", "/zones/", "/zones/investment/", "/ledgers/", SIGNING, "/briefs/",
    "/briefs/investment/", "/proofs/", "/proofs/investment.signing/", "/check/", "/help/", "/accounts/login/",
)  # fmt: skip
STAFF = (f"{SIGNING}new/", f"{SIGNING}import/", "/briefs/investment/edit/", "/accounts/me/", "/accounts/password/")
LISTS = {
    "/figures/": 12, "/zones/investment/": 12, "/ledgers/": 12, SIGNING: 12, "/ledgers/training.session/": 12,
    "/briefs/": 12, "/proofs/": 12, "/proofs/investment.signing/": 12, "/check/": 12, "/": 12,
}  # fmt: skip
BAD = (
    "/?as_of=yesterday", "/?as_of=2099-01-01", "/?as_of=0000-00-00", "/?as_of=%00", "/figures/?as_of=99999-01-01",
    "/figures/?division=nowhere", "/figures/?zone=none", "/figures/none.such/", "/figures/%00/", "/figures/a/drawer/",
    "/figures/investment.projects/?after=x", "/figures/investment.projects/?after=99999999999999999999999",
    "/figures/investment.projects/?after=-1", "/figures/investment.projects/?division=%F0%9F%98%80&by=x&level=x",
    "/figures/investment.projects/chart/?level=moon&division=1", "/figures/investment.projects/records/?format=pdf",
    "/zones/none/", "/ledgers/none.such/", f"{SIGNING}?after=x", f"{SIGNING}?after=99999999999999999999999",
    f"{SIGNING}?since=soon", f"{SIGNING}?division=1&f.agreement=x&f.contract_fen=%00&q=%00", f"{SIGNING}?q={'长' * 2000}",
    f"{SIGNING}?f.contract_fen=many", f"{SIGNING}?f.occurred_on=never", f"{SIGNING}99999999999999999999/",
    f"{SIGNING}0/", f"{SIGNING}export/?since=soon", f"{SIGNING}import/../../x/", f"{SIGNING}import/{'a' * 16}/",
    "/briefs/none/", "/briefs/investment/?as_of=x", "/briefs/investment/edit/?version=99999999999", "/proofs/none.such/",
    "/proofs/investment.signing/facts/99999999999999999999/", "/proofs/investment.signing/since/99999999999999999999/",
    "/check/none/", "/check/none/claims/9/", "/check/none/report.exe", "/accounts/login/?next=//evil.example/",
)  # fmt: skip


class Addresses(HTMLParser):
    """Collects what a page fetches, and what is inline in it."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.fetched += [value for name in ("src", "href", "action", "hx-get") if (value := given.get(name))]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def read(answer: HttpResponse) -> Addresses:
    found = Addresses()
    found.feed(answer.content.decode())
    return found


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_page_is_whole_and_from_this_host_alone(browse: Browse, path: str, language: str) -> None:
    answer = browse(language=language).get(path)
    assert answer.status_code == 200
    found = read(answer)
    assert [
        item for item in found.fetched if re.match(r"[a-z]+:|//", item) and not item.startswith("data:image/")
    ] == []
    assert found.inline == []


@pytest.mark.parametrize("path", STAFF)
def test_page_of_staff_is_whole_for_staff_and_leads_others_to_the_sign_in(browse: Browse, path: str) -> None:
    answer = browse("statistician").get(path)
    assert answer.status_code == 200
    assert read(answer).inline == []
    assert browse().get(path)["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("path", ["/", "/figures/investment.projects/", "/zones/investment/", "/ledgers/", "/help/"])
def test_english_page_has_no_chinese_but_names(browse: Browse, path: str) -> None:
    page = browse(language="en").get(path).content.decode()
    text = re.sub(
        r"<[^>]*lang=\"zh-hans\"[^>]*>.*?</|<(option|td|script|title|code)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S
    )
    text = re.sub(r'<dd class="code">.*?</dd>|协议类型 = &quot;formal&quot;|一', " ", text)
    assert sorted(set(re.findall(r"[一-鿿]+", text))) == []


@pytest.mark.parametrize(("path", "most"), LISTS.items())
def test_list_asks_the_database_few_questions(browse: Browse, path: str, most: int) -> None:
    client = browse("statistician")
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    own = [item["sql"] for item in asked.captured_queries if not item["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(own) <= most, "\n".join(own)


def test_queries_of_a_list_do_not_grow_with_its_rows(browse: Browse) -> None:
    client = browse("statistician")
    counts = []
    for path in ("/ledgers/training.session/?q=PX-001", "/ledgers/training.session/"):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", BAD)
@pytest.mark.parametrize("who", ["", "statistician"])
def test_bad_input_is_refused_or_ignored_but_never_breaks(browse: Browse, path: str, who: str) -> None:
    answer = browse(who).get(path)
    assert answer.status_code in (200, 302, 400, 403, 404), answer.status_code
    assert "evil.example" not in answer.get("Location", "")


def test_sign_in_leads_to_no_other_host(town: Town, browse: Browse) -> None:
    given = {"username": "journalist", "password": "Yanshi-2021", "next": "https://evil.example/"}
    assert browse().post("/accounts/login/?next=https://evil.example/", given)["Location"] == "/"
    assert browse().post("/language/", {"language": "en", "next": "//evil.example/"})["Location"] == "/"
    assert "django_language" not in browse().post("/language/", {"language": "xx"}).cookies


def test_public_sees_public_columns_and_no_way_to_change(town: Town, browse: Browse) -> None:
    page = browse().get(SIGNING).content.decode()
    for hidden in ("登记人", "导入", f"{SIGNING}new/"):
        assert hidden not in page
    number = town.facts["investment.signing"][0]
    fact = browse().get(f"{SIGNING}{number}/").content.decode()
    assert "红字冲销" not in fact
    assert browse().get(f"/proofs/investment.signing/facts/{number}/").status_code == 403
    assert browse().post("/proofs/investment.signing/recompute/").status_code == 403


def test_clerk_takes_back_in_his_county_and_nowhere_else(town: Town, browse: Browse) -> None:
    from yizhantong.kernel.ledger import ledger

    facts = ledger("investment.signing").model._default_manager
    own, foreign = (facts.filter(division_id=code, sign=1).first().pk for code in (HOME, AWAY))
    clerk = browse("clerk")
    assert "红字冲销" in clerk.get(f"{SIGNING}{own}/").content.decode()
    assert clerk.get(f"{SIGNING}{foreign}/").status_code in (200, 404)
    answer = clerk.post(f"{SIGNING}{foreign}/reverse/", {"reason": "不归我管"})
    assert answer.status_code in (403, 404)
    assert not facts.filter(reverses_id=foreign).exists()
    assert clerk.post(f"{SIGNING}{own}/reverse/", {"reason": "登记错误"}).status_code == 302
    assert facts.filter(reverses_id=own).exists()


def test_division_of_another_county_is_no_choice_of_the_form(browse: Browse) -> None:
    answer = browse("clerk").post(f"{SIGNING}new/", {"division_id": AWAY, "occurred_on": "2021-08-01"})
    assert answer.status_code == 422
    assert "division_id" in answer.context["form"].errors


@pytest.mark.parametrize(
    "path", [f"{SIGNING}new/", f"{SIGNING}import/", f"{SIGNING}template/", "/briefs/investment/edit/"]
)
def test_journalist_is_refused_in_words(browse: Browse, path: str) -> None:
    answer = browse("journalist").get(path)
    assert answer.status_code == 403
    assert "没有“" in answer.content.decode()
    assert "has no permission to" in browse("journalist", "en").get(path).content.decode()


def test_form_needs_its_token(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"username": "clerk", "password": "Yanshi-2021"})
    assert answer.status_code == 403
    assert "表单可能已过期" in answer.content.decode()


def test_every_answer_carries_its_safeguards(browse: Browse) -> None:
    for path in ("/", "/no-such-page/", "/?as_of=x", "/ledgers/"):
        headers = browse().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("view", "status"), [("bad_request", 400), ("forbidden", 403), ("not_found", 404), ("failed", 500)]
)
def test_error_page_says_what_to_do(town: Town, view: str, status: int) -> None:
    request: Any = RequestFactory().get("/")
    request.user = town.users["clerk"]
    request.session = {}
    answer = getattr(pages, view)(request)
    assert answer.status_code == status
    assert f"{status}" in answer.content.decode() or status == 500
    assert read(answer).inline == []


def test_failure_of_the_platform_shows_its_page_and_no_trace(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_given: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("yizhantong.kernel.articles.briefs.front", break_down)
    answer = browse().get("/")
    assert answer.status_code == 500
    assert "系统故障" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_a_database_that_is_busy_for_too_long_is_said_to_be_busy(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_given: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("yizhantong.kernel.articles.briefs.front", locked)
    answer = browse().get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "系统繁忙" in answer.content.decode()
