"""What stands in the ledgers of waters: facts in force, by the number that they share.

For the decisions of this zone's actions; people read through :func:`yizhantong.kernel.ledger.queries.visible_to`. ``lock``
keeps others from deciding on the same fact until the transaction ends.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.models import Fact
from yizhantong.kernel.ledger.queries import visible_to
from yizhantong.zones.waters.figures import RESULTS
from yizhantong.zones.waters.models import Result, Sample, Station, Survey
from yizhantong.zones.waters.standards import Reading, SeaClass, classify

F = TypeVar("F", bound=Fact)


def _in_force(facts: QuerySet[F], lock: bool = False) -> QuerySet[F]:
    """Return the facts that no reversal has taken back; whether one was is asked after the lock is ours, never with it."""
    if lock:
        list(facts.filter(sign=1).select_for_update().values_list("pk"))
    return facts.filter(sign=1, reversal__isnull=True)


def station(number: str, plan_year: int, *, lock: bool = False) -> Station | None:
    """Return the station of that number in the plan of a year."""
    return _in_force(Station.objects.filter(station=number, plan_year=plan_year), lock).first()


def survey(number: str, *, lock: bool = False) -> Survey | None:
    """Return the survey of that number."""
    return _in_force(Survey.objects.filter(survey=number), lock).first()


def sample(number: str, *, lock: bool = False) -> Sample | None:
    """Return the sample of that number."""
    return _in_force(Sample.objects.filter(sample=number), lock).first()


def results(number: str) -> QuerySet[Result]:
    """Return the results of the sample of that number."""
    return _in_force(Result.objects.filter(sample=number))


def result(number: str, parameter: str, *, lock: bool = False) -> Result | None:
    """Return a sample's result for a parameter."""
    return _in_force(Result.objects.filter(sample=number, parameter=parameter), lock).first()


def sea_class(account: Account, number: str) -> SeaClass:
    """Return the class of a sample by GB 3097-1997, from those of its valid results that the account may see."""
    seen = visible_to(account, RESULTS).values("pk")
    valid = results(number).filter(quality=Result.Quality.VALID, pk__in=seen)
    rows = valid.values_list("parameter", "value", "detected")
    return classify({parameter: Reading(value, detected) for parameter, value, detected in rows})
