"""What a case needs of the version it pinned, made once for each version and kept: versions never change once published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yizhantong.foundation.calendar import Limit
from yizhantong.foundation.flow import Flow
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.content import MaterialSpec, Options
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.parties import vocabulary

DEFAULT_OUTCOMES = {"pass": "通过", "fail": "不通过"}


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step of a flow as cases use it; ``outcomes`` by code their names, ``law`` is cited when it refuses."""

    code: str
    name: str
    kind: str
    office: str
    permission: str
    outcomes: Mapping[str, str]
    limit: Limit | None
    veto: bool
    law: str


@dataclass(frozen=True)
class Pinned:
    """The version as cases use it: whose item it is, flow, steps by code, limits."""

    version: int
    ready: Ready
    item: str
    kind: str
    zone: str
    name: str
    agency: str
    division: str
    steps: Mapping[str, StepSpec]

    @property
    def flow(self) -> Flow:
        """Return the flow."""
        return self.ready.flow

    @property
    def options(self) -> Options:
        """Return how cases behave."""
        return self.ready.content.options

    @property
    def limit(self) -> Limit | None:
        """Return the limit that a case is held to: what was promised, else what the law sets, else None."""
        return self.ready.limits.effective

    @cached_property
    def materials(self) -> Mapping[str, MaterialSpec]:
        """Return the materials by code."""
        return {material.code: material for material in self.ready.content.materials}

    @cached_property
    def decides(self) -> bool:
        """Tell whether the flow has a step at which the case is decided."""
        return any(step.kind == "decision" for step in self.steps.values())

    @cached_property
    def asks_registers(self) -> bool:
        """Tell whether some condition of the flow reads what only registers know of an enterprise."""
        asked = {element.name for _field, element in self.ready.fields.values()}
        return any((self.ready.rules[text].names & vocabulary.NAMES) - asked for text in self.flow.conditions)


_KEPT: dict[int, Pinned] = {}


def pinned(version_id: int) -> Pinned:
    """Return what cases need of a version."""
    ready = catalogue.content_of(version_id)
    kept = _KEPT.get(version_id)
    if kept is None or kept.ready is not ready:
        kept = _KEPT[version_id] = _made(version_id, ready)
    return kept


def _made(version_id: int, ready: Ready) -> Pinned:
    item = Item.objects.get(pk=ready.item_code)
    return Pinned(
        version=version_id, ready=ready, item=item.code, kind=item.kind, zone=item.zone, name=item.name,
        agency=item.agency_id, division=item.division_id,
        steps={code: _step(code, step.name, step.attributes) for code, step in ready.flow.steps.items()},
    )  # fmt: skip


def _step(code: str, name: str, given: Mapping[str, Any]) -> StepSpec:
    kind, outcomes, limit = given.get("kind") or "review", given.get("outcomes"), given.get("limit")
    return StepSpec(
        code=code, name=name, kind=kind, office=given.get("office") or "accountable",
        permission=given.get("permission") or ("cases.decide" if kind == "decision" else "cases.handle"),
        outcomes={each["code"]: each["name"] for each in outcomes} if outcomes else DEFAULT_OUTCOMES,
        limit=Limit(limit["amount"], limit["unit"]) if limit else None,
        veto=bool(given.get("veto")), law=given.get("law") or "",
    )  # fmt: skip
