"""Cards: written beside their document, given an item, online when the item is published (or, for notices, with the document).

The register ``policies.policy`` is written here alone: entered when a card goes online, withdrawn in red letters when it goes off.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items import actions as items
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.signals import when
from yizhantong.zones.policies import matters, search, settings
from yizhantong.zones.policies.actions.budgets import set_quota
from yizhantong.zones.policies.actions.recording import source_of
from yizhantong.zones.policies.actions.register import publish_policy, withdraw_policy
from yizhantong.zones.policies.benefit import read as read_benefit
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import PolicyCard, PolicyClass, PolicyDocument
from yizhantong.zones.policies.queries import visible
from yizhantong.zones.policies.queries.register import policy as standing_policy

ZONE = "policies"
FIELDS = (
    "title", "target", "policy_class", "budget", "fund", "stacking", "window_start", "window_end", "contact", "online_apply",
    "online_approve", "unit",
)  # fmt: skip


@transaction.atomic
def draft_card(
    document: PolicyDocument, *, account: Account, benefit: Mapping[str, Any] | None = None, **values: Any
) -> PolicyCard:
    """Add a card to a document; its number is the next of the register. ``values`` are those of :data:`FIELDS`."""
    locked = PolicyDocument.objects.select_for_update().get(pk=document.pk)
    _may_edit(account, locked)
    if locked.state not in (PolicyDocument.State.DRAFT, PolicyDocument.State.EFFECTIVE):
        raise PolicyError("policies.document_state", "文件在审定中或已结束,不能增加政策卡")
    card = PolicyCard(
        document=locked, number=next_number(locked.published_on.year), position=locked.cards.count(), **_chosen(values)
    )
    if card.unit_id is None:
        card.unit = locked.issuer
    card.benefit = read_benefit(dict(benefit or {})).model_dump(mode="json", exclude_none=True)
    _check(card)
    card.save()
    return card


@transaction.atomic
def save_card(
    card: PolicyCard, values: Mapping[str, Any], *, account: Account, benefit: Mapping[str, Any] | None = None
) -> PolicyCard:
    """Change a card. What decides an application (the benefit) goes into a new draft of its item, to be published by another."""
    locked = PolicyCard.objects.select_for_update(of=("self",)).select_related("document", "item").get(pk=card.pk)
    _may_edit(account, locked.document)
    if locked.state == PolicyCard.State.WITHDRAWN:
        raise PolicyError("policies.card_withdrawn", "政策卡已下线,不能再改;请在新文件下另建")
    for name, value in _chosen(values).items():
        setattr(locked, name, value)
    _check(locked)
    if benefit is not None:
        wanted = read_benefit(dict(benefit))
        document = wanted.model_dump(mode="json", exclude_none=True)
        if locked.item is not None and document != locked.benefit:
            version = items.draft(locked.item, account)
            items.save(version, matters.with_benefit(version.content, locked, wanted), account)
        if locked.state == PolicyCard.State.DRAFT:
            locked.benefit = document
    locked.save()
    return locked


@transaction.atomic
def make_item(card: PolicyCard, *, account: Account, asked: matters.Asked | None = None) -> ItemVersion:
    """Make the card's service item with a draft to begin with; the officer completes it in the builder and submits it."""
    locked = PolicyCard.objects.select_for_update(of=("self",)).select_related("document", "unit").get(pk=card.pk)
    _may_edit(account, locked.document)
    if locked.policy_class == PolicyClass.NOTICE:
        raise PolicyError("policies.notice_has_no_item", "普惠告知类政策卡不需要事项")
    if locked.item_id is not None:
        raise PolicyError("policies.has_item", "这张政策卡已有事项,请到事项编辑中修改")
    if locked.benefit.get("standard") is None:
        raise PolicyError("policies.no_standard", "请先填写兑现标准,再建立事项", field="standard")
    item = items.create_item(
        item_code(locked.number), name=locked.title, agency=locked.unit, division=locked.document.division, account=account,
        zone=ZONE, kind=Item.Kind.POLICY, demonstration=locked.document.demonstration,
    )  # fmt: skip
    version = items.draft(item, account)
    items.save(version, matters.content_for(locked, read_benefit(locked.benefit), asked), account)
    locked.item = item
    locked.save(update_fields=["item"])
    card.item = item
    return version


