"""What stands in the ledgers of innovation: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.ledger.models import Fact
from yizhantong.zones.innovation.models import Carrier, CarrierYear, KeyProject, Patent, SkillStation

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def project(number: str, *, lock: bool = False) -> KeyProject | None:
    """Return the key project of that number."""
    return _in_force(KeyProject.objects.filter(project=number), lock).first()


def station(number: str, *, lock: bool = False) -> SkillStation | None:
    """Return the master's station of that number."""
    return _in_force(SkillStation.objects.filter(station=number), lock).first()


def carrier(number: str, *, lock: bool = False) -> Carrier | None:
    """Return the carrier of that number."""
    return _in_force(Carrier.objects.filter(carrier=number), lock).first()


def carrier_year(number: str, year: int, *, lock: bool = False) -> CarrierYear | None:
    """Return a carrier's statistics of a year."""
    return _in_force(CarrierYear.objects.filter(carrier=number, year=year), lock).first()


def patent(number: str, *, lock: bool = False) -> Patent | None:
    """Return the patent of that number."""
    return _in_force(Patent.objects.filter(patent=number), lock).first()
