"""Which parts open, which never will, and how the whole ends; pure: states of parts in, moves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WAITING, OPEN, GRANTED, REFUSED, FAILED, WITHDRAWN, NOT_OPENED = (
    "waiting", "open", "granted", "refused", "failed", "withdrawn", "not_opened",
)  # fmt: skip
LOST = frozenset({REFUSED, FAILED, WITHDRAWN, NOT_OPENED})
"""States in which a part will never be granted."""
ENDED = LOST | {GRANTED}


@dataclass(frozen=True, slots=True)
class Moves:
    """What follows now: parts that open, and parts that never will, each with the part that it waited for in vain."""

    opened: tuple[str, ...]
    lost: Mapping[str, str]


def moves(states: Mapping[str, str], order: Mapping[str, Sequence[str]]) -> Moves:
    """Return what follows from the states; ``order`` has the predecessors of each part among those that take part."""
    now = dict(states)
    lost: dict[str, str] = {}
    changed = True
    while changed:
        changed = False
        for code, before in order.items():
            because = next((each for each in before if now[each] in LOST), "")
            if now[code] == WAITING and because:
                now[code], lost[code], changed = NOT_OPENED, because, True
    opened = [code for code, before in order.items() if now[code] == WAITING and all(now[b] == GRANTED for b in before)]
    return Moves(tuple(opened), lost)


def ended(states: Mapping[str, str]) -> bool:
    """Tell whether nothing is on its way any more."""
    return all(state in ENDED for state in states.values())


def outcome(states: Mapping[str, str], required: Mapping[str, bool]) -> str:
    """Return how the whole ended: ``granted``, ``partial`` or ``refused``.

    Granted: all that the asker still wanted was granted, and every required part among it. An optional part that the asker took back,
    or that was not opened for that reason alone, does not spoil it.
    """
    if GRANTED not in states.values():
        return "refused"
    for code, state in states.items():
        if state == GRANTED or (state in (WITHDRAWN, NOT_OPENED) and not required[code]):
            continue
        return "partial"
    return "granted"
