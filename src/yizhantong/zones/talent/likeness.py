"""How well a candidate and a post fit, with reasons, both ways alike. Pure.

>>> fit(Wanted("数控操作工", "college", ("数控编程",), 500_000, 800_000, "210702"), Given("数控操作工", "bachelor", ("数控编程",), 600_000, (), 3)).score
100
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EDUCATION = {name: rank for rank, name in enumerate(("any", "college", "bachelor", "master", "doctor"))}
WEIGHTS = {"occupation": 30, "skills": 30, "education": 20, "pay": 15, "place": 5}
LABELS = {"occupation": "职业", "skills": "技能", "education": "学历", "pay": "薪酬", "place": "工作地"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a post asks: pay a month in 分, from and to; ``place`` is the division of work."""

    occupation: str
    education: str
    skills: tuple[str, ...]
    pay_fen: int
    pay_to_fen: int
    place: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a candidate brings and wants; no ``places`` means any."""

    occupation: str
    education: str
    skills: tuple[str, ...]
    pay_fen: int
    places: tuple[str, ...]
    years: int


@dataclass(frozen=True, slots=True)
class Fit:
    """``score`` 0 to 100; ``reasons``: ``{"code", "label", "points", "most", "text"}``. ``barred``: the education asked for is not there."""

    score: int
    reasons: tuple[dict[str, Any], ...]
    barred: bool


def fit(post: Wanted, candidate: Given) -> Fit:
    """Return how well they fit."""
    parts = {
        "occupation": _occupation(post, candidate), "skills": _skills(post, candidate), "education": _education(post, candidate),
        "pay": _pay(post, candidate), "place": _place(post, candidate),
    }  # fmt: skip
    reasons = tuple(
        {
            "code": code,
            "label": LABELS[code],
            "points": round(WEIGHTS[code] * share),
            "most": WEIGHTS[code],
            "text": text,
        }
        for code, (share, text) in parts.items()
    )
    return Fit(
        sum(round(WEIGHTS[code] * share) for code, (share, _text) in parts.items()), reasons, parts["education"][0] == 0
    )


def _occupation(post: Wanted, candidate: Given) -> tuple[float, str]:
    one, other = post.occupation, candidate.occupation
    if one and one == other:
        return 1, f"职业一致:{one}"
    shared = set(one) & set(other)
    share = len(shared) / max(len(set(one) | set(other)), 1)
    return (share if share >= 0.4 else 0), (
        f"职业相近:{other or '未填'}" if share >= 0.4 else f"职业不同:{other or '未填'}"
    )


def _skills(post: Wanted, candidate: Given) -> tuple[float, str]:
    if not post.skills:
        return 1, "岗位没有指定技能"
    has = [skill for skill in post.skills if skill in candidate.skills]
    lacking = [skill for skill in post.skills if skill not in candidate.skills]
    text = f"具备 {len(has)}/{len(post.skills)} 项" + (f",缺:{'、'.join(lacking)}" if lacking else "")
    return len(has) / len(post.skills), text


def _education(post: Wanted, candidate: Given) -> tuple[float, str]:
    enough = EDUCATION[candidate.education] >= EDUCATION[post.education]
    return (1, "学历符合") if enough else (0, "学历低于要求")


def _pay(post: Wanted, candidate: Given) -> tuple[float, str]:
    if candidate.pay_fen <= post.pay_to_fen:
        return 1, "期望薪酬在范围内"
    over = (candidate.pay_fen - post.pay_to_fen) / max(post.pay_to_fen, 1)
    return max(0.0, 1 - 2 * over), f"期望薪酬高出 {over:.0%}"


def _place(post: Wanted, candidate: Given) -> tuple[float, str]:
    near = not candidate.places or any(post.place.startswith(place.rstrip("0")) for place in candidate.places)
    return (1, "工作地合适") if near else (0, "工作地不在意向内")
