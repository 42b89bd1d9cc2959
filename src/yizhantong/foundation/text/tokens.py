"""Words of a sentence with their parts of speech (rjieba), by offset; and the noun phrases around a number.

`what` is the counted thing with its conditions (亿元以上签约项目, 清理村内沟渠), `subject` what stands before it in the clause (锦州市省级以上科技企业孵化器).
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from .vocabulary import any_of, words

_FILLER_END = re.compile(rf"(?:{any_of('fillers')}|[，、：“”（）\s]|[的了着过])$")
_FILLER_START = re.compile(
    rf"(?:{any_of('fillers')}|[，、：；。“”）\s]|和|及|以及|与|或|的|了|[①-⑩]|一是|二是|三是|四是|五是)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `[start, end)` of its sentence with rjieba's tag."""

    start: int
    end: int
    text: str
    tag: str


@lru_cache(maxsize=4096)
def tokens_of(sentence: str) -> tuple[Token, ...]:
    """The words of a sentence."""
    found: list[Token] = []
    at = 0
    for text, tag in rjieba.tag(sentence):
        found.append(Token(at, at + len(text), text, tag))
        at += len(text)
    return tuple(found)


_BRACKETED = re.compile(
    r"[\u4e00-\u9fff]{1,6}（[\u4e00-\u9fff]{1,6}）[\u4e00-\u9fff]?(?=[、，。]|$)|[\u4e00-\u9fff]{1,2}（[\u4e00-\u9fff]{1,2}）[\u4e00-\u9fff]"
)


def noun_after(sentence: str, at: int, people: bool) -> str:
    """The noun phrase that begins at `at` (90个|项目签约 gives 项目); empty when none does. After a count of people no verb may begin it."""
    at += sentence[at : at + 1] == "的"
    bracketed = _BRACKETED.match(sentence, at)
    if bracketed:
        return bracketed[0]
    words_ = tokens_of(sentence)
    index = bisect_left([t.start for t in words_], at)
    if index >= len(words_) or words_[index].start != at:
        return ""
    end, seen_noun = at, False
    window = words_[index : index + 9]
    for token, after in zip(window, [*window[1:], None], strict=True):
        if not _belongs(token, after, seen_noun, people):
            break
        if token.tag in words("noun_tags") and token.tag not in ("b", "f"):
            end, seen_noun = token.end, True
    return sentence[at:end].strip("“”")


def _belongs(token: Token, after: Token | None, seen_noun: bool, people: bool) -> bool:
    """Whether a word may stand inside the noun phrase behind a number."""
    if token.text in words("no_noun"):
        return False
    if token.text in "“”" or token.tag in words("noun_tags") or token.text in ("类", "型", "级"):
        return True
    leads_noun = (
        after is not None
        and (after.tag in words("noun_tags") or after.text in ("类", "型", "级"))
        and after.text not in words("no_noun")
    )
    if token.tag == "a":
        return leads_noun or not seen_noun
    return token.tag == "v" and not seen_noun and not people and len(token.text) > 1 and leads_noun


def strip_fillers(text: str) -> str:
    """Without the words that only announce a number, at both ends; a word is never cut (现代 is not 现 and 代)."""
    words_ = tokens_of(text)
    starts = {t.start for t in words_} | {len(text)}
    begin, end = 0, len(text)
    while begin < end:
        match = _FILLER_START.match(text, begin, end)
        if match is None or match.end() not in starts:
            break
        begin = match.end()
    while end > begin:
        match = _FILLER_END.search(text, max(begin, end - 8), end)
        if match is None or match.start() not in starts:
            break
        end = match.start()
    return text[begin:end]


def split_phrase(text: str) -> tuple[str, str]:
    """(subject, what) of the words before a number: 锦州市孵化器实现营业收入 gives (锦州市孵化器, 营业收入)."""
    text = strip_fillers(text)
    after_list = text.rfind("等")
    if after_list > 0 and after_list < len(text) - 1 and "、" in text[:after_list]:
        text = text[after_list + 1 :]
    last = text.rfind("、")
    if last > 6 and len(re.split("[、的]", text[:last])[-1]) > 6:
        text = text[last + 1 :]
    words_ = tokens_of(text)
    for index in range(len(words_) - 1, 0, -1):
        if words_[index].text in words("light_verbs"):
            return strip_fillers(text[: words_[index].start]), strip_fillers(text[words_[index].end :])
    if words_ and words_[0].text in words("light_verbs"):
        return "", strip_fillers(text[words_[0].end :])
    for index, token in enumerate(words_):
        named = any(t.tag in ("n", "ns", "nt", "nr", "nz") for t in words_[:index])
        if token.tag == "v" and index and named and len(token.text) > 1:
            return strip_fillers(text[: token.start]), text[token.start :]
    return "", text


_RANK = re.compile(r"(?:[范围内中]{1,3})?(?:率先|首|领先|前列|排名|位居|位列|第|推广|通报)")
_ADMIN = tuple("省市县区州盟旗镇乡村")


def scope_of(text: str) -> str:
    """The place or body named in `text`, the last one; empty when none is."""
    best = ""
    for token in tokens_of(text):
        place = token.tag == "ns" and len(token.text) > 2 and token.text.endswith(_ADMIN)
        ranked = _RANK.match(text, token.end) is not None
        if not ranked and (
            place
            or token.text in words("place_scopes")
            or (token.tag == "nt" and token.text.endswith(tuple(words("body_suffixes"))))
        ):
            best = token.text
    return best or (text if _is_name(text) else "")


def _is_name(text: str) -> bool:
    """Whether a short text can only be the name of a place or body: its suffix, and neither verb nor mark in it."""
    if not (2 < len(text) <= 16 and text.endswith(tuple(words("body_suffixes")))) or re.search(
        r"[^\u4e00-\u9fffA-Za-z]", text
    ):
        return False
    return all(t.tag not in ("v", "d", "p", "t", "uj", "ul") for t in tokens_of(text)[:-1])
