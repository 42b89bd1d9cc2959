"""A request for another city comes in here and is handed over: at a counter (异地代收代办), online (全程网办), or as parts of one matter (多地联办)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Stored
from yizhantong.kernel.items import queries as items
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.access import check, handles, source_of
from yizhantong.zones.crossregion.actions.following import LIVE
from yizhantong.zones.crossregion.actions.numbers import draw
from yizhantong.zones.crossregion.actions.talking import content_of, document, locked, material_of, say, station
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, CrossingFile, Direction, Mode, Partner, PartnerItem
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.protocol.machine import Stage

Applicant = Organisation | Person
GOES_ON = (Stage.REFUSED, Stage.RETURNED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part of a request: an item of a partner's list, its form by element, and files by the code of the material."""

    item: PartnerItem
    form: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[tuple[str, Stored]] = ()


@transaction.atomic
def receive_for(applicant: Applicant, wanted: Sequence[Wanted], mode: str, *, account: policy.Account | None,
                key: str | None = None, source: str = "") -> Case:  # fmt: skip
    """Take a request in for one city, or (``joint``) for several, and hand it over; return our own case of it.

    ``online`` is asked by who applies (his account vouches for him); the other modes by a clerk. The same key again returns the same
    case. Raises :class:`CrossingError` (``partner``, ``mode``, ``form``, ``materials`` …), ``CaseError`` or ``Refused``.
    """
    _may_send(applicant, mode, account)
    _refuse_wrong(wanted, mode)
    first = wanted[0]
    cities = "、".join(dict.fromkeys(each.item.partner.name for each in wanted))
    names = "、".join(dict.fromkeys(each.item.name for each in wanted))
    case = cases.file(
        items.item(config.SEND[mode]), applicant=applicant, data={"crossregion_city": cities[:80], "crossregion_matter": names[:120]},
        account=account, channel=Case.Channel.ONLINE if mode == Mode.ONLINE else Case.Channel.COUNTER, idempotency_key=key,
        source=source or source_of(account), details={"crossregion_mode": mode},
    )  # fmt: skip
    if Crossing.objects.filter(case=case).exists():
        return case
    Case.objects.filter(pk=case.pk).update(title=f"{first.item.partner.name}:{names}"[:120])
    case.refresh_from_db()
    for each in wanted:
        hand_over(prepare(case, each, mode, account=account), account=account)
    return case


def prepare(case: Case, wanted: Wanted, mode: str, *, account: policy.Account | None) -> Crossing:
    """Write what will be handed over for one part of a case; it is sent by :func:`hand_over`."""
    _refuse_incomplete(wanted)
    made = Crossing.objects.create(
        key=uuid.uuid4(), number=draw(), direction=Direction.SENT, mode=mode, partner=wanted.item.partner, case=case,
        item_code=wanted.item.code, item_name=wanted.item.name[:80], item_version=wanted.item.version, created_at=clock.now(),
        created_by=account if isinstance(account, User) else None, assurance="online" if mode == Mode.ONLINE else "counter",
    )  # fmt: skip
    rows = add_files(made, wanted.files, {each["code"]: each["name"] for each in wanted.item.materials})
    handover = messages.Handover(
        mode=mode, item=messages.ItemRef(code=wanted.item.code, version=wanted.item.version), form=dict(wanted.form),  # type: ignore[arg-type]
        applicant=_vouched(case, made.assurance), materials=tuple(material_of(row) for row in rows), number=case.number,
        office=case.office.name if case.office else "",
    )  # fmt: skip
    made.content = handover.model_dump_json()
    made.save(update_fields=["content"])
    return made


@transaction.atomic
def hand_over(crossing: Crossing, *, account: policy.Account | None) -> Crossing:
    """Send a prepared request; until the other city's receipt this office answers for it."""
    held = locked(crossing.pk)
    assert held.case is not None
    if account is not None and not handles(account) and held.mode != Mode.ONLINE:
        check(account)
    _refuse_partner(held.partner)
    _refuse_elsewhere(held)
    now = max(clock.now(), held.case.accepted_at or clock.now())
    held.handed_at = now
    segments = tuple(
        messages.Segment(kind=row.kind, start=row.start, end=row.end, reason=row.reason)  # type: ignore[arg-type]
        for row in held.case.segments.order_by("start", "id")
    )
    body = content_of(held).model_copy(update={"segments": segments})
    held.content = body.model_dump_json()
    station(held, f"已转{held.partner.name}", now)
    with clock.at(now):
        say(held, "handover", body, moment=now)
    crossing.refresh_from_db()
    return held


