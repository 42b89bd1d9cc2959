"""What reaches a higher threshold reaches the lower one too."""

from __future__ import annotations

import pytest

from yizhantong.foundation.text import read_article


def orders(text: str) -> list[bool | None]:
    return [r.holds for r in read_article(text).relations if r.detail == "thresholds"]


@pytest.mark.parametrize(
    "text",
    [
        "集体收入10万元以上的村156个;50万元以上的村41个;100万元以上的村47个。",
        "全县5亿元以上项目18个,10亿元以上项目19个。",
        "500人以上的企业12家,1000人以上的企业13家。",
    ],
)
def test_more_above_the_higher_threshold_cannot_be(text: str) -> None:
    assert False in orders(text)


@pytest.mark.parametrize(
    "text",
    [
        "集体收入10万元以上的村156个;50万元以上的村41个;100万元以上的村7个。",
        "5亿元以上项目18个,新增10亿元以上项目19个。",
        "去年5亿元以上项目8个,今年10亿元以上项目9个。",
        "500人以上的企业12家,1000万元以上的企业13家。",
        "5亿元以上项目18个,10亿元以上合同19份。",
        "5亿元以上项目18个,10亿元以上工业园区19个。",
        "5亿元以上项目余18个。",
    ],
)
def test_other_things_or_times_are_not_compared(text: str) -> None:
    assert False not in orders(text)
