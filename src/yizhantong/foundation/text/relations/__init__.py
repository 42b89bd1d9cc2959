"""What an article says of its own numbers, and whether the arithmetic can be true.

Only what the wording states is judged: each finder looks for its own words (其中, 占, 合计, 分别, 同比, 户均, 率 …), and says `False` only when no values
within rounding and qualifiers could make the statement true. Second printings are left out, so that nothing is reported twice.
"""

from collections.abc import Iterable

from ..claims import Claim
from ..layout import Paragraph
from ..near import Changed
from .averages import averages
from .balance import balances
from .base import Passage, Relation, passages_of
from .conflicts import restated
from .equal import same_in_two_units
from .growth import growth
from .parts import Parts
from .ranges import impossible_dates, impossible_values
from .rates import rates
from .shares import shares
from .sums import respectively, totals
from .tables import tables
from .thresholds import ordered_thresholds

__all__ = ["Relation", "changed_numbers", "find_relations"]


def find_relations(
    claims: Iterable[Claim], paragraphs: list[Paragraph]
) -> tuple[list[Relation], list[Passage], dict[int, Claim]]:
    """All relations, in order of the first claim they speak of; of several that judge the same claims in one kind, the first.

    With them the passages they were read from, and for each part its whole (claim index → whole), both for `groups`."""
    claims = tuple(claims)
    passages = passages_of(claims, paragraphs)
    parts = Parts(passages)
    found = list(parts.relations())
    found += balances(passages)
    found += shares(passages, parts.whole_of)
    found += rates(passages, parts.whole_of)
    found += totals(passages)
    found += respectively(passages)
    found += growth(passages)
    found += averages(passages, parts.whole_of)
    found += ordered_thresholds(passages)
    found += impossible_values(passages)
    found += impossible_dates(paragraphs, claims)
    found += same_in_two_units(passages)
    found += tables(paragraphs, claims)
    found += restated(passages)
    seen: set[tuple[str, frozenset[int], str]] = set()
    unique: list[Relation] = []
    for relation in found:
        key = (
            relation.kind,
            frozenset(relation.claims),
            relation.sentence if not relation.claims or relation.detail.startswith("column") else "",
        )
        if key not in seen:
            seen.add(key)
            unique.append(relation)
    return sorted(unique, key=lambda r: min(r.claims, default=0)), passages, parts.whole_of


def changed_numbers(changed: Iterable[Changed], claims: list[Claim], known: list[Relation]) -> list[Relation]:
    """Conflicts between two printings of a sentence of which one number was changed, where no relation says so already."""
    told = {frozenset(r.claims) for r in known if r.kind == "conflict"}
    by_end = {c.start: c for c in claims}
    found: list[Relation] = []
    for change in changed:
        pair = [by_end.get(start) for start, _ in (change.first, change.second)]
        first, second = pair
        if first is None or second is None or frozenset((first.index, second.index)) in told:
            continue
        sentence = f"同一句话印了两遍,数字却不同:“{change.words}”先是{first.phrase},后是{second.phrase}。"
        found.append(Relation("conflict", (first.index, second.index), False, sentence, "printing"))
    return found
