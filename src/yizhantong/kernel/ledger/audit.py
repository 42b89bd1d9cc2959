"""The ledger of what was done with the platform itself: ``ledger.audit``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger.declare import Field, Ledger, register
from yizhantong.kernel.ledger.models import AuditEvent

AUDIT = register(
    Ledger(
        code="ledger.audit",
        label=_("审计台账"),
        model=AuditEvent,
        fields=(
            Field("事件", "event", public=False),
            Field("操作账号", "actor", public=False),
            Field("对象", "target", public=False),
            Field("结果", "result", public=False),
            Field("网络地址", "address", public=False),
            Field("详情", "detail", public=False),
        ),
        public=False,
        description=_("登录、拒绝、查看原文、导入导出、权限变更、封存与发布的记录"),
        view="accounts.audit",
    )
)


def listen() -> None:
    """Connect the signals; called once when the app is ready."""
