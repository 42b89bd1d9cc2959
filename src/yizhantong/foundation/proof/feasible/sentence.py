"""Why these figures cannot all be true, in a sentence a journalist understands and can recompute on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

from .cells import Cell, enumerate_cells, piece_bounds
from .model import Facts, FeasibilityError, Limits, Measure, Region, Statement
from .system import bounds

Numbers = dict[str, Decimal]
Explanation = tuple[str, Numbers] | None
Ranger = Callable[[Sequence[Statement], Measure, Region, Facts, Limits], tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class _Scene:
    """The conflict with its cells: what each way of explaining looks at."""

    statements: Sequence[Statement]
    facts: Facts
    cells: list[Cell]

    def inside(self, statement: Statement) -> frozenset[int]:
        """Cells of the statement's region."""
        return frozenset(i for i, cell in enumerate(self.cells) if cell.meets(statement.region))

    def of(self, kind: str) -> list[Statement]:
        """Statements of one kind of measure, the widest region first."""
        return sorted((s for s in self.statements if s.measure.kind == kind), key=lambda s: -len(self.inside(s)))

    def each(self, cells: frozenset[int], attribute: str) -> tuple[Decimal | None, Decimal | None, bool]:
        """Least and greatest value of one record in these cells, and whether the greatest itself is excluded."""
        pieces = [self.cells[i].piece(attribute) for i in cells]
        known = [piece_bounds(piece, integer=False) for piece in pieces]
        lows, highs = [k[0] for k in known], [k[1] for k in known]
        low = None if None in lows else min(x for x in lows if x is not None)
        high = None if None in highs else max(x for x in highs if x is not None)
        return low, high, high is not None and all(p.end[1] == 0 for p in pieces if p.end[0] == high)

    def value(self, statement: Statement) -> tuple[Decimal | None, Decimal | None]:
        """Bounds as decimals."""
        low, high = bounds(statement, self.facts)
        return (None if low is None else _decimal(low)), (None if high is None else _decimal(high))

    def stated(self, statement: Statement) -> Decimal | None:
        """The figure as printed: the middle of its rounding; None if only one bound was stated."""
        if statement.lower is None or statement.upper is None:
            return None
        return (statement.lower + statement.upper) / 2

    def show(self, measure: Measure, value: Decimal) -> str:
        """A quantity in the unit people read."""
        if measure.kind == "count":
            return f"{_plain(value)}{self.facts.classifier}"
        attribute = self.facts.attribute(measure.attribute)
        return f"{_plain(value / attribute.unit_size)}{attribute.unit}"

    def what(self, measure: Measure) -> str:
        """Name of what is measured."""
        if measure.kind == "count":
            return f"{self.facts.noun}数量"
        return self.facts.attribute(measure.attribute).label or "金额"


def explain(conflict: Sequence[Statement], facts: Facts, limits: Limits, ranger: Ranger) -> tuple[str, Numbers]:
    """Sentence and its numbers for a minimal conflict; the first way that fits, else the general one."""
    scene = _Scene(conflict, facts, enumerate_cells(conflict, facts, limits.cells))
    for way in (_alone, _part_and_whole, _remainder, _average, _parts):
        if answer := way(scene):
            return answer
    return _general(scene, limits, ranger)


def _alone(scene: _Scene) -> Explanation:
    if len(scene.statements) != 1:
        return None
    (one,) = scene.statements
    low, high = scene.value(one)
    if low is not None and high is not None and low > high:
        return f"“{one.text}”不成立:{scene.what(one.measure)}只能是整数", _numbers(下限=low, 上限=high)
    return f"“{one.text}”本身不成立:没有任何台账能得出这个数", _numbers(下限=low, 上限=high)


