"""One thing, once, for programs: packages, what one would be for a situation, how a case stands, signatures; enrolment below ``enrolment/``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import queries as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.items.models import Item
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import not_found, sign_in_first
from yizhantong.web.api.schemas import Strict
from yizhantong.zones.onething import cosigning
from yizhantong.zones.onething.assembling import taking_part
from yizhantong.zones.onething.enrolment.api import router as enrolment
from yizhantong.zones.onething.gains import Gains
from yizhantong.zones.onething.loading import Loaded, package, parts_of
from yizhantong.zones.onething.queries import packages as queries
from yizhantong.zones.onething.queries import shown
from yizhantong.zones.onething.queries.packages import Progress
from yizhantong.zones.onething.spec import PackageSpec, write

router = Router(tags=["onething"])
router.add_router("/enrolment", enrolment)
EXTRA: dict[str, Any] = {"auth": signed_in, "openapi_extra": {"security": SIGNED_IN}}
Code = Annotated[str, Path(max_length=48, pattern=r"^[A-Za-z0-9._-]+$")]
Number = Annotated[str, Path(max_length=24, pattern=r"^[0-9A-Za-z]+$")]
Role = Annotated[str, Path(max_length=24, pattern=r"^[a-z0-9_]+$")]
Answer = bool | Annotated[str, Field(max_length=200)]


class LaneOut(Schema):
    """One part: it may run ``days`` working days from day ``start`` after acceptance; ``after`` are the titles it waits for."""

    code: str
    item: str
    title: str
    agency: str
    start: int
    days: int
    on_path: bool
    after: list[str]
    condition: str
    required: bool


class LanesOut(Schema):
    """The parts of a situation, the joint promise in working days and the titles along the chain that makes it."""

    parts: list[LaneOut]
    days: int
    path: list[str]


class GainOut(Schema):
    """One measure (days, materials, steps, visits, fields) before and now; ``rate`` (before − now) / before, null where before is 0."""

    code: str
    before: int
    after: int
    rate: str | None
    note: str


class GainsOut(Schema):
    """What a package saves, and what "before" means; ``shared`` of ``due`` materials are given by registers."""

    rows: list[GainOut]
    shared: int
    due: int
    definition: str
    situation: str
    source: str


class PackageOut(Schema):
    """A package on offer."""

    code: str
    name: str
    lead: str
    version: int
    summary: str
    questions: list[str]
    lanes: LanesOut
    gains: GainsOut


class SpecIn(Strict):
    """A package's document as the editor keeps it (``GET …/spec`` gives one)."""

    spec: dict[str, Any]


class ConflictOut(Schema):
    """Where parts disagree, and whether the package cannot be published with it."""

    code: str
    sentence: str
    place: str
    parts: list[str]
    blocks: bool


class FindingOut(Schema):
    """One thing wrong with a document."""

    code: str
    sentence: str
    place: str


class PreviewOut(Schema):
    """What a document would make; ``fields`` and ``materials`` are codes of the merged form and set, empty while it cannot be merged."""

    ready: bool
    findings: list[FindingOut]
    conflicts: list[ConflictOut]
    fields: list[str]
    materials: list[str]
    lanes: LanesOut | None
    gains: GainsOut | None


class AnswersIn(Strict):
    """Answers to the questions of the situation, by data element."""

    answers: Annotated[dict[str, Answer], Field(max_length=50)]


class PartOut(Schema):
    """How one part of a case stands; ``number`` is its own case's, empty before it opens."""

    code: str
    title: str
    agency: str
    state: str
    reason: str
    number: str
    required: bool
    after: list[str]
    due_at: dt.datetime | None
    opened_at: dt.datetime | None
    ended_at: dt.datetime | None


class ProgressOut(Schema):
    """A package's case part by part."""

    number: str
    state: str
    outcome: str
    granted: int
    days: int
    path: list[str]
    parts: list[PartOut]


