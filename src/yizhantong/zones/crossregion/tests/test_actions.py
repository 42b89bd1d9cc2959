"""What actions do with what a neighbour says: who answers, what is told, and what no hand may do before it."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from typing import Any

import pytest

from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, Tenure
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.notices.models import Notice
from yizhantong.zones.crossregion.actions import arriving, ending, inbox, outbox, sending
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Closing, Crossing, Handover, Incoming, Outgoing, PartnerItem
from yizhantong.zones.crossregion.peer import Peer, introduce
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.messages import ProtocolError
from yizhantong.zones.crossregion.tests.conftest import Town

pytestmark = pytest.mark.django_db


def receipt(town: Town, crossing: Crossing, **changed: Any) -> tuple[int, dict[str, Any]]:
    body = messages.Receipt(received_at=clock.now(), number="N-1", office="邻市局")
    return town.peer.say(town.partner, crossing.key, "receipt", body, **changed)


def decision(town: Town, crossing: Crossing, outcome: str = "granted", **changed: Any) -> tuple[int, dict[str, Any]]:
    body = messages.Decision(outcome=outcome, reason="理由", law="依据", decided_at=clock.now())  # type: ignore[arg-type]
    return town.peer.say(town.partner, crossing.key, "decision", body, **changed)


def told(town: Town, start: str) -> bool:
    return Notice.objects.filter(account=town["clerk"], title__startswith=start).exists()


def test_the_office_that_answers_changes_at_the_moment_of_the_receipt_and_comes_back_with_the_decision(
    town: Town,
) -> None:
    crossing = town.sent()
    receipt(town, crossing)
    held = town.fresh(crossing)
    assert held.case is not None
    assert held.case.office_id == town.partner.organisation_id
    decision(town, crossing)
    tenures = list(Tenure.objects.filter(case=held.case).order_by("since"))
    assert [tenure.office_id == town.partner.organisation_id for tenure in tenures] == [False, True, False]
    assert all(one.until == following.since for one, following in itertools.pairwise(tenures))
    held = town.fresh(crossing)
    assert tenures[1].since == held.received_at
    assert held.ours
    assert Handover.objects.get(number=held.number).direction == "sent"
    assert Closing.objects.get(number=held.number).result == "done"
    ending.deliver(held, "窗口", account=town["clerk"])
    case = Case.objects.get(pk=held.case_id)
    assert (case.state, case.result) == ("closed", "solved")


def test_nobody_answers_by_hand_what_another_city_decides(town: Town) -> None:
    crossing = town.sent()
    assert crossing.case is not None
    with pytest.raises(CaseError) as refused:
        cases.complete_step(crossing.case, "transfer", outcome="pass", account=None)
    assert refused.value.code == "crossregion.by_exchange"
    receipt(town, crossing)
    decision(town, crossing)
    with pytest.raises(CaseError) as refused:
        cases.close_answered(Case.objects.get(pk=crossing.case_id), result="solved", reason="好了", account=None)
    assert refused.value.code == "crossregion.by_exchange"


def test_messages_that_come_too_early_wait_and_are_processed_in_order(town: Town) -> None:
    crossing = town.sent()
    assert decision(town, crossing, sequence=2)[0] == 202
    assert town.fresh(crossing).stage == "sent"
    status, answer = receipt(town, crossing, sequence=1)
    assert (status, answer["state"]) == (200, "done")
    assert town.fresh(crossing).stage == "decided"
    assert set(Incoming.objects.values_list("state", flat=True)) == {"done"}


def test_several_cities_decide_their_parts_and_the_lead_stays_accountable(town: Town) -> None:
    other = Peer("210300", "演示丁市")
    partner = introduce(other)
    items = [town.item, PartnerItem.objects.filter(partner=partner).order_by("id").first()]
    wanted = [sending.Wanted(item, {"application_reason": "迁居"}) for item in items if item is not None]
    from yizhantong.zones.crossregion import transport

    with transport.nearby({peer.base_url: peer.answer for peer in (town.peer, other)}):
        case = sending.receive_for(town.person, wanted, "joint", account=town["clerk"])
        town.deliver()
        first, second = Crossing.objects.filter(case=case).order_by("id")
        receipt(town, first)
        other.say(
            partner, second.key, "receipt", messages.Receipt(received_at=clock.now(), number="M-1", office="丁市局")
        )
        decision(town, first)
        case.refresh_from_db()
        assert (case.state, case.office_id) == ("accepted", case.item.agency_id)
        body = messages.Decision(outcome="refused", reason="不符合", law="依据", decided_at=clock.now())
        other.say(partner, second.key, "decision", body)
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "solved")
    assert "演示丁市" in case.reason
    assert Tenure.objects.filter(case=case).count() == 1


def test_what_is_returned_is_answered_here_with_reason_and_law(town: Town) -> None:
    crossing = town.sent()
    receipt(town, crossing)
    town.peer.say(town.partner, crossing.key, "return", messages.Reasoned(reason="不属本市", at=clock.now()))
    held = town.fresh(crossing)
    assert (held.stage, held.ours) == ("returned", True)
    assert told(town, "已退回")
    with pytest.raises(CrossingError):
        ending.answer_here(held, "无法办理", "", account=town["clerk"])
    case = ending.answer_here(held, "无法办理", "《演示办法》", account=town["clerk"])
    case.refresh_from_db()
    assert (case.state, case.result, Closing.objects.get(number=held.number).result) == ("closed", "unable", "returned")


@pytest.mark.parametrize("who", ["window", "official", "asker", "stranger"])
def test_only_who_handles_it_hands_over_delivers_returns_and_answers(town: Town, who: str) -> None:
    crossing, account = town.sent(), town[who]
    wanted = [sending.Wanted(town.item, {"application_reason": "迁居"})]
    deeds = [
        lambda: sending.receive_for(town.person, wanted, "proxy", account=account), lambda: sending.hand_over_again(crossing, account=account),
        lambda: ending.deliver(crossing, "", account=account), lambda: ending.give_back(crossing, "理由", account=account),
        lambda: ending.answer_here(crossing, "理由", "依据", account=account),
        lambda: outbox.retry(Outgoing.objects.get(crossing=crossing), account),
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises(Refused):
            deed()


def test_nobody_asks_online_in_another_ones_name(town: Town) -> None:
    wanted = [sending.Wanted(town.item, {"application_reason": "迁居"})]
    with pytest.raises(CrossingError) as refused:
        sending.receive_for(town.person, wanted, "online", account=town["stranger"])
    assert refused.value.code == "crossregion.not_the_applicant"


def handover(town: Town, **changed: Any) -> messages.Handover:
    version = arriving.version_of(arriving.opening_of(town.partner, "hall.medical_abroad"))  # type: ignore[arg-type]
    said = {
        "mode": "proxy", "item": {"code": "hall.medical_abroad", "version": version}, "number": "P-1", "office": "邻市局", "form": {},
        "applicant": {
            "kind": "person", "name": "外地人", "identity": "210102198503010033", "assurance": "counter", "vouched_by": "210100",
            "vouched_at": clock.now().isoformat(),
        },
    } | changed  # fmt: skip
    return messages.Handover.model_validate(said)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"item": {"code": "hall.nothing", "version": "1.0"}}, "exchange.not_open"),
        ({"item": {"code": "hall.medical_abroad", "version": "99.0"}}, "exchange.item_version"),
        ({"item": {"code": "hall.hukou_move", "version": "1.0"}, "mode": "online"}, "exchange.mode"),
    ],
)
def test_what_is_not_open_in_that_way_and_version_is_refused_at_once(
    town: Town, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(ProtocolError) as refused:
        town.peer.say(town.partner, uuid.uuid4(), "handover", handover(town, **changed))
    assert refused.value.code == code
    assert not Incoming.objects.exists()


def test_a_form_that_is_not_complete_is_refused_with_its_fields(town: Town) -> None:
    key = uuid.uuid4()
    town.peer.say(town.partner, key, "handover", handover(town))
    assert arriving.take_in(Crossing.objects.get(key=key).pk) == "refused"
    town.deliver()
    said = town.peer.heard[-1]
    assert said.kind == "refusal"
    assert "就医" in json.dumps(said.body, ensure_ascii=False)
    assert not Handover.objects.exists()


def test_a_message_for_somebody_else_or_of_a_case_of_somebody_else_is_refused(town: Town) -> None:
    crossing = town.sent()
    other = Peer("210300", "演示丁市")
    partner = introduce(other)
    with pytest.raises(ProtocolError) as refused:
        other.say(
            partner, crossing.key, "receipt", messages.Receipt(received_at=clock.now(), number="N", office="丁市局")
        )
    assert refused.value.code in ("exchange.not_your_case", "exchange.predecessor")
    with pytest.raises(ProtocolError) as refused:
        other.say(
            town.partner,
            crossing.key,
            "receipt",
            messages.Receipt(received_at=clock.now(), number="N", office="丁市局"),
        )
    assert refused.value.code == "exchange.addressee"


def test_nonces_are_forgotten_when_their_signatures_are_too_old_anyway(town: Town) -> None:
    inbox.seen("key", "nonce")
    with pytest.raises(ProtocolError):
        inbox.seen("key", "nonce")
    from django.utils import timezone

    from yizhantong.zones.crossregion.models import Nonce

    assert inbox.forget_nonces() == 0
    Nonce.objects.update(seen_at=timezone.now() - dt.timedelta(hours=1))
    assert inbox.forget_nonces() == 1
