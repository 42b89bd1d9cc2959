"""Numbers are linked to figures by their words, unit, period and place: never wrongly with certainty, and mostly at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from yizhantong.foundation.text import Article, Claim, read_article
from yizhantong.kernel.articles.catalogue import Catalogue
from yizhantong.kernel.articles.link import Link, link_claims
from yizhantong.kernel.articles.tests.reading import ARTICLES, DAY, score, told, unmarked

pytestmark = pytest.mark.django_db

PAGE_LINKS = Path(__file__).parent / "page_links.tsv"


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_no_number_of_an_invented_article_is_linked_wrongly(path: Path, known: Catalogue) -> None:
    assert score(path, known).wrong == []


def test_nineteen_in_twenty_numbers_of_the_invented_articles_are_linked(known: Catalogue) -> None:
    scores = [score(path, known) for path in ARTICLES]
    missed = [line for one in scores for line in one.missed]
    due = sum(one.due for one in scores)
    assert due >= 120
    assert sum(one.right for one in scores) >= 0.95 * due, missed


class Page:
    """The real page: its claims, links, and the rows of what is printed on it with the figures they speak of."""

    def __init__(self, shared: Path, known: Catalogue) -> None:
        self.text = (shared / "page" / "page.txt").read_text("utf-8")
        self.article: Article = read_article(self.text, DAY)
        self.links: dict[int, Link] = link_claims(self.article, known)
        with (shared / "page" / "figures.tsv").open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file, delimiter="\t"))
        with PAGE_LINKS.open(encoding="utf-8", newline="") as file:
            self.figures = {row["row"]: row["figure"] for row in csv.DictReader(file, delimiter="\t")}

    def claims_of(self, row: dict[str, str]) -> Iterator[Claim]:
        """Yield the claims with the number of a row in one of the places where its phrase is printed."""
        at = self.text.find(row["phrase"])
        if row["duplicate_of"] and self.text.count(row["phrase"]) > 1:
            at = self.text.find(row["phrase"], at + 1)
        for claim in self.article.claims:
            inside = claim.start < at + len(row["phrase"]) and at < claim.end
            if at >= 0 and inside and float(row["number"]) in (float(claim.number), float(claim.value)):
                yield claim

    def certain(self, row: dict[str, str]) -> set[str]:
        """Return the figures to which the row's number is linked with certainty."""
        links = [self.links[claim.index] for claim in self.claims_of(row) if claim.index in self.links]
        return {link.code for link in links if link.certain}


@pytest.fixture
def page(shared: Path, known: Catalogue) -> Page:
    """Return the real page, linked."""
    return Page(shared, known)


def test_every_row_of_the_page_has_an_expected_figure_or_none(page: Page, known: Catalogue) -> None:
    assert list(page.figures) == [row["id"] for row in page.rows]
    assert set(page.figures.values()) - {"-"} <= set(known.by_code)


def test_nine_in_ten_rows_of_the_page_that_have_a_figure_are_linked_to_it(page: Page) -> None:
    due = [row for row in page.rows if page.figures[row["id"]] != "-"]
    missed = [row["id"] for row in due if page.figures[row["id"]] not in page.certain(row)]
    assert len(due) >= 80
    assert len(missed) <= 0.1 * len(due), missed


def test_no_number_of_the_page_is_linked_wrongly_with_certainty(page: Page) -> None:
    wrong = {row["id"]: page.certain(row) - {page.figures[row["id"]]} for row in page.rows}
    assert {row: codes for row, codes in wrong.items() if codes} == {}


def test_every_certain_link_of_the_page_is_one_of_its_rows(page: Page) -> None:
    printed = {(float(row["number"]), page.figures[row["id"]]) for row in page.rows}
    for claim in page.article.claims:
        link = page.links.get(claim.index)
        if link is not None and link.certain:
            assert {(float(claim.number), link.code), (float(claim.value), link.code)} & printed, claim.phrase


def test_links_do_not_depend_on_values(known: Catalogue) -> None:
    for path in ARTICLES:
        text, _ = unmarked(path.read_text("utf-8"))
        other = text.translate(str.maketrans("3579", "5793"))
        first, second = read_article(text, DAY), read_article(other, DAY)
        if len(first.claims) != len(second.claims) or first.groups != second.groups:
            continue
        links, changed = link_claims(first, known), link_claims(second, known)
        same_periods = [a.period == b.period for a, b in zip(first.claims, second.claims, strict=True)]
        if all(same_periods):
            assert {i: told(link, first, known) for i, link in links.items()} == {
                i: told(link, second, known) for i, link in changed.items()
            }
