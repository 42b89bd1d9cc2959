"""其中: a part is not more than its whole, parts that exclude each other sum to it at most, and what is left over is the rest."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from ..claims import Claim
from ..tokens import tokens_of
from ..units import same_measure
from ..vocabulary import any_of, families
from .base import INFINITE, Passage, Relation, agrees, amount, common_words, comparable, high, low, show

_OF_THEM = re.compile(
    r"其中|[这上]述?些?[\u4e00-\u9fff]{0,8}中[，：]|在?所有[\u4e00-\u9fff]{1,8}中[，：]|按[\u4e00-\u9fff]{1,8}分[，：]|分[\u4e00-\u9fff]{1,6}看[，：]"
)
_PLACE = re.compile(r"[省市县区州旗镇乡村]$|街道$")
_REST = re.compile(r"其余|余下|剩余|另外|另有|其他")
_PARTITION = re.compile(r"分为|分成|组成|分别[为是有]")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降|上升|多|少|(?<!新)增|减|降低|提高)了?$")
_PLANNED = re.compile(r"计划|目标|任务|同期|去年|上年|占")
_NOT_SUM = re.compile(r"新增|同比|比上年|较上年|比去年|增加(?!值)|减少|累计")


class Parts:
    """Finds wholes and parts in passages; `whole_of` is kept for the finders of shares and groups."""

    def __init__(self, passages: list[Passage]) -> None:
        self.passages = passages
        self.whole_of: dict[int, Claim] = {}

    def relations(self) -> Iterator[Relation]:
        """All relations of parts and wholes, in order of text."""
        for passage in self.passages:
            for match in _OF_THEM.finditer(passage.text):
                yield from self._at(passage, match)

    def _at(self, passage: Passage, match: re.Match[str]) -> Iterator[Relation]:
        parts = _parts_behind(passage, match)
        wholes = self._wholes_before(passage, match.start())
        if match.group()[0] in "按分":
            wholes = [self.whole_of.get(w.index, w) for w in wholes]
        unclear: set[int] = set()
        by_whole: dict[int, tuple[Claim, list[Claim]]] = {}
        for order, part in enumerate(parts):
            whole = _choose(part, wholes)
            if whole is None:
                continue
            if order and (not _plain_part(passage, part, parts[0]) or _other_statement(passage, part, whole, parts[0])):
                unclear.add(whole.index)
                if high(part) <= low(whole):
                    self.whole_of.setdefault(part.index, whole)
                continue
            self.whole_of.setdefault(part.index, whole)
            by_whole.setdefault(whole.index, (whole, []))[1].append(part)
            yield _part(part, whole)
        for whole, members in by_whole.values():
            loose = _loosely(passage, whole, parts)
            if loose is not None and len(loose) > len(members):
                yield _confirmed(whole, loose)
                continue
            yield from _together(passage, whole, members, whole.index in unclear)

    def _wholes_before(self, passage: Passage, at: int) -> list[Claim]:
        """Quantities before 其中: of its own sentence, or, when it begins one, of the sentence before (at most two back)."""
        level = passage.bracket(at)
        if level >= 0:
            return [c for c in passage.claims if passage.end(c) <= level][-1:]
        own = [c for c in passage.plain() if passage.end(c) <= at and _may_be_whole(passage, c)]
        same_clause = passage.text.rfind("；", 0, at)
        if same_clause >= 0:
            after = [c for c in own if passage.start(c) > same_clause]
            own = after or own
        if own:
            return own
        for back in (1, 2):
            if passage.number - back < 0:
                break
            earlier = self.passages[passage.number - back]
            if passage.paragraph - earlier.paragraph > 1 or earlier.kind == "heading":
                break
            found = [c for c in earlier.plain() if _may_be_whole(earlier, c)]
            if found:
                return found
        return []


def _parts_behind(passage: Passage, match: re.Match[str]) -> list[Claim]:
    following = _OF_THEM.search(passage.text, match.end())
    stop = following.start() if following else len(passage.text)
    semicolon = passage.text.find("；", match.end(), stop)
    begins = not passage.text[: match.start()].strip("“") or passage.text[match.end() : match.end() + 1] in "，："
    if semicolon >= 0 and (following or not begins):
        stop = semicolon
    level = passage.bracket(match.start())
    if level >= 0:
        closed = passage.text.find("）", match.end())
        stop = min(stop, closed) if closed >= 0 else stop
    behind = [c for c in passage.claims if match.end() <= passage.start(c) < stop and c.kind != "condition"]
    return [c for c in behind if passage.bracket(passage.start(c)) == level]


def _may_be_whole(passage: Passage, claim: Claim) -> bool:
    """A whole is a quantity, and no mere change of one (受案增加167件)."""
    return (
        claim.kind != "condition"
        and not _CHANGED.search(passage.before(claim))
        and not _PLANNED.search(passage.before(claim))
    )


def _choose(part: Claim, wholes: list[Claim]) -> Claim | None:
    """The whole of a part: of comparable quantities those of the same measure first, then the one that shares its last word, then the nearest
    that can contain it. A part that no candidate can contain is held against the largest."""
    fitting = [w for w in wholes if comparable(part, w) and w.kind == part.kind]
    fitting = [w for w in fitting if same_measure(w.measure, part.measure)] or fitting
    possible = [w for w in fitting if low(part) <= high(w)]
    if not possible:
        if len(fitting) > 1 and low(part) <= sum(map(high, fitting), Decimal(0)):
            return None
        return max(fitting, key=lambda w: w.value) if fitting else None
    alike = [w for w in possible if part.what[-1:] and w.what.endswith(part.what[-1:])]
    shared = [w for w in possible if common_words(part.what, w.what) >= 2]
    return (alike or shared or possible)[-1]


def _plain_part(passage: Passage, part: Claim, first: Claim) -> bool:
    """Whether a later number behind 其中 is still surely a part: bare words and number, no new statement, or the first one's own verb."""
    before = passage.before(part)
    listed = passage.text[: passage.start(part) - len(before)].endswith("、") or before.startswith("、")
    if listed or before.endswith("的有"):
        return True
    if part.what == first.what and first.subject and part.subject and not _NOT_SUM.search(before):
        return True
    if _NOT_SUM.search(before) or part.subject or len(before) > 16:
        return False
    return _verb(part) in ("", _verb(first)) or part.what[-2:] == first.what[-2:]


