"""What the notices refuse."""

from __future__ import annotations


class NoticeError(Exception):
    """A refusal: ``code`` is stable, the message says what is wrong and what to do, ``field`` names the field or is empty."""

    def __init__(self, code: str, sentence: str, field: str = "") -> None:
        self.code = f"notices.{code}"
        self.sentence = sentence
        self.field = field
        super().__init__(sentence)
