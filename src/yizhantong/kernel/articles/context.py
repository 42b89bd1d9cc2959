"""The words around a stated number, by their nearness: its own noun phrase, its clause, the set it sums, what went before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yizhantong.foundation.text import Article, Claim
from yizhantong.kernel.articles.catalogue import tokens
from yizhantong.kernel.articles.places import Locator

COUNTED = ("count", "amount", "ratio", "estimate", "list", "rule")
HARMLESS = frozenset(
    "开展 组织 实施 推进 完成 实现 累计 全部 总共 共计 合计 目前 已经 达到 拥有 进行 举办 优质 集中 深入 扎实 认真 积极 "
    "各类 各项 相关 有关 人员 工作 情况 数量 数据 成功 顺利 先后 陆续 到位 推动 全面 现有 共有 设有 涉及 据统计".split()
)
AGENT = re.compile(r"(?:平台|机构|局|委|办|厅|部门|院所|研究院|专班|专区|小组|政府|各[县市区乡镇街道（）、]+|各地)$")
LIST = re.compile(r"^.*(?:、.*等|”等|等)(?=[^，。、等]{2,})|^.*、(?=[^、]{4,}$)")
ANNOUNCING = re.compile(r"(?:达到?|为|约|是|超过?|突破|近)$")
NEGATIONS = frozenset("未 没 无 非 拟".split())
TOPIC = re.compile(r"(?:^|[，。；：！？“”\s])(?:在|从|按|围绕)?([^，。；：！？“”]{2,16}?)(?:方面|领域)，")
AMONG = re.compile(
    r"(?:^|[，。；：！？“”\s])(?:在|从)?([^，。；：！？“”]{2,16}?)(?:项目|企业|产业|行业|问题|政策|人员|党员|群众)?当?中，"
)
POINTING = frozenset("这些 上述 其中 今年 去年 全部 所有 目前 过程 工作 活动".split())


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a claim: ``near`` with weights (1 in its own noun phrase), ``own`` in its noun phrase,
    ``bound`` those that restrict it without standing in it (its subject, 在…方面), ``narrowing`` those of its noun phrase and
    subject that may narrow what is counted."""

    near: dict[str, float]
    own: frozenset[str]
    bound: frozenset[str]
    narrowing: frozenset[str]
    behind: frozenset[str]
    """Words behind the number, that may say which of its things are counted: 31项政策|实现在线申报."""
    passing: frozenset[str]
    """Words of the subject alone, which may only say in passing what the figure's zone is about."""
    among: frozenset[str]
    """Words of the set from which the number is taken: 今年签约的项目中,…."""


def contexts(article: Article, locator: Locator) -> dict[int, Context]:
    """Return the context of each claim by its index."""
    heads = _heads(article)
    sums = _counts_of_sums(article)
    by_sentence: dict[int, list[Claim]] = {}
    for claim in article.claims:
        by_sentence.setdefault(claim.sentence, []).append(claim)
    return {
        claim.index: _context(
            article, claim, by_sentence[claim.sentence], sums.get(claim.index), heads[claim.paragraph], locator
        )
        for claim in article.claims
    }


def _context(
    article: Article, claim: Claim, beside: Sequence[Claim], counted: int | None, head: str, locator: Locator
) -> Context:
    own = frozenset(tokens(locator.without_places(own_words(article, claim))))
    near = dict.fromkeys(own, 1.0)
    _add(near, claim.subject, 0.95)
    _add(near, _clause(article, claim, beside), 0.9)
    if counted is not None:
        _add(near, article.claims[counted].what, 0.95)
    else:
        for earlier in _earlier(claim, beside):
            _add(near, f"{earlier.subject} {earlier.what} {earlier.clause}", 0.8)
    _add(near, _around(article, claim), 0.6 if counted is None else 0.2)
    _add(near, head, 0.4)
    if claim.period is not None:
        _add(near, claim.period.text, 0.9)
    subject = frozenset(tokens(_subject(article, claim, locator)))
    before = article.sentences[claim.sentence].text[: claim.at[0]]
    field = frozenset(word for found in TOPIC.finditer(before) for word in tokens(found[1]))
    among = frozenset(word for found in AMONG.finditer(before) for word in tokens(found[1]))
    behind = frozenset(tokens(_behind(article.sentences[claim.sentence].text, claim, beside)))
    narrowing = frozenset(word for word in own | subject if len(word) > 1 or word in NEGATIONS)
    return Context(
        near,
        own or frozenset(tokens(claim.clause)),
        subject | field,
        narrowing,
        behind,
        subject - field - own,
        among - POINTING,
    )


