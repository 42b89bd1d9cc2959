"""What a merged form needs to know of each part: which element it asks for, and under which condition; as FEEL texts.

Within a part, a condition that reads an element which that part hides sees nothing (null). In the merged form the same element may be
shown because another part asks for it; so where it matters the condition reads it as ``if <the part shows it> then it else null``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from yizhantong.foundation.rules import parse
from yizhantong.foundation.rules.ast import If, Name, Node, Null
from yizhantong.foundation.rules.unparse import to_text
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.content import FormField
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.zones.onething.spec import PartSpec


@dataclass(frozen=True)
class PartOf:
    """A part with the version from which it is assembled, and whose it is."""

    spec: PartSpec
    ready: Ready
    agency: str
    agency_name: str

    @property
    def days(self) -> int | None:
        """Working days that its agency promises (or the law sets); None when there is no limit in working days."""
        limit = self.ready.limits.effective
        return limit.amount if limit is not None and limit.unit == "workday" else None

    @cached_property
    def codes(self) -> dict[str, str]:
        """Elements of the part's form by their Chinese names."""
        return {element.name: code for code, (_spec, element) in self.ready.fields.items()}


@dataclass(frozen=True, slots=True)
class Need:
    """That somebody asks for an element: ``where`` it is asked, ``required`` where it must be filled in (None: nowhere)."""

    part: str
    field: FormField
    element: Element
    where: str
    required: str | None


def needs(parts: Iterable[PartOf], shared: frozenset[str]) -> list[Need]:
    """Return what the parts ask for, in the order of parts and fields; ``shared`` are elements that more than one asks for."""
    found = []
    for part in parts:
        for code, (field, element) in part.ready.fields.items():
            own = seen_by(part, code, shared)
            where = both(part.spec.when, own)
            required = where if field.required else None
            if not field.required and field.required_if:
                required = both(where, _as_seen(part, field.required_if, shared, (code,)))
            found.append(Need(part.spec.code, field, element, where, required))
    return found


def seen_by(part: PartOf, code: str, shared: frozenset[str], way: tuple[str, ...] = ()) -> str:
    """Return the condition under which a part, where it takes part, shows an element ("" always)."""
    text = part.ready.fields[code][0].visible_if
    if not text:
        return ""
    if code in way:
        names = "、".join(part.ready.fields[each][1].name for each in way)
        raise ContentError([
            Finding("onething.circular", f"“{part.ready.name}”的表单里这些项互相决定是否显示:{names};请先修订该事项", "parts")
        ])  # fmt: skip
    return _as_seen(part, text, shared, (*way, code))


def _as_seen(part: PartOf, text: str, shared: frozenset[str], way: tuple[str, ...]) -> str:
    names = part.ready.rules[text].names
    hidden = {
        name: seen_by(part, code, shared, way)
        for name, code in part.codes.items()
        if name in names and code in shared and part.ready.fields[code][0].visible_if
    }
    if not hidden:
        return text
    known = frozenset(part.codes) | names
    conditions = {name: parse(condition, known) for name, condition in hidden.items()}
    return to_text(_replaced(parse(text, known), conditions))


def _replaced(node: Any, conditions: dict[str, Node]) -> Any:
    if isinstance(node, Name):
        condition = conditions.get(node.name)
        return node if condition is None else If(condition, node, Null())
    if isinstance(node, Node):
        changed = {field.name: _replaced(getattr(node, field.name), conditions) for field in fields(node)}
        return replace(node, **changed)
    if isinstance(node, tuple):
        return tuple(_replaced(each, conditions) for each in node)
    return node


def both(one: str, other: str) -> str:
    """Return a condition that holds where both do; "" holds always."""
    if not one or not other or one == other:
        return one or other
    return f"({one}) and ({other})"


def either(texts: Iterable[str]) -> str:
    """Return a condition that holds where one of them does; "" holds always. At least one must be given."""
    listed = list(dict.fromkeys(texts))
    if "" in listed:
        return ""
    return listed[0] if len(listed) == 1 else " or ".join(f"({text})" for text in listed)
