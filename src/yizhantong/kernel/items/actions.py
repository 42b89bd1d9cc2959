"""What changes of items: one function per change, each by somebody who may.

A version is written by one and published by another (four eyes); once published the database refuses to change it. Every
action locks the item, so of two at once exactly one wins and the other learns why.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import checking, queries
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.errors import ContentError, Finding, ItemError
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.signals import announce
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation

State = ItemVersion.State
EMPTY_FLOW: Mapping[str, Any] = {
    "kind": "seq",
    "children": [
        {"kind": "step", "code": "review", "name": "审查", "attributes": {"kind": "review"}},
        {"kind": "step", "code": "decide", "name": "决定", "attributes": {"kind": "decision"}},
    ],
}
"""The flow that a new item begins with."""


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document (64 hexadecimal characters), whatever the order of its keys."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def create_item(
    code: str,
    *,
    name: str,
    agency: Organisation,
    division: Division,
    account: policy.Account,
    zone: str = "hall",
    kind: str = Item.Kind.APPLICATION,
    **fields: Any,
) -> Item:
    """Enter an item without any version. Errors: ``items.code_taken``, ``items.bad_code``, ``items.no_name``; Refused."""
    if not policy.reach(account, queries.EDIT, zone).includes(agency.pk, division.pk):
        raise policy.Refused(queries.EDIT, division.pk)
    made = Item(code=code.strip(), name=name.strip(), agency=agency, division=division, zone=zone, kind=kind, **fields)
    if not made.name:
        raise ItemError("items.no_name", "请填写事项名称", "name")
    if not made.code or not all(c.isascii() and (c.isalnum() or c in ".-_") for c in made.code) or len(made.code) > 48:
        text = "事项代码只能用字母、数字和“.-_”,最多 48 个字符"
        raise ItemError("items.bad_code", text, "code")
    if Item.objects.filter(pk=made.code).exists():
        raise ItemError("items.code_taken", f"事项代码“{made.code}”已被使用,请换一个", "code")
    made.save(force_insert=True)
    return made


@transaction.atomic
def draft(item: Item, account: policy.Account) -> ItemVersion:
    """Return the draft of an item: the one at hand, else a new version with the content of the last one.

    Error ``items.submitted`` while a version waits for publication.
    """
    locked = _lock(item)
    _may_edit(account, locked)
    newest = locked.versions.order_by("-number").first()
    if newest is not None and newest.state == State.DRAFT:
        return newest
    if newest is not None and newest.state == State.SUBMITTED:
        raise ItemError("items.submitted", f"第 {newest.number} 版正在等待审定;请等待结果或先撤回")
    empty = {"flow": dict(EMPTY_FLOW)}
    document = newest.content if newest is not None else contents.write(contents.read(empty))
    number = newest.number + 1 if newest is not None else 1
    return ItemVersion.objects.create(item=locked, number=number, content=document, written_by=_user(account))


@transaction.atomic
def save(version: ItemVersion, document: Mapping[str, Any], account: policy.Account) -> list[Finding]:
    """Keep the content of a draft; return what is still wrong with it (empty: ready to submit).

    Errors: ``items.not_draft``; :class:`ContentError` when the shape is wrong (nothing is kept); Refused.
    """
    locked, item = _lock_version(version)
    _may_edit(account, item)
    _must_be(locked, State.DRAFT, "items.not_draft", "只有草稿可以修改;请先新建一版")
    content = contents.read(document)
    locked.content = contents.write(content)
    locked.written_by = _user(account)
    locked.save(update_fields=["content", "written_by"])
    version.content, version.written_by = locked.content, locked.written_by
    return checking.check_content(content, kind=item.kind)


@transaction.atomic
def submit(version: ItemVersion, account: policy.Account) -> ItemVersion:
    """Hand a draft over for publication. Errors: ``items.not_draft``, :class:`ContentError` with all findings; Refused."""
    locked, item = _lock_version(version)
    _may_edit(account, item)
    _must_be(locked, State.DRAFT, "items.not_draft", "这一版不是草稿,不能提交")
    checking.require(locked.content, kind=item.kind)
    locked.state, locked.submitted_at, locked.remark = State.SUBMITTED, clock.now(), ""
    locked.save(update_fields=["state", "submitted_at", "remark"])
    return locked


@transaction.atomic
def publish(version: ItemVersion, account: policy.Account, *, valid_from: dt.date | None = None) -> ItemVersion:
    """Publish a submitted version: from ``valid_from`` (default today) new cases pin it, and the one before is retired.

    Errors: ``items.not_submitted``, ``items.own_work`` (four eyes), ``items.past_day``, :class:`ContentError`; Refused.
    """
    locked, item = _lock_version(version)
    if not queries.may_publish(account, item):
        raise policy.Refused(queries.PUBLISH, item.division_id)
    _must_be(locked, State.SUBMITTED, "items.not_submitted", "只有待审定的版本可以发布")
    if locked.written_by_id == _user(account).pk:
        text = "编写的人不能审定自己写的版本,请由另一位有审定权限的人发布"
        raise ItemError("items.own_work", text)
    checking.require(locked.content, kind=item.kind)
    day = valid_from or clock.today()
    if day < clock.today():
        raise ItemError("items.past_day", "启用日不能早于今天", "valid_from")
    _enter_published(locked, _user(account), day)
    audit(account, AuditEvent.Event.PUBLISH, str(locked), how="published", digest=locked.digest, valid_from=day)
    if day <= clock.today():
        put_in_force(locked)
    return locked


def _enter_published(version: ItemVersion, by: User, day: dt.date) -> None:
    version.state, version.published_by, version.published_at = State.PUBLISHED, by, clock.now()
    version.valid_from, version.digest = day, digest_of(version.content)
    version.save()


def put_in_force(version: ItemVersion) -> None:
    """Make a published version the one that new cases pin, and retire the one before it. Inside a transaction."""
    item = version.item
    before = item.current
    item.current = version
    item.save(update_fields=["current"])
    if before is not None and before.pk != version.pk:
        before.state = State.RETIRED
        before.save(update_fields=["state"])
    announce("published", item, version)


def put_due_in_force() -> int:
    """Put in force what was published for a day that has come; return how many versions. A daily job calls it."""
    count = 0
    waiting = ItemVersion.objects.filter(state=State.PUBLISHED, valid_from__lte=clock.today()).order_by(
        "item", "number"
    )
    for version in waiting.exclude(item__current__number__gte=F("number")):
        with transaction.atomic():
            locked, item = _lock_version(version)
            if item.current is None or item.current.number < locked.number:
                put_in_force(locked)
                count += 1
    return count


@transaction.atomic
def send_back(version: ItemVersion, remark: str, account: policy.Account) -> ItemVersion:
    """Give a submitted version back to be mended, saying why. Errors: ``items.not_submitted``, ``items.no_remark``; Refused."""
    locked, item = _lock_version(version)
    writer = locked.written_by_id == _user(account).pk and queries.may_edit(account, item)
    if not writer and not queries.may_publish(account, item):
        raise policy.Refused(queries.PUBLISH, item.division_id)
    _must_be(locked, State.SUBMITTED, "items.not_submitted", "只有待审定的版本可以退回")
    if not remark.strip():
        raise ItemError("items.no_remark", "请写明退回的意见,便于修改", "remark")
    locked.state, locked.submitted_at, locked.remark = State.DRAFT, None, remark.strip()[:200]
    locked.save(update_fields=["state", "submitted_at", "remark"])
    audit(
        account,
        AuditEvent.Event.PUBLISH,
        str(locked),
        how="sent_back",
        result=AuditEvent.Result.REFUSED,
        remark=locked.remark,
    )
    return locked


@transaction.atomic
def suspend(item: Item, reason: str, account: policy.Account) -> Item:
    """Take no new cases for now; running ones go on. Errors: ``items.not_in_force``, ``items.no_reason``; Refused."""
    if not reason.strip():
        raise ItemError("items.no_reason", "请写明暂停的原因,申请人会看到", "reason")
    return _change(item, account, "suspended", lambda locked: setattr(locked, "suspended", reason.strip()[:200]))


@transaction.atomic
def resume(item: Item, account: policy.Account) -> Item:
    """Take new cases again. Errors: ``items.not_in_force``; Refused."""
    return _change(item, account, "resumed", lambda locked: setattr(locked, "suspended", ""))


@transaction.atomic
def retire(item: Item, account: policy.Account) -> Item:
    """Cancel an item: no version is in force any more; running cases go on. Errors: ``items.not_in_force``; Refused."""

    def change(locked: Item) -> None:
        ended = locked.current
        locked.current = None
        if ended is not None:
            ended.state = State.RETIRED
            ended.save(update_fields=["state"])

    return _change(item, account, "retired", change)


def _change(item: Item, account: policy.Account, what: str, change: Callable[[Item], None]) -> Item:
    locked = _lock(item)
    if not queries.may_publish(account, locked):
        raise policy.Refused(queries.PUBLISH, locked.division_id)
    version = locked.current
    if version is None:
        raise ItemError("items.not_in_force", "这个事项没有现行版本")
    change(locked)
    locked.save(update_fields=["current", "suspended"])
    audit(account, AuditEvent.Event.PUBLISH, locked.code, how=what, reason=locked.suspended)
    announce(what, locked, version)
    return locked


# --- shared ---------------------------------------------------------------------------------------------------------


def _user(account: policy.Account) -> User:
    if not isinstance(account, User):
        raise policy.Refused(queries.EDIT)
    return account


def _lock(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).select_related("current").get(pk=item.pk)


def _lock_version(version: ItemVersion) -> tuple[ItemVersion, Item]:
    item = _lock(version.item)
    locked = ItemVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    locked.item = item
    return locked, item


def _may_edit(account: policy.Account, item: Item) -> None:
    if not queries.may_edit(account, item):
        raise policy.Refused(queries.EDIT, item.division_id)


def _must_be(version: ItemVersion, state: str, code: str, sentence: str) -> None:
    if version.state != state:
        label = ItemVersion.State(version.state).label
        raise ItemError(code, f"{sentence}(第 {version.number} 版现在是“{label}”)")


__all__ = [
    "ContentError", "create_item", "digest_of", "draft", "publish", "put_due_in_force", "put_in_force", "resume",
    "retire", "save", "send_back", "submit", "suspend",
]  # fmt: skip
