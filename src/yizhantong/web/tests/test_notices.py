"""One's notices on pages and for programs: nobody sees another's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from yizhantong.kernel.access.models import User
from yizhantong.kernel.notices import actions, declare_kind, kinds, wishes
from yizhantong.kernel.notices.models import Notice, Preference
from yizhantong.web.api.tests.conftest import Town
from yizhantong.web.tests.conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {})
    wishes.forget()
    declare_kind("t.step", "进展提醒", {"mail": "daily"})
    declare_kind("t.legal", "法定告知", mandatory=True)


@pytest.fixture
def me(town: Town) -> User:
    return town.users["statistician"]


def tell(account: User, count: int = 1, kind: str = "t.step") -> list[Notice]:
    said: dict[str, Any] = {"title": "有进展 <b>", "body": "请看", "link": "/help/", "subject": "A1"}
    return [actions.send(kind, [account], **said)[0] for _number in range(count)]


def test_the_inbox_is_for_who_is_signed_in(browse: Browse) -> None:
    for path in ("/notices/", "/notices/preferences/", "/notices/1/open/"):
        assert browse().get(path).status_code == 302


def test_the_header_counts_what_is_unread(browse: Browse, me: User) -> None:
    client = browse("statistician")
    assert "bell-count" not in client.get("/help/").content.decode()
    tell(me, 3)
    assert ">3<span" in client.get("/help/").content.decode()
    tell(me, 100)
    assert ">99+<span" in client.get("/help/").content.decode()


def test_the_list_shows_unread_first_and_escapes(browse: Browse, me: User) -> None:
    tell(me, 2)
    text = browse("statistician").get("/notices/").content.decode()
    assert "有进展 &lt;b&gt;" in text
    assert text.count('class="unread"') == 2
    assert "进展提醒" in text


def test_a_list_costs_the_same_for_many(browse: Browse, me: User, django_assert_max_num_queries: Any) -> None:
    tell(me, 80)
    client = browse("statistician")
    client.get("/notices/")
    with django_assert_max_num_queries(12):
        page = client.get("/notices/")
    assert 'rel="next"' in page.content.decode()
    assert client.get("/notices/", {"after": "nonsense"}).status_code == 400


def test_opening_reads_and_leads_on(browse: Browse, me: User) -> None:
    notice = tell(me)[0]
    answer = browse("statistician").get(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_nobody_opens_or_reads_anothers(browse: Browse, me: User, town: Town) -> None:
    notice = tell(me)[0]
    other = browse("clerk")
    assert other.get(f"/notices/{notice.pk}/open/").status_code == 404
    other.post("/notices/read/", {"notice": [notice.pk]})
    other.post("/notices/read/", {"all": "1"})
    assert other.post(f"/api/v1/notices/{notice.pk}/read").status_code in (403, 404)
    notice.refresh_from_db()
    assert notice.read_at is None


def test_chosen_or_all_are_marked_as_read(browse: Browse, me: User) -> None:
    made, client = tell(me, 3), browse("statistician")
    client.post("/notices/read/", {"notice": [made[0].pk, "x"], "query": "kind=t.step"})
    assert Notice.objects.filter(read_at=None).count() == 2
    client.post("/notices/read/", {"all": "1"})
    assert not Notice.objects.filter(read_at=None).exists()


def test_preferences_are_saved_all_or_none(browse: Browse) -> None:
    client = browse("statistician")
    page = client.get("/notices/preferences/").content.decode()
    assert 'name="t.step:mail"' in page
    assert 'name="t.legal:inbox"' not in page
    bad = client.post("/notices/preferences/", {"t.step:mail": "weekly", "t.legal:inbox": "off"})
    assert bad.status_code == 422
    assert "法定通知" in bad.content.decode()
    assert not Preference.objects.exists()
    assert client.post("/notices/preferences/", {"t.step:mail": "weekly"}).status_code == 302
    assert Preference.objects.get().mode == "weekly"


def test_a_mails_reader_leaves_without_signing_in(browse: Browse, me: User) -> None:
    path = f"/notices/unsubscribe/{actions.unsubscribe_token(me.pk, 't.step', 'mail')}/"
    client = Client(enforce_csrf_checks=True)
    assert "进展提醒" in client.get(path).content.decode()
    assert not Preference.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().mode == "off"
    assert client.get("/notices/unsubscribe/forged/").status_code == 400


def test_programs_read_their_own(browse: Browse, me: User) -> None:
    assert browse().get("/api/v1/notices").status_code == 401
    tell(me, 2)
    client = browse("statistician")
    found = client.get("/api/v1/notices", {"size": 1}).json()
    assert (len(found["items"]), found["unread"]) == (1, 2)
    assert client.get("/api/v1/notices", {"after": found["after"]}).json()["items"][0]["id"] < found["items"][0]["id"]
    assert client.post(f"/api/v1/notices/{found['items'][0]['id']}/read").json() == {"marked": 1}
    assert client.post("/api/v1/notices/read-all").json() == {"marked": 1}
    assert client.get("/api/v1/notices", {"after": "zz"}).status_code == 422


def test_programs_set_preferences(browse: Browse) -> None:
    client = browse("statistician")
    path = "/api/v1/notices/preferences"
    listed = client.get(path).json()["items"]
    assert {item["channel"] for item in listed} == {"inbox", "mail", "sms"}

    def put(**choice: str) -> Any:
        return client.put(path, json.dumps({"items": [choice]}), content_type="application/json")

    assert put(kind="t.step", channel="mail", mode="off").status_code == 200
    refused = put(kind="t.legal", channel="inbox", mode="off")
    assert (refused.status_code, refused.json()["code"]) == (422, "notices.mandatory")
