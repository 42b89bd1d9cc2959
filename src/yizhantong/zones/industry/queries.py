"""What stands in the ledgers of industry: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.industry.handles import Handle
from yizhantong.zones.industry.models import Cloud, Node, Registration

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def node(prefix: str, *, lock: bool = False) -> Node | None:
    """Return the enterprise node of that prefix."""
    return _in_force(Node.objects.filter(prefix=prefix), lock).first()


def registration(handle: Handle, *, lock: bool = False) -> Registration | None:
    """Return the registration of an identifier, however its letters are written."""
    return _in_force(Registration.objects.filter(key=handle.key), lock).first()


def registrations(prefix: str) -> QuerySet[Registration]:
    """Return the identifiers registered under a prefix."""
    return _in_force(Registration.objects.filter(prefix=prefix))


def contract_of(voucher: str) -> Cloud | None:
    """Return the contract for which a voucher was used."""
    return _in_force(Cloud.objects.filter(voucher=voucher)).first()


def contract(number: str, *, lock: bool = False) -> Cloud | None:
    """Return the cloud contract of that number."""
    return _in_force(Cloud.objects.filter(contract=number), lock).first()
