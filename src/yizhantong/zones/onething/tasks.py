"""What runs by the clock or after the commit: links to sign are sent, and those whose time is over die."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from yizhantong.kernel.jobs import periodic, task
from yizhantong.kernel.notices.channels import Deferred, Rejected, Unreachable
from yizhantong.zones.onething import cosigning, notices
from yizhantong.zones.onething.actions import parts
from yizhantong.zones.onething.models import Cosignature


@task
def send_link(pk: int) -> str:
    """Send one link to sign; a number that cannot be reached is noted, and the asker can hand the link over himself."""
    row = Cosignature.objects.select_related("case").filter(pk=pk, state=Cosignature.State.WAITING).first()
    if row is None:
        return "gone"
    try:
        delivery = notices.asked_to_sign(row, cosigning.path_of(row), str(settings.YZT_ADDRESS).rstrip("/"))
    except (Deferred, Rejected, Unreachable):
        delivery = str(Cosignature.Delivery.FAILED)
    Cosignature.objects.filter(pk=pk).update(delivery=delivery)
    return delivery


@periodic(at=dt.time(0, 40))
@task(atomic=True)
def expire_links() -> int:
    """Mark links to sign whose time is over."""
    return cosigning.expire_due()


@periodic(at=dt.time(0, 50))
@task
def conclude_packages() -> int:
    """Go on with packages that could not while they waited for a supplement: open their parts, end them; return how many."""
    return sum(parts.catch_up(case_id) for case_id in parts.behind())