@transaction.atomic
def hand_over_again(crossing: Crossing, *, account: policy.Account | None, item: PartnerItem | None = None,
                    form: Mapping[str, Any] | None = None) -> Crossing:  # fmt: skip
    """Hand a request that was refused or returned over once more, with a new key: to the same city (its list may have a newer version)
    or to another's item. Materials that its list does not take (any more) stay here; the progress names them."""
    check(account)
    held = locked(crossing.pk)
    assert held.case is not None
    if held.stage not in GOES_ON or held.case.state == Case.State.CLOSED:
        raise CrossingError("not_again", "只有对方未接收或退回、且尚未答复申请人的业务可以重新转出;请刷新后查看")
    found = item or PartnerItem.objects.filter(partner=held.partner, code=held.item_code, open=True).first()
    if found is None:
        raise CrossingError(
            "not_open", f"{held.partner.name}的通办清单中已没有“{held.item_name}”,请改转其他城市或直接答复"
        )
    earlier = content_of(held)
    listed = {each["code"] for each in found.materials}
    rows = held.files.filter(kind=CrossingFile.Kind.MATERIAL).select_related("stored")
    files = [(row.code, row.stored) for row in rows if row.stored and row.code in listed]
    wanted = Wanted(found, dict(form) if form is not None else earlier.form, files)
    made = prepare(held.case, wanted, held.mode, account=account)
    if kept := [row.name for row in rows if row.code not in listed]:
        station(made, f"对方清单不收的材料未转:{'、'.join(kept)}", clock.now())
        made.save(update_fields=["stations"])
    return hand_over(made, account=account)


@transaction.atomic
def give_supplement(crossing: Crossing, *, form: Mapping[str, Any], files: Iterable[tuple[str, Stored]] = (),
                    account: policy.Account | None) -> Crossing:  # fmt: skip
    """Send what the other city lacks: values of the form, and files by the code of the material."""
    held = locked(crossing.pk)
    _may_speak(held, account)
    names = dict(held.files.values_list("code", "name"))
    rows = add_files(held, list(files), names)
    if not form and not rows:
        raise CrossingError("empty_supplement", "请至少补正一项内容或一份材料", field="files")
    listed = tuple(material_of(row) for row in rows)
    held.defects = []
    station(held, "已补正,转对方核收", clock.now())
    say(held, "supplement_given", messages.SupplementGiven(form=dict(form), materials=listed, at=clock.now()))
    return held


@transaction.atomic
def withdraw(crossing: Crossing, reason: str, *, account: policy.Account | None) -> Crossing:
    """Take a request back for who asks: our case ends, the other city is told (by the hook of our case)."""
    held = locked(crossing.pk)
    assert held.case is not None
    cases.withdraw(held.case, reason, account, source_of(account))
    held.refresh_from_db()
    return held


def tell_withdrawal(case: Case) -> None:
    """Tell every city that still has a part of a case of ours that the asker has taken it back."""
    for pk in Crossing.objects.filter(case_id=case.pk, direction=Direction.SENT, stage__in=LIVE).values_list(
        "pk", flat=True
    ):
        held = locked(pk)
        if held.stage in (Stage.SENT, Stage.HELD, Stage.SUPPLEMENT):
            station(held, "申请人撤回", clock.now())
            say(held, "withdrawal", messages.Withdrawal(reason=(case.reason or "申请人撤回")[:500], at=clock.now()))


def add_files(crossing: Crossing, files: Sequence[tuple[str, Stored]], names: Mapping[str, str]) -> list[CrossingFile]:
    """Keep files that the other city may fetch; the same bytes for the same material are kept once."""
    made = []
    for code, stored in files:
        row, _new = CrossingFile.objects.get_or_create(
            crossing=crossing, kind=CrossingFile.Kind.MATERIAL, code=code[:48], sha256=stored.sha256,
            defaults={
                "name": (stored.name or names.get(code, code))[:200], "size": stored.size, "media_type": stored.media_type,
                "trust": stored.trust, "stored": stored, "offered": True,
            },
        )  # fmt: skip
        made.append(row)
    return made


