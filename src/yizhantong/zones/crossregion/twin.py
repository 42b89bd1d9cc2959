"""A second small city beside this one, to try everything with: its own home, database, keys, address; both are introduced to each other.

The twin runs ``yzt`` in processes of its own whose environment says that it is another city; it shares nothing with this one but the
program. Its sample accounts have the same names and password.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from yizhantong.zones.crossregion.actions import partners
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.queries.hello import introduction

WAIT = 180.0
MINIMUM = """
import django; django.setup()
from yizhantong.kernel.divisions.models import City
from yizhantong.project.accounts import sample_accounts
from yizhantong.zones.crossregion.queries.hello import introduction
import datetime as dt, json, sys
City.objects.filter(demonstration_day__isnull=True).update(demonstration_day=dt.date.fromisoformat(sys.argv[1]) if sys.argv[1] else None)
sample_accounts()
print(json.dumps(introduction()))
"""
"""What the twin has beyond an empty city: this city's day, so that their clocks agree, and the sample accounts; it introduces itself."""


def environment(port: int, name: str, code: str) -> dict[str, str]:
    """Return the environment in which processes are the twin."""
    home = Path(settings.HOME) / "twin"
    without = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DATABASE_URL", "YZT_SEGMENTS", "YZT_CROSSREGION_KEYS")
    }
    return without | {
        "YZT_HOME": str(home), "YZT_ADDRESS": f"http://127.0.0.1:{port}", "YZT_CROSSREGION_CODE": code, "YZT_CROSSREGION_NAME": name,
        "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings",
    }  # fmt: skip


def raise_twin(port: int, name: str, code: str, *, serve: bool, tell: Callable[[str], object]) -> None:
    """Make the twin, introduce both to each other, and (``serve``) run its web server and worker until interrupted."""
    from yizhantong.kernel.divisions import clock

    there = environment(port, name, code)
    _run(there, "-m", "yizhantong.project.cli", "prepare", "--quiet")
    day = clock.demonstration_day()
    theirs = json.loads(_run(there, "-c", MINIMUM, day.isoformat() if day else ""))
    made = partners.introduce(theirs, account=None, contact="演示联系人")
    partners.set_state(made, "active", account=None)
    ours = introduction()
    knows = (
        "-m",
        "yizhantong.project.cli",
        "crossregion",
        "partners",
        "--introduce",
        "-",
        "--activate",
        str(ours["code"]),
    )
    _run(there, *knows, given=json.dumps(ours, ensure_ascii=False))
    tell(f"{name}({code})已建立并与本市互相登记")
    if serve:
        _serve(there, port, lambda: partners.test_connection(made, account=None), str(introduction()["code"]), tell)


def _serve(
    there: dict[str, str], port: int, greet: Callable[[], object], code: str, tell: Callable[[str], object]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "yizhantong.project.cli", "serve", "--port", str(port), "--workers", "1"], env=there
    )
    try:
        until = time.monotonic() + WAIT
        while True:
            try:
                greet()
                break
            except CrossingError:
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.5)
        asked = [sys.executable, "-m", "yizhantong.project.cli", "crossregion", "partners", "--test", code]
        known = subprocess.run(asked, env=there, capture_output=True, text=True, timeout=WAIT, check=False)
        tell(
            "邻市已取到本市的通办清单"
            if known.returncode == 0
            else f"邻市还没有连上本市({known.stderr.strip()[:120]});本市启动后在“通办城市”中测试连接"
        )
        tell(f"邻市在 http://127.0.0.1:{port}/ ,按 Ctrl+C 停止")
        process.wait()
    except KeyboardInterrupt:
        pass
    finally:
        process.terminate()
        process.wait(20)


def _run(there: dict[str, str], *command: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *command], env=there, input=given, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise CrossingError("twin", f"邻市没有建立成功:{done.stderr.strip()[-300:]}")
    return done.stdout
