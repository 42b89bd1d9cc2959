"""What people read of a request's way: who answered from when to when, its stations in order, what stayed here when it went out again."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.test import Client

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import actions as files
from yizhantong.kernel.files.tests.making import pdf
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.actions import ending, sending
from yizhantong.zones.crossregion.actions.talking import office_in
from yizhantong.zones.crossregion.models import Crossing, Outgoing, PartnerItem
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.messages import Handover
from yizhantong.zones.crossregion.queries import crossings as queries
from yizhantong.zones.crossregion.queries.line import line
from yizhantong.zones.crossregion.tests.conftest import Town

pytestmark = pytest.mark.django_db


def signed(town: Town, crossing: Crossing) -> Crossing:
    body = messages.Receipt(received_at=clock.now(), number="N-7", office="邻市局")
    town.peer.say(town.partner, crossing.key, "receipt", body)
    return town.fresh(crossing)


def test_the_spans_name_who_answered_without_gap_and_the_last_is_still_open(town: Town) -> None:
    crossing = town.sent()
    own, other = config.own_name(), town.partner.name
    assert [(span["who"], span["until"]) for span in queries.spans(crossing)] == [(own, None)]
    crossing = signed(town, crossing)
    assert [(span["who"], span["until"] is None) for span in queries.spans(crossing)] == [(own, False), (other, True)]
    body = messages.Decision(outcome="granted", reason="符合条件", decided_at=clock.now())
    town.peer.say(town.partner, crossing.key, "decision", body)
    crossing = town.fresh(crossing)
    spans = queries.spans(crossing)
    assert [(span["who"], span["until"] is None) for span in spans] == [(own, False), (other, False), (own, True)]
    assert all(one["until"] == following["since"] for one, following in itertools.pairwise(spans))
    assert spans[1]["since"] == crossing.received_at


def test_the_line_says_of_each_station_in_which_city_it_is_and_when_it_was(town: Town) -> None:
    crossing = signed(town, town.sent())
    own, other = config.own_name(), town.partner.name
    found = line(crossing)
    assert [one.who for one in found] == [own, other, other, own]
    assert (found[0].when, found[1].when) == (crossing.handed_at, crossing.received_at)
    body = messages.Decision(outcome="granted", reason="符合条件", decided_at=clock.now())
    town.peer.say(town.partner, crossing.key, "decision", body)
    ending.deliver(town.fresh(crossing), "窗口领取", account=town["clerk"])
    crossing = town.fresh(crossing)
    moments = [one.when for one in line(crossing)]
    assert None not in moments
    assert moments == sorted(moments)  # type: ignore[type-var]
    assert (moments[2], moments[3]) == (queries.spans(crossing)[1]["until"], crossing.ended_at)


def listed(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "name": f"材料 {code}", "need": "optional"} for code in codes]


def test_what_a_newer_list_takes_no_more_stays_here_and_the_progress_names_it(
    town: Town, browse: Callable[[str], Client]
) -> None:
    PartnerItem.objects.filter(pk=town.item.pk).update(materials=listed("proof", "photo"))
    kept = [
        (code, files.store(pdf(size=(595, height)), account=None, name=f"{code}.pdf", trust="B"))
        for code, height in (("proof", 842), ("photo", 400))
    ]
    wanted = sending.Wanted(town.item, {"application_reason": "迁居"}, kept)
    case = sending.receive_for(town.person, [wanted], "proxy", account=town["clerk"])
    town.deliver()
    first = Crossing.objects.get(case=case)
    town.peer.say(
        town.partner,
        first.key,
        "refusal",
        messages.Reasoned(code="exchange.item_version", reason="清单已更新", at=clock.now()),
    )
    PartnerItem.objects.filter(pk=town.item.pk).update(materials=listed("proof"), version="2.0")
    made = sending.hand_over_again(town.fresh(first), account=town["clerk"])
    body = Outgoing.objects.get(crossing=made, kind="handover")
    town.deliver()
    said: Handover = town.peer.heard[-1].content
    assert (body.crossing_id, said.item.version, [one.code for one in said.materials]) == (made.pk, "2.0", ["proof"])
    told = [station["text"] for station in made.stations]
    assert told == ["对方清单不收的材料未转:photo.pdf", f"已转{town.partner.name}"]
    shown = browse("clerk").get(f"/crossregion/cases/{made.number}/").content.decode()
    assert "对方清单不收的材料未转:photo.pdf" in shown


def test_an_office_bears_its_citys_name_once() -> None:
    assert [office_in("丙市", name) for name in ("丙市公安局", "公安局")] == ["丙市公安局", "丙市公安局"]
