"""A trial of conditions on all enterprises before they are published: how many match, nearly match, cannot be known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.content import Condition
from yizhantong.kernel.items.matching.evaluating import Verdict, evaluate
from yizhantong.kernel.items.matching.rules import STATES, State, rule_set
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.items.matching.whole import match_all
from yizhantong.kernel.parties.models import EnterpriseProfile

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One enterprise in a state, with its reasons."""

    uscc: str
    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many enterprises are in each state, with examples of each."""

    match: int
    near: int
    no: int
    unknown: int
    person: int
    examples: Mapping[State, tuple[Example, ...]]

    @property
    def total(self) -> int:
        """All enterprises."""
        return self.match + self.near + self.no + self.unknown + self.person

    @property
    def sentence(self) -> str:
        """The trial in one sentence."""
        return f"{self.match} 家符合、{self.near} 家接近、{self.unknown} 家数据不足、{self.person} 家需人工判断、{self.no} 家不符合"


def dry_run(conditions: Iterable[Condition], *, today: dt.date | None = None, examples: int = EXAMPLES) -> DryRun:
    """Match all enterprises with the conditions; raises ItemError for a rule that cannot be read."""
    day = today or clock.today()
    rules = rule_set("trial", conditions)
    matches = match_all([rules], today=day)
    counts = matches.counts("trial")
    wanted = {state: matches.of("trial", state, examples) for state in STATES}
    codes = [code for found in wanted.values() for code in found]
    profiles = EnterpriseProfile.objects.select_related("organisation").in_bulk(codes)
    shown = {
        state: tuple(_example(evaluate(rules, Subject.of(profiles[code], day)), profiles[code]) for code in found)
        for state, found in wanted.items()
    }
    return DryRun(counts["match"], counts["near"], counts["no"], counts["unknown"], counts["person"], shown)


def _example(verdict: Verdict, profile: EnterpriseProfile) -> Example:
    return Example(profile.organisation_id, profile.organisation.name, verdict)
