"""Of which place does a stated number speak? The city, one of its divisions, somewhere else, or only a part of one of them.

A place scopes a number only where it stands as its subject or where (凌海市签约…, 在黑山县,…), not as the object of a
comparison (在全省率先), inside a title (《…辽宁省…》) or in a company's name. What is said of an earlier sentence's place holds
on in its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import rjieba

from yizhantong.foundation.text import Article, Claim

Places = Mapping[str, str | None]


class Reach(StrEnum):
    """How a number's place is known: certain (city or division), elsewhere, or only a part that no ledger tells apart."""

    KNOWN = "known"
    ELSEWHERE = "elsewhere"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a number; ``division`` is None for the whole city."""

    reach: Reach
    division: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named at ``[start, end)`` of a sentence."""

    start: int
    end: int
    where: Where
    named: bool = True
    """Whether it is a name that is surely a place's; words that merely end like one scope a number only as its subject."""


CITY = Where(Reach.KNOWN)
PART = Where(Reach.PART)
ELSEWHERE = Where(Reach.ELSEWHERE)
WIDER = re.compile(r"全省|我省|本省|全国|我国|全球|世界|全区域")
HAMLET = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,5}?(?:街道|社区|镇|乡|村)(?![级民庄内里委镇])")
GENERIC = re.compile(r"[个各全每]|涉农|行政|自然|示范|美丽|重点|贫困|[乡村镇]{2}|城[镇乡]|农村|乡村")
BODY = re.compile(
    r"[^，。；：、！？“”（）\s\d]{0,16}?(?:公司|集团|银行(?!机构|业|贷款)|支行|分行|医院|中学|小学|合作社|支队|大队|产业园区?|经济开发区)"
)
SEVERAL = ("、", "和", "与", "及")
OFFICE = re.compile(r"(?:支书|书记|主任|队员|队长|党员|网格员|志愿者|老[张王李赵刘陈])[\u4e00-\u9fff]{2,3}$")
DOING = re.compile(
    r"[一个]?[^，。；、的]{0,4}(?:带领|组织|认领|帮助|走访|调解|化解|参加|自费|主动|发动|牵头|先后|累计|已)"
)
TOLD = re.compile(r"介绍|表示|告诉|透露|[^小]说[，。：]?|报道")
CLAUSE = "，。；：！？\n"
LEAD = re.compile(
    r"(?:[\d一二三四五六七八九十年月日底末初份上下前半个季度去今至到以来全同期当第近余多]+|截至|截止|目前|其中|近日|日前|据悉|据了解|与此同时|"
    r"同时|另外|此外|相比之下|仅|而|但|和|在|从|就|以|—|-|\s|[“”（）#①-⑩])*"
)
RANKED = re.compile(r"率先|首|前列|领先|位居|位列|排名?|名列|第|推广|走在|处于|居")
TOWARDS = re.compile(r"(?:赴|到|往|来自|与|同|跟|向|从|为|在)$")


