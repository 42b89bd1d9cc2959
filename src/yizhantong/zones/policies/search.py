"""What the search finds of policies: the cards online, by title, spoken words, document, whom they are for and what they ask."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.search import actions as index
from yizhantong.kernel.search import declare_source
from yizhantong.kernel.search.actions import Document
from yizhantong.zones.policies.models import PolicyCard

KIND = "policy"


def document_of(card: PolicyCard) -> Document:
    """Return what is indexed of a card."""
    document = card.document
    conditions: list[str] = []
    words: tuple[str, ...] = ()
    if card.item is not None and card.item.current is not None:
        content = card.item.current.content
        conditions = [one["text"] for one in content.get("conditions", [])]
        words = tuple(content.get("guide", {}).get("words", []))
    body = " ".join((card.target, document.title, document.document, document.interpretation[:500], *conditions))
    return Document(
        key=card.number, title=card.title, url=f"/policies/cards/{card.number}/", summary=card.target, body=body,
        words=(*words, document.document), zone="policies",
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Yield all cards online."""
    for card in PolicyCard.objects.filter(state=PolicyCard.State.PUBLISHED).select_related("document", "item__current"):
        yield document_of(card)


def keep(card: PolicyCard) -> None:
    """Bring the index into line with a card: in it while it is online."""
    if card.state == PolicyCard.State.PUBLISHED:
        index.put(KIND, [document_of(card)])
    else:
        index.remove(KIND, card.number)


declare_source(KIND, _("惠企政策"), documents)
