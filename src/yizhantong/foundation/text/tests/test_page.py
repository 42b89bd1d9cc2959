"""The real page: what is found of the 126 figures printed on it."""

import csv
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from .. import Article, Claim, read_article
from ..numerals import SCALES
from ..units import units

SHARED = Path(os.environ.get("YZT_SHARED", Path(__file__).resolve().parents[5] / ".." / "shared"))
PAGE = SHARED / "page" / "page.txt"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the shared page is not here (YZT_SHARED)")


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def article(text: str) -> Article:
    return read_article(text, date(2021, 8, 16))


def rows() -> list[dict[str, str]]:
    with (SHARED / "page" / "figures.tsv").open(encoding="utf-8") as file:
        return [r for r in csv.DictReader(file, delimiter="\t") if "derived" not in r["qualifier"]]


def _scaled(number: str, unit: str) -> tuple[Decimal, str]:
    """The worth of a row's number and its bare unit."""
    unit = unit.split("(")[0].split("/")[0]
    for scale in sorted(SCALES, key=len, reverse=True):
        if unit.startswith(scale) and unit[len(scale) :] in units():
            return Decimal(number) * SCALES[scale], unit[len(scale) :]
    return Decimal(number), unit


def _meets(row: dict[str, str], claim: Claim) -> bool:
    value, unit = _scaled(row["number"], row["unit"])
    stated, own = _scaled(str(claim.number), claim.unit)
    if claim.kind in ("list", "name", "rule") and stated == value:
        return True
    wanted = {"at_least": "at_least"}.get(row["qualifier"].split("(")[0], "")
    same_unit = own == unit or {own, unit} <= {"人", "名"}
    return stated == value and same_unit and (not wanted or claim.qualifier == wanted)


def _found(text: str, article: Article, row: dict[str, str], used: set[int]) -> bool:
    """A claim inside an occurrence of the row's phrase; the duplicate rows want one of their own."""
    at = text.find(row["phrase"])
    while at >= 0:
        for claim in article.claims:
            inside = at <= claim.start and claim.end <= at + len(row["phrase"]) + 2
            if inside and _meets(row, claim) and (claim.index not in used or not row["duplicate_of"]):
                used.add(claim.index)
                return True
        at = text.find(row["phrase"], at + 1)
    return False


def test_recall_of_the_printed_rows(text: str, article: Article) -> None:
    used: set[int] = set()
    missed = [f"{r['id']} {r['phrase']} {r['number']}{r['unit']}" for r in rows() if not _found(text, article, r, used)]
    share = 1 - len(missed) / len(rows())
    assert share >= 0.95, missed


def test_no_flood_beside_the_rows(article: Article) -> None:
    figures = [c for c in article.claims if c.is_quantity and not c.repeated]
    assert len(figures) <= 100


def test_phrases_stand_where_they_say(text: str, article: Article) -> None:
    for claim in article.claims:
        assert text[claim.start : claim.end] == claim.phrase
    for paragraph in article.paragraphs:
        assert 0 <= paragraph.start < paragraph.end <= len(text)


def test_says_what_the_page_says_of_its_numbers(article: Article) -> None:
    told = {(r.kind, r.holds): r for r in article.relations}
    assert ("share", True) in told
    assert told[("overlap", None)].sentence.startswith("11项+57项+8项=76个")
    assert not [r for r in article.relations if r.holds is False]


def test_groups_carry_the_impossible_set(article: Article) -> None:
    root, *rest = [g for g in article.groups if g.item == "项目"][:5]
    claims = article.claims
    assert claims[root.count_claim or 0].value == 90
    children = {(g.condition.tag if g.condition else ""): g for g in rest if not g.single}
    large = children["签约"]
    assert large.condition is not None
    assert (large.condition.attribute, large.condition.op, large.condition.bound) == ("签约额", ">=", Decimal(10**8))
    assert [claims[i].value for _, i in large.sum_claims] == [Decimal("32425000000")]
    assert claims[children["工业"].count_claim or 0].value == 56
    assert sorted(claims[g.sum_claims[0][1]].number for g in rest if g.single) == [Decimal("34.7"), Decimal(53)]


def test_repeats_and_breaks(text: str, article: Article) -> None:
    kinds = [r.kind for r in article.repeats]
    assert kinds.count("paragraph") == 2
    assert kinds.count("sentence") == 1
    assert [text[r.first_start : r.end] for r in article.repeats if r.kind == "word"] == ["监测监测"]
    cuts = {(text[b.start - 2 : b.start], text[b.end : b.end + 2], b.doubled) for b in article.breaks}
    assert {("备的", "利用", ""), ("渔业", "水域", ""), ("干部", "部变", "部"), ("务、", "银企", "")} <= cuts
