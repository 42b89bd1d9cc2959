"""The roles that every city starts with: sets of permissions by a code; whoever administers rights may change them."""

from __future__ import annotations

from yizhantong.kernel.access.models import Role

VIEW = ["ledger.view", "ledger.export", "articles.check"]
WRITE = [*VIEW, "ledger.record", "ledger.reverse", "ledger.import"]
HANDLE = ["cases.view", "cases.intake", "cases.handle"]
ROLES: dict[str, tuple[str, list[str]]] = {
    "leader": ("领导", VIEW),
    "clerk": ("台账员", WRITE),
    "editor": ("编辑", ["ledger.view", "articles.check", "articles.brief", "figures.publish"]),
    "journalist": ("记者", ["articles.check"]),
    "statistician": ("统计员", [*WRITE, "ledger.seal", "figures.publish", "personal.reveal", "articles.brief"]),
    "window": ("窗口人员", [*HANDLE, "appointments.serve"]),
    "hall-manager": ("大厅管理员", ["cases.view", "appointments.manage", "appointments.serve"]),
    "approver": ("审批员", HANDLE),
    "section-head": ("科室负责人", [*HANDLE, "cases.decide", "cases.assign", "cases.rule", "personal.reveal"]),
    "treasurer": ("资金管理员", [*HANDLE, "policies.pay", "policies.budget"]),
    "item-editor": ("事项与政策编辑", ["cases.view", "items.edit", "policies.edit", "profiles.edit"]),
    "item-publisher": ("事项与政策审定", ["items.publish", "policies.publish"]),
    "supervisor": ("督查员", ["cases.view", "cases.supervise", "ledger.view"]),
    "butler": ("项目管家", [*HANDLE, "butler.serve"]),
    "butler-manager": ("管家主管", [*HANDLE, "cases.assign", "cases.decide", "butler.serve", "butler.manage"]),
    "finance-officer": ("银企撮合管理员", [*HANDLE, "cases.decide", "cases.assign", "finance.manage"]),
    "bank-officer": ("银行客户经理", ["finance.bank"]),
    "talent-officer": ("人才服务管理员", [*HANDLE, "cases.decide", "cases.assign", "talent.manage"]),
    "enrolment-officer": ("招生管理员", [*HANDLE, "cases.decide", "enrolment.manage"]),
    "crossregion-clerk": ("跨区通办人员", [*HANDLE, "cases.decide", "crossregion.handle"]),
    "expert": ("评审专家", ["experts.score"]),
    "system-admin": ("系统管理员", ["accounts.system"]),
    "security-admin": ("安全管理员", ["accounts.security"]),
    "audit-admin": ("审计管理员", ["accounts.audit", "ledger.view"]),
}
SEPARATE = ("system-admin", "security-admin", "audit-admin")
PUBLIC = ("journalist",)
"""Roles whose accounts are no staff and owe no second factor."""


def ensure_roles() -> None:
    """Make the roles; those that were changed since stay as they are."""
    for code, (name, permissions) in ROLES.items():
        Role.objects.get_or_create(code=code, defaults={"name": name, "permissions": permissions})
