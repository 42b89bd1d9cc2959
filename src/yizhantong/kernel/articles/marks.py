"""A checked article cut into pieces for annotation: plain text, and marks that carry the findings they stand for.

Works on what :func:`~yizhantong.kernel.articles.reports.as_json` gave, so that a stored check reads as it was checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

TONES = {"agrees": "good", "differs": "bad", "cannot be decided": "warn", "no figure": "plain"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of the text with the numbers of what stands there; all empty for plain text."""

    text: str
    claims: tuple[int, ...] = ()
    repeats: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()
    tone: str = ""
    """``good``, ``bad``, ``warn`` or ``plain``: what the piece as a whole says to an editor; empty for plain text."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str
    index: int


def paragraphs(text: str, data: Mapping[str, Any]) -> list[list[Mark]]:
    """Return the lines of the text that are not blank, each as its pieces in order."""
    lines: list[list[Mark]] = [[]]
    for mark in pieces(text, data):
        first, *others = mark.text.split("\n")
        _append(lines[-1], mark, first)
        for part in others:
            lines.append([])
            _append(lines[-1], mark, part)
    return [line for line in lines if line]


def _append(line: list[Mark], mark: Mark, text: str) -> None:
    if text:
        line.append(Mark(text, mark.claims, mark.repeats, mark.breaks, mark.tone))


def pieces(text: str, data: Mapping[str, Any]) -> Iterator[Mark]:
    """Yield the text cut wherever a claim, repeat or break begins or ends; joined, the pieces give the text again."""
    spans = list(_spans(data))
    cuts = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    starts: dict[int, list[_Span]] = {}
    for span in spans:
        starts.setdefault(span.start, []).append(span)
    active: list[_Span] = []
    tones = tones_of(data)
    for start, end in pairwise(cuts):
        active = [span for span in active if span.end > start] + starts.get(start, [])
        claims, repeats, breaks = (
            tuple(span.index for span in active if span.kind == kind) for kind in ("claims", "repeats", "breaks")
        )
        tone = _tone([tones[index] for index in claims], bool(repeats or breaks))
        yield Mark(text[start:end], claims, repeats, breaks, tone)


def tones_of(data: Mapping[str, Any]) -> dict[int, str]:
    """Return the tone of each claim: its verdict, overruled by relations that fail or hold and by contradictions."""
    tones = {claim["index"]: TONES[claim["verdict"]] for claim in data["claims"]}
    for relation in data["relations"]:
        for index in relation["claims"]:
            if relation["holds"] is False:
                tones[index] = "bad"
            elif relation["holds"] and tones[index] == "plain":
                tones[index] = "good"
    for conflict in data["conflicts"]:
        tones.update(dict.fromkeys(conflict["claims"], "bad"))
    return tones


def _spans(data: Mapping[str, Any]) -> Iterator[_Span]:
    for claim in data["claims"]:
        if claim["end"] > claim["start"]:
            yield _Span(claim["start"], claim["end"], "claims", claim["index"])
    for kind in ("repeats", "breaks"):
        for index, item in enumerate(data[kind]):
            if item["end"] > item["start"]:
                yield _Span(item["start"], item["end"], kind, index)


def _tone(found: list[str], layout: bool) -> str:
    for tone in ("bad", "warn", "good"):
        if tone in found:
            return tone
    if layout:
        return "warn"
    return "plain" if found else ""
