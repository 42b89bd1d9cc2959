"""Whose turn it is, pure: every ticket's place in the queue is one moment, and the earlier moment is called first.

* without priority: when the ticket was taken;
* booked, and come from half an hour before the start until ten minutes after it: half an hour before the start, but no later than it
  was taken (who booked for nine o'clock stands where one stands who took a ticket at half past eight);
* elders from 65, disabled persons, pregnant women and parents with infants, soldiers: a quarter of an hour before it was taken.

So priority is worth at most :data:`EARLY`: nobody is ever overtaken by anyone who came more than half an hour after him.
"""

from __future__ import annotations

import datetime as dt

EARLY = dt.timedelta(minutes=30)
"""How long before the start a booked one may take his ticket, and how much his booking is worth."""
LATE = dt.timedelta(minutes=10)
"""How long after the start the booking still counts."""
COURTESY = dt.timedelta(minutes=15)
"""What the priority of elders and others is worth."""
ELDER_AGE = 65


def in_time(taken: dt.datetime, start: dt.datetime) -> bool:
    """Tell whether a ticket that is taken now keeps the place of an appointment at ``start``."""
    return start - EARLY <= taken <= start + LATE


def rank(taken: dt.datetime, *, start: dt.datetime | None = None, courtesy: bool = False) -> dt.datetime:
    """Return the moment by which a ticket is ordered; of two reasons for priority the better one holds."""
    found = taken
    if courtesy:
        found = min(found, taken - COURTESY)
    if start is not None and in_time(taken, start):
        found = min(found, max(start - EARLY, taken - EARLY))
    return found


def wait(ahead: int, windows: int, seconds: float) -> int | None:
    """Return the minutes that one waits behind ``ahead`` tickets of ``seconds`` each at some windows; None when none is staffed."""
    if windows < 1:
        return None
    return round(ahead * seconds / windows / 60)
