"""A package's version ready for use: its specification, and its parts with the versions from which it was assembled; kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.zones.onething import spec as specs
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import KEY, PackageSpec

SCHOOL = "school"
"""What the package is counted as whose season is asked for in enrolment."""
ZONE = "onething"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A package as cases use it: ``parts`` by code, in the order of the specification; ``ready`` is the package's own version."""

    spec: PackageSpec
    ready: Ready
    parts: Mapping[str, PartOf]

    @property
    def listed(self) -> list[PartOf]:
        """The parts in their order."""
        return list(self.parts.values())


_kept: dict[int, Loaded] = {}


def package(version_id: int) -> Loaded:
    """Return the package of a version; raise ``onething.not_a_package`` for a version that is none."""
    ready = catalogue.content_of(version_id)
    kept = _kept.get(version_id)
    if kept is not None and kept.ready is ready:
        return kept
    document = ready.content.benefit.get(KEY)
    if not isinstance(document, dict):
        raise OnethingError("onething.not_a_package", f"“{ready.name}”不是一件事套餐")
    spec = specs.read(document)
    made = Loaded(spec, ready, {part.spec.code: part for part in parts_of(spec)})
    if ready.state in (ItemVersion.State.PUBLISHED, ItemVersion.State.RETIRED):
        _kept[version_id] = made
    return made


def parts_of(spec: PackageSpec) -> list[PartOf]:
    """Return the parts of a specification with the versions it names (none named: those in force).

    Raises :class:`ContentError` with ``onething.unknown_item``, ``onething.nested``, ``onething.not_in_force``, ``onething.unknown_version``.
    """
    items = {
        item.pk: item
        for item in Item.objects.filter(pk__in=[part.item for part in spec.parts]).select_related("agency")
    }
    versions = {
        (row["item_id"], row["number"]): row["pk"]
        for row in ItemVersion.objects.filter(item_id__in=items).values("pk", "item_id", "number")
    }
    findings, found = [], []
    for index, part in enumerate(spec.parts):
        item, place = items.get(part.item), f"parts[{index}].item"
        if item is None:
            findings.append(Finding("onething.unknown_item", f"没有代码为“{part.item}”的事项,请从事项库中选择", place))
        elif item.kind == Item.Kind.PACKAGE:
            findings.append(Finding("onething.nested", f"“{item.name}”本身是套餐,套餐里不能再放套餐", place))
        elif part.version is None and item.current_id is None:
            findings.append(Finding("onething.not_in_force", f"“{item.name}”没有现行版本,请先发布该事项", place))
        else:
            key = item.current_id if part.version is None else versions.get((item.pk, part.version))
            if key is None:
                findings.append(Finding("onething.unknown_version", f"“{item.name}”没有第 {part.version} 版", place))
            else:
                found.append(PartOf(part, catalogue.content_of(key), item.agency_id, short(item.agency.name)))
    if findings:
        raise ContentError(findings)
    return found


def short(name: str) -> str:
    """Return an agency's name without what marks it as invented."""
    return name.partition("(演示")[0]


def pinned(spec: PackageSpec, parts: Sequence[PartOf]) -> PackageSpec:
    """Return the specification naming the versions from which it is assembled."""
    listed = [part.spec.model_copy(update={"version": part.ready.number}) for part in parts]
    return spec.model_copy(update={"parts": tuple(listed)})


def counts_as(benefit: Mapping[str, Any]) -> str | None:
    """Return what an item's cases are counted as: of a part what it says of itself, of a package what its specification says."""
    found = benefit.get(KEY)
    if isinstance(found, dict):
        found = found.get("counts_as")
    return found if isinstance(found, str) else None


__all__ = ["ZONE", "Loaded", "counts_as", "package", "parts_of", "pinned", "short"]
