"""Who may have what: one enterprise against every card with its reasons, or all enterprises at once with counts.

Rule sets are made once for each published version, which never changes, and kept by this process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.matching import STATES, Reason, RuleSet, Subject, Verdict, evaluate, match_all, rule_set
from yizhantong.kernel.parties import profile as profiles
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.zones.policies.amounts import Computed, compute
from yizhantong.zones.policies.benefit import Benefit
from yizhantong.zones.policies.benefit import read as read_benefit
from yizhantong.zones.policies.models import PolicyCard

ORDER = {state: place for place, state in enumerate(("match", "person", "near", "unknown", "no"))}


@dataclass(frozen=True, slots=True)
class Suit:
    """One card for one enterprise: the verdict, and what it would bring as far as that is known."""

    card: PolicyCard
    verdict: Verdict
    amount: Computed | None

    @property
    def state(self) -> str:
        """The verdict's state."""
        return self.verdict.state


@lru_cache(maxsize=4096)
def rules_of(version_id: int) -> RuleSet:
    """Return the conditions of a published version, ready to be matched."""
    return rule_set(f"v{version_id}", catalogue.content_of(version_id).content.conditions)


@lru_cache(maxsize=4096)
def benefit_of(version_id: int) -> Benefit:
    """Return the benefit that a published version pins."""
    return read_benefit(dict(catalogue.content_of(version_id).content.benefit))


def subject_of(uscc: str) -> Subject:
    """Return what the registers know of an enterprise; nothing known is an empty record, never a refusal."""
    found = profiles.load(uscc)
    if found is None:
        organisation = Organisation.objects.get(pk=uscc)
        return Subject(organisation.pk, organisation.name, {})
    return Subject.of(found)


def subjects_of(firms: Sequence[Organisation]) -> dict[str, Subject]:
    """Return the same of several enterprises by their codes, in one query."""
    rows = EnterpriseProfile.objects.filter(organisation__in=firms).select_related("organisation")
    known = {row.organisation_id: Subject.of(row) for row in rows}
    return {firm.pk: known.get(firm.pk) or Subject(firm.pk, firm.name, {}) for firm in firms}


def facts_of(uscc: str) -> dict[str, Any]:
    """Return the facts of an enterprise by their Chinese names, money in 元."""
    return dict(subject_of(uscc).record)


def of_version(version_id: int, uscc: str) -> Verdict:
    """Return what the conditions of a version say of an enterprise today."""
    return evaluate(rules_of(version_id), subject_of(uscc))


def unmet(verdict: Verdict) -> list[Reason]:
    """Return the conditions that are not met."""
    return [reason for reason in verdict.reasons if reason.verdict == "not_met"]


def offered() -> QuerySet[PolicyCard]:
    """Return the cards online that have conditions: those with an item in force."""
    cards = PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED, item__current__isnull=False)
    return cards.select_related("document", "item", "unit")


def suits(uscc: str, cards: Sequence[PolicyCard] | None = None) -> list[Suit]:
    """Return every card with its verdict for an enterprise, what suits best first: two queries, whatever the number of cards."""
    return suits_of(subject_of(uscc), cards if cards is not None else offered())


def suits_of(subject: Subject, cards: Iterable[PolicyCard]) -> list[Suit]:
    """Return the same for what is known of an enterprise, without a query of its own."""
    found = [_suit(card, subject) for card in cards]
    return sorted(
        found, key=lambda suit: (ORDER[suit.state], -(suit.amount.fen or 0 if suit.amount else 0), suit.card.number)
    )


def _suit(card: PolicyCard, subject: Subject) -> Suit:
    version = card.item.current_id if card.item is not None else None
    assert version is not None
    verdict = evaluate(rules_of(version), subject)
    standard = benefit_of(version).standard if verdict.state != "no" else None
    return Suit(card, verdict, compute(standard, subject.record) if standard is not None else None)


def matching(version_id: int) -> list[str]:
    """Return the codes of all enterprises that meet the conditions of a version."""
    rules = rules_of(version_id)
    return match_all([rules]).of(rules.key, "match")


def counts(cards: Sequence[PolicyCard]) -> Mapping[int, Mapping[str, int]]:
    """Return, by card id, how many enterprises are in each state: all of them in one pass."""
    versions = {card.pk: card.item.current_id for card in cards if card.item is not None and card.item.current_id}
    matches = match_all({number: rules_of(number) for number in versions.values()}.values())
    return {
        card: {str(state): n for state, n in matches.counts(f"v{version}").items()}
        for card, version in versions.items()
    }


def by_class(found: Sequence[Suit]) -> dict[str, int]:
    """Return how many suits there are in each state."""
    return {state: sum(suit.state == state for suit in found) for state in STATES}


__all__ = [
    "ORDER", "Suit", "benefit_of", "by_class", "counts", "facts_of", "matching", "of_version", "offered", "rules_of",
    "subject_of", "subjects_of", "suits", "suits_of", "unmet",
]  # fmt: skip
