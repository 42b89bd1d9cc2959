"""Placing a batch: tried, proposed by one, published by another; then every case is closed, or told that it waits."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.issuing import revoke
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.zones.onething.enrolment import lottery, terms
from yizhantong.zones.onething.enrolment import notices as tell
from yizhantong.zones.onething.enrolment.access import check_manages
from yizhantong.zones.onething.enrolment.actions import confirming
from yizhantong.zones.onething.enrolment.allocation import Applicant, Placed, allocate
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Batch, Child, Placement, School, Season

TRIAL_SEED = "试算"
GROUP = 50
STANDING = (Placement.State.OFFERED, Placement.State.CONFIRMED)


@dataclass(frozen=True)
class Run:
    """A computed batch: children by code, the result by code, the places that there were, counts for people, the digest of it all.

    ``held``: the diverted places of those who wait for their own school, by child.
    """

    children: Mapping[str, Child]
    placed: Mapping[str, Placed]
    places: Mapping[str, int]
    counts: Mapping[str, Any]
    digest: str
    trial: bool
    held: Mapping[int, Placement]


def compute(batch: Batch) -> Run:
    """Compute a batch; nothing is written. Before the seed is told, a trial with lots of its own."""
    season = batch.season
    given = terms.read(season.rules)
    held = {row.child_id: row for row in diverted(season) if row.child.category in batch.categories}
    waiting = Child.objects.filter(season=season, state=Child.State.VERIFIED, category__in=batch.categories)
    children = [*waiting.select_related("school"), *(row.child for row in held.values())]
    trial = season.revealed_at is None
    rows = [_applicant(child, given, trial, held.get(child.pk)) for child in children]
    places = free_places(season)
    lists = {row.code: tuple(row.diverts_to) for row in School.objects.filter(season=season)}
    placed = allocate(rows, places, lists, divert=batch.divert)
    by_code = {child.code: child for child in children}
    counts = _counts(by_code, placed, places, given, held)
    return Run(by_code, placed, places, counts, _digest(rows, placed, places), trial, held)


def diverted(season: Season) -> QuerySet[Placement]:
    """Return the standing places of those who were diverted and go on waiting for their own school."""
    rows = Placement.objects.filter(
        child__season=season, child__state=Child.State.PLACED, state__in=STANDING, keeps_waiting=True
    )
    away = rows.exclude(school_id=F("child__school_id"))
    return away.select_related("child__school", "child__case", "school").order_by("id")


def free_places(season: Season) -> dict[str, int]:
    """Return what every school has left: its places less those that are offered or confirmed."""
    taken = dict(
        Placement.objects.filter(batch__season=season, state__in=STANDING)
        .values_list("school__code")
        .annotate(number=Count("id"))
    )
    return {row.code: max(0, row.places - taken.get(row.code, 0)) for row in School.objects.filter(season=season)}


def propose(batch: Batch, account: User | None) -> Batch:
    """Propose the computed batch for publication. Raises ``enrolment.not_revealed``, ``enrolment.unverified``, ``enrolment.batch_state``, ``enrolment.earlier_batch``."""
    with transaction.atomic():
        held = _locked(batch, account)
        if held.state == Batch.State.PUBLISHED:
            raise EnrolmentError("enrolment.batch_state", "本批已经公布")
        if held.season.revealed_at is None:
            raise EnrolmentError("enrolment.not_revealed", "请先确定名单并公开摇号种子,再提交录取结果")
        waiting = Child.objects.filter(season=held.season, state=Child.State.FILED).count()
        if waiting:
            raise EnrolmentError("enrolment.unverified", f"还有 {waiting} 名学生没有核验,请先完成核验")
        if (
            Batch.objects.filter(season=held.season, number__lt=held.number)
            .exclude(state=Batch.State.PUBLISHED)
            .exists()
        ):
            raise EnrolmentError("enrolment.earlier_batch", "前面的批次还没有公布,请按顺序录取")
        run = compute(held)
        held.state, held.digest, held.counts = Batch.State.PROPOSED, run.digest, dict(run.counts)
        held.proposed_by, held.proposed_at = account, clock.now()
        held.save()
    return held


def publish(batch: Batch, account: User | None) -> Batch:
    """Publish a proposed batch, by somebody else: it is computed anew, and refused when it differs from what was proposed.

    Raises ``enrolment.four_eyes``, ``enrolment.batch_state``, ``enrolment.changed``. The cases are closed by a job.
    """
    from yizhantong.zones.onething.enrolment.tasks import settle_batch

    with transaction.atomic():
        held = _locked(batch, account)
        if held.state != Batch.State.PROPOSED:
            raise EnrolmentError("enrolment.batch_state", "本批没有待审定的结果,请刷新后查看")
        if account is not None and held.proposed_by_id == account.pk:
            raise EnrolmentError("enrolment.four_eyes", "录取结果须由提交人以外的人审定公布")
        list(diverted(held.season).select_for_update(of=("self",)))  # no parent confirms or declines in between
        run = compute(held)
        if run.digest != held.digest:
            raise EnrolmentError("enrolment.changed", "提交以后报名或学位有变动,结果已不同;请重新试算并提交")
        held.confirm_until = max(held.publishes_on, clock.today()) + dt.timedelta(days=held.season.confirm_days)
        _write(held, run)
        held.state, held.published_by, held.published_at = Batch.State.PUBLISHED, account, clock.now()
        held.save()
        audit(
            account,
            AuditEvent.Event.PUBLISH,
            f"enrolment:{held.season.code}:{held.number}",
            digest=held.digest,
            placed=run.counts["placed"],
        )
        settle_batch.enqueue(batch=held.pk)
    return held


def settle(batch: Batch) -> int:
    """Close the cases of the children that a published batch placed, and tell all; in groups, and again without doing twice."""
    done = 0
    rows = Placement.objects.filter(batch=batch, told_at__isnull=True)
    while True:
        with transaction.atomic():
            found = list(rows.select_related("child__case", "child__season", "school").order_by("id")[:GROUP])
            for row in found:
                _settle(row, batch)
            Placement.objects.filter(pk__in=[row.pk for row in found]).update(told_at=clock.now())
        done += len(found)
        if len(found) < GROUP:
            return done


def _settle(row: Placement, batch: Batch) -> None:
    case = row.child.case
    if row.school is not None and case.state == Case.State.ACCEPTED:
        opinion = f"{batch.name}录取到{row.school.name}"
        cases.complete_step(
            case, "place", outcome="pass", opinion=opinion, account=None, source=f"enrolment:{batch.pk}"
        )
    elif row.school is not None and row.explanation.get("held"):
        text = f"{batch.name}:对应学校{row.school.name}空出学位,由原调剂学校改录到{row.school.name}"
        cases.add(case, text, account=None, source=f"enrolment:{batch.pk}")
    tell.result(row)


def _write(batch: Batch, run: Run) -> None:
    schools = {row.code: row for row in School.objects.filter(season=batch.season)}
    made = [_placement(batch, run, run.children[code], placed, schools) for code, placed in run.placed.items()]
    for row in made:
        if row.school_id is not None and row.child_id in run.held:
            _give_back(run.held[row.child_id], row)
    Placement.objects.bulk_create(made, batch_size=500)
    taken = [row.child_id for row in made if row.school_id is not None]
    for start in range(0, len(taken), 500):
        Child.objects.filter(pk__in=taken[start : start + 500]).update(state=Child.State.PLACED)


def _placement(batch: Batch, run: Run, child: Child, placed: Placed, schools: Mapping[str, School]) -> Placement:
    """Return the row of one result. Who had confirmed the diverted place and goes on waiting has said already that the own one is wanted."""
    school, held = schools.get(placed.school or ""), run.held.get(child.pk)
    confirmed = held is not None and held.state == Placement.State.CONFIRMED
    state = Placement.State.WAITING
    if school is not None:
        state = Placement.State.CONFIRMED if confirmed else Placement.State.OFFERED
    return Placement(
        batch=batch, child=child, school=school, state=state, explanation=explanation(child, placed, held),
        confirm_until=batch.confirm_until if state == Placement.State.OFFERED else None,
        settled_at=clock.now() if state == Placement.State.CONFIRMED else None,
    )  # fmt: skip


def _give_back(held: Placement, moved: Placement) -> None:
    """Give the diverted place back, and revoke the notice that was printed for it."""
    held.state, held.settled_at = Placement.State.MOVED, clock.now()
    held.save(update_fields=["state", "settled_at"])
    for paper in confirming.notices_of(held.child).filter(revoked_at__isnull=True):
        revoke(paper, reason=f"已改录到{moved.school.name if moved.school else ''},原学校的学位已退回", account=None)


def explanation(child: Child, placed: Placed, held: Placement | None = None) -> dict[str, Any]:
    """Return what is kept of why: all numbers that the sentence needs, none that names another child; ``held``: the school it was diverted to."""
    return {
        "why": placed.why, "school": child.school.code if child.school else "", "category": child.category, "keys": child.keys, "lot": child.lot,
        "position": placed.position, "of": placed.of, "places": placed.places, "last": list(placed.last) if placed.last else None, "tried": list(placed.tried),
        "held": held.school.code if held is not None and held.school is not None else "",
    }  # fmt: skip


def _locked(batch: Batch, account: Account | None) -> Batch:
    Season.objects.select_for_update().get(pk=batch.season_id)
    held = Batch.objects.select_for_update(of=("self",)).select_related("season").get(pk=batch.pk)
    check_manages(account, held.season)
    return held


def _applicant(child: Child, given: terms.Terms, trial: bool, held: Placement | None) -> Applicant:
    lot = lottery.lot_of(TRIAL_SEED, "", child.together or child.code) if trial else child.lot
    return Applicant(
        child.code,
        given.rank(child.category),
        child.school.code if child.school else None,
        tuple(child.keys),
        child.together,
        lot,
        held.school.code if held is not None and held.school is not None else "",
    )


def _counts(
    children: Mapping[str, Child],
    placed: Mapping[str, Placed],
    places: Mapping[str, int],
    given: terms.Terms,
    held: Mapping[int, Placement],
) -> dict[str, Any]:
    """Return the numbers of a batch; ``back`` are the places of a school that were given back in it."""
    rows: dict[str, dict[str, int]] = {
        code: {"places": number, "asked": 0, "own": 0, "diverted": 0, "over": 0, "back": 0}
        for code, number in sorted(places.items())
    }
    by_category: Counter[str] = Counter()
    for code, one in placed.items():
        child = children[code]
        own = child.school.code if child.school else ""
        if own in rows:
            rows[own]["asked"] += 1
            rows[own]["over"] += one.why != "own"
        if one.school is not None:
            rows[one.school][one.why] += 1
            by_category[child.category] += 1
            away = held.get(child.pk)
            if away is not None and away.school is not None:
                rows[away.school.code]["back"] += 1
    return {
        "children": len(placed), "placed": sum(one.school is not None for one in placed.values()), "schools": rows,
        "categories": {each.code: by_category[each.code] for each in given.categories},
    }  # fmt: skip


def _digest(rows: list[Applicant], placed: Mapping[str, Placed], places: Mapping[str, int]) -> str:
    said = [sorted((row.code, row.rank, row.own or "", row.keys, row.together, row.lot, row.holds) for row in rows)]
    result = sorted((code, one.school or "", one.why) for code, one in placed.items())
    text = json.dumps([said, result, sorted(places.items())], ensure_ascii=False, default=list)
    return hashlib.sha256(text.encode()).hexdigest()
