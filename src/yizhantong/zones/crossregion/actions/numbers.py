"""Numbers of crossings: TB-<year>-<eight digits>, drawn at random, unique in this city."""

from __future__ import annotations

import secrets

from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion.models import Crossing


def draw() -> str:
    """Return a number that is not in use; the database refuses the second of two that were drawn alike at once."""
    while True:
        number = f"TB-{clock.today().year}-{secrets.randbelow(10**8):08d}"
        if not Crossing.objects.filter(number=number).exists():
            return number
