"""What enrolment puts on the city's calendar: when a season opens and closes, when a batch is published and must be confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.web.agenda import Deadline, deadlines
from yizhantong.zones.onething.enrolment.models import Batch
from yizhantong.zones.onething.enrolment.queries import seasons

MOST = 200


@deadlines("onething")
def enrolment(first: dt.date, last: dt.date, _account: Account) -> Iterator[Deadline]:
    """Yield the days of the seasons that were published; drafts are nobody's."""
    published = {season.pk: season for season in seasons.public()[:MOST]}
    for season in published.values():
        url = reverse("onething:enrolment-season", args=[season.code])
        for side, moment, what in (
            ("opens", season.opens_at, _("报名开始")),
            ("closes", season.closes_at, _("报名截止")),
        ):
            day = timezone.localtime(moment).date()
            yield Deadline(
                day, f"{what}: {season.name}", url, "onething", "enrolment", uid=f"season-{season.pk}-{side}"
            )
    for batch in Batch.objects.filter(season__in=published).order_by("season_id", "number")[:MOST]:
        season = published[batch.season_id]
        url = reverse("onething:enrolment-season", args=[season.code])
        for side, on, what in (
            ("published", batch.publishes_on, _("公布录取")),
            ("confirmed", batch.confirm_until, _("确认截止")),
        ):
            if on is not None and first <= on <= last:
                title = f"{what}: {season.name} {batch.name}"
                yield Deadline(on, title, url, "onething", "enrolment", uid=f"batch-{batch.pk}-{side}")
