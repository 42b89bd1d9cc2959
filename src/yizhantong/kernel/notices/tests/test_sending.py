"""Sending inside a transaction: what is written, for whom, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.notices import actions, kinds, queries, wishes
from yizhantong.kernel.notices.actions import Wish, next_digest, prefer, send
from yizhantong.kernel.notices.errors import NoticeError
from yizhantong.kernel.notices.models import Delivery, Notice, Preference
from yizhantong.kernel.notices.tests.conftest import Office

pytestmark = pytest.mark.django_db
People = Callable[..., User]
TEXT: dict[str, str] = {"title": "已受理", "body": "请等待", "link": "/my/cases/1/", "subject": "1"}


def test_one_row_for_each_account_however_often_it_is_named(people: People) -> None:
    one, two = people("one"), people("two")
    made = send("t.plain", [one, two, one.pk], **TEXT)
    assert [notice.account_id for notice in made] == [one.pk, two.pk]
    assert Notice.objects.filter(account=one, title="已受理", read_at=None).count() == 1


def test_sending_costs_one_statement_when_the_wishes_are_known(
    people: People, office: Office, django_assert_num_queries: Any
) -> None:
    accounts = [people(f"p{number}") for number in range(20)]
    with transaction.atomic():
        with django_assert_num_queries(2):
            send("t.plain", accounts, **TEXT)
        with django_assert_num_queries(1):
            send("t.plain", accounts, **TEXT)
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()


def test_what_is_rolled_back_is_told_nobody(people: People, office: Office) -> None:
    one = people("one")

    def refused() -> None:
        with transaction.atomic():
            send("t.mail", [one], **TEXT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    assert [model.objects.count() for model in (Notice, Delivery, Job)] == [0, 0, 0]


def test_a_delivery_is_written_only_where_the_channel_is_wanted_set_up_and_reaches(
    people: People, office: Office, settings: Any
) -> None:
    wants, off, nowhere = people("wants"), people("off"), people("nowhere", mail=False)
    prefer(off, [Wish("t.mail", "mail", "off")])
    send("t.mail", [wants, off, nowhere], **TEXT)
    assert list(Delivery.objects.values_list("account_id", "channel", "mode")) == [(wants.pk, "mail", "at_once")]
    settings.YZT_SMTP_URL = ""
    send("t.mail", [wants], **TEXT)
    assert Delivery.objects.count() == 1
    assert Notice.objects.count() == 4


def test_who_wants_nothing_by_any_way_is_left_alone(people: People) -> None:
    one = people("one")
    prefer(one, [Wish("t.plain", "inbox", "off")])
    assert send("t.plain", [one], **TEXT) == []


def test_who_wants_mail_only_has_nothing_unread(people: People, office: Office) -> None:
    one = people("one")
    prefer(one, [Wish("t.mail", "inbox", "off")])
    send("t.mail", [one], **TEXT)
    assert queries.unread_count(one) == 0
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "my", "/" + "x" * 300])
def test_a_link_out_of_the_house_is_refused(people: People, link: str) -> None:
    with pytest.raises(NoticeError) as caught:
        send("t.plain", [people("one")], **TEXT | {"link": link})
    assert caught.value.code == "notices.link"


def test_an_undeclared_kind_is_refused(people: People) -> None:
    with pytest.raises(NoticeError) as caught:
        send("t.nothing", [people("one")], **TEXT)
    assert caught.value.code == "notices.unknown_kind"


@pytest.mark.parametrize("said", [{"inbox": "daily"}, {"sms": "weekly"}, {"pigeon": "at_once"}])
def test_a_kind_with_a_mode_that_its_channel_does_not_know_cannot_be_declared(said: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(said))):
        kinds.declare_kind("t.wrong", "x", said)


def test_a_kind_cannot_be_declared_twice_differently() -> None:
    kinds.declare_kind("t.mail", "邮件消息", {"mail": "at_once"})
    with pytest.raises(ValueError, match=r"t\.mail"):
        kinds.declare_kind("t.mail", "邮件消息")


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Wish("t.legal", "mail", "off"), "notices.mandatory"),
        (Wish("t.legal", "inbox", "off"), "notices.mandatory"),
        (Wish("t.legal", "mail", "daily"), "notices.mandatory"),
        (Wish("t.plain", "inbox", "weekly"), "notices.mode"),
        (Wish("t.plain", "pigeon", "off"), "notices.unknown_channel"),
        (Wish("t.nothing", "mail", "off"), "notices.unknown_kind"),
    ],
)
def test_a_choice_that_is_not_allowed_changes_nothing(people: People, choice: Wish, code: str) -> None:
    with pytest.raises(NoticeError) as caught:
        prefer(people("one"), [Wish("t.plain", "mail", "daily"), choice])
    assert caught.value.code == code
    assert not Preference.objects.exists()


def test_a_legal_notice_may_be_had_by_text_message_too(people: People) -> None:
    one = people("one")
    prefer(one, [Wish("t.legal", "sms", "at_once")])
    assert dict((kind.code, modes) for kind, modes in queries.modes_of(one))["t.legal"]["sms"] == "at_once"


def test_a_choice_made_elsewhere_is_heard_of_when_what_is_remembered_ends(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = people("one")
    send("t.plain", [one], **TEXT)
    Preference.objects.create(account=one, kind="t.plain", channel="inbox", mode="off")
    assert send("t.plain", [one], **TEXT)
    monkeypatch.setattr(wishes.time, "monotonic", lambda: 1e12)
    assert not send("t.plain", [one], **TEXT)


@pytest.mark.parametrize(
    ("mode", "now", "leaves"),
    [
        ("at_once", "2026-11-23T10:00", "2026-11-23T10:00"),
        ("daily", "2026-11-23T07:59", "2026-11-23T08:00"),
        ("daily", "2026-11-23T08:00", "2026-11-24T08:00"),
        ("weekly", "2026-11-23T07:59", "2026-11-23T08:00"),  # a Monday
        ("weekly", "2026-11-23T08:01", "2026-11-30T08:00"),
        ("weekly", "2026-11-29T23:00", "2026-11-30T08:00"),
    ],
)
def test_digests_leave_at_eight(mode: str, now: str, leaves: str) -> None:
    moment = timezone.make_aware(dt.datetime.fromisoformat(now))
    assert next_digest(mode, moment) == timezone.make_aware(dt.datetime.fromisoformat(leaves))


def test_reading_is_ones_own(people: People) -> None:
    one, two = people("one"), people("two")
    mine = send("t.plain", [one], **TEXT)[0]
    theirs = send("t.plain", [two], **TEXT)[0]
    assert actions.mark_read(one, [mine.pk, theirs.pk]) == 1
    assert (queries.unread_count(one), queries.unread_count(two)) == (0, 1)
    send("t.plain", [two], **TEXT)
    send("t.mail", [two], **TEXT)
    assert (actions.mark_all_read(two, "t.mail"), actions.mark_all_read(two)) == (1, 2)


def test_only_what_was_told_before_a_moment_is_read(people: People) -> None:
    one = people("one")
    old = send("t.plain", [one], **TEXT)[0]
    new = send("t.plain", [one], **TEXT)[0]
    assert actions.mark_all_read(one, before=new.created_at) == 1
    assert [notice.read_at is None for notice in queries.page(one).notices] == [True, False]
    old.refresh_from_db()
    assert old.read_at is not None


def test_pages_give_unread_first_and_lose_none(people: People) -> None:
    one = people("one")
    made = [send("t.plain", [one], **TEXT | {"title": str(number)})[0].pk for number in range(25)]
    actions.mark_read(one, made[::2])
    seen, after = [], ""
    while True:
        page = queries.page(one, after=after, size=7)
        seen += [notice.pk for notice in page.notices]
        if not (after := page.after):
            break
    assert seen == sorted(made[1::2], reverse=True) + sorted(made[::2], reverse=True)
    assert len(queries.page(one, unread=True, size=50).notices) == 12
    with pytest.raises(NoticeError):
        queries.page(one, after="x'; DROP")


def test_counting_stops_at_a_hundred(people: People, django_assert_num_queries: Any) -> None:
    one = people("one")
    for _number in range(103):
        send("t.plain", [one], **TEXT)
    with django_assert_num_queries(1):
        assert queries.unread_count(one) == 100


def test_a_signed_word_unsubscribes_and_a_forged_one_does_not(people: People) -> None:
    one = people("one")
    token = actions.unsubscribe_token(one.pk, "t.mail", "mail")
    assert actions.unsubscribe(token)[0].code == "t.mail"
    assert Preference.objects.get().mode == "off"
    with pytest.raises(NoticeError):
        actions.unsubscribe(token[:-2])
    with pytest.raises(NoticeError) as caught:
        actions.unsubscribe(actions.unsubscribe_token(one.pk, "t.legal", "mail"))
    assert caught.value.code == "notices.mandatory"
