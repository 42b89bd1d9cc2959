"""Conditions made ready to be matched: each parsed once, explained, and relaxed for near misses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from yizhantong.foundation.rules import FeelError, parse
from yizhantong.foundation.rules.explain import Explainer
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.matching.relax import relaxed
from yizhantong.kernel.parties import vocabulary

State = Literal["match", "near", "no", "unknown", "person"]
STATES: tuple[State, ...] = ("match", "near", "no", "unknown", "person")
LABELS = {"match": "符合", "near": "接近", "no": "不符合", "unknown": "数据不足", "person": "需人工判断"}


@dataclass(frozen=True, slots=True, eq=False)
class Ruled:
    """One condition: its explainer, and one for its relaxed form; both None when only a person can judge it."""

    condition: Condition
    explainer: Explainer | None
    lenient: Explainer | None


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """All conditions of an item or policy under one key; all of them have to be met."""

    key: str
    ruled: tuple[Ruled, ...]

    @property
    def by_person(self) -> tuple[Ruled, ...]:
        """The conditions that only a person can judge."""
        return tuple(item for item in self.ruled if item.explainer is None)

    @property
    def by_rule(self) -> tuple[Ruled, ...]:
        """The conditions that have a rule."""
        return tuple(item for item in self.ruled if item.explainer is not None)


def rule_set(key: str, conditions: Iterable[Condition], *, asked: frozenset[str] = frozenset()) -> RuleSet:
    """Return conditions ready to be matched; raise :class:`ItemError` ``items.bad_rule`` for a rule that cannot be read.

    ``asked`` are names beside the profile's (:func:`~yizhantong.kernel.parties.vocabulary.declare`); the subject, or the table of
    profiles, that such rules are matched with has to hold them.
    """
    return RuleSet(key, tuple(_ruled(place, condition, asked) for place, condition in enumerate(conditions)))


def _ruled(place: int, condition: Condition, asked: frozenset[str]) -> Ruled:
    if condition.kind == "person" or not condition.rule:
        return Ruled(condition, None, None)
    try:
        strict, lenient = _explainers(condition.rule, asked)
    except FeelError as error:
        raise ItemError(
            "items.bad_rule", f"条件“{condition.text}”的规则不能读:{error}", f"conditions[{place}].rule"
        ) from error
    return Ruled(condition, strict, lenient)


@lru_cache(maxsize=4096)
def _explainers(text: str, asked: frozenset[str]) -> tuple[Explainer, Explainer]:
    names = tuple(sorted(vocabulary.NAMES | asked))
    return Explainer(text, names), Explainer(relaxed(parse(text, {*names, "person"})), names)
