"""Stations of skill masters: qualified by rule, judged on the spot by drawn experts, announced, confirmed with a plaque; then looked at.

submitted → qualify (rules, each with its reason) → draw experts → sheets → settle → public notice → confirm → plaque
every year an inspection; at the term a review; who fails is withdrawn and barred for years
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.issuing import issue, revoke
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent import sheets
from yizhantong.zones.talent.actions import pool
from yizhantong.zones.talent.actions.common import check_manages, data_of, facts_of, needs, user
from yizhantong.zones.talent.actions.posts import fen
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Draw, Inspection, PoolExpert, Station, StationReview
from yizhantong.zones.talent.reasons import MET, said
from yizhantong.zones.talent.schedule import months_after

State, Sheet = Station.State, StationReview.State
ONSITE = "onsite"
SUBJECT = "talent-station"
ROOMS = ("office", "theory", "practice", "research")


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse an organisation that is barred, or that has or asks for a station in that field already."""
    if case.organisation_id is None:
        raise TalentError("talent.organisations_only", "工作站由依托单位申报,请以单位身份办理")
    barred = (
        Station.objects.filter(organisation_id=case.organisation_id, barred_until__gte=clock.today())
        .order_by("-barred_until")
        .first()
    )
    if barred is not None:
        text = f"贵单位的“{barred.name}”已被摘牌,{barred.barred_until} 前不能再申报"
        raise TalentError("talent.barred", text, settings().stations.law)
    field = str(data.get("station_field") or "").strip()
    if Station.objects.filter(
        organisation_id=case.organisation_id, field=field, state__in=[State.ASKED, State.STANDS]
    ).exists():
        raise TalentError("talent.station_already", f"贵单位在“{field}”领域已有或正在申报工作站", field="station_field")


def begin(case: Case) -> Station:
    """Enter the application of a case that was just submitted, with what the rules say of it."""
    assert case.organisation_id is not None, "only organisations apply: checked at submission"
    station = Station(case=case, organisation_id=case.organisation_id)
    _read(station)
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError:
        raise TalentError("talent.station_already", "贵单位在该领域已有或正在申报工作站") from None
    return station


def read_again(station: Station) -> Station:
    """Read the form again, after it was mended."""
    _read(station)
    station.save()
    return station


def check_qualified(station: Station, outcome: str) -> None:
    """Refuse to let pass what a rule says no to; a person may still find a reason to say no."""
    unmet = [one["text"] for one in station.checks if one["verdict"] != MET]
    if outcome == "pass" and unmet:
        raise TalentError(
            "talent.not_qualified", f"不符合申报条件:{';'.join(unmet)}", settings().stations.law, unmet=unmet
        )


@transaction.atomic
def ask_experts(station: Station, *, wanted: int | None = None, account: Account | None, seed: str = "") -> Draw:
    """Draw the group that comes to look, at least as many as the sheet asks for; those who have a sheet or stepped back are not drawn again."""
    check_manages(account)
    locked = Station.objects.select_for_update(of=("self",)).select_related("organisation", "case").get(pk=station.pk)
    if not CaseStep.objects.filter(case=locked.case_id, code=ONSITE, done_at=None).exists():
        raise TalentError("talent.not_in_review", "该申报不在专家现场评审环节")
    least = settings().stations.sheet.least
    standing = locked.reviews.exclude(state=Sheet.CONFLICT).count()
    wanted = wanted or max(1, least - standing)
    if wanted + standing < least:
        raise TalentError("talent.too_few_experts", f"评审组至少 {least} 人", field="wanted")
    over = list(locked.reviews.values_list("expert", flat=True))
    made = pool.draw(
        "station", locked.case.number, locked.field, wanted, organisation=locked.organisation, account=account, passed_over=over, seed=seed
    )  # fmt: skip
    reviews = [StationReview(station=locked, expert_id=int(pk), draw=made, asked_at=clock.now()) for pk in made.chosen]
    StationReview.objects.bulk_create(reviews)
    told = list(PoolExpert.objects.filter(pk__in=[int(pk) for pk in made.chosen]).values_list("account", flat=True))
    body = f"请到“{locked.name}”现场评审并填写评分表。"
    send("talent.expert", told, title="新的现场评审任务", body=body, link="/talent/scoring/")
    return made


@transaction.atomic
def step_back(review: StationReview, reason: str, *, account: User) -> StationReview:
    """Declare a conflict: the sheet is closed, the pool remembers it, another expert of the field is drawn where there is one."""
    locked = _own(review, account)
    reason = needs(reason, "conflict", "请写明需要回避的原因")
    locked.state, locked.conflict, locked.done_at = Sheet.CONFLICT, reason[:200], clock.now()
    locked.save(update_fields=["state", "conflict", "done_at"])
    pool.declare(locked.expert, locked.station.organisation, reason, account=account)
    try:
        with transaction.atomic():
            ask_experts(locked.station, wanted=1, account=None)
    except TalentError as error:
        if error.code not in ("talent.pool_small", "talent.too_few_experts"):
            raise
    return locked