class SignatureOut(Schema):
    """One signature that a draft wants; ``state`` is missing, waiting, or signed, ``digest`` SHA-256 of what is signed."""

    role: str
    label: str
    state: str
    digest: str
    expires_at: dt.datetime | None


@router.get("/packages", response=list[PackageOut], summary="一件事套餐")
def list_packages(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the packages on offer with their lanes and what they save."""
    return [_package(item) for item in queries.offered()]


@router.get("/packages/{code}", response=PackageOut, summary="一个套餐")
def get_package(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return one package on offer."""
    return _package(_offered(code))


@router.get("/packages/{code}/spec", response=dict[str, Any], summary="套餐的规格")
def get_spec(request: HttpRequest, code: Code) -> dict[str, Any]:
    """Return the document of the version in force: questions, parts with their order, who signs, what was before."""
    return write(_loaded(_offered(code)).spec)


@router.post("/packages/{code}/situation", response=LanesOut, summary="按情形看要办哪些事项")
def situation(request: HttpRequest, code: Code, body: AnswersIn) -> dict[str, Any]:
    """Return the parts that answers call for, with the joint promise."""
    loaded = _loaded(_offered(code))
    asked = {question.element for question in loaded.spec.questions}
    form = ItemForm(loaded.ready, {name: value for name, value in body.answers.items() if name in asked}, partial=True)
    given = {name: value for name, value in form.values.items() if name in asked and value is not None}
    return _lanes(shown.lanes(loaded.spec, loaded.listed, taking_part(loaded.spec, loaded.ready, given)))


@router.post("/packages/{code}/preview", response=PreviewOut, summary="预览合并结果", **EXTRA)
def preview(request: HttpRequest, code: Code, body: SpecIn) -> dict[str, Any]:
    """Return what a document would make of the parts in force; for who may edit or publish the package. Nothing is kept."""
    item = items.manageable_by(account_of(request)).filter(pk=code, kind=Item.Kind.PACKAGE).first()
    if item is None:
        raise not_found("onething.unknown_package", f"没有代码为 {code} 的套餐,或当前账号无权管理")
    seen = queries.preview(item, body.spec)
    return {
        "ready": seen.made.ready, "findings": [{"code": f.code, "sentence": f.sentence, "place": f.place} for f in seen.made.findings],
        "conflicts": [{"code": c.code, "sentence": c.sentence, "place": c.place, "parts": list(c.parts), "blocks": c.blocks}
                      for c in seen.made.conflicts],
        "fields": list(seen.ready.fields) if seen.ready else [],
        "materials": [each.code for each in seen.ready.content.materials] if seen.ready else [],
        "lanes": _lanes(shown.lanes(seen.made.spec, parts_of(seen.made.spec))) if seen.ready else None,
        "gains": _gains(seen.gains) if seen.gains else None,
    }  # fmt: skip


@router.get("/cases/{number}/progress", response=ProgressOut, summary="套餐办到哪里", **EXTRA)
def progress(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return a package's case part by part, for whoever may see the case."""
    found = cases.visible_to(account_of(request)).filter(item__kind=Item.Kind.PACKAGE, number=number)
    case = found.exclude(state=Case.State.DRAFT).first()
    if case is None:
        raise not_found("cases.unknown", f"没有编号为 {number} 的套餐办件,或当前账号无权查看")
    made = queries.progress(case)
    parts = [
        {"code": part.code, "title": part.title, "agency": part.agency, "state": part.state, "reason": part.reason, "number": part.number,
         "required": part.required, "after": list(part.after), "due_at": part.due_at, "opened_at": part.opened_at, "ended_at": part.ended_at}
        for part in made.parts
    ]  # fmt: skip
    return _head(case, made) | {"parts": parts}


@router.get("/drafts/{number}/signatures", response=list[SignatureOut], summary="草稿的签署情况", **EXTRA)
def signatures(request: HttpRequest, number: Number) -> list[dict[str, Any]]:
    """Return who must sign one's own draft, and how each stands."""
    return _signatures(_draft(request, number))


@router.post("/drafts/{number}/signatures/{role}", response=list[SignatureOut], summary="发送签署链接", **EXTRA)
def invite(request: HttpRequest, number: Number, role: Role) -> list[dict[str, Any]]:
    """Send a link to sign; an earlier one of the same person dies. The link goes to the signer's telephone only."""
    case = _draft(request, number)
    cosigning.invite(case, role, account_of(request))
    return _signatures(case)


@router.delete("/drafts/{number}/signatures/{role}", response=list[SignatureOut], summary="撤销签署链接", **EXTRA)
def uninvite(request: HttpRequest, number: Number, role: Role) -> list[dict[str, Any]]:
    """Call a link back before it is used."""
    case = _draft(request, number)
    row = next((each.signature for each in cosigning.wanted(case) if each.signer.code == role and each.signature), None)
    if row is None:
        raise not_found("onething.no_cosigner", f"没有发给“{role}”的签署链接")
    cosigning.withdraw(row, account_of(request))
    return _signatures(case)


# --- shapes ---------------------------------------------------------------------------------------------------------


def _offered(code: str) -> Item:
    found = queries.offered().filter(pk=code).first()
    if found is None:
        raise not_found("onething.unknown_package", f"没有代码为 {code} 的套餐,请核对代码")
    return found


def _loaded(item: Item) -> Loaded:
    assert item.current_id is not None
    return package(item.current_id)


def _draft(request: HttpRequest, number: str) -> Case:
    account = account_of(request)
    if not isinstance(account, User):
        raise sign_in_first()
    found = cases.mine(account).filter(number=number, state=Case.State.DRAFT, item__kind=Item.Kind.PACKAGE).first()
    if found is None:
        raise not_found("cases.unknown", f"没有编号为 {number} 的套餐草稿,或它不是您的")
    return found


def _package(item: Item) -> dict[str, Any]:
    loaded = _loaded(item)
    assert item.current_id is not None
    spec: PackageSpec = loaded.spec
    return {
        "code": item.pk, "name": item.name, "lead": item.agency.name, "version": loaded.ready.number,
        "summary": loaded.ready.content.guide.summary, "questions": [question.element for question in spec.questions],
        "lanes": _lanes(shown.lanes(spec, loaded.listed)), "gains": _gains(shown.saved(item.current_id)),
    }  # fmt: skip


def _lanes(made: shown.Lanes) -> dict[str, Any]:
    names = ("code", "item", "title", "agency", "start", "days", "on_path", "condition", "required")
    rows = [{name: getattr(lane, name) for name in names} | {"after": list(lane.after)} for lane in made.rows]
    return {"parts": rows, "days": made.days, "path": list(made.path)}


def _gains(made: Gains) -> dict[str, Any]:
    rows = [
        {"code": row.code, "before": row.before, "after": row.after, "note": row.note, "rate": None if row.rate is None else f"{row.rate:.4f}"}
        for row in made.rows
    ]  # fmt: skip
    said = {name: getattr(made, name) for name in ("shared", "due", "definition", "situation", "source")}
    return said | {"rows": rows}


def _head(case: Case, made: Progress) -> dict[str, Any]:
    return {
        "number": case.number, "state": case.state, "outcome": case.outcome, "granted": made.granted, "days": made.promise.days,
        "path": list(made.path),
    }  # fmt: skip


def _signatures(case: Case) -> list[dict[str, Any]]:
    made = []
    for each in cosigning.wanted(case):
        row = each.signature
        state = (
            "signed"
            if each.signed
            else "waiting"
            if row is not None and row.data_digest == each.document.digest
            else "missing"
        )
        made.append({
            "role": each.signer.code, "label": each.signer.label, "state": state, "digest": each.document.digest,
            "expires_at": row.expires_at if row is not None and state == "waiting" else None,
        })  # fmt: skip
    return made
