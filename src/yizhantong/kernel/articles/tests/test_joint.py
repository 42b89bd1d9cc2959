"""Contradictions are found where no ledger could give the numbers, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from yizhantong.foundation import text as text_room
from yizhantong.foundation.text import read_article
from yizhantong.kernel.articles.check import check_text
from yizhantong.kernel.articles.joint import Conflict, conflicts, merged
from yizhantong.kernel.articles.tests.reading import ARTICLES, DAY, unmarked

OTHERS = sorted((Path(text_room.__file__).parent / "tests" / "articles").glob("*.txt"))


def phrases(text: str) -> list[set[str]]:
    article = read_article(text, DAY)
    return [{article.claims[i].phrase for i in conflict.claims} for conflict in conflicts(article)]


IMPOSSIBLE = "今年签约项目90个,签约额359.04亿元。其中,亿元以上签约项目62个,签约额324.25亿元。"


def test_the_rest_of_a_set_cannot_be_larger_than_its_condition_allows() -> None:
    article = read_article(IMPOSSIBLE, DAY)
    (found,) = conflicts(article)
    assert {article.claims[i].phrase for i in found.claims} == {"90个", "359.04亿元", "62个", "324.25亿元"}
    assert "28个项目合计34.79亿元" in found.sentence


@pytest.mark.parametrize(
    "text",
    [
        IMPOSSIBLE.replace("324.25", "342.24"),
        "今年签约项目90个,签约额359.04亿元。其中,7月份亿元以上签约项目62个,签约额324.25亿元。",
        "今年签约项目90个,签约额359.04亿元。其中,亿元以上工业项目62个,签约额324.25亿元。",
        "今年签约项目90个,其中亿元以上项目62个,工业项目56个,其余34个为服务业项目。",
        "今年共有企业90家,实现利润20亿元,其中工业企业50家,实现利润35亿元。",
        "71个项目入选。其中,达到国际先进水平的有11项,国内先进水平的有57项,填补国内空白的有8项。",
    ],
    ids=["possible sums", "another month", "another class", "rest of a second division", "losses", "overlap"],
)
def test_what_a_ledger_could_give_is_no_contradiction(text: str) -> None:
    assert phrases(text) == []


@pytest.mark.parametrize("path", [*OTHERS, *ARTICLES], ids=lambda path: path.stem)
def test_invented_articles_hold_no_contradiction_by_their_wording(path: Path) -> None:
    assert phrases(unmarked(path.read_text("utf-8"))[0]) == []


def test_touching_ends_are_decided_by_whole_cents() -> None:
    text = "今年签约项目3个,签约额3亿元。其中,1亿元以上签约项目1个,签约额1亿元。"
    exact = read_article(text.replace("3亿元", "300000000.00元").replace("额1亿元", "额100000000.00元"), DAY)
    assert len(conflicts(exact)) == 1


def test_of_contradictions_only_the_smallest_are_kept() -> None:
    large, small, other = Conflict((1, 2, 3), "大"), Conflict((1, 2), "小"), Conflict((4, 5), "另")
    assert merged([large, small, other, small]) == [small, other]


def test_a_check_without_ledger_finds_the_contradiction() -> None:
    checked = check_text(IMPOSSIBLE, DAY)
    assert checked.counts["conflicts"] == 1
    assert checked.has_faults
