"""The profile of an enterprise as rows to read and as a form over what is missing or may be corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from yizhantong.kernel.items.matching.evaluating import told
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.parties.models import EnterpriseProfile
from yizhantong.kernel.parties.vocabulary import TERMS, Term

CONFIDENCE = {
    "register": gettext_lazy("登记数据"), "verified": gettext_lazy("已核实"), "declared": gettext_lazy("企业自报,未核实"),
    "derived": gettext_lazy("推算"),
}  # fmt: skip
YES_NO = (("", "—"), ("true", gettext_lazy("是")), ("false", gettext_lazy("否")))
REGISTERED = frozenset({"established_on", "industry", "unit_id", "legal_form", "status"})
"""Columns that only the register of organisations tells."""
REGISTER = gettext_noop("市场主体登记")
LARGEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Row:
    """One thing known or not: its value for people, whence, of which day, and how far it is trusted ("" not known)."""

    term: Term
    text: str
    source: str = ""
    as_of: str = ""
    confidence: str = ""

    @property
    def confidence_label(self) -> Any:
        """Return how far it is trusted, in words."""
        return CONFIDENCE.get(self.confidence, "")


def rows_of(profile: EnterpriseProfile) -> list[Row]:
    """Return everything that rules may ask of an enterprise, in the vocabulary's order; what is known to be none is 无."""
    record = Subject.of(profile).record
    rows = []
    for term in TERMS:
        text = told(term.name, record[term.name])
        said = profile.sources.get(term.column, {}) if term.column else {}
        if text and not said and term.column in REGISTERED:
            said = {"source": REGISTER, "confidence": "register"}
        if said and not text:
            text = _("无")
        if term.derived and text:
            said = {"source": term.derived, "confidence": "derived"}
        source, as_of = str(said.get("source", "")), str(said.get("as_of", ""))
        rows.append(Row(term, text, source, as_of, str(said.get("confidence", ""))))
    return rows


def open_to(rows: Iterable[Row], *, officer: bool) -> list[Term]:
    """Return what may be filled in: by the enterprise what nobody else knows, by an officer all but what registers know."""
    kept = ("", "derived", "declared", "verified") if officer else ("", "derived", "declared")
    found = (row for row in rows if row.term.column and row.term.column not in REGISTERED)
    return [row.term for row in found if row.confidence in kept]


class ProfileForm(forms.Form):
    """One field for each term, by its column; what is left empty is left as it is. An officer names the source."""

    def __init__(
        self, data: Any, terms: Iterable[Term], *, officer: bool, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.terms = list(terms)
        if officer:
            self.fields["source"] = forms.CharField(
                label=_("核实的依据"), max_length=60, help_text=_("例如:2020 年度审计报告")
            )
        for term in self.terms:
            self.fields[term.column] = _field(term)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in, as the profile keeps it (money in 分)."""
        given = ((term, self.cleaned_data.get(term.column)) for term in self.terms)
        return {term.column: _kept(term, value) for term, value in given if value not in (None, "")}

    def clean(self) -> dict[str, Any]:
        """Ask for at least one value."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and all(data.get(term.column) in (None, "") for term in self.terms):
            raise forms.ValidationError(_("请至少填写一项"))
        return data


def initial_of(profile: EnterpriseProfile, terms: Iterable[Term]) -> dict[str, Any]:
    """Return what the profile holds of these terms, as the form shows it."""
    held = ((term, getattr(profile, term.column)) for term in terms)
    return {term.column: _shown(term, value) for term, value in held if value not in (None, "")}


def _field(term: Term) -> forms.Field:
    label = f"{_(term.name)}({pgettext('unit', term.unit)})" if term.unit else _(term.name)
    if term.kind == "number":
        places = 2 if term.divide != 1 else 0
        return forms.DecimalField(label=label, required=False, min_value=0, max_value=LARGEST, decimal_places=places)
    if term.kind == "date":
        return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}))
    if term.kind == "boolean":
        return forms.ChoiceField(label=label, required=False, choices=YES_NO)
    if term.words:
        choices = [("", "—"), *((code, _(word)) for code, word in term.words.items())]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    return forms.CharField(label=label, required=False, max_length=40)


def _kept(term: Term, value: Any) -> Any:
    if term.kind == "number":
        return int(value * term.divide)
    return value == "true" if term.kind == "boolean" else value


def _shown(term: Term, value: Any) -> Any:
    if term.kind == "number":
        return Decimal(value) / term.divide if term.divide != 1 else value
    return str(value).lower() if term.kind == "boolean" else value
