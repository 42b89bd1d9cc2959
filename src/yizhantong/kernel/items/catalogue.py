"""A version ready for use: content, flow, fields, rules and limits, made once per published version and kept in memory.

A published version never changes, so what is made of it holds as long as the process; drafts are made anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from yizhantong.foundation.calendar import Limit
from yizhantong.foundation.flow import Flow
from yizhantong.foundation.flow import read as read_flow
from yizhantong.foundation.rules import Rule, compile_expression
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items import elements
from yizhantong.kernel.items.checking import PERSON, STEPS
from yizhantong.kernel.items.content import Content, FormField, LimitSpec, MaterialSpec
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.sealed import open_value
from yizhantong.kernel.parties import vocabulary

KEPT = 4096
"""How many versions a process keeps."""


@dataclass(frozen=True, slots=True)
class ReadyLimits:
    """The limits of a version as those of the calendar; None is "no limit"."""

    statutory: Limit | None
    promised: Limit | None
    acceptance_days: int
    supplement_days: int | None
    deferral_days: int | None
    extension_days: int | None

    @property
    def effective(self) -> Limit | None:
        """The limit that the clock runs against: the promised one, else the statutory one."""
        return self.promised or self.statutory


@dataclass(frozen=True, eq=False)
class Ready:
    """One version of an item, ready for forms and cases; shared between threads, never changed.

    ``fields`` are the form's fields by element code, in their order; ``rules`` every FEEL text of form, materials and flow,
    compiled, by its text.
    """

    version_id: int
    item_code: str
    name: str
    kind: str
    zone: str
    number: int
    state: str
    content: Content
    flow: Flow
    fields: Mapping[str, tuple[FormField, Element]]
    rules: Mapping[str, Rule]
    limits: ReadyLimits

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that some rule of the version reads."""
        return frozenset().union(*(rule.names for rule in self.rules.values()))

    def facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what rules see of a form's data (by element code): values by Chinese name; what is missing is None."""
        found: dict[str, Any] = {}
        for code, (_, element) in self.fields.items():
            value = data.get(code)
            if element.personal and element.name in self.names:
                value = open_value(value)
            found[element.name] = element.fact(value)
        return found

    def is_true(self, text: str, facts: Mapping[str, Any]) -> bool:
        """Tell whether a rule of this version is true; what is not known is not true."""
        return self.rules[text](facts) is True

    def decider(
        self, data: Mapping[str, Any], outcomes: Mapping[str, str], more: Mapping[str, Any] | None = None
    ) -> Callable[[str], bool]:
        """Return how the flow's conditions are decided: over the form's data, ``环节.<step>`` from ``outcomes`` by step code,
        and ``more`` names (such as those of an enterprise's profile), over which the form's go first where they are known.
        """
        context: dict[str, Any] = {}

        def decide(text: str) -> bool:
            if not context:
                known = {name: value for name, value in self.facts(data).items() if value is not None}
                context.update({**(more or {}), **known, STEPS: dict(outcomes)})
            return self.is_true(text, context)

        return decide

    def visible(self, data: Mapping[str, Any]) -> frozenset[str]:
        """Return the codes of the fields that are shown for these data; a hidden field's value counts as not given."""
        hidden: set[str] = set()
        for _ in range(len(self.fields) + 1):
            given = {code: value for code, value in data.items() if code not in hidden}
            facts = self.facts(given)
            now = {
                code for code, (spec, _) in self.fields.items()
                if spec.visible_if and not self.is_true(spec.visible_if, facts)
            }  # fmt: skip
            if now == hidden:
                break
            hidden = now
        return frozenset(self.fields.keys() - hidden)

    def asked(self, data: Mapping[str, Any]) -> list[tuple[MaterialSpec, bool]]:
        """Return the materials for these data in their order, each with whether it is needed; those whose
        ``required_if`` is not true are left out.
        """
        facts = self.facts(data)
        wanted = [m for m in self.content.materials if not m.required_if or self.is_true(m.required_if, facts)]
        return [(material, material.need == "required") for material in sorted(wanted, key=lambda m: m.order)]


_ready: dict[int, Ready] = {}


def content_of(version_id: int) -> Ready:
    """Return a version ready for use, without a query when it was published and is kept already.

    Raises :class:`ItemError` ``items.unknown_version``, and what :func:`ready_of` raises.
    """
    kept = _ready.get(version_id)
    if kept is not None:
        return kept
    version = ItemVersion.objects.select_related("item").filter(pk=version_id).first()
    if version is None:
        raise ItemError("items.unknown_version", f"没有编号为 {version_id} 的事项版本")
    made = ready_of(version)
    if version.state in (ItemVersion.State.PUBLISHED, ItemVersion.State.RETIRED):
        if len(_ready) >= KEPT:
            _ready.pop(next(iter(_ready)))
        _ready[version_id] = made
    return made


def ready_of(version: ItemVersion) -> Ready:
    """Return a version made ready anew; a draft that is not sound raises :class:`ItemError` or FlowError, FeelError."""
    return make_ready(contents.read(version.content), version.item, version)


def make_ready(content: Content, item: Item, version: ItemVersion | None = None) -> Ready:
    """Return a content made ready as that of ``item``; ``version`` may be missing for a trial."""
    fields: dict[str, tuple[FormField, Element]] = {}
    for place, spec in enumerate(content.form_fields):
        element = elements.find(spec.element)
        if element is None:
            text = f"数据字典里没有“{spec.element}”,请从字典中选择"
            raise ItemError("items.unknown_element", text, f"form.fields[{place}]")
        fields[spec.element] = (spec, element)
    flow = read_flow(content.flow)
    limits = content.limits
    return Ready(
        version_id=(version.pk or 0) if version else 0, item_code=item.code, name=item.name, kind=item.kind, zone=item.zone,
        number=version.number if version else 0, state=version.state if version else ItemVersion.State.DRAFT,
        content=content, flow=flow, fields=fields, rules=_rules(content, flow, fields),
        limits=ReadyLimits(
            _limit(limits.statutory), _limit(limits.promised), limits.acceptance_days, limits.supplement_days,
            limits.deferral_days, limits.extension_days,
        ),
    )  # fmt: skip


def _rules(content: Content, flow: Flow, fields: Mapping[str, tuple[FormField, Element]]) -> dict[str, Rule]:
    names = {element.name for _, element in fields.values()} | vocabulary.NAMES | {STEPS, PERSON}
    texts = [text for spec, _ in fields.values() for text in (spec.visible_if, spec.required_if)]
    texts += [material.required_if for material in content.materials]
    texts += flow.conditions
    return {text: compile_expression(text, names) for text in texts if text}


def _limit(spec: LimitSpec | None) -> Limit | None:
    return Limit(spec.amount, spec.unit, spec.law, spec.source) if spec else None


@receiver(post_save, sender=ItemVersion)
def _forget(instance: ItemVersion, **_kwargs: Any) -> None:
    _ready.pop(instance.pk, None)


def forget() -> None:
    """Drop everything that is kept, as after a bulk load."""
    _ready.clear()
