"""The same case in other engines: create, five steps by people, close; run by ``bench_cases.py`` and ``bench_packages.py``, one process for each.

    python bench/peers_cases.py spiff|viewflow|viewflow-package|viewflow-parts DATABASE_URL CASES

``spiff``: SpiffWorkflow 3.2 with a BPMN process of five user tasks, its state saved as JSON into a row after every step, in one
transaction each, the row locked. ``viewflow``: django-viewflow 2.4 with five views, assigned, started and executed under its
database lock. Neither checks permissions over offices, runs a clock, records facts or tells anybody, as ours does meanwhile.
Prints JSON: cases and seconds.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

STEPS = 5
WARM = 5
BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
<bpmn:process id="case" isExecutable="true"><bpmn:startEvent id="start"/>{tasks}<bpmn:endEvent id="end"/>{flows}</bpmn:process>
</bpmn:definitions>"""


def settings(url: str, *apps: str) -> None:
    """Configure Django over the database, with the statements of our own settings."""
    import django
    from django.conf import settings as django_settings

    from yizhantong.project.settings import _database

    django_settings.configure(
        DATABASES={"default": _database(url)}, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", *apps], SECRET_KEY="bench",
    )  # fmt: skip
    django.setup()


def spiff(url: str, cases: int) -> tuple[float, float]:
    """Return the seconds that SpiffWorkflow needs."""
    settings(url)
    import io

    from django.db import connection, transaction
    from lxml import etree
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

    names = ["start", *(f"s{n}" for n in range(STEPS)), "end"]
    tasks = "".join(f'<bpmn:userTask id="{name}" name="{name}"/>' for name in names[1:-1])
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(names))
    )
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(BPMN.format(tasks=tasks, flows=flows).encode())))
    spec = parser.get_spec("case")
    serializer = BpmnWorkflowSerializer()
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        key = "BIGSERIAL" if lock else "INTEGER"
        cursor.execute("DROP TABLE IF EXISTS spiff_case")
        cursor.execute(f"CREATE TABLE spiff_case (id {key} PRIMARY KEY, state TEXT NOT NULL, done BOOLEAN NOT NULL)")

    def one() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        with transaction.atomic(), connection.cursor() as cursor:
            text = serializer.serialize_json(workflow)
            cursor.execute("INSERT INTO spiff_case (state, done) VALUES (%s, %s) RETURNING id", [text, False])
            pk = cursor.fetchone()[0]
        for _ in range(STEPS):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT state FROM spiff_case WHERE id = %s{lock}", [pk])
                held = serializer.deserialize_json(cursor.fetchone()[0])
                task = held.get_next_task(state=TaskState.READY, manual=True)
                task.data["outcome"] = "pass"
                task.run()
                held.do_engine_steps()
                cursor.execute(
                    "UPDATE spiff_case SET state = %s, done = %s WHERE id = %s",
                    [serializer.serialize_json(held), held.completed, pk],
                )
        assert held.completed

    return timed(one, cases)


def viewflow(url: str, cases: int) -> tuple[float, float]:
    """Return the seconds that viewflow needs."""
    settings(url, "viewflow", "viewflow.workflow")
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpRequest
    from viewflow import this
    from viewflow.workflow import flow, lock
    from viewflow.workflow.models import Process, Task

    call_command("migrate", verbosity=0, skip_checks=True)

    class CaseFlow(flow.Flow):
        process_class = Process
        lock_impl = lock.SelectForUpdateLock() if connection.vendor == "postgresql" else lock.NoLock()
        start = flow.StartHandle().Next(this.s0)
        s0 = flow.View(lambda request: None).Next(this.s1)
        s1 = flow.View(lambda request: None).Next(this.s2)
        s2 = flow.View(lambda request: None).Next(this.s3)
        s3 = flow.View(lambda request: None).Next(this.s4)
        s4 = flow.View(lambda request: None).Next(this.end)
        end = flow.End()

    CaseFlow.__module__ = "viewflow.workflow.bench"  # a flow is found again below an installed app
    sys.modules[CaseFlow.__module__] = sys.modules[__name__]
    globals()["CaseFlow"] = CaseFlow
    user = User.objects.get_or_create(username="officer", is_superuser=True)[0]
    request: Any = HttpRequest()
    request.user = user

    def one() -> None:
        process = CaseFlow.start.run()
        for n in range(STEPS):
            with CaseFlow.lock(process.pk):
                task = Task.objects.select_for_update().get(
                    process_id=process.pk, flow_task=getattr(CaseFlow, f"s{n}"), status="NEW"
                )
                activation = task.flow_task.activation_class(task)
                activation.assign(user)
                activation.start(request)
                activation.execute()
        assert Process.objects.get(pk=process.pk).status == "DONE"

    return timed(one, cases)


