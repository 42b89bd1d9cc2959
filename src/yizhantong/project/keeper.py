"""Keeps one worker running beside the web server: starts it again when it dies, ends with the server. No Django in here.

``python -m yizhantong.project.keeper PID``: ``PID`` is the web server, our parent. When it is gone, or we are told to stop,
the worker is told to finish its job and end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

LOOK = 0.5
PATIENCE = 60.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
WELL = 60.0
"""A worker that lived so many seconds was well: the next one is started without waiting long."""


def keep(parent: int) -> None:
    """Keep a worker until ``parent`` is no longer our parent or we are told to stop."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    wait = FIRST_WAIT
    while not _over(stopping, parent):
        began = time.monotonic()
        worker = subprocess.Popen(
            [sys.executable, "-m", "yizhantong.project.cli", "work", "--beside", str(os.getpid())]
        )
        while worker.poll() is None and not _over(stopping, parent):
            stopping.wait(LOOK)
        if worker.poll() is None:
            _end(worker)
            return
        wait = FIRST_WAIT if time.monotonic() - began > WELL else min(wait * 2, LONGEST_WAIT)
        print(f"后台任务进程已退出(代码 {worker.returncode}),{wait:.0f} 秒后重新启动", file=sys.stderr, flush=True)
        stopping.wait(wait)


def _over(stopping: threading.Event, parent: int) -> bool:
    return stopping.is_set() or os.getppid() != parent


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()  # its job's lease lapses, and the next worker takes it up again
        worker.wait()


if __name__ == "__main__":
    keep(int(sys.argv[1]))
