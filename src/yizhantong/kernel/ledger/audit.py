"""The ledger of what was done with the platform itself: ``ledger.audit``.

Signing in and out, failed attempts and lock-outs, and changes of accounts, roles and grants are heard of by signals; refusals,
exports, imports, reveals, seals and publications are told by whoever does them, through :func:`audit`.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import signals as auth_signals
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.acting import acting
from yizhantong.kernel.access.models import Grant, Role, Token, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.declare import Field, Ledger, register
from yizhantong.kernel.ledger.models import AuditEvent, Fact

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

Event = AuditEvent.Event
Result = AuditEvent.Result


def audit(
    account: policy.Account | None,
    event: str,
    target: str = "",
    *,
    result: str = Result.DONE,
    actor: str = "",
    address: str = "",
    **detail: Any,
) -> Fact | None:
    """Record what was done. ``actor`` is the account's name unless given; ``address`` is masked; ``detail`` is kept as JSON.

    In a city without divisions (before it is loaded) there is nowhere to record it, and None is returned.
    """
    from yizhantong.kernel.ledger import actions

    if not any(branch.level == "city" for branch in tree.branches().values()):
        return None
    known = isinstance(account, User)
    said = json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str) if detail else ""
    values = {
        "division_id": tree.root(), "occurred_on": clock.today(), "note": "", "event": str(event), "result": str(result),
        "actor": (actor or (account.username if isinstance(account, User) else ""))[:150], "target": target[:200],
        "address": masked_address(address), "detail": said if len(said) <= 1000 else said[:999] + "…",
    }  # fmt: skip
    return actions.insert(AUDIT, values, recorded_by=account.pk if known else None, source="system")  # type: ignore[union-attr]


def masked_address(address: str) -> str:
    """Return a network address without its last part: ``10.1.2.*``, ``2001:db8:*``."""
    if "." in address:
        return f"{address.rpartition('.')[0]}.*"
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":*"
    return ""


def listen() -> None:
    """Connect the signals; called once when the app is ready."""
    auth_signals.user_logged_in.connect(_signed_in, dispatch_uid="ledger.audit.in")
    auth_signals.user_logged_out.connect(_signed_out, dispatch_uid="ledger.audit.out")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="ledger.audit.failed")
    for model in (Grant, Role, Token):
        post_save.connect(_rights_changed, sender=model, dispatch_uid=f"ledger.audit.save.{model.__name__}")
        post_delete.connect(_rights_changed, sender=model, dispatch_uid=f"ledger.audit.delete.{model.__name__}")
    post_save.connect(_account_changed, sender=User, dispatch_uid="ledger.audit.user")


def _address_of(request: Any) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""


def _signed_in(request: Any, user: User, **_kwargs: Any) -> None:
    audit(user, Event.SIGN_IN, address=_address_of(request))


def _signed_out(request: Any, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        audit(user, Event.SIGN_OUT, address=_address_of(request))


def _failed(credentials: dict[str, Any], request: Any = None, **_kwargs: Any) -> None:
    name = str(credentials.get("username", ""))
    audit(None, Event.SIGN_IN_FAILED, actor=name, result=Result.FAILED, address=_address_of(request))


def _rights_changed(sender: type, instance: Any, created: bool | None = None, **kwargs: Any) -> None:
    if kwargs.get("raw"):
        return
    how = "deleted" if created is None else "created" if created else "changed"
    target = f"{sender.__name__.lower()}:{instance.pk}"
    audit(acting(), Event.RIGHTS, target, how=how, what=str(instance), of=getattr(instance, "user_id", None))


def _account_changed(instance: User, created: bool, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if kwargs.get("raw") or update_fields == frozenset({"last_login"}):
        return
    audit(
        acting(),
        Event.ACCOUNT,
        f"user:{instance.pk}",
        how="created" if created else "changed",
        what=instance.username,
    )
