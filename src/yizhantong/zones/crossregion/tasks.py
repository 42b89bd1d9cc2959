"""What this zone does outside the request: messages go out, materials come in, silence is told, lists are renewed."""

from __future__ import annotations

import datetime as dt
import json
import os

from yizhantong.kernel.jobs import periodic, task

ATTEMPTS = 150
"""Back-off doubles to an hour: so many attempts last for six days."""
BACK_OFF = float(os.environ.get("YZT_CROSSREGION_BACK_OFF", "5"))


@task(attempts=ATTEMPTS, back_off=BACK_OFF, limit=120)
def deliver(message: str) -> str:
    """Send one message of the outbox."""
    from yizhantong.zones.crossregion.actions import outbox

    return outbox.deliver(message)


@task(attempts=ATTEMPTS, back_off=BACK_OFF, limit=600)
def take_in(crossing: int) -> str:
    """Fetch, file and sign for a request of another city."""
    from yizhantong.zones.crossregion.actions import arriving

    return arriving.take_in(crossing)


@task(attempts=ATTEMPTS, back_off=BACK_OFF, limit=600)
def take_supplement(crossing: int, form: str, codes: list[str]) -> str:
    """Fetch and file what was given later; ``form`` is sealed JSON."""
    from yizhantong.kernel.parties import sealing
    from yizhantong.zones.crossregion.actions import arriving

    return arriving.take_supplement(crossing, json.loads(sealing.unseal(form)), codes)


@task(attempts=ATTEMPTS, back_off=BACK_OFF, limit=120, priority=-2)
def offer_documents(crossing: int) -> int:
    """Offer the papers of a decision to the city that delivers them; it comes after the jobs that issue papers."""
    from yizhantong.zones.crossregion.actions import telling

    return telling.offer_documents(crossing)


@task(attempts=ATTEMPTS, back_off=BACK_OFF, limit=600)
def fetch_documents(crossing: int) -> str:
    """Fetch the papers of a decision."""
    from yizhantong.zones.crossregion.actions import delivering

    return delivering.fetch_documents(crossing)


@periodic(every=dt.timedelta(minutes=10))
@task(attempts=1)
def tell_silence() -> int:
    """Light lamps at what waits for a silent city."""
    from yizhantong.zones.crossregion.actions import outbox

    return outbox.watch()


@periodic(every=dt.timedelta(hours=1))
@task(atomic=True)
def forget_nonces() -> int:
    """Forget nonces that are too old to matter."""
    from yizhantong.zones.crossregion.actions import inbox

    return inbox.forget_nonces()


@periodic(at=dt.time(4, 30))
@task(attempts=3)
def renew_lists() -> int:
    """Ask every active city for its versions, keys and items; those that do not answer keep what is known of them."""
    from yizhantong.zones.crossregion.actions import delivering

    return delivering.renew_lists()
