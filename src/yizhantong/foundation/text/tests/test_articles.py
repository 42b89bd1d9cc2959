"""Invented articles of other cities: the planted errors are found, and nothing else is called an error."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from .. import Article, Relation, read_article

FOLDER = Path(__file__).parent / "articles"
NAMES = sorted(p.stem for p in FOLDER.glob("*.txt"))


def load(name: str) -> tuple[str, Article, dict[str, Any]]:
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    return text, read_article(text), json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def meets(relation: Relation, wanted: list[str]) -> bool:
    kind, *fragments = wanted
    return relation.kind == kind and all(f in relation.sentence for f in fragments)


@pytest.mark.parametrize("name", NAMES)
def test_planted_errors_are_found_and_nothing_else(name: str) -> None:
    _, article, expected = load(name)
    false = [r for r in article.relations if r.holds is False]
    missed = [w for w in expected["false"] if not any(meets(r, w) for r in false)]
    alarms = [r.sentence for r in false if not any(meets(r, w) for w in expected["false"])]
    assert (missed, alarms) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_true_statements_are_confirmed(name: str) -> None:
    _, article, expected = load(name)
    true = [r for r in article.relations if r.holds is True]
    assert [w for w in expected["true"] if not any(meets(r, w) for r in true)] == []
    overlaps = [r for r in article.relations if r.kind == "overlap"]
    assert [w for w in expected.get("overlap", []) if not any(meets(r, ["overlap", *w]) for r in overlaps)] == []


@pytest.mark.parametrize("name", NAMES)
def test_repeats_and_breaks_are_found_and_no_others(name: str) -> None:
    text, article, expected = load(name)
    assert Counter(r.kind for r in article.repeats) == Counter(k for k, _ in expected.get("repeats", []))
    assert all(any(w in text[r.first_start : r.end] for r in article.repeats) for _, w in expected.get("repeats", []))
    assert [b.kind for b in article.breaks] == [k for k, _ in expected.get("breaks", [])], [
        b.sentence for b in article.breaks
    ]
    for _, before in expected.get("breaks", []):
        assert any(text[: b.start].endswith(before) for b in article.breaks)


@pytest.mark.parametrize("name", NAMES)
def test_groups_with_thresholds(name: str) -> None:
    _, article, expected = load(name)
    found = [
        (g.item, g.condition.op, str(g.condition.bound), g.condition.attribute)
        for g in article.groups
        if g.condition and g.condition.numeric
    ]
    assert [w for w in expected.get("groups", []) if tuple(w) not in found] == [], found


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_stands_where_it_says(name: str) -> None:
    text, article, _ = load(name)
    for claim in article.claims:
        assert text[claim.start : claim.end] == claim.phrase
        assert claim.lower is None or claim.upper is None or claim.lower <= claim.upper
