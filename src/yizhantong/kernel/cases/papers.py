"""The papers of a case: receipt, acceptance, supplement, refusal, decision; issued by a job once the change is written.

A paper says what the case's row said when it was asked for; a case that was reopened gets its papers anew, each under its own
number. Which kinds of items have papers is a setting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from yizhantong.kernel.cases import clockwork, materials
from yizhantong.kernel.cases.models import Case, CaseMaterial, Supplement
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.divisions import calendar
from yizhantong.kernel.files import papers as wording
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.files.papers import Matter, Paper

PERMIT = "申请符合条件"


def issue(pk: int, paper: str) -> str:
    """Issue a paper of a case; return its number ("" where there is nothing to say any more)."""
    case = Case.objects.select_related("office", "organisation", "person", "item").get(pk=pk)
    made = _PAPERS[paper](case)
    if made is None or case.office is None:
        return ""
    return wording.issue_paper(made, issuer=case.office, account=None).number


def of(case: Case) -> list[Issued]:
    """Return the papers of a case, in the order in which they were issued."""
    return list(Issued.objects.filter(subject_kind="case", subject_number=case.number).order_by("id"))


def _matter(case: Case) -> Matter:
    holder = case.organisation or case.person
    guide = pinned(case.version_id).ready.content.guide
    return Matter(
        number=case.number, item=case.title, applicant=holder.name if holder else "",
        applicant_kind="organisation" if case.organisation_id else "person", received_at=case.submitted_at or case.created_at,
        contact=guide.consult,
    )  # fmt: skip


def _receipt(case: Case) -> Paper:
    original: dict[str, str] = {CaseMaterial.Mode.PAPER: "原件"}
    given = [wording.Given(row.name, form=original.get(row.mode, "电子件")) for row in materials.given(case)]
    return wording.receipt(_matter(case), given, query="凭办件编号和查询密码可以查询办理进度。")


def _acceptance(case: Case, *, deemed: bool = False) -> Paper | None:
    if case.accepted_at is None:
        return None
    limit = clockwork.limit_of(pinned(case.version_id), case.extension)
    return wording.acceptance_notice(
        _matter(case), accepted_at=case.accepted_at, limit=limit, due_at=case.due_at, deemed=deemed
    )


def _supplement(case: Case) -> Paper | None:
    asked = Supplement.objects.filter(case_id=case.pk).order_by("-ordinal").first()
    if asked is None:
        return None
    version = pinned(case.version_id)
    names = {code: spec.name for code, spec in version.materials.items()}
    names |= {code: element.name for code, (_field, element) in version.ready.fields.items()}
    defects = [wording.Defect(names.get(each["code"], "其他"), each["text"]) for each in asked.defects]
    until = None
    if asked.due_on is not None:
        until = dt.datetime.combine(asked.due_on, calendar.business().end, calendar.zone())
    return wording.supplement_notice(_matter(case), defects, until=until, at=asked.asked_at)


def _refusal(case: Case) -> Paper | None:
    if case.closed_at is None:
        return None
    return wording.refusal_notice(_matter(case), reason=case.reason, law=case.law, at=case.closed_at)


def _decision(case: Case) -> Paper | None:
    if case.closed_at is None or case.outcome not in (Case.Outcome.GRANTED, Case.Outcome.REFUSED):
        return None
    granted = case.outcome == Case.Outcome.GRANTED
    guide = pinned(case.version_id).ready.content.guide
    return wording.decision(
        _matter(case), outcome="granted" if granted else "refused", reason=case.reason or PERMIT,
        law=case.law or guide.by_law or case.title, at=case.closed_at, accepted_at=case.accepted_at,
    )  # fmt: skip


_PAPERS: dict[str, Callable[[Case], Paper | None]] = {
    "receipt": _receipt,
    "acceptance": _acceptance,
    "deemed_acceptance": lambda case: _acceptance(case, deemed=True),
    "supplement": _supplement,
    "refusal": _refusal,
    "decision": _decision,
}
