"""What stands in the ledgers of waters (see :mod:`yizhantong.kernel.ledger.standing`)."""

from __future__ import annotations

from django.db.models import QuerySet

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.ledger.queries import visible_to
from yizhantong.kernel.ledger.standing import in_force, standing
from yizhantong.zones.waters.figures import RESULTS
from yizhantong.zones.waters.models import Result, Sample, Station, Survey
from yizhantong.zones.waters.standards import Reading, SeaClass, classify


def station(number: str, plan_year: int, *, lock: bool = False) -> Station | None:
    """Return the station of that number in the plan of a year."""
    return standing(Station.objects.filter(station=number, plan_year=plan_year), lock=lock)


def survey(number: str, *, lock: bool = False) -> Survey | None:
    """Return the survey of that number."""
    return standing(Survey.objects.filter(survey=number), lock=lock)


def sample(number: str, *, lock: bool = False) -> Sample | None:
    """Return the sample of that number."""
    return standing(Sample.objects.filter(sample=number), lock=lock)


def results(number: str) -> QuerySet[Result]:
    """Return the results of the sample of that number."""
    return in_force(Result.objects.filter(sample=number))


def result(number: str, parameter: str, *, lock: bool = False) -> Result | None:
    """Return a sample's result for a parameter."""
    return standing(Result.objects.filter(sample=number, parameter=parameter), lock=lock)


def sea_class(account: Account, number: str) -> SeaClass:
    """Return the class of a sample by GB 3097-1997, from those of its valid results that the account may see."""
    seen = visible_to(account, RESULTS).values("pk")
    valid = results(number).filter(quality=Result.Quality.VALID, pk__in=seen)
    rows = valid.values_list("parameter", "value", "detected")
    return classify({parameter: Reading(value, detected) for parameter, value, detected in rows})
