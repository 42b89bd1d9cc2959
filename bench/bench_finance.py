"""2,000 financing needs × 300 loan products in one pass, conditions and limits; and one need with all its reasons.

    python bench/bench_finance.py

Everything is in a database of its own: needs (cases with their listings), profiles, products, each with limits and three to
five conditions over profile and need. The time is that of a first call in a fresh process: reading needs, products and profiles,
reading all rules, the pass, and the five best of each need. A share of pairs is asked of the evaluator one by one: the answers
must be the same.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
from importlib import import_module
from time import perf_counter
from typing import Any

from report import record as report

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
os.environ["YZT_HOME"] = tempfile.mkdtemp(prefix="yzt-bench-")
import_module("django").setup()
command = import_module("django.core.management").call_command
models = import_module("yizhantong.zones.finance.models")
matching = import_module("yizhantong.zones.finance.matching")
suits = import_module("yizhantong.zones.finance.matching.suits")
terms = import_module("yizhantong.zones.finance.matching.terms")
rules_room = import_module("yizhantong.kernel.items.matching.rules")
sample_load = import_module("yizhantong.kernel.ledger.sample_load")
Case = import_module("yizhantong.kernel.cases.models").Case
Item = import_module("yizhantong.kernel.items.models").Item
clock = import_module("yizhantong.kernel.divisions.clock")

NEEDS, PRODUCTS, PAIRS, LIMIT = 2_000, 300, 3_000, 2.0
WAN = 1_000_000
CONDITIONS = (
    ("成立年限 >= {}", (1, 2, 3, 5, 8)), ("年营业收入 >= {}", (1e6, 2e6, 3e6, 5e6, 1e7, 3e7, 8e7)),
    ("从业人员 >= {}", (3, 5, 10, 20, 50, 100)), ("纳税额 >= {}", (1e4, 5e4, 1e5, 5e5, 1e6)), ("研发占比 >= {}", (1, 2, 3, 5)),
    ("贷款余额 <= {}", (1e6, 3e6, 1e7, 5e7)), ("需求金额 <= 年营业收入 * {}", (0.2, 0.3, 0.5, 1)), ("发明专利数 >= {}", (1, 2, 5)),
    ('信用状态 = "正常"', ()), ('规模划型 in ("小型", "微型")', ()), ("首贷 or 期限月数 <= {}", (12, 24)),
    ('纳税信用等级 in ("A", "B", "M")', ()), ("高新技术企业 or 科技型中小企业", ()), ("营业收入增长率 >= {}", (-10, 0, 5, 10)),
)  # fmt: skip


def prepare() -> None:
    """Make the database: 2,000 needs of 1,200 enterprises, 300 products of 12 banks."""
    command("migrate", verbosity=0)
    city = sample_load.prepare(sample_load.sample_day())
    import_module("yizhantong.zones.finance.load").load()
    rng = random.Random(7)
    item = Item.objects.get(pk="finance.need")
    firms, banks = city.organisations("enterprise"), city.organisations("bank")
    now = clock.now()
    cases = Case.objects.bulk_create(
        Case(
            number=f"{place:019d}", item=item, version_id=item.current_id, zone="finance", title="需求", created_at=now,
            organisation=rng.choice(firms), division_id=firms[0].division_id, office_id=item.agency_id, office_since=now,
            state="accepted", submitted_at=now, accepted_at=now,
        )
        for place in range(NEEDS)
    )  # fmt: skip
    models.Listing.objects.bulk_create(_need(rng, case) for case in cases)
    models.Product.objects.bulk_create(_product(rng, place, rng.choice(banks)) for place in range(PRODUCTS))


def _need(rng: random.Random, case: Any) -> Any:
    return models.Listing(
        case=case, enterprise_id=case.organisation_id, wanted_fen=rng.randrange(10, 2_000, 10) * WAN, state="pool",
        term_months=rng.choice((6, 12, 24, 36, 60)), purpose=rng.choice(models.Need.Purpose.values),
        guarantee=rng.choice(models.Need.Guarantee.values), first_loan=rng.random() < 0.3,
        rate_bp=rng.choice((None, 420, 450, 500, 600)),
    )  # fmt: skip


def _product(rng: random.Random, place: int, bank: Any) -> Any:
    chosen = rng.sample(CONDITIONS, rng.randint(3, 5))
    made = [text.format(rng.choice(bounds) if bounds else "") for text, bounds in chosen]
    low = rng.randrange(-20, 150, 5)
    return models.Product(
        code=f"P{place:04d}", bank=bank, name=f"产品{place}", min_fen=rng.choice((5, 10, 50, 100)) * WAN,
        max_fen=rng.choice((200, 500, 1000, 3000)) * WAN, min_months=3, max_months=rng.choice((12, 24, 36, 60)), low_bp=low,
        high_bp=low + 90, guarantees=rng.sample(models.Need.Guarantee.values, 3), state="published", written_at=clock.now(),
        purposes=rng.sample(models.Need.Purpose.values, 3), contact="演示", phone="0", materials=["营业执照"] * rng.randint(1, 6),
        conditions=[{"code": f"c{n}", "text": f"条件{n}", "rule": rule} for n, rule in enumerate(made)],
    )  # fmt: skip


def whole(day: dt.date) -> tuple[float, Any]:
    """Match all with all from the database, rules read anew, and take the five best of each need; return the seconds."""
    rules_room._explainers.cache_clear()
    start = perf_counter()
    listings = list(models.Listing.objects.select_related("case").order_by("pk"))
    found = matching.match_all(listings, suits.published(day), today=day)
    best = [list(found.best(place)) for place in range(len(listings))]
    assert len(best) == NEEDS
    return perf_counter() - start, found


def compare(found: Any, day: dt.date) -> int:
    """Ask a share of pairs one by one; return how many differ."""
    rng = random.Random(3)
    wrong = 0
    places = {product.code: place for place, product in enumerate(found.products)}
    for need in rng.sample(range(NEEDS), PAIRS // PRODUCTS):
        for suit in matching.suits(found.listings[need], products=found.products, today=day):
            wrong += suit.state != found.state(need, places[suit.product.code])
            wrong += suit.points.total != int(found.points[need, places[suit.product.code]])
    return wrong


def one(day: dt.date) -> float:
    """Return the median seconds of one need with all products and reasons."""
    listings = list(models.Listing.objects.select_related("enterprise")[:15])
    times = []
    for listing in listings:
        start = perf_counter()
        assert all(suit.reasons for suit in matching.suits(listing, today=day))
        times.append(perf_counter() - start)
    return sorted(times)[len(times) // 2]


def main() -> None:
    """Measure and write the table; an answer that differs or a time over the limit ends with an error."""
    prepare()
    day = clock.today()
    cold, found = whole(day)
    warm = min(whole(day)[0] for _ in range(3))
    wrong = compare(found, day)
    counts = found.counts()
    rows = [
        ["what", "seconds", "limit"],
        [f"{NEEDS:,} needs × {PRODUCTS} products from the database, first call", f"{cold:.2f}", f"{LIMIT}"],
        ["the same, rules read anew, best of 3", f"{warm:.2f}", f"{LIMIT}"],
        [f"one need, {PRODUCTS} products, all reasons (median)", f"{one(day):.3f}", ""],
        [
            "pairs: match / near / unknown / no",
            " / ".join(str(counts[s]) for s in ("match", "near", "unknown", "no")),
            "",
        ],
        [f"{PAIRS:,} pairs asked one by one, different", str(wrong), "0"],
    ]
    report("Needs and loan products", rows, "python bench/bench_finance.py")
    if wrong or cold > LIMIT:
        raise SystemExit("limit missed or answers differ")


if __name__ == "__main__":
    main()
