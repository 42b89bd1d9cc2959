"""Some days at the sample city's halls, played through the real actions: queues of the days before, one of today, appointments to come."""

from __future__ import annotations

import datetime as dt
from random import Random

from yizhantong.kernel.access.models import User
from yizhantong.kernel.appointments import actions, queries
from yizhantong.kernel.appointments.actions import watching
from yizhantong.kernel.appointments.actions.queueing import COURTEOUS
from yizhantong.kernel.appointments.models import Hall, Service, Ticket, Window
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Mandate

CLERKS, BOOKERS = ("dating", "chuangkou"), ("jumin", "qiye")
DAYS, A_DAY = 3, 16
SEED = 20210816


def play(day: dt.date) -> int:
    """Play the days before ``day`` and its morning; return how many tickets were taken (0: they are there already, or nobody serves)."""
    clerks = list(User.objects.filter(username__in=CLERKS, demonstration=True).order_by("username"))
    halls = list(Hall.objects.filter(demonstration=True))
    if len(clerks) < len(halls) or not halls or Ticket.objects.exists():
        return 0
    random = Random(SEED)
    for hall, clerk in zip(halls, clerks, strict=False):
        first = day - dt.timedelta(days=14)
        past = [each for each in queries.open_days(hall, first, day - dt.timedelta(days=1))][-DAYS:]
        for each in past:
            _day(hall, clerk, each, random)
        _morning(hall, clerk, day, random)
    _to_come(halls[0], day)
    return Ticket.objects.count()


def _day(hall: Hall, clerk: User, day: dt.date, random: Random) -> None:
    """Let people come one after the other, and one window serve whoever is next."""
    start = queries.opening(hall, day)[0][0]
    window = _widest(hall)
    with clock.at(start):
        actions.sit(window, account=clerk)
    now = start
    for number in range(A_DAY):
        with clock.at(start + dt.timedelta(minutes=4 * number)):
            service = random.choice(list(window.services.all()))
            actions.take(service, priority=random.choice(COURTEOUS) if random.random() < 0.15 else "")
    for _number in range(A_DAY):
        now = _serve(window, clerk, now, random)
    with clock.at(now):
        actions.rise(window, account=clerk)
    with clock.at(clock.end_of(day) + dt.timedelta(minutes=30)):
        watching.close_yesterday()


def _serve(window: Window, clerk: User, now: dt.datetime, random: Random) -> dt.datetime:
    """Call the next one and serve him, or put him aside when he does not come; return when that was done."""
    with clock.at(now):
        called = actions.call_next(window, account=clerk)
    if called is None:
        return now + dt.timedelta(minutes=4)
    begun = now + dt.timedelta(minutes=1)
    if random.random() < 0.08:
        with clock.at(begun):
            actions.skip(called, account=clerk)
        return begun
    with clock.at(begun):
        actions.start(called, account=clerk)
    done = begun + dt.timedelta(minutes=random.randint(3, 8))
    with clock.at(done):
        actions.finish(called, account=clerk)
    return done


def _morning(hall: Hall, clerk: User, day: dt.date, random: Random) -> None:
    """Let the sample's own day begin: some were served, one is at the window, some wait."""
    stretches = queries.opening(hall, day)
    if not stretches:
        return
    start, window = stretches[0][0], _widest(hall)
    with clock.at(start):
        actions.sit(window, account=clerk)
    for number in range(8):
        with clock.at(start + dt.timedelta(minutes=3 * number)):
            actions.take(random.choice(list(window.services.all())), priority=COURTEOUS[0] if number == 5 else "")
    now = start
    for _number in range(3):
        now = _serve(window, clerk, now, random)
    with clock.at(now):
        called = actions.call_next(window, account=clerk)
        if called is not None:
            actions.start(called, account=clerk)


def _to_come(hall: Hall, day: dt.date) -> None:
    """Let the sample's people have an appointment each on the next day that is open."""
    people = {user.username: user for user in User.objects.filter(username__in=BOOKERS).select_related("person")}
    with clock.at(clock.end_of(day - dt.timedelta(days=1)) + dt.timedelta(hours=8)):
        coming = [each for each in queries.bookable_days(hall) if each > day][:1]
        for place, (name, service) in enumerate(zip(BOOKERS, queries.services(hall, bookable=True), strict=False)):
            account = people.get(name)
            if account is None or account.person is None or not coming:
                continue
            _book(account, service, coming[0], 2 + place)


def _book(account: User, service: Service, day: dt.date, place: int) -> None:
    mandate = Mandate.objects.filter(person=account.person).select_related("organisation").order_by("pk").first()
    party = mandate.organisation if mandate is not None else account.person
    assert party is not None
    free = [slot for slot in queries.free_times(service, day) if slot.free]
    actions.book(service, free[place].start, party, account=account)


def _widest(hall: Hall) -> Window:
    """Return the window that serves most."""
    return max(hall.windows.filter(active=True), key=lambda window: (window.services.count(), window.number))