@transaction.atomic
def score(
    review: StationReview, marks: Mapping[str, object], *, opinion: str, independent: bool, account: User
) -> StationReview:
    """Give one's sheet, once; the expert declares that he has no interest."""
    locked = _own(review, account)
    if not independent:
        raise TalentError("talent.not_declared", "请先声明与申报单位无利益冲突;有冲突的请申请回避", field="independent")
    locked.total = sheets.added(settings().stations.sheet, marks)
    locked.opinion = needs(opinion, "opinion", "请填写评审意见")[:1000]
    locked.scores = {code: str(mark).strip() for code, mark in marks.items()}
    locked.independent, locked.state, locked.done_at = True, Sheet.SCORED, clock.now()
    locked.save()
    return locked


def settled(station: Station) -> sheets.Settled:
    """Return what the sheets come to; everyone asked must have answered."""
    reviews = list(station.reviews.order_by("id"))
    if waiting := sum(one.state == Sheet.ASKED for one in reviews):
        raise TalentError("talent.sheets_open", f"还有 {waiting} 位专家未评分或回避")
    totals = [one.total for one in reviews if one.state == Sheet.SCORED and one.total is not None]
    return sheets.settled(totals, settings().stations.sheet)


def check_onsite(station: Station, outcome: str) -> None:
    """Refuse an outcome of the review that the sheets do not bear out."""
    found = settled(station)
    if found.passed != (outcome == "pass"):
        text = f"专家评审均分 {found.mean},{'达到' if found.passed else '未达到'}通过线,环节结果应与评分一致"
        raise TalentError("talent.sheets_say_otherwise", text, mean=str(found.mean))


def keep(station: Station) -> Station:
    """Write the settled score, and mark which sheets were dropped as extremes."""
    found = settled(station)
    scored = list(station.reviews.filter(state=Sheet.SCORED).order_by("id"))
    station.reviews.filter(pk__in=[scored[place].pk for place in found.dropped]).update(dropped=True)
    station.score = found.mean
    station.save(update_fields=["score"])
    return station


def confirm(station: Station) -> Station:
    """Confirm a station: plaque with a number of its own, first and last day of its term."""
    rules, today = settings().stations, clock.today()
    prefix = f"{rules.prefix}-{today.year}-"
    last = Station.objects.select_for_update().filter(plaque__startswith=prefix).order_by("-plaque").first()
    number = int(last.plaque.rpartition("-")[2]) + 1 if last is not None else 1
    station.plaque, station.state, station.first_day = f"{prefix}{number:03d}", State.STANDS, today
    station.last_day = months_after(today, 12 * rules.cycle_years) - dt.timedelta(days=1)
    station.save(update_fields=["plaque", "state", "first_day", "last_day"])
    return station


@transaction.atomic
def certificate(station: Station, *, account: Account | None) -> Issued:
    """Return the certificate that goes with the plaque of a term, issued on the first asking; one of the term before is replaced."""
    locked = Station.objects.select_for_update(of=("self",)).select_related("organisation", "case").get(pk=station.pk)
    if locked.state != State.STANDS or locked.first_day is None or locked.last_day is None:
        raise TalentError("talent.no_plaque", f"工作站现为“{locked.get_state_display()}”,没有挂牌,不能出具证书")
    subject = f"{locked.case.number}/{locked.last_day:%Y%m%d}"
    issued = list(_certificates(locked))
    if issued and issued[-1].subject_number == subject and issued[-1].revoked_at is None:
        return issued[-1]
    return issue(
        Issued.Kind.CERTIFICATE, title="技能大师工作站证书", issuer=Organisation.objects.get(pk=settings().office),
        holder_name=locked.organisation.name, holder_kind="organisation", subject=(SUBJECT, subject), account=account,
        replaces=issued[-1] if issued and issued[-1].revoked_at is None else None,
        fields=[
            ("工作站", locked.name), ("牌匾编号", locked.plaque), ("领办技能大师", locked.master), ("专业领域", locked.field),
            ("专家评审得分", f"{locked.score}"), ("周期", f"{locked.first_day.isoformat()} 至 {locked.last_day.isoformat()}"),
        ],
    )  # fmt: skip


