"""How long the lists and the page of a case take when there are many: under permission filters, on the first and the hundredth page.

    python bench/bench_lists.py [--sizes 2000,100000,1000000] [--postgres]

Measured through the pages themselves (views, templates, queries), signed in as an official of a busy agency, and as one of an agency
that has one case in ten thousand. Upper bounds, beyond which the run fails: 12 queries and 60 ms at the median, at every size.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from caseload import fill, offices, official, prepared

QUERIES, MILLISECONDS, REPEATS, PAGES = 12, 60.0, 15, 100


def main() -> int:
    """Run the benchmark; return 1 when a bound is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,100000,1000000")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--dry", action="store_true", help="print only, and leave RESULTS.md as it is")
    given = parser.parse_args()
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory(prefix="yzt-bench-") as home, prepared(Path(home), given.postgres):
        accounts = [
            (name, official(name, office, "cases.view", "cases.handle", "cases.intake", "cases.assign"))
            for name, office in (("busy", offices()[0]), ("few", offices()[-1]))
        ]
        for size in (int(text) for text in given.sizes.split(",")):
            fill(size)
            for name, account in accounts:
                rows += [[f"{size:,}", name, *measured] for measured in pages(account)]
    from report import record

    engine = "PostgreSQL" if given.postgres else "SQLite"
    table = [["cases", "office", "page", "queries", "median ms", "worst ms"], *rows]
    command = f"python bench/bench_lists.py --sizes {given.sizes}{' --postgres' if given.postgres else ''}"
    record(f"Lists and the page of a case on {engine}", table, command, dry=given.dry)
    return int(any(int(str(row[3])) > QUERIES or float(str(row[4])) > MILLISECONDS for row in rows))


def pages(account: Any) -> Iterator[tuple[str, int, str, str]]:
    """Yield what was measured of each page."""
    from django.test import Client

    from yizhantong.kernel.cases import queries

    client = Client()
    client.force_login(account)
    yield measured(client, "my list, first page", "/desk/")
    after = key_of_page(lambda key: queries.todo(account, after=key))
    yield measured(client, f"my list, page {after[0]}", f"/desk/?after={after[1]}")
    yield measured(client, "cases of my office, first page", "/desk/cases/")
    after = key_of_page(lambda key: queries.cases(account, after=key))
    yield measured(client, f"cases of my office, page {after[0]}", f"/desk/cases/?after={after[1]}")
    for case in queries.cases(account).rows[:1]:
        yield measured(client, "the case on one screen", f"/desk/cases/{case.number}/")


def key_of_page(page: Any) -> tuple[int, str]:
    """Return the number of the last page up to the hundredth, and the key that leads to it."""
    key, turned = "", 1
    while turned < PAGES:
        found = page(key or None).next
        if found is None:
            break
        key, turned = found, turned + 1
    return turned, key.replace("+", "%2B")


def measured(client: Any, name: str, address: str) -> tuple[str, int, str, str]:
    """Ask for a page some times; return its name, queries, median and worst in milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    queries = len(asked)  # counted now: the next request forgets them
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return name, queries, f"{statistics.median(times):.1f}", f"{max(times):.1f}"


if __name__ == "__main__":
    sys.exit(main())
