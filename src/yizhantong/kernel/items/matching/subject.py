"""An enterprise as rules see it: what its profile knows, by the names of the vocabulary, with the source of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.kernel.parties.vocabulary import TERMS, Term

_HUNDREDTHS = Decimal("0.01")
_PLAIN = tuple(term for term in TERMS if term.column)
VALID = {"高新技术企业": "high_tech_until", "科技型中小企业": "technology_sme_until"}
"""Names that are true while a certificate is valid, by the column of its last day."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One enterprise: ``record`` by FEEL name (None: not known), ``sources`` by FEEL name."""

    uscc: str
    name: str
    record: Mapping[str, Any]
    sources: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: EnterpriseProfile, today: dt.date | None = None) -> Subject:
        """Return what a profile (with its organisation) says on a day, by default the city's today."""
        organisation = profile.organisation
        record = record_of(profile, today or clock.today(), organisation.division_id)
        sources = {term.name: profile.sources[term.column] for term in _PLAIN if term.column in profile.sources}
        return cls(organisation.pk, organisation.name, record, sources)


def record_of(profile: EnterpriseProfile, today: dt.date, division: str | None = None) -> dict[str, Any]:
    """Return all names of the vocabulary with their values, derived ones included."""
    record = {term.name: _value(term, getattr(profile, term.column)) for term in _PLAIN}
    industry = profile.industry
    record["行业大类"] = industry[:3] if industry and len(industry) >= 3 else None
    record["行业门类"] = industry[:1] if industry else None
    record["所在区划"] = division
    record["成立年限"] = full_years(profile.established_on, today)
    record["研发占比"] = percent(profile.rd_fen, profile.revenue_fen)
    growth = percent(profile.revenue_fen, profile.revenue_before_fen)
    record["营业收入增长率"] = None if growth is None else growth - 100
    for name, column in VALID.items():
        until = getattr(profile, column)
        record[name] = until >= today if until is not None else False if column in profile.sources else None
    return record


def _value(term: Term, value: Any) -> Any:
    if value is None or value == "":
        return None
    if term.divide != 1:
        return Decimal(value) / term.divide
    return term.words.get(value, value) if term.words else value


def full_years(since: dt.date | None, today: dt.date) -> int | None:
    """Return the full years from a day to today."""
    if since is None:
        return None
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """Return ``part`` of ``whole`` in %, with two decimals rounded half up; None when not known or of nothing."""
    if part is None or not whole:
        return None
    return Decimal((part * 20000 + whole) // (2 * whole)) * _HUNDREDTHS
