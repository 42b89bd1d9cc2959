"""Invented organisations and names of people for the sample city; all of them are marked 演示数据.

Codes have valid check digits (GB 32100-2015); names are put together from common words, and end in 演示 so that nobody
takes one for a real firm.
"""

from __future__ import annotations

import datetime as dt
import random

from yizhantong.kernel.divisions import city, tree
from yizhantong.kernel.parties.models import Organisation

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WORDS = "恒远 瑞祥 启明 宏图 佳禾 天泽 盛景 华胜 凌云 北辰 锦绣 海润 金桥 远航 新元 鼎立 汇通 联创 永固 众合".split()
TRADES = (
    ("光伏材料", "3825"), ("汽车零部件", "3670"), ("精细化工", "2669"), ("铁合金", "3140"), ("半导体材料", "3985"),
    ("食品加工", "1392"), ("生物医药", "2761"), ("装备制造", "3489"), ("软件技术", "6513"), ("水产养殖", "0411"),
    ("物流", "5810"), ("农业科技", "0519"), ("新材料", "3089"), ("商贸", "5199"), ("旅游", "7291"), ("环保工程", "7722"),
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国志文"


def person_name(rng: random.Random) -> str:
    """Return an invented Chinese name."""
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def make_uscc(rng: random.Random, registry: str, division: str) -> str:
    """Return a valid code: ``registry`` is its first two characters, ``division`` six digits (GB 32100-2015, 5.2)."""
    body = "MA" + "".join(rng.choice(ALPHABET) for _ in range(6))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 11
    stem = registry + division + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(stem))
    return stem + ALPHABET[(31 - total % 31) % 31]


def organisations(rng: random.Random, enterprises: int) -> list[Organisation]:
    """Return invented organisations: as many enterprises as asked for, 12 banks, 3 insurers and 6 institutes."""
    short = city.settings_of()["short_name"]
    townships = [b for b in tree.branches().values() if b.level == "township"]
    made: dict[str, Organisation] = {}

    def add(name: str, kind: str, registry: str, industry: str | None) -> None:
        place = rng.choice(townships)
        uscc = make_uscc(rng, registry, place.code[:6])
        made[uscc] = Organisation(
            uscc=uscc, name=f"{name}(演示)", kind=kind, division_id=place.code, industry_id=industry, demonstration=True,
            established_on=dt.date(1998, 1, 1) + dt.timedelta(days=rng.randrange(8000)),
        )  # fmt: skip

    for number in range(enterprises):
        trade, industry = TRADES[number % len(TRADES)]
        add(
            f"{short}{WORDS[number // len(TRADES) % len(WORDS)]}{trade}{number:04d}号有限公司",
            "enterprise",
            "91",
            industry,
        )
    for number in range(12):
        add(f"{short}第{number + 1}示例银行", "bank", "91", "6621")
    for number in range(3):
        add(f"{short}第{number + 1}示例财产保险公司", "insurer", "91", "6820")
    for number in range(6):
        add(f"{short}第{number + 1}示例研究院", "institute", "12", "7320")
    return list(made.values())