def _part_and_whole(scene: _Scene) -> Explanation:
    if len(scene.statements) != 2 or scene.statements[0].measure != scene.statements[1].measure:
        return None
    whole, part = sorted(scene.statements, key=lambda s: -len(scene.inside(s)))
    low, high = scene.value(part)[0], scene.value(whole)[1]
    if scene.inside(part) == scene.inside(whole):
        return f"“{whole.text}”与“{part.text}”说的是同一个量,数值却不同", _numbers(其一=scene.value(whole)[0], 其二=low)
    if not scene.inside(part) < scene.inside(whole) or low is None or high is None or low <= high:
        return None
    measure = part.measure
    return (
        f"“{part.text}”是“{whole.text}”的一部分,{scene.show(measure, low)}却多于整体的{scene.show(measure, high)}",
        _numbers(部分=low, 整体=high),
    )


def _remainder(scene: _Scene) -> Explanation:
    """Counts and sums of a whole and a part: what is left over has an impossible average."""
    counts, sums = scene.of("count"), scene.of("sum")
    if len(counts) != 2 or len(sums) != 2 or sums[0].measure != sums[1].measure:
        return None
    whole, part = scene.inside(counts[0]), scene.inside(counts[1])
    if not part < whole or scene.inside(sums[0]) != whole or scene.inside(sums[1]) != part:
        return None
    (total_low, total_high), (part_low, part_high) = scene.value(counts[0]), scene.value(counts[1])
    (all_low, all_high), (some_low, some_high) = scene.value(sums[0]), scene.value(sums[1])
    measure = sums[0].measure
    low, high, excluded = scene.each(whole - part, measure.attribute)
    if total_high is not None and part_low is not None and all_low is not None and some_high is not None:
        most, least_sum = total_high - part_low, all_low - some_high
        if most == 0 < least_sum:
            return _nothing_left(scene, measure, least_sum)
        if high is not None and least_sum >= most * high and most > 0:
            printed = [scene.stated(s) for s in sums]
            rest = least_sum if None in printed else (printed[0] or Decimal(0)) - (printed[1] or Decimal(0))
            return _too_much(scene, measure, (most, rest, high), excluded)
    if total_low is not None and part_high is not None and all_high is not None and some_low is not None:
        fewest, most_sum = total_low - part_high, all_high - some_low
        if low is not None and most_sum < fewest * low and fewest > 0:
            return _too_little(
                scene,
                measure,
                f"其余{scene.show(counts[0].measure, fewest)}{scene.facts.noun}",
                (fewest, most_sum, low),
            )
    return None


def _nothing_left(scene: _Scene, measure: Measure, rest: Decimal) -> Explanation:
    text = f"除去这一部分已经一{scene.facts.classifier}{scene.facts.noun}不剩,{scene.what(measure)}却还剩{scene.show(measure, rest)}"
    return text, _numbers(其余数量=Decimal(0), 其余合计=rest)


def _too_much(
    scene: _Scene, measure: Measure, numbers: tuple[Decimal, Decimal, Decimal], excluded: bool
) -> Explanation:
    count, total, high = numbers
    each = scene.facts.classifier
    bound = "都不到" if excluded else "都不超过"
    text = (
        f"其余{_plain(count)}{each}{scene.facts.noun}合计{scene.show(measure, total)},平均每{each}"
        f"{scene.show(measure, total / count)},但它们每{each}{bound}{scene.show(measure, high)},"
        f"合计{'不到' if excluded else '最多'}{scene.show(measure, count * high)}"
    )
    return text, _numbers(其余数量=count, 其余合计=total, 平均=total / count, 单个上限=high, 合计上限=count * high)


def _too_little(scene: _Scene, measure: Measure, who: str, numbers: tuple[Decimal, Decimal, Decimal]) -> Explanation:
    count, total, low = numbers
    each = scene.facts.classifier
    text = (
        f"{who}每{each}至少{scene.show(measure, low)},合计至少{scene.show(measure, count * low)},"
        f"而按文中数字合计只有{scene.show(measure, total)},平均每{each}{scene.show(measure, total / count)}"
    )
    return text, _numbers(数量=count, 合计=total, 平均=total / count, 单个下限=low, 合计下限=count * low)


