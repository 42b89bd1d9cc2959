"""Who meets which conditions: one enterprise with its reasons, or all enterprises with all rule sets in one pass of SQL.

Five answers, never a "no" where a fact is missing: ``match``; ``near`` (not met, but would be if every number were 20 % and
every date 180 days more lenient); ``no``; ``unknown`` (a fact is missing that decides); ``person`` (all that rules can say is
met, the rest is for a person to judge).

::

    rules = rule_set("policies.2021-003", content.conditions)
    verdict = evaluate(rules, Subject.of(profile, today))   # .state, .reasons, .nearest
    matches = match_all([rules, …])                         # .counts(key), .of(key, "match") for all enterprises
    trial = dry_run(content.conditions)                     # counts and examples with reasons

A property test holds the evaluator and the pass together on random conditions and profiles.
"""

from yizhantong.kernel.items.matching.dry import DryRun, Example, dry_run
from yizhantong.kernel.items.matching.evaluating import Reason, Verdict, evaluate
from yizhantong.kernel.items.matching.rules import STATES, RuleSet, rule_set
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.items.matching.whole import Matches, match_all

__all__ = [
    "STATES",
    "DryRun",
    "Example",
    "Matches",
    "Reason",
    "RuleSet",
    "Subject",
    "Verdict",
    "dry_run",
    "evaluate",
    "match_all",
    "rule_set",
]
