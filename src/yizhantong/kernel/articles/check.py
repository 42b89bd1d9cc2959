"""A draft checked from end to end: every number, what the article says of its own numbers, and whether all can be true.

    checked = check_text(text, day=date(2021, 8, 16), ledger=ledger_view.view(day))     # or ledger=None

The ledger is asked only for the figures that the article speaks of, and only after the links are made without values.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from yizhantong.foundation.text import Article, Claim, read_article
from yizhantong.kernel.articles.catalogue import Catalogue
from yizhantong.kernel.articles.context import COUNTED
from yizhantong.kernel.articles.joint import Conflict, conflicts, conflicts_of_figures, merged
from yizhantong.kernel.articles.link import Link, link_claims
from yizhantong.kernel.articles.regions import Located
from yizhantong.kernel.articles.times import Days
from yizhantong.kernel.articles.verdicts import Finding, Verdict, compare

Asked = tuple[str, str | None, Days | None]
Values = dict[Asked, Fraction | int | None]


@dataclass(frozen=True)
class LedgerView:
    """What a check needs of the ledgers on a day: the catalogue, the labels, a way to ask for values, the regions."""

    known: Catalogue
    labels: dict[str, str]
    ask: Callable[[set[Asked]], Values]
    regions: Mapping[str, Located] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """An article with a finding for each of its claims, and the sets of claims that cannot be true together."""

    text: str
    day: dt.date | None
    article: Article
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    with_ledger: bool

    @property
    def counts(self) -> dict[str, int]:
        """Return how many claims have each verdict, and how many relations fail."""
        verdicts = Counter(finding.verdict.value for finding in self.findings)
        return {
            "claims": len(self.article.claims),
            **{verdict.value: verdicts[verdict.value] for verdict in Verdict},
            "relations": len(self.article.relations),
            "failed_relations": sum(relation.holds is False for relation in self.article.relations),
            "conflicts": len(self.conflicts),
            "repeats": len(self.article.repeats),
            "breaks": len(self.article.breaks),
        }

    @property
    def has_faults(self) -> bool:
        """Tell whether an editor has something to mend: a number that differs, arithmetic that fails, a contradiction."""
        counts = self.counts
        return bool(counts["differs"] or counts["failed_relations"] or counts["conflicts"])


def check_text(text: str, day: dt.date | None = None, ledger: LedgerView | None = None) -> Checked:
    """Check a text as of ``day``; without a ledger only what it says of itself. Raises ``TextTooLong``."""
    article = read_article(text, day)
    links = link_claims(article, ledger.known) if ledger else {}
    wanted = {(link.code, link.division, link.days) for link in links.values() if link.certain}
    values = ledger.ask(wanted) if ledger and wanted else {}
    findings = tuple(_finding(claim, links.get(claim.index), values, ledger, day) for claim in article.claims)
    contradictions = conflicts(article)
    if ledger:
        contradictions = merged([*contradictions, *conflicts_of_figures(article, links, ledger.known, ledger.regions)])
    return Checked(text, day, article, findings, tuple(contradictions), ledger is not None)


def _finding(
    claim: Claim,
    link: Link | None,
    values: Values,
    ledger: LedgerView | None,
    day: dt.date | None,
) -> Finding:
    if ledger is None:
        return Finding(Verdict.NO_FIGURE, None, None, None, (), "未对照台账")
    if link is None:
        reason = "没有对应的数据" if claim.kind in COUNTED else "不是统计数字"
        return Finding(Verdict.NO_FIGURE, None, None, None, (), reason)
    if not link.certain:
        return Finding(Verdict.UNDECIDED, None, None, link.division, link.candidates, _doubt(link, ledger.labels))
    entry = ledger.known.by_code[link.code]
    raw = values.get((link.code, link.division, link.days))
    verdict, shown, reason = compare(claim, raw, entry, ledger.labels[link.code], _until(link, day))
    if link.loose and verdict is Verdict.DIFFERS:
        verdict, reason = Verdict.UNDECIDED, f"{reason};但两者的统计时间可能不同,请核对口径"
    return Finding(verdict, link.code, shown, link.division, link.candidates, reason)


def _doubt(link: Link, labels: dict[str, str]) -> str:
    names = "、".join(f"“{labels[code]}”" for code in link.candidates)
    if len(link.candidates) > 1:
        return f"可能指{names},无法断定是哪一个,请人工核对"
    return f"可能指{names},但用词、地区或时间与它的口径不完全对应,无法断定,请人工核对"


def _until(link: Link, day: dt.date | None) -> str:
    if link.days is None or link.days[0] is None:
        return f"截至{_date(link.days[1] if link.days else day)}"
    return f"{_date(link.days[0])}至{_date(link.days[1])}"


def _date(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
