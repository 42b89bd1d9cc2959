"""其中: a part is not more than its whole, parts that exclude each other sum to it at most, and what is left over is the rest."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ..claims import Claim
from ..tokens import tokens_of
from ..units import same_measure
from .base import INFINITE, Passage, Relation, agrees, common_words, comparable, high, low, show
from .partition import confirmed, excluding, together

_OF_THEM = re.compile(
    r"其中|(?<=[个家户名项件所])[\u4e00-\u9fff]{1,6}(?<![年月日])中，|[这上]述?些?[\u4e00-\u9fff]{0,8}中[，：]|在?所有[\u4e00-\u9fff]{1,8}中[，：]|按[\u4e00-\u9fff]{1,8}分[，：]|分[\u4e00-\u9fff]{1,6}看[，：]"
)
_MEAN = re.compile(r"[户人亩村均日月年]均|平均|每[\u4e00-\u9fff]{1,3}[^，。；\d]{0,6}$")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降|上升|多|少|(?<!新)增|减|降低|提高|[增减][收产支税亏员])了?$")
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
            yield from self._in_brackets(passage)

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
        yield from self._sums(passage, parts, by_whole, unclear)

    def _sums(
        self, passage: Passage, parts: list[Claim], by_whole: dict[int, tuple[Claim, list[Claim]]], unclear: set[int]
    ) -> Iterator[Relation]:
        """The sums of the lists of one 其中; a list that makes its whole proves that one of as many members beside it should."""
        loose = {w.index: _loosely(passage, w, parts) for w, _ in by_whole.values()}
        proven = {len(loose[w.index]) for w, _ in by_whole.values() if _makes(w, loose[w.index])}
        for whole, members in by_whole.values():
            every = loose[whole.index]
            if len(every) > len(members) and _makes(whole, every):
                yield confirmed(whole, every)
            elif len(every) in proven and _paired(passage, every):
                yield from together(passage, whole, every, False, True)
            else:
                for segment in _segments(passage, members):
                    yield from together(passage, whole, segment, whole.index in unclear, False)

    def _in_brackets(self, passage: Passage) -> Iterator[Relation]:
        """企业35家(甲类2家、乙类11家、丙类22家): a list of two or more in brackets behind a number is of that number."""
        for match in re.finditer(r"（(?![^（）]*其中)[^（）]*、[^（）]*）", passage.text):
            inside = [c for c in passage.claims if match.start() < passage.start(c) < match.end()]
            before = [c for c in passage.claims if match.start() - 12 <= passage.end(c) <= match.start()]
            if not before or len(inside) < 2 or any(not same_measure(c.measure, before[-1].measure) for c in inside):
                continue
            if any(c.kind != before[-1].kind for c in inside) or any(high(c) > high(before[-1]) for c in inside):
                continue
            for part in inside:
                self.whole_of.setdefault(part.index, before[-1])
            yield from together(passage, before[-1], inside, False, False)

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
        stop = semicolon if following else _continued(passage, match.end(), semicolon, stop)
    level = passage.bracket(match.start())
    if level >= 0:
        closed = passage.text.find("）", match.end())
        stop = min(stop, closed) if closed >= 0 else stop
    behind = [c for c in passage.claims if match.end() <= passage.start(c) < stop and c.kind != "condition"]
    return [c for c in behind if passage.bracket(passage.start(c)) == level]


_SHARED_OUT = re.compile(r"^(?:（[^（）]*）)?，占(?:比|到)?(?:约|近)?\d")


def _continued(passage: Passage, begin: int, semicolon: int, stop: int) -> int:
    """Where a list ends whose members stand between semicolons, each with its share (…,占70%;居民出资302万元,占20%;…)."""
    inside = [c for c in passage.claims if begin <= passage.start(c) < stop]
    heads = [c for c in inside if _SHARED_OUT.match(passage.text[passage.end(c) : passage.end(c) + 24])]
    rest = re.match(r"；(?:其余|余下|剩余|另外)", passage.text[semicolon : semicolon + 4])
    if rest:
        following = passage.text.find("；", semicolon + 1)
        return following if 0 <= following < stop else stop
    if not heads or passage.end(heads[0]) > semicolon:
        heads = _classes(passage, inside, semicolon)
    end = semicolon
    for head in heads[1:]:  # each begins the segment behind the last
        if passage.text.count("；", end, passage.start(head)) != 1 or head.measure != heads[0].measure:
            break
        following = passage.text.find("；", passage.end(head))
        end = following if 0 <= following < stop else stop
    return end


def _classes(passage: Passage, inside: list[Claim], semicolon: int) -> list[Claim]:
    """The first number, and those behind semicolons that name a class which excludes its class (城镇零售额…;乡村零售额…)."""
    if not inside or passage.end(inside[0]) > semicolon:
        return []
    heads = inside[:1]
    for claim in inside[1:]:
        begins = passage.text[: passage.start(claim) - len(passage.before(claim))].endswith("；")
        if begins and claim.measure == heads[0].measure and excluding([*heads, claim]):
            heads.append(claim)
    return heads if len(heads) > 1 else []


def _may_be_whole(passage: Passage, claim: Claim) -> bool:
    """A whole is a quantity, and no mere change of one (受案增加167件)."""
    return (
        claim.kind != "condition"
        and not _CHANGED.search(passage.before(claim))
        and not _PLANNED.search(passage.before(claim))
        and not _MEAN.search(passage.before(claim))
    )


def _choose(part: Claim, wholes: list[Claim]) -> Claim | None:
    """The whole of a part: of comparable quantities those of the same measure first, then the one that shares its last word, then the nearest
    that can contain it. A part that no candidate can contain is held against the largest."""
    fitting = [w for w in wholes if comparable(part, w) and w.kind == part.kind]
    fitting = [w for w in fitting if same_measure(w.measure, part.measure)] or fitting
    possible = [w for w in fitting if low(part) <= high(w)]
    if not possible:
        if (
            len(fitting) > 1
            and len({w.clause for w in fitting}) == 1
            and low(part) <= sum(map(high, fitting), Decimal(0))
        ):
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
    same = _verb(part) and _verb(part) == _verb(first) and part.what[-2:] == first.what[-2:]
    return low(part) > high(whole) and not listed and not same and not excluding([first, part])


def _verb(claim: Claim) -> str:
    tokens = tokens_of(claim.what)
    return tokens[0].text if tokens and tokens[0].tag == "v" else ""


def _part(part: Claim, whole: Claim) -> Relation:
    holds = low(part) <= high(whole)
    told = f"{show(part)}属于{show(whole)}," + ("部分不大于整体,成立。" if holds else "部分却大于整体,不可能。")
    return Relation("part", (whole.index, part.index), holds, told)


def _segments(passage: Passage, members: list[Claim]) -> list[list[Claim]]:
    """The members cut at semicolons, when every segment is a list of its own (物理类…、历史类…;应届生…,往届生…)."""
    cut: list[list[Claim]] = [members[:1]]
    for before, member in pairwise(members):
        if "；" in passage.between(before, member):
            cut.append([])
        cut[-1].append(member)
    return cut if len(cut) > 1 and all(len(c) > 1 for c in cut) else [members]


def _makes(whole: Claim, parts: list[Claim]) -> bool:
    least, most = sum(map(low, parts), Decimal(0)), sum(map(high, parts), Decimal(0))
    return len(parts) > 1 and least > -INFINITE and agrees(whole, least, most) is True


def _paired(passage: Passage, members: list[Claim]) -> bool:
    """Whether each member has a number of another measure at its side (412宗、成交金额136亿元), so that two lists go over the same classes."""
    found = 0
    for member in members:
        near = [
            c
            for c in passage.claims
            if c.measure.measure != member.measure.measure
            and (0 <= passage.start(c) - passage.end(member) <= 8 or 0 <= passage.start(member) - passage.end(c) <= 8)
        ]
        found += bool(near)
    return found == len(members)


def _loosely(passage: Passage, whole: Claim, parts: list[Claim]) -> list[Claim]:
    """All numbers behind 其中 that could be parts. When they sum to the whole, that is no accident, whatever the words between them."""
    return [
        p
        for p in parts
        if same_measure(p.measure, whole.measure) and p.kind == whole.kind and not _CHANGED.search(passage.before(p))
    ]
