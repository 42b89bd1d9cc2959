"""The four verdicts and how they combine.

Each verdict has a bit, so that any number of them combine by ``|`` and one look into a table of 16 places. What decides
goes first: a condition not met settles ``and``, one that is met settles ``or`` (Kleene). Where both a fact and a person are
missing the answer is *unknown*: a fact that can be looked up comes before a person's time.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Answer to a condition; ``label`` is its Chinese name."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"

    @property
    def label(self) -> str:
        """The name shown to people."""
        return _LABELS[self]


_LABELS = {
    Verdict.MET: "符合",
    Verdict.NOT_MET: "不符合",
    Verdict.UNKNOWN: "缺少信息",
    Verdict.NEEDS_PERSON: "需人工认定",
}

PERSON: Final = 1
UNKNOWN: Final = 2
NOT_MET: Final = 4
MET: Final = 8

VERDICTS: Final = {
    PERSON: Verdict.NEEDS_PERSON,
    UNKNOWN: Verdict.UNKNOWN,
    NOT_MET: Verdict.NOT_MET,
    MET: Verdict.MET,
}


def _first(order: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(next((bit for bit in order if bits & bit), order[-1]) for bits in range(16))


ALL: Final = _first((NOT_MET, UNKNOWN, PERSON, MET))
"""``ALL[a | b | …]``: the verdict of ``and``; of nothing it is met."""

ANY: Final = _first((MET, UNKNOWN, PERSON, NOT_MET))
"""``ANY[a | b | …]``: the verdict of ``or``; of nothing it is not met."""

NOT: Final = tuple({NOT_MET: MET, MET: NOT_MET}.get(bit, bit) for bit in range(16))
"""``NOT[a]``: what is unknown stays unknown."""


def choose(condition: int, yes: int, no: int) -> int:
    """The verdict of ``if``: of the branch taken, or of both where the condition is open and they agree."""
    if condition == MET:
        return yes
    if condition == NOT_MET:
        return no
    return yes if yes == no and yes in (MET, NOT_MET) else condition
