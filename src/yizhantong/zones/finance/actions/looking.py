"""Looking at data under an authorisation: what is shown is only what was authorised, and every look is on record.

A bank may look at a group of data while an authorisation of the enterprise (or guarantor) that names it is in force for the
need, for a purpose that fits how far the bank has come. The record is written in the same transaction, before anything is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.matching.evaluating import told
from yizhantong.kernel.items.matching.subject import Subject
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.zones.finance import access
from yizhantong.zones.finance.config import GUARANTOR, Group, settings
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Authorisation, Engagement, Guarantor, Listing, Look

P = Authorisation.Purpose
FITTING = {
    "": {P.MATCHING},
    "pushed": {P.MATCHING},
    "taken": {P.MATCHING, P.APPROVAL},
    "contacted": {P.MATCHING, P.APPROVAL},
    "diligence": {P.APPROVAL},
    "granted": {P.APPROVAL},
    "signed": {P.APPROVAL, P.AFTER},
    "drawn": {P.AFTER},
    "overdue": {P.AFTER},
}
"""For which purposes a bank may look, by the state of its dealing ("": it deals with the need not yet, but is named)."""


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One value: its name, text for people (empty: not known), and where it comes from."""

    name: str
    text: str
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """One group of data with its rows; it may be looked at until then."""

    code: str
    label: str
    rows: tuple[SeenRow, ...]
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What was looked at."""

    enterprise: Organisation
    groups: tuple[SeenGroup, ...]


Allowed = dict[str, list[Authorisation]]
"""By which authorisations each group may be looked at, the one that lasts longest at the end."""


def lookable(listing: Listing, account: Account) -> dict[str, dt.datetime]:
    """Return until when the account's bank may look at each group, as far as it may now; asking is no look."""
    bank = access.bank_of(account)
    allowed = {} if bank is None else _allowed(listing, bank.pk)
    return {code: rows[-1].valid_until for code, rows in allowed.items()}


def look(listing: Listing, *, account: Account, groups: Collection[str] | None = None) -> Sight:
    """Look at groups of data (default: all that is authorised); who, when and which is written first.

    A look that is not authorised is refused (``finance.not_authorised``) and audited.
    """
    bank = access.the_bank(account)
    if not isinstance(account, User):
        raise Refused(access.BANK)
    allowed = _allowed(listing, bank.pk)
    wanted = set(allowed) if groups is None else set(groups)
    target = f"finance:need:{listing.number}"
    if not wanted or not wanted <= set(allowed):
        audit(account, AuditEvent.Event.REVEAL, target, result=AuditEvent.Result.REFUSED, groups=sorted(wanted))
        text = "没有有效的授权可以查看这些信息:授权可能已到期、已撤回,或不含这一范围"
        raise FinanceError("finance.not_authorised", text, groups=sorted(wanted - set(allowed)))
    with transaction.atomic():
        _keep(listing, bank, account, {code: allowed[code] for code in wanted})
        audit(account, AuditEvent.Event.REVEAL, target, bank=bank.pk, groups=sorted(wanted))
        known = settings().groups
        shown = [known[code] for code in known if code in wanted]
        seen = tuple(
            SeenGroup(
                one.code, one.label, tuple(_rows(listing, one, allowed[one.code])), allowed[one.code][-1].valid_until
            )
            for one in shown
        )
    return Sight(listing.enterprise, seen)


def _allowed(listing: Listing, bank: str) -> Allowed:
    now = clock.now()
    current = Engagement.objects.filter(listing=listing, bank=bank).exclude(state__in=Engagement.ENDED).first()
    fitting = FITTING.get(current.state if current is not None else "", set())
    guarantors = Guarantor.objects.filter(listing=listing).values("person")
    rows = Authorisation.objects.filter(
        Q(organisation=listing.enterprise_id) | Q(person__in=guarantors),
        Q(listing=listing) | Q(listing__isnull=True), Q(every_bank=True) | Q(banks=bank),
        withdrawn_at__isnull=True, valid_from__lte=now, valid_until__gt=now, purpose__in=fitting,
    ).order_by("valid_until")  # fmt: skip
    if current is None:
        rows = rows.filter(every_bank=False)
    found: Allowed = {}
    for row in rows.distinct():
        for code in row.fields:
            found[code] = [*found.get(code, []), row] if code == GUARANTOR else [row]
    return found


def _keep(listing: Listing, bank: Organisation, account: User, used: Allowed) -> None:
    by_row: dict[int, list[str]] = {}
    for code, rows in used.items():
        for row in rows:
            by_row.setdefault(row.pk, []).append(code)
    Look.objects.bulk_create(
        Look(
            authorisation_id=pk, listing=listing, bank=bank, account=account, at=clock.now(), fields=sorted(codes)
        )
        for pk, codes in by_row.items()
    )  # fmt: skip


def _rows(listing: Listing, group: Group, allowed: list[Authorisation]) -> Iterator[SeenRow]:
    if group.code == GUARANTOR:
        yield from _guarantors(listing, allowed)
        return
    profile = EnterpriseProfile.objects.select_related("organisation").filter(pk=listing.enterprise_id).first()
    if profile is None:
        yield from (SeenRow(name, "") for name in group.names)
        return
    subject = Subject.of(profile)
    for name in group.names:
        said = subject.sources.get(name) or {}
        yield SeenRow(name, told(name, subject.record.get(name)), said.get("source", ""), said.get("as_of", ""))


def _guarantors(listing: Listing, allowed: list[Authorisation]) -> Iterator[SeenRow]:
    """Yield what those guarantors let be seen who authorised it themselves: never another's."""
    people = [one.person_id for one in allowed]
    own = Guarantor.objects.filter(listing=listing, person__in=people).select_related("person").order_by("id")
    for one in own:
        yield SeenRow("保证人", one.person.name)
        yield SeenRow("与企业关系", one.relation)
        yield SeenRow("联系电话", str(one.person.phone or ""))
