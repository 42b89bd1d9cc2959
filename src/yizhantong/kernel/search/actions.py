"""What changes the index."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yizhantong.kernel.search import ranking, words
from yizhantong.kernel.search.models import Entry, Token

FORM = "1"
"""Changed whenever tokens are made otherwise, so that the next rebuild makes all of them anew."""
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing to be found: see :class:`~yizhantong.kernel.search.models.Entry` for the fields it shares."""

    key: str
    title: str
    url: str
    body: str = ""
    summary: str = ""
    words: tuple[str, ...] = ()
    zone: str = ""
    division: str | None = None
    public: bool = True
    permission: str = ""
    weight: float = 1.0

    def digest(self) -> str:
        """Return a word that changes when anything of it does."""
        return hashlib.sha256(f"{FORM}{sorted(asdict(self).items())!r}".encode()).hexdigest()[:32]

    def row(self, kind: str) -> dict[str, Any]:
        """Return the values of its entry."""
        return {
            "kind": kind, "key": self.key, "title": self.title[:200], "words": " ".join(self.words)[:500],
            "summary": self.summary[:300], "url": self.url, "zone": self.zone, "division_id": self.division,
            "public": self.public, "permission": self.permission, "weight": self.weight, "digest": self.digest(),
        }  # fmt: skip


def index(kind: str, key: str, *, title: str, url: str, **said: Any) -> None:
    """Put one thing into the index, or anew; what did not change costs one query.

    ``said``: ``body`` (plain text), ``summary`` (shown; default: the beginning of the body), ``words`` (further names), ``zone``,
    ``division``, ``public`` (default True), ``permission`` (needed when not public), ``weight``.
    """
    said["words"] = tuple(said.get("words", ()))
    put(kind, [Document(key=key, title=title, url=url, **said)])


def remove(kind: str, key: str) -> None:
    """Take one thing out of the index; not being there is no error."""
    _delete(Entry.objects.filter(kind=kind, key=key).values_list("pk", flat=True))


def put(kind: str, documents: Iterable[Document]) -> int:
    """Put things of one kind into the index; return how many were new or had changed. All of a batch, or nothing."""
    changed, batch = 0, list[Document]()
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            changed += _put(kind, batch)
            batch = []
    return changed + (_put(kind, batch) if batch else 0)


def keep_only(kind: str, keys: Iterable[str]) -> int:
    """Take out of the index what is of the kind but not among the keys; return how many."""
    kept = set(keys)
    gone = [pk for pk, key in Entry.objects.filter(kind=kind).values_list("pk", "key") if key not in kept]
    _delete(gone)
    return len(gone)


@transaction.atomic
def _put(kind: str, documents: list[Document]) -> int:
    by_key = {document.key: _with_summary(document) for document in documents}
    known = Entry.objects.filter(kind=kind, key__in=list(by_key)).values_list("key", "digest")
    same = {key for key, digest in known if by_key[key].digest() == digest}
    rows = [
        Entry(**document.row(kind), updated_at=timezone.now()) for key, document in by_key.items() if key not in same
    ]
    if not rows:
        return 0
    values = [field for field in Document(key="", title="", url="").row(kind) if field not in ("kind", "key")]
    Entry.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["kind", "key"],
        update_fields=[*(name.removesuffix("_id") for name in values), "updated_at"],
    )  # fmt: skip
    ids = dict(Entry.objects.filter(kind=kind, key__in=[row.key for row in rows]).values_list("key", "pk"))
    Token.objects.filter(entry__in=list(ids.values())).delete()
    _write(_tokens(ids, [by_key[row.key] for row in rows]))
    ranking.forget()
    return len(rows)


def _with_summary(document: Document) -> Document:
    if document.summary or not document.body:
        return document
    return Document(**{**asdict(document), "summary": " ".join(document.body.split())[:120]})


def _tokens(ids: dict[str, int], documents: list[Document]) -> Iterator[tuple[int, str, int, float, bool]]:
    for document in documents:
        # a summary that repeats the body's beginning must not count twice
        summary = "" if document.body.startswith(document.summary[:60]) else document.summary
        found = words.tokens(document.title, " ".join(document.words), summary, document.body)
        for token, (field, weight) in found.items():
            yield ids[document.key], token, field, weight, document.public


def _write(rows: Iterable[tuple[int, str, int, float, bool]]) -> None:
    """Write tokens in bulk, past the models: a thing has some 150 of them."""
    table = connection.ops.quote_name(Token._meta.db_table)
    columns = "entry_id, token, field, weight, public"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s)", list(rows))


def _delete(entries: Iterable[int]) -> None:
    gone = list(entries)
    for start in range(0, len(gone), 500):
        Token.objects.filter(entry__in=gone[start : start + 500]).delete()
        Entry.objects.filter(pk__in=gone[start : start + 500]).delete()
    if gone:
        ranking.forget()
