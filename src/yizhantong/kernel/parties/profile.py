"""The profile of an enterprise: what registers, officers and the enterprise itself say of it, with source, day and trust.

A value is only replaced by one that is trusted as much (register over verified over declared), so that what an enterprise
declares never hides what a register knows. What is derived (size class, industry, date of establishment) follows by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yizhantong.foundation.codes import industries
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.sizes import size_of
from yizhantong.kernel.parties.vocabulary import BY_COLUMN

Confidence = Literal["register", "verified", "declared"]
TRUST: Mapping[str, int] = {"derived": -1, "declared": 0, "verified": 1, "register": 2}
REGISTERED = ("established_on", "industry", "unit_id")
"""Columns that follow the register of organisations."""
_WAN_IN_FEN = 1_000_000


class ProfileError(Exception):
    """A change of a profile is refused; ``code`` is stable, ``field`` the column it is about."""

    def __init__(self, code: str, sentence: str, field: str = "") -> None:
        self.code = f"parties.{code}"
        self.sentence = sentence
        self.field = field
        super().__init__(sentence)


def load(organisation: Organisation | str) -> EnterpriseProfile | None:
    """Return the profile of an organisation (by itself or its code), or None when nothing is known."""
    key = organisation if isinstance(organisation, str) else organisation.pk
    return EnterpriseProfile.objects.select_related("organisation").filter(pk=key).first()


@transaction.atomic
def refresh(organisation: Organisation) -> EnterpriseProfile:
    """Make the profile if there is none, and bring what is derived in step with what it is derived from."""
    made = EnterpriseProfile.objects.select_for_update().filter(pk=organisation.pk).first()
    profile = made or EnterpriseProfile(organisation=organisation, updated_at=clock.now())
    _derive(profile, organisation)
    profile.save()
    return profile


@transaction.atomic
def update(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    source: str,
    confidence: Confidence,
    as_of: dt.date | None = None,
) -> list[str]:
    """Write values by column (money in 分, None: known to be none); return the columns written.

    Columns that a more trusted source knows are left. Errors: ``parties.unknown_column``, ``parties.no_source``,
    ``parties.bad_value``. Whoever calls this has checked that the account may (``kernel.items.profiles``).
    """
    if not source.strip():
        raise ProfileError("no_source", "请写明数据来源", "source")
    unknown = sorted(set(values) - set(BY_COLUMN))
    if unknown:
        raise ProfileError("unknown_column", f"企业画像没有“{unknown[0]}”这一项", unknown[0])
    refresh(organisation)
    profile = EnterpriseProfile.objects.select_for_update().get(pk=organisation.pk)
    written = []
    for column, value in values.items():
        held = profile.sources.get(column, {}).get("confidence")
        if held is not None and TRUST[held] > TRUST[confidence]:
            continue
        _check(column, value)
        setattr(profile, column, value)
        day = (as_of or clock.today()).isoformat()
        profile.sources[column] = {"source": source.strip(), "as_of": day, "confidence": confidence}
        written.append(column)
    _derive(profile, organisation)
    profile.updated_at = clock.now()
    profile.save()
    return written


def _check(column: str, value: Any) -> None:
    term = BY_COLUMN[column]
    kinds: dict[str, type | tuple[type, ...]] = {"number": int, "string": str, "boolean": bool, "date": dt.date}
    if value is None:
        return
    wrong = not isinstance(value, kinds[term.kind]) or (term.kind == "number" and isinstance(value, bool))
    if wrong or (term.words and value not in term.words) or (term.kind == "number" and value < 0):
        raise ProfileError("bad_value", f"“{term.name}”的值 {value!r} 不合要求,请核对", column)


def _derive(profile: EnterpriseProfile, organisation: Organisation) -> None:
    """Set what follows from the register and from other columns; what another source said of them stays."""
    registered = {
        "established_on": organisation.established_on,
        "industry": industries.validate(organisation.industry_id) if organisation.industry_id else None,
        "unit_id": tree.unit_of(organisation.division_id),
    }
    for column in REGISTERED:
        if registered[column] is not None:
            setattr(profile, column, registered[column])
            said = {"source": _("市场主体登记"), "confidence": "register", "as_of": clock.today().isoformat()}
            profile.sources.setdefault(column, said)
    if profile.sources.get("size", {}).get("confidence") in (None, "derived"):
        profile.size = computed_size(profile)
        said = {"source": "工信部联企业〔2011〕300号", "confidence": "derived", "as_of": clock.today().isoformat()}
        profile.sources["size"] = said


def computed_size(profile: EnterpriseProfile) -> str | None:
    """Return the size class that follows from industry, people, revenue and assets of a profile."""
    if not profile.industry:
        return None
    revenue, assets = (
        None if fen is None else Decimal(fen) / _WAN_IN_FEN for fen in (profile.revenue_fen, profile.assets_fen)
    )
    return size_of(profile.industry, profile.employees, revenue, assets)
