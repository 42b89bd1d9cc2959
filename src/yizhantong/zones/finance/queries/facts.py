"""What stands in the ledgers of bank and enterprise matching (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import F, Sum

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.finance.models import Credit, Drawdown, Need


def need(number: str, *, lock: bool = False) -> Need | None:
    """Return the need of that number."""
    return standing(Need.objects.filter(number=number), lock=lock)


def credit(number: str, *, lock: bool = False) -> Credit | None:
    """Return the credit of that number."""
    return standing(Credit.objects.filter(number=number), lock=lock)


def drawn_fen(credit_number: str) -> int:
    """Return what has been drawn under a credit, in 分."""
    return int(
        Drawdown.objects.filter(credit_number=credit_number).aggregate(drawn=Sum(F("sign") * F("amount_fen")))["drawn"]
        or 0
    )