def item_code(number: str) -> str:
    """Return the code of the item of a card."""
    return f"policies.{number.partition('-')[2] or number}"


def next_number(year: int) -> str:
    """Return the number after the last of the register and of all cards; the count runs through the years."""
    prefix = settings.of("register").get("prefix", "ZC")
    taken = [
        int(found.group(1))
        for number in PolicyCard.objects.values_list("number", flat=True)
        if (found := re.search(r"-(\d+)$", number))
    ]
    return f"{prefix}-{year}-{max(taken, default=0) + 1:05d}"


def put_online(card: PolicyCard, *, account: Account | None, source: str = "", on: dt.date | None = None) -> PolicyCard:
    """Enter the card into the register, unless it stands there; within the caller's transaction and permission."""
    day = on or clock.today()
    document = card.document
    if document.state != PolicyDocument.State.EFFECTIVE:
        raise PolicyError("policies.document_not_in_force", f"“{document.document}”尚未审定或已结束,政策卡不能上线")
    if standing_policy(card.number, lock=True) is None:
        applied = card.policy_class == PolicyClass.APPLY
        publish_policy(
            card.number, card.title, document.document, document.issuer, level=document.level, area=document.area,
            policy_class=card.policy_class, online_apply=applied and card.online_apply,
            online_approve=applied and card.online_approve, valid_until=document.valid_until, on=day,
            account=None, source=source_of(account, source),
        )  # fmt: skip
    card.state, card.published_on = PolicyCard.State.PUBLISHED, card.published_on or day
    card.save(update_fields=["state", "published_on"])
    search.keep(card)
    return card


def take_offline(
    card: PolicyCard, *, on: dt.date, reason: str, account: Account | None, source: str = ""
) -> PolicyCard:
    """Withdraw the card from the register; its item takes no more applications."""
    entered = standing_policy(card.number)
    if entered is not None:
        withdraw_policy(
            card.number,
            on=max(on, entered.occurred_on),
            reason=reason[:200],
            account=None,
            source=source_of(account, source),
        )
    if card.item is not None and not card.item.suspended:
        card.item.suspended = reason.strip()[:200]
        card.item.save(update_fields=["suspended"])
    card.state = PolicyCard.State.WITHDRAWN
    card.save(update_fields=["state"])
    search.keep(card)
    return card


@when("published")
def _item_published(item: Item, version: ItemVersion) -> None:
    """Follow the publication of a card's item: the benefit is that of the version, the card is in the register."""
    card = PolicyCard.objects.select_related("document", "document__issuer", "item").filter(item=item).first()
    if card is None:
        return
    benefit = read_benefit(version.content.get("benefit", {}))
    if benefit.standard is None:
        raise PolicyError("policies.no_standard", "事项没有兑现标准,不能发布;请在政策卡中填写", field="standard")
    card.benefit = benefit.model_dump(mode="json", exclude_none=True)
    card.save(update_fields=["benefit"])
    if benefit.quota is not None:
        set_quota(card, clock.today().year, benefit.quota, account=None)
    put_online(card, account=version.published_by, source=f"item:{version}")


@when("retired")
def _item_retired(item: Item, _version: ItemVersion) -> None:
    card = PolicyCard.objects.select_related("item").filter(item=item, state=PolicyCard.State.PUBLISHED).first()
    if card is not None:
        take_offline(card, on=clock.today(), reason="事项已取消", account=None, source=f"item:{item.code}")


def _chosen(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in FIELDS if name in values}


def _check(card: PolicyCard) -> None:
    if card.policy_class not in PolicyClass.values:
        raise PolicyError("policies.class", "请选择类别:申报类、免申即享类或普惠告知类", field="policy_class")
    if not card.title.strip() or not card.target.strip():
        raise PolicyError("policies.missing", "请填写兑现事项名称和惠及对象", field="title")
    if card.policy_class != PolicyClass.APPLY:
        card.online_apply = card.online_approve = False
    if card.window_start and card.window_end and card.window_end < card.window_start:
        raise PolicyError("policies.window_order", "申报截止早于申报开始", field="window_end")


def _may_edit(account: Account, document: PolicyDocument) -> None:
    if not visible.may_edit(account, document):
        raise policy.Refused(visible.EDIT, document.division_id)
