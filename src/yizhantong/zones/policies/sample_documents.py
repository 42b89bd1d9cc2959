"""The invented documents and cards of the sample city (演示数据), read from ``policies/*.toml`` of the city's folder.

The register's facts (``sample.py``) and the documents, cards and items themselves (:func:`load`) come from the same rows.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.actions import digest_of, put_in_force
from yizhantong.kernel.items.checking import require
from yizhantong.kernel.items.content import write
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.models import DataElement, Item, ItemVersion
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies import matters, settings
from yizhantong.zones.policies.actions import budgets
from yizhantong.zones.policies.actions.cards import item_code, put_online
from yizhantong.zones.policies.benefit import read as read_benefit
from yizhantong.zones.policies.models import Budget, PolicyCard, PolicyDocument, StackingGroup

WAN_FEN = 1_000_000
BENEFIT = ("standard", "shortage", "quota", "public_days", "confirm_days", "experts", "results")


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card of the files, with the number that it has in the register."""

    number: str
    position: int
    said: dict[str, Any]

    @property
    def policy_class(self) -> str:
        """The class of the card."""
        return str(self.said.get("class", "apply"))

    @property
    def ended(self) -> bool:
        """Whether it ran out before the sample's day."""
        return bool(self.said.get("ended", False))

    @property
    def online(self) -> bool:
        """Whether it is applied for and approved online."""
        return self.policy_class == "apply" and not self.said.get("offline", False)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document of the files with its cards."""

    said: dict[str, Any]
    cards: tuple[CardRow, ...]

    @property
    def published(self) -> dt.date:
        """The day of publication."""
        day: dt.date = self.said["published"]
        return day


@lru_cache(maxsize=2)
def rows(prefix: str = "ZC") -> tuple[DocumentRow, ...]:
    """Return all documents of the city's folder, oldest first, numbered through."""
    folder = city_folder.folder().joinpath("policies")
    found: list[dict[str, Any]] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml") and path.name != "settings.toml":
            found += tomllib.loads(path.read_text(encoding="utf-8")).get("documents", [])
    made, count = [], 0
    for said in sorted(found, key=lambda one: (one["published"], one["document"])):
        cards = []
        for position, card in enumerate(said["cards"]):
            count += 1
            cards.append(CardRow(f"{prefix}-{said['published'].year}-{count:05d}", position, card))
        made.append(DocumentRow(said, tuple(cards)))
    return tuple(made)


@transaction.atomic
def load(year: int | None = None) -> int:
    """Write documents, cards, items, budgets and groups of the files where they are missing; return how many cards there are."""
    if not DataElement.objects.exists():
        load_elements()
    for group in settings.rows("groups"):
        StackingGroup.objects.get_or_create(code=group["code"], defaults={"name": group["name"], "rule": group["rule"]})
    for said in settings.rows("budgets"):
        _budget(said, year or clock.today().year)
    for row in rows():
        _document(row)
    return PolicyCard.objects.count()


def _budget(said: dict[str, Any], year: int) -> None:
    if not Budget.objects.filter(code=said["code"]).exists():
        office = Organisation.objects.get(pk=said["office"])
        budgets.open_budget(
            said["code"],
            said["name"],
            year=year,
            office=office,
            total_fen=said["wan"] * WAN_FEN,
            account=None,
            source="sample",
        )


def _document(row: DocumentRow) -> None:
    said = row.said
    if PolicyDocument.objects.filter(document=said["document"]).exists():
        return
    issuers = [Organisation.objects.get(pk=uscc) for uscc in said["issuers"]]
    ended = all(card.ended for card in row.cards)
    document = PolicyDocument.objects.create(
        document=said["document"], title=said["title"], issuer=issuers[0], division_id=issuers[0].division_id,
        level=said["level"], area=said["area"], signed_on=row.published, published_on=row.published,
        effective_on=row.published, valid_until=said.get("until"), original=_original(row), guide=_guide(row),
        interpretation=said["interpretation"], demonstration=True, submitted_at=_at(row.published),
        approved_at=_at(row.published), state=PolicyDocument.State.EFFECTIVE,
    )  # fmt: skip
    document.issuers.set(issuers)
    for card in row.cards:
        _card(document, card)
    if ended:
        PolicyCard.objects.filter(document=document).update(state=PolicyCard.State.WITHDRAWN)
        document.state, document.remark = PolicyDocument.State.EXPIRED, "有效期届满"
        document.save(update_fields=["state", "remark"])


