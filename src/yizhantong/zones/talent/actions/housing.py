"""Flats: asked for, points counted with reasons, a place in the queue, an offer that expires, a lease, leaving.

The best place in the queue gets a free flat; both rows are locked, and the database allows one open offer a flat and a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.zones.talent.actions.common import check_acts, check_manages, data_of, facts_of, needs
from yizhantong.zones.talent.actions.recognition import tell
from yizhantong.zones.talent.actions.subsidies import holding
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Estate, Flat, Lease, Offer, Talent, Waiting
from yizhantong.zones.talent.points import Counted, counted
from yizhantong.zones.talent.schedule import months_after

LIVE = ("asked", "waiting", "offered", "housed")


def check(case: Case, data: Mapping[str, Any]) -> None:
    """Refuse who is not recognised, who has a home here, who waits or lives in a flat already."""
    talent = holding(case.person_id)
    if data.get("talent_has_home") in (True, "true", "True"):
        text = "人才公寓提供给在本市没有自有住房的人才"
        raise TalentError("talent.has_home", text, "地方人才公寓管理办法(待核)", "talent_has_home")
    if Waiting.objects.filter(talent=talent, state__in=LIVE).exists():
        raise TalentError("talent.waits_already", "您已在轮候或已入住人才公寓,不能重复申请")


def points_of(talent: Talent, case: Case) -> Counted:
    """Return somebody's points with their reasons, as of today."""
    years = (clock.today() - talent.since).days // 365
    known = facts_of(case, data_of(case)) | {"人才类别": talent.category, "认定满年数": years}
    return counted(settings().points, known)


