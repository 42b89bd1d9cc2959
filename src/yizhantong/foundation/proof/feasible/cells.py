"""Cells: the kinds of record that the statements' conditions can tell apart, and which of them can exist.

Each attribute's axis is cut at every threshold. A cut is ``(t, 0)`` just before t or ``(t, 1)`` just after it, so that
open and closed ends are ordinary tuples in order. A cell is one piece of each axis with a truth value for each tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product

from .model import Attribute, Facts, FeasibilityError, Interval, Region, Statement, Tag

Cut = tuple[Decimal, int]
_BOTTOM: Cut = (Decimal("-Infinity"), 0)
_TOP: Cut = (Decimal("Infinity"), 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an axis between two cuts; ``null`` is the place of records whose attribute is unknown."""

    start: Cut
    end: Cut
    null: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of record."""

    tags: frozenset[str]
    pieces: tuple[tuple[str, Piece], ...]

    def meets(self, region: Region) -> bool:
        """Do all records of this cell lie in the region (else none does)?"""
        return all(self._meets(literal) for literal in region)

    def _meets(self, literal: Tag | Interval) -> bool:
        if isinstance(literal, Tag):
            return (literal.name in self.tags) == literal.holds
        piece = self.piece(literal.attribute)
        start, end = ends(literal)
        return not piece.null and start <= piece.start and piece.end <= end

    def piece(self, attribute: str) -> Piece:
        """The piece of that attribute's axis in which the cell lies."""
        return next(piece for name, piece in self.pieces if name == attribute)


def ends(interval: Interval) -> tuple[Cut, Cut]:
    """The two cuts of an interval."""
    start = _BOTTOM if interval.low is None else (interval.low, 0 if interval.low_closed else 1)
    end = _TOP if interval.high is None else (interval.high, 1 if interval.high_closed else 0)
    return start, end


def enumerate_cells(statements: Sequence[Statement], facts: Facts, limit: int) -> list[Cell]:
    """All cells that the facts allow; FeasibilityError ``proof.too_many_cells`` beyond ``limit``."""
    regions = [statement.region for statement in statements]
    attributes = {s.measure.attribute for s in statements if s.measure.attribute}
    facts = _relevant(facts, regions, attributes)
    regions += [region for subset in facts.subsets for region in (subset.part, subset.whole)]
    tags, intervals = _names(regions, facts)
    attributes |= {interval.attribute for interval in intervals}
    axes = [[(name, piece) for piece in _axis(facts.attribute(name), intervals)] for name in sorted(attributes)]
    shapes = 1
    for axis in axes:
        shapes *= len(axis)
    if shapes > limit:
        raise _too_many(limit)
    places = list(product(*axes))
    cells: list[Cell] = []
    for chosen in _tag_sets(sorted(tags), facts, limit):
        for place in places:
            cell = Cell(chosen, place)
            if all(cell.meets(s.whole) for s in facts.subsets if cell.meets(s.part)):
                cells.append(cell)
            if len(cells) > limit:
                raise _too_many(limit)
    return cells


def names_of(region: Region) -> set[tuple[str, str]]:
    """Names of tags and attributes that a region speaks of, as (sort, name)."""
    return {("tag", x.name) if isinstance(x, Tag) else ("attribute", x.attribute) for x in region}


def groups_of_facts(facts: Facts) -> list[set[tuple[str, str]]]:
    """For each structural fact, the names that it ties together."""
    tied = [names_of(subset.part) | names_of(subset.whole) for subset in facts.subsets]
    tied += [{("tag", name) for name in exclusive.tags} for exclusive in facts.exclusives]
    for partition in facts.partitions:
        tied.append({("tag", name) for name in (*partition.parts, *([partition.of] if partition.of else []))})
    return tied


