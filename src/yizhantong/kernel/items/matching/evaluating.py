"""One enterprise against one rule set: the state at once, the reasons when they are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yizhantong.foundation.rules.explain import Explanation, NearMiss
from yizhantong.foundation.rules.explain import Verdict as Answer
from yizhantong.foundation.rules.explain.generate import Outcome
from yizhantong.foundation.rules.explain.verdicts import ALL, MET, NOT_MET, PERSON, UNKNOWN, VERDICTS
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.matching.rules import LABELS, RuleSet, State
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.parties.vocabulary import unit_of


@dataclass(frozen=True, slots=True)
class Value:
    """A fact that a condition read: text for people (empty: not known), and where it comes from."""

    name: str
    text: str
    source: str = ""
    as_of: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition and what became of it: ``verdict`` met, not_met, unknown or needs_person; ``near`` how far it is off."""

    condition: Condition
    verdict: str
    values: tuple[Value, ...] = ()
    near: str = ""
    missing: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The verdict in Chinese."""
        return Answer(self.verdict).label


class Verdict:
    """What a rule set says of an enterprise; ``reasons`` are made when they are first read."""

    __slots__ = ("_outcomes", "_reasons", "_rules", "_subject", "state")

    def __init__(self, rules: RuleSet, subject: Subject, state: State, outcomes: list[Outcome]) -> None:
        self.state: State = state
        self._rules, self._subject, self._outcomes = rules, subject, outcomes
        self._reasons: tuple[Reason, ...] | None = None

    @property
    def key(self) -> str:
        """The key of the rule set."""
        return self._rules.key

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return LABELS[self.state]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Each condition with its verdict, in the order of the conditions."""
        if self._reasons is None:
            outcomes = iter(self._outcomes)
            self._reasons = tuple(
                Reason(item.condition, Answer.NEEDS_PERSON.value)
                if item.explainer is None
                else _reason(item.condition, Explanation(item.explainer, next(outcomes), self._subject.sources))
                for item in self._rules.ruled
            )
        return self._reasons

    @property
    def nearest(self) -> str:
        """What stands in the way, in one sentence; empty when nothing does or no distance can be told."""
        return ";".join(reason.near for reason in self.reasons if reason.verdict == "not_met" and reason.near)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts that have to be found out first."""
        return tuple(dict.fromkeys(name for reason in self.reasons for name in reason.missing))


def evaluate(rules: RuleSet, subject: Subject) -> Verdict:
    """Return what the rules say of the enterprise."""
    record = subject.record
    outcomes = [item.explainer.run(record) for item in rules.ruled if item.explainer is not None]
    bits = PERSON if len(outcomes) < len(rules.ruled) else 0
    for outcome in outcomes:
        bits |= outcome[0]
    code = ALL[bits] if bits else MET
    if code == NOT_MET:
        return Verdict(rules, subject, "near" if _near(rules, subject) else "no", outcomes)
    states: dict[int, State] = {MET: "match", PERSON: "person", UNKNOWN: "unknown"}
    return Verdict(rules, subject, states[code], outcomes)


def _near(rules: RuleSet, subject: Subject) -> bool:
    """Whether the relaxed rules are all met (a person's part apart)."""
    codes = (item.lenient.run(subject.record)[0] for item in rules.ruled if item.lenient is not None)
    return all(code in (MET, PERSON) for code in codes)


def _reason(condition: Condition, explanation: Explanation) -> Reason:
    verdict = explanation.verdict
    values: dict[str, Value] = {}
    near = []
    for part in explanation.conditions:
        for used in part.values:
            values.setdefault(used.name, _value(used.name, used.value, used.source))
        if part.near is not None and part.decides and verdict is Answer.NOT_MET:
            near.append(_near_text(part.values[0].name if part.values else "", part.near))
    missing = explanation.missing if verdict is Answer.UNKNOWN else ()
    return Reason(condition, verdict.value, tuple(values.values()), ";".join(near), missing)


def _value(name: str, value: Any, said: Any) -> Value:
    source = said if isinstance(said, dict) else {}
    return Value(
        name, told(name, value), source.get("source", ""), source.get("as_of", ""), source.get("confidence", "")
    )


def told(name: str, value: Any) -> str:
    """Return a value of the vocabulary for people: amounts in 万元 or 亿元 where that is shorter, with units."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Decimal):
        return amount(Decimal(value), unit_of(name))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def amount(number: Decimal, unit: str) -> str:
    """Return a number with its unit: 4,900,000 元 is 490 万元."""
    if unit == "元" and abs(number) >= 10_000:
        large = abs(number) >= 100_000_000
        number, unit = number / (100_000_000 if large else 10_000), "亿元" if large else "万元"
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".rstrip()


_WORDS = {">=": "要求不低于", ">": "要求高于", "<=": "要求不超过", "<": "要求低于", "=": "要求为", "!=": "要求不为"}
_DATES = {">=": "要求不早于", ">": "要求晚于", "<=": "要求不晚于", "<": "要求早于", "=": "要求为", "!=": "要求不为"}


def _near_text(name: str, near: NearMiss) -> str:
    value = told(name, near.value)
    if near.kind == "category":
        accepted = "、".join(told(name, item) for item in near.accepted) or "其他值"
        excluded = "、".join(told(name, item) for item in near.excluded)
        need = f"不接受 {excluded}" if near.excluded and not near.accepted else f"要求为 {accepted}"
        return f"{name}现为 {value},{need}"
    if near.kind == "date":
        return f"{name}为 {value},{_DATES[near.operator]} {told(name, near.bound)},相差 {near.distance} 天"
    bound, distance = told(name, near.bound), told(name, near.distance)
    return f"{name}现为 {value},{_WORDS[near.operator]} {bound},相差 {distance}"


__all__ = ["VERDICTS", "Reason", "Value", "Verdict", "evaluate", "told"]
