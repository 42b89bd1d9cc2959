"""What of a fact is shown to whom, and how: units, labels, masks. Stored values stay as they are; conversion is here alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.declare import Field, Ledger
from yizhantong.kernel.ledger.models import Fact


@dataclass(frozen=True)
class Column:
    """A column as one viewer sees it; ``masked`` when its content is personal and he may not reveal it."""

    ledger: Ledger
    field: Field
    masked: bool

    @property
    def heading(self) -> str:
        """Return the heading with its unit, such as ``合同额(万元)``."""
        return heading_of(self.field)

    def value(self, fact: Fact) -> Any:
        """Return what is shown of a fact: in the unit people write, choices by label, moments in the city's time."""
        return shown(self.ledger, self.field, getattr(fact, self.field.column), masked=self.masked)

    def text(self, fact: Fact) -> str:
        """Return the same as text; empty when there is no value."""
        value = self.value(fact)
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        return format(value, "f") if isinstance(value, Decimal) else str(value)


def heading_of(field: Field) -> str:
    """Return a field's name with its unit in brackets."""
    return f"{field.name}({field.unit})" if field.unit else field.name


def staff_reach(account: policy.Account, ledger: Ledger) -> policy.Reach:
    """Return how far the account sees the whole of a ledger."""
    return policy.reach(account, ledger.view, ledger.zone)


def columns_for(account: policy.Account, ledger: Ledger, *, as_public: bool = False) -> list[Column]:
    """Return the columns that an account sees: all within its reach, else the public ones of a public ledger.

    Personal columns are masked unless the account has ``personal.reveal``; revealing is logged by who shows them.
    """
    staff = not as_public and bool(staff_reach(account, ledger))
    if not staff and not ledger.public:
        return []
    reveal = staff and policy.may(account, "personal.reveal", zone=ledger.zone)
    seen = [item for item in ledger.all_fields if staff or item.public]
    return [Column(ledger, item, masked=item.personal and not reveal) for item in seen]


def shown(ledger: Ledger, field: Field, value: Any, *, masked: bool = False) -> Any:
    """Return a stored value as people read it."""
    if value is None or value == "":
        return None
    if masked:
        return mask(str(value))
    if field.column == "division_id":
        branch = tree.branches().get(value)
        return branch.name if branch else value
    choices = ledger.choices_of(field.column)
    if choices:
        return str(choices.get(value, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dt.datetime):
        return timezone.localtime(value)
    return in_unit(field, value)


def in_unit(field: Field, value: Any) -> Any:
    """Return a stored number in the field's unit, exactly and without trailing zeros (a :class:`Decimal`)."""
    if not field.unit or isinstance(value, (str, bool, dt.date)):
        return value
    number = (Decimal(value) / field.factor).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def mask(text: str) -> str:
    """Return a personal text masked: its first character (of seven or more: three and the last two) and stars."""
    if len(text) >= 7:
        return text[:3] + "*" * (len(text) - 5) + text[-2:]
    return text[:1] + "*" * max(len(text) - 1, 1)