def _relevant(facts: Facts, regions: list[Region], attributes: set[str]) -> Facts:
    """Only the structural facts that reach, directly or by others, a name used in the regions."""
    used: set[tuple[str, str]] = {("attribute", name) for name in attributes}.union(*map(names_of, regions))
    tied = groups_of_facts(facts)
    reached: set[int] = set()
    while more := {i for i, names in enumerate(tied) if i not in reached and names & used}:
        reached |= more
        used = used.union(*(tied[i] for i in more))
    first, second = len(facts.subsets), len(facts.subsets) + len(facts.exclusives)
    return Facts(
        attributes=facts.attributes,
        subsets=tuple(x for i, x in enumerate(facts.subsets) if i in reached),
        exclusives=tuple(x for i, x in enumerate(facts.exclusives) if first + i in reached),
        partitions=tuple(x for i, x in enumerate(facts.partitions) if second + i in reached),
    )


def _names(regions: Iterable[Region], facts: Facts) -> tuple[set[str], list[Interval]]:
    literals = [literal for region in regions for literal in region]
    tags = {literal.name for literal in literals if isinstance(literal, Tag)}
    tags.update(name for exclusive in facts.exclusives for name in exclusive.tags)
    for partition in facts.partitions:
        tags.update(partition.parts)
        tags.update([partition.of] if partition.of else [])
    return tags, [literal for literal in literals if isinstance(literal, Interval)]


def _axis(attribute: Attribute, intervals: Iterable[Interval]) -> list[Piece]:
    floor: Cut = (Decimal(0), 0) if attribute.nonnegative else _BOTTOM
    cuts = {floor, _TOP}
    for interval in intervals:
        if interval.attribute == attribute.name:
            cuts.update(cut for cut in ends(interval) if floor < cut < _TOP)
    ordered = sorted(cuts)
    pieces = [Piece(start, end) for start, end in pairwise(ordered)]
    if attribute.integer:
        pieces = [piece for piece in pieces if _holds_integer(piece)]
    if attribute.nullable:
        pieces.append(Piece((Decimal(0), 0), (Decimal(0), 1), null=True))
    return pieces


def _holds_integer(piece: Piece) -> bool:
    low, high = piece_bounds(piece, integer=True)
    return low is None or high is None or low <= high


def piece_bounds(piece: Piece, integer: bool) -> tuple[Decimal | None, Decimal | None]:
    """Smallest and largest value of a piece (None: no end); open ends count as closed unless whole numbers."""
    (low, after), (high, before) = piece.start, piece.end
    least = None if low == _BOTTOM[0] else low
    most = None if high == _TOP[0] else high
    if integer and least is not None:
        least = least.to_integral_value("ROUND_CEILING") if after == 0 else least.to_integral_value("ROUND_FLOOR") + 1
    if integer and most is not None:
        most = most.to_integral_value("ROUND_FLOOR") if before == 1 else most.to_integral_value("ROUND_CEILING") - 1
    return least, most


def _tag_sets(tags: list[str], facts: Facts, limit: int) -> Iterator[frozenset[str]]:
    """Every set of tags that the facts allow, by walking one tag after the other and pruning."""
    rivals: dict[str, set[str]] = {tag: set() for tag in tags}
    for group in [x.tags for x in facts.exclusives] + [x.parts for x in facts.partitions]:
        for tag in group:
            rivals[tag] |= set(group) - {tag}
    stack: list[tuple[int, frozenset[str]]] = [(0, frozenset())]
    steps = 0
    while stack:
        steps += 1
        if steps > 8 * limit:
            raise _too_many(limit)
        at, chosen = stack.pop()
        if at == len(tags):
            if all(_whole(partition.parts, partition.of, chosen) for partition in facts.partitions):
                yield chosen
            continue
        stack.append((at + 1, chosen))
        if not rivals[tags[at]] & chosen:
            stack.append((at + 1, chosen | {tags[at]}))


def _whole(parts: tuple[str, ...], of: str | None, chosen: frozenset[str]) -> bool:
    return len(chosen & set(parts)) == (1 if of is None or of in chosen else 0)


def _too_many(limit: int) -> FeasibilityError:
    return FeasibilityError("proof.too_many_cells", f"这些说法涉及的条件组合超过 {limit} 种,无法在限定的计算量内判断")
