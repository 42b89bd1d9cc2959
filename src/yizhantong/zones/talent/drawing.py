"""Drawing experts by lot, weighted, with a seed: whoever knows pool and seed draws the same ones. Pure.

Each candidate gets the key ``u ** (1 / weight)``, ``u`` in (0, 1) from SHA-256 of seed and candidate (Efraimidis and Spirakis, 2006);
the highest keys are drawn. The order of the pool does not matter.

>>> draw({"1": 1, "2": 1, "3": 5}, 2, seed="abc") == draw({"3": 5, "1": 1, "2": 1}, 2, seed="abc")
True
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Mapping

from yizhantong.zones.talent.errors import TalentError


def new_seed() -> str:
    """Return a seed that nobody could foresee (32 hexadecimal digits)."""
    return secrets.token_hex(16)


def draw(pool: Mapping[str, int], wanted: int, *, seed: str) -> list[str]:
    """Return ``wanted`` of the pool (candidate: weight), the first drawn first; ``talent.pool_small`` when there are fewer."""
    if len(pool) < wanted:
        raise TalentError(
            "talent.pool_small", f"可抽取的专家只有 {len(pool)} 人,需要 {wanted} 人;请先补充专家库", available=len(pool)
        )
    return sorted(pool, key=lambda one: (-_key(seed, one, pool[one]), one))[:wanted]


def _key(seed: str, candidate: str, weight: int) -> float:
    digest = hashlib.sha256(f"{seed}/{candidate}".encode()).digest()
    chance = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 2)
    return math.log(chance) / weight
