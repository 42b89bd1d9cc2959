"""Files on their way into a ledger: kept aside while a person looks at the preview, worked on in the background.

Each lies in a folder of its own below ``YZT_HOME/staging``: the file, who brought it for which ledger, and the state of the work
(``state.json``: stage, rows done, outcome). The work itself is one transaction, so a worker that dies leaves nothing
half-written; its state stops changing, and the page says so. Folders are swept after a day.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")
KEEP_SECONDS = 86_400
STALE_SECONDS = 60
WAIT_SECONDS = 2.0
BEAT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Staged:
    """One file that is kept aside."""

    folder: Path
    ledger: str
    name: str
    user: int

    @property
    def token(self) -> str:
        """Return the name by which the page finds it again."""
        return self.folder.name

    @property
    def content(self) -> bytes:
        """Return the file."""
        return (self.folder / "file").read_bytes()

    def state(self) -> dict[str, Any]:
        """Return the state of the work; ``stale`` when it has not changed for a minute although it is not done."""
        path = self.folder / "state.json"
        if not path.exists():
            return {"stage": "waiting", "done": 0}
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        state["stale"] = state["stage"].endswith("ing") and time.time() - path.stat().st_mtime > STALE_SECONDS
        return state

    def tell(self, **state: Any) -> None:
        """Write the state whole: a reader never sees half of it."""
        fresh = self.folder / f"state.{secrets.token_hex(4)}"
        fresh.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self.folder / "state.json")


def keep(content: bytes, *, ledger: str, name: str, user: int) -> Staged:
    """Keep a file aside; return it with a fresh token."""
    sweep()
    folder = _root() / secrets.token_urlsafe(12)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "file").write_bytes(content)
    (folder / "about.json").write_text(json.dumps({"ledger": ledger, "name": name, "user": user}), encoding="utf-8")
    return Staged(folder, ledger, name, user)


def find(token: str, *, ledger: str, user: int) -> Staged | None:
    """Return a file that this user brought for this ledger, or None."""
    folder = _root() / token
    if not TOKEN.fullmatch(token) or not (folder / "about.json").exists():
        return None
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    if about["ledger"] != ledger or about["user"] != user:
        return None
    return Staged(folder, ledger, about["name"], user)


def work(staged: Staged, stage: str, task: Callable[[Callable[[int], None]], dict[str, Any]]) -> None:
    """Run ``task`` in the background; it gets a function to call with rows done, and returns the final state.

    Waits a moment, so that short work is done when the page is shown.
    """
    staged.tell(stage=stage, done=0)
    thread = threading.Thread(target=_run, args=(staged, stage, task), daemon=True)
    thread.start()
    thread.join(WAIT_SECONDS)


def _run(staged: Staged, stage: str, task: Callable[[Callable[[int], None]], dict[str, Any]]) -> None:
    done, told = 0, time.monotonic()

    def progress(rows: int) -> None:
        nonlocal done, told
        done += rows
        if time.monotonic() - told > BEAT_SECONDS:
            staged.tell(stage=stage, done=done)
            told = time.monotonic()

    try:
        staged.tell(**task(progress))
    except Exception as error:
        code = getattr(error, "code", "")
        text = str(error) if code else "平台出错,一条也没有写入;请稍后再试,一直这样请联系系统管理员"
        staged.tell(stage="failed", done=done, code=code or "web.failed", sentence=text)
        if not code:
            raise
    finally:
        connections.close_all()


def _root() -> Path:
    return Path(settings.HOME) / "staging"


def sweep() -> None:
    """Remove what was left for a day."""
    root = _root()
    if not root.is_dir():
        return
    for folder in root.iterdir():
        if time.time() - folder.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
