"""Cases to read: what one sees, what one asked for, what is to be done, one with all beside it; and how far one is, for the public."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yizhantong.kernel.cases import lookup, people, queries
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import queries as files
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, PublicThrottle, account_of, signed_in
from yizhantong.web.api.caseshapes import CaseDetail, CaseList, State, TodoPage, case_out, detail_out, step_out
from yizhantong.web.api.items import Uscc
from yizhantong.web.api.problems import Fault, Problem
from yizhantong.web.api.schemas import MOST_ID, CaseNumber, Code, Division, Id, Size, Strict, Text

router = Router(tags=["cases"])
EXTRA: dict[str, Any] = {"auth": signed_in, "openapi_extra": {"security": SIGNED_IN}}
Place = Annotated[str, StringConstraints(pattern=r"^[0-9T:.+Z-]{1,40}_[0-9]{1,19}$")]
LOOKUPS = "120/m"
"""How often one address of the public may ask how far a case is; the number itself is locked after a few wrong passwords."""


class Lookup(Strict):
    """The number of a case and its query password, as they stand on the receipt."""

    number: Annotated[Text, Field(min_length=1, max_length=32)]
    password: Annotated[Text, Field(min_length=1, max_length=12)]


class StationOut(Schema):
    """One stop: when it was reached, and left (null: it is there)."""

    name: str
    office: str
    since: dt.datetime
    until: dt.datetime | None


class PartProgressOut(Schema):
    """How far one part of a package is."""

    number: str
    title: str
    state: State
    outcome: str
    office: str
    due_at: dt.datetime | None
    closed_at: dt.datetime | None


class ProgressOut(Schema):
    """How far a case is: stations and days, no names, no opinions; of a package the parts that have begun."""

    number: str
    title: str
    state: State
    outcome: str
    office: str
    submitted_at: dt.datetime | None
    due_at: dt.datetime | None
    closed_at: dt.datetime | None
    stations: list[StationOut]
    parts: list[PartProgressOut]


@router.get("/cases", response=CaseList, summary="可见的办件", **EXTRA)
def list_cases(
    request: HttpRequest,
    state: State | None = None,
    zone: Code | None = None,
    item: Code | None = None,
    office: Uscc | None = None,
    division: Division | None = None,
    after: Id | None = None,
    size: Size = 50,
) -> dict[str, Any]:
    """Return the cases that the account sees, newest first: its own, those of its reach by office or division."""
    account = account_of(request)
    given = {"state": state, "zone": zone, "item_id": item, "office_id": office, "division_id": division}
    filters = {name: value for name, value in given.items() if value is not None}
    page = queries.cases(account, after=None if after is None else str(after), size=size, **filters)
    own = people.mandated(account)
    return {
        "items": [case_out(account, case, own) for case in page.rows],
        "after": None if page.next is None else int(page.next),
    }


@router.get("/cases/mine", response=CaseList, summary="我申请的办件", **EXTRA)
def list_my_cases(
    request: HttpRequest, state: State | None = None, after: Id | None = None, size: Size = 50
) -> dict[str, Any]:
    """Return the cases that the account asks for, drafts included, newest first."""
    account = account_of(request)
    rows, place = lookups.mine(account, after, size, state)
    own = people.mandated(account)
    return {"items": [case_out(account, case, own) for case in rows], "after": place}


@router.get("/cases/todo", response=TodoPage, summary="我的待办环节", **EXTRA)
def list_todo(
    request: HttpRequest,
    whose: Literal["all", "mine", "free"] = "all",
    light: Literal["red", "yellow"] | None = None,
    zone: Code | None = None,
    after: Place | None = None,
    size: Size = 50,
) -> dict[str, Any]:
    """Return the open steps that the account may do, by due moment; ``mine`` are those it claimed, ``free`` nobody's yet."""
    account = account_of(request)
    asked: dict[str, Any] = {"whose": whose, "light": light or "", "now": clock.now()}
    asked |= {} if zone is None else {"zone": zone}
    page = queries.todo(account, after=None if after is None else _place(after), size=size, **asked)
    prefetch_related_objects(page.rows, "office", "case__office")
    own = people.mandated(account)
    items = [{"step": step_out(step), "case": case_out(account, step.case, own)} for step in page.rows]
    return {"items": items, "after": page.next or ""}


@router.get("/cases/{number}", response=CaseDetail, summary="一个办件", **EXTRA)
def get_case(request: HttpRequest, number: CaseNumber) -> dict[str, Any]:
    """Return a case with its steps, materials, clock, messages and papers, as far as the account may see them."""
    account = account_of(request)
    page = queries.case_page(account, number)
    papers = list(files.issued_for("case", number))
    return detail_out(account, page, papers, people.mandated(account))


@router.post("/progress", response=ProgressOut, throttle=PublicThrottle(LOOKUPS), summary="凭编号和密码查询进度")
def look_up_progress(request: HttpRequest, body: Lookup) -> lookup.Progress:
    """Tell anybody who has number and query password how far a case is; wrong passwords lock the number for a while."""
    return lookup.progress(body.number, body.password)


def _place(after: str) -> str:
    """Return the key of a page if it can be one."""
    moment, _line, number = after.rpartition("_")
    try:
        if dt.datetime.fromisoformat(moment).utcoffset() is None or int(number) > MOST_ID:
            raise ValueError
    except ValueError:
        said = _("请原样带入上一页给出的 after")
        raise Problem(422, "api.after", said, [Fault(said, "api.after", "after")]) from None
    return after
