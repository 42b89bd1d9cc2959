"""What this zone does by the clock, and certificates after the transaction."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.jobs import periodic, task
from yizhantong.zones.talent.actions import hiring, housing, posts, recognition, stations, titles
from yizhantong.zones.talent.models import Sitting, Station, Talent


@periodic(at=dt.time(0, 25))
@task
def expire_recognitions() -> int:
    """End recognitions that have run out."""
    return recognition.expire()


@periodic(at=dt.time(9, 5))
@task
def remind_of_expiry() -> int:
    """Tell those whose recognition soon runs out."""
    return recognition.remind()


@periodic(every=dt.timedelta(minutes=10))
@task
def lapse_offers() -> int:
    """Let offers of flats lapse that nobody answered."""
    return housing.lapse()


@periodic(at=dt.time(0, 35))
@task
def close_posts() -> int:
    """End posts whose day is over."""
    return posts.close_due()


@periodic(at=dt.time(0, 40))
@task
def lapse_job_offers() -> int:
    """Let job offers lapse that nobody answered."""
    return hiring.lapse()


@task(atomic=True)
def certify(case: int) -> str:
    """Issue the certificate that a granted case gives, once; return its number ("" when it gives none any more)."""
    talent = Talent.objects.filter(claims__case=case).first()
    if talent is not None and talent.state == Talent.State.HOLDS:
        return recognition.certificate(talent, account=None).number
    sitting = Sitting.objects.filter(case=case, state=Sitting.State.PASSED).first()
    if sitting is not None:
        return titles.certificate(sitting, account=None).number
    station = Station.objects.filter(case=case, state=Station.State.STANDS).first()
    return stations.certificate(station, account=None).number if station is not None else ""
