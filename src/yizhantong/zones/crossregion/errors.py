"""What this zone refuses, with a stable code and what to do."""

from __future__ import annotations

from typing import Any

from yizhantong.kernel.cases.errors import CaseError


class CrossingError(CaseError):
    """Something between cities is refused; ``code`` begins with ``crossregion.``."""

    def __init__(self, code: str, sentence: str, *, field: str = "", **details: Any) -> None:
        super().__init__(f"crossregion.{code}", sentence, field=field, **details)
