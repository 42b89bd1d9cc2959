"""How a wrong identifier is refused, and how typed input is made uniform before it is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable


class CodeError(ValueError):
    """An identifier is wrong. ``code`` is stable (``codes.uscc.check`` …); the text says what, where, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def uniform(text: str, room: str, name: str) -> str:
    """Full-width to half-width (NFKC), outer blanks away, capitals; ``codes.<room>.empty`` if nothing is left."""
    if not isinstance(text, str):
        raise CodeError(
            f"codes.{room}.type", f"{name}应是文字,收到的是 {type(text).__name__};请按文本填写,不要按数字填写"
        )
    result = unicodedata.normalize("NFKC", text).strip().upper()
    if not result:
        raise CodeError(f"codes.{room}.empty", f"{name}为空;请填写")
    return result


def require_length(text: str, lengths: tuple[int, ...], room: str, name: str) -> None:
    """Refuse any other length with ``codes.<room>.length``."""
    if len(text) not in lengths:
        wanted = "或 ".join(f"{length} " for length in lengths)
        raise CodeError(f"codes.{room}.length", f"{name}应为 {wanted}位,现有 {len(text)} 位;请核对是否多填或漏填")


def require_characters(text: str, allowed: str, room: str, name: str, start: int = 0) -> None:
    """Refuse the first character outside ``allowed`` with ``codes.<room>.character`` and its place, counted from 1."""
    for position, character in enumerate(text, start + 1):
        if character not in allowed:
            raise CodeError(
                f"codes.{room}.character", f"{name}第 {position} 位“{character}”不是允许的字符;请对照证件原件核对该位"
            )


DIGITS = "0123456789"


def accepts(validate: Callable[[str], str]) -> Callable[[str], bool]:
    """The question whether a text is valid, from the function that validates it."""

    def is_valid(text: str) -> bool:
        try:
            validate(text)
        except CodeError:
            return False
        return True

    return is_valid
