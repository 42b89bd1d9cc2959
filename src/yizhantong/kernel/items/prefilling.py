"""Ask once: what a register, or an earlier case of the same applicant, knows is filled in and shown with its source.

An element names its register as ``<provider>:<path>``. Providers are asked once per form, for all paths of the form::

    @provider("organisation")
    def of_organisation(applicant): return {"name": Prefilled("…", "市场主体登记")}

What no register knows may be known from earlier cases: the room of cases registers itself by :func:`set_earlier`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_noop as _

from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.parties import vocabulary
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation, Person

Applicant: TypeAlias = Organisation | Person


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A value that is known already (as stored), who knows it, and as of which day."""

    value: Any
    source: str
    as_of: dt.date | None = None


Provider: TypeAlias = Callable[[Applicant], Mapping[str, Prefilled]]
Earlier: TypeAlias = Callable[[Ready, Applicant, frozenset[str]], Mapping[str, Prefilled]]
_providers: dict[str, Provider] = {}
_earlier: list[Earlier] = []


def provider(name: str) -> Callable[[Provider], Provider]:
    """Return a decorator that registers a provider of a register's values by path; a name is given once."""

    def register(function: Provider) -> Provider:
        if name in _providers and _providers[name] is not function:
            raise ValueError(f"a provider is registered already: {name}")
        _providers[name] = function
        return function

    return register


def set_earlier(function: Earlier) -> None:
    """Name the one who knows what the applicant gave before; it gets the element codes that no register filled."""
    _earlier[:] = [function]


def prefill(ready: Ready, applicant: Applicant) -> dict[str, Prefilled]:
    """Return what is known of the form's elements, by element code; fields that say so are left to the applicant."""
    wanted = {code: element for code, (spec, element) in ready.fields.items() if spec.prefill}
    found = _from_registers(wanted, applicant)
    rest = frozenset(wanted.keys() - found.keys())
    if rest and _earlier:
        found |= {code: value for code, value in _earlier[0](ready, applicant, rest).items() if code in rest}
    return found


def _from_registers(wanted: Mapping[str, Element], applicant: Applicant) -> dict[str, Prefilled]:
    asked: dict[str, Mapping[str, Prefilled]] = {}
    found = {}
    for code, element in wanted.items():
        name, _colon, path = element.register.partition(":")
        if name not in _providers:
            continue
        if name not in asked:
            asked[name] = _providers[name](applicant)
        known = asked[name].get(path)
        if known is not None and known.value not in (None, ""):
            found[code] = known
    return found


# --- the registers of the kernel ------------------------------------------------------------------------------------


@provider("organisation")
def of_organisation(applicant: Applicant) -> Mapping[str, Prefilled]:
    """What is registered of an organisation: uscc, name, division, industry, established_on."""
    if not isinstance(applicant, Organisation):
        return {}
    source = _("市场主体登记")
    industry = applicant.industry
    values = {
        "uscc": applicant.uscc, "name": applicant.name, "division": applicant.division_id,
        "industry": (industry.section + industry.code if industry.code[:1].isdigit() else industry.code) if industry else None,
        "established_on": applicant.established_on.isoformat() if applicant.established_on else None,
    }  # fmt: skip
    return {path: Prefilled(value, source) for path, value in values.items()}


@provider("person")
def of_person(applicant: Applicant) -> Mapping[str, Prefilled]:
    """What is registered of a natural person: name, identity, phone, division, born_on."""
    if not isinstance(applicant, Person):
        return {}
    source = _("实名认证")
    values = {
        "name": applicant.name, "identity": applicant.identity, "phone": applicant.phone,
        "division": applicant.division_id, "born_on": _born_on(applicant.identity), "sex": _sex(applicant.identity),
    }  # fmt: skip
    return {path: Prefilled(value, source) for path, value in values.items()}


def _born_on(identity: str) -> str | None:
    return f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}" if len(identity) == 18 else None


def _sex(identity: str) -> str | None:
    return ("男" if int(identity[16]) % 2 else "女") if len(identity) == 18 and identity[16].isdigit() else None


@provider("profile")
def of_profile(applicant: Applicant) -> Mapping[str, Prefilled]:
    """What the registers know of an enterprise, by column of its profile; money in 元, with source and day of each."""
    if not isinstance(applicant, Organisation):
        return {}
    profile = EnterpriseProfile.objects.filter(pk=applicant.pk).first()
    if profile is None:
        return {}
    return {
        column: _known(term, getattr(profile, column), profile.sources.get(column, {}))
        for column, term in vocabulary.BY_COLUMN.items()
    }


def _known(term: vocabulary.Term, value: Any, said: Mapping[str, Any]) -> Prefilled:
    as_of = said.get("as_of")
    if value is not None and term.divide != 1:
        value = f"{value // term.divide}.{value % term.divide:02d}"
    elif isinstance(value, dt.date):
        value = value.isoformat()
    elif term.words and value is not None:
        value = term.words.get(value, value)
    day = dt.date.fromisoformat(as_of) if as_of else None
    return Prefilled(value, str(said.get("source") or _("企业画像")), day)
