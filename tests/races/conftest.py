"""A platform in processes of its own: its database, its server with two workers, and clients that keep their connections."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yizhantong.testing.databases import fresh_database

ROOT = Path(__file__).parent.parent.parent
BUILD_SECONDS, START_SECONDS, ANSWER_SECONDS = 300, 60, 60


@dataclass
class City:
    """A city in a database of its own: the environment by which processes reach it, and the keys of its people."""

    home: Path
    environment: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)

    def do(self, what: str, *given: object) -> Any:
        """Have a process do something in the city (see :mod:`tests.races.city`); return what it printed."""
        command = [sys.executable, "-m", "tests.races.city", what, *map(str, given)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    body: Any


class Client:
    """One connection that is kept, as a program keeps it; made anew when the server dropped it."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask once; ``OSError`` or ``HTTPException`` when no answer came (what became of the request is not known then)."""
        given = {"Authorization": f"Bearer {self.key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        raw: bytes | None = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if raw is not None:
            given.setdefault("Content-Type", "application/json")
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            self.connection.request(method, f"/api/v1{path}", raw, given)
            answer = self.connection.getresponse()
            content = answer.read()
        except BaseException:
            self.close()
            raise
        return Answer(answer.status, json.loads(content) if content else None)

    def close(self) -> None:
        """Drop the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Crew:
    """Threads that stay, each with its own connection: ``at_once`` lets each send one thing at the same moment."""

    def __init__(self, port: int, keys: Sequence[str]) -> None:
        self.gate = threading.Barrier(len(keys))
        self.lines: list[queue.SimpleQueue[Any]] = [queue.SimpleQueue() for _ in keys]
        self.results: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self.threads = [
            threading.Thread(target=self._run, args=(number, Client(port, key)), daemon=True)
            for number, key in enumerate(keys)
        ]
        for thread in self.threads:
            thread.start()

    def _run(self, number: int, client: Client) -> None:
        while (given := self.lines[number].get()) is not None:
            self.gate.wait(ANSWER_SECONDS)
            try:
                result: Any = given(client)
            except Exception as error:
                result = error
            self.results.put((number, result))
        client.close()

    def at_once(self, *tasks: Callable[[Client], Answer]) -> list[Any]:
        """Run one task in each thread together; return what each gave or raised."""
        for line, task in zip(self.lines, tasks, strict=True):
            line.put(task)
        found = dict(self.results.get(timeout=2 * ANSWER_SECONDS) for _ in tasks)
        return [found[number] for number in range(len(tasks))]

    def go(self) -> None:
        """Let the threads end."""
        for line in self.lines:
            line.put(None)
        for thread in self.threads:
            thread.join(ANSWER_SECONDS)


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """Return the processes that serve: the children of the master."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split() if b"resource_tracker" not in _command(int(pid))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"resource_tracker"


@contextmanager
def serving(city: City, *, before: Sequence[str] = (), **environment: str) -> Iterator[Server]:
    """Serve the city as ``yzt serve`` does, with two workers; ``before`` is put before the command."""
    from yizhantong.project.serve import command

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = city.home / f"server-{port}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*before, *command("127.0.0.1", port, 2)], cwd=ROOT, env=city.environment | environment, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, port, log)
        yield Server(port, process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        try:
            if Client(port, "").send("GET", "/items").status in (200, 401):
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise AssertionError(f"no answer in {START_SECONDS} s: {log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city, built once for the tests of this process."""
    home = tmp_path_factory.mktemp("city")
    with fresh_database(home) as url:
        environment = {
            **os.environ, "YZT_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "YZT_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        made = City(home, environment)
        made.keys = made.do("build")
        yield made


@pytest.fixture(scope="session")
def server(city: City) -> Iterator[Server]:
    """The server that all tests share which do it no harm."""
    with serving(city) as running:
        yield running


@pytest.fixture
def crew(server: Server, city: City) -> Iterator[Callable[..., Crew]]:
    """Return a function that makes a crew of people by their names."""
    made: list[Crew] = []

    def make(*names: str) -> Crew:
        made.append(Crew(server.port, [city.keys[name] for name in names]))
        return made[-1]

    yield make
    for each in made:
        each.go()
