"""What an article says of its own numbers, and whether the arithmetic can be true.

Only what the wording states is judged: each finder looks for its own words (其中, 占, 合计, 分别, 同比, 户均, 率 …), and says `False` only when no values
within rounding and qualifiers could make the statement true. Second printings are left out, so that nothing is reported twice.
"""

from collections.abc import Iterable

from ..claims import Claim
from ..layout import Paragraph
from .averages import averages
from .base import Passage, Relation, passages_of
from .conflicts import restated
from .growth import growth
from .parts import Parts, left_over
from .ranges import impossible_dates, impossible_values
from .shares import rates, shares
from .sums import respectively, totals

__all__ = ["Relation", "find_relations"]


def find_relations(
    claims: Iterable[Claim], paragraphs: list[Paragraph]
) -> tuple[list[Relation], list[Passage], dict[int, Claim]]:
    """All relations, in order of the first claim they speak of; of several that judge the same claims in one kind, the first.

    With them the passages they were read from, and for each part its whole (claim index → whole), both for `groups`."""
    claims = tuple(claims)
    passages = passages_of(claims, paragraphs)
    parts = Parts(passages)
    found = list(parts.relations())
    found += left_over(passages)
    found += shares(passages, parts.whole_of)
    found += rates(passages)
    found += totals(passages)
    found += respectively(passages)
    found += growth(passages)
    found += averages(passages)
    found += impossible_values(passages)
    found += impossible_dates(paragraphs, claims)
    found += restated(passages)
    seen: set[tuple[str, frozenset[int], str]] = set()
    unique: list[Relation] = []
    for relation in found:
        key = (relation.kind, frozenset(relation.claims), relation.sentence if not relation.claims else "")
        if key not in seen:
            seen.add(key)
            unique.append(relation)
    return sorted(unique, key=lambda r: min(r.claims, default=0)), passages, parts.whole_of
