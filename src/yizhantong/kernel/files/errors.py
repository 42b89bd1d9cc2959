"""How files and documents are refused."""

from __future__ import annotations


class FileError(Exception):
    """A file or a document is refused, or cannot be kept; nothing half-done is left.

    ``code`` is stable (``files.too_large``, ``files.disk_full`` …); ``sentence`` says what is wrong and what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code = f"files.{code}"
        self.sentence = sentence
        super().__init__(sentence)
