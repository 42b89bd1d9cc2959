"""Files on their way into a ledger are kept for their owner, and the state of the work is always readable."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from yizhantong.web import staging


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def keep(user: int = 7) -> staging.Staged:
    return staging.keep(b"content", ledger="villages.report", name="a.xlsx", user=user)


def test_a_file_is_found_by_its_owner_for_its_ledger_only() -> None:
    staged = keep()
    found = staging.find(staged.token, ledger="villages.report", user=7)
    assert found is not None
    assert (found.content, found.name) == (b"content", "a.xlsx")
    assert staging.find(staged.token, ledger="villages.report", user=8) is None
    assert staging.find(staged.token, ledger="villages.membership", user=7) is None


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "x" * 15, "x" * 17, "....//....//....", "AAAAAAAAAAAAAAA/"])
def test_a_token_that_is_none_finds_nothing(token: str) -> None:
    keep()
    assert staging.find(token, ledger="villages.report", user=7) is None


def test_short_work_is_done_when_the_page_is_shown() -> None:
    staged = keep()
    staging.work(staged, "previewing", lambda progress: {"stage": "previewed", "done": 3})
    assert staged.state() == {"stage": "previewed", "done": 3, "stale": False}


def test_work_that_is_refused_tells_its_code_and_sentence() -> None:
    class RefusedError(Exception):
        code = "imports.has_errors"

    def task(progress: Any) -> dict[str, Any]:
        raise RefusedError("文件有 2 处错误")

    staged = keep()
    staging.work(staged, "recording", task)
    state = staged.state()
    assert (state["stage"], state["code"], state["sentence"]) == ("failed", "imports.has_errors", "文件有 2 处错误")


def test_long_work_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(staging, "BEAT_SECONDS", 0.0)
    go_on = False

    def task(progress: Any) -> dict[str, Any]:
        progress(500)
        while not go_on:
            time.sleep(0.01)
        return {"stage": "done", "done": 500}

    staged = keep()
    staging.work(staged, "recording", task)
    deadline = time.monotonic() + 5
    while staged.state()["done"] != 500 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert staged.state()["stage"] == "recording"
    go_on = True
    while staged.state()["stage"] != "done" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert staged.state()["stage"] == "done"


def test_work_whose_worker_died_is_told_to_be_stale() -> None:
    staged = keep()
    staged.tell(stage="recording", done=10)
    path = staged.folder / "state.json"
    old = time.time() - staging.STALE_SECONDS - 1
    os.utime(path, (old, old))
    assert staged.state()["stale"]


def test_old_files_are_swept() -> None:
    staged = keep()
    old = time.time() - staging.KEEP_SECONDS - 1
    os.utime(staged.folder, (old, old))
    keep()
    assert not staged.folder.exists()
