"""The first minutes: what parents hand in is kept by one cheap row and acknowledged; a worker makes the cases, in groups.

Once a receipt is given, nothing of it can be lost: the row is committed before the answer (see ``posting``), it waits
until a case was made of it in the same transaction that says so, and a worker that dies leaves it waiting. A child is handed in once
(by the database), the same key twice gives the same receipt. When the case cannot be made, the parent is told why.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection, transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions as cases
from yizhantong.kernel.cases import numbers
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.pinned import Pinned, pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.forms import DataError, clean_data
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.items.sealed import open_data, seal_data
from yizhantong.zones.onething.enrolment import identities, terms
from yizhantong.zones.onething.enrolment import notices as tell
from yizhantong.zones.onething.enrolment.access import ITEM
from yizhantong.zones.onething.enrolment.actions import posting
from yizhantong.zones.onething.enrolment.errors import EnrolmentError
from yizhantong.zones.onething.enrolment.models import Intake, Season

GROUP = 25
"""Cases made in one transaction: a writer of SQLite keeps others waiting so long."""
RUSH, RUSH_GROUP, RUSH_REST = 5.0, 2, 6.0
"""Within so many seconds of the last receipt: cases in one transaction, and the rest after it."""
ATTEMPTS = 5
FRESH = 2.0
"""Seconds for which the version in force may be remembered while thousands hand in."""
State = Intake.State


def receive(season: Season, data: Mapping[str, Any], *, account: User, key: str) -> Intake:
    """Take a submission and return its row, committed; the same key and content again return the same row.

    Raises :class:`EnrolmentError`: ``enrolment.not_open``, ``enrolment.over``, ``enrolment.form`` (``details["errors"]`` by element),
    ``enrolment.not_a_person``, ``enrolment.other_season``, ``enrolment.child_entered``, ``enrolment.key_reused``.
    """
    if account.person_id is None:
        raise EnrolmentError("enrolment.not_a_person", "报名须由监护人以个人账号提交,请先完成实名认证")
    now = clock.now()
    check_window(season, now)
    version = current_version()
    clean = _checked(version, data, account)
    check_child(season, clean)
    row = Intake(
        receipt="R" + numbers.draw(clock.today()), season_id=season.pk, account_id=account.pk, person_id=account.person_id,
        idempotency_key=hashlib.sha256(key.encode()).hexdigest(), request=_digest(season, clean),
        child_index=identities.index(clean["child_identity"]), data=seal_data(version.ready, clean), received_at=now,
    )  # fmt: skip
    return row if posting.keep(row) else _earlier(row)


def current_version() -> Pinned:
    """Return the item's version in force, looked up at most every two seconds."""
    found = (
        _in_force(connection.vendor, int(time.monotonic() / FRESH)) if not connection.in_atomic_block else _looked_up()
    )
    if found is None:
        raise EnrolmentError("enrolment.suspended", "入学报名暂未开放办理")
    return pinned(found)


@lru_cache(maxsize=1)
def _in_force(_vendor: str, _slot: int) -> int | None:
    return _looked_up()


def _looked_up() -> int | None:
    return Item.objects.filter(pk=ITEM, suspended="").values_list("current_id", flat=True).first()


def check_window(season: Season, now: Any) -> None:
    """Refuse what comes before the opening or after the end."""
    phase = season.phase(now)
    if phase in ("draft", "coming"):
        raise EnrolmentError(
            "enrolment.not_open",
            f"报名于 {_shown(season.opens_at)} 开始,现在可以先填好草稿;报名先后不影响录取",
            opens_at=season.opens_at.isoformat(),
        )
    if phase != "open":
        raise EnrolmentError(
            "enrolment.over", f"报名已于 {_shown(season.closes_at)} 截止;确有困难的请到窗口咨询", field=""
        )


def check_child(season: Season, clean: Mapping[str, Any]) -> None:
    """Refuse a child that is not of this season: another district or stage, or a birthday that the number contradicts."""
    if clean.get("enrolment_district") != season.division_id or clean.get("enrolment_stage") != season.stage:
        raise EnrolmentError(
            "enrolment.other_season", f"所填县区或学段不属于“{season.name}”", field="enrolment_district"
        )
    born = identities.born_on(str(clean.get("child_identity", "")))
    if born is not None and born.isoformat() != clean.get("child_born_on"):
        raise EnrolmentError("enrolment.birthday", "学生出生日期与身份证号不一致,请核对", field="child_born_on")
    if born is not None and not season.born_from <= born <= season.born_to:
        text = f"本批招收 {season.born_from} 至 {season.born_to} 出生的学生,请核对学段和出生日期"
        raise EnrolmentError("enrolment.age", text, "《义务教育法》第十一条", field="child_born_on")
    if terms.read(season.rules).named(str(clean.get("school_category", ""))) is None:
        raise EnrolmentError("enrolment.category", "本批没有这个入学类别,请重新选择", field="school_category")


