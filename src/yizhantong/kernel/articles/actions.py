"""What changes of drafts: a draft is checked and kept; an account's own check is thrown away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.articles.check import check_text
from yizhantong.kernel.articles.documents import Document, checked
from yizhantong.kernel.articles.ledger_view import view
from yizhantong.kernel.articles.models import Check
from yizhantong.kernel.articles.reports import as_json
from yizhantong.kernel.divisions import clock

TITLE = 60


def check_draft(account: User, document: Document, *, as_of: dt.date | None = None, with_ledger: bool = True) -> Check:
    """Check a draft as of a day (default today) and keep it; the title is its first line."""
    policy.check(account, "articles.check")
    document = checked(document)
    day = as_of or clock.today()
    result = check_text(document.text, day, view(day) if with_ledger else None)
    with transaction.atomic():
        return Check.objects.create(
            title=_title(document.text),
            text=document.text,
            kind=document.kind,
            as_of=day,
            with_ledger=with_ledger,
            result=as_json(result),
            created_at=clock.now(),
            created_by=account,
        )


def discard(account: User, check: Check) -> None:
    """Throw away one's own check."""
    if check.created_by_id != account.pk:
        raise policy.Refused("articles.check")
    check.delete()


def _title(text: str) -> str:
    first = next(line.strip().lstrip("#").strip() for line in text.split("\n") if line.strip())
    return first if len(first) <= TITLE else first[:TITLE] + "…"
