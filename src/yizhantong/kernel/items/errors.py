"""How items are refused, and what is found wrong with their content."""

from __future__ import annotations

from dataclasses import dataclass


class ItemError(Exception):
    """A change of an item, or its content, is refused; nothing was written.

    ``code`` is stable (``items.unknown_element``), ``sentence`` is Chinese and says what is wrong and what to do, ``place`` is a
    path within the content (``form[0].fields[2].visible_if``), or empty when the item as a whole is meant.
    """

    def __init__(self, code: str, sentence: str, place: str = "") -> None:
        self.code = code
        self.sentence = sentence
        self.place = place
        super().__init__(f"{place}:{sentence}" if place else sentence)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a content: where (a path as in :class:`ItemError`), why, and its stable code."""

    code: str
    sentence: str
    place: str = ""

    def error(self) -> ItemError:
        """Return the finding as a refusal."""
        return ItemError(self.code, self.sentence, self.place)


class ContentError(ItemError):
    """A content is refused as a whole; ``findings`` are all that is wrong, the error itself tells the first."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        first = findings[0]
        more = f"(另有 {len(findings) - 1} 处)" if len(findings) > 1 else ""
        super().__init__(first.code, first.sentence + more, first.place)