def open_waiting(limit: int = 1000, seconds: float = 600.0) -> int:
    """Make cases of waiting rows, oldest first, in groups; return how many were dealt with. Any number of workers may run it.

    While parents hand in, their receipts go first: groups are small, and after each the worker rests. It ends after so many seconds.
    """
    done, until = 0, time.monotonic() + seconds
    while done < limit and time.monotonic() < until:
        begun = time.monotonic()
        group, rest = _pace()
        with transaction.atomic():
            rows = Intake.objects.filter(state=State.WAITING, attempts__lt=ATTEMPTS).order_by("id")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            found = list(rows.select_related("account", "person")[: min(group, limit - done)])
            item = Item.objects.filter(pk=ITEM).first() if found else None
            for row in found:
                _open(row, item)
        done += len(found)
        if len(found) < group:
            break
        time.sleep(rest * (time.monotonic() - begun))
    return done


def waits() -> bool:
    """Tell whether a receipt waits for its case."""
    return Intake.objects.filter(state=State.WAITING, attempts__lt=ATTEMPTS).exists()


def _pace() -> tuple[int, float]:
    """Return how many cases to make in one transaction, and how long to rest after it, in times of what it took."""
    newest = Intake.objects.order_by("-id").values_list("received_at", flat=True).first()
    rush = newest is not None and abs((clock.now() - newest).total_seconds()) < RUSH and not connection.in_atomic_block
    return (RUSH_GROUP, RUSH_REST) if rush else (GROUP, 0.0)


def _open(row: Intake, item: Item | None) -> None:
    assert item is not None
    version = current_version()
    data = {code: value for code, value in open_data(version.ready, row.data).items() if code in version.ready.fields}
    try:
        with transaction.atomic(), clock.at(row.received_at):
            row.case = cases.file(
                item, applicant=row.person, data=data, account=row.account, idempotency_key=f"intake:{row.receipt}",
                source=f"intake:{row.receipt}", details={"receipt": row.receipt},
            )  # fmt: skip
        row.state, row.reason = State.OPENED, ""
    except (CaseError, DatabaseError) as error:
        row.case, row.reason = None, str(error)[:500]
        if _by_parent(error):
            row.state = State.REFUSED
            tell.refused(row)
        else:
            row.attempts += 1
    row.save(update_fields=["case", "state", "reason", "attempts"])


def _by_parent(error: Exception) -> bool:
    """Tell whether a parent can mend what is wrong; all else is the platform's fault: the row waits, and the desk sees it."""
    code = error.code if isinstance(error, CaseError) else ""
    return code.startswith("enrolment.") or code in ("cases.form", "cases.materials", "cases.not_the_applicant")


def retry_stuck(season: Season) -> int:
    """Let rows that failed for technical reasons wait anew; return how many."""
    return Intake.objects.filter(season=season, state=State.WAITING, attempts__gte=ATTEMPTS).update(attempts=0)


def _checked(version: Pinned, data: Mapping[str, Any], account: User) -> dict[str, Any]:
    try:
        return clean_data(version.ready, data, account)
    except DataError as error:
        raise EnrolmentError("enrolment.form", error.sentence, field=error.place, errors=error.errors) from error


def _earlier(row: Intake) -> Intake:
    """Return the row of the same key, or say whose child it is already."""
    same = Intake.objects.filter(account_id=row.account_id, idempotency_key=row.idempotency_key).first()
    if same is not None:
        if same.request != row.request:
            raise EnrolmentError(
                "enrolment.key_reused", "这次提交的编号已用于另一份内容不同的报名,请刷新页面后重新提交"
            )
        return same
    child = (
        Intake.objects.filter(season_id=row.season_id, child_index=row.child_index).exclude(state=State.REFUSED).first()
    )
    if child is None:
        raise EnrolmentError("enrolment.try_again", "提交时发生冲突,没有收件,请再提交一次")
    if child.account_id == row.account_id:
        raise EnrolmentError(
            "enrolment.child_entered",
            f"这名学生已经报名,收件编号 {child.receipt}",
            field="child_identity",
            receipt=child.receipt,
        )
    raise EnrolmentError("enrolment.child_entered", "这名学生已由另一位监护人报名,不能重复报名", field="child_identity")


def _digest(season: Season, clean: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps([season.pk, clean], sort_keys=True, ensure_ascii=True, default=str).encode()
    ).hexdigest()


def _shown(moment: Any) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
