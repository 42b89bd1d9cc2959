"""An article cut into pieces for annotation: plain text, and marks that carry the claims, repeats and breaks they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from yizhantong.kernel.articles.check import Checked


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of the text with the numbers of what stands there; all empty for plain text."""

    text: str
    claims: tuple[int, ...] = ()
    repeats: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()
    tone: str = ""
    """``good``, ``bad``, ``warn`` or ``plain``: what the piece as a whole says to an editor; empty for plain text."""


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    kind: str
    index: int


@dataclass
class _Active:
    claims: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def paragraphs(checked: Checked) -> list[list[Mark]]:
    """Return the lines of the text that are not blank, each as its pieces in order; joined they give the text again."""
    lines: list[list[Mark]] = [[]]
    for mark in pieces(checked):
        first, *others = mark.text.split("\n")
        _append(lines[-1], mark, first)
        for part in others:
            lines.append([])
            _append(lines[-1], mark, part)
    return [line for line in lines if line]


def _append(line: list[Mark], mark: Mark, text: str) -> None:
    if text:
        line.append(Mark(text, mark.claims, mark.repeats, mark.breaks, mark.tone))


def pieces(checked: Checked) -> Iterator[Mark]:
    """Yield the text cut wherever a claim, repeat or break begins or ends."""
    spans = list(_spans(checked))
    cuts = sorted({0, len(checked.text), *(s.start for s in spans), *(s.end for s in spans)})
    starts: dict[int, list[_Span]] = {}
    for span in spans:
        starts.setdefault(span.start, []).append(span)
    active: list[_Span] = []
    tones = _tones(checked)
    for start, end in pairwise(cuts):
        active = [span for span in active if span.end > start] + starts.get(start, [])
        now = _Active()
        for span in active:
            getattr(now, span.kind).append(span.index)
        yield Mark(
            checked.text[start:end],
            tuple(now.claims),
            tuple(now.repeats),
            tuple(now.breaks),
            _tone(now, tones),
        )


def _spans(checked: Checked) -> Iterator[_Span]:
    article = checked.article
    for claim in article.claims:
        yield _Span(claim.start, claim.end, "claims", claim.index)
    groups: Iterable[tuple[str, Iterable[object]]] = (("repeats", article.repeats), ("breaks", article.breaks))
    for kind, found in groups:
        for index, item in enumerate(found):
            start, end = getattr(item, "start"), getattr(item, "end")  # noqa: B009
            if end > start:
                yield _Span(start, end, kind, index)


def _tones(checked: Checked) -> dict[int, str]:
    tone = {"agrees": "good", "differs": "bad", "cannot be decided": "warn", "no figure": "plain"}
    tones = {claim.index: tone[f.verdict] for claim, f in zip(checked.article.claims, checked.findings, strict=True)}
    for relation in checked.article.relations:
        for index in relation.claims:
            if relation.holds is False:
                tones[index] = "bad"
            elif relation.holds and tones[index] == "plain":
                tones[index] = "good"
    for conflict in checked.conflicts:
        tones.update(dict.fromkeys(conflict.claims, "bad"))
    return tones


def _tone(now: _Active, tones: dict[int, str]) -> str:
    found = {tones[index] for index in now.claims}
    for tone in ("bad", "warn", "good"):
        if tone in found:
            return tone
    if now.repeats or now.breaks:
        return "warn"
    return "plain" if now.claims else ""
