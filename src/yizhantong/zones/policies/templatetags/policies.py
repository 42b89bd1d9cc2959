"""How amounts and verdicts of this zone are written on pages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.items.matching.rules import LABELS
from yizhantong.kernel.items.models import Item
from yizhantong.zones.policies.actions.attachments import Purpose
from yizhantong.zones.policies.actions.experts import MANAGE
from yizhantong.zones.policies.models import Budget

register = template.Library()
TAGS = {"match": "tag-good", "near": "tag-warn", "no": "tag-bad", "unknown": "", "person": "tag-info"}
EDIT, HANDLE, MONEY = (
    ("policies.edit", "policies.publish"),
    ("cases.handle", "cases.decide", "cases.view"),
    "policies.budget",
)
TABS = (
    ("desk", _("政策工作台"), (*EDIT, *HANDLE, MONEY, "policies.pay")),
    ("desk-documents", _("文件与政策卡"), EDIT),
    ("desk-matching", _("匹配与推送"), (*EDIT, *HANDLE, MONEY, "policies.pay")),
    ("desk-board", _("会审进度"), (*HANDLE, MONEY, "policies.pay")),
    ("desk-budgets", _("资金"), (*EDIT, *HANDLE, MONEY, "policies.pay")),
    ("desk-batches", _("拨付批次"), ("policies.pay",)),
    ("desk-experts", _("专家库"), MANAGE),
    ("desk-recoveries", _("追回"), (MONEY,)),
    ("desk-results", _("绩效"), ("cases.handle", MONEY)),
)
DOORS = {
    "lists": ("cases.handle", "cases.view"),
    "cards": (*EDIT, "cases.handle"),
    "writing": ("policies.edit",),
}
"""Officers' pages without a tab, and who may enter them."""
MARKS = {"met": "✓", "not_met": "✗", "unknown": "?", "needs_person": "人"}


@register.filter
def yuan(fen: int | None) -> str:
    """Return an amount in 分 as 元 with two decimals, or a dash."""
    return "—" if fen is None else f"{Decimal(fen) / 100:,.2f}"


@register.filter
def wan(fen: int | None) -> str:
    """Return an amount in 分 as 万元 with two decimals, or a dash."""
    return "—" if fen is None else f"{Decimal(fen) / 1_000_000:,.2f}"


@register.filter
def state_label(state: str) -> str:
    """Return a verdict's state in the language in use."""
    return gettext(LABELS.get(state, state))


@register.filter
def state_tag(state: str) -> str:
    """Return the class of a verdict's tag."""
    return TAGS.get(state, "")


@register.filter
def purpose_label(purpose: str) -> str:
    """Return what a file of a document is for, in words."""
    return str(Purpose(purpose).label) if purpose in Purpose.values else purpose


@register.filter
def file_kind(stored: Stored) -> str:
    """Return the kind of a file as people call it: its extension in capitals."""
    return stored.name.rpartition(".")[2].upper()[:5]


@register.filter
def mark(verdict: str) -> str:
    """Return the sign of a condition's verdict."""
    return MARKS.get(verdict, "")


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Return what a mapping holds under a key, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def desk_tabs(context: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the officers' pages that the account may enter: name of the address, label."""
    user = context["user"]
    if not user.is_authenticated or not user.is_staff:
        return []
    return [
        (name, label) for name, label, wanted in TABS if any(policy.may(user, one, zone="policies") for one in wanted)
    ]


@register.simple_tag(takes_context=True)
def doors(context: Mapping[str, Any]) -> dict[str, bool]:
    """Return the officers' pages that the account may enter (``documents`` for ``desk-documents``): links go nowhere else."""
    user = context["user"]
    found = {name.removeprefix("desk-"): True for name, _label in desk_tabs(context)}
    return found | {
        name: any(policy.may(user, one, zone="policies") for one in wanted) for name, wanted in DOORS.items()
    }


@register.simple_tag(takes_context=True)
def may_build(context: Mapping[str, Any], item: Item | None) -> bool:
    """Tell whether the account may open the item in the builder."""
    user = context["user"]
    return item is not None and (items.may_edit(user, item) or items.may_publish(user, item))


@register.simple_tag
def bar(budget: Budget) -> list[tuple[str, str, str]]:
    """Return the parts of a budget's bar: its class, where it begins and how wide it is, in percent."""
    start, parts = Decimal(0), []
    for name in ("paid", "committed", "reserved"):
        width = Decimal(str(budget.share(name)))
        parts.append((name, f"{start:f}", f"{width:f}"))
        start += width
    return parts
