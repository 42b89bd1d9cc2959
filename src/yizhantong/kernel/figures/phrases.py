"""By which words articles call the figures: the index in which a draft's claims are looked up.

Phrases are compared in a normal form: full-width letters and digits narrowed (NFKC), quotation marks and spaces dropped, so
that 清理“三堆” and 清理三堆 are one phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from django.utils import translation

from yizhantong.kernel.figures.declare import Figure, Period, Ratio, figure, figures

_DROPPED = re.compile(r"[\s“”‘’\"'「」『』《》]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase and the figure that it calls, with what tells figures of the same phrase apart.

    ``text`` is the normal form, ``written`` as declared. ``period`` of a ratio is that of its numerator. ``declared`` is
    False for the figure's label, which is a weaker sign than a phrase of its own.
    """

    text: str
    written: str
    code: str
    unit: str
    period: Period
    parent: str
    zone: str
    estimate: bool
    declared: bool = True


def normal(text: str) -> str:
    """Return the normal form of a phrase or of a piece of an article."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def index() -> list[Phrase]:
    """Return all phrases, the longest first, each figure's label after its own phrases."""
    found: list[Phrase] = []
    for item in figures():
        own = dict.fromkeys(item.phrases)
        texts = {normal(text) for text in own}
        found += [_phrase(item, text, declared=True) for text in own]
        with translation.override("zh-hans"):
            label = str(item.label)
        if normal(label) not in texts:
            found.append(_phrase(item, label, declared=False))
    return sorted(found, key=lambda phrase: (-len(phrase.text), not phrase.declared, phrase.text, phrase.code))


def by_text() -> dict[str, list[Phrase]]:
    """Return the phrases by their normal form."""
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in index():
        found[phrase.text].append(phrase)
    return dict(found)


def _phrase(item: Figure, written: str, *, declared: bool) -> Phrase:
    return Phrase(
        normal(written), written, item.code, item.unit, _period(item), item.parent, item.zone, item.estimate, declared
    )


def _period(item: Figure) -> Period:
    if not isinstance(item.measure, Ratio):
        return item.period
    try:
        return figure(item.measure.numerator).period
    except KeyError:
        return item.period
