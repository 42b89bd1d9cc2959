"""The sample city gives the figures of industry that its ``sample.toml`` asks for; the page prints none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.django_db


def test_figures_of_the_sample(shown: Callable[[str], dict[str, str]]) -> None:
    found = shown("industry")
    assert (found["nodes"], found["registrations"], found["second_level_nodes"]) == ("36家", "2480个", "1个")
    assert found["cloud_enterprises"] == "168家"
    assert float(found["success_rate"].removesuffix("%")) > 98
    assert 18 <= float(found["mean_latency"].removesuffix("毫秒")) <= 95
