"""The appeals of the years before (演示数据) as cases: each entry of the sample's ledgers leads to the case that was handled.

For every kind and result one appeal is played through the real actions, on the day of the first entry of that sort, which it
replaces; the others are written after its image. What could not be helped is played one by one, as each needs its review.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.history import Past, copy
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.actions import reverse
from yizhantong.kernel.ledger.standing import in_force
from yizhantong.zones.butler.actions import appeals, facts
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Appeal, Outcome, Rating

if TYPE_CHECKING:
    from yizhantong.zones.butler.sample_cases import Stage

SOURCE = "sample:butler"
REASON = "演示:登记与平台办件重复,以办件为准"
MENDED = "已回访企业,补办未落实事项并致歉。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One appeal of the ledgers, as it stands: accepted, perhaps closed, perhaps rated."""

    appeal: Appeal
    outcome: Outcome | None
    rating: Rating | None

    @property
    def sort(self) -> tuple[str, str]:
        """Return what it has in common with those that one case is a model for: kind, and result or "open"."""
        return self.appeal.kind, self.outcome.result if self.outcome else "open"


def write(stage: Stage) -> int:
    """Give every entry of the sample's ledgers its case; return how many cases there are now of the years before."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries():
        groups.setdefault(entry.sort, []).append(entry)
    return sum(_group(stage, kind, result, found) for (kind, result), found in sorted(groups.items()))


def entries() -> Iterator[Entry]:
    """Yield the entries in force that have no case yet, in the order of their days."""
    outcomes = {row.number: row for row in in_force(Outcome.objects.all())}
    ratings = {row.number: row for row in in_force(Rating.objects.all())}
    known = set(Case.objects.filter(zone="butler").values_list("number", flat=True))
    for appeal in in_force(Appeal.objects.all()).order_by("occurred_on", "id"):
        if appeal.number not in known:
            yield Entry(appeal, outcomes.get(appeal.number), ratings.get(appeal.number))


def _group(stage: Stage, kind: str, result: str, found: list[Entry]) -> int:
    if result == "unable":
        for entry in found:
            _played(stage, entry, kind, result)
        return len(found)
    first = next((entry for entry in found if entry.rating is None), found[0])
    model = _played(stage, first, kind, result)
    with clock.at(_moment(stage.city.day, 20)):
        return 1 + copy(model, (_past(entry) for entry in found if entry is not first), source=SOURCE)


def _played(stage: Stage, entry: Entry, kind: str, result: str) -> Case:
    """Play an entry through the real actions and take it back in favour of its case."""
    last = entry.outcome.occurred_on if entry.outcome else entry.appeal.occurred_on
    with clock.at(_moment(entry.appeal.occurred_on, 9)):
        case = appeals.file_appeal(
            entry.appeal.enterprise, kind=_kind(kind), subject=entry.appeal.subject, text=_text(entry.appeal.subject),
            account=stage.people["chuangkou"], channel=Appeal.Channel.WINDOW,
        )  # fmt: skip
    with clock.at(_moment(entry.appeal.occurred_on, 10)):
        cases.accept(case, account=None)
    with clock.at(_moment(last, 16)):
        if result == "unable":
            stage.unable(case, result)
        elif result != "open":
            cases.close_answered(case, result=result, reason="经协调已有结果,已向企业说明。", account=None)
    if entry.rating is not None:
        reverse(entry.rating, account=None, reason=REASON, source="sample", by_owner=True)
    if entry.outcome is not None:
        facts.take_back_outcome(entry.appeal.number, reason=REASON, account=None, source="sample")
    facts.take_back_appeal(entry.appeal.number, reason=REASON, account=None, source="sample")
    return case


def _past(entry: Entry) -> Past:
    appeal, outcome, rating = entry.appeal, entry.outcome, entry.rating
    minutes = appeal.pk % 45
    return Past(
        number=appeal.number, organisation=appeal.enterprise_id, division=appeal.division_id, office=appeal.agency_id,
        submitted_at=_moment(appeal.occurred_on, 8, minutes), accepted_at=_moment(appeal.occurred_on, 9, minutes),
        closed_at=_moment(outcome.occurred_on, 16, minutes) if outcome else None, title=appeal.subject,
        details={"channel": appeal.channel, "is_secret": False},
        data={"appeal_subject": appeal.subject, "appeal_text": _text(appeal.subject), "appeal_secret": False},
        rating=rating.rating if rating else None, rated_at=_moment(rating.occurred_on, 18, minutes) if rating else None,
        mended=MENDED if rating and rating.rating <= 2 else "",
    )  # fmt: skip


def _kind(counts_as: str) -> str:
    return next(code for code, kind in settings().kinds.items() if kind.counts_as == counts_as)


def _text(subject: str) -> str:
    return f"企业反映{subject}方面的困难,希望予以协调。"


def _moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)), timezone.get_default_timezone())
