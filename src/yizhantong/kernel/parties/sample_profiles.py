"""Invented profiles of the sample city's enterprises (演示数据): plausible by trade, alike for the same seed, some values not known.

People follow a log-normal law, revenue and assets follow people by the trade's habit; what a small firm rarely reports (R&D,
patents, exports) is often missing, as in real registers.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yizhantong.foundation.codes import industries
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.profile import computed_size

WAN = 1_000_000
"""One 万元 in 分."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How firms of an industry are: median of people, revenue a head and assets per revenue (万元), R&D share, exporters."""

    people: float
    spread: float
    revenue: float
    assets: float
    research: float
    exporters: float


_HABITS = {
    "A": Habit(16, 1.0, 28, 1.1, 0.004, 0.05), "C": Habit(70, 1.35, 75, 1.2, 0.028, 0.25), "F": Habit(12, 1.1, 260, 0.4, 0.0, 0.1),
    "G": Habit(40, 1.2, 45, 0.9, 0.002, 0.02), "I": Habit(28, 1.1, 42, 0.9, 0.09, 0.06), "L": Habit(18, 1.0, 38, 0.8, 0.003, 0.01),
    "N": Habit(25, 1.0, 36, 1.1, 0.015, 0.01),
}  # fmt: skip
_USUAL = Habit(20, 1.1, 40, 1.0, 0.005, 0.02)
_UNKNOWN = {
    "employees": 0.04, "insured_employees": 0.12, "revenue_fen": 0.08, "revenue_before_fen": 0.1, "assets_fen": 0.1,
    "rd_fen": 0.3, "equipment_fen": 0.35, "export_fen": 0.2, "tax_paid_fen": 0.05, "loans_fen": 0.3,
    "invention_patents": 0.15, "tax_credit": 0.1, "cloud_stars": 0.4, "safety_accident": 0.05,
    "environmental_penalty": 0.08, "registered_capital_fen": 0.01, "above_scale": 0.05, "high_tech_until": 0.04,
    "technology_sme_until": 0.05, "specialised": 0.06, "credit": 0.03,
}  # fmt: skip
"""How often a column is not known."""
_SOURCES = {
    "revenue_fen": "税务局年度汇算", "revenue_before_fen": "税务局年度汇算", "tax_paid_fen": "税务局年度汇算", "assets_fen": "税务局年度汇算",
    "rd_fen": "税务局加计扣除", "insured_employees": "社会保险登记", "employees": "企业年报", "tax_credit": "税务局信用评价",
    "registered_capital_fen": "市场主体登记", "status": "市场主体登记", "legal_form": "市场主体登记", "invention_patents": "知识产权局",
    "high_tech_until": "高新技术企业认定名单", "technology_sme_until": "科技型中小企业库", "specialised": "工业和信息化局名单",
    "credit": "信用信息共享平台", "safety_accident": "应急管理局", "environmental_penalty": "生态环境局", "export_fen": "海关统计",
    "loans_fen": "金融综合服务平台", "equipment_fen": "投资项目统计", "cloud_stars": "企业上云统计", "above_scale": "统计局名录",
}  # fmt: skip


def profiles(rng: random.Random, enterprises: Iterable[Organisation], day: dt.date) -> list[EnterpriseProfile]:
    """Return a profile for each enterprise, as it is known on ``day``."""
    return [_profile(rng, organisation, day) for organisation in enterprises]


def _profile(rng: random.Random, organisation: Organisation, day: dt.date) -> EnterpriseProfile:
    industry = industries.validate(organisation.industry_id) if organisation.industry_id else None
    made = EnterpriseProfile(
        organisation=organisation, industry=industry, established_on=organisation.established_on,
        unit_id=tree.unit_of(organisation.division_id), updated_at=dt.datetime.combine(day, dt.time(1), dt.UTC),
    )  # fmt: skip
    habit = _HABITS.get((industry or "S")[0], _USUAL)
    for column, value in _values(rng, habit, organisation, day).items():
        if rng.random() < _UNKNOWN.get(column, 0):
            continue
        setattr(made, column, value)
        as_of = (
            dt.date(day.year, 5, 31) if column in ("revenue_fen", "assets_fen", "tax_paid_fen") else day.replace(day=1)
        )
        made.sources[column] = {
            "source": _SOURCES[column] + "(演示)",
            "as_of": as_of.isoformat(),
            "confidence": "register",
        }
    made.size = computed_size(made)
    made.sources["size"] = {"source": "工信部联企业〔2011〕300号", "as_of": day.isoformat(), "confidence": "derived"}
    return made


def _values(rng: random.Random, habit: Habit, organisation: Organisation, day: dt.date) -> dict[str, Any]:
    people = max(1, min(9000, round(habit.people * math.exp(rng.gauss(0, habit.spread)))))
    revenue = max(1, round(people * habit.revenue * math.exp(rng.gauss(0, 0.55)) * WAN))
    age = day.year - (organisation.established_on or day).year
    values: dict[str, Any] = {
        "legal_form": rng.choice(("有限责任公司",) * 8 + ("股份有限公司", "个人独资企业")),
        "status": rng.choice(("active",) * 46 + ("revoked", "moved", "cancelled", "active")),
        "employees": people,
        "insured_employees": round(people * rng.uniform(0.6, 1)),
        "registered_capital_fen": rng.choice((50, 100, 200, 500, 1000, 2000, 5000, 10000)) * WAN,
        "revenue_fen": revenue,
        "revenue_before_fen": max(0, round(revenue / math.exp(rng.gauss(0.06, 0.18)))),
        "assets_fen": round(revenue * habit.assets * math.exp(rng.gauss(0, 0.5))),
        "tax_paid_fen": round(revenue * rng.uniform(0.005, 0.06)),
        "loans_fen": round(revenue * rng.choice((0, 0, 0.1, 0.2, 0.35, 0.5))),
        "export_fen": round(revenue * rng.uniform(0.02, 0.6)) if rng.random() < habit.exporters else 0,
        "equipment_fen": round(revenue * rng.choice((0, 0.01, 0.03, 0.08, 0.2))),
        "above_scale": revenue >= 2000 * WAN,
        "tax_credit": rng.choice("AAABBBBBBBMMCD"),
        "credit": "normal" if rng.random() < 0.97 else rng.choice(("dishonest", "serious")),
        "cloud_stars": rng.choice((0, 0, 0, 1, 2, 3, 3, 4, 5)),
        "safety_accident": rng.random() < 0.02,
        "environmental_penalty": rng.random() < 0.03,
    }
    return values | _technology(rng, habit, values, age, day)


def _technology(rng: random.Random, habit: Habit, values: dict[str, Any], age: int, day: dt.date) -> dict[str, Any]:
    share = max(0.0, habit.research * math.exp(rng.gauss(0, 0.7))) if rng.random() < 0.7 else 0.0
    inventive = share > 0.03 and age >= 1
    high_tech = inventive and rng.random() < 0.55
    small = values["revenue_fen"] <= 20000 * WAN and values["employees"] <= 500
    until = day + dt.timedelta(days=rng.randrange(-200, 1000))
    level = (
        "nation" if high_tech and rng.random() < 0.06 else "province" if inventive and rng.random() < 0.2 else "none"
    )
    return {
        "rd_fen": round(values["revenue_fen"] * share),
        "invention_patents": rng.randrange(1, 30) if inventive else rng.choice((0, 0, 0, 1)),
        "high_tech_until": until if high_tech else None,
        "technology_sme_until": dt.date(day.year + 1, 3, 31) if inventive and small and rng.random() < 0.6 else None,
        "specialised": level,
    }
