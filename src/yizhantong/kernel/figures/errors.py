"""What may be wrong with a question put to the figures, told to a person."""

from __future__ import annotations


class FigureError(Exception):
    """A figure cannot be answered, published or compiled; ``code`` is stable, the text says what to do.

    Codes: ``figures.unknown_figure``, ``figures.unknown_division``, ``figures.unknown_dimension``, ``figures.future``,
    ``figures.no_campaign``, ``figures.not_compilable``, ``figures.no_records``, ``figures.unknown_engine``,
    ``figures.unknown_bucket``, ``figures.unknown_level``, ``figures.unsealed``, ``figures.unknown_snapshot``,
    ``figures.note_too_long``.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence
        super().__init__(sentence)
