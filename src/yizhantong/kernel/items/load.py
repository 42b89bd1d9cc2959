"""Load what a city has of items: ``items/catalogue.csv`` and ``items/*.json`` of its folder (the format of the exchange).

Each file's items are published as by two demonstration accounts that nobody can sign in with: one wrote them, the other
published them. What an officer changed since is left alone: only versions of these accounts are replaced by a file's.
"""

from __future__ import annotations

import csv
import io

from django.db import transaction

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import city, clock
from yizhantong.kernel.items import actions, exchange
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.dictionary import load_elements
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.models import CatalogueEntry, Item, ItemVersion

WRITER, PUBLISHER = "yanshi-bianxie", "yanshi-shending"
_NAMES = {WRITER: "演示编写员", PUBLISHER: "演示审定员"}


@transaction.atomic
def load_items() -> int:
    """Load dictionary, catalogue and items; return how many versions were published. Can be repeated.

    Raises :class:`ItemError` ``items.city_folder`` naming the item and all that is wrong with it.
    """
    load_elements()
    folder = city.folder().joinpath("items")
    if not folder.is_dir():
        return 0
    _load_catalogue()
    count = 0
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".json"):
            checked = exchange.check(exchange.read_file(path.read_bytes()))
            count += sum(_publish(entry) for entry in checked)
    return count


def _load_catalogue() -> None:
    path = city.folder().joinpath("items", "catalogue.csv")
    if not path.is_file():
        return
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    fields = ["name", "task_type", "by_law", "use_level", "source"]
    CatalogueEntry.objects.bulk_create(
        [CatalogueEntry(**row) for row in rows], update_conflicts=True, update_fields=fields, unique_fields=["code"]
    )


def _publish(entry: exchange.Checked) -> bool:
    if entry.findings:
        told = ";".join(f"{finding.place} {finding.sentence}" for finding in entry.findings)
        raise ItemError("items.city_folder", f"城市数据里的事项“{entry.code}”有误:{told}")
    fields = exchange.entry_fields(entry.document)
    document = contents.write(contents.read(entry.document["content"]))
    item, _ = Item.objects.get_or_create(code=fields.pop("code"), defaults=fields)
    newest = item.versions.order_by("-number").first()
    if newest is not None and (newest.digest == actions.digest_of(document) or not _ours(newest)):
        return False
    publish_as_demonstration(item, document, newest.number + 1 if newest else 1)
    return True


def _ours(version: ItemVersion) -> bool:
    return version.written_by is not None and version.written_by.username == WRITER


def publish_as_demonstration(item: Item, document: dict[str, object], number: int) -> ItemVersion:
    """Publish a checked document as of the demonstration accounts, and put it in force."""
    version = ItemVersion.objects.create(
        item=item, number=number, state=ItemVersion.State.PUBLISHED, content=document,
        digest=actions.digest_of(document), written_by=_account(WRITER), published_by=_account(PUBLISHER),
        submitted_at=clock.now(), published_at=clock.now(), valid_from=clock.today(),
    )  # fmt: skip
    actions.put_in_force(version)
    return version


def _account(name: str) -> User:
    found, made = User.objects.get_or_create(
        username=name, defaults={"display_name": _NAMES[name], "is_active": False, "demonstration": True}
    )
    if made:
        found.set_unusable_password()
        found.save(update_fields=["password"])
    return found
