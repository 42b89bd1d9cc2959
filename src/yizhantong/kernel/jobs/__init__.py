"""Jobs 后台任务: work outside the request, kept in the database until it is done.

An action enqueues inside its own transaction; what is rolled back leaves no job::

    from yizhantong.kernel.jobs import periodic, task

    @task
    def deliver(notice: int) -> None: ...

    deliver.enqueue(notice=7)                     # Django 6's own interface, by django-tasks

    @periodic(at=dt.time(7, 30))                  # once a day; every=timedelta(minutes=5): once in every five minutes
    @task
    def remind() -> None: ...

The way of a job:

1. ``enqueue`` writes a row (``waiting``).
2. A worker (``yzt work``) claims it with a lease and counts the attempt (``running``); a heartbeat renews the lease.
3. It ends ``done``; or it failed, waits with back-off and is tried again; after its last attempt it is ``dead``, which
   ``yzt jobs`` reports with exit code 1 until somebody retries or drops it.
4. A worker that dies renews nothing: its lease lapses, and any worker's sweep gives the job back.

A task may therefore run more than once, never less: it must be idempotent. A task that only writes to the database can
say ``@task(atomic=True)`` instead: then its effect and its end are one transaction, and happen exactly once.

Time here is the server's, also in a sample city whose day stands still: work must go on there too. What a task does, it
does by the city's clock.
"""

from yizhantong.kernel.jobs.periodic import periodic
from yizhantong.kernel.jobs.work import Work, task

__all__ = ["Work", "periodic", "task"]