def _certificates(station: Station) -> QuerySet[Issued]:
    """Return a station's certificates, one a term, the oldest first."""
    rows = Issued.objects.filter(subject_kind=SUBJECT, subject_number__startswith=f"{station.case.number}/")
    return rows.order_by("id")


def refuse(station: Station) -> None:
    """Let the organisation apply again: its case ended without a station."""
    station.state = State.REFUSED
    station.save(update_fields=["state"])


# --- afterwards --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_inspections(year: int, *, account: Account | None) -> int:
    """Open a year's inspections: the term's review for those whose term ends in it, the yearly look for the others. Return how many are new."""
    check_manages(account)
    rows = Station.objects.filter(state=State.STANDS, first_day__lt=dt.date(year, 1, 1))
    made = 0
    for station in rows.order_by("pk"):
        assert station.last_day is not None
        term = station.last_day.year <= year
        due = min(station.last_day, dt.date(year, 12, 31)) if term else dt.date(year, 12, 31)
        kind = Inspection.Kind.TERM if term else Inspection.Kind.YEARLY
        _one, new = Inspection.objects.get_or_create(station=station, year=year, kind=kind, defaults={"due_on": due})
        made += new
    return made


@transaction.atomic
def inspect(
    inspection: Inspection, marks: Mapping[str, object], *, opinion: str, account: Account | None
) -> Inspection:
    """Enter what was found, criterion by criterion. A term that is failed takes the plaque away; one that is passed begins a new term."""
    check_manages(account)
    locked = Inspection.objects.select_for_update(of=("self",)).select_related("station").get(pk=inspection.pk)
    if locked.state != Inspection.State.OPEN:
        raise TalentError("talent.inspected_already", f"{locked.year} 年检查已完成:{locked.get_state_display()}")
    rules = settings().stations
    total = sheets.added(rules.sheet, marks)
    locked.opinion = needs(opinion, "opinion", "请填写检查意见")[:500]
    locked.results, locked.score = {code: str(mark).strip() for code, mark in marks.items()}, total
    passed = total >= Decimal(rules.term_mark)
    locked.state = Inspection.State.PASSED if passed else Inspection.State.FAILED
    locked.done_at, locked.done_by = clock.now(), user(account)
    locked.save()
    station = locked.station
    if locked.kind == Inspection.Kind.TERM and passed:
        assert station.last_day is not None
        station.last_day = months_after(station.last_day, 12 * rules.cycle_years)
        station.save(update_fields=["last_day"])
        certificate(station, account=None)
    elif locked.kind == Inspection.Kind.TERM:
        withdraw(station, reason=f"届满考核不合格({total} 分):{locked.opinion}", account=account)
    return locked


@transaction.atomic
def withdraw(station: Station, *, reason: str, account: Account | None) -> Station:
    """Take the plaque away; the organisation is barred for the city's number of years."""
    check_manages(account)
    reason = needs(reason, "reason", "请写明摘牌原因")
    locked = Station.objects.select_for_update(of=("self",)).select_related("case").get(pk=station.pk)
    if locked.state != State.STANDS:
        raise TalentError("talent.station_state", f"工作站现为“{locked.get_state_display()}”,不能摘牌")
    locked.state, locked.ended_for = State.WITHDRAWN, reason[:200]
    locked.barred_until = months_after(clock.today(), 12 * settings().stations.bar_years)
    locked.save(update_fields=["state", "ended_for", "barred_until"])
    for issued in _certificates(locked).filter(revoked_at=None):
        revoke(issued, reason=reason, account=None)
    return locked


def _read(station: Station) -> None:
    case = station.case
    data = data_of(case)
    station.name, station.master = data["station_name"][:80], data["station_master"][:40]
    station.honour, station.field = data["station_honour"], data["station_field"].strip()[:40]
    station.rooms = {code: str(data.get(f"station_{code}") or 0) for code in ROOMS}
    station.equipment_fen = fen(data["station_equipment"], "station_equipment")
    station.apprentices, station.projects = int(data["station_apprentices"]), int(data["station_projects"])
    known = facts_of(case, data)
    station.checks = [
        {
            "code": one.code,
            "text": one.text,
            "verdict": (found := said(one.rule, known)).verdict,
            "values": found.values,
        }
        for one in settings().stations.qualification
    ]


def _own(review: StationReview, account: User) -> StationReview:
    rows = StationReview.objects.select_for_update(of=("self",)).select_related(
        "expert", "station__organisation", "station__case"
    )
    locked = rows.get(pk=review.pk)
    if locked.expert.account_id != account.pk:
        raise TalentError("talent.not_your_review", "这份评审任务不是指派给您的")
    if locked.state != Sheet.ASKED:
        raise TalentError("talent.review_settled", f"该评审现为“{locked.get_state_display()}”,不能再改")
    return locked
