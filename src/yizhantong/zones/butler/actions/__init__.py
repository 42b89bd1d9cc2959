"""What changes in the butler service: one function per change, by topic.

``facts`` keeps the ledgers; ``butlers``, ``visits``, ``appeals``, ``escalations`` and ``knowledge`` are what people do, and write the
facts on their way.
"""

from yizhantong.zones.butler.actions.facts import (
    accept_appeal,
    assign_butler,
    close_appeal,
    rate_outcome,
    record_visit,
    relieve_butler,
    take_back_appeal,
    take_back_outcome,
)

__all__ = [
    "accept_appeal", "assign_butler", "close_appeal", "rate_outcome", "record_visit", "relieve_butler", "take_back_appeal",
    "take_back_outcome",
]  # fmt: skip
