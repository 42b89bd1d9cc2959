"""How fast the search answers: spoken words, pinyin, slips of the finger, one character, over 20,000 entries.

    .venv/bin/python bench/bench_search.py [--entries 20000] [--postgres]

The entries are the catalogue of the search's tests, once as it is and then varied by places, agencies and steps until there
are as many as asked for, each with a body of some 200 characters. ``first ask`` is the time of a process that has just
started (it reads the spoken words and the sounds). Bounds, beyond which the run fails: the median of all questions and of
each group 30 ms, and their 95th percentile 60 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

MEDIAN, SLOWEST = 30.0, 60.0
ROUNDS = 3
PLACES = "凌海 北镇 黑山 义县 古塔 凌河 太和 松山 滨海 石山 余积 双羊 大市 沟帮子 广宁 新立 刘龙台 高台子".split()
STEPS = "咨询 预审 初审 复核 公示 变更 延续 补证 注销 年检 备案 登记 审批 核发 认定 奖励 补助 指引 问答 样表".split()


def main() -> int:
    """Measure on one database; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yzt-bench-")))
        prepare(stack, home, given.postgres)
        rows, good = measure(given.entries)
    from report import record

    command = f"python bench/bench_search.py --entries {given.entries}{' --postgres' if given.postgres else ''}"
    record(
        f"Search on {'PostgreSQL' if given.postgres else 'SQLite'}",
        [["what", "median", "95th percentile", "bound"], *rows],
        command,
    )
    return 0 if good else 1


def prepare(stack: ExitStack, home: Path, postgres: bool) -> None:
    """Set up Django over a new database."""
    url = f"sqlite:///{home}/bench.sqlite3"
    if postgres:
        import psycopg

        from yizhantong.testing.postgres import cluster

        running = stack.enter_context(cluster())
        with psycopg.connect(running.dsn, autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        url = f"postgresql://postgres@/bench?host={running.socket}"
    os.environ |= {"YZT_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yizhantong.project.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    stack.callback(connections.close_all)
    call_command("migrate", verbosity=0, skip_checks=True)


def measure(entries: int) -> tuple[list[list[str]], bool]:
    """Index and ask; return the lines of the table and whether all bounds hold."""
    from django.db import connection

    from yizhantong.kernel.search import actions, queries
    from yizhantong.kernel.search.models import Entry, Token

    began = time.perf_counter()
    actions.put("item", documents(entries))
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    count, tokens = Entry.objects.count(), Token.objects.count()
    rows = [[f"index {count:,} entries ({tokens:,} tokens)", f"{seconds:.1f} s", f"{count / seconds:,.0f}/s", ""]]
    rows.append(["first ask of a process", f"{timed(queries.look, '买房'):.1f} ms", "", ""])
    everything: list[float] = []
    good = True
    for name, asked in groups().items():
        ask = queries.suggest if name == "suggest" else queries.look
        times = [timed(ask, text) for _round in range(ROUNDS) for text in asked]
        everything += times
        line, holds = told(f"{name} ({len(asked)} questions)", times)
        rows.append(line)
        good = good and holds
    line, holds = told("all questions", everything)
    return [*rows, line], good and holds


def told(name: str, times: list[float]) -> tuple[list[str], bool]:
    """Return the line of a group and whether it holds its bounds."""
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    bound = f"{MEDIAN:.0f} / {SLOWEST:.0f} ms"
    return [name, f"{median:.1f} ms", f"{slow:.1f} ms", bound], median <= MEDIAN and slow <= SLOWEST


def timed(ask: Any, text: str) -> float:
    """Return how many milliseconds a question took."""
    began = time.perf_counter()
    ask(text)
    return (time.perf_counter() - began) * 1000


def groups() -> dict[str, list[str]]:
    """Return the questions of the tests by how they are asked."""
    from yizhantong.kernel.search.tests.catalogue import ASKED

    letters = [text for text in ASKED if text.isascii()]
    han = [text for text in ASKED if not text.isascii()]
    return {
        "spoken": [text for text in han if len(text) > 2],
        "one or two characters": [text for text in han if len(text) <= 2],
        "pinyin and slips": letters,
        "suggest": [text[: len(text) // 2 + 1] for text in ASKED],
        "nothing there": ["zzxxqq", "外星人登陆", "龘靐齉"],
    }


def documents(entries: int) -> Iterator[Any]:
    """Yield as many things as asked for."""
    from yizhantong.kernel.search.actions import Document
    from yizhantong.kernel.search.tests.catalogue import HELP, ITEMS, POLICIES
    from yizhantong.kernel.search.tests.catalogue import documents as listed

    base = [item for lines in (ITEMS, POLICIES, HELP) for item in listed(lines, "x")]
    chance = random.Random(1)
    bodies = [item.body for item in base]
    for number in range(entries):
        item = base[number % len(base)]
        varied = number >= len(base)
        title = f"{chance.choice(PLACES)}{item.title}{chance.choice(STEPS)}" if varied else item.title
        body = "。".join([item.body, *chance.sample(bodies, 8)])
        yield Document(
            key=str(number), title=title, body=body, url=f"/x/{number}/", words=item.words if not varied else ()
        )


if __name__ == "__main__":
    sys.exit(main())