def _other_statement(passage: Passage, part: Claim, whole: Claim, first: Claim) -> bool:
    """A later number that is more than the whole, behind a comma and not excluding the first part, speaks of something else."""
    listed = passage.text[: passage.start(part) - len(passage.before(part))].endswith("、") or passage.before(
        part
    ).startswith("、")
    return low(part) > high(whole) and not listed and not excluding([first, part])


def _verb(claim: Claim) -> str:
    tokens = tokens_of(claim.what)
    return tokens[0].text if tokens and tokens[0].tag == "v" else ""


def _part(part: Claim, whole: Claim) -> Relation:
    holds = low(part) <= high(whole)
    told = f"{show(part)}属于{show(whole)}," + ("部分不大于整体,成立。" if holds else "部分却大于整体,不可能。")
    return Relation("part", (whole.index, part.index), holds, told)


def _together(passage: Passage, whole: Claim, parts: list[Claim], unclear: bool) -> Iterator[Relation]:
    parts = [p for p in parts if p.measure.measure == parts[0].measure.measure]
    rest = next((p for p in parts if _REST.search(passage.before(p))), None)
    if len(parts) < 2:
        return
    least, most = sum(map(low, parts), Decimal(0)), sum(map(high, parts), Decimal(0))
    if least == -INFINITE:
        return
    indices = (*(p.index for p in parts), whole.index)
    sums = "+".join(p.phrase for p in parts)
    total = amount(sum((p.value for p in parts), Decimal(0)), whole)
    holds = agrees(whole, least, most)
    exclusive = excluding(parts)
    if holds is True:
        yield _confirmed(whole, parts)
    elif least > high(whole):
        if exclusive or rest is not None or _PARTITION.search(passage.text):
            yield Relation("sum", indices, holds, f"{sums}={total},超过{show(whole)},而各部分互不相容。", "parts")
        else:
            yield _overlap(whole, parts, least)
    elif not unclear and (rest is parts[-1] or (_PARTITION.search(passage.text) and exclusive)):
        yield Relation("sum", indices, holds, f"{sums}={total},而{show(whole)},各部分之和与整体不符。", "rest")


