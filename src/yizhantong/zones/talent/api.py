"""The API of the talent service, below ``/api/v1/talent``: open posts and fairs for everyone, one's own affairs for a person."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Person
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in
from yizhantong.web.api.problems import not_found
from yizhantong.zones.talent.actions import hiring
from yizhantong.zones.talent.models import Candidacy, Resume, Vacancy
from yizhantong.zones.talent.queries import mine

router = Router(tags=["talent"])
Number = Annotated[str, Field(max_length=24, pattern=r"^[0-9A-Za-z-]*$")]
SECURED: dict[str, Any] = {"security": SIGNED_IN}


class PostOut(Schema):
    """An open post; pay a month in 分."""

    number: str
    title: str
    employer: str
    education: str
    skills: list[str]
    openings: int
    hired: int
    pay_fen: int
    pay_to_fen: int
    closes_on: dt.date


class PostsOut(Schema):
    """One page of posts; ``after`` asks for the next one."""

    items: list[PostOut]
    after: int | None


class CandidacyOut(Schema):
    """One's application for a post."""

    post: str
    state: str
    score: int
    reasons: list[dict[str, Any]]


class InstalmentOut(Schema):
    """One instalment of a subsidy; amounts in 分."""

    kind: str
    ordinal: int
    due_on: dt.date
    amount_fen: int
    state: str


class MineOut(Schema):
    """What is one's own: the class that holds, instalments, the place in the queue of flats (0: none)."""

    category: str
    valid_until: dt.date | None
    instalments: list[InstalmentOut]
    place: int
    points: int


def _post(one: Vacancy) -> dict[str, Any]:
    return {
        "number": one.number, "title": one.title, "employer": one.employer.name, "education": one.education, "skills": one.skills,
        "openings": one.openings, "hired": one.hired, "pay_fen": one.pay_fen, "pay_to_fen": one.pay_to_fen, "closes_on": one.closes_on,
    }  # fmt: skip


def _candidacy(one: Candidacy) -> dict[str, Any]:
    return {"post": one.vacancy.number, "state": one.state, "score": one.score, "reasons": one.reasons}


def _person(request: HttpRequest) -> Person:
    person = getattr(account_of(request), "person", None)
    if not isinstance(person, Person):
        raise not_found("talent.no_person", "当前账号没有关联个人身份")
    return person


@router.get("/posts", response=PostsOut, summary="招聘岗位")
def list_posts(
    request: HttpRequest,
    after: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """Return the open posts, the newest first."""
    seen = Vacancy.objects.filter(state="open", closes_on__gte=clock.today()).select_related("employer").order_by("-pk")
    rows = list((seen.filter(pk__lt=after) if after else seen)[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return {"items": [_post(one) for one in rows[:limit]], "after": more}


@router.get("/posts/{number}", response=PostOut, summary="一个岗位")
def get_post(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one open post."""
    return _post(_open(number))


@router.post(
    "/posts/{number}/candidacies", response={201: CandidacyOut}, auth=signed_in, openapi_extra=SECURED, summary="投递简历"
)  # fmt: skip
def apply(request: HttpRequest, number: Number) -> Status[dict[str, Any]]:
    """Apply for a post with one's resume: its employer may see name and phone from now on, until consent ends."""
    resume = Resume.objects.filter(person=_person(request)).first()
    if resume is None:
        raise not_found("talent.no_resume", "请先填写简历再投递")
    return Status(201, _candidacy(hiring.apply(_open(number), resume, account=account_of(request))))


@router.get("/mine", response=MineOut, auth=signed_in, openapi_extra=SECURED, summary="我的人才服务")
def get_mine(request: HttpRequest) -> dict[str, Any]:
    """Return what is one's own."""
    found = mine.overview(_person(request))
    talent = found.talent if found.talent is not None and found.talent.state == "holds" else None
    return {
        "category": talent.category if talent else "", "valid_until": talent.valid_until if talent else None, "place": found.place,
        "points": found.waiting.points if found.waiting else 0,
        "instalments": [
            {"kind": one.award.kind, "ordinal": one.ordinal, "due_on": one.due_on, "amount_fen": one.amount_fen, "state": one.state}
            for one in found.calendar
        ],
    }  # fmt: skip


def _open(number: str) -> Vacancy:
    found = (
        Vacancy.objects.filter(number=number, state__in=["open", "filled", "closed"]).select_related("employer").first()
    )
    if found is None:
        raise not_found("talent.unknown_post", f"没有编号为 {number} 的岗位,请核对编号")
    return found
