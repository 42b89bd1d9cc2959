"""Tasks that run by the clock: once in each slot, enqueued by whichever worker comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from yizhantong.kernel.jobs.work import Work

P = ParamSpec("P")
T = TypeVar("T")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task with its slots: ``every`` (at most a day, counted from the epoch) or ``at`` a local time of each day."""

    work: Work[Any, Any]
    every: dt.timedelta | None
    at: dt.time | None

    def slot(self, now: dt.datetime) -> dt.datetime:
        """Return the beginning of the slot in which ``now`` (aware) lies."""
        if self.every is not None:
            seconds = int(self.every.total_seconds())
            return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, dt.UTC)
        assert self.at is not None
        local = timezone.localtime(now)
        today = timezone.make_aware(dt.datetime.combine(local.date(), self.at))
        return today if today <= now else timezone.make_aware(dt.datetime.combine(local.date() - DAY, self.at))

    def name_of(self, now: dt.datetime) -> str:
        """Return the slot's unique name."""
        return f"{self.work.module_path}@{self.slot(now).astimezone(dt.UTC):%Y%m%dT%H%M%S}"


_PERIODIC: dict[str, Periodic] = {}


def periodic(*, every: dt.timedelta | None = None, at: dt.time | None = None) -> Callable[[Work[P, T]], Work[P, T]]:
    """Let a task without arguments run once in each slot; stands above ``@task``, in an app's ``tasks.py``.

    ``every``: whole seconds, one second to one day. ``at``: time of day in ``settings.TIME_ZONE``; a slot that nobody was
    there for is made up for when a worker starts, once. Raises ``ValueError`` when not exactly one is given.
    """
    if (every is None) == (at is None):
        raise ValueError("periodic: 请给出 every 或 at 之一")
    if every is not None and not dt.timedelta(seconds=1) <= every <= DAY:
        raise ValueError("periodic: every 应在 1 秒到 1 天之间")

    def declare(work: Work[P, T]) -> Work[P, T]:
        _PERIODIC[work.module_path] = Periodic(work, every, at)
        return work

    return declare


def declared() -> Iterable[Periodic]:
    """Return all periodic tasks of the installed apps (their ``tasks.py`` are imported here)."""
    autodiscover_modules("tasks")
    return list(_PERIODIC.values())


class Slots:
    """What one worker remembers of the slots, so that it asks the database only when a new one begins."""

    def __init__(self, items: Iterable[Periodic] | None = None) -> None:
        self._items = list(declared() if items is None else items)
        self._seen: dict[str, str] = {}

    def enqueue(self, now: dt.datetime | None = None) -> int:
        """Write a job for each slot that began and that nobody has written; return how many slots were new to us."""
        from yizhantong.kernel.jobs.models import Job

        fresh = list(self._fresh(now or timezone.now()))
        given: dict[str, Any] = {"args": [], "kwargs": {}}
        jobs = [
            Job(task=item.work.module_path, given=given, priority=item.work.priority, slot=name) for item, name in fresh
        ]
        if jobs:
            Job.objects.bulk_create(jobs, ignore_conflicts=True)
        self._seen.update({item.work.module_path: name for item, name in fresh})
        return len(jobs)

    def _fresh(self, now: dt.datetime) -> Iterator[tuple[Periodic, str]]:
        for item in self._items:
            name = item.name_of(now)
            if self._seen.get(item.work.module_path) != name:
                yield item, name
