"""Personal values of a form, sealed wherever they are stored: ``{"sealed": "aes:…"}`` in place of the value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yizhantong.kernel.parties import sealing

if TYPE_CHECKING:
    from yizhantong.kernel.items.catalogue import Ready

MARK = "sealed"


def is_sealed(value: Any) -> bool:
    """Tell whether a stored value is sealed."""
    return isinstance(value, dict) and set(value) == {MARK}


def seal_value(value: Any) -> Any:
    """Return a value sealed; empty ones, and those sealed already, stay as they are."""
    if value in (None, "", []) or is_sealed(value):
        return value
    return {MARK: sealing.seal(json.dumps(value, ensure_ascii=False))}


def open_value(value: Any) -> Any:
    """Return a stored value in clear; raises SealError when it was altered."""
    return json.loads(sealing.unseal(value[MARK])) if is_sealed(value) else value


def seal_data(ready: Ready, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's data with the values of personal elements sealed."""
    personal = {code for code, (_, element) in ready.fields.items() if element.personal}
    return {code: seal_value(value) if code in personal else value for code, value in data.items()}


def open_data(ready: Ready, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's data in clear."""
    return {code: open_value(value) for code, value in data.items()}
