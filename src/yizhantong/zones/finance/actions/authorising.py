"""Authorisations: what an enterprise, or a guarantor for himself, lets banks see, for what and until when.

They expire by themselves, for being in force is asked at every look; withdrawn they end at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance import access
from yizhantong.zones.finance import notices as tell
from yizhantong.zones.finance.config import GUARANTOR, settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Authorisation, Guarantor, Listing

REMINDED_DAYS = 3
"""How many days before its end an authorisation is reminded of."""


def authorise(
    enterprise: Organisation, *, purpose: str, groups: Collection[str], banks: Sequence[Organisation] = (),
    every_bank: bool = False, listing: Listing | None = None, days: int | None = None, account: Account | None,
) -> Authorisation:  # fmt: skip
    """Let banks look at groups of an enterprise's data, for one purpose, from now for a number of days (default: the city's first).

    Raises ``finance.not_your_enterprise``, ``finance.groups``, ``finance.banks``, ``finance.purpose``, ``finance.days``.
    """
    access.check_acts(account, enterprise.pk)
    if listing is not None and listing.enterprise_id != enterprise.pk:
        raise FinanceError("finance.other_need", "只能为本企业的需求授权", field="listing")
    known = set(settings().groups) - {GUARANTOR}
    made = Authorisation(organisation=enterprise, listing=listing)
    return _grant(made, enterprise.name, purpose, _known(groups, known), banks, every_bank, days, account)


def authorise_as_guarantor(
    guarantor: Guarantor, *, purpose: str, groups: Collection[str] = (GUARANTOR,), banks: Sequence[Organisation] = (),
    every_bank: bool = False, days: int | None = None, account: Account | None,
) -> Authorisation:  # fmt: skip
    """Let banks look at a guarantor's own data for one need; only he himself can (征信业管理条例: written consent of the person)."""
    if account is not None and access.person_of(account) != guarantor.person_id:
        raise FinanceError("finance.own_data_only", "保证人的信息只能由本人登录授权")
    made = Authorisation(person=guarantor.person, listing=guarantor.listing)
    return _grant(
        made, guarantor.person.name, purpose, _known(groups, {GUARANTOR}), banks, every_bank, days, account
    )  # fmt: skip


def withdraw(authorisation: Authorisation, *, account: Account | None) -> Authorisation:
    """Withdraw an authorisation, with immediate effect; withdrawing twice changes nothing."""
    with transaction.atomic():
        held = Authorisation.objects.select_for_update(of=("self",)).get(pk=authorisation.pk)
        _check_grantor(held, account)
        if held.withdrawn_at is None:
            held.withdrawn_at, held.withdrawn_by = clock.now(), access.user_of(account)
            held.save(update_fields=["withdrawn_at", "withdrawn_by"])
            audit(account, AuditEvent.Event.RIGHTS, f"finance:authorisation:{held.pk}", how="withdrawn")
    authorisation.refresh_from_db()
    return authorisation


def remind() -> int:
    """Tell grantors of authorisations that end within the third day from now; return how many. A daily job calls it, once a day."""
    first = clock.end_of(clock.today() + dt.timedelta(days=REMINDED_DAYS - 1))
    last = clock.end_of(clock.today() + dt.timedelta(days=REMINDED_DAYS))
    ending = Authorisation.objects.filter(withdrawn_at__isnull=True, valid_until__gt=first, valid_until__lte=last)
    for one in ending:
        if one.organisation_id is not None:
            people = access.accounts_of_enterprise(one.organisation_id)
        else:
            people = list(User.objects.filter(person=one.person_id, is_active=True))
        tell.expiring(one, people)
    return len(ending)


def statement(
    grantor: str, purpose: str, groups: Collection[str], banks: Sequence[Organisation], until: dt.date, listing: Listing | None
) -> str:  # fmt: skip
    """Return the words to which is agreed; their digest is kept."""
    known = settings().groups
    data = "、".join(known[code].label for code in sorted(groups))
    who = "、".join(sorted(bank.name for bank in banks)) or "通过本平台对接的所有银行"
    what = f"融资需求 {listing.number}" if listing is not None else "全部融资需求"
    label = Authorisation.Purpose(purpose).label
    return (
        f"{grantor}授权{who}为“{label}”查看{data},用于{what},有效期至 {until} 止;"
        "每次查看均留有记录,可随时撤回,撤回后立即失效。"
    )


def _grant(
    made: Authorisation, grantor: str, purpose: str, groups: list[str], banks: Sequence[Organisation], every_bank: bool,
    days: int | None, account: Account | None,
) -> Authorisation:  # fmt: skip
    if purpose not in Authorisation.Purpose.values:
        raise FinanceError("finance.purpose", "请选择授权用途", field="purpose")
    if bool(banks) == every_bank or any(bank.kind != Organisation.Kind.BANK for bank in banks):
        raise FinanceError("finance.banks", "请选择被授权的银行,或授权给所有对接银行", field="banks")
    length = settings().authorisation_days[0] if days is None else days
    if not 1 <= length <= settings().most_days:
        raise FinanceError("finance.days", f"授权天数应为 1 至 {settings().most_days} 天", field="days")
    now = clock.now()
    last = clock.today() + dt.timedelta(days=length)
    made.purpose, made.fields, made.every_bank = purpose, groups, every_bank
    made.valid_from, made.valid_until = now, clock.end_of(last)
    made.granted_at, made.granted_by = now, access.user_of(account)
    words = statement(grantor, purpose, groups, banks, last, made.listing)
    made.digest = hashlib.sha256(words.encode()).hexdigest()
    with transaction.atomic():
        made.save()
        made.banks.set(banks)
        audit(account, AuditEvent.Event.RIGHTS, f"finance:authorisation:{made.pk}", how="granted", digest=made.digest)
    return made


def _known(groups: Collection[str], allowed: set[str]) -> list[str]:
    if not groups or not set(groups) <= allowed:
        raise FinanceError("finance.groups", "请选择授权的数据范围", field="groups")
    return sorted(set(groups))


def _check_grantor(held: Authorisation, account: Account | None) -> None:
    if held.organisation_id is not None:
        access.check_acts(account, held.organisation_id)
    elif account is not None and access.person_of(account) != held.person_id:
        raise FinanceError("finance.own_data_only", "只能由授权人本人撤回")
