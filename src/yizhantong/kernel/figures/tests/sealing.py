"""Segments for the figures' tests, written without the ledgers' sealing (which reads committed rows only)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from yizhantong.kernel.figures import sources
from yizhantong.kernel.figures.tests.trial import DEALS, Deal
from yizhantong.kernel.ledger.models import Segment


def seal_to(last: int, folder: Path) -> None:
    """Write the facts after the last segment up to ``last`` as the next segment; nothing when there are none."""
    before = Segment.objects.filter(ledger=DEALS.code).order_by("-number").first()
    after = before.last_id if before else 0
    if last <= after:
        return
    names = [field.attname for field in Deal._meta.concrete_fields]
    rows = list(Deal.objects.filter(id__gt=after, id__lte=last).order_by("id").values_list(*names))
    arrays = [pa.array([row[i] for row in rows], type=sources.arrow_type(DEALS, name)) for i, name in enumerate(names)]
    digest = hashlib.sha256(repr(rows).encode() + (before.seal.encode() if before else b"")).hexdigest()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), folder / f"{digest}.parquet")
    Segment.objects.create(
        ledger=DEALS.code, number=before.number + 1 if before else 1, after_id=after, last_id=last, count=len(rows),
        root=digest, previous=before.seal if before else "", seal=digest, file=f"{digest}.parquet", sha256=digest,
        schema=[[name, "text", 0] for name in names], sealed_at=timezone.now(), software="test",
        **{name: value for name, value in (("tree_size", 0), ("tree_root", ""), ("state", []), ("head", ""))
           if name in {field.name for field in Segment._meta.concrete_fields}},
    )  # fmt: skip
