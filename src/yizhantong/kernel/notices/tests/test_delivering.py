"""Mail and text messages on their way: a real mail server that is down, refuses, forgets to answer."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from yizhantong.kernel.access.models import User
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.worker import drain
from yizhantong.kernel.notices import channels, delivering
from yizhantong.kernel.notices.actions import Wish, prefer, send
from yizhantong.kernel.notices.delivering import back_off, claim, deliver_due
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.kernel.notices.models import Delivery, Outage
from yizhantong.kernel.notices.tests.conftest import Office, later

pytestmark = pytest.mark.django_db
People = Callable[..., User]


def tell(kind: str, *accounts: User, title: str = "已受理") -> None:
    send(kind, accounts, title=title, body="第一行\n第二行 <b>", link="/my/cases/1/", subject="1")


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_arrives_with_text_html_and_a_way_out(people: People, office: Office) -> None:
    tell("t.mail", people("one"))
    assert drain() == 1
    (mail,) = office.post.mails
    assert mail["To"] == "one@people.example"
    assert mail["Subject"] == "【示例市一站通】已受理"
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert "https://city.example/my/cases/1/" in plain
    assert "第二行 &lt;b&gt;" in html
    assert mail["List-Unsubscribe"].strip().startswith("<https://city.example/notices/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert states() == ["sent"]
    assert deliver_due("mail") == 0


def test_a_legal_notice_has_no_way_out(people: People, office: Office) -> None:
    tell("t.legal", people("one"))
    drain()
    assert office.post.mails[0]["List-Unsubscribe"] is None


def test_an_account_is_written_to_in_its_language(people: People, office: Office) -> None:
    tell("t.mail", people("one", language="en"))
    drain()
    assert office.post.mails[0]["Subject"].startswith("【Sample ")


def test_a_server_that_is_down_is_waited_for_and_nothing_is_lost_or_sent_twice(people: People, office: Office) -> None:
    accounts = [people(f"p{number}") for number in range(12)]
    office.shut()
    tell("t.mail", *accounts)
    assert drain() == 1
    outage = Outage.objects.get()
    assert (outage.attempts, states()) == (1, ["waiting"] * 12)
    assert deliver_due("mail") == 0
    assert Outage.objects.get().attempts == 1, "the server was bothered while it was to be left alone"
    later(seconds=31)
    deliver_due("mail")
    assert Outage.objects.get().attempts == 2
    tell("t.mail", *accounts, title="第二条")
    office.open()
    later(minutes=5)
    assert deliver_due("mail") == 24
    assert len({mail["Message-ID"] for mail in office.post.mails}) == len(office.post.mails) == 24
    assert not Outage.objects.exists()
    assert set(states()) == {"sent"}


def test_the_server_goes_away_in_the_middle_and_comes_back(people: People, office: Office) -> None:
    accounts = [people(f"p{number}") for number in range(6)]
    tell("t.mail", *accounts)
    office.post.answers = ["250"] * 9
    real, sent = delivering._hand_over, []

    def once_more(*given: Any) -> int:
        if len(sent) == 3:
            office.shut()
        sent.append(1)
        return real(*given)

    delivering._hand_over = once_more
    try:
        drain()
    finally:
        delivering._hand_over = real
    assert states().count("sent") == 3
    office.open()
    later(hours=1)
    deliver_due("mail")
    assert set(states()) == {"sent"}
    assert sorted(str(mail["To"]) for mail in office.post.mails) == sorted(account.email for account in accounts)


def test_a_mail_whose_yes_was_lost_is_sent_again_under_the_same_number(people: People, office: Office) -> None:
    office.post.drops = 1
    tell("t.mail", people("one"))
    drain()
    assert states() == ["waiting"]
    later(hours=1)
    deliver_due("mail")
    assert states() == ["sent"]
    assert len(office.post.mails) == 2
    assert len({mail["Message-ID"] for mail in office.post.mails}) == 1, "receivers could not tell that it is the same"


def test_not_now_is_tried_again_and_never_is_not(people: People, office: Office) -> None:
    office.post.refused = {"gone@people.example"}
    office.post.answers = ["451 later, please"]
    tell("t.mail", people("gone"), people("busy"))
    drain()
    assert states() == ["failed", "waiting"]
    assert Delivery.objects.last().error == "对方暂不接收:451"
    later(minutes=1)
    assert deliver_due("mail") == 1
    assert states() == ["failed", "sent"]
    assert len(office.post.mails) == 1


def test_after_five_days_it_is_given_up(people: People, office: Office) -> None:
    office.shut()
    tell("t.mail", people("one"))
    drain()
    office.open()
    later(days=5, minutes=1)
    deliver_due("mail")
    assert states() == ["given_up"]
    assert office.post.mails == []


def test_waiting_grows_to_half_an_hour() -> None:
    assert [back_off(attempt).total_seconds() for attempt in (1, 2, 3, 7, 50)] == [30, 60, 120, 1800, 1800]


def test_a_digest_is_one_mail_with_all_of_the_day(people: People, office: Office) -> None:
    one, two = people("one"), people("two")
    for number in range(3):
        tell("t.daily", one, two, title=f"第 {number} 条")
    assert drain() == 0
    assert deliver_due("mail") == 0
    later(days=1)
    assert deliver_due("mail") == 2
    (mail,) = office.post.to("one@")
    body = mail.get_body(("plain",)).get_content()
    assert [f"第 {number} 条" in body for number in range(3)] == [True] * 3
    assert "3 条新消息" in mail["Subject"]
    assert set(states()) == {"sent"}


def test_what_was_switched_off_meanwhile_does_not_leave(people: People, office: Office) -> None:
    one, shut = people("one"), people("shut")
    tell("t.daily", one, shut)
    prefer(one, [Wish("t.daily", "mail", "off")])
    User.objects.filter(pk=shut.pk).update(is_active=False)
    later(days=1)
    assert deliver_due("mail") == 0
    assert states() == ["given_up", "given_up"]
    assert office.post.mails == []


def test_what_a_worker_took_and_died_with_is_taken_again_when_its_lease_ends(people: People, office: Office) -> None:
    tell("t.mail", people("one"))
    assert len(claim("mail")) == 1
    assert claim("mail") == []
    drain()
    assert states() == ["waiting"]
    later(minutes=3)
    assert deliver_due("mail") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a SQLite database in memory has one connection for all threads"
)
def test_workers_at_once_send_each_mail_and_each_digest_once(people: People, office: Office) -> None:
    accounts = [people(f"p{number}") for number in range(15)]
    for _round in range(3):
        tell("t.mail", *accounts)
        tell("t.daily", *accounts)
    Job.objects.all().delete()
    later(days=1)

    def work() -> None:
        deliver_due("mail")
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(states()) == {"sent"}
    assert len(office.post.mails) == 15 * 3 + 15


# --- text messages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def provider(settings: Any) -> Iterator[dict[str, Any]]:
    """Yield what a provider of text messages received, and what it answers."""
    seen: dict[str, Any] = {"status": [], "got": []}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen["got"].append((body, self.headers["Authorization"], self.headers["Idempotency-Key"]))
            self.send_response(seen["status"].pop(0) if seen["status"] else 200)
            self.end_headers()

        def log_message(self, *_given: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.YZT_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.YZT_SMS_KEY = "secret"
    yield seen
    server.shutdown()
    server.server_close()


def test_a_text_message_goes_to_the_persons_phone_and_says_the_title_only(
    people: People, provider: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tell("t.sms", people("one", phone="13812345678"), people("none"))
    drain()
    ((body, key, reference),) = provider["got"]
    assert (body["phone"], key, reference) == ("13812345678", "Bearer secret", body["reference"])
    assert "已受理" in body["text"]
    assert "第一行" not in body["text"]
    assert states() == ["sent"]
    assert "13812345678" not in caplog.text


def test_a_kinds_postscript_leaves_with_its_mails_and_text_messages(
    people: People, provider: dict[str, Any], office: Office
) -> None:
    declare_kind(
        "t.rated",
        "可评价",
        {"mail": "at_once", "sms": "at_once"},
        postscript=lambda subject, channel: f"评价: https://city.example/{channel}/{subject}/" + "x" * 200,
    )
    tell("t.rated", people("one", phone="13812345678"))
    drain()
    ((body, _key, _reference),) = provider["got"]
    assert body["text"].endswith("/sms/1/" + "x" * 200)
    (mail,) = office.post.mails
    plain, html = (part.get_content() for part in mail.iter_parts())
    assert "https://city.example/mail/1/" in plain
    assert '<a href="https://city.example/mail/1/' in html


def test_a_provider_that_fails_is_tried_again_under_the_same_reference(
    people: People, provider: dict[str, Any]
) -> None:
    provider["status"] = [500, 429, 400]
    tell("t.sms", people("one", phone="13812345678"))
    drain()
    for _attempt in range(2):
        assert states() == ["waiting"]
        later(hours=1)
        deliver_due("sms")
    assert states() == ["failed"]
    assert len({reference for _body, _key, reference in provider["got"]}) == 1


def test_a_provider_that_cannot_be_reached_is_an_outage(people: People, settings: Any) -> None:
    settings.YZT_SMS_URL = "http://127.0.0.1:9/"
    tell("t.sms", people("one", phone="13812345678"))
    drain()
    assert states() == ["waiting"]
    assert "13812345678" not in Outage.objects.get().error + Delivery.objects.get().error


def test_a_sample_city_writes_text_messages_to_a_file_with_masked_numbers(
    people: People, settings: Any, tmp_path: Path
) -> None:
    settings.YZT_SMS_URL = f"file://{tmp_path}/sms.jsonl"
    tell("t.sms", people("one", phone="13812345678"))
    drain()
    line = json.loads((tmp_path / "sms.jsonl").read_text("utf-8"))
    assert line["phone"] == "138****5678"
    settings.YZT_SMS_URL = "file:///nowhere/at/all"
    tell("t.sms", User.objects.get(username="one"))
    drain()
    assert Outage.objects.get().channel == "sms"


def test_numbers_are_masked() -> None:
    assert (channels.masked("13812345678"), channels.masked("110")) == ("138****5678", "****")
