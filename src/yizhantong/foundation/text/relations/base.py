"""The relation and what all its finders share: passages, intervals, and how numbers are told."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from ..claims import Claim
from ..layout import Paragraph
from ..numerals import plain
from ..units import kindred, same_measure
from ..vocabulary import words

INFINITE = Decimal("Infinity")
MAX_CLAIMS = 60
"""Quantities of one passage that are weighed against each other: more is no sentence but a list of data, and work per passage is bounded."""
MAX_PASSAGE = 2000
"""Characters of semicolon-joined sentences that are still read as one statement."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What the article says of its own numbers.

    `kind`: part, share, sum, respectively, growth, average, product, rate, balance, order, range, overlap, same, conflict.
    `claims` are indices into the article's claims, the decisive one last. `holds`: True, False (impossible even within rounding and qualifiers),
    or None (cannot be decided, or off by no more than a rounding the other way). `sentence` tells the arithmetic in Chinese;
    `detail` is a short code of the way it was found.
    """

    kind: str
    claims: tuple[int, ...]
    holds: bool | None
    sentence: str
    detail: str = ""


@dataclass(slots=True)
class Passage:
    """A full sentence, semicolons included: its text and the quantities in it with their places `[start, end)` in that text."""

    paragraph: int
    kind: str
    number: int
    text: str
    claims: list[Claim] = field(default_factory=list)
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def bracket(self, place: int) -> int:
        """Where the innermost （ that is open at `place` stands; -1 outside of brackets. Statements inside and outside do not mix."""
        opened = self.text.rfind("（", 0, place)
        while opened >= 0 and self.text.count("）", opened, place) >= self.text.count("（", opened, place):
            opened = self.text.rfind("（", 0, opened)
        return opened

    def plain(self) -> list[Claim]:
        """The claims outside of brackets."""
        return [c for c in self.claims if self.bracket(self.start(c)) < 0]

    def start(self, claim: Claim) -> int:
        """Where the claim begins in `text`."""
        return self.places[claim.index][0]

    def end(self, claim: Claim) -> int:
        """Where the claim ends in `text`."""
        return self.places[claim.index][1]

    def between(self, a: Claim, b: Claim) -> str:
        """The words between two claims."""
        return self.text[self.end(a) : self.start(b)]

    def before(self, claim: Claim) -> str:
        """The words of the clause in front of the claim, from the last claim or clause mark on."""
        start = self.start(claim)
        floor = max((self.end(c) for c in self.claims if self.end(c) <= start), default=0)
        marks = [m.end() for m in re.finditer(r"[，。；：]", self.text[:start])]
        return self.text[max([floor, *marks[-1:]]) : start]

    def after(self, claim: Claim, size: int = 12) -> str:
        """The words behind the claim."""
        return self.text[self.end(claim) : self.end(claim) + size]


def passages_of(claims: Iterable[Claim], paragraphs: list[Paragraph]) -> list[Passage]:
    """The passages of an article with their quantities, second printings left out."""
    by_sentence: dict[int, list[Claim]] = {}
    for claim in claims:
        if not claim.repeated and (claim.is_quantity or claim.kind == "condition"):
            by_sentence.setdefault(claim.sentence, []).append(claim)
    found: list[Passage] = []
    for paragraph in paragraphs:
        current: Passage | None = None
        for sentence in paragraph.sentences:
            if current is None:
                current = Passage(paragraph.index, paragraph.kind, len(found), "")
                found.append(current)
            shift = len(current.text)
            current.text += sentence.text
            for claim in by_sentence.get(sentence.index, [])[: MAX_CLAIMS - len(current.claims)]:
                current.claims.append(claim)
                current.places[claim.index] = (claim.at[0] + shift, claim.at[1] + shift)
            if not sentence.text.endswith("；") or len(current.text) > MAX_PASSAGE or len(current.claims) >= MAX_CLAIMS:
                current = None
    return found


def low(claim: Claim) -> Decimal:
    """The least the claim allows, in base units."""
    return -INFINITE if claim.lower is None else claim.lower


def high(claim: Claim) -> Decimal:
    """The most the claim allows, in base units."""
    return INFINITE if claim.upper is None else claim.upper


def agrees(claim: Claim, least: Decimal, most: Decimal) -> bool | None:
    """Whether a computed interval meets the claim's own: True, False, or None when they miss each other by less than the rounding itself
    (the writer cut off where he should have rounded)."""
    if least <= high(claim) and most >= low(claim):
        return True
    width = high(claim) - low(claim) if claim.lower is not None and claim.upper is not None else Decimal(0)
    above, below = width * Decimal("0.49"), width * Decimal("0.3")
    return None if least <= high(claim) + above and most >= low(claim) - below else False


def divide(numerator: Claim, denominator: Claim) -> tuple[Decimal, Decimal] | None:
    """The interval of the quotient of two positive claims."""
    if low(denominator) <= 0 or low(numerator) < 0:
        return None
    least = Decimal(0) if high(denominator) == INFINITE else low(numerator) / high(denominator)
    most = INFINITE if high(numerator) == INFINITE else high(numerator) / low(denominator)
    return least, most


def comparable(a: Claim, b: Claim) -> bool:
    """Whether two quantities may be parts of one whole: the same measure (or kindred counts), and no different attribute named."""
    if not (kindred(a.measure, b.measure) or same_measure(a.measure, b.measure)):
        return False
    if a.measure.dimension in ("ratio", "points", "times", "doublings"):
        return False
    return not attributes_differ(a, b)


def attribute_of(claim: Claim) -> str:
    """The attribute an amount is of (签约额, 总投资), the longest known one at the end of its words; empty when it names none."""
    text = claim.what
    found = [w for w in words("attributes") if w in text]
    return max(found, key=lambda w: (text.rfind(w) + len(w), len(w))) if found else ""


def attributes_differ(a: Claim, b: Claim) -> bool:
    """Whether both are amounts and name attributes of which neither contains the other."""
    if a.measure.is_count:
        return False
    first, second = attribute_of(a), attribute_of(b)
    return bool(first and second and not set(first) <= set(b.what) and not set(second) <= set(a.what))


def other_year(candidates: list[Claim], claim: Claim) -> bool:
    """Whether the candidates are of another year than the claim (去年…上线率)."""
    return any(_years_back(c) != _years_back(claim) for c in candidates)


def _years_back(claim: Claim) -> str:
    if claim.period is None:
        return ""
    found = re.search(r"去年|上年|前年|上一年|同期", claim.period.text)
    return found[0][:1] if found else ""


def common_words(a: str, b: str) -> int:
    """The length of the longest common substring of two short texts."""
    a, b = a[-24:], b[-24:]
    best = 0
    for i in range(len(a)):
        while best < len(a) - i and a[i : i + best + 1] in b:
            best += 1
    return best


def show(claim: Claim) -> str:
    """The claim in a sentence: 工业项目56个."""
    return f"{claim.what[-14:]}{claim.phrase if len(claim.phrase) <= 16 else plain(claim.number) + claim.unit}"


def percent(least: Decimal, most: Decimal) -> str:
    """A share for a sentence: its middle, in per cent."""
    middle = least if most == INFINITE else (least + most) / 2
    return f"{plain((middle * 100).quantize(Decimal('0.01')))}%"


def quotient_told(numerator: Claim, denominator: Claim) -> str:
    """The quotient of two claims as printed, in per cent, for a sentence."""
    value = numerator.value / denominator.value
    return percent(value, value)


def amount(value: Decimal, like: Claim) -> str:
    """A value of base units told in the unit of a claim."""
    factor = like.value / like.number if like.number else Decimal(1)
    unit = like.unit
    return f"{plain(value / factor)}{unit}"


def verdict(holds: bool | None) -> str:
    """The last words of a sentence."""
    return {True: "相符", False: "不符", None: "只差在取舍"}[holds]
