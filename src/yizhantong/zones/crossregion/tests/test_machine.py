"""The protocol over a network that loses, doubles, delays and reorders: nothing is lost, and at no instant answer none or two."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.zones.crossregion.protocol import machine
from yizhantong.zones.crossregion.protocol.machine import RECEIVER, SENDER, Said, Side, Stage, Verdict
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

START = dt.datetime(2021, 8, 9, 10, tzinfo=dt.UTC)
CHOICES = ("decide", "return", "supplement", "withdraw", "refuse", "status")


@dataclass
class City:
    """One side with its outbox: what it said is sent until the other has answered."""

    side: Side
    outbox: dict[int, Said] = field(default_factory=dict)
    waiting: dict[int, Said] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def say(self, kind: str, at: dt.datetime | None = None) -> None:
        key = f"{self.side.role}-{self.side.said + 1}"
        self.side, said = machine.say(self.side, key, kind, at)
        self.outbox[said.sequence] = said

    def hear(self, said: Said) -> bool:
        """Take a message; tell whether it is acknowledged (one that waits is kept, so it is, too)."""
        self.side, verdict = machine.hear(self.side, said)
        if verdict is Verdict.WAITS:
            self.waiting[said.sequence] = said
        elif verdict is Verdict.DONE:
            self.done.append(said.id)
            while (following := self.waiting.pop(self.side.heard + 1, None)) is not None:
                self.side, _verdict = machine.hear(self.side, following)
                self.done.append(following.id)
        return True


class World:
    """Two cities, a clock that only goes on, and the network between them."""

    def __init__(self, seed: int, loss: float) -> None:
        self.rng, self.loss, self.now = random.Random(seed), loss, START
        self.sender, self.receiver = City(Side(SENDER)), City(Side(RECEIVER))
        self.sender.say("handover", self.now)

    def exchange(self) -> None:
        """Let some of what waits arrive, in any order, some of it twice; answers get lost, too."""
        self.now += dt.timedelta(seconds=self.rng.randint(1, 7200))
        for one, other in ((self.sender, self.receiver), (self.receiver, self.sender)):
            letters = [*one.outbox.values()]
            letters += self.rng.sample(letters, self.rng.randint(0, len(letters)))
            self.rng.shuffle(letters)
            for said in letters:
                if self.rng.random() >= self.loss and other.hear(said) and self.rng.random() >= self.loss:
                    one.outbox.pop(said.sequence, None)
        self.check()

    def act(self, what: str) -> None:
        """Let one of the cities do something, if it may."""
        receiver, sender = self.receiver.side.stage, self.sender.side.stage
        live = (Stage.HELD, Stage.SUPPLEMENT)
        if receiver == Stage.ARRIVED:
            self.receiver.say("refusal") if what == "refuse" else self.receiver.say("receipt", self.now)
        elif receiver == Stage.WITHDRAWING:
            self.receiver.say("refusal")
        elif what == "withdraw" and sender in (Stage.SENT, *live):
            self.sender.say("withdrawal")
        elif what == "supplement" and receiver == Stage.HELD:
            self.receiver.say("supplement_asked")
        elif what == "status" and receiver in live:
            self.receiver.say("status")
        elif what in ("decide", "return") and receiver in live:
            self.receiver.say({"decide": "decision", "return": "return"}[what], self.now)
        elif sender == Stage.SUPPLEMENT:
            self.sender.say("supplement_given")
        elif sender == Stage.DECIDED:
            self.sender.say("delivery")
        self.check()

    def check(self) -> None:
        """At every instant somebody answers; two only as long as the message that says who is on its way."""
        for spans in (self.sender.side.spans, self.receiver.side.spans):
            assert all(one.until == following.since for one, following in itertools.pairwise(spans))
            assert not spans or spans[-1].until is None
        on_its_way = self.sender.outbox or self.receiver.outbox or self.receiver.waiting or self.sender.waiting
        assert on_its_way or self.sender.side.spans == self.receiver.side.spans
        assert not (self.sender.side.holder == RECEIVER and self.receiver.side.holder == SENDER) or on_its_way

    def settle(self) -> None:
        """Let the network be well until nothing is on its way."""
        self.loss = 0.0
        for _ in range(60):
            if self.sender.side.stage in machine.ENDED and not self.sender.outbox and not self.receiver.outbox:
                return
            self.exchange()
            self.act("decide")
        raise AssertionError((self.sender, self.receiver))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.floats(0, 0.9), st.lists(st.sampled_from(CHOICES), max_size=14))
def test_whatever_the_network_does_both_cities_end_with_one_record_of_who_answered_when(
    seed: int, loss: float, plan: list[str]
) -> None:
    world = World(seed, loss)
    for what in plan:
        world.exchange()
        world.act(what)
    world.settle()
    sender, receiver = world.sender.side, world.receiver.side
    assert sender.spans == receiver.spans
    assert sender.spans[0].since == START
    assert receiver.heard == sender.said
    assert sender.heard == receiver.said
    assert len(world.sender.done) == len(set(world.sender.done)) == receiver.said
    assert sender.holder == SENDER  # the sender answers in the end: for the delivery, or because it was not taken


def test_until_the_receipt_the_sender_answers_and_then_the_receiver_from_that_very_moment() -> None:
    world = World(1, 0.0)
    handed = world.sender.side.spans
    later = START + dt.timedelta(hours=30)
    world.receiver.hear(world.sender.outbox[1])
    world.receiver.say("receipt", later)
    assert world.sender.side.spans == handed
    world.sender.hear(world.receiver.outbox[1])
    assert world.sender.side.spans == ((SENDER, START, later), (RECEIVER, later, None)) == world.receiver.side.spans


def test_a_receipt_is_never_before_the_handover_whatever_the_clocks_say() -> None:
    world = World(1, 0.0)
    world.receiver.hear(world.sender.outbox[1])
    world.receiver.say("receipt", START - dt.timedelta(minutes=3))
    assert world.receiver.side.spans == ((SENDER, START, START), (RECEIVER, START, None))


@pytest.mark.parametrize("kind", ["receipt", "decision", "return", "status"])
def test_what_a_stage_does_not_allow_is_refused(kind: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        machine.say(Side(RECEIVER), "x", kind)
    assert refused.value.code == "exchange.stage"


def test_a_side_never_hears_what_only_it_may_say() -> None:
    with pytest.raises(ProtocolError) as refused:
        machine.hear(Side(SENDER, Stage.HELD), Said("x", 1, None, "handover"))
    assert refused.value.code == "exchange.role"


def test_a_message_that_comes_too_early_waits_and_one_that_comes_again_changes_nothing() -> None:
    side = Side(SENDER, Stage.SENT)
    assert machine.hear(side, Said("b", 2, None, "status")) == (side, Verdict.WAITS)
    after, _verdict = machine.hear(side, Said("a", 1, None, "receipt", START))
    assert machine.hear(after, Said("a", 1, None, "receipt", START)) == (after, Verdict.DUPLICATE)