def begin(case: Case) -> Waiting:
    """Enter the application of a case that was just submitted."""
    talent, data = holding(case.person_id), data_of(case)
    found = points_of(talent, case)
    try:
        with transaction.atomic():
            return Waiting.objects.create(
                case=case, talent=talent, rooms=int(data["talent_rooms"]), points=found.total, reasons=list(found.reasons),
                since=case.submitted_at or clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise TalentError("talent.waits_already", "您已在轮候或已入住人才公寓,不能重复申请") from None


def enter(waiting: Waiting) -> Waiting:
    """Let somebody wait: his case was granted; points are counted again."""
    found = points_of(waiting.talent, waiting.case)
    waiting.points, waiting.reasons, waiting.state = found.total, list(found.reasons), Waiting.State.WAITING
    waiting.save(update_fields=["points", "reasons", "state"])
    return waiting


@transaction.atomic
def open_estate(row: Mapping[str, Any], *, account: Account | None) -> Estate:
    """Enter an estate with its flats: ``{"code", "name", "address", "division", "flats": [{"rooms", "count", "area", "rent_yuan"}]}``."""
    check_manages(account)
    for name, sentence in (("code", "请填写项目代码"), ("name", "请填写项目名称"), ("address", "请填写地址")):
        needs(str(row[name]), name, sentence)
    wrong = [kind for kind in row["flats"] if not _sound(kind)]
    if wrong or not row["flats"]:
        raise TalentError("talent.flats", "每种户型请填写居室(1–3)、套数(1–99)、面积和月租金", field="flats")
    if Estate.objects.filter(code=row["code"]).exists():
        raise TalentError("talent.estate_taken", f"公寓项目代码 {row['code']} 已存在,请另选代码", field="code")
    estate = Estate.objects.create(
        code=row["code"], name=row["name"], address=row["address"], division_id=row["division"]
    )
    made = [
        Flat(
            estate=estate, number=f"{floor}{place:02d}", rooms=kind["rooms"], area=kind["area"], rent_fen=kind["rent_yuan"] * 100
        )
        for floor, kind in enumerate(row["flats"], 1)
        for place in range(1, kind["count"] + 1)
    ]  # fmt: skip
    Flat.objects.bulk_create(made)
    return estate


def _sound(kind: Mapping[str, Any]) -> bool:
    """Tell whether a kind of flat can be: rooms, how many, size in m², rent in 元."""
    return (
        1 <= kind["rooms"] <= 3
        and 1 <= kind["count"] <= 99
        and 0 < float(kind["area"]) < 1000
        and 0 <= kind["rent_yuan"] < 10**6
    )


@transaction.atomic
def close_flat(flat: Flat, *, closed: bool, account: Account | None) -> Flat:
    """Take a flat that stands free out of use, or bring it back."""
    check_manages(account)
    held = Flat.objects.select_for_update().select_related("estate").get(pk=flat.pk)
    wanted, state = (Flat.State.FREE, Flat.State.CLOSED) if closed else (Flat.State.CLOSED, Flat.State.FREE)
    if held.state != wanted:
        raise TalentError("talent.flat_state", f"{held} 现为“{held.get_state_display()}”,不能办理")
    held.state = state
    held.save(update_fields=["state"])
    return held


@transaction.atomic
def offer_next(flat: Flat, *, account: Account | None) -> Offer:
    """Offer a free flat to the best place in the queue that asked for so many rooms; ``talent.nobody_waits``, ``talent.flat_taken``."""
    check_manages(account)
    held = Flat.objects.select_for_update().get(pk=flat.pk)
    if held.state != Flat.State.FREE:
        raise TalentError("talent.flat_taken", f"{held} 现为“{held.get_state_display()}”,不能配租")
    queue = Waiting.objects.filter(state=Waiting.State.WAITING, rooms=held.rooms, talent__state=Talent.State.HOLDS)
    for pk in queue.order_by("-points", "since", "pk").values_list("pk", flat=True)[:20]:
        waiting = Waiting.objects.select_for_update(of=("self",)).select_related("talent__person").get(pk=pk)
        if waiting.state == Waiting.State.WAITING and not waiting.offers.filter(flat=held).exists():
            return _offer(waiting, held)
    raise TalentError("talent.nobody_waits", f"没有等待 {held.rooms} 居室的轮候人")


def _offer(waiting: Waiting, flat: Flat) -> Offer:
    now = clock.now()
    end = timezone.localtime(now).date() + dt.timedelta(days=settings().answer_days)
    made = Offer.objects.create(waiting=waiting, flat=flat, offered_at=now, expires_at=clock.end_of(end))
    flat.state, waiting.state = Flat.State.OFFERED, Waiting.State.OFFERED
    flat.save(update_fields=["state"])
    waiting.save(update_fields=["state"])
    tell(waiting.talent.person, "人才公寓配租通知", f"为您配租 {flat},请在 {end} 前答复,逾期视为放弃。")
    return made


@transaction.atomic
def accept(offer: Offer, *, account: Account | None) -> Lease:
    """Accept an offer: the lease begins today. An offer that has lapsed or was answered is ``talent.offer_settled``."""
    locked = _open_offer(offer, account)
    _settle(locked, Offer.State.ACCEPTED)
    flat, waiting, today = locked.flat, locked.waiting, clock.today()
    flat.state, waiting.state = Flat.State.LET, Waiting.State.HOUSED
    flat.save(update_fields=["state"])
    waiting.save(update_fields=["state"])
    return Lease.objects.create(
        offer=locked, flat=flat, talent=waiting.talent, number=f"ZL-{today.year}-{locked.pk:06d}", first_day=today,
        last_day=months_after(today, settings().lease_months) - dt.timedelta(days=1), rent_fen=flat.rent_fen,
    )  # fmt: skip


@transaction.atomic
def decline(offer: Offer, *, account: Account | None) -> Waiting:
    """Decline an offer: back into the queue, or out of it after the city's number of refusals."""
    locked = _open_offer(offer, account)
    return _give_back(locked, Offer.State.DECLINED)


@transaction.atomic
def lapse() -> int:
    """Let offers lapse that nobody answered in time; return how many."""
    keys = list(
        Offer.objects.filter(state=Offer.State.OPEN, expires_at__lte=clock.now())
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    count = 0
    for pk in keys:
        locked = _lock_offer(pk)
        if locked.state == Offer.State.OPEN:
            _give_back(locked, Offer.State.LAPSED)
            count += 1
    return count


@transaction.atomic
def end_lease(lease: Lease, *, reason: str, account: Account | None) -> Lease:
    """Leave a flat; it is free from now on."""
    if account is not None:
        talent = Talent.objects.get(pk=lease.talent_id)
        if getattr(account, "person_id", None) != talent.person_id:
            check_manages(account)
    reason = needs(reason, "reason", "请写明退租原因")
    flat = Flat.objects.select_for_update().get(pk=lease.flat_id)
    locked = Lease.objects.select_for_update(of=("self",)).select_related("offer__waiting").get(pk=lease.pk)
    if locked.ended_on is not None:
        raise TalentError("talent.lease_ended", f"租约 {locked.number} 已于 {locked.ended_on} 终止")
    locked.ended_on, locked.ended_for = clock.today(), reason[:200]
    locked.save(update_fields=["ended_on", "ended_for"])
    flat.state = Flat.State.FREE
    flat.save(update_fields=["state"])
    leave(locked.offer.waiting, reason)
    return locked


def leave(waiting: Waiting, reason: str) -> None:
    """Take somebody out of the queue, with the reason; an open offer to him is given back."""
    for offer in waiting.offers.filter(state=Offer.State.OPEN):
        locked = _lock_offer(offer.pk)
        _settle(locked, Offer.State.DECLINED)
        Flat.objects.filter(pk=locked.flat_id).update(state=Flat.State.FREE)
    waiting.state, waiting.left_for = Waiting.State.LEFT, reason[:200]
    waiting.save(update_fields=["state", "left_for"])


def _lock_offer(pk: int) -> Offer:
    """Lock flat, waiting and offer in one order everywhere: the flat first."""
    flat, waiting = Offer.objects.values_list("flat_id", "waiting_id").get(pk=pk)
    Flat.objects.select_for_update().get(pk=flat)
    Waiting.objects.select_for_update().get(pk=waiting)
    rows = Offer.objects.select_for_update(of=("self",)).select_related("flat__estate", "waiting__talent__person")
    return rows.get(pk=pk)


def _open_offer(offer: Offer, account: Account | None) -> Offer:
    locked = _lock_offer(offer.pk)
    check_acts(account, None, locked.waiting.talent.person_id)
    if locked.state != Offer.State.OPEN or locked.expires_at <= clock.now():
        state = locked.get_state_display() if locked.state != Offer.State.OPEN else "已过答复期限"
        raise TalentError("talent.offer_settled", f"该配租现为“{state}”,不能再答复")
    return locked


def _settle(offer: Offer, state: str) -> None:
    offer.state, offer.answered_at = state, clock.now()
    offer.save(update_fields=["state", "answered_at"])


def _give_back(offer: Offer, state: str) -> Waiting:
    _settle(offer, state)
    flat, waiting = offer.flat, offer.waiting
    flat.state = Flat.State.FREE
    flat.save(update_fields=["state"])
    waiting.declined += 1
    out = waiting.declined >= settings().declines
    waiting.state = Waiting.State.LEFT if out else Waiting.State.WAITING
    waiting.left_for = f"放弃配租 {waiting.declined} 次,退出轮候" if out else ""
    waiting.save(update_fields=["declined", "state", "left_for"])
    return waiting
