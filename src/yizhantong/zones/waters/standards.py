"""What the standards say of a reading: GB 3097-1997 (classes of sea water) and GB 11607-89 (water for fisheries).

The two are never mixed into one verdict. Limits are compared with the full value (GB/T 8170, 4.3). Requirements in words
(odour, floating matter, pathogens), the rise of temperature and the stricter coliform limits of shellfish eaten raw need a
person and are not judged here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib import resources

WORSE_THAN_FOUR = 5
"""The number by which 劣四类 is kept."""

OXYGEN_FLOOR = Decimal(3)
OXYGEN_DAY = Decimal(5)
OXYGEN_HOURS = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured value, or a non-detect with its limit of detection ``lod`` (then ``value`` is the limit itself)."""

    value: Decimal
    detected: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound: ``relation`` is <=, > or range (``low`` to ``high``); ``verification`` says who confirmed the row."""

    relation: str
    low: Decimal | None
    high: Decimal | None
    verification: str

    def keeps(self, reading: Reading) -> bool | None:
        """Tell whether the reading keeps the bound; None when the limit of detection lies above it."""
        if not reading.detected:
            return True if self.high is not None and reading.value <= self.high else None
        if self.relation == ">":
            return self.low is not None and reading.value > self.low
        above = self.low is None or reading.value >= self.low
        return above and (self.high is None or reading.value <= self.high)


class Verdict(StrEnum):
    """The single-item verdict of GB 11607-89."""

    MET = "met"
    OVER = "over"
    UNDECIDED = "undecided"
    NO_LIMIT = "no_limit"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and, in a Chinese sentence, why."""

    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class SeaClass:
    """The class of a sample: 1 to 4, 5 for 劣四类, None without a single parameter that could be judged.

    ``deciding`` are the parameters that have this class, ``classes`` that of each, ``undecided`` those whose limit of
    detection is too high to tell.
    """

    number: int | None
    deciding: tuple[str, ...]
    classes: Mapping[str, int]
    undecided: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return the class as it is written: 一类 … 四类, 劣四类, or 不能判定."""
        return "不能判定" if self.number is None else ("一类", "二类", "三类", "四类", "劣四类")[self.number - 1]


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("yizhantong.zones.waters").joinpath("data", name)
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def _limit(relation: str, text: str, verification: str) -> Limit:
    if relation == "range":
        low, high = text.split("~")
        return Limit(relation, Decimal(low), Decimal(high), verification)
    bound = Decimal(text) if text else None
    return Limit(relation, bound, None, verification) if relation == ">" else Limit(relation, None, bound, verification)


@lru_cache(maxsize=1)
def sea_limits() -> dict[str, tuple[Limit, Limit, Limit, Limit]]:
    """Return the four bounds of each parameter of GB 3097-1997; a class without a bound keeps any value."""
    return {
        row["parameter"]: (
            _limit(row["relation"], row["class_1"], row["verification"]),
            _limit(row["relation"], row["class_2"], row["verification"]),
            _limit(row["relation"], row["class_3"], row["verification"]),
            _limit(row["relation"], row["class_4"], row["verification"]),
        )
        for row in _rows("gb3097.tsv")
    }


@lru_cache(maxsize=1)
def fishery_limits() -> dict[tuple[str, str], Limit]:
    """Return the bounds of GB 11607-89 by parameter and water (``sea``, ``fresh`` or ``any``)."""
    return {
        (row["parameter"], row["water"]): _limit(row["relation"], row["limit"], row["verification"])
        for row in _rows("gb11607.tsv")
    }


def classify(readings: Mapping[str, Reading]) -> SeaClass:
    """Return the class of a sample by its worst parameter; parameters without limits in GB 3097-1997 do not count."""
    classes: dict[str, int] = {}
    undecided = []
    for parameter, reading in readings.items():
        limits = sea_limits().get(parameter)
        if limits is None:
            continue
        number = _class_of(limits, reading)
        if number is None:
            undecided.append(parameter)
        else:
            classes[parameter] = number
    worst = max(classes.values(), default=None)
    deciding = tuple(parameter for parameter, number in classes.items() if number == worst)
    return SeaClass(worst, deciding, classes, tuple(undecided))


def _class_of(limits: Sequence[Limit], reading: Reading) -> int | None:
    for number, limit in enumerate(limits, start=1):
        kept = limit.keeps(reading)
        if kept:
            return number
        if kept is None:
            return None
    return WORSE_THAN_FOUR


def judge(parameter: str, reading: Reading, water: str = "sea") -> Judgement:
    """Return the single-item verdict of GB 11607-89 on one reading; ``water`` is ``sea`` or ``fresh``.

    One reading of dissolved oxygen can break the floor of 3 mg/L but cannot show that 5 mg/L was kept for 16 hours of a day.
    """
    limit = fishery_limits().get((parameter, water)) or fishery_limits().get((parameter, "any"))
    if limit is None:
        return Judgement(Verdict.NO_LIMIT, "GB 11607-89 未规定限值")
    if limit.relation == "rule":
        return _judge_oxygen(reading)
    kept = limit.keeps(reading)
    if kept is None:
        return Judgement(Verdict.UNDECIDED, f"检出限 {reading.value} 高于限值 {limit.high},不能判定")
    bound = f"{limit.low}~{limit.high}" if limit.low is not None else f"不超过 {limit.high}"
    if kept:
        return Judgement(Verdict.MET, f"符合限值 {bound}")
    return Judgement(Verdict.OVER, f"测值 {reading.value},限值 {bound},超标")


def _judge_oxygen(reading: Reading) -> Judgement:
    if (reading.detected and reading.value < OXYGEN_FLOOR) or (not reading.detected and reading.value <= OXYGEN_FLOOR):
        return Judgement(Verdict.OVER, f"溶解氧 {reading.value} mg/L 低于任何时候不得低于的 {OXYGEN_FLOOR} mg/L,超标")
    return Judgement(
        Verdict.UNDECIDED,
        f"符合任何时候不低于 {OXYGEN_FLOOR} mg/L;连续 24 小时中 {OXYGEN_HOURS} 小时以上大于 {OXYGEN_DAY} mg/L 不能单点判定",
    )


def judge_oxygen_day(hourly: Sequence[Decimal]) -> Judgement:
    """Return the verdict of GB 11607-89 on a day of dissolved oxygen: 24 hourly values in mg/L, in their order.

    "16 小时以上" is read as 16 hours or more (待核). Any other number of values gives no verdict.
    """
    if len(hourly) != 24:
        return Judgement(Verdict.UNDECIDED, f"需要连续 24 小时逐时数据,现有 {len(hourly)} 个,不能判定")
    if min(hourly) < OXYGEN_FLOOR:
        return Judgement(Verdict.OVER, f"最低 {min(hourly)} mg/L,低于 {OXYGEN_FLOOR} mg/L,超标")
    hours = sum(value > OXYGEN_DAY for value in hourly)
    if hours < OXYGEN_HOURS:
        return Judgement(Verdict.OVER, f"大于 {OXYGEN_DAY} mg/L 的只有 {hours} 小时,不足 {OXYGEN_HOURS} 小时,超标")
    return Judgement(Verdict.MET, f"大于 {OXYGEN_DAY} mg/L 的有 {hours} 小时,最低 {min(hourly)} mg/L,符合")