def _clause(article: Article, claim: Claim, beside: Sequence[Claim]) -> str:
    """Return the words of a claim's clause that no other number claims: 申报类政策34项|、免申即享政策9项."""
    text = article.sentences[claim.sentence].text
    start = max([text.rfind(sign, 0, claim.at[0]) + 1 for sign in "，。；：！？"])
    start = max([start, *(other.at[1] for other in beside if other.at[1] <= claim.at[0] and other.kind in COUNTED)])
    return text[start : claim.at[1]] + _behind(text, claim, beside)


def _behind(text: str, claim: Claim, beside: Sequence[Claim]) -> str:
    """Return the words behind a number up to the next sign; 、 is one where the next number follows before another sign."""
    end = next(
        (found.start() for found in re.finditer("[，。；：！？]", text) if found.start() >= claim.at[1]), len(text)
    )
    shared = any(claim.at[1] <= other.at[0] < end and other.kind in COUNTED for other in beside)
    words = text[claim.at[1] : end]
    return words.split("、")[0] if shared else words


def own_words(article: Article, claim: Claim) -> str:
    """Return the noun phrase of a claim; of a list the things behind it (包括A、B在内的|首批工作站)."""
    if claim.kind == "list":
        behind = article.sentences[claim.sentence].text[claim.at[1] :]
        named = re.match(r"的?([^，。；]{2,24})", behind) if "在内" in claim.phrase else None
        return named[1] if named else claim.what
    shortened = ANNOUNCING.sub("", LIST.sub("", re.split(r"\s", claim.what)[-1]))
    return shortened if len(shortened) >= 2 else claim.what


def _subject(article: Article, claim: Claim, locator: Locator) -> str:
    """Return the subject of a claim where it narrows what is counted; not who acts, nor a member of a list."""
    subject = LIST.sub("", re.split(r"\s", locator.without_places(claim.subject))[-1])
    before = article.sentences[claim.sentence].text[: claim.at[0]]
    return "" if AGENT.search(subject) or before[-1:] in ("等", "”", "的") else subject


def _add(near: dict[str, float], text: str, weight: float) -> None:
    for word in tokens(text):
        near[word] = max(near.get(word, 0.0), weight)


def _earlier(claim: Claim, sentence: Sequence[Claim]) -> list[Claim]:
    return [other for other in sentence if other.start < claim.start and other.kind in COUNTED][-1:]


def _around(article: Article, claim: Claim) -> str:
    """Return the words of the sentence before a claim, and those behind it up to the next sign."""
    text = article.sentences[claim.sentence].text
    behind = re.match(r"[^\W\d]{0,12}", text[claim.at[1] :])
    return text[max(0, claim.at[0] - 80) : claim.at[1]] + (behind[0] if behind else "")


def _counts_of_sums(article: Article) -> dict[int, int]:
    """Return, for each summed amount, the count of the set that it sums."""
    return {
        amount: group.count_claim
        for group in article.groups
        if group.count_claim is not None
        for _, amount in group.sum_claims
    }


def _heads(article: Article) -> dict[int, str]:
    """Return the headline above each paragraph."""
    heads: dict[int, str] = {}
    current = ""
    for paragraph in article.paragraphs:
        if paragraph.kind in ("title", "heading"):
            current = paragraph.text
        heads[paragraph.index] = current
    return heads
