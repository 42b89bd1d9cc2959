"""What the search finds of items: those in force, by name, spoken words and what the guide says."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items import queries
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.items.signals import when
from yizhantong.kernel.search import actions as index
from yizhantong.kernel.search import declare_source
from yizhantong.kernel.search.actions import Document

KIND = "item"


def document_of(item: Item, version: ItemVersion) -> Document:
    """Return what is indexed of an item."""
    guide = version.content.get("guide", {})
    materials = "、".join(material["name"] for material in version.content.get("materials", []))
    return Document(
        key=item.code, title=item.name, url=f"/services/{item.code}/", summary=guide.get("summary", ""),
        body=f"{guide.get('summary', '')} {guide.get('result_name', '')} {materials}",
        words=tuple(guide.get("words", [])), zone=item.zone,
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Yield all items in force; policies are found as what their zone publishes."""
    for item in queries.published().exclude(kind=Item.Kind.POLICY).select_related("current"):
        assert item.current is not None
        yield document_of(item, item.current)


def indexed(item: Item, version: ItemVersion) -> None:
    """Put an item into the index."""
    if item.kind != Item.Kind.POLICY:
        index.put(KIND, [document_of(item, version)])


def removed(item: Item, _version: ItemVersion) -> None:
    """Take an item out of the index."""
    index.remove(KIND, item.code)


def listen() -> None:
    """Hear of every change of what is in force; called once when the app is ready."""
    for event in ("published", "resumed"):
        when(event)(indexed)
    for event in ("suspended", "retired"):
        when(event)(removed)


declare_source(KIND, _("事项"), documents)
