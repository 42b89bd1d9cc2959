"""What stands in the ledgers of industry (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import QuerySet

from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.industry.handles import Handle
from yizhantong.zones.industry.models import Cloud, Node, Registration


def node(prefix: str, *, lock: bool = False) -> Node | None:
    """Return the enterprise node of that prefix."""
    return standing(Node.objects.filter(prefix=prefix), lock=lock)


def registration(handle: Handle, *, lock: bool = False) -> Registration | None:
    """Return the registration of an identifier, however its letters are written."""
    return standing(Registration.objects.filter(key=handle.key), lock=lock)


def registrations(prefix: str) -> QuerySet[Registration]:
    """Return the identifiers registered under a prefix."""
    return in_force(Registration.objects.filter(prefix=prefix))


def contract_of(voucher: str) -> Cloud | None:
    """Return the contract for which a voucher was used."""
    return standing(Cloud.objects.filter(voucher=voucher))


def contract(number: str, *, lock: bool = False) -> Cloud | None:
    """Return the cloud contract of that number."""
    return standing(Cloud.objects.filter(contract=number), lock=lock)
