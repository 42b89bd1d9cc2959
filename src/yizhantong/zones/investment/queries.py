"""What stands in the ledgers of investment: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.investment.models import Activity, Contact, FundReceipt, Signing, Stage

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def signing(project: str, *, lock: bool = False) -> Signing | None:
    """Return how the project of that number was signed."""
    return _in_force(Signing.objects.filter(project=project), lock).first()


def stages(project: str) -> list[str]:
    """Return the stages that a project has reached, in the order of their days."""
    facts = _in_force(Stage.objects.filter(project=project)).order_by("occurred_on", "id")
    return list(facts.values_list("stage", flat=True))


def receipt(proof: str, *, lock: bool = False) -> FundReceipt | None:
    """Return the receipt of funds of that proof."""
    return _in_force(FundReceipt.objects.filter(proof=proof), lock).first()


def recognised_of(project: str) -> int:
    """Return how many receipts of a project stand."""
    return _in_force(FundReceipt.objects.filter(project=project)).count()


def activity(number: str, *, lock: bool = False) -> Activity | None:
    """Return the activity of that number."""
    return _in_force(Activity.objects.filter(activity=number), lock).first()


def contacts(number: str) -> QuerySet[Contact]:
    """Return who was met in the activity of that number."""
    return _in_force(Contact.objects.filter(activity=number))
