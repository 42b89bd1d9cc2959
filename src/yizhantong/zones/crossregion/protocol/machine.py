"""What each message does to a case between two cities: stages, who answers for it, order, duplicates. Pure.

Each city keeps one :class:`Side` of a case. ``say`` gives the next message of a side, ``hear`` takes one of the other's. Messages
of a side count from 1: one that came before is a duplicate, one that comes too early waits for those before it.

Who answers (``holder``): the sender until the receiver's ``receipt``, whose ``received_at`` ends the sender's span and begins the
receiver's in both records; ``decision`` and ``return`` give it back at the moment that they say (the result is delivered by the
city that received the request). So the spans follow each other without gap or overlap, however long messages take.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from yizhantong.zones.crossregion.protocol.messages import ProtocolError

SENDER, RECEIVER = "sender", "receiver"


class Stage(StrEnum):
    """How far a case between two cities is, the same words on both sides."""

    NEW = "new"
    SENT = "sent"
    """Handed over, not yet received: the sender answers."""
    ARRIVED = "arrived"
    """Seen by the receiver, its materials are being fetched: the sender answers still."""
    HELD = "held"
    SUPPLEMENT = "supplement"
    DECIDED = "decided"
    """Decided, not yet delivered: the sender answers again, for the delivery."""
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWING = "withdrawing"
    CLOSED = "closed"


ENDED = frozenset({Stage.REFUSED, Stage.RETURNED, Stage.CLOSED})
"""Nothing more is said of it; a case that was refused or returned goes on at the sender, or to another city as a new one."""
S = Stage

SAYS: dict[tuple[str, str], dict[Stage, Stage]] = {
    (SENDER, "handover"): {S.NEW: S.SENT},
    (SENDER, "supplement_given"): {S.SUPPLEMENT: S.HELD},
    (SENDER, "delivery"): {S.DECIDED: S.CLOSED},
    (SENDER, "withdrawal"): {S.SENT: S.WITHDRAWING, S.HELD: S.WITHDRAWING, S.SUPPLEMENT: S.WITHDRAWING},
    (RECEIVER, "receipt"): {S.ARRIVED: S.HELD},
    (RECEIVER, "refusal"): {S.ARRIVED: S.REFUSED, S.WITHDRAWING: S.REFUSED},
    (RECEIVER, "supplement_asked"): {S.HELD: S.SUPPLEMENT},
    (RECEIVER, "status"): {S.HELD: S.HELD, S.SUPPLEMENT: S.SUPPLEMENT, S.DECIDED: S.DECIDED, S.CLOSED: S.CLOSED},
    (RECEIVER, "decision"): {S.HELD: S.DECIDED, S.SUPPLEMENT: S.DECIDED},
    (RECEIVER, "return"): {S.HELD: S.RETURNED, S.SUPPLEMENT: S.RETURNED},
}
"""By who says what: from which stage to which; a stage that is not there may not say it."""

HEARS: dict[tuple[str, str], dict[Stage, Stage]] = {
    (RECEIVER, "handover"): {S.NEW: S.ARRIVED},
    (RECEIVER, "supplement_given"): {S.SUPPLEMENT: S.HELD},
    (RECEIVER, "delivery"): {S.DECIDED: S.CLOSED},
    (RECEIVER, "withdrawal"): {S.ARRIVED: S.WITHDRAWING},
    (SENDER, "receipt"): {S.SENT: S.HELD},
    (SENDER, "refusal"): {S.SENT: S.REFUSED, S.WITHDRAWING: S.CLOSED},
    (SENDER, "supplement_asked"): {S.HELD: S.SUPPLEMENT},
    (SENDER, "status"): {},
    (SENDER, "decision"): {S.HELD: S.DECIDED, S.SUPPLEMENT: S.DECIDED, S.WITHDRAWING: S.DECIDED},
    (SENDER, "return"): {S.HELD: S.RETURNED, S.SUPPLEMENT: S.RETURNED, S.WITHDRAWING: S.CLOSED},
}
"""By who hears what: a stage that is not there stays as it is (two messages have crossed on the way)."""

TAKES, GIVES_BACK = frozenset({"receipt"}), frozenset({"decision", "return"})


class Span(NamedTuple):
    """Who answered from when to when (None: still)."""

    holder: str
    since: dt.datetime
    until: dt.datetime | None


class Said(NamedTuple):
    """A message as the machine sees it; ``moment`` is when responsibility passes, where it does."""

    id: str
    sequence: int
    after: str | None
    kind: str
    moment: dt.datetime | None = None


class Verdict(StrEnum):
    """What becomes of a message that was heard."""

    DONE = "done"
    DUPLICATE = "duplicate"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Side:
    """One city's view of a case: its role, the stage, the last numbers said and heard, and who answered when."""

    role: str
    stage: Stage = Stage.NEW
    said: int = 0
    heard: int = 0
    last: str | None = None
    """The id of the last message heard, which the next one said follows."""
    spans: tuple[Span, ...] = ()

    @property
    def holder(self) -> str:
        """Return who answers now: ``sender`` or ``receiver``."""
        return self.spans[-1].holder if self.spans else SENDER


def may_say(role: str, stage: Stage, kind: str) -> Stage:
    """Return the stage after saying it; :class:`ProtocolError` ``exchange.stage`` where it may not be said."""
    found = SAYS.get((role, kind), {}).get(stage)
    if found is None:
        raise ProtocolError("stage", f"业务现处“{stage}”阶段,不能发出“{kind}”", 409, stage=str(stage))
    return found


def say(side: Side, key: str, kind: str, moment: dt.datetime | None = None) -> tuple[Side, Said]:
    """Return the side after saying something, and what was said."""
    stage = may_say(side.role, side.stage, kind)
    made = Said(key, side.said + 1, side.last, kind, moment)
    return replace(side, stage=stage, said=made.sequence, spans=passed(side.spans, kind, moment)), made


def after_hearing(role: str, stage: Stage, kind: str) -> Stage:
    """Return the stage after hearing it; ``exchange.role`` for what this role never hears."""
    if (role, kind) not in HEARS:
        raise ProtocolError("role", f"“{kind}”不是对方在这件业务里可以发的消息", 409)
    return HEARS[role, kind].get(stage, stage)


def verdict(heard: int, sequence: int) -> Verdict:
    """Tell whether a message is the next, came before, or has to wait."""
    if sequence <= heard:
        return Verdict.DUPLICATE
    return Verdict.DONE if sequence == heard + 1 else Verdict.WAITS


def hear(side: Side, said: Said) -> tuple[Side, Verdict]:
    """Return the side after hearing a message, and what became of it; one that waits changes nothing."""
    found = verdict(side.heard, said.sequence)
    if found is not Verdict.DONE:
        return side, found
    stage = after_hearing(side.role, side.stage, said.kind)
    spans = passed(side.spans, said.kind, said.moment)
    return replace(side, stage=stage, heard=said.sequence, last=said.id, spans=spans), found


def passed(spans: tuple[Span, ...], kind: str, moment: dt.datetime | None) -> tuple[Span, ...]:
    """Return the spans after responsibility has passed, if it does; never before the span that ends began."""
    if moment is None:
        return spans
    to = RECEIVER if kind in TAKES else SENDER
    if not spans:
        return (Span(to, moment, None),)
    last = spans[-1]
    if last.holder == to:
        return spans
    at = max(moment, last.since)
    return (*spans[:-1], Span(last.holder, last.since, at), Span(to, at, None))