def viewflow_package(url: str, cases: int, *, processes: bool = False) -> tuple[float, float]:
    """Return the seconds that viewflow needs for a package: split into five tasks of five officials, joined, ended.

    With ``processes`` each of the five is a process of its own, as each of ours is a case of its own, whose end is handled by the
    process of the package (viewflow 2.4 has no node for that; it is written with its handles).
    """
    settings(url, "viewflow", "viewflow.workflow")
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.http import HttpRequest
    from viewflow import this
    from viewflow.workflow import flow, lock
    from viewflow.workflow.models import Process, Task

    call_command("migrate", verbosity=0, skip_checks=True)
    locking = lock.SelectForUpdateLock if connection.vendor == "postgresql" else lock.NoLock
    node = (lambda: flow.Handle(lambda activation: None)) if processes else (lambda: flow.View(lambda request: None))

    class PackageFlow(flow.Flow):
        process_class = Process
        lock_impl = locking()
        start = flow.StartHandle().Next(this.fork)
        fork = flow.Split().Next(this.p0).Next(this.p1).Next(this.p2).Next(this.p3).Next(this.p4)
        p0 = node().Next(this.join)
        p1 = node().Next(this.join)
        p2 = node().Next(this.join)
        p3 = node().Next(this.join)
        p4 = node().Next(this.join)
        join = flow.Join().Next(this.end)
        end = flow.End()

    class PartFlow(flow.Flow):
        process_class = Process
        lock_impl = locking()
        start = flow.StartHandle().Next(this.decide)
        decide = flow.View(lambda request: None).Next(this.end)
        end = flow.End()

    for made in (PackageFlow, PartFlow):
        made.__module__ = "viewflow.workflow.bench"  # a flow is found again below an installed app
        globals()[made.__name__] = made
    sys.modules["viewflow.workflow.bench"] = sys.modules[__name__]
    officers = [User.objects.get_or_create(username=f"officer{n}", is_superuser=True)[0] for n in range(STEPS)]

    def work(held: Any, process: Any, name: str, officer: Any) -> None:
        request: Any = HttpRequest()
        request.user = officer
        with held.lock(process.pk):
            task = Task.objects.select_for_update().get(
                process_id=process.pk, flow_task=getattr(held, name), status="NEW"
            )
            activation = task.flow_task.activation_class(task)
            activation.assign(officer)
            activation.start(request)
            activation.execute()

    def one() -> None:
        process = PackageFlow.start.run()
        parts = [PartFlow.start.run() for _ in officers] if processes else []
        for n, officer in enumerate(officers):
            if not processes:
                work(PackageFlow, process, f"p{n}", officer)
                continue
            with transaction.atomic(), PackageFlow.lock(process.pk):
                work(PartFlow, parts[n], "decide", officer)
                handle = getattr(PackageFlow, f"p{n}")
                handle.run(Task.objects.get(process_id=process.pk, flow_task=handle, status="NEW"))
        ended = [Process.objects.get(pk=each.pk).status for each in (process, *parts)]
        assert set(ended) == {"DONE"}

    return timed(one, cases)


def timed(one: Any, cases: int) -> tuple[float, float]:
    """Return the seconds of so many cases, on the clock and of the processor, after a few that do not count."""
    for _ in range(WARM):
        one()
    start, used = time.perf_counter(), time.process_time()
    for _ in range(cases):
        one()
    return time.perf_counter() - start, time.process_time() - used


if __name__ == "__main__":
    work = {
        "spiff": spiff,
        "viewflow": viewflow,
        "viewflow-package": viewflow_package,
        "viewflow-parts": partial(viewflow_package, processes=True),
    }[sys.argv[1]]
    count = int(sys.argv[3])
    seconds, processor = work(sys.argv[2], count)
    print(json.dumps({"cases": count, "seconds": seconds, "processor": processor}))
