"""What a rule says of somebody, with the values it read: ``met``, ``not_met``, ``unknown`` (a fact is missing) or ``needs_person``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yizhantong.foundation.rules.explain import Explainer

MET = "met"


@dataclass(frozen=True, slots=True)
class Said:
    """One rule's verdict and, by name, the values it read ("" where one is missing)."""

    verdict: str
    values: dict[str, str]


@lru_cache(maxsize=1024)
def explainer(rule: str) -> Explainer:
    """Return a rule compiled once; FeelError when it cannot be read."""
    return Explainer(rule)


def said(rule: str, facts: Mapping[str, Any]) -> Said:
    """Return what a rule says of some facts; a fact that is absent or None is missing."""
    explanation = explainer(rule).explain(facts)
    values = {used.name: shown(facts.get(used.name)) for part in explanation.conditions for used in part.values}
    return Said(explanation.verdict.value, values)


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else "、".join(map(str, value)) if isinstance(value, list) else str(value)
