"""Two cities in processes of their own: each a database, a home with keys, a web server, and a process that does the city's work."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from yizhantong.testing.databases import fresh_database

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60


@dataclass
class City:
    """A city: where it is reached, and its process for work."""

    name: str
    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[str] | None = None
    server: subprocess.Popen[bytes] | None = None
    said: dict[str, Any] = field(default_factory=dict)

    def start(self) -> subprocess.Popen[str]:
        """Start the process for work, unless it runs."""
        if self.process is None:
            with self.log.open("a") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "tests.crossregion.city"], cwd=ROOT, env=self.environment, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                )  # fmt: skip
        return self.process

    def tell(self, what: str, **given: Any) -> None:
        """Have the city do something, without waiting for its answer."""
        stdin = self.start().stdin
        assert stdin is not None
        stdin.write(json.dumps([what, given]) + "\n")
        stdin.flush()

    def answer(self) -> Any:
        """Return what the city answers to what it was told."""
        stdout = self.start().stdout
        assert stdout is not None
        line = stdout.readline()
        assert line, self.log.read_text()[-3000:]
        return json.loads(line)

    def do(self, what: str, **given: Any) -> Any:
        """Have the city do something; return what it answered."""
        self.tell(what, **given)
        return self.answer()

    def kill(self) -> None:
        """End the process for work at once, whatever it is doing; the next command starts another."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def up(self) -> None:
        """Serve."""
        from yizhantong.project.serve import command

        with self.log.open("ab") as out:
            self.server = subprocess.Popen(
                command("127.0.0.1", self.port, 1),
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
            try:
                connection.request("GET", "/crossregion/exchange/1/hello")
                connection.getresponse().read()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError(self.log.read_text()[-3000:])

    def down(self) -> None:
        """Serve no more."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def end(self) -> None:
        """End everything of this city."""
        self.down()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_city(home: Path, name: str, code: str) -> Iterator[City]:
    """Make a city with an empty database; it plays the city of that code."""
    home.mkdir()
    port = free_port()
    with fresh_database(home) as url:
        environment = {
            **os.environ, "YZT_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "YZT_LOG_LEVEL": "ERROR", "YZT_ADDRESS": f"http://127.0.0.1:{port}",
            "YZT_CROSSREGION_CODE": code, "YZT_CROSSREGION_NAME": name, "YZT_CROSSREGION_BACK_OFF": "0.01", "YZT_CROSSREGION_TIMEOUT": "20",
            "YZT_JOB_LEASE_SECONDS": "1",
        }  # fmt: skip
        made = City(name, port, environment, home / "log")
        try:
            made.start()
            made.tell("build")
            yield made
        finally:
            made.end()


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, City]]:
    """Two cities that know each other."""
    folder = tmp_path_factory.mktemp("cities")
    with ExitStack() as stack:
        here = stack.enter_context(a_city(folder / "here", "演示甲市", "990100"))
        there = stack.enter_context(a_city(folder / "there", "演示乙市", "990200"))
        for one in (here, there):
            one.said = one.answer()
            assert "code" in one.said, one.said
        for one, other in ((here, there), (there, here)):
            one.up()
            assert one.do("introduce", said=other.said) == {"code": other.said["code"]}
        for one in (here, there):
            assert one.do("hello")["items"] >= 1
        yield here, there


@pytest.fixture
def here(pair: tuple[City, City]) -> City:
    """The city that most tests send from."""
    return pair[0]


@pytest.fixture
def there(pair: tuple[City, City]) -> City:
    """The city that most tests send to."""
    return pair[1]
