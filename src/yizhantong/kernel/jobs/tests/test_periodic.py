"""What runs by the clock: once in each slot."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from yizhantong.kernel.jobs.models import Job
from yizhantong.kernel.jobs.periodic import Periodic, Slots, declared, periodic
from yizhantong.kernel.jobs.tasks import KEPT, forget_finished
from yizhantong.kernel.jobs.tests.chores import note, urgent
from yizhantong.kernel.jobs.worker import drain

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


DAILY = Periodic(note, every=None, at=dt.time(7, 30))
OFTEN = Periodic(urgent, every=dt.timedelta(minutes=5), at=None)


@pytest.mark.parametrize(
    ("item", "now", "slot"),
    [
        (DAILY, "2026-03-01T07:29:59", "2026-02-28T07:30"),
        (DAILY, "2026-03-01T07:30:00", "2026-03-01T07:30"),
        (DAILY, "2026-03-01T23:59:59", "2026-03-01T07:30"),
        (OFTEN, "2026-03-01T07:29:59", "2026-03-01T07:25"),
        (OFTEN, "2026-03-01T07:30:00", "2026-03-01T07:30"),
    ],
)
def test_a_moment_lies_in_one_slot(item: Periodic, now: str, slot: str) -> None:
    assert item.slot(moment(now)) == moment(slot)


@pytest.mark.django_db
def test_a_slot_is_enqueued_once_by_whichever_worker_comes_first() -> None:
    one, other = Slots([DAILY]), Slots([DAILY])
    now = moment("2026-03-01T08:00")
    assert (one.enqueue(now), other.enqueue(now), one.enqueue(now)) == (1, 1, 0)
    assert Job.objects.count() == 1
    other.enqueue(now + dt.timedelta(days=1))
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_days_without_a_worker_are_made_up_for_once() -> None:
    Slots([DAILY]).enqueue(moment("2026-03-01T08:00"))
    Slots([DAILY]).enqueue(moment("2026-03-06T06:00"))
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_a_slot_that_is_known_costs_no_query(django_assert_num_queries: object) -> None:
    slots = Slots([DAILY, OFTEN])
    now = moment("2026-03-01T08:00")
    slots.enqueue(now)
    with django_assert_num_queries(0):  # type: ignore[operator]
        slots.enqueue(now + dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    "said", [{}, {"every": dt.timedelta(days=2)}, {"every": dt.timedelta(hours=1), "at": dt.time(1)}]
)
def test_a_period_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="periodic"):
        periodic(**said)(note)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_ended_well_is_forgotten_after_a_week_and_what_is_dead_stays() -> None:
    assert any(item.work is forget_finished for item in declared())
    old = timezone.now() - KEPT - dt.timedelta(hours=1)
    given = {"args": [], "kwargs": {}}
    for state, finished in (("done", old), ("dead", old), ("done", timezone.now())):
        Job.objects.create(task="x", given=given, state=state, finished_at=finished)
    forget_finished.enqueue()
    drain()
    assert sorted(Job.objects.filter(task="x").values_list("state", flat=True)) == ["dead", "done"]
