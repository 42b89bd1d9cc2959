"""When parts must make the whole: sums of lists behind 其中, judged by what is known of the classes they name.

A list may leave things out, and its classes may overlap; so a sum that is not the whole is an error only when something says that the list is
one partition. In order of strength: 其余 or 分为 says so; the classes are all the values of one attribute (`exclusive` in `vocabulary.toml`: 男/女);
a second list over the same classes does add up (71户243人、43户147人、12户28人 of 418人); two classes cover all but a sliver; or one mistyped digit
is the whole difference.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise

from ..claims import Claim
from ..vocabulary import any_of, families
from .base import INFINITE, Passage, Relation, agrees, amount, high, low, show

_PLACE = re.compile(r"[省市县区州旗镇乡村]$|街道$")
_REST = re.compile(r"其余|余下|剩余|其他|其它")
_PARTITION = re.compile(r"分为|分成|组成|分别[为是有]|^按[^，。；]{1,10}(?:分|划分)[，：]")
_KIND_OF = re.compile(r"(?:类|型|领域|行业|道|险情|环节|方面)(?:案件|企业|项目|诉求|事项|用地)?$")
_OPEN_LIST = re.compile(r"^[^，。；、]{0,4}等")
_CROSS = re.compile(any_of("cross_cutting"))
_DIFFERENCE = re.compile(r"顺差|逆差|差额|结余|净")
SLIVER = Decimal("0.12")
"""Two classes of counted things that cover the whole up to this share are meant to cover it; of measured things (小麦、玉米) they need not."""
EXCESS = Decimal("0.35")
"""A list of plain classes that exceeds its whole by no more than this has a wrong number; by more, its classes overlap.
Events may serve several ends at once: a quarter of it."""
ORDERS = 2000
"""A whole of so many units of its last digit is precise enough that a single-digit difference is no accident."""


def excluding(parts: list[Claim]) -> bool:
    """Whether no thing can be in two of the parts: values of one family of exclusive words, kinds of one sort, or different places."""
    if _family(parts) is not None:
        return True
    names = [p.what for p in parts]
    if len(set(names)) == len(names) and all(_KIND_OF.search(n) for n in names) and not _crossing(parts):
        return True
    texts = [p.what + p.subject for p in parts]
    places = [t for t in texts if _PLACE.search(t)]
    return len(places) == len(texts) == len(set(places))


def _family(parts: list[Claim]) -> frozenset[str] | None:
    """The family of exclusive values that the parts name, each another one."""
    texts = [p.what + p.subject for p in parts]
    if any(re.search(r"级以[上下]", t) for t in texts):
        return None
    for family in families("exclusive"):
        named = [_longest({w for w in family if w in t}) for t in texts]
        if all(named) and all(not (a & b) for a, b in combinations(named, 2)):
            return family
    return None


def _longest(found: set[str]) -> frozenset[str]:
    """Without the words that a longer found one contains (民办 in 非民办)."""
    return frozenset(w for w in found if not any(w != o and w in o for o in found))


def exhausting(parts: list[Claim], whole: Claim) -> bool:
    """Whether the parts are all the values that their attribute can have."""
    texts = [p.what + p.subject for p in parts]
    context = whole.what + whole.clause + "".join(texts)
    if len(parts) == 2 and _either_side(texts[0], texts[1]):
        return True
    for family in families("complete"):
        values = [w for w in family if not w.startswith(("!", "?"))]
        if len(values) != len(parts) or any(w[1:] in context for w in family if w.startswith("!")):
            continue
        wanted = [w[1:] for w in family if w.startswith("?")]
        if wanted and not any(w in context for w in wanted):
            continue
        shapes = [re.compile(rf"(?<![非不未]){re.escape(v)}") for v in values]
        named = [[bool(s.search(t)) for t in texts] for s in shapes]
        if all(sum(row) == 1 for row in named) and all(any(column) for column in zip(*named, strict=True)):
            return True
    return False


def _scattered(passage: Passage, parts: list[Claim]) -> bool:
    """Whether other numbers of the same measure stand between the parts, which may be parts too."""
    inner = range(passage.start(parts[0]), passage.start(parts[-1]))
    return any(
        c.measure.measure == parts[0].measure.measure and passage.start(c) in inner and c not in parts
        for c in passage.claims
    )


def _complete_core(parts: list[Claim], whole: Claim) -> list[Claim]:
    """The leading parts that are all values of one attribute, when others follow them (出口, 进口, 顺差)."""
    for size in (2, 3):
        if len(parts) > size and _DIFFERENCE.search(parts[size].what) and exhausting(parts[:size], whole):
            return parts[:size]
    return []


def _either_side(first: str, second: str) -> bool:
    """亿元以上项目 and 亿元以下项目: the two sides of one bound."""
    sides = [re.search(r"^(.{1,10}?)(?:\(含\))?以([上下])", t) for t in (first, second)]
    return all(sides) and sides[0][1] == sides[1][1] and sides[0][2] != sides[1][2]  # type: ignore[index]


def _crossing(parts: list[Claim]) -> bool:
    return any(_CROSS.search(p.what) for p in parts)


def together(passage: Passage, whole: Claim, parts: list[Claim], unclear: bool, proven: bool) -> Iterator[Relation]:
    """The relation of the sum of the parts to the whole. `unclear`: numbers between them may be parts too; `proven`: another list over the
    same classes does make its whole."""
    parts = [p for p in parts if p.measure.measure == parts[0].measure.measure]
    core = _complete_core(parts, whole)
    if len(core) > 1 and agrees(whole, sum(map(low, parts), Decimal(0)), sum(map(high, parts), Decimal(0))) is False:
        parts = core
    if len(parts) < 2:
        return
    least, most = sum(map(low, parts), Decimal(0)), sum(map(high, parts), Decimal(0))
    if least == -INFINITE or least == INFINITE:
        return
    holds = agrees(whole, least, most)
    if holds is not False:
        if holds:
            yield confirmed(whole, parts)
        return
    over = least > high(whole)
    if _is_partition(passage, whole, parts, unclear, proven, over):
        yield _wrong(whole, parts, over)
    elif over:
        yield _overlap(whole, parts, least)


def _is_partition(passage: Passage, whole: Claim, parts: list[Claim], unclear: bool, proven: bool, over: bool) -> bool:
    last = parts[-1]
    rest = bool(_REST.search(passage.before(last)))
    if proven or (over and (rest or excluding(parts) or _PARTITION.search(_lead(passage, parts)))):
        return True
    if exhausting(parts, whole) and not _scattered(passage, parts) and not _OPEN_LIST.search(passage.after(last)):
        return True
    if unclear or _OPEN_LIST.search(passage.after(last)):
        return False
    if rest or (_PARTITION.search(_lead(passage, parts)) and (excluding(parts) or _listed(passage, parts))):
        return True
    if not _listed(passage, parts) or _crossing(parts):
        return False
    plainly = all(passage.between(a, b).startswith("、") for a, b in pairwise(parts))
    room = EXCESS if plainly else EXCESS / 7
    return (over and _close(whole, parts, room)) or _sliver(whole, parts) or _one_digit(whole, parts)


def _lead(passage: Passage, parts: list[Claim]) -> str:
    """The words of the statement in front of the list."""
    text = passage.text[: passage.start(parts[0])]
    return re.split(r"[。；]|其中", text)[-1]


def _listed(passage: Passage, parts: list[Claim]) -> bool:
    """Whether the parts stand in one list, 甲a个、乙b个, nothing but names between them."""
    between = [passage.between(a, b) for a, b in pairwise(parts)]
    return all(re.match(r"^[、，和及][^，。；、]{1,14}$", b) for b in between) and len({b[0] for b in between}) <= 2


def _close(whole: Claim, parts: list[Claim], room: Decimal) -> bool:
    """Whether a list parted by 、 exceeds its whole by no more than a slip would."""
    gap = sum((p.value for p in parts), Decimal(0)) - whole.value
    room = min(room, EXCESS / 4) if whole.measure.base in ("场", "场次", "次", "期") else room
    return gap <= room * whole.value and max(p.value for p in parts) < whole.value


def _sliver(whole: Claim, parts: list[Claim]) -> bool:
    if len(parts) != 2 or not all(c.exact for c in (whole, *parts)) or whole.value < 20:
        return False
    gap = abs(whole.value - sum((p.value for p in parts), Decimal(0)))
    return gap <= SLIVER * whole.value and min(p.value for p in parts) > gap


def _one_digit(whole: Claim, parts: list[Claim]) -> bool:
    """Whether one digit of one printed number would mend the sum, in numbers so long that this is no accident."""
    if whole.qualifier or any(p.qualifier for p in parts) or whole.lower is None or whole.upper is None:
        return False
    step = max(high(c) - low(c) for c in (whole, *parts)) or Decimal(1)
    gap = abs(whole.value - sum((p.value for p in parts), Decimal(0)))
    if gap > SLIVER * whole.value or gap < step:
        return False
    if whole.value / step < ORDERS:
        return whole.value / step >= ORDERS / 5 and _swapped(whole, parts, gap, step)
    return _swapped(whole, parts, gap, step) or len(str(int(gap / step)).rstrip("0")) == 1


def _swapped(whole: Claim, parts: list[Claim], gap: Decimal, step: Decimal) -> bool:
    """Whether the sum is right when the digits of one number of three or more change places (1951, 1591)."""
    over = sum((p.value for p in parts), Decimal(0)) > whole.value
    for claim in (whole, *parts):
        meant = claim.value + gap if (claim is whole) == over else claim.value - gap
        digits = [str(int(v / step)) for v in (claim.value, meant)]
        if len(digits[0]) >= 3 and sorted(digits[0]) == sorted(digits[1]):
            return True
    return False


def confirmed(whole: Claim, parts: list[Claim]) -> Relation:
    """The parts make the whole."""
    told = f"{_sums(parts)}={_total(parts, whole)},与{show(whole)}相符。"
    return Relation("sum", (*(p.index for p in parts), whole.index), True, told, "parts")


def _wrong(whole: Claim, parts: list[Claim], over: bool) -> Relation:
    indices = (*(p.index for p in parts), whole.index)
    if over:
        told = f"{_sums(parts)}={_total(parts, whole)},超过{show(whole)},而各部分互不相容。"
        return Relation("sum", indices, False, told, "parts")
    told = f"{_sums(parts)}={_total(parts, whole)},而{show(whole)},各部分之和与整体不符。"
    return Relation("sum", indices, False, told, "rest")


def _overlap(whole: Claim, parts: list[Claim], least: Decimal) -> Relation:
    over = amount(least - high(whole), whole)
    names = "、".join(p.what[-12:] or p.phrase for p in parts)
    told = (
        f"{_sums(parts)}={_total(parts, whole)},比{show(whole)}多出{over};"
        f"“{names}”不是同一种划分,可以重叠,至少有{over}同时属于其中两类,不算差错。"
    )
    return Relation("overlap", (*(p.index for p in parts), whole.index), None, told)


def _sums(parts: list[Claim]) -> str:
    return "+".join(p.phrase for p in parts)


def _total(parts: list[Claim], whole: Claim) -> str:
    return amount(sum((p.value for p in parts), Decimal(0)), whole)
