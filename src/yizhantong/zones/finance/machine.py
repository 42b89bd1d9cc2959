"""The states of a bank's dealing with a need, as one table: what leads from where to where, and whose it is.

::

    pushed ──take──▶ taken ──contact──▶ contacted ──investigate──▶ diligence ──grant──▶ granted ──sign──▶ signed
      │               │(grab, assign begin here)                       └──refuse──▶ refused             │draw
      ├─decline─▶     ├─miss─▶ missed (falls back to the pool)                                          ▼
      └─miss─▶        └─refuse─▶                            settled ◀──repay── overdue ◀──mark── drawn (draw, renew, repay)

``who``: ``bank`` the bank's officers (``finance.bank``, own bank only), ``office`` the finance office (``finance.manage``),
``enterprise`` who acts for it, ``platform`` jobs and consequences. What is not in the table nobody may do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from yizhantong.kernel.access.policy import Account, Refused
from yizhantong.zones.finance import access
from yizhantong.zones.finance.errors import FinanceError
from yizhantong.zones.finance.models import Engagement

S = Engagement.State
BANK, OFFICE, ENTERPRISE, PLATFORM = "bank", "office", "enterprise", "platform"
BEFORE_CONTRACT = (S.PUSHED, S.TAKEN, S.CONTACTED, S.DILIGENCE, S.GRANTED)


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that can happen to a dealing; ``after`` None: the state stays or follows from the amounts."""

    code: str
    label: StrOrPromise
    before: frozenset[str]
    after: str | None
    who: frozenset[str]


def _row(code: str, label: StrOrPromise, before: tuple[str, ...], after: str | None, *who: str) -> Transition:
    return Transition(code, label, frozenset(before), after, frozenset(who))


TRANSITIONS: Mapping[str, Transition] = {
    row.code: row
    for row in (
        _row("take", _("接单"), (S.PUSHED,), S.TAKEN, BANK),
        _row("decline", _("不接单"), (S.PUSHED,), S.DECLINED, BANK),
        _row("contact", _("登记首次联系"), (S.TAKEN,), S.CONTACTED, BANK),
        _row("miss", _("超时退回"), (S.PUSHED, S.TAKEN), S.MISSED, PLATFORM),
        _row("investigate", _("开始尽职调查"), (S.CONTACTED,), S.DILIGENCE, BANK),
        _row("grant", _("批准授信"), (S.DILIGENCE,), S.GRANTED, BANK),
        _row("refuse", _("拒绝"), (S.TAKEN, S.CONTACTED, S.DILIGENCE), S.REFUSED, BANK),
        _row("sign", _("登记签约"), (S.GRANTED,), S.SIGNED, BANK),
        _row("draw", _("登记放款"), (S.SIGNED, S.DRAWN, S.OVERDUE), S.DRAWN, BANK),
        _row("take_back", _("红字冲销放款"), (S.DRAWN, S.OVERDUE), None, BANK, OFFICE),
        _row("repay", _("登记还款"), (S.DRAWN, S.OVERDUE), None, BANK),
        _row("renew", _("续贷"), (S.DRAWN, S.OVERDUE), S.DRAWN, BANK),
        _row("overdue", _("标记逾期"), (S.DRAWN,), S.OVERDUE, PLATFORM),
        _row("call_off", _("中止对接"), BEFORE_CONTRACT, S.OFF, ENTERPRISE, OFFICE, PLATFORM),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done; if not, ``reason`` for people and ``error`` to be raised."""

    ok: bool
    reason: str = ""
    error: Exception | None = None


def may(account: Account | None, code: str, engagement: Engagement) -> Answer:
    """Tell whether the account may do that to the dealing now; None is the platform, which is bound by states only."""
    row = TRANSITIONS.get(code)
    if row is None:
        return _no(FinanceError("finance.unlisted", f"没有“{code}”这项操作"))
    if account is not None and not any(_is(account, who, engagement) for who in row.who):
        return _no(Refused(access.BANK if BANK in row.who else access.MANAGE))
    if engagement.state not in row.before:
        state = S(engagement.state).label
        text = f"该对接现为“{state}”,不能{row.label};请刷新后查看"
        return _no(FinanceError("finance.wrong_state", text, state=engagement.state))
    return Answer(True)


def check(account: Account | None, code: str, engagement: Engagement) -> Transition:
    """Return the transition; raise :class:`FinanceError` or ``Refused`` unless :func:`may` says yes."""
    answer = may(account, code, engagement)
    if answer.error is not None:
        raise answer.error
    return TRANSITIONS[code]


def offered(account: Account, engagement: Engagement) -> list[Transition]:
    """Return what the account may do to the dealing now, in the order of the table."""
    return [row for code, row in TRANSITIONS.items() if may(account, code, engagement).ok]


def _is(account: Account, who: str, engagement: Engagement) -> bool:
    if who == BANK:
        return access.works_for(account, engagement.bank_id)
    if who == OFFICE:
        return access.manages(account)
    return who == ENTERPRISE and access.acts(account, engagement.listing.enterprise_id)


def _no(error: Exception) -> Answer:
    return Answer(False, str(error), error)
