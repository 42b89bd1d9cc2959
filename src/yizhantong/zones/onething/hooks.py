"""How the zone takes part in its cases: packages fork, follow and end; each part enters the ledgers, whatever page or program acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from yizhantong.kernel.cases.hooks import CaseHooks, register
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.parts import ended_with_parent
from yizhantong.kernel.items.models import Item
from yizhantong.zones.onething import cosigning, entering, panels
from yizhantong.zones.onething.actions import facts, parts
from yizhantong.zones.onething.loading import ZONE, package
from yizhantong.zones.onething.queries import facts as standing


class PackageHooks(CaseHooks):
    """The package's own case: what must hold before it is submitted, and what follows its parts."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse a package in which no part takes part, of which a part would be refused at once, or that not everybody has signed."""
        loaded = package(case.version_id)
        parts.check_parts(case, loaded, data)
        cosigning.require(case, loaded, data)

    def on_draft_saved(self, case: Case) -> None:
        """Void the signatures of what has changed."""
        cosigning.refresh(case)

    def check_supplement(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse a change of what a part has accepted; go on afterwards with what had to wait for it."""
        if case.accepted_at is not None:
            parts.refuse_changed(case, data)
            transaction.on_commit(lambda: parts.catch_up(case.pk))

    def on_accepted(self, case: Case) -> None:
        """Open the parts: accepted once, for all of them."""
        parts.begin(case)

    def on_child_closed(self, parent: Case, child: Case) -> None:
        """Open or write off what waited for the part, and end the whole after the last."""
        parts.child_closed(parent, child)

    def on_children_ended(self, parent: Case, children: Sequence[Case]) -> None:
        """Enter the parts that end with the package that was taken back, and write them off."""
        entering.closed([child for child in children if child.zone == ZONE], f"case:{parent.number}")
        parts.ended_together(parent, children)

    def on_closed(self, case: Case) -> None:
        """Let the links to sign die with the package."""
        if package(case.version_id).spec.cosigners:
            cosigning.end(case)

    def draft_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show the parts to come, and who must sign."""
        return panels.of_draft(case)

    def asker_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show how each part stands."""
        return panels.of_asker(case)

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask for what a part asks for."""
        return panels.next_of_asker(case)

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show the joint promise, the parts that have not opened, and what was issued."""
        return panels.of_desk(case)


class PartHooks(CaseHooks):
    """Each part, one fact at its acceptance and one at its ending; dated by the case's own moments."""

    def on_accepted(self, case: Case) -> None:
        """Enter the part into its ledger; parts of a package are entered together by whoever opens them."""
        if case.parent_id is None:
            entering.accepted([case], f"case:{case.number}")

    def on_closed(self, case: Case) -> None:
        """Enter how it ended; parts that end with their package are entered together."""
        if not ended_with_parent(case):
            entering.closed([case], f"case:{case.number}")

    def on_reopened(self, case: Case) -> None:
        """Take the ending back; the part is on its way again."""
        if standing.closing(case.number) is not None:
            reason = "申请人对办理结果提出异议,重新办理"
            facts.take_back_closing(case.number, reason=reason, account=None, source=f"case:{case.number}")
        parts.child_reopened(case)


PACKAGES = register(PackageHooks(), zone=ZONE, kind=Item.Kind.PACKAGE)
PARTS = register(PartHooks(), zone=ZONE, kind=Item.Kind.APPLICATION)
