"""What zones need to invent the records of a sample city, and in which form they hand them over.

A zone's ``sample.py`` has one function ``sample(city: SampleCity) -> Iterator[Batch]``. It is deterministic (randomness comes
from ``city.rng(zone)`` alone), reads what its figures shall be from ``city.targets(zone)`` (the city's ``sample.toml``), and
yields rows as mappings of the ledger's columns. A row may hold ``reverses``, the position in the same batch of the row
which it takes back.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.tree import Branch
from yizhantong.kernel.parties.models import Organisation
from yizhantong.kernel.parties.sample import person_name

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Rows for one ledger: columns of the model (``division_id``, ``occurred_on``, own columns), all rows alike.

    ``recorded_at`` is made by the loader: some hours after ``occurred_on``, and never later than the sample city's day.
    """

    ledger: str
    rows: Iterable[Row]


@dataclass
class SampleCity:
    """The sample city as zones see it. ``day`` is the day on which it stands, ``scale`` multiplies the number of records."""

    day: dt.date
    scale: int = 1
    seed: int = 20210816

    def rng(self, name: str) -> random.Random:
        """Return a source of randomness of its own for each name; the same name and seed give the same sequence."""
        return random.Random(f"{self.seed}/{name}")

    def targets(self, zone: str) -> dict[str, Any]:
        """Return what the zone's figures shall be: the table of that name in the city's ``sample.toml``."""
        return dict(city_folder.settings_of("sample.toml").get(zone, {}))

    @cached_property
    def units(self) -> list[Branch]:
        """Managing units."""
        return tree.units()

    @cached_property
    def townships(self) -> list[Branch]:
        """All townships and streets."""
        return [b for b in tree.branches().values() if b.level == "township"]

    @cached_property
    def villages(self) -> list[Branch]:
        """All villages and communities of the official list."""
        return [b for b in tree.branches().values() if b.level == "village"]

    def organisations(self, kind: str) -> Sequence[Organisation]:
        """Return the organisations of one kind (``enterprise``, ``bank``, ``insurer``, ``agency`` …) in a fixed order."""
        return list(Organisation.objects.filter(kind=kind).order_by("uscc"))

    def day_between(self, rng: random.Random, first: dt.date, last: dt.date | None = None) -> dt.date:
        """Return a random day from ``first`` to ``last`` (default: the sample city's day), both included."""
        span = ((last or self.day) - first).days
        return first + dt.timedelta(days=rng.randint(0, span))

    def name_of_person(self, rng: random.Random) -> str:
        """Return an invented name."""
        return person_name(rng)


def taken_back(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each row and at once the red letters that take it back; nothing of the batch may come before."""
    for position, row in enumerate(rows):
        yield row
        yield {**row, "reverses": 2 * position}


def with_doubles(rows: Iterable[Row], count: int) -> Iterator[Row]:
    """Yield ``rows``, before them the first ``count`` as entered once too often (``number`` with ``-2``) and taken back."""
    kept = iter(rows)
    first = list(islice(kept, count))
    yield from taken_back({**row, "number": f"{row['number']}-2"} for row in first)
    yield from chain(first, kept)


def weekday(day: dt.date) -> dt.date:
    """Return ``day``, or the Friday before when it is on a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def spread(rng: random.Random, total: int, parts: int, low: int = 0, high: int | None = None) -> list[int]:
    """Return ``parts`` random integers in [low, high] that add up to ``total``; ValueError when no such list exists."""
    if parts * low > total or (high is not None and parts * high < total) or (parts == 0 and total):
        raise ValueError(f"cannot spread {total} over {parts} parts within [{low}, {high}]")
    weights = [rng.expovariate(1.0) for _ in range(parts)]
    scale = (total - parts * low) / (sum(weights) or 1)
    shares = [min(low + int(weight * scale), high if high is not None else total) for weight in weights]
    missing = total - sum(shares)
    while missing:
        for i in rng.sample(range(parts), parts):
            room = missing if high is None else min(missing, high - shares[i])
            step = room if missing <= parts else min(room, max(1, missing // parts))
            shares[i] += step
            missing -= step
            if not missing:
                break
    return shares
