"""What may go wrong with a fact, told to a person: a stable code, a sentence, the field and the row."""

from __future__ import annotations


class LedgerError(Exception):
    """A fact, an import or a segment is refused; nothing was written.

    ``code`` is stable (``ledger.future``), ``sentence`` says what is wrong and what to do, ``field`` is the Chinese name
    of the column it is about (empty: the record as a whole), ``row`` its position among rows handed over together,
    counted from 0, or None.
    """

    def __init__(self, code: str, sentence: str, field: str = "", row: int | None = None) -> None:
        self.code = code
        self.sentence = sentence
        self.field = field
        self.row = row
        where = "" if row is None else f"第{row + 1}条 "
        super().__init__(f"{where}{f'“{field}”:' if field else ''}{sentence}")

    def at(self, row: int) -> LedgerError:
        """Return the same error as one of that row."""
        return LedgerError(self.code, self.sentence, self.field, row)
