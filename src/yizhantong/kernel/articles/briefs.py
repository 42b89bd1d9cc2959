"""Briefs written from figures: rendered live for a page, changed by editors in versions, exported to DOCX.

A brief of the city's folder (``briefs.toml``) is loaded once; from then on its versions are the editors'.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language

from yizhantong.kernel import figures
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.articles import wording
from yizhantong.kernel.articles.models import Brief, BriefVersion
from yizhantong.kernel.divisions import city, clock
from yizhantong.kernel.figures import periods
from yizhantong.kernel.figures.queries import values
from yizhantong.kernel.figures.values import Value

Line = list["wording.Text | Live"]


@dataclass(frozen=True, slots=True)
class Live:
    """A figure in its place: the value, and the text that stands for it."""

    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A brief as it reads on a day: headline and paragraphs of text and live figures."""

    brief: Brief
    version: BriefVersion
    as_of: dt.date
    headline: Line
    paragraphs: list[Line]

    @property
    def live(self) -> list[Live]:
        """Return the figures in the order in which they stand."""
        lines = [self.headline, *self.paragraphs]
        return [piece for line in lines for piece in line if isinstance(piece, Live)]


def is_figure(code: str) -> bool:
    """Tell whether a figure of that code is declared."""
    return any(item.code == code for item in figures.figures())


def stories(briefs: Iterable[Brief], as_of: dt.date | None = None) -> list[Story]:
    """Return briefs as they read on ``as_of`` (default today), all their figures computed at once."""
    day = as_of or clock.today()
    newest = {v.brief_id: v for v in BriefVersion.objects.filter(brief__in=[b.pk for b in briefs]).order_by("number")}
    english = (get_language() or "").startswith("en")
    drafts = []
    for brief in briefs:
        version = newest[brief.pk]
        headline = version.headline_en if english and version.headline_en else version.headline
        body = version.body_en if english and version.body_en else version.body
        lines = [wording.parse(text, is_figure) for text in [headline, *_paragraphs(body)]]
        drafts.append((brief, version, lines))
    found = _values((lines for _, _, lines in drafts), day)
    made = []
    for brief, version, lines in drafts:
        rendered = [[_fill(piece, found, day) for piece in line] for line in lines]
        made.append(Story(brief, version, day, rendered[0], rendered[1:]))
    return made


def story_of(headline: str, body: str, as_of: dt.date | None = None) -> tuple[Line, list[Line]]:
    """Return an unsaved wording as it would read: headline and paragraphs; :class:`~.wording.WordingError` if it cannot."""
    day = as_of or clock.today()
    lines = [wording.parse(text, is_figure) for text in [headline, *_paragraphs(body)]]
    found = _values([lines], day)
    rendered = [[_fill(piece, found, day) for piece in line] for line in lines]
    return rendered[0], rendered[1:]


def front(as_of: dt.date | None = None) -> list[Story]:
    """Return the stories of the front page in their order."""
    return stories(list(Brief.objects.filter(on_front=True)), as_of)


@transaction.atomic
def rewrite(
    account: User, code: str, *, headline: str, body: str, headline_en: str = "", body_en: str = ""
) -> BriefVersion:
    """Give a brief a new wording; :class:`~.wording.WordingError` when a figure or a brace is wrong."""
    policy.check(account, "articles.brief")
    for text in (headline, body, headline_en, body_en):
        wording.parse(text, is_figure)
    brief = Brief.objects.select_for_update().get(code=code)
    newest = brief.versions.first()
    return BriefVersion.objects.create(
        brief=brief,
        number=newest.number + 1 if newest else 1,
        headline=headline,
        body=body,
        headline_en=headline_en,
        body_en=body_en,
        written_at=clock.now(),
        written_by=account,
    )


@transaction.atomic
def load_briefs() -> int:
    """Write the briefs of the city's folder that are not there yet; return how many were added."""
    added = 0
    for position, item in enumerate(city.settings_of("briefs.toml")["brief"]):
        brief, made = Brief.objects.get_or_create(
            code=item["code"],
            defaults={"section": item["section"], "position": position, "on_front": item.get("on_front", False)},
        )
        if made:
            words = {key: item.get(key, "").strip() for key in ("headline", "body", "headline_en", "body_en")}
            BriefVersion.objects.create(brief=brief, number=1, written_at=clock.now(), **words)
            added += 1
    return added


def to_docx(story: Story, note: str) -> bytes:
    """Return a story as DOCX: headline, paragraphs, and a table of its figures with definition, day and version."""
    import docx

    document = docx.Document()
    document.add_heading(_plain(story.headline), level=1)
    for paragraph in story.paragraphs:
        document.add_paragraph(_plain(paragraph))
    document.add_paragraph(note)
    table = document.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("数据", "数值", "统计时间", "口径"), strict=True):
        cell.text = text
    for live in story.live:
        declared = figures.figure(live.value.code)
        period = periods.text(live.value.period, "zh-hans")
        cells = table.add_row().cells
        told = (str(declared.label), live.text, period, str(declared.definition))
        for cell, words in zip(cells, told, strict=True):
            cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(body: str) -> list[str]:
    return [line.strip() for line in body.split("\n") if line.strip()]


def _values(drafts: Iterable[list[list[wording.Piece]]], day: dt.date) -> dict[tuple[str, str | None], Value]:
    wanted: dict[str | None, set[str]] = {}
    for lines in drafts:
        for piece in (piece for line in lines for piece in line):
            if isinstance(piece, wording.Place) and piece.code != "day":
                wanted.setdefault(piece.division, set()).add(piece.code)
    found = {}
    for division, codes in wanted.items():
        for code, value in values(sorted(codes), as_of=day, division=division).items():
            found[code, division] = value
    return found


def _fill(piece: wording.Piece, found: dict[tuple[str, str | None], Value], day: dt.date) -> wording.Text | Live:
    if isinstance(piece, wording.Text):
        return piece
    if piece.code == "day":
        if (get_language() or "").startswith("en"):
            return wording.Text(f"{day:%d %B %Y}".lstrip("0"))
        return wording.Text(f"{day.month}月{day.day}日")
    value = found[piece.code, piece.division]
    return Live(value, value.text if piece.bare else f"{value.text}{value.unit}")


def _plain(line: Line) -> str:
    return "".join(piece.text for piece in line)