def _loosely(passage: Passage, whole: Claim, parts: list[Claim]) -> list[Claim] | None:
    """All numbers behind 其中 that could be parts, when they sum to the whole: that is no accident, whatever the words between them."""
    loose = [
        p
        for p in parts
        if same_measure(p.measure, whole.measure) and p.kind == whole.kind and not _CHANGED.search(passage.before(p))
    ]
    least, most = sum(map(low, loose), Decimal(0)), sum(map(high, loose), Decimal(0))
    return loose if len(loose) > 1 and least > -INFINITE and agrees(whole, least, most) else None


def _confirmed(whole: Claim, parts: list[Claim]) -> Relation:
    total = amount(sum((p.value for p in parts), Decimal(0)), whole)
    told = f"{'+'.join(p.phrase for p in parts)}={total},与{show(whole)}相符。"
    return Relation("sum", (*(p.index for p in parts), whole.index), True, told, "parts")


def _overlap(whole: Claim, parts: list[Claim], least: Decimal) -> Relation:
    over = amount(least - high(whole), whole)
    sums = "+".join(p.phrase for p in parts)
    names = "、".join(p.what[-12:] or p.phrase for p in parts)
    told = (
        f"{sums}={amount(sum((p.value for p in parts), Decimal(0)), whole)},比{show(whole)}多出{over};"
        f"“{names}”不是同一种划分,可以重叠,至少有{over}同时属于其中两类,不算差错。"
    )
    return Relation("overlap", (*(p.index for p in parts), whole.index), None, told)


def excluding(parts: list[Claim]) -> bool:
    """Whether no thing can be in two of the parts: values of one family of exclusive words, or different places."""
    texts = [p.what + p.subject for p in parts]
    for family in families("exclusive"):
        named = [frozenset(w for w in family if w in t) for t in texts]
        if all(named) and all(not (a & b) for a, b in combinations(named, 2)):
            return True
    names = [t for t in texts if _PLACE.search(t)]
    return len(names) == len(texts) == len(set(names))


def left_over(passages: list[Passage]) -> Iterator[Relation]:
    """balance: 排查3236件,解决3038件,未解决198件."""
    remaining = re.compile(any_of("remaining"))
    settled = re.compile(any_of("settled"))
    for passage in passages:
        counts = [c for c in passage.plain() if c.kind in ("count", "amount")]
        for place, rest in enumerate(counts):
            if place < 2 or not remaining.search(passage.before(rest)):
                continue
            before = [c for c in counts[:place] if c.measure.measure == rest.measure.measure]
            if (
                len(before) < 2
                or not settled.search(passage.before(before[-1]))
                or remaining.search(passage.before(before[-1]))
            ):
                continue
            total, done = before[-2], before[-1]
            if (settled.search(passage.before(total)) and "排查" not in passage.before(total)) or high(done) > high(
                total
            ):
                continue
            yield _balance(total, done, rest)


def _balance(total: Claim, done: Claim, rest: Claim) -> Relation:
    holds = agrees(total, low(done) + low(rest), high(done) + high(rest))
    told = f"{show(done)}+{show(rest)}={amount(done.value + rest.value, total)},与{show(total)}{'相符' if holds else '不符'}。"
    return Relation("balance", (done.index, rest.index, total.index), holds, told)
