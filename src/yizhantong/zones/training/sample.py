"""Invented training records whose figures are those of the city's ``sample.toml``."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity, taken_back
from yizhantong.zones.training.models import Share

TITLES = (
    "玉米保护性耕作", "水稻插秧技术", "设施蔬菜病虫害防治", "花生高产栽培", "果树修剪", "农产品电商入门",
    "肉羊养殖技术", "农机安全使用", "测土配方施肥", "黑土地保护",
)  # fmt: skip
VIEWERS = 1_400
"""How many different people watch in one set of records."""


def sample(city: SampleCity) -> Iterator[Batch]:
    """Yield the zone's five ledgers; ``city.scale`` sets of the same size, each with its own numbers."""
    wanted = city.targets("training")
    yield Batch("training.session", _sessions(city, wanted))
    yield Batch("training.graduation", _graduations(city, wanted))
    videos = list(_videos(city, wanted))
    yield Batch("training.video", videos)
    yield Batch("training.play", _plays(city, wanted, videos))
    yield Batch("training.share", _shares(city, wanted, videos))


def person(copy: int, number: int) -> str:
    """Return the pseudonym of an invented person."""
    return f"P{(copy * 1_000_003 + number) * 5_915_587 % (1 << 48):012X}"


def _sessions(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    """Yield last year's and this year's sessions; the very first was entered by mistake and is taken back."""
    year = city.day.year
    spans = {
        year - 1: (dt.date(year - 1, 3, 1), dt.date(year - 1, 12, 18)),
        year: (dt.date(year, 1, 12), city.day),
    }
    mistaken = False
    for copy in range(city.scale):
        rng = city.rng(f"training.session/{copy}")
        for period, counts in ((year - 1, wanted["sessions_last_year"]), (year, wanted["sessions"])):
            kinds = [kind for kind, count in counts.items() for _ in range(count)]
            for number, kind in enumerate(kinds, start=1):
                row = {
                    "division_id": rng.choice(city.units).code,
                    "occurred_on": city.day_between(rng, *spans[period]),
                    "session": f"PX{period}-{copy:03d}-{number:03d}",
                    "title": rng.choice(TITLES),
                    "kind": kind,
                    "seconds": rng.choice((5_400, 7_200, 10_800, 14_400)),
                    "attendance": rng.randint(18, 85),
                }
                if not mistaken:
                    yield from taken_back([row | {"attendance": int(row["attendance"]) * 10}])
                    mistaken = True
                yield row


def _graduations(city: SampleCity, wanted: dict[str, Any]) -> Iterator[Row]:
    year = city.day.year
    for copy in range(city.scale):
        rng = city.rng(f"training.graduation/{copy}")
        groups = (
            (year - 1, dt.date(year - 1, 11, 26), 0, wanted["graduates_last_year"]),
            (year, dt.date(year, 7, 9), wanted["graduates_last_year"] - wanted["graduates_again"], wanted["graduates"]),
        )
        for period, day, first, count in groups:
            for number in range(first, first + count):
                yield {
                    "division_id": rng.choice(city.units).code,
                    "occurred_on": day,
                    "trainee": person(copy, number),
                    "year": period,
                    "course": f"{period}年高素质农民培训班(演示)",
                    "attended_percent": rng.randint(80, 100),
                    "certificate": f"JY{period}-{copy:03d}-{number + 1:04d}",
                }


def _videos(city: SampleCity, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for copy in range(city.scale):
        rng = city.rng(f"training.video/{copy}")
        for number in range(1, wanted["videos"] + 1):
            topic = ("farming", "conservation")[number % 2]
            yield {
                "division_id": tree.root(),
                "occurred_on": city.day_between(rng, dt.date(city.day.year, 2, 1), city.day - dt.timedelta(days=20)),
                "video": f"SP{city.day.year}-{copy:03d}-{number:02d}",
                "title": f"{rng.choice(TITLES)}第{number}期(演示)",
                "topic": topic,
                "seconds": rng.randint(300, 1_500),
            }


def _plays(city: SampleCity, wanted: dict[str, Any], videos: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield who watched; one play counted twice by the player is taken back."""
    rng = city.rng("training.play")
    for number in range(wanted["plays"] * city.scale):
        video = rng.choice(videos)
        row = _seen(city, rng, video) | {
            "viewer": person(number // wanted["plays"], int(VIEWERS * rng.random() ** 1.6)),
            "seconds": rng.randint(20, video["seconds"]),
        }
        if number == 0:
            yield from taken_back([row])
        yield row


def _shares(city: SampleCity, wanted: dict[str, Any], videos: list[dict[str, Any]]) -> Iterator[Row]:
    rng = city.rng("training.share")
    for _ in range(wanted["shares"] * city.scale):
        yield _seen(city, rng, rng.choice(videos)) | {"channel": rng.choice(Share.Channel.values)}


def _seen(city: SampleCity, rng: random.Random, video: dict[str, Any]) -> dict[str, Any]:
    """Return place, day and video of one play or share, after the video went on line."""
    return {
        "division_id": rng.choice(city.units).code,
        "occurred_on": city.day_between(rng, video["occurred_on"]),
        "video": video["video"],
    }
