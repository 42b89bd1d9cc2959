"""How fast a draft is checked: the check itself in a running process, and the command from start to answer.

    .venv/bin/python bench/bench_check.py [PAGE] [--as-of 2021-08-16]

The city is the sample city, loaded once into ``build/bench-check`` unless ``YZT_HOME`` names another home; the page is
``page/page.txt`` of the folder named by ``YZT_SHARED``. Bounds: the check at most 1 s after start-up, the command at most 3 s with the ledgers. A run above a bound ends with 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from report import record

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("YZT_SHARED", ROOT.parent / "shared"))
CHECK_AT_MOST = 1.0
COMMAND_AT_MOST = 3.0


def seconds(work: Callable[[], object], times: int) -> list[float]:
    """Return how long each of several runs took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def commands(page: Path, day: dt.date, times: int, *options: str) -> list[float]:
    """Run ``yzt check`` in processes of its own; bytecode is kept, as an installed package keeps it."""
    program = [str(Path(sys.executable).with_name("yzt")), "check", str(page), "--as-of", str(day), "--json", *options]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        found = subprocess.run(program, capture_output=True, env=environment, timeout=120, check=False)
        if found.returncode not in (0, 1):
            raise SystemExit(found.stderr.decode())

    run()
    return seconds(run, times)


def checks(page: Path, day: dt.date, times: int) -> tuple[dict[str, list[float]], int]:
    """Check the page in this process; return the times with and without ledgers, and the number of claims."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
    import django

    django.setup()
    from yizhantong.kernel.articles.check import check_text
    from yizhantong.kernel.articles.documents import read_document
    from yizhantong.kernel.articles.ledger_view import view
    from yizhantong.kernel.articles.reports import as_json

    content = page.read_bytes()

    def whole() -> int:
        return len(as_json(check_text(read_document(content).text, day, view(day)))["claims"])

    def alone() -> int:
        return len(as_json(check_text(read_document(content).text, day))["claims"])

    claims = whole()
    return {"with ledgers": seconds(whole, times), "without": seconds(alone, times)}, claims


def set_up() -> None:
    """Load the sample city once, unless the environment names a home that has one."""
    if "YZT_HOME" in os.environ:
        return
    home = ROOT / "build" / "bench-check"
    os.environ["YZT_HOME"] = str(home)
    if not home.is_dir():
        home.mkdir(parents=True)
        for step in ("prepare", "sample"):
            subprocess.run([str(Path(sys.executable).with_name("yzt")), step], check=True, timeout=600)


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, nargs="?", default=SHARED / "page" / "page.txt")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=dt.date(2021, 8, 16))
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    set_up()
    measured, claims = checks(asked.page, asked.as_of, asked.times)
    rows = [("what", "median s", "best s", "bound s")]
    bounds = []
    for name, taken in measured.items():
        rows.append(_row(f"check in a running process, {name} ({claims} numbers)", taken, CHECK_AT_MOST))
        bounds.append((min(taken), CHECK_AT_MOST))
    for name, options in (("with ledgers", ()), ("--no-ledger", ("--no-ledger",))):
        taken = commands(asked.page, asked.as_of, asked.times, *options)
        rows.append(_row(f"command start to answer, {name}", taken, COMMAND_AT_MOST))
        bounds.append((min(taken), COMMAND_AT_MOST))
    record("Checking a draft", rows, "python bench/bench_check.py")
    sys.exit(any(best > bound for best, bound in bounds))


def _row(what: str, taken: list[float], bound: float) -> tuple[str, str, str, str]:
    return (what, f"{statistics.median(taken):.2f}", f"{min(taken):.2f}", f"{bound:.0f}")


if __name__ == "__main__":
    main()
