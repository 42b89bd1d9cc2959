"""One answer to both questions: may this account do that, and over which divisions?

An account's permissions over the divisions are the union of its current grants:

* a grant over the city covers every division;
* a grant over a division covers all that the division manages;
* a grant over an agency covers no division by itself, only what the account's own agency is accountable for;
* a grant over one's own covers nothing by itself: such records are asked for by their owner.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from yizhantong.kernel.access.models import Grant, User
from yizhantong.kernel.divisions import clock, tree

Account = User | AnonymousUser

PERMISSIONS = {
    "ledger.view": "查看台账明细",
    "ledger.record": "登记台账",
    "ledger.reverse": "红字冲销",
    "ledger.import": "导入台账",
    "ledger.export": "导出台账",
    "ledger.seal": "封存台账",
    "personal.reveal": "查看个人信息原文",
    "figures.publish": "发布数据快照",
    "articles.check": "核对稿件",
    "articles.brief": "编写简报",
    "items.edit": "编辑事项",
    "items.publish": "审定发布事项",
    "profiles.edit": "维护企业画像",
    "cases.view": "查看办件",
    "cases.intake": "窗口收件",
    "cases.handle": "办理环节",
    "cases.decide": "作出决定",
    "cases.assign": "指派经办人",
    "cases.rule": "裁定移送与争议",
    "cases.supervise": "督办监察",
    "policies.edit": "编辑惠企政策",
    "policies.publish": "发布惠企政策",
    "policies.budget": "管理政策资金",
    "policies.pay": "拨付政策资金",
    "experts.score": "专家评分",
    "butler.serve": "管家服务",
    "butler.manage": "管家调配与督办",
    "enrolment.manage": "招生管理",
    "finance.manage": "银企撮合管理",
    "finance.bank": "办理银行融资业务",
    "talent.manage": "人才服务管理",
    "crossregion.handle": "办理跨区通办",
    "appointments.manage": "管理预约与窗口",
    "appointments.serve": "窗口叫号",
    "accounts.system": "管理账号",
    "accounts.security": "管理角色与授权",
    "accounts.audit": "查看审计记录",
}


class Refused(Exception):
    """The account lacks the permission here; ``code`` is stable, the message says what is missing and whom to ask."""

    def __init__(self, permission: str, division: str | None = None) -> None:
        self.code = "access.refused"
        self.permission = permission
        self.division = division
        where = f"(范围:{division})" if division else ""
        label = PERMISSIONS.get(permission, permission)
        super().__init__(f"当前账号没有“{label}”权限{where},请向安全管理员申请")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a permission reaches: the whole city, or some divisions and agencies (possibly none)."""

    everywhere: bool
    divisions: frozenset[str]
    agencies: frozenset[str] = frozenset()

    def covers(self, division: str | None) -> bool:
        """Tell whether the reach includes ``division``; None asks for the whole city."""
        return self.everywhere or (division is not None and division in self.divisions)

    def includes(self, agency: str | None, division: str | None = None) -> bool:
        """Tell whether the reach includes what ``agency`` (by its GB 32100 code) answers for, or ``division``."""
        return self.covers(division) or (agency is not None and agency in self.agencies)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.divisions) or bool(self.agencies)


NOWHERE = Reach(everywhere=False, divisions=frozenset())
EVERYWHERE = Reach(everywhere=True, divisions=frozenset())


def reach(account: Account, permission: str, zone: str = "") -> Reach:
    """Return how far ``permission`` reaches for ``account`` today, in one zone or (empty) in all of them."""
    if not account.is_authenticated or not account.is_active:
        return NOWHERE
    grants = _grants(account, clock.today())
    asked = (permission, zone, account.agency_id)
    remembered = account._yzt_reach  # type: ignore[attr-defined]
    if asked not in remembered:
        remembered[asked] = _reach(account, grants, permission, zone)
    found: Reach = remembered[asked]
    return found


def _reach(account: User, grants: list[Grant], permission: str, zone: str) -> Reach:
    divisions: set[str] = set()
    agencies: set[str] = set()
    for grant in grants:
        if permission not in grant.role.permissions or grant.zone not in ("", zone):
            continue
        if grant.scope == Grant.Scope.CITY:
            return EVERYWHERE
        if grant.scope == Grant.Scope.DIVISION and grant.division_id:
            divisions |= tree.subtree(grant.division_id)
        if grant.scope == Grant.Scope.AGENCY and account.agency_id:
            agencies.add(account.agency_id)
    return Reach(everywhere=False, divisions=frozenset(divisions), agencies=frozenset(agencies))


def may(account: Account, permission: str, division: str | None = None, zone: str = "") -> bool:
    """Tell whether the account has the permission at ``division``, or anywhere when None is given."""
    found = reach(account, permission, zone)
    return bool(found) if division is None else found.covers(division)


def check(account: Account, permission: str, division: str | None = None, zone: str = "") -> None:
    """Raise :class:`Refused` unless the account has the permission there."""
    if not may(account, permission, division, zone):
        raise Refused(permission, division)


def zones_of(account: Account, permission: str) -> frozenset[str]:
    """Return the zones for which the account is given the permission today; the empty name stands for all of them."""
    if not account.is_authenticated or not account.is_active:
        return frozenset()
    return frozenset(grant.zone for grant in _grants(account, clock.today()) if permission in grant.role.permissions)


def current(day: dt.date) -> Q:
    """Return the condition on grants that they are in force on ``day``."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def remember(account: User, day: dt.date, grants: list[Grant]) -> None:
    """Let this object answer from all grants that are in force on ``day``, which were read with their roles already."""
    account._yzt_grants = (day, grants)  # type: ignore[attr-defined]
    account._yzt_reach = {}  # type: ignore[attr-defined]


def _grants(account: User, day: dt.date) -> list[Grant]:
    remembered: tuple[dt.date, list[Grant]] | None = getattr(account, "_yzt_grants", None)
    if remembered is None or remembered[0] != day:
        remember(account, day, list(account.grants.filter(current(day)).select_related("role")))
    found: list[Grant] = account._yzt_grants[1]  # type: ignore[attr-defined]
    return found
