"""What changes: booking (``booking``), queues (``queueing``), windows at work (``serving``), halls (``managing``), by the clock (``watching``)."""

from yizhantong.kernel.appointments.actions.booking import book, cancel, move
from yizhantong.kernel.appointments.actions.managing import (
    add_window,
    close_day,
    open_day,
    set_hours,
    set_service,
    set_window,
)
from yizhantong.kernel.appointments.actions.queueing import arrive, come_back, leave, take
from yizhantong.kernel.appointments.actions.serving import call_next, finish, recall, rise, sit, skip, start, transfer

__all__ = [
    "add_window", "arrive", "book", "call_next", "cancel", "close_day", "come_back", "finish", "leave", "move", "open_day",
    "recall", "rise", "set_hours", "set_service", "set_window", "sit", "skip", "start", "take", "transfer",
]  # fmt: skip