def _vouched(case: Case, assurance: str) -> messages.Applicant:
    asked = case.organisation or case.person
    assert asked is not None
    identity = asked.pk if isinstance(asked, Organisation) else asked.identity
    if not identity:
        raise CrossingError(
            "no_identity", f"“{asked.name}”没有登记证件号码,不能为其担保身份;请先核验证件", field="identity"
        )
    return messages.Applicant(
        kind="organisation" if isinstance(asked, Organisation) else "person", name=asked.name, identity=identity,
        phone=asked.phone if isinstance(asked, Person) else "", assurance=assurance,  # type: ignore[arg-type]
        vouched_by=config.own_code(), vouched_at=clock.now(),
    )  # fmt: skip


def _may_send(applicant: Applicant, mode: str, account: policy.Account | None) -> None:
    if mode != Mode.ONLINE:
        check(account)
        return
    organisation = applicant.pk if isinstance(applicant, Organisation) else None
    person = applicant.pk if isinstance(applicant, Person) else None
    if account is not None and not people.acts_for(account, organisation, person):
        raise CrossingError("not_the_applicant", "全程网办由本人或经授权的经办人登录申请", field="applicant")


def _may_speak(crossing: Crossing, account: policy.Account | None) -> None:
    case = crossing.case
    asking = case is not None and people.acts_for(account, case.organisation_id, case.person_id)
    if account is not None and not asking:
        check(account)


def _refuse_wrong(wanted: Sequence[Wanted], mode: str) -> None:
    if mode not in Mode.values:
        raise CrossingError("mode", f"“{mode}”不是通办的方式", field="mode")
    cities = {each.item.partner_id for each in wanted}
    if not wanted or (mode != Mode.JOINT and len(wanted) > 1) or (mode == Mode.JOINT and len(cities) < 2):
        raise CrossingError("parts", "多地联办须涉及两个以上城市,其他方式只办一个事项", field="items")
    for each in wanted:
        if mode not in each.item.modes:
            raise CrossingError(
                "mode", f"{each.item.partner.name}的“{each.item.name}”不以“{Mode(mode).label}”方式办理", field="mode"
            )
        _refuse_partner(each.item.partner)


def _refuse_partner(partner: Partner) -> None:
    if partner.state != Partner.State.ACTIVE:
        raise CrossingError("partner", f"{partner.name}尚未启用或已停用,暂不能转办", field="partner")
    if messages.common(partner.versions) is None:
        told = "、".join(partner.versions) or "未知"
        raise CrossingError(
            "no_common_version", f"与{partner.name}没有共同的协议版本(对方:{told}),请先在“通办城市”中测试连接"
        )


def _refuse_incomplete(wanted: Wanted) -> None:
    item = wanted.item
    if not item.open:
        raise CrossingError(
            "not_open", f"{item.partner.name}的通办清单中已没有“{item.name}”,请先更新清单", field="item"
        )
    lacking = [f["name"] for f in item.fields if f.get("required") and wanted.form.get(f["code"]) in (None, "", [])]
    if lacking:
        raise CrossingError("form", f"请填写:{'、'.join(lacking)}", field="form", missing=lacking)
    given, listed = {code for code, _stored in wanted.files}, {m["code"] for m in item.materials}
    if strange := sorted(given - listed):
        text = f"“{item.name}”不收这些材料:{'、'.join(strange)};请按通办清单中的材料提交"
        raise CrossingError("materials", text, field="materials", unknown=strange)
    missing = [m["name"] for m in item.materials if m.get("need") == "required" and m["code"] not in given]
    if missing:
        raise CrossingError("materials", f"请提交材料:{'、'.join(missing)}", field="materials", lacking=missing)


def _refuse_elsewhere(crossing: Crossing) -> None:
    others = Crossing.objects.filter(case=crossing.case, direction=Direction.SENT, stage__in=LIVE).exclude(
        pk=crossing.pk
    )
    if crossing.mode != Mode.JOINT and others.exclude(stage=Stage.NEW).exists():
        raise CrossingError("elsewhere", "这件业务正在其他城市办理,不能同时转出")


def waiting_since(crossing: Crossing) -> int:
    """Return for how many hours a handover has been waiting for its receipt."""
    if crossing.handed_at is None or crossing.received_at is not None:
        return 0
    return int((timezone.now() - crossing.handed_at).total_seconds() // 3600)


__all__ = [
    "Wanted", "add_files", "document", "give_supplement", "hand_over", "hand_over_again", "prepare", "receive_for", "tell_withdrawal",
    "waiting_since", "withdraw",
]  # fmt: skip
