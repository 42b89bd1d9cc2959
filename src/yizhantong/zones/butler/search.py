"""The knowledge base in the search room: public answers for everyone, the others for officials who handle cases.

Enterprises find the answers that are meant for them beside the appeal they write (:func:`.queries.knowledge.suggested`).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.search import actions, declare_source
from yizhantong.kernel.search.actions import Document
from yizhantong.kernel.search.queries import search
from yizhantong.zones.butler.models import Answer

KIND = "answer"


def put(answer: Answer) -> None:
    """Put a published answer into the index."""
    actions.put(KIND, [document_of(answer)])


def drop(answer: Answer) -> None:
    """Take an answer out of the index."""
    actions.remove(KIND, str(answer.pk))


def keys(text: str, account: Account) -> list[int]:
    """Return the numbers of the answers that the search room finds for a text, best first."""
    return [int(hit.entry.key) for hit in search(text[:80], account=account, kinds=[KIND], limit=10)]


def document_of(answer: Answer) -> Document:
    """Return an answer as the index takes it."""
    public = answer.visibility == Answer.Visibility.PUBLIC
    return Document(
        key=str(answer.pk), title=answer.question, body=answer.answer, url=f"/butler/knowledge/{answer.pk}/",
        words=(answer.kind_label,), zone="butler", public=public, permission="" if public else "cases.handle",
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Yield all published, valid answers."""
    valid = Answer.objects.filter(state=Answer.State.PUBLISHED, valid_until__gte=clock.today())
    return (document_of(answer) for answer in valid.order_by("pk").iterator())


declare_source(KIND, _("诉求知识库"), documents)
