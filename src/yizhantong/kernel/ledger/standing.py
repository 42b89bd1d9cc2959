"""What stands: the facts that no reversal has taken back, for actions that decide on them.

People read through :func:`yizhantong.kernel.ledger.queries.visible_to`; this asks for nobody's permission. With ``lock``
others who ask with a lock wait until the transaction ends. Whether a fact was taken back is asked after the lock is held,
never in the query that takes it: PostgreSQL does not look again at another table's rows (nor at a joined one) when the wait is
over, so a reversal committed meanwhile would go unseen.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact

F = TypeVar("F", bound=Fact)


def in_force(facts: QuerySet[F], *, lock: bool = False) -> QuerySet[F]:
    """Return those of ``facts`` that stand, in the order recorded; ``lock`` needs a transaction."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def standing(facts: QuerySet[F], *, lock: bool = False) -> F | None:
    """Return the one of ``facts`` that stands (the latest, where there are several), or None."""
    return in_force(facts, lock=lock).last()