def _average(scene: _Scene) -> Explanation:
    """One count and one sum: the sum does not fit so many records of that size."""
    counts, sums = scene.of("count"), scene.of("sum")
    if len(counts) != 1 or len(sums) != 1:
        return None
    inside, around = scene.inside(counts[0]), scene.inside(sums[0])
    measure, (fewest, most) = sums[0].measure, scene.value(counts[0])
    least_sum, most_sum = scene.value(sums[0])
    who = f"“{counts[0].text}”"
    low = scene.each(inside, measure.attribute)[0] if inside else None
    if inside <= around and fewest and low is not None and most_sum is not None and most_sum < fewest * low:
        return _too_little(scene, measure, who, (fewest, most_sum, low))
    _, high, excluded = scene.each(around, measure.attribute) if around else (None, None, False)
    if around <= inside and most == 0 and least_sum is not None and least_sum > 0:
        return f"{who}表明一{scene.facts.classifier}也没有,“{sums[0].text}”却不为零", _numbers(合计=least_sum)
    if around <= inside and most and high is not None and least_sum is not None and least_sum >= most * high:
        text = (
            f"{who}每{scene.facts.classifier}{'都不到' if excluded else '最多'}{scene.show(measure, high)},"
            f"合计{'不到' if excluded else '最多'}{scene.show(measure, most * high)},"
            f"而文中合计{scene.show(measure, least_sum)},平均每{scene.facts.classifier}{scene.show(measure, least_sum / most)}"
        )
        return text, _numbers(数量=most, 合计=least_sum, 平均=least_sum / most, 单个上限=high)
    return None


def _parts(scene: _Scene) -> Explanation:
    """Parts that exclude each other against their whole."""
    if len({s.measure for s in scene.statements}) != 1 or len(scene.statements) < 3:
        return None
    whole, *parts = sorted(scene.statements, key=lambda s: -len(scene.inside(s)))
    places = [scene.inside(s) for s in parts]
    apart = all(not a & b for a, b in combinations(places, 2))
    if not apart or not all(place <= scene.inside(whole) for place in places):
        return None
    lows, highs = [scene.value(s)[0] for s in parts], [scene.value(s)[1] for s in parts]
    low, high = scene.value(whole)
    measure, names = whole.measure, "、".join(f"“{s.text}”" for s in parts)
    least = sum((x for x in lows if x is not None), Decimal(0))
    if high is not None and least > high:
        text = f"{names}互不重叠,合计{scene.show(measure, least)},多于“{whole.text}”的{scene.show(measure, high)}"
        return text, _numbers(各部分合计=least, 整体=high)
    covered = frozenset[int]().union(*places) == scene.inside(whole)
    if covered and None not in highs and low is not None:
        most = sum((x for x in highs if x is not None), Decimal(0))
        if most < low:
            text = f"{names}合计只有{scene.show(measure, most)},少于“{whole.text}”的{scene.show(measure, low)}"
            return text, _numbers(各部分合计=most, 整体=low)
    return None


def _general(scene: _Scene, limits: Limits, ranger: Ranger) -> tuple[str, Numbers]:
    """Always possible: if the others hold, this one must lie elsewhere."""
    for last in reversed(scene.statements):
        others = [s for s in scene.statements if s is not last]
        try:
            low, high = ranger(others, last.measure, last.region, scene.facts, limits)
        except FeasibilityError:
            continue
        if low is None and high is None:
            continue
        names = "、".join(f"“{s.text}”" for s in others)
        return (
            f"如果{names}都成立,那么“{last.text}”所说的{scene.what(last.measure)}{_span(scene, last.measure, low, high)},与文中不符",
            _numbers(可能最小=low, 可能最大=high),
        )
    return "、".join(f"“{s.text}”" for s in scene.statements) + "不能同时成立", {}


def _span(scene: _Scene, measure: Measure, low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and low == high:
        return f"只能是{scene.show(measure, low)}"
    if low is not None and high is not None:
        return f"只能在{scene.show(measure, low)}到{scene.show(measure, high)}之间"
    if low is not None:
        return f"至少是{scene.show(measure, low)}"
    return f"最多是{scene.show(measure, high or Decimal(0))}"


def _plain(value: Decimal) -> str:
    """At most four decimals, no trailing zeros."""
    rounded = value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text or "0"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _numbers(**given: Decimal | None) -> Numbers:
    return {name: value for name, value in given.items() if value is not None}
