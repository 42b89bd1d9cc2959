"""How enrolment takes part in the cases of its item: whichever door a submission comes through, the same is checked and follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.hooks import CaseHooks, register
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.items.sealed import open_data
from yizhantong.zones.onething.enrolment import identities, terms
from yizhantong.zones.onething.enrolment.access import ITEM, ZONE
from yizhantong.zones.onething.enrolment.actions.intake import check_child, check_window
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Child, Placement, Season


def season_of(data: Mapping[str, Any]) -> Season:
    """Return the published season of the district and stage that a form names, the newest; raise ``enrolment.no_season``."""
    found = Season.objects.filter(
        division_id=data.get("enrolment_district"), stage=data.get("enrolment_stage") or "", state=Season.State.PUBLISHED
    ).order_by("-year").first()  # fmt: skip
    if found is None:
        raise EnrolmentError(
            "enrolment.no_season", "所选县区和学段目前没有开放报名,请查看招生通告", field="enrolment_district"
        )
    return found


class EnrolmentHooks(CaseHooks):
    """Enrolment's part in each of its cases; other items of the zone are left alone."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse what is out of season, and a child that is entered already."""
        if case.item_id != ITEM:
            return
        season = season_of(data)
        filed = case.parent.submitted_at if case.parent_id is not None and case.parent is not None else None
        check_window(season, filed or clock.now())  # a part of a package was asked for when the package was
        check_child(season, data)
        standing = Child.objects.filter(
            season=season, child_index=identities.index(str(data["child_identity"]))
        ).exclude(state=Child.State.ENDED)
        if standing.exists():
            raise EnrolmentError("enrolment.child_entered", "这名学生已经报名,不能重复报名", field="child_identity")

    def on_submitted(self, case: Case) -> None:
        """Enter the child into its season; of two submissions at once the database lets one win."""
        if case.item_id != ITEM:
            return
        data = open_data(pinned(case.version_id).ready, case.data)
        season = season_of(data)
        category = terms.read(season.rules).named(str(data["school_category"]))
        assert category is not None
        identity, guardian = str(data["child_identity"]), str(data["person_identity"])
        try:
            with transaction.atomic():
                Child.objects.create(
                    case=case, season=season, child_index=identities.index(identity), code=identities.code(season.code, identity),
                    claimed=category.code, together=identities.code(season.code, guardian) if data.get("stay_together") else "",
                )  # fmt: skip
        except IntegrityError as error:
            raise EnrolmentError(
                "enrolment.child_entered", "这名学生已经报名,不能重复报名", field="child_identity"
            ) from error

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Keep the steps of enrolment to its own desk: a category is settled, and a place given, by its actions only."""
        if case.item_id == ITEM and outcome in ("met", "pass") and step.code in ("verify", "recheck", "place"):
            child = Child.objects.filter(case_id=case.pk).first()
            placed = step.code == "place" and child is not None and child.state == Child.State.PLACED
            if not placed and (step.code == "place" or child is None or child.state != Child.State.VERIFIED):
                raise EnrolmentError(
                    "enrolment.own_desk", "核验、复核和录取请在招生管理中办理,以便同时写明类别、学校和理由"
                )

    def on_closed(self, case: Case) -> None:
        """Let a child that left make room."""
        if case.item_id != ITEM or case.outcome == Case.Outcome.GRANTED:
            return
        Placement.objects.filter(child__case_id=case.pk, state__in=["offered", "confirmed"]).update(
            state=Placement.State.DECLINED, settled_at=clock.now()
        )
        Child.objects.filter(case_id=case.pk).update(state=Child.State.ENDED)

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask for what the parent has to do: the re-check, or confirming the place."""
        if case.item_id != ITEM:
            return None
        child = Child.objects.filter(case_id=case.pk).first()
        address = reverse("onething:enrolment-child", args=[case.number])
        if child is not None and child.state == Child.State.RECHECK:
            return _("有信息没有核验上,请到窗口复核。"), _("看看要带什么"), address
        if child is not None and Placement.objects.filter(child=child, state=Placement.State.OFFERED).exists():
            return _("已经录取,请确认学位。"), _("去确认"), address
        return None

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what the desk's case page shows of the child."""
        child = (
            Child.objects.select_related("season", "school").filter(case_id=case.pk).first()
            if case.item_id == ITEM
            else None
        )
        return [("onething/enrolment/panel.html", {"child": child})] if child is not None else []


HOOKS = register(EnrolmentHooks(), zone=ZONE, kind=Item.Kind.APPLICATION)