def _card(document: PolicyDocument, row: CardRow) -> None:
    said = row.said
    window: Sequence[dt.date] = said.get("window", ())
    benefit = read_benefit({name: said[name] for name in BENEFIT if name in said})
    card = PolicyCard.objects.create(
        number=row.number, document=document, title=said["title"], policy_class=row.policy_class, target=said["target"],
        benefit=benefit.model_dump(mode="json", exclude_none=True), stacking_id=said.get("group"),
        budget=Budget.objects.filter(code=said.get("budget", "")).first(), unit=document.issuer, position=row.position,
        window_start=window[0] if window else None, window_end=window[1] if window else None, contact="0416-2340000(演示)",
        online_apply=row.policy_class == "apply", online_approve=row.online, published_on=document.published_on,
        state=PolicyCard.State.PUBLISHED,
    )  # fmt: skip
    if row.ended:
        return
    if row.policy_class == "notice":
        put_online(card, account=None, source="sample", on=document.published_on)
        return
    _item(card, row)


def _item(card: PolicyCard, row: CardRow) -> None:
    said = row.said
    asked = matters.Asked(said.get("conditions", ()), said.get("form", ()), said.get("materials", ()))
    document = write(require(matters.content_for(card, read_benefit(card.benefit), asked), kind=Item.Kind.POLICY))
    item = Item.objects.create(
        code=item_code(card.number), zone="policies", kind=Item.Kind.POLICY, agency=card.unit, division=card.document.division,
        name=card.title, demonstration=True,
    )  # fmt: skip
    card.item = item
    card.save(update_fields=["item"])
    version = ItemVersion.objects.create(
        item=item, number=1, state=ItemVersion.State.PUBLISHED, content=document, digest=digest_of(document),
        submitted_at=_at(card.document.published_on), published_at=_at(card.document.published_on),
        valid_from=card.document.published_on, written_by=_somebody("zhengce"), published_by=_somebody("fabu"),
    )  # fmt: skip
    put_in_force(version)


def _somebody(username: str) -> User:
    """Return the sample's official of that name; where the accounts are not there, one that nobody can sign in with."""
    found = User.objects.filter(username=username).first()
    if found is None:
        found, _made = User.objects.get_or_create(
            username=f"demo-{username}",
            defaults={"is_active": False, "demonstration": True, "display_name": "演示政策人员"},
        )
    return found


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)), timezone.get_default_timezone())


def _original(row: DocumentRow) -> str:
    lines = [f"{row.said['title']}({row.said['document']})", "", "本文件为演示数据,并非真实政策。", ""]
    for place, card in enumerate(row.cards, 1):
        lines.append(f"第{place}条 {card.said['title']}。惠及对象:{card.said['target']}。")
        lines += [f"  ({number}){text};" for number, (text, _rule) in enumerate(card.said.get("conditions", ()), 1)]
    return "\n".join(lines)


def _guide(row: DocumentRow) -> str:
    applied = [card.said["title"] for card in row.cards if card.policy_class == "apply" and not card.ended]
    automatic = [card.said["title"] for card in row.cards if card.policy_class == "automatic"]
    text = []
    if applied:
        text.append(
            f"需申报:{'、'.join(applied)}。登录后在“政策匹配”查看本企业是否符合,在线填报,材料能共享的不再提交。"
        )
    if automatic:
        text.append(f"免申即享:{'、'.join(automatic)}。由部门比对数据生成名单,企业收到消息后确认收款账户即可。")
    return "\n".join(text) or "本文件为政策告知,无需申报。"
