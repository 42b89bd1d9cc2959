"""The city's clock: one source of "now" and "today" for all that is recorded or counted.

In a sample city the calendar day is the day of the demonstration and only the time of day runs, so that records made by a
visitor fall into the figures which he looks at; visitors may move it on, to see what the coming days bring. A real city has no
such day, and the clock is the server's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from yizhantong.kernel.divisions.models import City

FARTHEST = dt.timedelta(days=31)


class ClockError(Exception):
    """The sample city's day cannot be moved so; ``code`` is stable, ``sentence`` says what to do instead."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@lru_cache(maxsize=1)
def _demonstration_day(_slot: int) -> dt.date | None:
    return City.objects.values_list("demonstration_day", flat=True).first()


def demonstration_day() -> dt.date | None:
    """Return the day on which the sample city stands, or None in a real one (looked up at most every ten seconds)."""
    return _demonstration_day(int(timezone.now().timestamp() // 10))


_AT: ContextVar[dt.datetime | None] = ContextVar("yizhantong_clock_at", default=None)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let the city's clock stand at ``moment`` (aware) within the block and this thread: for playing a sample's history, and tests."""
    token = _AT.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _AT.reset(token)


def now() -> dt.datetime:
    """Return the current moment of the city, aware, in UTC."""
    given = _AT.get()
    if given is not None:
        return given
    real = timezone.now()
    day = demonstration_day()
    if day is None:
        return real
    local = timezone.localtime(real)
    return local.replace(year=day.year, month=day.month, day=day.day).astimezone(dt.UTC)


def today() -> dt.date:
    """Return the current day of the city in its own time zone (``settings.TIME_ZONE``)."""
    return timezone.localtime(now()).date()


def end_of(day: dt.date) -> dt.datetime:
    """Return the first moment after ``day`` in the city's time zone: facts "as of" that day are recorded before it."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight, timezone.get_default_timezone())


@transaction.atomic
def move_on(day: dt.date) -> None:
    """Let the sample city stand on a later ``day``, at most :data:`FARTHEST` on; never back, for facts are dated in order.

    :class:`ClockError`: ``clock.real_city`` where the clock is the server's, ``clock.not_later``, ``clock.too_far``.
    """
    city = City.objects.select_for_update().filter(demonstration_day__isnull=False).first()
    if city is None or city.demonstration_day is None:
        raise ClockError("clock.real_city", "正式运行的城市以服务器时间为准,不能改动日期")
    if day <= city.demonstration_day:
        raise ClockError("clock.not_later", f"城市已经在 {city.demonstration_day},只能往后走,请选以后的日期")
    if day > city.demonstration_day + FARTHEST:
        raise ClockError("clock.too_far", f"一次最多往后 {FARTHEST.days} 天,请选近一些的日期")
    city.demonstration_day = day
    city.save(update_fields=["demonstration_day"])


@receiver(post_save, sender=City)
def _forget(**_kwargs: Any) -> None:
    _demonstration_day.cache_clear()
