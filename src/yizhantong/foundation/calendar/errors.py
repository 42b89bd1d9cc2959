"""How the calendar refuses."""

from __future__ import annotations


class CalendarError(ValueError):
    """A day, a table, a limit or a clock is refused.

    ``code`` is stable (``calendar.year_missing`` …); ``sentence`` says in Chinese what is wrong, where, what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
