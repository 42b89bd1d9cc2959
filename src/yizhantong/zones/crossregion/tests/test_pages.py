"""The pages of both sides of the counter, and who may see and do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from yizhantong.zones.crossregion.models import Crossing, Opening, Outgoing, Partner
from yizhantong.zones.crossregion.peer import Peer
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.queries.line import line
from yizhantong.zones.crossregion.tests.conftest import ASKER, Town

pytestmark = pytest.mark.django_db
Browse = Callable[[str], Client]
WHO = ("", "stranger", "asker", "window", "official", "clerk")


def url(name: str, *given: Any) -> str:
    return reverse(f"crossregion:{name}", args=given)


def test_who_sees_which_page(town: Town, browse: Browse) -> None:
    crossing = town.sent()
    signed, clerks, own = (
        {"stranger": 200, "asker": 200, "window": 200, "official": 200, "clerk": 200},
        {"clerk": 200},
        {"asker": 200},
    )
    pages = {
        url("home"): signed | {"": 200}, url("offers"): signed | {"": 200}, url("openings"): signed | {"": 200}, url("mine"): signed,
        url("mine-one", crossing.number): own, url("counter"): clerks, url("receive") + f"?item={town.item.pk}": clerks,
        url("cases"): clerks, url("case", crossing.number): clerks, url("mail"): clerks, url("mail") + "?box=in": clerks,
        url("partners"): clerks, url("partner-new"): clerks, url("partner", town.partner.code): clerks,
        url("apply", town.item.pk): signed,
    }  # fmt: skip
    wrong = []
    for page, allowed in pages.items():
        for who in WHO:
            status = browse(who).get(page).status_code
            expected = (allowed.get(who),) if who in allowed else (302, 403, 404)
            if status not in expected:
                wrong.append((page, who, status))
    assert not wrong


def test_who_may_do_what(town: Town, browse: Browse) -> None:
    crossing = town.sent()
    opening, message = Opening.objects.first(), Outgoing.objects.first()
    assert opening is not None
    assert message is not None
    deeds = [
        url("act", crossing.number, what) for what in ("deliver", "return", "again", "answer", "supplement", "withdraw")
    ]  # fmt: skip
    deeds += [url("partner-act", town.partner.code, what) for what in ("activate", "suspend", "test", "revoke")]
    deeds += [
        url("opening-close", opening.pk),
        url("retry", message.pk),
        url("partner-new"),
        url("openings"),
        url("receive") + f"?item={town.item.pk}",
    ]
    for deed in deeds:
        for who in ("", "stranger", "asker", "window", "official"):
            assert browse(who).post(deed).status_code in (302 if who == "" else 403, 404), (deed, who)
    assert town.fresh(crossing).stage == "sent"
    assert Partner.objects.get(pk=town.partner.pk).state == "active"


def test_a_clerk_receives_for_another_city_and_hands_the_result_out(town: Town, browse: Browse) -> None:
    clerk = browse("clerk")
    page = url("receive") + f"?item={town.item.pk}"
    given = {
        "kind": "person",
        "name": "演示申请人",
        "identity": ASKER,
        "phone": "",
        "seen": "on",
        "key": "k1",
        "p0-f_application_reason": "迁居",
    }
    assert clerk.post(page, given | {"p0-f_application_reason": ""}).status_code == 422
    assert clerk.post(page, given).status_code == 302
    assert clerk.post(page, given).status_code == 302  # pressed twice
    crossing = Crossing.objects.get()
    town.deliver()
    from yizhantong.kernel.divisions import clock

    say = lambda kind, body: town.peer.say(town.partner, crossing.key, kind, body)  # noqa: E731
    say("receipt", messages.Receipt(received_at=clock.now(), number="N-1", office="邻市局"))
    say("decision", messages.Decision(outcome="granted", reason="符合条件", decided_at=clock.now()))
    shown = clerk.get(url("case", crossing.number)).content.decode()
    assert "送达结果" in shown
    assert "N-1" in shown
    clerk.post(url("act", crossing.number, "deliver"), {"how": "窗口领取"})
    crossing = town.fresh(crossing)
    assert crossing.stage == "closed"
    assert crossing.case is not None
    assert (crossing.case.outcome, crossing.case.result) == ("answered", "solved")


def test_an_asker_asks_online_gives_what_lacks_and_withdraws(town: Town, browse: Browse) -> None:
    from yizhantong.kernel.divisions import clock

    asker = browse("asker")
    answer = asker.post(url("apply", town.item.pk), {"party": "me", "key": "k2", "f_application_reason": "迁居"})
    assert answer.status_code == 302
    crossing = Crossing.objects.get()
    town.deliver()
    defect = messages.Defect(kind="field", code="application_reason", text="请写明迁往何处")
    town.peer.say(
        town.partner, crossing.key, "receipt", messages.Receipt(received_at=clock.now(), number="N-2", office="邻市局")
    )
    town.peer.say(
        town.partner, crossing.key, "supplement_asked", messages.SupplementAsked(defects=(defect,), at=clock.now())
    )
    page = url("mine-one", crossing.number)
    assert "请写明迁往何处" in asker.get(page).content.decode()
    asker.post(url("mine-act", crossing.number, "supplement"), {"f_application_reason": "迁往邻市中山区"})
    town.deliver()
    assert town.peer.heard[-1].kind == "supplement_given"
    assert town.fresh(crossing).stage == "held"
    asker.post(url("mine-act", crossing.number, "withdraw"), {"reason": "不迁了"})
    town.deliver()
    assert town.peer.heard[-1].kind == "withdrawal"
    assert town.fresh(crossing).stage == "withdrawing"


def test_a_city_is_registered_by_its_introduction_tested_and_suspended(town: Town, browse: Browse) -> None:
    clerk, peer = browse("clerk"), Peer("210200", "演示丙市")
    assert clerk.post(url("partner-new"), {"introduction": "{", "contact": "张"}).status_code == 422
    own = {"introduction": json.dumps(peer.introduction() | {"code": "210700"}), "contact": "张"}
    assert "本市自己" in clerk.post(url("partner-new"), own).content.decode()
    clerk.post(url("partner-new"), {"introduction": json.dumps(peer.introduction()), "contact": "演示联系人 024-0000"})
    made = Partner.objects.get(code="210200")
    assert made.state == "introduced"
    clerk.post(url("partner-act", "210200", "activate"))
    clerk.post(url("partner-act", "210200", "test"))  # nobody answers there
    made.refresh_from_db()
    assert (made.state, bool(made.failure)) == ("active", True)
    keyid = made.keys.get().keyid
    clerk.post(url("partner-act", "210200", "revoke"), {"keyid": keyid})
    assert made.keys.get().revoked_at is not None


def test_a_message_that_waits_can_be_sent_at_once(town: Town, browse: Browse) -> None:
    crossing = town.sent()
    Outgoing.objects.update(state="waiting")
    waiting = Outgoing.objects.get(crossing=crossing)
    assert browse("clerk").post(url("retry", waiting.pk)).status_code == 302
    assert browse("clerk").post(url("retry", "rubbish")).status_code == 302


@pytest.mark.parametrize("page", ["cases", "mail"])
def test_a_list_asks_as_much_of_ten_as_of_two(town: Town, browse: Browse, page: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browse("clerk").get(url(page)).status_code == 200
        return len(queries)

    town.sent()
    town.sent()
    few = asked()
    for _ in range(5):
        town.sent()
    assert asked() <= few + 1


def test_the_page_of_a_case_shows_the_line_of_the_other_city_to_both_sides_of_the_counter(
    town: Town, browse: Browse
) -> None:
    crossing = town.sent("online")
    own = crossing.case.number  # type: ignore[union-attr]
    for who, page in (("asker", f"/my/cases/{own}/"), ("official", f"/desk/cases/{own}/")):
        answer = browse(who).get(page)
        assert answer.status_code == 200, who
        assert crossing.number in answer.content.decode()
        assert "对方签收" in answer.content.decode()


@pytest.mark.parametrize(
    ("stage", "states"),
    [
        ("sent", ["done", "now", "next", "next"]), ("held", ["done", "done", "now", "next"]), ("supplement", ["done", "done", "now", "next"]),
        ("decided", ["done", "done", "done", "now"]), ("closed", ["done"] * 4), ("returned", ["done", "done", "stopped"]),
        ("refused", ["done", "stopped"]),
    ],
)  # fmt: skip
def test_the_line_says_where_a_request_is(town: Town, stage: str, states: list[str]) -> None:
    now = timezone.now()
    crossing = town.sent()
    crossing.stage, crossing.received_at = stage, None if stage in ("sent", "refused") else now
    crossing.ended_at = now if stage in ("closed", "returned", "refused") else None
    assert [one.state for one in line(crossing)] == states
