"""What the editor of packages changes: as versions of items, so that four eyes, search and cases are the kernel's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions as items
from yizhantong.kernel.items import checking
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.errors import ContentError, Finding
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.onething import spec as specs
from yizhantong.zones.onething.assembling import STEP, assemble
from yizhantong.zones.onething.conflicts import Conflict, conflicts, named_wrongly
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.loading import ZONE, parts_of, pinned
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import KEY, PackageSpec

PREFIX = "package."
CHILDREN: Mapping[str, Any] = {
    "kind": "step", "code": STEP, "name": "各事项办理", "attributes": {"kind": "children", "office": "accountable"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assembled:
    """What became of a specification: the content (None where it cannot be assembled yet), what is wrong, where parts disagree."""

    spec: PackageSpec
    content: contents.Content | None
    findings: list[Finding]
    conflicts: list[Conflict]

    @property
    def ready(self) -> bool:
        """Tell whether it can be submitted."""
        return self.content is not None and not self.findings and not any(each.blocks for each in self.conflicts)


def assembled(document: Mapping[str, Any], *, renew: bool = True) -> Assembled:
    """Return what a specification makes; writes nothing. ``renew``: from the versions in force now, else from those it names.

    Raises :class:`ContentError` when the shape of the document itself is wrong.
    """
    spec = specs.read(document)
    if renew:
        spec = spec.model_copy(
            update={"parts": tuple(part.model_copy(update={"version": None}) for part in spec.parts)}
        )
    try:
        parts = parts_of(spec)
    except ContentError as error:
        return Assembled(spec, None, error.findings, [])
    spec = pinned(spec, parts)
    findings, disagreements = named_wrongly(spec, parts), conflicts(spec, parts)
    if findings:
        return Assembled(spec, None, findings, disagreements)
    return _made(spec, parts, disagreements)


def _made(spec: PackageSpec, parts: list[PartOf], disagreements: list[Conflict]) -> Assembled:
    try:
        content = assemble(spec, parts)
    except ContentError as error:
        return Assembled(spec, None, error.findings, disagreements)
    blocking = any(each.blocks for each in disagreements)
    findings = [] if blocking else checking.check_content(content, kind=Item.Kind.PACKAGE)
    return Assembled(spec, content, findings, disagreements)


@transaction.atomic
def create(
    code: str, *, name: str, agency: Organisation, division: Division, account: policy.Account, **fields: Any
) -> Item:
    """Enter a package led by ``agency``; its item's code is ``package.<code>``. Errors and Refused as of the items' own ``create_item``."""
    return items.create_item(
        f"{PREFIX}{code.strip()}", name=name, agency=agency, division=division, account=account, zone=ZONE,
        kind=Item.Kind.PACKAGE, **fields,
    )  # fmt: skip


def draft(item: Item, account: policy.Account) -> ItemVersion:
    """Return the draft of a package: the one at hand, else a new version like the last. Raises ``onething.not_a_package``; as the items' own."""
    if item.kind != Item.Kind.PACKAGE:
        raise OnethingError("onething.not_a_package", f"“{item.name}”不是一件事套餐")
    return items.draft(item, account)


@transaction.atomic
def save(version: ItemVersion, document: Mapping[str, Any], account: policy.Account) -> Assembled:
    """Keep the specification in a draft, assembled from the parts' versions in force; an unfinished one is kept as it is.

    Raises :class:`ContentError` when the shape is wrong (nothing is kept), ``items.not_draft``; Refused.
    """
    made = assembled(document)
    content = made.content
    if content is None:
        content = contents.Content(guide=made.spec.guide, flow=dict(CHILDREN), benefit={KEY: specs.write(made.spec)})
    items.save(version, contents.write(content), account)
    return made


@transaction.atomic
def submit(version: ItemVersion, account: policy.Account) -> ItemVersion:
    """Hand a package over for publication. Raises :class:`ContentError` with all findings and blocking conflicts, ``onething.stale``."""
    check(version)
    return items.submit(version, account)


@transaction.atomic
def publish(version: ItemVersion, account: policy.Account, *, valid_from: dt.date | None = None) -> ItemVersion:
    """Publish a submitted package (four eyes). Raises as :func:`submit` does: a part may have changed in between."""
    check(version)
    return items.publish(version, account, valid_from=valid_from)


def check(version: ItemVersion) -> None:
    """Refuse a package that is not what its parts, as they are in force now, make of it."""
    document = version.content.get("benefit", {}).get(KEY)
    if not isinstance(document, dict):
        raise OnethingError("onething.no_spec", "套餐还没有填写情形和事项,请先编辑并保存")
    made = assembled(document)
    wrong = [*made.findings, *(each.finding for each in made.conflicts if each.blocks)]
    if wrong:
        raise ContentError(wrong)
    if made.content is None or contents.write(made.content) != version.content:
        text = "套餐所含事项在保存之后发布了新版本,或内容被另行改动;请打开套餐核对合并后的表单,保存后再提交"
        raise OnethingError("onething.stale", text)
