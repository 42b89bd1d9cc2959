"""Forms made from a ledger's declaration: one field for each column that people fill in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import FACT_COLUMNS
from yizhantong.web.units import heading_of


def day_input() -> forms.DateInput:
    """Return the browser's own picker of days, which wants ISO 8601 whatever the language."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class FactForm(forms.Form):
    """What a person fills in to record one fact; amounts in the unit people write."""

    def __init__(self, declared: Ledger, account: policy.Account, *args: Any) -> None:
        super().__init__(*args)
        self.declared = declared
        self.fields["division_id"] = forms.ChoiceField(label=_("区划"), choices=_divisions(account, declared))
        self.fields["occurred_on"] = forms.DateField(
            label=declared.date_label or _("发生日期"), initial=clock.today, widget=day_input()
        )
        for item in declared.fields:
            if item.column not in FACT_COLUMNS:
                self.fields[item.column] = _form_field(declared, item)
        self.fields["note"] = forms.CharField(label=_("备注"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Turn amounts into stored units; a remainder below the stored unit is an error at its field."""
        data = super().clean() or {}
        for item in self.declared.fields:
            value = data.get(item.column)
            if item.unit and isinstance(value, Decimal):
                stored = value * item.factor
                if stored != stored.to_integral_value():
                    self.add_error(item.column, _("小数位太多,比登记的最小单位还细"))
                else:
                    data[item.column] = int(stored)
        return data

    def refuse(self, error: LedgerError) -> None:
        """Show a refusal of the ledger at the field it speaks of, else above the form."""
        columns = {item.name: item.column for item in self.declared.all_fields} | {c: c for c in self.fields}
        column = columns.get(error.field or "")
        self.add_error(column if column in self.fields else None, str(error))


class ReversalForm(forms.Form):
    """Why a fact is taken back; of a register also the day on which it ended."""

    reason = forms.CharField(label=_("原因"), max_length=200, min_length=2)

    def __init__(self, declared: Ledger, *args: Any) -> None:
        super().__init__(*args)
        if declared.register:
            self.fields["occurred_on"] = forms.DateField(
                label=_("退出日期(登记错误请留空)"), required=False, widget=day_input()
            )


def _divisions(account: policy.Account, declared: Ledger) -> list[tuple[str, Any]]:
    """Return the divisions in which the account may record, grouped by managing unit, those above villages first."""
    reach = policy.reach(account, "ledger.record", declared.zone)
    groups: dict[str, list[tuple[str, str]]] = {}
    names = tree.branches()
    for branch in names.values():
        if branch.level == "province" or not reach.covers(branch.code):
            continue
        group = names[branch.unit].name if branch.unit else names[tree.root()].name
        indent = "  " if branch.level == "village" else ""
        groups.setdefault(group, []).append((branch.code, f"{indent}{branch.name}"))
    return [("", "—"), *groups.items()]


def _form_field(declared: Ledger, item: Field) -> forms.Field:
    model_field = next(f for f in declared.model._meta.concrete_fields if item.column in (f.attname, f.name))
    required = not (model_field.blank or model_field.null or model_field.has_default())
    common: dict[str, Any] = {"label": heading_of(item), "required": required, "help_text": item.help}
    choices = declared.choices_of(item.column)
    if choices:
        return forms.ChoiceField(choices=[("", "—"), *choices.items()], **common)
    kind = declared.type_of(item.column)
    if kind == "boolean":
        return forms.BooleanField(**{**common, "required": False})
    if kind == "date":
        return forms.DateField(widget=day_input(), **common)
    if kind == "datetime":
        return forms.DateTimeField(
            widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **common
        )
    if kind in ("integer", "decimal"):
        whole = kind == "integer" and not item.unit
        return forms.IntegerField(**common) if whole else forms.DecimalField(**common)
    longest = model_field.max_length if isinstance(model_field, models.CharField) else 18
    return forms.CharField(max_length=longest, empty_value=None if model_field.null else "", **common)
