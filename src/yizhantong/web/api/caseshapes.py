"""Cases as the API tells them: one line of a list, one case with all beside it, as far as the account may see it.

Who asks is told in full to itself, organisations to everybody who sees the case, persons masked. An asker who wished to stay
unnamed is named to the accountable office only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.clockwork import light_of
from yizhantong.kernel.cases.models import Case, CaseMaterial, CaseStep
from yizhantong.kernel.cases.queries import CasePage, Relative
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.forms import open_data, shown
from yizhantong.web.api.items import OfficeOut
from yizhantong.web.casework.people import applicant_name, is_withheld

State = Literal["draft", "submitted", "supplement", "accepted", "closed"]
Light = Literal["none", "paused", "green", "yellow", "red", "done"]


class ApplicantOut(Schema):
    """Who asks; ``code`` is the GB 32100 code of an organisation, empty for persons."""

    kind: Literal["organisation", "person"]
    code: str
    name: str


class CaseOut(Schema):
    """A case in short. ``package`` is the number of the case that it is a part of, or empty; ``outcome`` and ``result`` are empty until it is closed; ``due_at`` is null without limit or while it stands."""

    number: str
    package: str
    item: str
    version: int
    zone: str
    title: str
    state: State
    outcome: str
    result: str
    light: Light
    channel: str
    applicant: ApplicantOut
    office: OfficeOut | None
    division: str
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    accepted_at: dt.datetime | None
    due_at: dt.datetime | None
    closed_at: dt.datetime | None


class CaseList(Schema):
    """A page of cases, newest first; ``after`` leads to the next one, null on the last."""

    items: list[CaseOut]
    after: int | None


class ReceiptOut(CaseOut):
    """What was just submitted; ``query_password`` is told once, and empty when the same submission is sent again."""

    query_password: str


class StepOut(Schema):
    """A step: whose it is, until when, and (once done) by whom, when and with which outcome."""

    code: str
    name: str
    kind: str
    office: OfficeOut
    handler: str
    waits_for: Literal["office", "applicant", "parts"]
    opened_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    done_by: str
    outcome: str
    opinion: str


class TodoOut(Schema):
    """An open step that the account may do, with its case."""

    step: StepOut
    case: CaseOut


class TodoPage(Schema):
    """A page of open steps by due moment; ``after`` leads to the next one, empty on the last."""

    items: list[TodoOut]
    after: str


class CaseMaterialOut(Schema):
    """A material as it was given; ``file`` is null where it is no file."""

    id: int
    code: str
    name: str
    mode: str
    state: str
    trust: str
    remark: str
    given_at: dt.datetime
    due_on: dt.date | None
    file: CaseFileOut | None


class CaseFileOut(Schema):
    """A file of a case; it is handed out at ``/cases/{number}/files/{id}``."""

    id: int
    name: str
    media_type: str
    size: int


class RowOut(Schema):
    """One value of the form in words; personal ones are masked unless they are one's own."""

    element: str
    label: str
    text: str
    unit: str
    masked: bool


class SectionOut(Schema):
    """One section of the form."""

    title: str
    rows: list[RowOut]


class SegmentOut(Schema):
    """A stretch of the clock: it runs or it is stopped, and why."""

    kind: Literal["run", "pause"]
    start: dt.datetime
    end: dt.datetime | None
    reason: str


class TalkOut(Schema):
    """A message, or an addition to a closed case."""

    what: Literal["message", "addition"]
    text: str
    at: dt.datetime
    by: str
    internal: bool
    asker: bool


class SupplementOut(Schema):
    """What the asker was told is missing, until when it is to be brought, and when it was."""

    ordinal: int
    defects: list[dict[str, Any]]
    asked_at: dt.datetime
    due_on: dt.date | None
    answered_at: dt.datetime | None


class PaperOut(Schema):
    """A document that was issued for the case; ``verify_code`` is what ``/verify/{code}`` takes."""

    number: str
    kind: str
    title: str
    issued_at: dt.datetime
    verify_code: str
    file: int | None


class RelativeOut(Schema):
    """The package that a case is a part of, or a part: how far it is; ``sees`` tells whether its own page is open to the account."""

    number: str
    title: str
    item: str
    state: State
    outcome: str
    reason: str
    light: Light
    office: OfficeOut | None
    due_at: dt.datetime | None
    closed_at: dt.datetime | None
    sees: bool


class CaseDetail(CaseOut):
    """A case with all beside it. ``data`` are the form's values by data element, for those who ask only; null for others."""

    relations: list[str]
    reason: str
    law: str
    rated: int | None
    archived_at: dt.datetime | None
    form: list[SectionOut]
    data: dict[str, Any] | None
    steps: list[StepOut]
    materials: list[CaseMaterialOut]
    clock: list[SegmentOut]
    talk: list[TalkOut]
    supplements: list[SupplementOut]
    papers: list[PaperOut]
    parent: RelativeOut | None
    parts: list[RelativeOut]


