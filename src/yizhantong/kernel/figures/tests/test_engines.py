"""Both engines give the same answers to every question, whatever the facts, sealed or not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.figures import engine, queries
from yizhantong.kernel.figures.tests import sealing
from yizhantong.kernel.figures.tests.trial import FIGURES, TODAY, Deal, take_back, write

pytestmark = pytest.mark.django_db

DAYS = st.sampled_from([
    dt.date(2018, 8, 16), dt.date(2018, 8, 17), dt.date(2020, 12, 31), dt.date(2021, 1, 1), dt.date(2021, 3, 11),
    dt.date(2021, 3, 12), dt.date(2021, 6, 30), dt.date(2021, 7, 1), dt.date(2021, 8, 15), TODAY,
])  # fmt: skip
MOMENTS = st.builds(
    lambda day, hour, micro: dt.datetime.combine(day, dt.time(hour, microsecond=micro), dt.UTC),
    DAYS, st.sampled_from([0, 15, 16]), st.sampled_from([0, 1]),
)  # fmt: skip
FACTS = st.lists(
    st.fixed_dictionaries({
        "division_id": st.sampled_from(["2107", "210702", "210703", "210711100", "210702009", "210702009001"]),
        "occurred_on": DAYS,
        "recorded_at": MOMENTS,
        "project": st.sampled_from(["P1", "P2", "P'3", "100%"]),
        "amount_fen": st.none() | st.integers(-(10**16), 10**16),
        "share": st.none() | st.decimals(-999, 999, places=3),
        "chapter": st.sampled_from([None, "old", "new"]),
        "foreign": st.sampled_from([None, True, False]),
        "signed_on": st.none() | DAYS,
        "met_at": st.none() | MOMENTS,
        "unit_id": st.sampled_from([None, "210702", "2107A1"]),
    }),
    max_size=14,
)  # fmt: skip


def ask(as_of: dt.date, division: str | None, by: str, level: str, field: str, which: str) -> dict[str, Any]:
    chosen: Any = {"as_of": as_of, "division": division, "engine": which}
    found: dict[str, Any] = {code: item.raw for code, item in queries.values("all", **chosen).items()}
    for item in FIGURES:
        if item.date != "met_at":
            found[f"{item.code} {by}"] = queries.series(item.code, by, **chosen)  # type: ignore[arg-type]
        parts = queries.by_division(item.code, level, **chosen)  # type: ignore[arg-type]
        found[f"{item.code} {level}"] = {part.key: part.raw for part in parts}
        if field in queries.dimensions_of(item):
            parts = queries.by_dimension(item.code, field, **chosen)
            found[f"{item.code} {field}"] = {(part.key, part.label): part.raw for part in parts}
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    facts=FACTS,
    reversed_ones=st.sets(st.integers(0, 13)),
    sealed=st.lists(st.integers(0, 20), max_size=2),
    as_of=DAYS,
    division=st.sampled_from([None, "210702", "2107A1"]),
    by=st.sampled_from(["day", "week", "month"]),
    level=st.sampled_from(["unit", "county", "township", "village"]),
    field=st.sampled_from(["篇章", "外资", "管理单位"]),
)
def test_files_and_database_agree(
    deals: None, tmp_path: Path, facts: list[dict[str, Any]], reversed_ones: set[int], sealed: list[int], as_of: dt.date,
    division: str | None, by: str, level: str, field: str,
) -> None:  # fmt: skip
    with transaction.atomic():
        written = [write(**values) for values in facts]
        for position in sorted(reversed_ones):
            if position < len(written):
                take_back(written[position])
        bounds = sorted(Deal.objects.values_list("id", flat=True))
        for share in sorted(sealed):
            if bounds:
                sealing.seal_to(bounds[min(share, len(bounds) - 1)], tmp_path)
        engine.forget()
        from_files = ask(as_of, division, by, level, field, "files")
        from_database = ask(as_of, division, by, level, field, "database")
        transaction.set_rollback(True)
    assert from_files == from_database


def counted(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The same figures by a few lines of plain Python, as of ``TODAY``."""

    def day(moment: dt.datetime) -> dt.date:
        return (moment + dt.timedelta(hours=8)).date()

    known = [f for f in facts if day(f["recorded_at"]) <= TODAY]
    year = [f for f in known if dt.date(2021, 1, 1) <= f["occurred_on"] <= TODAY]
    return {
        "trial.count": len(known),
        "trial.year": len(year),
        "trial.half": sum(f["foreign"] is True and f["occurred_on"] <= dt.date(2021, 6, 30) for f in year),
        "trial.last": sum(f["foreign"] is not True and f["occurred_on"].year == 2020 for f in known),
        "trial.three": sum(
            (f["chapter"] is not None or f["amount_fen"] is None) and f["occurred_on"] > dt.date(2018, 8, 16)
            for f in known
        ),
        "trial.campaign": sum(f["occurred_on"] >= dt.date(2021, 3, 12) for f in known),
        "trial.signed": sum(f["signed_on"] is not None and f["signed_on"].year == 2021 for f in known),
        "trial.met": sum(f["met_at"] is not None and day(f["met_at"]).year == 2021 for f in known
                         if f["met_at"] is None or day(f["met_at"]) <= TODAY),
        "trial.amount": sum(f["amount_fen"] or 0 for f in year),
        "trial.large": sum(f["amount_fen"] for f in known if (f["amount_fen"] or 0) >= 10**10),
        "trial.shares": Fraction(sum((f["share"] or Decimal(0)) for f in known)),
        "trial.projects": len({f["project"] for f in known}),
        "trial.places": len({f["division_id"] for f in year}),
    }  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=FACTS, share=st.integers(0, 14), kept=st.sampled_from([0, 2, 20_000]))
def test_values_are_those_that_plain_counting_gives(
    deals: None, tmp_path: Path, facts: list[dict[str, Any]], share: int, kept: int
) -> None:
    with transaction.atomic():
        written = [write(**values) for values in facts]
        if written:
            sealing.seal_to(written[min(share, len(written) - 1)].pk, tmp_path)
        engine.forget()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "KEPT_VALUES", kept)
            found = {code: item.raw for code, item in queries.values("all").items()}
        transaction.set_rollback(True)
    expected = counted(facts)
    assert {code: found[code] for code in expected} == expected


@pytest.mark.parametrize("which", ["files", "database"])
def test_parts_add_up_to_the_whole(deals: None, tmp_path: Path, which: Any) -> None:
    for number in range(40):
        write(
            division_id=["2107", "210702", "210711100", "210702009001"][number % 4], project=f"P{number % 7}",
            occurred_on=dt.date(2021, 1 + number % 8, 1 + number % 16), amount_fen=number * 10**9,
            chapter=[None, "old", "new"][number % 3],
        )  # fmt: skip
    sealing.seal_to(Deal.objects.order_by("id")[25].pk, tmp_path)
    for code in ("trial.count", "trial.year", "trial.amount", "trial.large"):
        whole = queries.value(code, engine=which).raw
        assert whole
        for level in ("unit", "county", "township", "village"):
            assert sum(part.raw or 0 for part in queries.by_division(code, level, engine=which)) == whole
        assert sum(part.raw or 0 for part in queries.by_dimension(code, "篇章", engine=which)) == whole
        points = queries.series(code, "week", engine=which)
        assert sum(point.raw or 0 for point in points) == points[-1].total_raw == whole
    assert queries.series("trial.projects", "month", engine=which)[-1].total_raw == 7
