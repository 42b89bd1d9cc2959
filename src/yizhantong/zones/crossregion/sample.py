"""Invented handovers between cities whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, with_doubles

ITEMS = (
    "养老保险关系转移接续", "住房公积金异地贷款缴存证明", "企业设立登记", "身份证换领", "职工医保异地就医备案",
    "失业登记", "学历公证", "机动车驾驶证换领", "食品经营许可",
)  # fmt: skip


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield handovers, some of them entered twice, and how they ended."""
    wanted = city.targets("crossregion")
    yield Batch("crossregion.handover", with_doubles(_handovers(city, wanted), wanted["mistakes"]))
    yield Batch("crossregion.closing", _closings(city, wanted))


def _handovers(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the same handovers at every call: last year's, then this year's."""
    rng = city.rng("crossregion.handover")
    year, number = city.day.year, 0
    for total, first, last in (
        (wanted["earlier_handovers"], dt.date(year - 1, 9, 1), dt.date(year - 1, 12, 31)),
        (wanted["handovers"] - wanted["earlier_handovers"], dt.date(year, 1, 4), city.day),
    ):
        for position in range(total * city.scale):
            number += 1
            day = first + dt.timedelta(days=position * (last - first).days // (total * city.scale))
            code, name = rng.choice(wanted["cities"])
            yield {
                "division_id": rng.choice(city.units).code,
                "occurred_on": day,
                "number": f"TB-{day.year}-{number:06d}",
                "item": rng.choice(ITEMS),
                "mode": rng.choice(("online", "online", "online", "proxy", "proxy", "joint")),
                "direction": rng.choice(("sent", "received")),
                "other_code": code,
                "other_name": name,
            }


def _closings(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    """Yield the end of every handover but the latest ones, which are still open."""
    rng = city.rng("crossregion.closing")
    closed = (wanted["handovers"] - wanted["open"]) * city.scale
    for row in islice(_handovers(city, wanted), closed):
        days = min(rng.randint(0, 12), (city.day - row["occurred_on"]).days)
        yield {
            "division_id": row["division_id"],
            "occurred_on": row["occurred_on"] + dt.timedelta(days=days),
            "number": row["number"],
            "mode": row["mode"],
            "direction": row["direction"],
            "result": rng.choice(("done",) * 18 + ("refused", "returned")),
            "days": days,
        }
