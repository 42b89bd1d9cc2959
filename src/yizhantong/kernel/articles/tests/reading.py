"""Articles with their right links written into them: ``⟦90个|investment.projects⟧``.

After the bar stands the figure's code, ``@`` and a division (code or full name), ``#`` and the days it must be asked for;
``?`` at the end allows that nobody decides. ``-`` says that the city has no figure for it. Numbers that are not marked must
not be linked with certainty either.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from yizhantong.foundation.text import Article, read_article
from yizhantong.kernel.articles.catalogue import Catalogue
from yizhantong.kernel.articles.link import Link, link_claims

ARTICLES = sorted((Path(__file__).parent / "articles").glob("*.txt"))
DAY = dt.date(2021, 8, 16)
MARK = re.compile("⟦([^|⟧]*)\\|([^⟧]*)⟧")


@dataclass
class Score:
    """What was linked: claims of the article that should be, those that are, and whatever is wrong, in words."""

    due: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def unmarked(text: str) -> tuple[str, dict[int, tuple[str, str]]]:
    """Return the text without marks, and (phrase, expectation) by the offset of the phrase."""
    plain, expected, at = "", {}, 0
    for found in MARK.finditer(text):
        plain += text[at : found.start()]
        expected[len(plain)] = (found[1], found[2])
        plain += found[1]
        at = found.end()
    return plain + text[at:], expected


def told(link: Link, article: Article, known: Catalogue) -> str:
    """Return a link in the notation of the marks."""
    days = f"#{link.days[0] or ''}..{link.days[1]}" if link.days else ""
    division = f"@{link.division}" if link.division else ""
    return link.code + division + days


def score(path: Path, known: Catalogue) -> Score:
    """Link an article and compare with its marks."""
    text, expected = unmarked(path.read_text("utf-8"))
    article = read_article(text, DAY)
    links = link_claims(article, known)
    found, made = Score(), {}
    for claim in article.claims:
        link = links.get(claim.index)
        place = next((at for at, (phrase, _) in expected.items() if at <= claim.start < at + len(phrase)), None)
        if link is None or not link.certain:
            continue
        if place is None:
            found.wrong.append(f"{path.stem}: {claim.phrase} is linked to {link.code}, but not marked")
        else:
            made[place] = told(link, article, known)
    for place, (phrase, right) in expected.items():
        _judge(found, f"{path.stem}: {phrase}", right, made.get(place), known)
    return found


def _judge(found: Score, what: str, right: str, made: str | None, known: Catalogue) -> None:
    may_miss = right.endswith("?")
    right = _with_code(right.removesuffix("?"), known)
    found.due += right != "-" and not may_miss
    if made is None:
        if right != "-" and not may_miss:
            found.missed.append(f"{what} should be {right}")
    elif made == right:
        found.right += not may_miss
    else:
        found.wrong.append(f"{what} should be {right}, not {made}")


def _with_code(right: str, known: Catalogue) -> str:
    """Put the code of a division for its name."""
    code, at, division = right.partition("@")
    return f"{code}@{known.places.get(division, division)}" if at else right
