"""Every number that an article states, as a `Claim`: where it stands, what it is worth, how exactly, of what, whose, and when.

`claims_of_sentence` reads one sentence in one pass: first the shapes that look like numbers and are something else (document numbers, telephone
numbers, times of day, numbering, model names; `special`), then dates, ordinals and names, then the numerals that carry a unit (`measured`), then
what is counted without a numeral (`implicit`: 包括A、B、C在内).
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .implicit import implicit_claims
from .layout import Paragraph, Sentence
from .measured import measured_claims
from .periods import FoundPeriod, Period, find_periods
from .shape import Draft
from .special import special_claims
from .tokens import scope_of, split_phrase, strip_fillers
from .units import Unit


@dataclass(frozen=True, slots=True)
class Claim:
    """A stated number.

    `[start, end)` are offsets in the given text and `phrase` is what stands there (with a caption in it when the layout cut it). `number` is as printed
    and `unit` the unit with its scale (13.35, 万吨); `value`, `lower`, `upper` are in the base unit `measure.base` (千克), the bounds being what rounding and
    qualifier allow (`None`: open). `qualifier`: "" (exact or rounded), at_least, below, at_most, about, range, vague. `marks` are the words 共, 累计, 其中 …
    that stand with it. `kind`: count, amount, ratio, index, duration, date, period, ordinal, name, condition, list, estimate, target, rule.
    `what` is the counted thing, `subject` whose it is within the clause, `scope` the place or body named last; `clause` the words around.
    """

    index: int
    phrase: str
    start: int
    end: int
    number: Decimal
    unit: str
    value: Decimal
    lower: Decimal | None
    upper: Decimal | None
    measure: Unit
    qualifier: str
    marks: tuple[str, ...]
    kind: str
    what: str
    subject: str
    scope: str
    period: Period | None
    sentence: int
    paragraph: int
    clause: str
    at: tuple[int, int]
    """Place in the sentence's own text."""
    repeated: bool = False
    """In a sentence that is only printed a second time."""
    exact: bool = False
    """A plain count without scale or qualifier."""

    @property
    def is_quantity(self) -> bool:
        """Whether it says how many or how much: what relations and groups are made of."""
        return self.kind in ("count", "amount", "ratio", "estimate", "target", "rule", "duration")


@dataclass(slots=True)
class Reading:
    """What is carried from sentence to sentence of one paragraph."""

    day: date | None
    period: Period | None = None
    scope: str = ""


def claims_of_sentence(
    text: str, paragraph: Paragraph, sentence: Sentence, reading: Reading, first: int
) -> list[Claim]:
    """The claims of one sentence in order of place, numbered from `first`. `text` is the original."""
    drafts, taken = special_claims(sentence.text)
    drafts += measured_claims(sentence.text, taken)
    drafts += implicit_claims(sentence.text, drafts)
    drafts.sort(key=lambda d: (d.start, d.end))
    _name_shares(drafts)
    periods = list(find_periods(sentence.text, reading.day))
    claims: list[Claim] = []
    for draft in drafts:
        claims.append(_settle(text, paragraph, sentence, reading, draft, first + len(claims), periods))
    lasting = [p.period for p in periods if p.period.kind not in ("base", "day")]
    if lasting:
        reading.period = lasting[-1]
    reading.scope = scope_of(sentence.text.split("，")[0]) or reading.scope
    return claims


_SHARE_OF = re.compile(r"^(?P<who>.*?)(?:所占比重?|占比?(?:到|了)?)(?P<whole>[^，]*)$")


def _name_shares(drafts: list[Draft]) -> None:
    """A share is of something: 工业项目56个,…占总量的62% counts 工业项目占总量, not 总量."""
    counted = ""
    for draft in drafts:
        if draft.unit.dimension != "ratio":
            counted = draft.what if draft.kind in ("count", "amount") else counted
            continue
        match = _SHARE_OF.match(draft.before) if draft.kind == "ratio" else None
        if match is None or any(
            d.start < draft.start and d.end > draft.start - len(match["whole"]) for d in drafts if d is not draft
        ):
            continue
        who = split_phrase(re.sub(r"^.*[，、；]", "", match["who"]))[1]
        who = counted if len(who) < 2 or who in ("项目数", "数量", "人数", "户数", "件数", "总数") else who
        whole = strip_fillers(match["whole"])
        if who:
            draft.subject, draft.what = "", f"{who}占{whole or '比'}"


def _settle(
    text: str,
    paragraph: Paragraph,
    sentence: Sentence,
    reading: Reading,
    draft: Draft,
    index: int,
    periods: list[FoundPeriod],
) -> Claim:
    start, end = paragraph.span(sentence.start + draft.start, sentence.start + draft.end)
    return Claim(
        index=index,
        phrase=text[start:end],
        start=start,
        end=end,
        number=draft.number,
        unit=draft.unit_text,
        value=draft.value,
        lower=draft.lower,
        upper=draft.upper,
        measure=draft.unit,
        qualifier=draft.qualifier,
        marks=draft.marks,
        kind=draft.kind,
        what=draft.what,
        subject=draft.subject,
        scope=scope_of(draft.subject) or _scope_before(sentence.text, draft.start) or reading.scope,
        period=_period_at(draft, periods) or reading.period,
        sentence=sentence.index,
        paragraph=paragraph.index,
        clause=draft.clause,
        at=(draft.start, draft.end),
        exact=draft.exact,
    )


def _scope_before(sentence: str, at: int) -> str:
    return scope_of(sentence[max(0, at - 60) : at])


def _period_at(draft: Draft, periods: list[FoundPeriod]) -> Period | None:
    """The last period that stands before the number in its sentence; 同比 and 去年同期 only within the clause."""
    found: Period | None = None
    clause_start = draft.start - len(draft.before)
    for place in periods:
        if place.end > draft.start:
            break
        if place.period.kind != "base" or place.start >= clause_start:
            found = place.period
    return found


def mark_repeated(claims: list[Claim], repeated: frozenset[int]) -> list[Claim]:
    """The claims, those of second printings marked."""
    return [replace(c, repeated=True) if c.sentence in repeated else c for c in claims]
