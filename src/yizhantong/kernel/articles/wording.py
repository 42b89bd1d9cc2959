"""The wording of briefs: text with figures in braces.

``{investment.signed_count}`` stands for the figure with its unit as people read it, ``{investment.signed_count|number}`` for the
bare number, ``{investment.signed_count@210781}`` for the figure of one division, ``{day}`` for the as-of day. A doubled
brace is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PLACE = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}\n]{0,120})\}|(?P<stray>[{}])")
INSIDE = re.compile(r"(?P<code>day|[a-z]+\.[a-z0-9_]+)(@(?P<division>[0-9A-Z-]{2,12}))?(\|(?P<form>number))?")


class WordingError(Exception):
    """The wording cannot be used; the message says what is wrong, where, and what to write instead."""

    code = "articles.wording"


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A figure (or ``day``) in the text."""

    code: str
    division: str | None
    bare: bool


Piece = Text | Place


def parse(wording: str, known: Callable[[str], bool]) -> list[Piece]:
    """Return the pieces of a wording; raise :class:`WordingError` for an unknown figure or a brace out of place."""
    return list(_merge(_pieces(wording, known)))


def _pieces(wording: str, known: Callable[[str], bool]) -> Iterator[Piece]:
    at = 0
    for found in PLACE.finditer(wording):
        yield Text(wording[at : found.start()])
        at = found.end()
        if found["stray"]:
            raise WordingError(f"{_where(wording, found.start())}的“{found['stray']}”没有配对;要写出花括号本身请写两个")
        if found["inside"] is None:
            yield Text(found[0][0])
        else:
            yield _place(wording, found, known)
    yield Text(wording[at:])


def _place(wording: str, found: re.Match[str], known: Callable[[str], bool]) -> Place:
    inside = INSIDE.fullmatch(found["inside"].strip())
    where = _where(wording, found.start())
    if inside is None:
        raise WordingError(f"{where}的 {found[0]} 不是数据代码,请写成 {{专区.代码}},例如 {{investment.signed_count}}")
    if inside["code"] != "day" and not known(inside["code"]):
        raise WordingError(f"{where}的 {found[0]} 没有这个数据,请从数据目录中选择代码")
    return Place(inside["code"], inside["division"], inside["form"] == "number")


def _merge(pieces: Iterator[Piece]) -> Iterator[Piece]:
    held = ""
    for piece in pieces:
        if isinstance(piece, Text):
            held += piece.text
            continue
        if held:
            yield Text(held)
        held = ""
        yield piece
    if held:
        yield Text(held)


def _where(wording: str, offset: int) -> str:
    line = wording.count("\n", 0, offset) + 1
    column = offset - (wording.rfind("\n", 0, offset) + 1) + 1
    return f"第{line}行第{column}字"
