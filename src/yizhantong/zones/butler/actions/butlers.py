"""Registering butlers, giving enterprises to them, handing enterprises over."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.butler import notices as tell
from yizhantong.zones.butler.access import check_manages, source_of
from yizhantong.zones.butler.actions import facts
from yizhantong.zones.butler.models import Assignment, Butler
from yizhantong.zones.butler.queries import facts as standing
from yizhantong.zones.butler.queries.butlers import assignments


@transaction.atomic
def register_butler(
    *, agency: Organisation, division: str, level: str, account: Account, holder: User | None = None,
    capacity: int = 10, office_phone: str = "", hours: str = "",
) -> Butler:  # fmt: skip
    """Register a butler under the next free code. Raises ``butler.not_an_agency``, ``butler.account_taken`` or ``Refused``."""
    check_manages(account, agency.pk, division)
    if agency.kind != Organisation.Kind.AGENCY:
        raise LedgerError("butler.not_an_agency", f"{agency.name}不是机关,不能作为管家的所属单位", "所属单位")
    if holder is not None and Butler.objects.filter(account=holder).exists():
        raise LedgerError("butler.account_taken", f"账号 {holder.username} 已经登记为管家", "账号")
    return Butler.objects.create(
        code=_next_code(), account=holder, level=level, agency=agency, division_id=division,
        capacity=_capacity(capacity), office_phone=office_phone, hours=hours, demonstration=clock.demonstration_day() is not None,
    )  # fmt: skip


@transaction.atomic
def change_butler(
    butler: Butler, *, account: Account, capacity: int, office_phone: str, hours: str, active: bool
) -> Butler:
    """Change how a butler is reached and how much he may carry; one who still serves enterprises cannot be taken off duty."""
    locked = Butler.objects.select_for_update().get(pk=butler.pk)
    check_manages(account, locked.agency_id, locked.division_id)
    served = assignments().filter(butler=locked.code).count()
    if not active and served:
        raise LedgerError("butler.still_serves", f"{locked}还服务 {served} 户企业,请先移交再离岗", "在岗")
    locked.capacity, locked.office_phone, locked.hours = _capacity(capacity), office_phone, hours
    locked.active = active
    locked.save()
    return locked


@transaction.atomic
def assign(enterprise: Organisation, butler: Butler, *, account: Account) -> Fact:
    """Give an enterprise its butler: one at a time, never more than the butler may carry. The enterprise is told.

    Raises ``butler.full``, ``butler.off_duty``, ``ledger.key_taken`` (it has one) or ``Refused``.
    """
    locked = Butler.objects.select_for_update().get(pk=butler.pk)
    check_manages(account, locked.agency_id, enterprise.division_id)
    _refuse_unfit(enterprise, locked)
    made = facts.assign_butler(
        enterprise, locked.code, locked.level, on=clock.today(), account=None, source=source_of(account)
    )
    tell.butler_assigned(enterprise, locked)
    return made


@transaction.atomic
def hand_over(enterprise: Organisation, to: Butler, *, reason: str, account: Account) -> Fact:
    """Hand an enterprise from its butler to another, in one step: it is never without one. Both are told.

    Raises ``butler.no_butler``, ``butler.same_butler``, ``butler.full`` … or ``Refused``.
    """
    current = standing.assignment_of(enterprise.pk, lock=True)
    if current is None:
        raise LedgerError("butler.no_butler", f"{enterprise.name}目前没有管家,请直接指派", "企业")
    if current.butler == to.code:
        raise LedgerError("butler.same_butler", f"{enterprise.name}的管家已经是{to},请选择另一名管家", "管家")
    check_manages(account, to.agency_id, enterprise.division_id)
    facts.relieve_butler(enterprise, on=clock.today(), reason=reason, account=None, source=source_of(account))
    made = assign(enterprise, to, account=account)
    before = Butler.objects.filter(pk=current.butler).first()
    if before is not None:
        tell.handed_over(enterprise, before, to)
    return made


@transaction.atomic
def relieve(enterprise: Organisation, *, reason: str, account: Account) -> Fact:
    """Take an enterprise's butler off without another one; for enterprises that moved away or closed."""
    current = standing.assignment_of(enterprise.pk, lock=True)
    holder = Butler.objects.filter(pk=current.butler).first() if current else None
    check_manages(account, holder.agency_id if holder else None, enterprise.division_id)
    return facts.relieve_butler(enterprise, on=clock.today(), reason=reason, account=None, source=source_of(account))


def _refuse_unfit(enterprise: Organisation, butler: Butler) -> None:
    if enterprise.kind != Organisation.Kind.ENTERPRISE:
        raise LedgerError("butler.not_an_enterprise", f"{enterprise.name}不是企业,不能配备管家", "企业")
    if not butler.active:
        raise LedgerError("butler.off_duty", f"{butler}已离岗,请选择在岗的管家", "管家")
    served = assignments().filter(butler=butler.code).count()
    if served >= butler.capacity:
        text = f"{butler}已服务 {served} 户企业,达到上限 {butler.capacity} 户;请另选管家或提高上限"
        raise LedgerError("butler.full", text, "管家")


def _next_code() -> str:
    """Return the code after the last one ever used, in the register or in the ledger; codes are never given twice."""
    known = [
        Butler.objects.aggregate(last=Max("code"))["last"],
        Assignment.objects.aggregate(last=Max("butler"))["last"],
    ]
    last = max((str(code) for code in known if code), default="M-000000")
    return f"M-{int(last.partition('-')[2]) + 1:06d}"


def _capacity(number: int) -> int:
    if not 1 <= number <= 200:
        raise LedgerError("butler.capacity", "最多服务企业数应为 1 至 200", "最多服务企业数")
    return number
