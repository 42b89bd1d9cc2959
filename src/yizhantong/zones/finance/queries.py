"""What stands in the ledgers of bank and enterprise matching. ``lock`` keeps others from deciding on the same fact until the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import F as Column
from django.db.models import QuerySet, Sum

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.finance.models import Credit, Drawdown, Need

F = TypeVar("F", bound=Fact)


def need(number: str, *, lock: bool = False) -> Need | None:
    """Return the need of that number."""
    return _standing(Need.objects.filter(number=number), lock)


def credit(number: str, *, lock: bool = False) -> Credit | None:
    """Return the credit of that number."""
    return _standing(Credit.objects.filter(number=number), lock)


def drawn_fen(credit_number: str) -> int:
    """Return what has been drawn under a credit, in 分."""
    return int(
        Drawdown.objects.filter(credit_number=credit_number).aggregate(
            drawn=Sum(Column("sign") * Column("amount_fen"))
        )["drawn"]
        or 0
    )


def _standing(facts: QuerySet[F], lock: bool) -> F | None:
    """Return the one that no reversal has taken back; whether it was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True).last()