class Locator:
    """Finds the places of a city's catalogue in sentences; each sentence is searched once."""

    def __init__(self, known: Places, ordinary: frozenset[str] = frozenset()) -> None:
        """Take the places of a city, and words that are never places though a lexicon may call them so (惠及)."""
        self.known = known
        self._ordinary = ordinary
        names = sorted(known, key=len, reverse=True)
        self._names = re.compile("|".join(re.escape(name) for name in names) or r"(?!)")
        self._held: dict[str, list[Mention]] = {}

    def without_places(self, text: str) -> str:
        """Return a text without the names of places."""
        return self._names.sub("", text)

    def where(self, article: Article, claim: Claim) -> Where:
        """Return the place of a claim."""
        sentence = article.sentences[claim.sentence].text
        if _in_first_person(sentence, claim.at[0]) or _of_a_person(sentence, claim.at[0]):
            return PART
        found = self._before(sentence, claim.at[0])
        if found is not None:
            return found
        return PART if _of_a_body(claim) else self._carried(article, claim)

    def _carried(self, article: Article, claim: Claim) -> Where:
        """Return the place of which the paragraph spoke before, or that its headline names."""
        paragraph = article.paragraphs[claim.paragraph]
        for sentence in reversed([s for s in paragraph.sentences if s.index < claim.sentence]):
            leading = [mention for mention in self.mentions(sentence.text) if self._leads(sentence.text, mention)]
            if leading:
                begins, ends = _settled(sentence.text, leading[0]), _settled(sentence.text, leading[-1])
                return begins if begins in (ends, CITY) else PART
        for earlier in reversed(article.paragraphs[max(0, claim.paragraph - 2) : claim.paragraph]):
            headline = earlier.kind in ("title", "heading")
            first = self._first_subject(earlier.sentences[0].text if earlier.sentences else earlier.text)
            if first is not None and first != CITY:
                return first if headline else PART
            if first is not None or headline:
                break
        return CITY

    def _first_subject(self, sentence: str) -> Where | None:
        clause = re.split(f"[{CLAUSE}]", sentence)[0]
        for mention in self.mentions(sentence):
            if mention.named and mention.end <= len(clause) and self._leads(sentence, mention):
                return mention.where
        return None

    def _before(self, sentence: str, at: int) -> Where | None:
        """Return what the places named before a number in its sentence say; the nearest that scopes it decides."""
        clause = max(sentence.rfind(sign, 0, at) for sign in CLAUSE) + 1
        listed = sentence[at - 1 : at] == "等"
        for mention in reversed([mention for mention in self.mentions(sentence) if mention.end <= at]):
            if listed and mention.start >= clause and (BODY.match(sentence, mention.end) or mention.start > clause):
                continue
            if self._leads(sentence, mention):
                return _settled(sentence, mention)
            towards = TOWARDS.search(sentence, max(0, mention.start - 2), mention.start)
            named = mention.named and (towards or sentence[mention.end - 1] in "省市县区州镇乡")
            if mention.start >= clause and named and mention.where != CITY:
                return None if RANKED.match(sentence, mention.end) else PART
        return None

    def _leads(self, sentence: str, mention: Mention) -> bool:
        """Tell whether a place stands as the subject or where of its clause."""
        if RANKED.match(sentence, mention.end) and sentence[: mention.start].endswith("在"):
            return False
        start = max(sentence.rfind(sign, 0, mention.start) for sign in CLAUSE) + 1
        lead = self.without_places(sentence[start : mention.start]).replace("、", "")
        return LEAD.fullmatch(lead) is not None

    def mentions(self, sentence: str) -> list[Mention]:
        """Return the places named in a sentence, in order, those inside 《》 left out."""
        if sentence not in self._held:
            if len(self._held) > 2000:
                self._held.clear()
            self._held[sentence] = self._find(sentence)
        return self._held[sentence]

    def _find(self, sentence: str) -> list[Mention]:
        titles = [found.span() for found in re.finditer("《[^》]*》", sentence)]
        found: list[Mention] = []
        for mention in (*self._ours(sentence), *_others(sentence, self._ordinary)):
            inside = any(a <= mention.start < b for a, b in titles)
            taken = any(m.start < mention.end and mention.start < m.end for m in found)
            if not inside and not taken:
                found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def _ours(self, sentence: str) -> Iterator[Mention]:
        for match in self._names.finditer(sentence):
            yield Mention(match.start(), match.end(), Where(Reach.KNOWN, self.known[match[0]]))


def _settled(sentence: str, mention: Mention) -> Where:
    """Return the place of a subject: of a body in it, or of several places together, no ledger tells."""
    together = (
        sentence[mention.start - 1 : mention.start] in SEVERAL or sentence[mention.end : mention.end + 1] in SEVERAL
    )
    return PART if together or BODY.match(sentence, mention.end) else mention.where


def _others(sentence: str, ordinary: frozenset[str]) -> Iterator[Mention]:
    """Yield what names places that the city does not manage, or may be a hamlet's name."""
    for match in WIDER.finditer(sentence):
        yield Mention(match.start(), match.end(), ELSEWHERE)
    at = 0
    for word, tag in rjieba.tag(sentence):
        if tag == "ns" and len(word) >= 2 and word not in ordinary:
            yield Mention(at, at + len(word), ELSEWHERE)
        at += len(word)
    for match in HAMLET.finditer(sentence):
        if not GENERIC.search(match[0]):
            yield Mention(match.start(), match.end(), PART, named=False)


def _in_first_person(sentence: str, at: int) -> bool:
    """Tell whether the number is one person's or firm's own word: 我家, 为我买了, 我们合作社 within quotation marks."""
    start = sentence.rfind("“", 0, at)
    if start < 0 or "”" in sentence[start:at]:
        return False
    end = sentence.find("”", at)
    said = sentence[start : end if end >= 0 else len(sentence)]
    return re.search(r"我(?!市|省|县|区|国|镇|乡|局|委|办|们市|们局|们全市)|俺|咱家", said) is not None


def _of_a_person(sentence: str, at: int) -> bool:
    """Tell whether a person named before the number is who did it (村支书李强带领…), not who told it (李强介绍)."""
    place = 0
    for word, tag in rjieba.tag(sentence[:at]):
        place += len(word)
        person = tag in ("nr", "nrfg") or OFFICE.search(sentence, 0, place) is not None
        if person and 2 <= len(word) <= 3 and DOING.match(sentence, place) and not TOLD.search(sentence[place:]):
            return True
    return False


def _of_a_body(claim: Claim) -> bool:
    """Tell whether a firm or a single institution is the subject."""
    return re.search(r"(?<![家各])(?:公司|集团|合作社|医院|学校|支行|分行)$", claim.subject) is not None
