"""``yzt figures``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from yizhantong.kernel.figures.command import figures, width
from yizhantong.kernel.figures.tests.trial import deal, write

pytestmark = pytest.mark.django_db


def run(*words: str) -> Any:
    return CliRunner().invoke(figures, words)


def test_json_holds_what_a_program_needs(deals: None) -> None:
    write(**deal(3))
    answer = run("trial.amount", "--json", "--as-of", "2021-08-10", "--division", "210702")
    assert answer.exit_code == 0
    row = json.loads(answer.output)[0]
    assert {name: row[name] for name in ("code", "value", "text", "unit", "as_of", "division", "zone")} == {
        "code": "trial.amount", "value": 3, "text": "3.00", "unit": "亿元", "as_of": "2021-08-10", "division": "210702",
        "zone": "trial",
    }  # fmt: skip
    assert row["period"] == {"start": "2021-01-01", "end": "2021-08-10"}
    assert {"label", "definition", "version"} <= set(row)


def test_the_table_is_aligned_whatever_the_script(deals: None) -> None:
    write(**deal(3))
    lines = run("trial.amount", "trial.count").output.splitlines()
    columns = {width(line[: line.index(word)]) for line, word in zip(lines[1:], ("亿元", "个"), strict=True)}
    assert len(columns) == 1
    assert "2021年1月1日至8月16日" in lines[1]


@pytest.mark.parametrize("by", ["unit", "month", "篇章"])
def test_parts_are_listed(deals: None, by: str) -> None:
    write(**deal(3))
    rows = json.loads(run("trial.count", "--by", by, "--json").output)
    assert sum(part["value"] for part in rows[0]["parts"]) == 1


def test_exit_codes(deals: None) -> None:
    assert run().exit_code == 0
    assert run("trial.mean").exit_code == 1
    for words in (["trial.none"], ["trial.count", "--division", "1"], ["trial.count", "--as-of", "2999-01-01"],
                  ["trial.count", "--by", "乡镇"], ["--engine", "abacus"], ["trial.count", "--as-of", "soon"]):  # fmt: skip
        assert run(*words).exit_code == 2, words


def test_a_zone_stands_for_its_figures(deals: None) -> None:
    assert len(json.loads(run("trial", "--json").output)) == len(json.loads(run("--json").output))
