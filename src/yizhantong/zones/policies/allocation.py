"""Sharing money that is short among approved applications: all at once, pure, in 分, never more than there is.

先到先得 ``first`` takes them in the order of submission, 择优 ``best`` in the order of the score; both grant whole amounts
only and pass over what does not fit. 按比例压缩 ``proportional`` cuts everyone by the same share, rounded down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Claim:
    """One approved application: ``key`` (its id), what it should have, its place in time and its score."""

    key: int
    fen: int
    order: int
    score: Decimal | None = None


def allocate(rule: Literal["first", "proportional", "best"], free_fen: int, claims: Sequence[Claim]) -> dict[int, int]:
    """Return what each claim gets; the sum is at most ``free_fen``, and nobody gets more than his claim."""
    wanted = sum(claim.fen for claim in claims)
    if wanted <= free_fen:
        return {claim.key: claim.fen for claim in claims}
    if rule == "proportional":
        return {claim.key: claim.fen * free_fen // wanted for claim in claims}
    if rule == "best":
        ranked = sorted(claims, key=lambda claim: (-(claim.score or Decimal(0)), claim.order))
    else:
        ranked = sorted(claims, key=lambda claim: claim.order)
    given: dict[int, int] = {}
    for claim in ranked:
        given[claim.key] = claim.fen if claim.fen <= free_fen else 0
        free_fen -= given[claim.key]
    return given


def after_stacking(rule: str, fen: int, granted_before: Sequence[int]) -> int:
    """Return what may be had of ``fen`` where others of its group have been granted in the same year already.

    ``exclusive``: nothing more. ``higher`` 就高不重复: the highest counts once, so the difference to all that was granted.
    """
    if not granted_before:
        return fen
    return 0 if rule == "exclusive" else max(0, fen - sum(granted_before))
