"""Write what a benchmark measured into ``bench/RESULTS.md``: one section for each benchmark, replaced at every run."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE = (
    "# What was measured\n\nWritten by the programs in this folder; ratios are sound, single figures move by ±30 %.\n"
)


def record(section: str, rows: Sequence[Sequence[object]], command: str, *, dry: bool = False) -> None:
    """Replace the section of that name; ``rows`` are the lines of a table, the first its headings; ``dry`` prints it only."""
    width = max(len(row) for row in rows)
    padded = [[str(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    lines.insert(1, "|" + " --- |" * width)
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    about = f"`{command}` · {when} · Python {platform.python_version()} · {os.cpu_count()} cores"
    text = f"\n## {section}\n\n{about}\n\n" + "\n".join(lines) + "\n"
    found = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _TITLE
    without = re.sub(rf"\n## {re.escape(section)}\n.*?(?=\n## |\Z)", "", found, flags=re.S)
    if not dry:
        RESULTS.write_text(without.rstrip("\n") + "\n" + text, encoding="utf-8")
    print(text)
