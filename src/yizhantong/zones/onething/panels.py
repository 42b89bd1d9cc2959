"""What stands beside a package's case: on a draft the parts to come and who must sign, later how each part stands and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.sealed import open_data
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.assembling import taking_part
from yizhantong.zones.onething.loading import SCHOOL, package
from yizhantong.zones.onething.models import Cosignature, PackagePart
from yizhantong.zones.onething.queries import packages, shown

Panel = tuple[str, Mapping[str, Any]]
State = PackagePart.State
TAGS = {
    State.GRANTED: "tag-good", State.REFUSED: "tag-bad", State.FAILED: "tag-bad", State.OPEN: "tag-info",
    State.NOT_OPENED: "tag-warn", State.WAITING: "", State.WITHDRAWN: "",
}  # fmt: skip
ENDED = (State.REFUSED, State.FAILED, State.WITHDRAWN, State.NOT_OPENED)


def of_draft(case: Case) -> list[Panel]:
    """Return what a draft shows: the parts its answers call for with the joint promise, and the signatures."""
    loaded = package(case.version_id)
    data = open_data(loaded.ready, case.data)
    chosen = taking_part(loaded.spec, loaded.ready, data)
    made: list[Panel] = [("onething/panels/expected.html", {"lanes": shown.lanes(loaded.spec, loaded.listed, chosen)})]
    wanted = cosigning.wanted(case, data) if loaded.spec.cosigners else []
    if wanted:
        rows = [_signer(case, each, past) for each, past in zip(wanted, _past(case, wanted), strict=True)]
        missing = sum(1 for each in wanted if not each.signed)
        context = {
            "anchor": "cosigners",
            "rows": rows,
            "missing": missing,
            "show_link": clock.demonstration_day() is not None,
        }
        made.append(("onething/panels/cosigners.html", context))
    return made


def _past(case: Case, wanted: list[cosigning.Wanted]) -> list[Cosignature | None]:
    """Return for each signature without a living link what became of the last one; one query where there is such."""
    bare = {each.signer.code for each in wanted if each.signature is None}
    if not bare or case.pk is None:
        return [None for _each in wanted]
    rows = {row.role: row for row in Cosignature.objects.filter(case_id=case.pk, role__in=bare).order_by("id")}
    return [rows.get(each.signer.code) for each in wanted]


def _signer(case: Case, wanted: cosigning.Wanted, past: Cosignature | None) -> dict[str, Any]:
    row = wanted.signature
    stale = row is not None and row.data_digest != wanted.document.digest
    over = row is not None and row.state == Cosignature.State.WAITING and row.expires_at <= clock.now()
    return {
        "signer": wanted.signer, "name": wanted.name, "contact": wanted.contact, "signed": wanted.signed, "row": row,
        "waiting": row is not None and not wanted.signed and not stale and not over, "past": row if stale or over else past,
        "stale": stale, "over": over, "labels": [label for _code, label, _text in wanted.document.rows],
        "link": cosigning.path_of(row) if row is not None and not wanted.signed and not stale and not over else "",
        "invite": reverse("onething:invite", args=[case.number, wanted.signer.code]),
        "withdraw": reverse("onething:uninvite", args=[case.number, wanted.signer.code]),
    }  # fmt: skip


# --- after submission -----------------------------------------------------------------------------------------------


def of_asker(case: Case) -> list[Panel]:
    """Return how each part stands, with what was issued and why a part failed or never opened."""
    if case.state == Case.State.DRAFT:
        return []
    found = packages.progress(case)
    papers = shown.papers([part.number for part in found.parts if part.number])
    rows = [
        {"part": part, "tag": TAGS.get(State(part.state), ""), "papers": papers.get(part.number, ())}
        for part in found.parts
    ]
    return [("onething/panels/progress.html", {
        "parts": True, "rows": rows, "progress": found, "done": found.granted, "case": case, "begun": case.accepted_at is not None,
        "dated": _dated(case), "ended": any(part.number and part.ended_at for part in found.parts),
    })]  # fmt: skip


def of_desk(case: Case) -> list[Panel]:
    """Return for officials what the list of parts does not say: the promise, and the parts that wait or were never opened."""
    found = packages.progress(case)
    unopened = [part for part in found.parts if not part.number]
    papers = shown.papers([part.number for part in found.parts if part.number])
    titles = {part.number: part.title for part in found.parts}
    issued = [(titles[number], each) for number, listed in papers.items() for each in listed]
    context = {
        "progress": found,
        "unopened": unopened,
        "issued": issued,
        "begun": case.accepted_at is not None,
        "dated": _dated(case),
    }
    return [("onething/panels/desk.html", context)]


def _dated(case: Case) -> bool:
    """Tell whether the result is told on days of the season instead of after working days."""
    return package(case.version_id).spec.counts_as == SCHOOL


def next_of_asker(case: Case) -> tuple[str, str, str] | None:
    """Return what is asked of the asker for a part of the package: a supplement, or the confirmation of a result."""
    if case.state != Case.State.ACCEPTED:
        return None
    waits = Case.objects.filter(parent_id=case.pk, state=Case.State.SUPPLEMENT).order_by("due_at", "id")
    child = waits.only("number", "title").first()
    if child is None:
        return None
    return (
        _("“%(title)s”要您补正材料。") % {"title": child.title},
        _("去补正"),
        reverse("web:my-case", args=[child.number]),
    )
