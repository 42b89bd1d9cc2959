"""What breaks while people work: a worker is killed, the disk is full, the mail server is down. Nothing acknowledged is lost."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.races.conftest import City, Client, Server, serving
from yizhantong.web.tests.casework import PDF

SECONDS, SENDERS, KILLS = 12.0, 6, 5
FULL_KB = 64
"""The size of the disk that is soon full."""


@dataclass
class Sender:
    """One who files one application after the other, each under a key of its own, and sends again what got no answer."""

    client: Client
    name: str
    firm: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    retried: int = 0
    strange: list[Any] = field(default_factory=list)

    def work(self, until: float) -> None:
        """File until the moment; what was begun is ended."""
        while time.monotonic() < until:
            key = f"{self.name}-{self.sent}"
            self.sent += 1
            self._file(key, time.monotonic() + 60)
        self.client.close()

    def _file(self, key: str, give_up: float) -> None:
        body = {"item": "race.decide", "applicant": self.firm}
        while time.monotonic() < give_up:
            try:
                answer = self.client.send("POST", "/cases", body, Idempotency_Key=key)
            except (OSError, http.client.HTTPException):
                self.retried += 1
                time.sleep(0.05)
                continue
            if answer.status == 201:
                self.acknowledged[key] = answer.body["number"]
            else:
                self.strange.append(answer)
            return
        self.strange.append(f"{key}: no answer in a minute")


def test_no_acknowledged_submission_is_lost_or_made_twice_when_workers_are_killed(city: City) -> None:
    before = set(city.do("look", "race.decide")["numbers"])
    killed: list[int] = []
    with serving(city) as running:
        senders = [
            Sender(Client(running.port, city.keys[f"asker{n % 4}"]), f"sender{n}", city.keys["firm"])
            for n in range(SENDERS)
        ]
        until = time.monotonic() + SECONDS
        threads = [threading.Thread(target=sender.work, args=(until,)) for sender in senders]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(SECONDS / (KILLS + 1))
            killed.append(
                min(running.workers())
            )  # the elder: one that dies twice within seconds is given up by the server
            os.kill(killed[-1], signal.SIGKILL)
        for thread in threads:
            thread.join(120)
        assert running.process.poll() is None, "the server did not outlive its workers"
        assert running.workers()
    assert not [sender.strange for sender in senders if sender.strange]
    acknowledged = [number for sender in senders for number in sender.acknowledged.values()]
    made = [number for number in city.do("look", "race.decide")["numbers"] if number not in before]
    assert len(set(killed)) == KILLS
    assert sum(sender.retried for sender in senders) > 0, "nobody was interrupted: the test proves nothing"
    assert len(acknowledged) == len(set(acknowledged)) == sum(sender.sent for sender in senders)
    assert sorted(made) == sorted(acknowledged)


def multipart(content: bytes) -> tuple[bytes, str]:
    """Return a body with one file, and its type."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return head + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


@pytest.fixture
def small_disk(city: City) -> Iterator[tuple[Server, Path]]:
    """Serve the city with a disk for files that holds next to nothing: a tmpfs in a mount namespace of the server's own."""
    files = city.home / "files"
    files.mkdir(exist_ok=True)
    mount = f'mount -t tmpfs -o size={FULL_KB}k tmpfs {files} && exec "$@"'
    before = [
        "unshare",
        *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]),
        "--mount",
        "sh",
        "-c",
        mount,
        "sh",
    ]
    able = (
        shutil.which("unshare") and subprocess.run([*before, "true"], check=False, capture_output=True).returncode == 0
    )
    if not able:
        pytest.skip("this machine lets nobody make a small disk (unshare and mount are refused)")
    with serving(city, before=before) as running:
        yield running, Path(f"/proc/{running.process.pid}/root{files}")


def test_an_upload_to_a_full_disk_is_refused_clearly_and_leaves_nothing(
    city: City, small_disk: tuple[Server, Path]
) -> None:
    running, files = small_disk
    client = Client(running.port, city.keys["asker0"])
    draft = client.send("POST", "/drafts", {"item": "race.upload", "applicant": city.keys["firm"]})
    assert draft.status == 201, draft
    number = draft.body["number"]

    def upload(size: int) -> Any:
        body, kind = multipart(PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + b"0" * size + b"\n"))
        return client.send("POST", f"/cases/{number}/materials/report/files", body, Content_Type=kind)

    before = city.do("look", "race.upload")
    for size in (FULL_KB * 1024 + 1, 3 * 1024 * 1024):
        refused = upload(size)
        assert (refused.status, refused.body["code"]) == (500, "files.disk_full"), refused
        assert "已满" in refused.body["detail"]
    after = city.do("look", "race.upload")
    assert (after["stored"], after["materials"]) == (before["stored"], before["materials"])
    assert [path.name for path in files.rglob("*") if path.is_file()] == [".lock"]
    assert upload(100).status == 201, "what fits is kept"
    sent = client.send("POST", f"/drafts/{number}/submission")
    assert (sent.status, sent.body["state"]) == (201, "submitted"), sent


def test_a_submission_succeeds_while_the_mail_server_is_down(city: City) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        city.do("mail", "asker3")
        with serving(city, YZT_SMTP_URL=closed) as running:
            client = Client(running.port, city.keys["asker3"])
            wish = {"items": [{"kind": "cases.progress", "channel": "mail", "mode": "at_once"}]}
            assert client.send("PUT", "/notices/preferences", wish).status == 200
            started = time.monotonic()
            made = client.send("POST", "/cases", {"item": "race.decide", "applicant": city.keys["firm"]})
            took = time.monotonic() - started
        assert made.status == 201, made
        assert took < 10, "nobody waits for a mail server"
        waiting = city.do("look", "race.decide")["deliveries"]
        assert sum(waiting.values()) > 0, "no mail was to be sent: the test proves nothing"
        worker = [sys.executable, "-m", "yizhantong.project.cli", "work", "--once"]
        environment = city.environment | {"YZT_SMTP_URL": closed}
        done = subprocess.run(worker, env=environment, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    found = city.do("look", "race.decide")
    assert made.body["number"] in found["numbers"]
    assert "sent" not in found["deliveries"], json.dumps(found["deliveries"])
