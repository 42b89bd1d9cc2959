"""The search, for programs: spoken words, pinyin and slips of the finger are understood as on the pages."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yizhantong.kernel.search import queries
from yizhantong.web.api.auth import account_of, costly
from yizhantong.web.api.schemas import Code

router = Router(tags=["search"])
Asked = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Most = Annotated[int, Field(ge=1, le=60)]


class HitOut(Schema):
    """One answer: ``url`` is a path of this platform; ``why`` is text, spoken (``said`` is the phrase), pinyin or similar."""

    kind: str
    key: str
    title: str
    summary: str
    url: str
    zone: str
    score: float
    why: str
    said: str


class FoundOut(Schema):
    """Answers, best first; ``meant``: how it was probably meant to be written, or empty."""

    items: list[HitOut]
    meant: str


@router.get("/search", response=FoundOut, throttle=costly(), summary="检索")
def find(request: HttpRequest, q: Asked, kind: Code | None = None, size: Most = 20) -> dict[str, Any]:
    """Return items, policies, guides, help and figures that answer what was asked, as far as the account may see them."""
    found = queries.look(q, account=account_of(request), kinds=[kind] if kind else None, limit=size)
    items = [
        {
            "kind": hit.entry.kind, "key": hit.entry.key, "title": hit.entry.title, "summary": hit.entry.summary,
            "url": hit.entry.url, "zone": hit.entry.zone, "score": hit.score, "why": hit.why.value, "said": hit.said,
        }
        for hit in found.hits
    ]  # fmt: skip
    return {"items": items, "meant": found.meant}
