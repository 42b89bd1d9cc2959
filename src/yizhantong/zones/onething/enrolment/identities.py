"""Identity numbers as enrolment uses them: keyed indexes, public codes, the birthday within (GB 11643)."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.parties import sealing

CODE = 12


def index(identity: str) -> str:
    """Return the keyed index by which registers are searched; "" for none."""
    return sealing.index_of(identity) if identity else ""


def code(season: str, identity: str) -> str:
    """Return the public code of a child in a season: it follows from the identity number and betrays nothing of it."""
    return sealing.index_of(f"enrolment:{season}:{identity}")[:CODE].upper()


def born_on(identity: str) -> dt.date | None:
    """Return the birthday that an identity number states, or None where it is none."""
    try:
        return dt.datetime.strptime(identity[6:14], "%Y%m%d").date() if len(identity) == 18 else None
    except ValueError:
        return None
