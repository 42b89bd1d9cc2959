"""What stands in the ledgers of bank and enterprise matching (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import F, Sum

from yizhantong.kernel.ledger.standing import in_force, standing
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


def credits_of(need_number: str) -> list[Credit]:
    """Return the credit that stands against a need, of all banks."""
    return list(in_force(Credit.objects.filter(need_number=need_number)))


def drawdown(bank: str, reference: str, *, lock: bool = False) -> Drawdown | None:
    """Return the drawdown of a bank that stands under a reference."""
    return standing(Drawdown.objects.filter(bank_id=bank, reference=reference), lock=lock)
