"""What may stand in a flow: plain JSON, codes, and texts that XML can carry."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_code(value: object, length: int) -> bool:
    """Whether a value is snake-case of at most ``length`` characters."""
    return isinstance(value, str) and len(value) <= length and _CODE.fullmatch(value) is not None


def unprintable(text: str) -> bool:
    """Whether a text holds characters that may not stand in XML 1.0."""
    return _NOT_IN_XML.search(text) is not None


def is_json(value: object, depth: int = 8) -> bool:
    """Whether a value is plain JSON of at most ``depth`` levels: no NaN, no infinity, no keys but texts."""
    if value is None or isinstance(value, bool | int | str):
        return True
    if isinstance(value, float):
        return math.isfinite(value)
    if depth == 0:
        return False
    if isinstance(value, list):
        return all(is_json(item, depth - 1) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(item, depth - 1) for key, item in value.items())
    return False
