"""How a change of appointments or queues is refused."""

from __future__ import annotations

from typing import Any


class AppointmentError(Exception):
    """A change is refused; nothing was written. ``code`` is stable (``appointments.full``), ``sentence`` says what to do instead."""

    def __init__(self, code: str, sentence: str, field: str = "", **details: Any) -> None:
        self.code = f"appointments.{code}"
        self.sentence = sentence
        self.field = field
        self.details = details
        super().__init__(sentence)
