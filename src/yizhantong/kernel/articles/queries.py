"""What is read of drafts and briefs, and by whom: an account sees its own checks."""

from __future__ import annotations

from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.articles.models import Brief, Check


def visible_to(account: Account) -> QuerySet[Check]:
    """Return the checks that the account may see: those it made."""
    if not account.is_authenticated:
        return Check.objects.none()
    return Check.objects.filter(created_by=account)


def briefs() -> QuerySet[Brief]:
    """Return all briefs: everyone may read them."""
    return Brief.objects.all()