def is_own(account: Account, case: Case, organisations: frozenset[str]) -> bool:
    """Tell whether the account asks in this case; ``organisations`` are those for which it acts today."""
    if not isinstance(account, User) or account.person_id is None:
        return False
    return case.person_id == account.person_id if case.person_id is not None else case.organisation_id in organisations


def case_out(account: Account, case: Case, organisations: frozenset[str]) -> dict[str, Any]:
    """Return a case as :class:`CaseOut`; office and asker must have been fetched with it."""
    office = case.office
    return {
        "number": case.number, "package": case.parent.number if case.parent is not None else "", "item": case.item_id, "version": catalogue.content_of(case.version_id).number,
        "zone": case.zone, "title": case.title, "state": case.state, "outcome": case.outcome, "result": case.result,
        "light": light_of(case, clock.now()), "channel": case.channel, "division": case.division_id,
        "applicant": _applicant(account, case, is_own(account, case, organisations)),
        "office": None if office is None else {"code": office.uscc, "name": office.name},
        "created_at": case.created_at, "submitted_at": case.submitted_at, "accepted_at": case.accepted_at,
        "due_at": case.due_at, "closed_at": case.closed_at,
    }  # fmt: skip


def _applicant(account: Account, case: Case, own: bool) -> dict[str, str]:
    kind = "organisation" if case.organisation_id is not None else "person"
    code = "" if not own and is_withheld(case, account) else case.organisation_id or ""
    return {"kind": kind, "code": code, "name": applicant_name(case, own, account)}


def step_out(step: CaseStep) -> dict[str, Any]:
    """Return a step as :class:`StepOut`; office, handler and who did it must have been fetched with it."""
    return {
        "code": step.code, "name": step.name, "kind": step.kind, "waits_for": step.waits_for,
        "office": {"code": step.office_id, "name": step.office.name}, "handler": str(step.handler or ""),
        "opened_at": step.opened_at, "due_at": step.due_at, "done_at": step.done_at, "done_by": str(step.done_by or ""),
        "outcome": step.outcome, "opinion": step.opinion,
    }  # fmt: skip


def detail_out(account: Account, page: CasePage, papers: list[Issued], organisations: frozenset[str]) -> dict[str, Any]:
    """Return a case as :class:`CaseDetail`."""
    case = page.case
    own = is_own(account, case, organisations)
    ready = catalogue.content_of(case.version_id)
    sections = [
        {"title": part.title, "rows": [
            {"element": row.code, "label": row.label, "text": row.text, "unit": str(row.unit), "masked": row.masked}
            for row in part.rows
        ]}
        for part in shown(ready, open_data(ready, case.data), reveal=own)
    ]  # fmt: skip
    return case_out(account, case, organisations) | {
        "relations": sorted(page.relations), "reason": case.reason, "law": case.law, "rated": case.rated,
        "archived_at": case.archived_at, "form": sections, "data": open_data(ready, case.data) if own else None,
        "steps": [step_out(step) for step in page.steps],
        "materials": [material_out(row) for row in page.materials if not row.replaced],
        "clock": [{"kind": s.kind, "start": s.start, "end": s.end, "reason": s.reason} for s in page.segments],
        "talk": [{name: said[name] for name in TalkOut.model_fields} for said in page.talk],
        "supplements": page.supplements, "papers": [_paper_out(paper) for paper in papers],
        "parent": None if page.parent is None else _relative_out(page.parent), "parts": [_relative_out(each) for each in page.parts],
    }  # fmt: skip


def _relative_out(found: Relative) -> dict[str, Any]:
    case = found.case
    office = None if case.office is None else {"code": case.office.uscc, "name": case.office.name}
    return {
        "number": case.number, "title": case.title, "item": case.item_id, "state": case.state, "outcome": case.outcome,
        "reason": case.reason, "light": found.light, "office": office, "due_at": case.due_at, "closed_at": case.closed_at,
        "sees": found.sees,
    }  # fmt: skip


def material_out(row: CaseMaterial) -> dict[str, Any]:
    """Return a material as :class:`CaseMaterialOut`; its file must have been fetched with it."""
    file = row.file
    return {
        "id": row.pk, "code": row.code, "name": row.name, "mode": row.mode, "state": row.state, "trust": row.trust,
        "remark": row.remark, "given_at": row.given_at, "due_on": row.due_on,
        "file": None if file is None else {
            "id": file.pk, "name": file.name, "media_type": file.media_type, "size": file.size,
        },
    }  # fmt: skip


def _paper_out(paper: Issued) -> dict[str, Any]:
    return {
        "number": paper.number, "kind": paper.kind, "title": paper.title, "issued_at": paper.issued_at,
        "verify_code": paper.verify_code, "file": paper.stored_id,
    }  # fmt: skip


CaseMaterialOut.model_rebuild()
