"""What stands in the ledgers of innovation (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from yizhantong.kernel.ledger.standing import standing
from yizhantong.zones.innovation.models import Carrier, CarrierYear, KeyProject, Patent, SkillStation


def project(number: str, *, lock: bool = False) -> KeyProject | None:
    """Return the key project of that number."""
    return standing(KeyProject.objects.filter(project=number), lock=lock)


def station(number: str, *, lock: bool = False) -> SkillStation | None:
    """Return the master's station of that number."""
    return standing(SkillStation.objects.filter(station=number), lock=lock)


def carrier(number: str, *, lock: bool = False) -> Carrier | None:
    """Return the carrier of that number."""
    return standing(Carrier.objects.filter(carrier=number), lock=lock)


def carrier_year(number: str, year: int, *, lock: bool = False) -> CarrierYear | None:
    """Return a carrier's statistics of a year."""
    return standing(CarrierYear.objects.filter(carrier=number, year=year), lock=lock)


def patent(number: str, *, lock: bool = False) -> Patent | None:
    """Return the patent of that number."""
    return standing(Patent.objects.filter(patent=number), lock=lock)
